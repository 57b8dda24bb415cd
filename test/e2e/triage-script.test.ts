import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readFeedback } from '../../src/feedback/read.ts';
import { fillExample } from '../../src/rules/examples.ts';
import { makeTar } from '../containers/make.ts';
import { packageFolder, secretLine, secretValue, sss } from './program.ts';
import { makeRepository, type TestRepository, temporaryDirectory } from './repository.ts';

const script = join(packageFolder, 'bin', 'smart-secrets-scanner.js');
const broken = join(packageFolder, 'test', 'e2e', 'broken-write.cjs');
const CONFIG = '.smart-secrets-scanner.toml';

/** Three findings: the same value in two files of a folder, another one beside them. */
function repository() {
  const made = makeRepository();
  const other = fillExample('{{alnum:9}}%{{alnum:6}}?{{alnum:7}}');
  made.stage('app/one.py', `# first\n${secretLine}print(1)\n`);
  made.stage('app/two.py', secretLine);
  made.stage('lib/three.py', `mail_password = "${other}"\n`);
  made.commit();
  return { ...made, other };
}

function program(made: TestRepository) {
  const run = (...args: string[]) => sss(['triage', ...args], { cwd: made.root });
  const listed = (...args: string[]): { fingerprint: string; path: string; sameValue: string[] }[] =>
    JSON.parse(run('--list', '--format', 'json', ...args).stdout).findings;
  const file = join(made.root, '.git', 'smart-secrets-scanner', 'feedback.jsonl');
  const decisions = async () => (await readFeedback(file)).map(({ decision }) => decision);
  const scanned = () =>
    sss(['scan', '--format', 'jsonl'], { cwd: made.root }).stdout.match(/"fingerprint"/g)?.length ?? 0;
  return { run, listed, file, decisions, scanned };
}

describe('sss triage without a terminal', () => {
  it('lists, decides, and does not ask again', async () => {
    const made = repository();
    const { run, listed, decisions, scanned } = program(made);
    const [one, two, three] = listed();
    expect([one!.path, two!.path, three!.path]).toEqual(['app/one.py', 'app/two.py', 'lib/three.py']);
    expect(one!.sameValue).toEqual([two!.fingerprint]);
    expect(run('--list')).toMatchObject({ status: 1, stdout: expect.stringContaining('3 findings to decide.') });
    const decided = run(
      '--decide',
      `${one!.fingerprint}=false-alarm`,
      '--decide',
      `${three!.fingerprint}=accept`,
      '--reason',
      'made up',
    );
    expect(decided).toMatchObject({ status: 0, stderr: '' });
    expect(listed().map(({ path }) => path)).toEqual(['app/two.py']);
    expect(listed('--again')).toHaveLength(3);
    expect(listed('--again', '--filter', 'lib/')).toHaveLength(1);
    expect(await decisions()).toEqual(['accept', 'false-alarm']);
    expect(scanned()).toBe(3);
    expect(run('--decide', `${one!.fingerprint}=undo`).stdout).toBe('1 decision taken back.\n');
    expect(await decisions()).toEqual(['accept']);
    expect(listed()).toHaveLength(2);
  });

  it('asks about what a folder finds by rules of its own', () => {
    const made = makeRepository();
    const token = ['gh', 'p_', fillExample('{{alnum:30}}'), '0a1B2c'].join('');
    made.stage('app/settings.py', `github_token = "${token}"\n`);
    made.stage(`app/${CONFIG}`, 'rules.disable = ["github-*"]\n');
    made.commit();
    const { run, listed } = program(made);
    expect(listed().map(({ path }) => path)).toEqual(['app/settings.py']);
    expect(run('--list').stderr).toBe('');
  });

  it('keeps no value, with prompts or without', () => {
    const made = repository();
    const { run, listed, file } = program(made);
    const [one, two, three] = listed();
    run('--decide', `${one!.fingerprint}=placeholder`);
    expect(readFileSync(file, 'utf8')).not.toContain('"prompt"');
    run(
      '--keep-prompts',
      '--decide',
      `${two!.fingerprint}=allow-here`,
      '--decide',
      `${three!.fingerprint}=allow-everywhere`,
    );
    const kept = readFileSync(file, 'utf8') + readFileSync(join(made.root, CONFIG), 'utf8');
    expect(kept).toContain('value: ********');
    for (const value of [secretValue, made.other]) {
      for (let at = 0; at + 6 <= value.length; at++) expect(kept).not.toContain(value.slice(at, at + 6));
    }
  });

  it('allows in the configuration what is to pass, and nothing else', () => {
    const made = repository();
    const { run, listed, scanned } = program(made);
    const [one, , three] = listed();
    run('--decide', `${one!.fingerprint}=allow-everywhere`);
    expect([scanned(), listed().length]).toEqual([1, 1]);
    run('--decide', `${three!.fingerprint}=placeholder`);
    expect([scanned(), listed().length]).toEqual([1, 0]);
    expect(run('allow', '--reason', 'test data').stdout).toBe(
      `1 finding will pass from now on: written to ${CONFIG}\n`,
    );
    expect(scanned()).toBe(0);
    expect(run('allow').stdout).toContain('Nothing to allow');
    // The same line with another value is reported.
    made.write('lib/three.py', `mail_password = "${fillExample('{{alnum:8}}&{{alnum:7}}!{{alnum:6}}')}"\n`);
    expect([scanned(), listed().length]).toEqual([1, 1]);
    expect(run('stats').stdout).toContain('3 decisions in ');
    expect(run('export').stdout.trim().split('\n')).toHaveLength(3);
    const file = join(temporaryDirectory(), 'team.jsonl');
    expect(run('export', '--output', file).status).toBe(0);
    expect(JSON.parse(run('stats', '--feedback', file, '--format', 'json').stdout)).toMatchObject({
      decisions: 3,
      byDecision: { 'allow-everywhere': 2, placeholder: 1 },
    });
  });

  it('takes the findings of a report, and tells those that are gone', () => {
    const made = repository();
    const { run, listed } = program(made);
    sss(['scan', '--format', 'json', '--output', 'report.json'], { cwd: made.root });
    sss(['scan', '--format', 'jsonl', '--output', 'report.jsonl'], { cwd: made.root });
    made.write('app/new.py', secretLine);
    made.write('lib/three.py', 'print(3)\n');
    for (const report of ['report.json', 'report.jsonl']) {
      expect(listed('--from', report).map(({ path }) => path)).toEqual(['app/one.py', 'app/two.py']);
      const { stderr } = run('--list', '--from', report);
      expect(stderr).toContain(
        '1 finding of the report is not there any more, or let pass by now (sss explain FILE:LINE says by what):\n  lib/three.py:1',
      );
    }
    const text = readFileSync(join(made.root, 'report.jsonl'), 'utf8');
    writeFileSync(join(made.root, 'cut.jsonl'), text.slice(0, text.indexOf('\n') + 40));
    writeFileSync(join(made.root, 'odd.json'), '{"findings":[{"fingerprint":"x"}],"report":{}}');
    for (const [report, why] of [
      ['cut.jsonl', 'it is cut short'],
      ['odd.json', 'its finding 1 has no fingerprint'],
      ['app/one.py', 'it is no report'],
      ['none.json', 'it does not exist'],
    ] as const) {
      expect(run('--list', '--from', report)).toMatchObject({ status: 2, stderr: expect.stringContaining(why) });
    }
  });

  it('shows nothing raw of odd names, and reads values that are no UTF-8', async () => {
    const made = makeRepository();
    made.stage(`odd\u001b[31m\n\u202e/a.py`, secretLine);
    made.stage(Buffer.from('caf\xe9.py', 'latin1'), Buffer.from(`password = "h\xfcbsch${secretValue}"\n`, 'latin1'));
    made.commit();
    const { run, listed, decisions } = program(made);
    const { stdout } = run('--list');
    expect(stdout).toContain('odd\\x1b[31m\\x0a\\u202e/a.py:1:16');
    expect(stdout).toContain('caf\\xe9.py');
    expect(stdout).not.toMatch(/[^\P{C}\n]/u);
    run(...listed().flatMap(({ fingerprint }) => ['--decide', `${fingerprint}=allow-here`]));
    expect(await decisions()).toHaveLength(2);
    expect(readFileSync(join(made.root, CONFIG), 'utf8')).not.toMatch(/[^\P{C}\n]/u);
    expect(listed('--again')).toEqual([]);
  });

  it('goes into archives, also those with a name like a path in one', async () => {
    const made = makeRepository();
    made.stage('packed!.tar', makeTar([{ name: 'in/one.py', data: secretLine }]));
    made.commit();
    const { run, listed, scanned, decisions } = program(made);
    const [one] = listed();
    expect(one!.path).toBe('packed!.tar!in/one.py');
    expect(run('--decide', `${one!.fingerprint}=allow-here`).status).toBe(0);
    expect([scanned(), await decisions()]).toEqual([0, ['allow-here']]);
  });

  it.each([
    [['--decide', 'x=accept'], 'not a decision: x=accept'],
    [['--decide', `${'0'.repeat(32)}=maybe`], 'not a decision'],
    [['--decide', `${'0'.repeat(32)}=accept`], 'nothing was decided'],
    [['--decide', `${'0'.repeat(32)}=undo`], 'nothing was decided'],
    [['--list', '--format', 'xml'], 'unknown format: xml'],
    [['--reason', 'x'], '--reason goes with --decide'],
    [[], 'there is no terminal to ask on'],
  ])('says what is wrong with %j', (args, message) => {
    const { run } = program(repository());
    expect(run(...args)).toMatchObject({ status: 2, stderr: expect.stringContaining(message) });
  });

  it('refuses options that mean nothing to a command, and names those that do', () => {
    const { run } = program(repository());
    expect(run('allow', '--help').stdout).toContain('--reason <text>');
    for (const [command, option] of [
      ['allow', '--list'],
      ['stats', '--no-baseline'],
      ['export', '--filter=x'],
    ] as const) {
      const { status, stdout, stderr } = run(command, option);
      expect([status, stdout]).toEqual([2, '']);
      expect(stderr).toContain(`${option.replace('=x', '')} does not go with sss triage ${command}`);
    }
  });

  it('drops a reason that says the value', () => {
    const { run, listed, file } = program(repository());
    const [one] = listed();
    const { status, stderr } = run('--decide', `${one!.fingerprint}=accept`, '--reason', `it is "${secretValue}".`);
    expect([status, stderr]).toEqual([2, expect.stringContaining('the reason says the value')]);
    expect([stderr.includes(secretValue), existsSync(file)]).toEqual([false, false]);
  });

  it('leaves a configuration of gitleaks in force', async () => {
    const made = repository();
    made.write('.gitleaks.toml', '[extend]\nuseDefault = true\n');
    const { run, listed, decisions } = program(made);
    const [one] = listed();
    expect(run('--decide', `${one!.fingerprint}=allow-here`)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('.gitleaks.toml is in force'),
    });
    expect(await decisions()).toEqual([]);
    // What the hint says leads on.
    made.write('.gitleaks.toml', '[extend]\nuseDefault = true\n[allowlist]\npaths = ["vendor/"]\n');
    expect(sss(['migrate', 'gitleaks', '--write'], { cwd: made.root }).status).toBe(0);
    expect(run('--decide', `${one!.fingerprint}=allow-here`)).toMatchObject({ status: 0 });
    expect(listed().map(({ path }) => path)).toEqual(['app/two.py', 'lib/three.py']);
  });

  it('asks about what is found where a folder has turned rules off', () => {
    const made = repository();
    made.write('ops/.smart-secrets-scanner.toml', 'rules.disable = ["github-*"]\n');
    made.write('ops/a.py', `github_token = "${fillExample('ghp_{{alnum:36}}')}"\n`);
    const { run, listed } = program(made);
    const found = listed().find(({ path }) => path === 'ops/a.py');
    expect(run('--list').stderr).toBe('');
    expect(run('--decide', `${found!.fingerprint}=allow-here`).status).toBe(0);
    expect(listed().map(({ path }) => path)).not.toContain('ops/a.py');
  });

  it('prints what has to be pasted', async () => {
    const made = repository();
    made.write('.smart-secrets-scanner.yaml', '{ preset: balanced }\n');
    const { run, listed, decisions } = program(made);
    const [one] = listed();
    const { status, stderr } = run('--decide', `${one!.fingerprint}=allow-here`);
    expect([status, await decisions()]).toEqual([0, ['allow-here']]);
    expect(stderr).toContain(`paste into .smart-secrets-scanner.yaml:\nallow:\n  - reason:`);
    expect(stderr).toContain(one!.fingerprint);
  });

  it('asks about folders outside of git, too', () => {
    const folder = temporaryDirectory();
    writeFileSync(join(folder, 'a.py'), secretLine);
    const env = { SSS_CACHE_DIR: join(temporaryDirectory(), 'cache') };
    const run = (...args: string[]) => sss(['triage', ...args], { cwd: folder, env });
    const [one] = JSON.parse(run('--list', '--format', 'json').stdout).findings;
    expect(run('--decide', `${one.fingerprint}=placeholder`).status).toBe(0);
    expect(run('--list').stdout).toBe('Nothing is left to decide.\n');
    expect(readdirSync(env.SSS_CACHE_DIR).filter((name) => name.endsWith('feedback.jsonl'))).toHaveLength(1);
    expect(readdirSync(folder)).toEqual(['a.py']);
  });
});

describe('sss triage that is broken off', () => {
  it('loses nothing when many run at once', async () => {
    const made = makeRepository();
    for (let i = 0; i < 6; i++) made.stage(`${i}.py`, secretLine);
    made.commit();
    const { listed, decisions, file, scanned } = program(made);
    const all = listed().map(({ fingerprint }) =>
      spawn(process.execPath, [script, 'triage', '--decide', `${fingerprint}=allow-here`], {
        cwd: made.root,
        stdio: 'ignore',
      }),
    );
    const codes = await Promise.all(all.map(async (child) => (await once(child, 'exit'))[0]));
    expect(codes).toEqual(all.map(() => 0));
    expect([(await decisions()).length, scanned()]).toEqual([6, 0]);
    expect(readdirSync(join(file, '..'))).toEqual(['feedback.jsonl']);
  });

  it.skipIf(process.platform !== 'linux').each([
    ['write:feedback.jsonl', 'accept'],
    ['write:feedback.jsonl', 'allow-here'],
    [`write:${CONFIG}`, 'allow-here'],
    [`rename:${CONFIG}`, 'allow-here'],
  ])('loses nothing when it is killed in the middle of %s', async (place, decision) => {
    const made = repository();
    const { run, listed, decisions } = program(made);
    const [one, two] = listed();
    made.write(CONFIG, '# ours\npreset = "balanced"\n');
    run('--decide', `${one!.fingerprint}=allow-here`, '--reason', 'first');
    const before = readFileSync(join(made.root, CONFIG), 'utf8');
    const killed = spawn(
      process.execPath,
      ['--require', broken, script, 'triage', '--decide', `${two!.fingerprint}=${decision}`],
      { cwd: made.root, env: { ...process.env, SSS_TEST_BREAK: place }, stdio: 'ignore' },
    );
    expect((await once(killed, 'exit'))[1]).toBe('SIGKILL');
    expect(await decisions()).toEqual(['allow-here']);
    const after = readFileSync(join(made.root, CONFIG), 'utf8');
    // Whole before or whole after, never in between.
    expect(after.startsWith(before)).toBe(true);
    expect(listed('--again').length).toBe(after === before ? 2 : 1);
    if (after !== before) writeFileSync(join(made.root, CONFIG), before);
    expect(run('--decide', `${two!.fingerprint}=accept`)).toMatchObject({ status: 0, stderr: '' });
    expect(await decisions()).toEqual(['allow-here', 'accept']);
  });

  it.skipIf(process.platform === 'win32')('leaves everything as it was on a full disk', async () => {
    const made = repository();
    const { run, listed, decisions, file } = program(made);
    const [one, two, three] = listed();
    run('--decide', `${one!.fingerprint}=accept`);
    const kept = readFileSync(file, 'utf8');
    // No file may become longer than so many blocks of 1,024 bytes.
    const limited = (blocks: number, decide: string) =>
      spawn(
        'bash',
        ['-c', `ulimit -f ${blocks}; exec "$@"`, 'bash', process.execPath, script, 'triage', '--decide', decide],
        {
          cwd: made.root,
          stdio: ['ignore', 'ignore', 'pipe'],
        },
      );
    const failed = limited(Math.ceil(kept.length / 1024), `${two!.fingerprint}=allow-here`);
    let stderr = '';
    failed.stderr.on('data', (data) => {
      stderr += data;
    });
    expect((await once(failed, 'close'))[0]).toBe(2);
    expect(stderr).toContain('the file may not become larger');
    expect(readFileSync(file, 'utf8')).toBe(kept);
    // The entry that had been written already was taken out again.
    expect(existsSync(join(made.root, CONFIG))).toBe(false);
    made.write(CONFIG, `# ${'long '.repeat(2000)}\n`);
    const config = readFileSync(join(made.root, CONFIG), 'utf8');
    const again = limited(4, `${three!.fingerprint}=allow-here`);
    expect((await once(again, 'close'))[0]).toBe(2);
    expect(readFileSync(join(made.root, CONFIG), 'utf8')).toBe(config);
    expect(await decisions()).toEqual(['accept']);
    expect(readdirSync(made.root).filter((name) => name.endsWith('.tmp'))).toEqual([]);
    rmSync(join(made.root, CONFIG));
    expect(listed()).toHaveLength(2);
  });
});
