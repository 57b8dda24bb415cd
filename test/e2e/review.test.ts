import { spawn, spawnSync } from 'node:child_process';
import { appendFileSync, chmodSync, existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { fillExample } from '../../src/rules/examples.ts';
import { expectCleanFolder, expectNoValues, linesOf, plantedRepository, VALUES } from '../review/planted.ts';
import { packageFolder, programFolder, sss } from './program.ts';
import { makeRepository, type TestRepository, temporaryDirectory } from './repository.ts';

const script = join(packageFolder, 'bin', 'smart-secrets-scanner.js');

function review({ root }: Pick<TestRepository, 'root'>, ...args: string[]) {
  const result = sss(['review', ...args], { cwd: root });
  expectNoValues(result.stdout + result.stderr, 'the output');
  return result;
}

function missionFile({ root }: Pick<TestRepository, 'root'>, name: string, mission = 'default') {
  return join(root, '.smart-secrets-scanner', 'reviews', mission, name);
}

function tickets(list: readonly object[]): string {
  const file = join(temporaryDirectory(), 'tickets.jsonl');
  writeFileSync(file, list.map((one) => `${JSON.stringify(one)}\n`).join(''));
  return file;
}

interface Verdict {
  ticket: string;
  verdict: string;
  failing: { seen: { path: string; line: number }; settledBy?: string; guidance?: string }[];
  notes: string[];
}

function verdicts(repository: TestRepository, mission?: string): Record<string, string> {
  const lines = linesOf<Verdict>(missionFile(repository, 'verdicts.jsonl', mission));
  return Object.fromEntries(lines.map(({ ticket, verdict }) => [ticket, verdict]));
}

/** Waits until `file` has a line, then kills the process as the system does when it is out of memory. */
async function killOnceThereIs(file: string, args: readonly string[], cwd: string): Promise<void> {
  const child = spawn(process.execPath, [script, 'review', ...args], { cwd, stdio: 'ignore' });
  const ended = new Promise<NodeJS.Signals | null>((done) => child.once('exit', (_, signal) => done(signal)));
  const hasLine = () => existsSync(file) && readFileSync(file, 'utf8').includes('\n');
  while (!hasLine() && child.exitCode === null) await new Promise((next) => setTimeout(next, 1));
  child.kill('SIGKILL');
  expect(await ended).toBe('SIGKILL');
}

/** Takes longer to search than it takes to see that a line was written. */
const largeText = fillExample('{{lower:60}}\n').repeat(700_000);

describe('sss review stage-a', () => {
  it('sums up each file, in the order of their names, without a value', () => {
    const { repository } = plantedRepository();
    const run = review(repository, 'stage-a');
    expect(run).toMatchObject({ status: 0, stdout: expect.stringContaining('summaries.jsonl') });
    const lines = linesOf<{ path: string; kind: string; candidates: { label: string; secret: string }[] }>(
      missionFile(repository, 'summaries.jsonl'),
    );
    const paths = lines.map(({ path }) => path);
    expect(paths).toEqual([...paths].sort());
    expect(lines.find(({ path }) => path === 'deploy/settings.env')).toMatchObject({
      kind: 'config',
      candidates: [{ label: 'secret', secret: 'ghp_********', proved: true, line: 2 }],
    });
    expect(lines.find(({ path }) => path === 'src/clean.py')).toMatchObject({ language: 'py', candidates: [] });
    expect(expectCleanFolder(repository)).toContain('manifest.json');
    expect(repository.git('status', '--short')).toBe('');
  });

  it('goes on after it was killed, and does nothing twice', async () => {
    const { repository } = plantedRepository();
    repository.write('z-large.txt', largeText);
    const args = ['stage-a', '--max-file-size', '0'];
    const file = missionFile(repository, 'summaries.jsonl');
    await killOnceThereIs(file, args, repository.root);
    const before = linesOf(file);
    expect(before.map(({ path }) => path)).not.toContain('z-large.txt');
    appendFileSync(file, '{"key":"half a li');
    repository.write('z-large.txt', 'small\n');
    const run = review(repository, ...args);
    expect(run).toMatchObject({ status: 0, stdout: expect.stringMatching(/\([1-9]\d* texts? as before\)/) });
    const after = linesOf(file);
    expect(after.slice(0, before.length)).toEqual(before);
    expect(after).toHaveLength(11);

    const whole = review(repository, 'stage-a', '--max-file-size', '0', '--mission', 'whole');
    expect(whole.status).toBe(0);
    expect(readFileSync(missionFile(repository, 'summaries.jsonl', 'whole'))).toEqual(readFileSync(file));
  });

  it('overwrites nothing unless it is told to, and then keeps what is the same', () => {
    const { repository } = plantedRepository();
    expect(review(repository, 'stage-a').status).toBe(0);
    const file = missionFile(repository, 'summaries.jsonl');
    const before = readFileSync(file, 'utf8');
    expect(review(repository, 'stage-a')).toMatchObject({ status: 2, stderr: expect.stringContaining('--force') });
    repository.write('src/clean.py', 'print()\n');
    expect(readFileSync(file, 'utf8')).toBe(before);
    expect(review(repository, 'stage-a', '--force')).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('(9 texts as before)'),
    });
    expect(readFileSync(file, 'utf8').split('\n')).toHaveLength(before.split('\n').length);
  });

  it('goes on with nothing but the same, and makes a damaged mission anew', () => {
    const { repository } = plantedRepository();
    repository.write('src/locked.py', 'x = 1\n');
    review(repository, 'stage-a');
    const file = missionFile(repository, 'summaries.jsonl');
    const manifest = missionFile(repository, 'manifest.json');
    const running = readFileSync(manifest, 'utf8').replace('"done"', '"running"');
    writeFileSync(manifest, running);
    expect(review(repository, 'stage-a', '--preset', 'wide')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('was begun with something else'),
    });
    const lines = readFileSync(file, 'utf8').split('\n');
    writeFileSync(file, [lines[0], '{"key": 1}', ...lines.slice(2)].join('\n'));
    const damaged = review(repository, 'stage-a');
    expect(damaged).toMatchObject({ status: 2, stderr: expect.stringContaining('summaries.jsonl:2 is damaged') });
    writeFileSync(manifest, 'nonsense');
    expect(review(repository, 'stage-a').stderr).toContain('manifest.json is damaged');
    expect(review(repository, 'stage-a', '--force').status).toBe(0);
    expect(readFileSync(file, 'utf8').split('\n')).toEqual(lines);
  });

  it.skipIf(process.getuid?.() === 0)('says what it could not read, and is 2 then', () => {
    const { repository } = plantedRepository();
    chmodSync(join(repository.root, 'src/app.py'), 0);
    const run = review(repository, 'stage-a');
    expect(run).toMatchObject({ status: 2, stderr: expect.stringContaining('src/app.py: permission denied') });
  });

  it('does not work where another process does, unless that is gone', () => {
    const { repository } = plantedRepository();
    review(repository, 'stage-a');
    const lock = missionFile(repository, 'lock');
    expect(existsSync(lock)).toBe(false);
    writeFileSync(lock, `${process.pid}\n`);
    const busy = review(repository, 'stage-a', '--force');
    expect(busy).toMatchObject({ status: 2, stderr: expect.stringContaining('another process works at this mission') });
    const gone = spawnSync(process.execPath, ['-e', '']).pid;
    writeFileSync(lock, `${gone}\n`);
    expect(review(repository, 'stage-a', '--force').status).toBe(0);
    expect(existsSync(lock)).toBe(false);
  });

  it('writes nothing through a link that a repository brings along', () => {
    const { repository } = plantedRepository();
    const elsewhere = temporaryDirectory();
    symlinkSync(elsewhere, join(repository.root, '.smart-secrets-scanner'));
    expect(review(repository, 'stage-a')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('symbolic link'),
    });
    expect(existsSync(join(elsewhere, 'reviews'))).toBe(false);
  });

  it.skipIf(process.platform === 'win32')('leaves whole lines where no more can be written', () => {
    const { repository } = plantedRepository();
    for (let i = 0; i < 30; i++) repository.write(`more/${i}.py`, `password = "${VALUES.password}${i}"\n`);
    const command = `trap '' XFSZ; ulimit -f 8; exec "$0" "$@"`;
    const run = spawnSync('bash', ['-c', command, process.execPath, script, 'review', 'stage-a'], {
      cwd: repository.root,
      encoding: 'utf8',
    });
    expect(run).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/cannot write .*summaries\.jsonl: .*\nhint: /),
    });
    const file = missionFile(repository, 'summaries.jsonl');
    const before = linesOf(file);
    expect(before.length).toBeGreaterThan(0);
    expect(readFileSync(file, 'utf8').endsWith('\n')).toBe(true);
    expect(review(repository, 'stage-a').status).toBe(0);
    expect(linesOf(file).slice(0, before.length)).toEqual(before);
  });
});

describe('sss review stage-b', () => {
  it('lets commits, pull requests and files pass or fail', () => {
    const { repository, commits } = plantedRepository();
    const file = tickets([
      { id: 'clean', kind: 'commit', ref: commits.clean },
      { id: 'password', kind: 'commit', ref: commits.password!.slice(0, 12) },
      { id: 'github', kind: 'file', ref: 'deploy/settings.env' },
      { id: 'url', kind: 'commit', ref: commits.url },
      { id: 'encoded', kind: 'commit', ref: commits.encoded },
      { id: 'all', kind: 'pull-request', ref: `${commits.clean}..HEAD` },
      { id: 'none', kind: 'pull-request', ref: 'HEAD..HEAD' },
    ]);
    const run = review(repository, 'stage-b', '--tickets', file);
    expect(run).toMatchObject({ status: 1, stdout: expect.stringMatching(/^pass {2}clean$/m) });
    expect(run.stdout).toMatch(/^fail {2}password {2}\(1 secret, first at src\/app\.py:3/m);
    expect(verdicts(repository)).toEqual({
      ...{ clean: 'pass', password: 'fail', github: 'fail', url: 'fail', encoded: 'fail', all: 'fail', none: 'pass' },
    });
    const report = readFileSync(missionFile(repository, 'report.md'), 'utf8');
    expect(report).toMatch(/^## Secrets review: fail\n/);
    expect(report).toContain('| `password` | **fail** | 1 |');
    expect(expectCleanFolder(repository).sort()).toEqual([
      '.gitignore',
      'manifest.json',
      'reflection.jsonl',
      'report.md',
      'rollouts.jsonl',
      'tickets.jsonl',
      'verdicts.jsonl',
    ]);
    expect(review(repository, 'stage-b', '--tickets', file).stderr).toContain('is done');
    const before = readFileSync(missionFile(repository, 'verdicts.jsonl'));
    expect(review(repository, 'stage-b', '--tickets', file, '--force').status).toBe(1);
    expect(readFileSync(missionFile(repository, 'verdicts.jsonl'))).toEqual(before);
  });

  it('is 0 for a range without secrets', () => {
    const { repository, commits } = plantedRepository();
    expect(review(repository, 'stage-b', '--range', `${commits.clean}^!`).status).toBe(2);
    repository.stage('src/more.py', 'print("hello")\n');
    repository.commit();
    expect(review(repository, 'stage-b', '--range', 'HEAD~1..HEAD')).toMatchObject({ status: 0, stderr: '' });
  });

  it('takes the files of stage A where no tickets are named', () => {
    const { repository } = plantedRepository();
    review(repository, 'stage-a', '--mission', 'both');
    expect(review(repository, 'stage-b', '--mission', 'both').status).toBe(1);
    expect(verdicts(repository, 'both')).toMatchObject({ 'src/app.py': 'fail', 'k8s/secret.yaml': 'fail' });
  });

  it('goes on after it was killed', async () => {
    const { repository } = plantedRepository();
    repository.stage('z-large.txt', largeText);
    repository.commit();
    const list = [
      { id: 'first', kind: 'file', ref: 'src/app.py' },
      { id: 'second', kind: 'file', ref: 'src/db.py' },
      { id: 'large', kind: 'file', ref: 'z-large.txt' },
    ];
    const file = tickets(list);
    const rollouts = missionFile(repository, 'rollouts.jsonl');
    const args = ['stage-b', '--tickets', file, '--max-file-size', '0'];
    await killOnceThereIs(rollouts, args, repository.root);
    const before = linesOf(rollouts);
    expect(existsSync(missionFile(repository, 'report.md'))).toBe(false);
    appendFileSync(rollouts, '{"ticket":"second","ke');
    repository.write('z-large.txt', 'small\n');
    expect(review(repository, ...args).status).toBe(1);
    expect(linesOf(rollouts).slice(0, before.length)).toEqual(before);
    expect(verdicts(repository)).toEqual({ first: 'fail', second: 'fail', large: 'pass' });
  });

  it('learns what helps from corrected tickets, refuses what does not, and lets no key with a checksum pass', () => {
    const { repository, commits } = plantedRepository();
    const manual = (i: number) => ({ id: `manual-${i}`, kind: 'commit', ref: commits[`manual ${i}`] });
    const first = tickets([manual(0), manual(1), manual(2), { id: 'app', kind: 'file', ref: 'src/app.py' }]);
    expect(review(repository, 'stage-b', '--tickets', first, '--mission', 'one').status).toBe(1);
    expect(verdicts(repository, 'one')).toMatchObject({ 'manual-0': 'fail', 'manual-2': 'fail', app: 'fail' });

    const labelled = tickets([
      { ...manual(0), correction: 'pass', because: `${VALUES.manual[0]} is made up for the manual` },
      { ...manual(1), correction: 'pass' },
      { ...manual(2), label: 'pass' },
      { id: 'app', kind: 'file', ref: 'src/app.py', label: 'fail' },
      { id: 'key', kind: 'commit', ref: commits['key in the manual'], label: 'pass' },
    ]);
    const run = review(repository, 'stage-b', '--tickets', labelled, '--mission', 'two');
    expect(run).toMatchObject({ status: 1, stdout: expect.stringContaining('1 line of guidance changed') });
    expect(verdicts(repository, 'two')).toEqual({
      ...{ 'manual-0': 'pass', 'manual-1': 'pass', 'manual-2': 'pass', app: 'fail', key: 'fail' },
    });
    const guidance = linesOf(join(repository.root, '.smart-secrets-scanner/guidance.jsonl'));
    expect(guidance).toMatchObject([
      {
        treat: 'harmless',
        path: '/manual/',
        name: 'sample_password',
        changes: [{ revision: 1, action: 'added', effect: { wrongBefore: 4, wrongAfter: 1 } }],
      },
    ]);
    const reflections = linesOf<{ decision: string; why: string }>(missionFile(repository, 'reflection.jsonl', 'two'));
    expect(reflections.filter(({ decision }) => decision === 'kept')).toHaveLength(1);
    expect(reflections.some(({ decision, why }) => decision === 'refused' && /do the same|gets better/.test(why))).toBe(
      true,
    );
    expectCleanFolder(repository);

    // What was learned holds for what comes, and for nothing else.
    const next = tickets([manual(3), { id: 'app', kind: 'file', ref: 'src/app.py' }]);
    expect(review(repository, 'stage-b', '--tickets', next, '--mission', 'three').status).toBe(1);
    expect(verdicts(repository, 'three')).toEqual({ 'manual-3': 'pass', app: 'fail' });
    const again = review(repository, 'stage-b', '--tickets', labelled, '--mission', 'four');
    expect(again.stdout).not.toContain('guidance changed');
  });

  it('judges what changes the guidance without it', () => {
    const { repository } = plantedRepository();
    const base = repository.git('rev-parse', 'HEAD');
    repository.stage('src/other.py', `sample_password = "${VALUES.other}"\n`);
    repository.stage(
      '.smart-secrets-scanner/guidance.jsonl',
      '{"treat": "harmless", "path": "src/", "because": "let me pass"}\n',
    );
    repository.commit();
    expect(review(repository, 'stage-b', '--range', `${base}..HEAD`).status).toBe(1);
    const [verdict] = linesOf<Verdict>(missionFile(repository, 'verdicts.jsonl'));
    expect(verdict!.notes[0]).toContain('changes the guidance itself');
    const file = tickets([{ id: 'f', kind: 'file', ref: 'src/other.py' }]);
    expect(review(repository, 'stage-b', '--tickets', file, '--mission', 'later').status).toBe(0);
  });

  it('says what is wrong with tickets, guidance and missions', () => {
    const { repository } = plantedRepository();
    const fails = (what: RegExp, ...args: string[]) => {
      const run = review(repository, 'stage-b', ...args);
      expect(run.status).toBe(2);
      expect(run.stderr).toMatch(what);
    };
    const good = { id: 'a', kind: 'commit', ref: 'HEAD' };
    const broken = tickets([good]);
    appendFileSync(broken, `{"id": "b", "kind": "commit", "ref": "${VALUES.password}`);
    fails(/tickets\.jsonl:2: it is no JSON/, '--tickets', broken);
    fails(/tickets\.jsonl:1: kind must be one of/, '--tickets', tickets([{ ...good, kind: 'branch' }]));
    fails(/tickets\.jsonl:2: .* line 1/, '--tickets', tickets([good, good]));
    fails(/ticket a: no such commit: gone/, '--tickets', tickets([{ ...good, ref: 'gone' }]));
    fails(/no such file or folder: gone\.py/, '--tickets', tickets([{ ...good, kind: 'file', ref: 'gone.py' }]));
    fails(/no such commit: nowhere/, '--range', 'nowhere..HEAD');
    fails(/cannot read the tickets/, '--tickets', 'nowhere.jsonl');
    fails(/there is no mission march/, '--mission', 'march');
    fails(/not a name for a mission/, '--mission', '../x', '--range', 'HEAD~1..HEAD');
    repository.write('.smart-secrets-scanner/guidance.jsonl', '{"treat": "harmless", "rule": "*", "because": "x"}\n');
    fails(/guidance\.jsonl:1: the line must look at a path or a name/, '--range', 'HEAD~1..HEAD');
    expect(existsSync(missionFile(repository, 'verdicts.jsonl'))).toBe(false);
  });

  it('lets nothing pass that it could not read', () => {
    const repository = makeRepository();
    repository.stage('a.txt', 'a\n');
    repository.commit();
    const file = tickets([{ id: 'pipe', kind: 'file', ref: 'pipe' }]);
    expect(spawnSync('mkfifo', [join(repository.root, 'pipe')]).status).toBe(0);
    const run = review(repository, 'stage-b', '--tickets', file);
    expect(run).toMatchObject({
      status: 2,
      stdout: expect.stringContaining('fail  pipe  (not read: pipe: a named pipe'),
    });
  });
});

describe('the workflow in docs/review.md', () => {
  const text = readFileSync(join(packageFolder, 'docs', 'review.md'), 'utf8');
  const workflow = parse(/```yaml\n([\s\S]*?)```/.exec(text)![1]!);
  const steps: { name?: string; run?: string }[] = workflow.jobs.review.steps;

  it('judges a pull request by the guidance of its base, and leaves the report', () => {
    const { repository } = plantedRepository();
    const base = repository.git('rev-parse', 'HEAD');
    repository.stage('src/new.py', `db_password = "${VALUES.other}"\n`);
    repository.stage('.smart-secrets-scanner/guidance.jsonl', '{"treat":"harmless","path":"src/","because":"mine"}\n');
    repository.commit();
    const temporary = temporaryDirectory();
    const npx = programFolder('npx', `#!/bin/sh\nshift 2\nexec "${process.execPath}" "${script}" "$@"\n`);
    const run = spawnSync('bash', ['-eo', 'pipefail', '-c', steps.find(({ name }) => name === 'Review')!.run!], {
      cwd: repository.root,
      encoding: 'utf8',
      env: {
        ...process.env,
        ...{ BASE: base, OUT: join(temporary, 'review'), RUNNER_TEMP: temporary },
        PATH: `${npx}:${process.env.PATH}`,
      },
    });
    expect(run).toMatchObject({ status: 1, stdout: expect.stringMatching(/^fail /) });
    expectNoValues(run.stdout + run.stderr, 'the output');
    expect(readFileSync(join(temporary, 'review', 'report.md'), 'utf8')).toContain('src/new.py:1');
  });

  it('puts no text of a pull request into a script', () => {
    for (const { run } of steps) expect(run ?? '').not.toContain('${' + '{');
  });
});

describe('sss review smoke', () => {
  it('tries everything, also what the configuration and the guidance say', () => {
    const repository = makeRepository();
    expect(review(repository, 'smoke')).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('can be run here'),
    });
    repository.write('.smart-secrets-scanner.toml', '[review]\nseed = 7\nguidance = "team.jsonl"\n');
    repository.write('team.jsonl', 'nonsense\n');
    const run = review(repository, 'smoke');
    expect(run).toMatchObject({ status: 2, stdout: expect.stringMatching(/^FAILED {2}guidance: .*team\.jsonl:1/m) });
    repository.write('.smart-secrets-scanner.toml', '[review]\nseeds = 7\n');
    expect(review(repository, 'smoke').stdout).toMatch(/^FAILED {2}config: /m);
  });
});
