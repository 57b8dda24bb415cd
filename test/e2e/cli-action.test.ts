import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { packageFolder, secretLine, secretValue } from './program.ts';
import { makeRepository, type TestRepository, temporaryDirectory } from './repository.ts';

interface Step {
  id?: string;
  run?: string;
  env?: Record<string, string>;
}

const action = parse(readFileSync(join(packageFolder, 'action.yml'), 'utf8'));
const step: Step = action.runs.steps.find((s: Step) => s.id === 'scan');

/** Runs the script of the step as GitHub does: `bash -eo pipefail`, the inputs in the environment. */
function runStep(repository: TestRepository, env: Record<string, string>) {
  const output = join(temporaryDirectory(), 'output');
  const result = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', step.run!], {
    cwd: repository.root,
    encoding: 'utf8',
    env: {
      ...process.env,
      ...{ SSS_SCAN: 'auto', SSS_PATH: '.', SSS_ARGS: '', SSS_FORMAT: 'github', SSS_SARIF: '', SSS_FAIL: 'true' },
      ...{ SSS_BASE: '', SSS_HEAD: '', SSS_EVENT: 'push', GITHUB_ACTION_PATH: packageFolder, GITHUB_OUTPUT: output },
      ...env,
    },
  });
  expect(result.stdout + result.stderr).not.toContain(secretValue);
  return { ...result, output: existsSync(output) ? readFileSync(output, 'utf8') : '' };
}

describe('action.yml', () => {
  it('puts no input into the text of a script', () => {
    for (const { run } of action.runs.steps as Step[]) expect(run ?? '').not.toContain('${{');
  });

  it('scans the files, annotates, writes SARIF, and fails', () => {
    const repository = makeRepository();
    repository.stage('app.py', secretLine);
    repository.commit();
    const run = runStep(repository, { SSS_SARIF: 'out.sarif' });
    expect(run).toMatchObject({ status: 1, output: 'exit-code=1\n' });
    expect(run.stdout).toMatch(/^::error .*file=app\.py/m);
    expect(JSON.parse(readFileSync(join(repository.root, 'out.sarif'), 'utf8')).runs[0].results).toHaveLength(1);
    expect(runStep(repository, { SSS_FAIL: 'false' })).toMatchObject({ status: 0, output: 'exit-code=1\n' });
    expect(runStep(repository, { SSS_FAIL: 'false', SSS_ARGS: '--preset nonsense' })).toMatchObject({ status: 2 });
  });

  it('scans the commits of a pull request', () => {
    const repository = makeRepository();
    repository.stage('old.py', secretLine);
    const base = repository.commit();
    repository.stage('new.py', 'print()\n');
    const clean = repository.commit();
    repository.stage('new.py', secretLine);
    const leak = repository.commit();
    const event = { SSS_EVENT: 'pull_request', SSS_BASE: base };
    expect(runStep(repository, { ...event, SSS_HEAD: clean })).toMatchObject({ status: 0 });
    expect(runStep(repository, { ...event, SSS_HEAD: leak })).toMatchObject({ status: 1 });
    expect(runStep(repository, { ...event, SSS_HEAD: '1'.repeat(40) })).toMatchObject({
      status: 2,
      stdout: expect.stringContaining('fetch-depth: 0'),
    });
  });

  it('takes options apart at blanks, and nothing else', () => {
    const repository = makeRepository();
    repository.write('app.py', secretLine);
    expect(runStep(repository, { SSS_ARGS: '--preset  strict --quiet' }).status).toBe(1);
    runStep(repository, { SSS_ARGS: '$(touch made) `touch made` ; touch made' });
    expect(existsSync(join(repository.root, 'made'))).toBe(false);
    expect(runStep(repository, { SSS_SCAN: 'everything' }).status).toBe(2);
  });
});

describe('.pre-commit-hooks.yaml', () => {
  const hooks: Record<string, unknown>[] = parse(readFileSync(join(packageFolder, '.pre-commit-hooks.yaml'), 'utf8'));

  it('names programs and hooks that there are', () => {
    const { bin } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8'));
    expect(hooks.map(({ id }) => id)).toEqual([
      'smart-secrets-scanner',
      'smart-secrets-scanner-push',
      'smart-secrets-scanner-system',
    ]);
    for (const hook of hooks) {
      const [program, ...args] = String(hook.entry).split(' ');
      expect(Object.keys(bin)).toContain(program);
      expect(args.slice(0, 2)).toEqual(['hook', 'run']);
      expect(hook).toMatchObject({ pass_filenames: false, always_run: true });
      expect(hook.stages).toContain(args[2]);
    }
  });
});
