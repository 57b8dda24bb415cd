import type { Rule } from '../../types.ts';

/** What may follow a password in a connection string of ADO, ODBC or .NET. */
const NEXT_KEY =
  '(?:Initial Catalog|Data Source|Database|Server|User ID|Uid|Provider|Driver|Persist Security Info|Integrated Security|Trusted_Connection|Encrypt|TrustServerCertificate|MultipleActiveResultSets|Connect(?:ion)? Timeout|Port|Pooling|M(?:in|ax) Pool Size|SslMode|Charset|Application Name)';

/** Passwords and keys whose place in the file of one program says what they are. */
export const filesRules: readonly Rule[] = [
  {
    id: 'ado-connection-string',
    provider: 'Database',
    description: 'password in a connection string',
    keywords: ['password', 'pwd'],
    severity: 'high',
    confidence: 'likely',
    entropy: 1.8,
    pattern: new RegExp(
      `(?<![A-Za-z])(?:Password|Pwd)[ \\t]{0,4}=[ \\t]{0,4}(?<secret>[^\\s;"'\`<>{}$%()\\\\]{4,128});[ \\t]{0,4}(?:["'][\\s+&]{1,16}["'])?${NEXT_KEY}[ \\t]{0,4}=`,
      'i',
    ),
    examples: {
      secret: [
        'Data Source=sql1;User ID=app;Password={{alnum:12}};Encrypt=True',
        '"Provider=SQLOLEDB.1;" & "Password ={{alnum:12}};Initial Catalog=Shop"',
      ],
      harmless: [
        'Data Source=sql1;User ID=app;Password=$PASSWORD;Encrypt=True',
        'Data Source=sql1;User ID=app;Password={password};Encrypt=True',
        'password = first;second = third',
      ],
    },
  },
  {
    id: 'cisco-type-7-password',
    provider: 'Cisco',
    description: 'Cisco password of type 7, which anybody can read',
    keywords: ['password 7 ', 'key 7 ', 'secret 7 '],
    severity: 'high',
    confidence: 'certain',
    pattern: /(?:password|key|secret) 7 (?<secret>(?:0\d|1[0-5])[0-9A-F]{6,80})(?![\w-])/i,
    examples: {
      secret: [
        'username admin privilege 15 password 7 0{{digit:1}}{{HEX:18}}',
        ' tacacs-server key 7 0{{digit:1}}{{HEX:16}}',
      ],
      harmless: ['username admin password 7 <removed>', 'the password 7 of 12 that were tried'],
    },
  },
  {
    id: 'filezilla-password',
    provider: 'FileZilla',
    description: 'password of a site in FileZilla',
    keywords: ['<pass encoding="base64">'],
    severity: 'high',
    confidence: 'certain',
    entropy: 1.5,
    pattern: /<Pass encoding="base64">(?<secret>[A-Za-z0-9+/]{4,400}={0,2})<\/Pass>/,
    examples: {
      secret: ['<User>app</User><Pass encoding="base64">{{b64({{alnum:12}})}}</Pass>'],
      harmless: ['<User>app</User><Pass encoding="base64"></Pass>', '<Pass encoding="base64">********</Pass>'],
    },
  },
  {
    id: 'jdbc-oracle-connection-string',
    provider: 'Oracle',
    description: 'password in the address of an Oracle database',
    keywords: ['jdbc:oracle:'],
    severity: 'critical',
    confidence: 'likely',
    entropy: 1.8,
    pattern: /jdbc:oracle:(?:thin|oci8?):[\w$#]{1,64}\/(?<secret>[^\s/@"'`<>{}$()]{4,128})@/i,
    examples: {
      secret: ['url=jdbc:oracle:thin:scott/{{alnum:12}}@//db.acme.test:1521/shop'],
      harmless: [
        'url=jdbc:oracle:thin:@//db.acme.test:1521/shop',
        'url=jdbc:oracle:thin:scott/<password>@db:1521:shop',
      ],
    },
  },
  {
    id: 'mnemonic-phrase',
    provider: 'Wallet',
    description: 'recovery phrase of a wallet',
    keywords: [
      'mnemonic',
      'seed_phrase',
      'seedphrase',
      'seed phrase',
      'recovery_phrase',
      'recoveryphrase',
      'recovery phrase',
    ],
    severity: 'critical',
    confidence: 'certain',
    entropy: 3.2,
    pattern:
      /(?:mnemonic|(?:seed|recovery)[_ ]?phrase)\w{0,16}["'`\]]{0,2}\s{0,4}(?:[:=(,]|:=|=>)\s{0,4}["'`]?(?<secret>[a-z]{3,8}(?: [a-z]{3,8}){11}(?:(?: [a-z]{3,8}){3}){0,4})(?=["'`]|\s*$)/im,
    examples: {
      secret: [
        'MNEMONIC="{{lower:5}} {{lower:4}} {{lower:6}} {{lower:5}} {{lower:3}} {{lower:7}} {{lower:5}} {{lower:4}} {{lower:8}} {{lower:5}} {{lower:6}} {{lower:4}}"',
        'seedPhrase: {{lower:5}} {{lower:4}} {{lower:6}} {{lower:5}} {{lower:3}} {{lower:7}} {{lower:5}} {{lower:4}} {{lower:8}} {{lower:5}} {{lower:6}} {{lower:4}}',
      ],
      harmless: [
        'MNEMONIC="the words of your wallet"',
        'MNEMONIC=$MNEMONIC',
        'mnemonic: "a sentence of more than twelve words, which is the help of an option, ends like this."',
      ],
    },
  },
  {
    id: 'mysql-command-line-password',
    provider: 'MySQL',
    description: 'password on the command line of MySQL',
    keywords: ['mysql', 'mariadb'],
    severity: 'high',
    confidence: 'likely',
    entropy: 2.5,
    pattern:
      /(?<![\w.-])(?:mysql|mysqldump|mysqladmin|mysqlimport|mariadb|mariadb-dump)(?:\.exe)?[ \t](?:[^\n|;&]{0,160}[ \t])?(?:-u ?["']?[\w.@-]{1,40}["']?[ \t]|--user[ =]\S{1,40}[ \t])(?:[^\n|;&]{0,120}[ \t])?-p['"]?(?<secret>(?=[A-Za-z_!@#%^*.-]{0,64}\d)[^\s'"$<>`(){}\\|;&-][^\s'"$<>`(){}\\|;&]{5,64})(?=['"]?(?:\s|$))/,
    examples: {
      secret: ["mysql -u root -p'{{alnum:12}}7' shop", 'mysqldump -h db -u app -p{{alnum:12}}7 shop > dump.sql'],
      harmless: ['mysql -u root -p shop', 'mysql -u root -p$MYSQL_PASSWORD shop', 'mysql -u root -p "$DB"'],
    },
  },
  {
    id: 'postgres-password-file',
    provider: 'PostgreSQL',
    description: 'password in a .pgpass file',
    keywords: [':5432:', ':5433:', ':6432:', ':*:'],
    severity: 'high',
    confidence: 'certain',
    entropy: 1.8,
    path: /(?:^|\/)\.?pgpass(?:\.conf)?$/,
    pattern: /^[^\s:#]{1,200}:(?:\d{2,5}|\*):[^\s:]{1,64}:[^\s:]{1,64}:(?<secret>[^\s$<>{}]{3,128})$/m,
    examples: {
      secret: ['db.acme.test:5432:shop:app:{{alnum:14}}', '*:*:*:app:{{alnum:14}}'],
      harmless: ['db.acme.test:5432:shop:app:<password>', '# hostname:port:database:username:password'],
    },
  },
  {
    id: 'rails-master-key',
    provider: 'Rails',
    description: 'key that opens the credentials of a Rails application',
    keywords: [],
    severity: 'critical',
    confidence: 'certain',
    entropy: 2.8,
    path: /(?:^|\/)config\/(?:master|credentials\/[\w-]{1,40})\.key$/,
    pattern: /^(?<secret>[0-9a-f]{32})$/m,
    rotate: 'https://guides.rubyonrails.org/security.html#custom-credentials',
    examples: {
      secret: ['{{hex:32}}', '{{hex:32}}\n'],
      harmless: ['{{hex:40}}', `${'0'.repeat(32)}`],
    },
  },
  {
    id: 'windows-unattend-password',
    provider: 'Windows',
    description: 'password of an answer file for Windows Setup',
    keywords: ['<plaintext>'],
    severity: 'high',
    confidence: 'certain',
    entropy: 1.8,
    window: { before: 512, after: 128 },
    pattern:
      /<(?:AdministratorPassword|Password)>\s{0,32}<Value>(?<secret>[^<>\s]{4,256})<\/Value>\s{0,32}<PlainText>(?:true|false)</i,
    examples: {
      secret: ['<AutoLogon><Password><Value>{{alnum:12}}</Value><PlainText>true</PlainText></Password></AutoLogon>'],
      harmless: [
        '<Password><Value></Value><PlainText>true</PlainText></Password>',
        '<Password><Value>{{alnum:12}}</Value></Password>',
      ],
    },
  },
];
