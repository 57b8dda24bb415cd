import { spawn, spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fillExample } from '../../src/rules/examples.ts';
import { packageFolder, secretLine, secretValue, sss } from './program.ts';
import { makeRepository, type TestRepository, temporaryDirectory } from './repository.ts';

const script = join(packageFolder, 'bin', 'smart-secrets-scanner.js');
const token = fillExample('ghp_{{alnum:36}}');
const password = fillExample('{{alnum:9}}#{{alnum:6}}!{{alnum:5}}');

const read = (repository: TestRepository, path: string) => readFileSync(join(repository.root, path), 'utf8');
const fix = (repository: TestRepository, ...args: string[]) => sss(['fix', ...args], { cwd: repository.root });

function withFiles(files: Record<string, string | Buffer>, { commit = true } = {}): TestRepository {
  const repository = makeRepository();
  for (const [path, content] of Object.entries(files)) {
    if (commit) repository.stage(path, content);
    else repository.write(path, content);
  }
  if (commit) repository.commit();
  return repository;
}

/** Whether a program is on this machine. */
const has = (program: string, ...args: string[]) => spawnSync(program, args, { stdio: 'ignore' }).error === undefined;

describe('sss fix', () => {
  it('writes nothing unless it is told to, and shows no value', () => {
    const repository = withFiles({ 'src/mailer.py': secretLine });
    for (const args of [[], ['--dry-run'], ['--dry-run', '--yes']]) {
      const { status, stdout, stderr } = fix(repository, ...args);
      expect(status).toBe(1);
      expect(stdout).toContain('-db_password = "********"\n+import os\n+\n+db_password = os.environ["DB_PASSWORD"]');
      expect(stderr).toContain('Nothing was written');
      expect(stdout + stderr).not.toContain(secretValue);
    }
    expect(read(repository, 'src/mailer.py')).toBe(secretLine);
    expect(repository.git('status', '--porcelain')).toBe('');
  });

  it('leaves nothing for a scan to find, and says what is left to do', () => {
    const repository = withFiles({
      'src/mailer.py': secretLine,
      'src/client.js': `const client = connect({ token: '${token}' });\n`,
      'deploy.sh': `#!/bin/bash\nexport SMTP_PASSWORD='${password}'\n`,
    });
    const sha = repository.git('rev-parse', '--short', 'HEAD');
    const { status, stdout } = fix(repository, '--yes');
    expect(status).toBe(0);
    expect(sss(['scan'], { cwd: repository.root }).status).toBe(0);
    expect(read(repository, 'src/client.js')).toBe('const client = connect({ token: process.env.GITHUB_TOKEN });\n');
    expect(read(repository, 'deploy.sh')).toBe(`#!/bin/bash\nexport SMTP_PASSWORD="\${SMTP_PASSWORD:?}"\n`);
    expect(read(repository, '.env.example')).toBe('DB_PASSWORD=\nGITHUB_TOKEN=\nSMTP_PASSWORD=\n');
    for (const text of [
      'https://github.com/settings/tokens',
      'change the password',
      'DB_PASSWORD, GITHUB_TOKEN, SMTP_PASSWORD',
      `git show ${sha}:./deploy.sh`,
      'git filter-repo --replace-text',
    ])
      expect(stdout.replace(/\s+/g, ' ')).toContain(text);
    expect(stdout).not.toContain('In no commit');
    expect(fix(repository, '--yes').stdout).toContain('nothing to fix');
  });

  it('fixes what it is asked to, and nothing else', () => {
    const files = { 'a.py': secretLine, 'b.js': `const token = '${token}';\n` };
    const repository = withFiles(files);
    expect(fix(repository, '--yes', '--rule', 'github-*').status).toBe(0);
    expect(read(repository, 'a.py')).toBe(secretLine);
    expect(read(repository, 'b.js')).toContain('process.env');
    const found = JSON.parse(sss(['scan', '--format', 'jsonl'], { cwd: repository.root }).stdout.split('\n')[0]!);
    expect(fix(repository, '--yes', '--fingerprint', '0'.repeat(32))).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('no finding has the fingerprint'),
    });
    expect(fix(repository, '--yes', '--fingerprint', found.fingerprint).status).toBe(0);
    expect(read(repository, 'a.py')).toContain('os.environ');
    expect(fix(repository, '--rule', 'nothing-like-it')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('no rule is called nothing-like-it'),
    });
  });

  it('shows no value of what lets pass beside it, whatever that is', () => {
    const values = ['baseline', 'marked', 'folder', 'off', 'ignored'].map((name, i) => ({
      name,
      value: fillExample(`{{alnum:9}}#{{alnum:5}}!{{alnum:${i + 5}}}`),
    }));
    const line = ({ name, value }: (typeof values)[number]) => `${name}_password = "${value}"`;
    const [known, marked, folder, ...rest] = values.map(line);
    const disabled = `mark = "${token}"`;
    const repository = withFiles({ 'src/app.py': `${known}\n` });
    expect(sss(['baseline', 'create'], { cwd: repository.root }).status).toBe(0);
    const text = [known, `${marked}  # sss:allow`, folder, disabled, ...rest].join('\n');
    repository.write('src/app.py', `${text}\n${secretLine}`);
    repository.write('.gitleaksignore', 'src/app.py:generic-api-key:6\n');
    repository.write(
      'src/.smart-secrets-scanner.toml',
      'rules.disable = ["github-*"]\n[[allow]]\nnames = ["folder_password", "off_password"]\n',
    );
    const { stdout, stderr } = fix(repository, '--dry-run');
    expect(stdout).toContain('+db_password = os.environ["DB_PASSWORD"]');
    expect(stdout).toContain(' off_password = "****"');
    for (const value of [token, secretValue, ...values.map((one) => one.value)]) {
      expect(stdout + stderr).not.toContain(value);
    }
  });

  it('leaves alone what was decided to be no secret, unless it is named', () => {
    const repository = withFiles({ 'a.py': secretLine, 'b.py': `smtp_password = "${password}"\n` });
    const { stdout } = sss(['scan', '--format', 'json'], { cwd: repository.root });
    const id = JSON.parse(stdout).findings[0].fingerprint;
    expect(sss(['triage', '--decide', `${id}=false-alarm`], { cwd: repository.root }).status).toBe(0);
    const { stdout: shown, stderr } = fix(repository, '--dry-run');
    expect(stderr).toContain('left alone: 1 finding decided to be no secret');
    expect(shown).toContain('b.py');
    expect(shown).not.toContain('a.py');
    expect(fix(repository, '--yes').status).toBe(0);
    expect(read(repository, 'a.py')).toBe(secretLine);
    expect(fix(repository, '--yes', '--fingerprint', id).status).toBe(0);
    expect(read(repository, 'a.py')).toContain('os.environ["DB_PASSWORD"]');
  });

  it('says what it could not read', () => {
    const repository = withFiles({ 'a.py': 'x = 1\n' });
    spawnSync('mkfifo', ['pipe'], { cwd: repository.root });
    expect(fix(repository, 'a.py', 'pipe')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('pipe was not read'),
    });
  });

  it('keeps values only where git does not see them', () => {
    const repository = withFiles({ 'mailer.py': secretLine, '.env.example': 'A=\nZ=\n' });
    expect(fix(repository, '--yes', '--dotenv', '.env')).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/git does not ignore \.env[\s\S]*hint: .*\.gitignore/),
    });
    expect(read(repository, 'mailer.py')).toBe(secretLine);
    repository.write('.gitignore', '.env\n');
    repository.write('.env', 'DB_PASSWORD=other\nX=1\n');
    const { status, stdout } = fix(repository, '--yes', '--dotenv', '.env');
    expect(status).toBe(0);
    expect(stdout).not.toContain(secretValue);
    expect(read(repository, '.env')).toBe(`DB_PASSWORD=other\nDB_PASSWORD_2='${secretValue}'\nX=1\n`);
    expect(read(repository, '.env.example')).toBe('A=\nDB_PASSWORD_2=\nZ=\n');
    expect(repository.git('status', '--porcelain', '--untracked-files=all')).not.toMatch(/\.env$/m);
  });

  it('makes a file of values that nobody else can read', () => {
    const repository = withFiles({ 'mailer.py': secretLine, '.gitignore': '.env\n' });
    expect(fix(repository, '--yes', '--dotenv', '.env').status).toBe(0);
    expect(statSync(join(repository.root, '.env')).mode & 0o077).toBe(0);
    const run = spawnSync(process.execPath, ['--env-file=.env', '-p', 'process.env.DB_PASSWORD'], {
      cwd: repository.root,
      encoding: 'utf8',
    });
    expect(run.stdout.trimEnd()).toBe(secretValue);
  });

  it('warns where a value would be lost, and where it is staged', () => {
    const repository = withFiles({ 'a.py': secretLine }, { commit: false });
    expect(fix(repository).stdout).toContain('In no commit');
    repository.git('add', 'a.py');
    const { stdout } = fix(repository, '--yes');
    expect(stdout).toContain('git add a.py');
    expect(sss(['scan', '--staged'], { cwd: repository.root }).status).toBe(1);
  });

  it('takes files of variables out of git instead', () => {
    const repository = withFiles({ '.env': `DB_PASSWORD=${password}\n` }, { commit: false });
    const { status, stdout } = fix(repository, '--yes');
    expect(status).toBe(0);
    expect(stdout).not.toContain(password);
    expect(read(repository, '.env')).toBe(`DB_PASSWORD=${password}\n`);
    expect(read(repository, '.gitignore')).toBe('.env\n');
    expect(read(repository, '.env.example')).toBe('DB_PASSWORD=\n');
    expect(sss(['scan'], { cwd: repository.root }).status).toBe(0);

    const tracked = withFiles({ '.env': `DB_PASSWORD=${password}\n` });
    expect(fix(tracked, '--yes')).toMatchObject({ status: 1, stdout: expect.stringContaining('git rm --cached .env') });
  });

  it('says of everything that it leaves why, and how to go on', () => {
    const repository = withFiles({
      'config.json': `{"db_password": "${password}"}\n`,
      'main.go': `package main\n\nconst token = "${token}"\n`,
      'notes.md': `The password=${password}\n`,
      'b64.py': `blob = "${Buffer.from(`token=${token}`).toString('base64')}"\n`,
    });
    repository.write('in.py', secretLine);
    spawnSync('tar', ['-czf', 'old.tgz', 'in.py'], { cwd: repository.root });
    writeFileSync(join(repository.root, 'in.py'), 'pass\n');
    const before = readdirSync(repository.root).map((name) => [name, statSync(join(repository.root, name)).mtimeMs]);
    const { status, stdout } = fix(repository, '--yes');
    expect(status).toBe(1);
    for (const reason of ['no variables', 'a constant', 'not a program', 'encoded (base64', 'inside of an archive'])
      expect(stdout.replace(/\s+/g, ' ')).toContain(reason);
    expect(readdirSync(repository.root).map((name) => [name, statSync(join(repository.root, name)).mtimeMs])).toEqual(
      before,
    );
  });

  it('takes private keys out, and gives them to who reads the file of values', () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString().trim();
    const repository = withFiles({ 'signer.js': `exports.pem = \`${pem}\`;\n`, '.gitignore': '.env\n' });
    const { status, stdout } = fix(repository, '--yes', '--dotenv', '.env');
    expect(status).toBe(0);
    expect(stdout).toMatch(/^-\*{8} \(\d+ lines\)$/m);
    expect(stdout).toContain('new pair of keys');
    const run = spawnSync(process.execPath, ['--env-file=.env', '-p', 'require("./signer.js").pem'], {
      cwd: repository.root,
      encoding: 'utf8',
    });
    expect(run.stdout.trim()).toBe(pem);
  });

  it('takes out both halves of a pair', () => {
    const id = fillExample('AKIA{{base32:16}}');
    const repository = withFiles({
      'store.py': `import boto3\nc = boto3.client("s3", aws_access_key_id="${id}", aws_secret_access_key="${fillExample('{{alnum:40}}')}")\n`,
    });
    expect(fix(repository, '--yes').status).toBe(0);
    expect(read(repository, '.env.example')).toBe('AWS_ACCESS_KEY_ID=\nAWS_SECRET_ACCESS_KEY=\n');
    expect(sss(['scan'], { cwd: repository.root }).status).toBe(0);
  });

  it('makes no list of names that a scan takes for values', () => {
    const repository = withFiles({
      'a.py': `smtp_password = "${password}"\n`,
      'b.rb': `WEBHOOK = "https://hooks.slack.com/services/${fillExample('T{{ALNUM:8}}/B{{ALNUM:8}}/{{alnum:24}}')}"\n`,
    });
    expect(fix(repository, '--yes').status).toBe(0);
    expect(sss(['scan'], { cwd: repository.root }).status).toBe(0);
    expect(read(repository, '.env.example')).toMatch(/^SMTP_PASSWORD=(?:"")?\nWEBHOOK=(?:"")?\n$/);
  });

  it('leaves what could not be parsed any more, and what a scan would find still', () => {
    const getter = `exports.token = { get '${token}'() { return 1; } };\n`;
    const repository = withFiles({ 'a.js': getter, 'b.py': secretLine, 'c.py': `${secretLine}def (:\n` });
    const { status, stdout } = fix(repository, '--yes');
    expect(status).toBe(1);
    expect(stdout).toContain('could not be parsed any more');
    expect(read(repository, 'a.js')).toBe(getter);
    expect(read(repository, 'b.py')).toContain('os.environ');
    // What no parser takes in the first place is not made worse.
    expect(read(repository, 'c.py')).toContain('os.environ');

    const strict = withFiles({
      '.smart-secrets-scanner.toml': `[[rules.custom]]
id = "no-look-ups"
pattern = 'os\\.environ\\["[A-Z_]+"\\]'
confidence = "certain"
`,
      'b.py': secretLine,
    });
    const refused = fix(strict, '--yes');
    expect(refused.status).toBe(1);
    expect(refused.stdout.replace(/\s+/g, ' ')).toContain('taken for a secret itself');
    expect(read(strict, 'b.py')).toBe(secretLine);
  });
});

describe('the bytes of a fixed file', () => {
  const line = (end: string) => `x = "ä"${end}db_password = "${secretValue}"${end}y = 1`;
  const expected = (end: string) =>
    `import os${end}${end}x = "ä"${end}db_password = os.environ["DB_PASSWORD"]${end}y = 1`;
  const utf16 = (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le');
  it.each([
    ['CRLF', Buffer.from(line('\r\n')), Buffer.from(expected('\r\n'))],
    ['a byte order mark', Buffer.from(`\ufeff${line('\n')}`), Buffer.from(`\ufeff${expected('\n')}`)],
    ['latin1', Buffer.from(line('\n'), 'latin1'), Buffer.from(expected('\n'), 'latin1')],
    ['UTF-16LE', utf16(line('\r\n')), utf16(expected('\r\n'))],
    ['UTF-16BE', utf16(line('\n')).swap16(), utf16(expected('\n')).swap16()],
  ])('stay what they were: %s', (_, before, after) => {
    const repository = withFiles({ 'a.py': before });
    chmodSync(join(repository.root, 'a.py'), 0o750);
    expect(fix(repository, '--yes').status).toBe(0);
    expect(readFileSync(join(repository.root, 'a.py'))).toEqual(after);
    expect(statSync(join(repository.root, 'a.py')).mode & 0o777).toBe(0o750);
  });
});

describe('the programs that come out', () => {
  const url = `postgres://app:${fillExample('{{alnum:18}}')}@db.internal.net:5432/app`;
  const run = (repository: TestRepository, program: string, ...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(program, args, {
      cwd: repository.root,
      encoding: 'utf8',
      env: {
        ...process.env,
        GOFLAGS: '-mod=mod',
        GOPROXY: 'off',
        GOTOOLCHAIN: 'local',
        DB_PASSWORD: 'a',
        POSTGRES_PASSWORD: 'b',
      },
    });
    return { status, output: stdout + stderr };
  };

  it('are strict TypeScript', () => {
    const repository = withFiles({
      'a.ts': `export const dbPassword: string = '${password}';\nexport const url: string = "${url}";\n`,
      'b.tsx': `declare const Client: (p: { apiToken: string }) => null;\nexport const x = () => <Client apiToken="${token}" />;\n`,
    });
    expect(fix(repository, '--yes').status).toBe(0);
    expect(read(repository, 'b.tsx')).toContain('apiToken={process.env.');
    const types = join(packageFolder, 'node_modules', '@types');
    const options = [
      '--noEmit',
      '--strict',
      '--skipLibCheck',
      '--jsx',
      'preserve',
      '--types',
      'node',
      '--typeRoots',
      types,
    ];
    const tsc = run(repository, join(packageFolder, 'node_modules', '.bin', 'tsc'), ...options, 'a.ts', 'b.tsx');
    // The namespace of JSX comes with a library that is not here.
    expect(tsc.output.split('\n').filter((line) => /error/.test(line) && !/JSX/.test(line))).toEqual([]);
  });

  it.runIf(has('python3', '--version'))('are Python that runs', () => {
    const repository = withFiles({
      'a.py': `"""Doc."""\nfrom __future__ import annotations\n${secretLine}url = "${url}"\nprint(db_password, url)\n`,
    });
    expect(fix(repository, '--yes').status).toBe(0);
    expect(run(repository, 'python3', 'a.py')).toEqual({
      status: 0,
      output: 'a postgres://app:b@db.internal.net:5432/app\n',
    });
  });

  it.runIf(has('go', 'version'))('are Go that can be vetted', () => {
    const repository = withFiles({
      'go.mod': 'module example.com/a\n\ngo 1.20\n',
      'main.go': `package main\n\nimport (\n\t"fmt"\n)\n\nvar dbPassword = "${password}"\n\nfunc main() {\n\tfmt.Println(dbPassword, len("${url}"))\n}\n`,
    });
    expect(fix(repository, '--yes').status).toBe(0);
    expect(run(repository, 'go', 'vet', './...')).toEqual({ status: 0, output: '' });
  });

  it.runIf(has('javac', '-version'))('are Java that can be compiled', () => {
    const repository = withFiles({
      'A.java': `class A {\n  private static final String DB_PASSWORD = "${password}";\n  String url() { return "${url}".trim(); }\n}\n`,
    });
    expect(fix(repository, '--yes').status).toBe(0);
    expect(run(repository, 'javac', '-d', 'out', 'A.java').status).toBe(0);
  });

  it.runIf(has('ruby', '--version'))('are Ruby that runs', () => {
    const repository = withFiles({ 'a.rb': `${secretLine}url = "${url}"\nputs db_password, url\n` });
    expect(fix(repository, '--yes').status).toBe(0);
    expect(run(repository, 'ruby', 'a.rb').output).toBe('a\npostgres://app:b@db.internal.net:5432/app\n');
  });

  it.runIf(has('bash', '--version'))('are scripts that stop where a variable is missing', () => {
    const repository = withFiles({ 'a.sh': `export DB_PASSWORD='${password}'\necho "$DB_PASSWORD"\n` });
    expect(fix(repository, '--yes').status).toBe(0);
    expect(run(repository, 'bash', 'a.sh')).toEqual({ status: 0, output: 'a\n' });
    expect(run(repository, 'bash', '-c', 'unset DB_PASSWORD; exec bash a.sh').status).not.toBe(0);
  });
});

describe('what stands in the way of fixing', () => {
  it('is told: read-only files, links out of the tree, several names', () => {
    const repository = withFiles({ 'ro.py': secretLine, 'twice.py': secretLine });
    const elsewhere = join(temporaryDirectory(), 'away.py');
    writeFileSync(elsewhere, secretLine);
    chmodSync(join(repository.root, 'ro.py'), 0o444);
    linkSync(join(repository.root, 'twice.py'), join(temporaryDirectory(), 'again.py'));
    symlinkSync(elsewhere, join(repository.root, 'link.py'));
    const { status, stdout } = fix(repository, '--yes', '.', 'link.py');
    expect(status).toBe(1);
    for (const reason of ['read-only: chmod u+w', 'leads out of the tree', 'several names'])
      expect(stdout.replace(/\s+/g, ' ')).toContain(reason);
    expect(readFileSync(elsewhere, 'utf8')).toBe(secretLine);
    expect(lstatSync(join(repository.root, 'link.py')).isSymbolicLink()).toBe(true);
    expect(read(repository, 'ro.py')).toBe(secretLine);
  });

  it('follows a link within the tree to its file, which stays a file', () => {
    const repository = withFiles({ 'a.py': secretLine });
    symlinkSync('a.py', join(repository.root, 'b.py'));
    expect(fix(repository, '--yes', 'b.py').status).toBe(0);
    expect(lstatSync(join(repository.root, 'b.py')).isSymbolicLink()).toBe(true);
    expect(read(repository, 'a.py')).toContain('os.environ');
  });

  it.runIf(has('script', '--version'))('asks on a terminal, and sees when a file changed while it waited', async () => {
    const answered = async (answer: string, meanwhile: (repository: TestRepository) => void = () => {}) => {
      const repository = withFiles({ 'a.py': secretLine });
      const child = spawn('script', ['-qec', `'${process.execPath}' '${script}' fix --no-color`, '/dev/null'], {
        cwd: repository.root,
        stdio: ['pipe', 'pipe', 'inherit'],
      });
      let output = '';
      child.stdout.on('data', (data) => {
        const wasAsked = output.includes('[y/N]');
        output += data;
        if (wasAsked || !output.includes('[y/N]')) return;
        meanwhile(repository);
        child.stdin.write(`${answer}\n`);
      });
      const status = await new Promise((done) => child.once('close', done));
      return { repository, status, output };
    };
    const yes = await answered('y');
    expect(yes.status).toBe(0);
    expect(read(yes.repository, 'a.py')).toContain('os.environ');
    const no = await answered('n');
    expect(no.status).toBe(1);
    expect(read(no.repository, 'a.py')).toBe(secretLine);
    const changed = `${secretLine}# mine\n`;
    const late = await answered('y', ({ root }) => writeFileSync(join(root, 'a.py'), changed));
    expect(late.status).toBe(2);
    expect(late.output).toContain('was changed meanwhile');
    expect(read(late.repository, 'a.py')).toBe(changed);
    expect(readdirSync(late.repository.root).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('is a full disk: the file stays whole', () => {
    const repository = withFiles({ 'a.py': `${secretLine}${'# filler\n'.repeat(20_000)}` });
    const before = read(repository, 'a.py');
    // No file may grow beyond so many blocks of 512 bytes: the write fails half way.
    const run = spawnSync(
      'bash',
      ['-c', `trap '' XFSZ; ulimit -f 64; exec "$0" "$1" fix --yes --no-model`, process.execPath, script],
      {
        cwd: repository.root,
        env: { ...process.env, SSS_CACHE_DIR: join(temporaryDirectory(), 'cache') },
        encoding: 'utf8',
      },
    );
    expect(run.status).toBe(2);
    expect(run.stderr).toContain('cannot write');
    expect(read(repository, 'a.py')).toBe(before);
    expect(readdirSync(repository.root).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('is a process that is killed: every file is the old one or the new one', async () => {
    const files = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`f${i}.py`, secretLine]));
    const repository = withFiles(files);
    const child = spawn(process.execPath, [script, 'fix', '--yes', '--no-model'], {
      cwd: repository.root,
      stdio: 'ignore',
    });
    const ended = new Promise((done) => child.once('close', done));
    while (!existsSync(join(repository.root, '.env.example')) && child.exitCode === null) {
      await new Promise((done) => setTimeout(done, 1));
    }
    child.kill('SIGKILL');
    await ended;
    const after = 'import os\n\ndb_password = os.environ["DB_PASSWORD"]\n';
    for (const path of Object.keys(files)) expect([secretLine, after]).toContain(read(repository, path));
    expect(fix(repository, '--yes').status).toBe(0);
    for (const path of Object.keys(files)) expect(read(repository, path)).toBe(after);
  });
});

describe('sss fix --mask', () => {
  it('masks where values stand, so that a scan finds nothing and formats stay valid', () => {
    const repository = withFiles({
      'config.json': `{"db_password": "${password}", "n": 1}\n`,
      'app.log': `2024-01-01 login with token=${token} ok\n`,
      'docs/a.md': `    export DB_PASSWORD=${password}\n`,
      'k.yml': `db_password: "${password}"\nurl: postgres://app:${fillExample('{{alnum:18}}')}@db.internal.net/x\n`,
      'a.py': secretLine,
    });
    const { status, stdout } = fix(repository, '--mask', '--yes');
    expect(status).toBe(0);
    expect(stdout).not.toContain(password);
    expect(sss(['scan'], { cwd: repository.root }).status).toBe(0);
    expect(JSON.parse(read(repository, 'config.json'))).toMatchObject({ n: 1 });
    expect(read(repository, 'app.log')).toBe('2024-01-01 login with token=REDACTED ok\n');
    expect(read(repository, 'a.py')).toMatch(/^db_password = "[^"]+"\n$/);
    expect(existsSync(join(repository.root, '.env.example'))).toBe(false);
  });

  it('does not go with --dotenv', () => {
    expect(fix(withFiles({}), '--mask', '--dotenv', '.env').status).toBe(2);
  });
});
