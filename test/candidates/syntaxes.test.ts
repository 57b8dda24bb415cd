import { describe, expect, it } from 'vitest';
import { candidateOfValue, candidates, VALUE as V } from './found.ts';

/** What the table says of the candidate: name, syntax and rule. */
function said(text: string, value?: string) {
  const found = candidateOfValue(text, value);
  return found && [found.name, found.syntax, found.rules[0]!.id];
}

type Row = readonly [text: string, name: string, syntax: string, rule?: string];

const TABLES: Record<string, readonly Row[]> = {
  'program code': [
    [`const dbPassword = "${V}";`, 'dbPassword', 'assignment'],
    [`const dbPassword: string = '${V}';`, 'dbPassword', 'assignment'],
    [`const password: Promise<string> | null = "${V}";`, 'password', 'assignment'],
    [`password ??= "${V}"`, 'password', 'assignment'],
    [`password := \`${V}\``, 'password', 'assignment'],
    [`var password string = "${V}"`, 'password', 'call'],
    [`let password: &'static str = "${V}";`, 'password', 'assignment'],
    [`String password = "${V}";`, 'password', 'assignment'],
    [`private static final String PASSWORD="${V}";`, 'PASSWORD', 'assignment'],
    [`$password = '${V}';`, '$password', 'assignment'],
    [`'password' => '${V}',`, 'password', 'assignment'],
    [`:password => "${V}"`, 'password', 'assignment'],
    [`admin.password ||= "${V}"`, 'admin.password', 'assignment'],
    [`login(user: "ann", password: "${V}")`, 'password', 'yaml'],
    [`config["password"] = "${V}"`, 'password', 'assignment'],
    [`config['db']['password']='${V}'`, 'password', 'assignment'],
    [`password=b'${V}'`, 'password', 'assignment'],
    [`password = r"${V}"`, 'password', 'assignment'],
    [`NSString *password = @"${V}";`, 'password', 'assignment'],
    [`#define PASSWORD "${V}"`, 'PASSWORD', 'flag'],
    [`password <- "${V}"`, 'password', 'assignment'],
    [`setPassword("${V}")`, 'setPassword', 'call'],
    [`os.getenv("DB_PASSWORD", "${V}")`, 'DB_PASSWORD', 'call'],
    [`connect(host, password, "${V}")`, 'password', 'call'],
    [`if (password === "${V}")`, 'password', 'assignment'],
    [`passwords = ["${V}"]`, 'passwords', 'call'],
    [`password = ("${V}" +`, 'password', 'call'],
    [`$env:DB_PASSWORD = "${V}"`, 'DB_PASSWORD', 'assignment'],
    [`// password: ${V}`, 'password', 'yaml'],
    [`é😀 contraseña_password = '${V}'`, 'contraseña_password', 'assignment'],
  ],
  JSON: [
    [`{"password": "${V}"}`, 'password', 'json'],
    [`{"password":"${V}"}`, 'password', 'json'],
    [`{"password" : "${V}", "a": 1}`, 'password', 'json'],
    [`{"password":\n  "${V}"}`, 'password', 'json'],
    [`"{\\"password\\": \\"${V}\\"}"`, 'password', 'json'],
    [`{"name": "DB_PASSWORD", "value": "${V}"}`, 'DB_PASSWORD', 'call'],
    [`{\n  "name": "DB_PASSWORD",\n  "value": "${V}"\n}`, 'DB_PASSWORD', 'call'],
  ],
  YAML: [
    [`password: ${V}`, 'password', 'yaml'],
    [`password: "${V}"`, 'password', 'yaml'],
    [`"password": '${V}'`, 'password', 'json'],
    [`password: ${V} # note`, 'password', 'yaml'],
    [`password:\n  ${V}\n`, 'password', 'yaml'],
    [`password: >-\n  ${V}\n`, 'password', 'yaml'],
    [`password: |\n  ${V}\n`, 'password', 'yaml'],
    [`passwords:\n  - ${V}\n`, 'passwords', 'yaml'],
    [`- name: DB_PASSWORD\n  value: ${V}\n`, 'DB_PASSWORD', 'yaml'],
    [`- name: "DB_PASSWORD"\n  value: '${V}'\n`, 'DB_PASSWORD', 'yaml'],
    [`- name: DB_PASSWORD\r\n  value: ${V}\r\n`, 'DB_PASSWORD', 'yaml'],
    [`{user: app, password: ${V}}`, 'password', 'yaml'],
    [`stringData:\n  password: ${V}\n`, 'password', 'yaml'],
    [`environment:\n  - DB_PASSWORD=${V}\n`, 'DB_PASSWORD', 'assignment'],
  ],
  'TOML, ini, .env and properties': [
    [`password = "${V}"`, 'password', 'assignment'],
    [`password = '''${V}'''`, 'password', 'assignment'],
    [`db.password = "${V}"`, 'db.password', 'assignment'],
    [`[mail]\npassword=${V}\n`, 'password', 'assignment'],
    [`password = ${V} ; note`, 'password', 'assignment'],
    [`DB_PASSWORD=${V}`, 'DB_PASSWORD', 'assignment'],
    [`export DB_PASSWORD="${V}"`, 'DB_PASSWORD', 'assignment'],
    [`# DB_PASSWORD=${V}`, 'DB_PASSWORD', 'assignment'],
    [`spring.datasource.password=${V}`, 'spring.datasource.password', 'assignment'],
    [`db.password: ${V}`, 'db.password', 'yaml'],
    [`db.password ${V}`, 'db.password', 'flag'],
  ],
  XML: [
    [`<user password="${V}"/>`, 'password', 'assignment'],
    [`<user name="a" password='${V}'></user>`, 'password', 'assignment'],
    [`<password>${V}</password>`, 'password', 'xml'],
    [`<Password>\n  ${V}\n</Password>`, 'Password', 'xml'],
    [`<property name="password">${V}</property>`, 'password', 'xml'],
    [`<add name="main" connectionString="Server=db;Password=${V};" />`, 'Password', 'assignment'],
  ],
  'shell and command lines': [
    [`mysql --password=${V} shop`, '--password', 'assignment'],
    [`mysql --password ${V} shop`, '--password', 'flag'],
    [`mysql --password '${V}' shop`, '--password', 'flag'],
    [`app /password:${V}`, 'password', 'yaml'],
    [`sshpass -p '${V}' ssh host`, 'sshpass', 'call'],
    [`set PASSWORD=${V}`, 'PASSWORD', 'assignment'],
    [`setx DB_PASSWORD ${V}`, 'DB_PASSWORD', 'flag'],
    [`curl -u bob:${V} https://host/`, 'bob', 'url', 'command-line-credentials'],
    [`curl -u "bob:${V}" https://host/`, 'bob', 'url', 'command-line-credentials'],
    [`curl --user bob:${V} https://host/`, 'bob', 'url', 'command-line-credentials'],
    [`curl --user='bob:${V}' https://host/`, 'bob', 'url', 'command-line-credentials'],
    [`curl --user bob:'${V}' https://host/`, 'bob', 'url', 'command-line-credentials'],
    [`curl -u ${V}: https://host/`, 'user', 'url', 'command-line-credentials'],
    [`curl -u "${V}:" https://host/`, 'user', 'url', 'command-line-credentials'],
    [`machine host login bob password ${V}`, 'password', 'flag'],
    [`machine host\n  login bob\n  password ${V}\n`, 'password', 'flag'],
    [`ENV DB_PASSWORD=${V}`, 'DB_PASSWORD', 'assignment'],
    [`ENV DB_PASSWORD ${V}`, 'DB_PASSWORD', 'flag'],
    [`ARG DB_PASSWORD=${V}`, 'DB_PASSWORD', 'assignment'],
    [`RUN a && DB_PASSWORD=${V} make`, 'DB_PASSWORD', 'assignment'],
  ],
  'addresses and connection strings': [
    [`https://bob:${V}@host/x`, 'bob', 'url', 'url-credentials'],
    [`postgres://bob:${V}@host:5432/db`, 'bob', 'url', 'url-credentials'],
    [`redis://:${V}@host:6379`, '', 'url', 'url-credentials'],
    [`amqp://bob:${V}@[::1]/`, 'bob', 'url', 'url-credentials'],
    [`"mongodb+srv://bob:${V}@\${HOST}/"`, 'bob', 'url', 'url-credentials'],
    [`https://host/?password=${V}&x=1`, 'password', 'assignment'],
    [`https://host/?x=1&password=${V}`, 'password', 'assignment'],
    [`https://host/?password%3D${V}`, 'password', 'assignment'],
    [`jdbc:mysql://h/db?user=a&password=${V}&ssl=1`, 'password', 'assignment'],
    [`Server=db;User Id=app;Password=${V};Encrypt=yes`, 'Password', 'assignment'],
    [`"Server=db;Pwd=${V}"`, 'Pwd', 'assignment'],
    [`Host=localhost;Database=shop;Username=app;Password=${V};Pooling=true`, 'Password', 'assignment'],
    [`AccountName=shop;AccountSecret=${V};EndpointSuffix=core`, 'AccountSecret', 'assignment', 'generic-secret'],
  ],
  SQL: [
    [`CREATE USER bob IDENTIFIED BY '${V}'`, 'IDENTIFIED', 'assignment'],
    [`CREATE USER 'a'@'%' IDENTIFIED BY "${V}";`, 'IDENTIFIED', 'assignment'],
    [`identified by ${V};`, 'identified', 'assignment'],
    [`ALTER ROLE app WITH PASSWORD '${V}';`, 'PASSWORD', 'flag'],
    [`SET PASSWORD FOR 'bob'@'h' = PASSWORD('${V}')`, 'PASSWORD', 'call'],
  ],
  'Terraform and documents': [
    [`  password = "${V}"\n`, 'password', 'assignment'],
    [`| password | ${V} |`, 'password', 'assignment'],
    [`The password is ${V} today`, 'password', 'assignment'],
    [`password: ${V}, user: x`, 'password', 'yaml'],
  ],
};

describe.each(Object.entries(TABLES))('%s', (_what, rows) => {
  it.each(rows.map((row) => [row[0], row] as const))('%j', (_, [text, name, syntax, id = 'generic-password']) => {
    expect(said(text)).toEqual([name, syntax, id]);
    // The same at the end of a file, between other lines, and with the line ends of Windows.
    expect(said(`import x\n\n${text}\n\nend\n`)).toEqual([name, syntax, id]);
    expect(said(`a\r\n${text.replace(/\r?\n/g, '\r\n')}\r\nb`)).toEqual([name, syntax, id]);
  });
});

describe('the scheme in front of a credential', () => {
  it.each([
    [`Authorization: Bearer ${V}`, 'Authorization'],
    [`Authorization: Basic ${V}`, 'Authorization'],
    [`Authorization: token ${V}`, 'Authorization'],
    [`"Authorization": "Bearer ${V}"`, 'Authorization'],
    [`curl -H "Authorization: Bearer ${V}" https://host/`, 'Authorization'],
    [`curl -H 'Authorization: ApiKey ${V}'`, 'Authorization'],
    [`headers["Authorization"] = "Token ${V}"`, 'Authorization'],
    [`authorization = f"Bearer ${V}"`, 'authorization'],
    [`X-Auth-Token: ${V}`, 'X-Auth-Token'],
  ])('is no part of it: %j', (text, name) => {
    expect(candidateOfValue(text)?.name).toBe(name);
    expect(candidates(text).filter(({ value }) => value.includes(V))).toHaveLength(1);
  });
});

describe('a quoted value', () => {
  it.each([
    [String.raw`password = "a\"b${V}"`, String.raw`a\"b${V}`],
    [String.raw`password = "a\\"; x = "${V}"`, String.raw`a\\`],
    [`password = "it's ${V}"`, `it's ${V}`],
    [`password = """${V}"""`, V],
    ['password = `x y`', 'x y'],
    [`password = "${'a'.repeat(999)}"`, 'a'.repeat(999)],
  ])('%j', (text, value) => {
    expect(candidates(text).filter((c) => c.name === 'password' && c.value === value)).toHaveLength(1);
  });
});

describe('what has no value', () => {
  it.each([
    ['nothing behind the operator', 'password='],
    ['nothing but blanks', 'password:   \n'],
    ['an empty string', 'password = ""'],
    ['an empty string in single quotes', "{'password': ''}"],
    ['an empty triple-quoted string', 'password = """"""'],
    ['a string that is not closed', 'password = "abc def'],
    ['the next line is another name', 'password:\nuser: bob\n'],
    ['the next line is another assignment', 'password =\nuser = "x"\n'],
    ['the next line is another name without a value', 'SMTP_PASSWORD=\nSMTP_HOST=\nAPI_SECRET=\nwebhook_url=\n'],
    ['the end of an element', '<password></password>'],
    ['a word alone', 'password'],
    ['a word in prose', 'The password must be long enough.'],
    ['a function', 'function getPassword() {}'],
    ['text without a word of the extractor', 'color = "blue"'],
  ])('%s', (_, text) => {
    expect(candidates(text).map(({ value }) => value)).toEqual([]);
  });
});

describe('a user without a password', () => {
  it.each(['sudo -u postgres: x', 'curl -u "$API_KEY1:" x', 'docker run -u 1000:1000 x'])('is no key in %s', (text) =>
    expect(candidates(text).filter(({ name }) => name === 'user')).toEqual([]),
  );
});
