import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { secretLine, secretValue, sss } from './program.ts';
import { type GitResult, makeRepository, type TestRepository, temporaryDirectory } from './repository.ts';

const clean = 'print("hello")\n';
let repository: TestRepository;

beforeEach(() => {
  repository = makeRepository();
  expect(sss(['hook', 'install'], { cwd: repository.root }).status).toBe(0);
});

function head(): string {
  return repository.tryGit(['rev-parse', '--verify', '--quiet', 'HEAD']).stdout;
}

/** Runs git, expects that the scanner blocked it, and returns what was said. */
function blocked(args: readonly string[], options: Parameters<TestRepository['tryGit']>[1] = {}): string {
  const before = head();
  const { status, stdout, stderr } = repository.tryGit(args, options);
  expect(status, stdout + stderr).not.toBe(0);
  expect(head()).toBe(before);
  expect(stdout + stderr).not.toContain(secretValue);
  return stdout + stderr;
}

function passes(args: readonly string[], options: Parameters<TestRepository['tryGit']>[1] = {}): GitResult {
  const result = repository.tryGit(args, options);
  expect(result.status, result.stdout + result.stderr).toBe(0);
  return result;
}

describe('git commit', () => {
  it('is judged on the index: a secret that is staged and then cleaned on disk blocks', () => {
    repository.stage('app.py', secretLine);
    repository.write('app.py', clean);
    const said = blocked(['commit', '-m', 'x']);
    expect(said).toContain('app.py:1');
    expect(said).toContain('SSS_SKIP=1');
    expect(said).toContain('--no-verify');
  });

  it('is judged on the index: a clean staged file with a dirty working copy passes', () => {
    repository.stage('app.py', clean);
    repository.write('app.py', secretLine);
    expect(passes(['commit', '-m', 'x']).stderr).toBe('');
  });

  it('can be made without a scan, which is said', () => {
    repository.stage('app.py', secretLine);
    expect(passes(['commit', '-m', 'x'], { env: { SSS_SKIP: '1' } }).stderr).toContain('skipped');
    repository.stage('more.py', secretLine);
    passes(['commit', '-m', 'x', '--no-verify']);
    repository.stage('third.py', secretLine);
    blocked(['commit', '-m', 'x'], { env: { SSS_SKIP: '0' } });
  });

  it('-a, FILE and --include see what they add, and only that', () => {
    repository.stage('app.py', clean);
    repository.stage('other.py', clean);
    repository.commit();
    repository.write('app.py', secretLine);
    expect(blocked(['commit', '-a', '-m', 'x'])).toContain('app.py:1');
    expect(blocked(['commit', '-m', 'x', 'app.py'])).toContain('app.py:1');
    repository.write('other.py', `${clean}${clean}`);
    passes(['commit', '-m', 'x', 'other.py']);
    repository.stage('other.py', clean);
    expect(blocked(['commit', '-m', 'x', '--include', 'app.py'])).toContain('app.py:1');
  });

  it('FILE passes while another file with a secret is staged', () => {
    repository.stage('app.py', clean);
    repository.commit();
    repository.stage('secret.py', secretLine);
    repository.write('app.py', `${clean}${clean}`);
    passes(['commit', '-m', 'x', 'app.py']);
  });

  it('--amend is judged on what it adds', () => {
    repository.stage('app.py', clean);
    repository.commit();
    repository.stage('app.py', secretLine);
    expect(blocked(['commit', '--amend', '--no-edit'])).toContain('app.py:1');
  });

  it('works from a subdirectory, and in a first commit', () => {
    repository.stage('deep/app.py', secretLine);
    const said = blocked(['commit', '-m', 'x'], { cwd: join(repository.root, 'deep') });
    expect(said).toContain('deep/app.py:1');
  });

  it('of a merge with conflicts blocks what the merge brings in, not what was committed before', () => {
    repository.stage('app.py', 'a = 1\n');
    repository.commit();
    repository.git('checkout', '--quiet', '-b', 'side');
    repository.stage('app.py', 'a = 2\n');
    repository.stage('old.py', secretLine);
    repository.git('commit', '--quiet', '--no-verify', '-m', 'side');
    repository.git('checkout', '--quiet', 'main');
    repository.stage('app.py', 'a = 3\n');
    repository.commit();
    expect(repository.tryGit(['merge', 'side']).status).not.toBe(0);
    repository.stage('app.py', `a = 4\n${secretLine}`);
    const said = blocked(['commit', '-m', 'merge']);
    expect(said).toContain('app.py:2');
    expect(said).not.toContain('old.py');
    repository.stage('app.py', 'a = 4\n');
    passes(['commit', '-m', 'merge']);
  });

  it('works in a linked worktree', () => {
    repository.stage('app.py', clean);
    repository.commit();
    const linked = join(temporaryDirectory(), 'linked');
    repository.git('worktree', 'add', '--quiet', '-b', 'other', linked);
    writeFileSync(join(linked, 'app.py'), secretLine);
    const { status, stderr } = repository.tryGit(['commit', '-am', 'x'], { cwd: linked });
    expect(status).not.toBe(0);
    expect(stderr).toContain('app.py:1');
  });

  it('passes with nothing staged', () => {
    repository.stage('app.py', clean);
    repository.commit();
    passes(['commit', '--allow-empty', '-m', 'empty']);
  });
});

describe('a hook that cannot do its job', () => {
  it('blocks with a broken configuration, and says how to go on', () => {
    repository.write('.smart-secrets-scanner.toml', 'preset = [\n');
    repository.stage('app.py', clean);
    const said = blocked(['commit', '-m', 'x']);
    expect(said).toMatch(/error: .*\.smart-secrets-scanner\.toml/);
    expect(said).toContain('The commit is blocked');
    expect(said).toContain('SSS_SKIP=1');
    expect(said).not.toMatch(/^\s+at /m);
  });

  it('blocks when an object cannot be read', () => {
    repository.stage('app.py', clean);
    const object = repository.git('rev-parse', ':app.py');
    rmSync(join(repository.root, '.git/objects', object.slice(0, 2), object.slice(2)));
    // git itself does not look at the object again; only the scan does.
    expect(sss(['hook', 'run', 'pre-commit'], { cwd: repository.root })).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('SSS_SKIP=1'),
    });
  });

  it('blocks outside a repository and with options that it does not know', () => {
    const outside = temporaryDirectory();
    mkdirSync(join(outside, 'x'));
    expect(sss(['hook', 'run'], { cwd: outside, env: { GIT_CEILING_DIRECTORIES: outside } }).status).toBe(2);
    expect(sss(['hook', 'run', 'post-commit'], { cwd: repository.root })).toMatchObject({ status: 2 });
    expect(sss(['hook', 'run', '--quick'], { cwd: repository.root })).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/^error: Unknown option '--quick'\nhint: /),
    });
  });
});

describe('under pre-commit.com', () => {
  const env = { PRE_COMMIT: '1' };

  it('scans the tree in `pre-commit run --all-files`, where nothing is staged', () => {
    repository.stage('app.py', secretLine);
    repository.git('commit', '--quiet', '--no-verify', '-m', 'x');
    expect(sss(['hook', 'run', 'pre-commit'], { cwd: repository.root, env })).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('app.py:1'),
    });
    // An empty commit is no wish to scan the tree.
    const index = join(repository.root, '.git/index');
    expect(
      sss(['hook', 'run', 'pre-commit'], { cwd: repository.root, env: { ...env, GIT_INDEX_FILE: index } }).status,
    ).toBe(0);
  });

  it('scans what is staged when something is', () => {
    repository.stage('old.py', secretLine);
    repository.git('commit', '--quiet', '--no-verify', '-m', 'x');
    repository.stage('app.py', clean);
    expect(sss(['hook', 'run', 'pre-commit'], { cwd: repository.root, env }).status).toBe(0);
  });

  it('scans the commits that it is told of', () => {
    repository.stage('app.py', clean);
    const from = repository.commit();
    repository.stage('app.py', secretLine);
    repository.git('commit', '--quiet', '--no-verify', '-m', 'x');
    const told = { ...env, PRE_COMMIT_FROM_REF: from, PRE_COMMIT_TO_REF: 'HEAD' };
    expect(sss(['hook', 'run', 'pre-push'], { cwd: repository.root, env: told }).status).toBe(1);
    expect(
      sss(['hook', 'run', 'pre-push'], { cwd: repository.root, env: { ...told, PRE_COMMIT_TO_REF: from } }).status,
    ).toBe(0);
  });
});
