import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageFolder, secretLine, secretValue, sss } from './program.ts';
import { makeRepository, type TestRepository, temporaryDirectory } from './repository.ts';

const script = join(packageFolder, 'bin', 'smart-secrets-scanner.js');

function withSecret(): TestRepository {
  const repository = makeRepository();
  repository.stage('src/app.py', secretLine);
  repository.commit();
  return repository;
}

describe('sss scan', () => {
  it('is 0 without findings, 1 with, 2 when it cannot be done', () => {
    const repository = withSecret();
    expect(sss(['scan'], { cwd: repository.root })).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('src/app.py:1'),
    });
    repository.write('clean.py', 'print()\n');
    expect(sss(['scan', 'clean.py'], { cwd: repository.root }).status).toBe(0);
    const gone = sss(['scan', 'gone.py'], { cwd: repository.root });
    expect(gone.status).toBe(2);
    expect(gone.stderr).toMatch(/^error: .*gone\.py/);
  });

  it('scans what the options say', () => {
    const repository = withSecret();
    const { root: cwd } = repository;
    expect(sss(['scan', '--staged'], { cwd }).status).toBe(0);
    repository.git('rm', '--quiet', '-r', 'src');
    repository.git('commit', '--quiet', '-m', 'gone');
    expect(sss(['scan'], { cwd }).status).toBe(0);
    expect(sss(['scan', '--history'], { cwd }).status).toBe(1);
    expect(sss(['scan', '--range', 'HEAD~1..HEAD'], { cwd }).status).toBe(0);
    expect(sss(['scan', '--range', 'HEAD~1'], { cwd }).status).toBe(1);
    expect(sss(['scan', '--stdin', '--stdin-filename', 'x.py'], { cwd, input: secretLine })).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('x.py:1'),
    });
    repository.stage('new.py', secretLine);
    expect(sss(['scan', '--staged'], { cwd }).status).toBe(1);
  });

  it('finds the repository that the environment names', () => {
    const { root } = withSecret();
    const env = { GIT_DIR: join(root, '.git'), GIT_WORK_TREE: root };
    const elsewhere = temporaryDirectory();
    const history = sss(['scan', '--history', '--format', 'jsonl'], { cwd: elsewhere, env });
    expect(history.status).toBe(1);
    expect(JSON.parse(history.stdout.split('\n')[0]!)).toMatchObject({ author: 'Ada Author <ada@example.com>' });
    expect(sss(['scan', '--range', 'HEAD'], { cwd: elsewhere, env }).stdout).toContain('Ada Author');
  });

  it('scans a folder that is in no repository without git', () => {
    const folder = temporaryDirectory();
    writeFileSync(join(folder, 'app.py'), secretLine);
    expect(sss(['scan'], { cwd: folder, env: { PATH: folder } })).toMatchObject({ status: 1, stderr: '' });
    const inside = sss(['scan'], { cwd: withSecret().root, env: { PATH: folder } });
    expect(inside).toMatchObject({ status: 2, stderr: expect.stringContaining('git was not found') });
  });

  it('writes several reports', () => {
    const { root: cwd } = withSecret();
    const run = sss(
      ['scan', '--format', 'json', '--output', 'a.json', '--format', 'sarif', '--output=b.sarif', '--format', 'text'],
      { cwd },
    );
    expect(run.status).toBe(1);
    expect(run.stdout).toContain('src/app.py:1');
    expect(JSON.parse(readFileSync(join(cwd, 'a.json'), 'utf8'))).toBeTypeOf('object');
    expect(JSON.parse(readFileSync(join(cwd, 'b.sarif'), 'utf8')).version).toBe('2.1.0');
    expect(readdirSync(cwd).sort()).toEqual(['.git', 'a.json', 'b.sarif', 'src']);
  });

  it('keeps standard output for the report', () => {
    const { root: cwd } = withSecret();
    const lines = sss(['scan', '--format', 'jsonl'], { cwd })
      .stdout.trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines[0]).toMatchObject({ path: 'src/app.py', line: 1 });
    expect(lines.at(-1)).toHaveProperty('report');
    expect(sss(['scan', '--output', 'out.json', '--quiet'], { cwd })).toMatchObject({
      status: 1,
      stdout: '',
      stderr: '',
    });
    expect(sss(['scan', '--quiet', 'out.json'], { cwd })).toMatchObject({ status: 0, stdout: '', stderr: '' });
  });

  it('shows no value unless told to', () => {
    const { root: cwd } = withSecret();
    for (const format of ['text', 'json', 'jsonl', 'sarif', 'junit', 'csv', 'html', 'github']) {
      const hidden = sss(['scan', '--format', format], { cwd });
      expect(hidden.stdout + hidden.stderr, format).not.toContain(secretValue);
    }
    expect(sss(['scan', '--show-secrets'], { cwd }).stdout).toContain(secretValue);
  });

  it('uses no colour in a pipe, and none when asked', () => {
    const { root: cwd } = withSecret();
    expect(sss(['scan'], { cwd }).stdout).not.toContain('\u001b');
    expect(sss(['scan'], { cwd, env: { FORCE_COLOR: '1' } }).stdout).toContain('\u001b');
    expect(sss(['scan', '--no-color'], { cwd, env: { FORCE_COLOR: '1' } }).stdout).not.toContain('\u001b');
    expect(sss(['scan'], { cwd, env: { FORCE_COLOR: '1', NO_COLOR: '1' } }).stdout).not.toContain('\u001b');
  });

  it.each([
    [['scan', '--staged', '--history'], /--staged and --history/],
    [['scan', '--staged', 'src'], /takes no paths/],
    [['scan', '--unreachable'], /--history/],
    [['scan', '--format', 'yaml'], /formats are text, /],
    [['scan', '--format', 'text', '--format', 'json'], /standard output/],
    [['scan', '--output', 'none/a.json'], /there is no folder/],
    [['scan', '--preset', 'loose'], /presets are /],
    [['scan', '--max-file-size', 'big'], /not a size/],
    [['scan', '--max-depth', 'deep'], /not a depth: deep[\s\S]*from 0 to 16/],
    [['scan', '--max-depth', '17'], /not a depth: 17/],
    [['scan', '--config', 'none.toml'], /none\.toml/],
    [['scan', '--range', 'no-such-branch..HEAD'], /no-such-branch/],
    [['scan', '--stagde'], /did you mean --staged/i],
    [['scna'], /did you mean scan/i],
    [['hook', 'instal'], /did you mean install/i],
    [['hook', 'install', '--type', 'commit-msg'], /pre-commit/],
    [['explain'], /FILE:LINE/],
    [['explain', 'src/app.py:0'], /from 1/],
    [['explain', 'gone.py:1'], /gone\.py/],
    [['rules', 'show', 'generic-pasword'], /did you mean generic-password/],
    [['rules', 'list', '--provider', 'nobody'], /providers are /],
  ])('refuses %j with a hint, without a stack', (args, words) => {
    const { root: cwd } = withSecret();
    const { status, stdout, stderr } = sss(args, { cwd });
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^error: /);
    expect(stderr).toMatch(words);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it('says when standard output cannot be written', () => {
    const { root: cwd } = withSecret();
    const { status, stderr } = spawnSync('sh', ['-c', '"$0" "$1" scan > /dev/full', process.execPath, script], {
      cwd,
      encoding: 'utf8',
    });
    expect(status).toBe(2);
    expect(stderr).toMatch(/^error: .*ENOSPC/);
  });

  it('is quiet when its reader goes away', () => {
    const repository = makeRepository();
    repository.write('many.py', secretLine.repeat(3000));
    const command = '("$0" "$1" scan --format jsonl; echo "rc $?" >&2) | head -n 1';
    const { stdout, stderr } = spawnSync('sh', ['-c', command, process.execPath, script], {
      cwd: repository.root,
      encoding: 'utf8',
    });
    expect(stdout.split('\n')).toHaveLength(2);
    expect(stderr).toBe('rc 1\n');
  });

  it('ends with what it has found on the first Ctrl-C', async () => {
    const { root: cwd } = withSecret();
    const child = spawn(process.execPath, [script, 'scan', '--stdin', '--max-file-size', '0', '--format', 'json'], {
      cwd,
    });
    let stdout = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      stdout += text;
    });
    const ended = new Promise((done) => child.once('close', done));
    // More than one piece of a large input, and no end of it: when all this is taken, the scan waits for more.
    await new Promise((taken) => child.stdin.write(secretLine + 'print("hello")\n'.repeat(1_500_000), taken));
    child.kill('SIGINT');
    expect(await ended).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ findings: [{ line: 1 }], report: { interrupted: true } });
  });
});

describe('help', () => {
  it.each([
    [[], 2],
    [['--help'], 0],
    [['help'], 0],
    [['help', 'scan'], 0],
    [['scan', '--help'], 0],
    [['hook', '--help'], 0],
    [['hook', 'run', '--help'], 0],
    [['hook', 'install', '-h'], 0],
    [['explain', '--help'], 0],
    [['fix', '--help'], 0],
    [['rules', 'test', '--help'], 0],
  ])('%j', (args, status) => {
    const run = sss(args, { cwd: packageFolder });
    expect(run.status).toBe(status);
    expect(run.stdout + run.stderr).toContain('Usage: sss');
  });

  it('tells the version', () => {
    const { version } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8'));
    expect(sss(['--version'], { cwd: packageFolder })).toMatchObject({ status: 0, stdout: `${version}\n` });
  });
});

describe('sss explain', () => {
  it('says what it thinks of a line, and why', () => {
    const { root: cwd } = withSecret();
    const { status, stdout } = sss(['explain', 'src/app.py:1'], { cwd });
    expect(status).toBe(0);
    expect(stdout).toContain('src/app.py:1:');
    expect(stdout).toMatch(/verdict +secret/);
    expect(stdout).toMatch(/because +\S/);
    expect(stdout).not.toContain(secretValue);
    expect(sss(['explain', 'src/app.py:2'], { cwd })).toMatchObject({
      status: 2,
      stderr: 'error: src/app.py has no line 2: its last one is 1\n',
    });
    writeFileSync(join(cwd, 'src/app.py'), `${secretLine}print()\n`);
    expect(sss(['explain', 'src/app.py:2'], { cwd }).stdout).toContain('Nothing in line 2');
    expect(JSON.parse(sss(['explain', 'src/app.py', '--format', 'json'], { cwd }).stdout).candidates).toHaveLength(1);
  });

  it('takes a text', () => {
    const { root: cwd } = withSecret();
    const { stdout } = sss(['explain', '--input', "api_key = 'test123'", '--input-filename', 'settings.py'], { cwd });
    expect(stdout).toContain('settings.py:1:');
    expect(stdout).not.toMatch(/verdict +secret/);
  });
});

describe('sss rules', () => {
  it('lists, shows and tests', () => {
    const { root: cwd } = withSecret();
    const list = JSON.parse(sss(['rules', 'list', '--format', 'json'], { cwd }).stdout);
    expect(list.length).toBeGreaterThan(10);
    expect(sss(['rules', 'list', '--provider', 'generic'], { cwd }).stdout).toContain('generic-password');
    expect(sss(['rules', 'show', list[0].id], { cwd }).stdout).toContain(list[0].description);
  });

  it('tests rules of a configuration, without printing their examples', () => {
    const repository = makeRepository();
    mkdirSync(join(repository.root, 'conf'));
    const rule = (secret: string) => `[[rules.custom]]
id = "acme-key"
provider = "Acme"
description = "Acme key"
keywords = ["acme"]
pattern = "acme_([0-9]{8})"
severity = "high"
confidence = "certain"
[rules.custom.examples]
secret = ["${secret}"]
harmless = ["acme_none"]
`;
    repository.write('conf/good.toml', rule('acme_{{digit:8}}'));
    repository.write('conf/bad.toml', rule('acne_{{digit:8}}'));
    expect(sss(['rules', 'test', 'conf/good.toml'], { cwd: repository.root })).toMatchObject({ status: 0, stderr: '' });
    const bad = sss(['rules', 'test', 'conf/bad.toml'], { cwd: repository.root });
    expect(bad.status).toBe(1);
    expect(bad.stdout).toContain('acme-key: secret example 1 is not found');
    expect(bad.stdout).not.toContain('acne');
    repository.write('conf/gitleaks.toml', '[[rules]]\nid = "acme"\nregex = "acme_[0-9]{8}"\nkeywords = ["acme"]\n');
    const none = sss(['rules', 'test', 'conf/gitleaks.toml'], { cwd: repository.root });
    expect(none).toMatchObject({
      status: 2,
      stdout: '',
      stderr: expect.stringContaining('no rule of conf/gitleaks.toml'),
    });
  });
});
