import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageFolder, secretLine, sss } from './program.ts';
import { makeRepository, type TestRepository, temporaryDirectory } from './repository.ts';

function writeHook(path: string, content: string | Buffer, mode = 0o755): void {
  writeFileSync(path, content);
  chmodSync(path, mode);
}

/** Tries to commit a secret; returns what git said, after checking that nothing was committed. */
function commitSecret(repository: TestRepository, cwd = repository.root): string {
  const before = repository.tryGit(['rev-parse', 'HEAD']).stdout;
  writeFileSync(join(cwd, 'app.py'), secretLine);
  repository.tryGit(['add', 'app.py'], { cwd });
  const { status, stdout, stderr } = repository.tryGit(['commit', '-m', 'secret'], { cwd });
  expect(status).not.toBe(0);
  expect(repository.tryGit(['rev-parse', 'HEAD']).stdout).toBe(before);
  repository.tryGit(['reset', '--quiet'], { cwd });
  return stdout + stderr;
}

describe('hook install', () => {
  it('goes by the repository that the environment names, as git does', () => {
    const [named, other] = [makeRepository(), makeRepository()];
    // An editor in the environment, as git itself leaves one in hooks, is no reason to refuse.
    const env = { GIT_DIR: join(named.root, '.git'), GIT_WORK_TREE: other.root, GIT_EDITOR: ':' };
    expect(sss(['hook', 'install'], { cwd: other.root, env })).toMatchObject({ status: 0 });
    expect(existsSync(join(named.root, '.git/hooks/pre-commit'))).toBe(true);
    expect(existsSync(join(other.root, '.git/hooks/pre-commit'))).toBe(false);
  });

  it('makes a hook that blocks, does not grow when installed again, and leaves nothing behind', () => {
    const repository = makeRepository();
    const hook = join(repository.root, '.git/hooks/pre-commit');
    expect(sss(['hook', 'status'], { cwd: repository.root })).toMatchObject({ status: 1 });
    expect(sss(['hook', 'install'], { cwd: repository.root })).toMatchObject({ status: 0 });
    const installed = readFileSync(hook, 'utf8');
    expect(statSync(hook).mode & 0o777).toBe(0o755);
    expect(sss(['hook', 'install'], { cwd: repository.root }).stdout).toContain('already installed');
    expect(readFileSync(hook, 'utf8')).toBe(installed);
    expect(sss(['hook', 'status'], { cwd: repository.root })).toMatchObject({ status: 0 });
    expect(commitSecret(repository)).toContain('app.py:1');
    expect(sss(['hook', 'uninstall'], { cwd: repository.root }).stdout).toContain('removed');
    expect(existsSync(hook)).toBe(false);
    expect(sss(['hook', 'uninstall'], { cwd: repository.root }).stdout).toContain('was not installed');
  });

  it('turns a hook of its own that lost its executable bit on again', () => {
    const repository = makeRepository();
    const hook = join(repository.root, '.git/hooks/pre-commit');
    sss(['hook', 'install'], { cwd: repository.root });
    chmodSync(hook, 0o644);
    expect(sss(['hook', 'status'], { cwd: repository.root })).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('not executable'),
    });
    sss(['hook', 'install'], { cwd: repository.root });
    expect(commitSecret(repository)).toContain('app.py:1');
  });

  it.each([
    ['a shell script', '#!/bin/sh\necho earlier hook ran\n', 0o755],
    ['a strict shell script', '#!/bin/sh -eu\necho earlier hook ran', 0o775],
    ['a script that is not shell', `#!${process.execPath}\nconsole.log('earlier hook ran')\n`, 0o755],
  ])('keeps %s that is there, and gives its bytes and mode back', (_, content, mode) => {
    const repository = makeRepository();
    const hook = join(repository.root, '.git/hooks/pre-commit');
    writeHook(hook, content, mode);
    sss(['hook', 'install'], { cwd: repository.root });
    sss(['hook', 'install'], { cwd: repository.root });
    expect(commitSecret(repository)).not.toContain('earlier hook ran');
    repository.stage('app.py', 'print()\n');
    expect(repository.tryGit(['commit', '-m', 'clean'])).toMatchObject({
      status: 0,
      stderr: expect.stringContaining('earlier hook ran'),
    });
    sss(['hook', 'uninstall'], { cwd: repository.root });
    expect(readFileSync(hook, 'utf8')).toBe(content);
    expect(statSync(hook).mode & 0o777).toBe(mode);
    expect(existsSync(`${hook}.before-sss`)).toBe(false);
  });

  it('lets the earlier hook block, whatever its kind', () => {
    for (const content of ['#!/bin/sh\nexit 7\n', `#!${process.execPath}\nprocess.exit(7)\n`]) {
      const repository = makeRepository();
      writeHook(join(repository.root, '.git/hooks/pre-commit'), content);
      sss(['hook', 'install'], { cwd: repository.root });
      repository.stage('app.py', 'print()\n');
      expect(repository.tryGit(['commit', '-m', 'clean']).status).not.toBe(0);
    }
  });

  it('does not wake a hook that its user had switched off', () => {
    const repository = makeRepository();
    const hook = join(repository.root, '.git/hooks/pre-commit');
    writeHook(hook, '#!/bin/sh\nexit 1\n', 0o644);
    sss(['hook', 'install'], { cwd: repository.root });
    repository.stage('app.py', 'print()\n');
    expect(repository.tryGit(['commit', '-m', 'clean']).status).toBe(0);
    expect(commitSecret(repository)).toContain('app.py:1');
    sss(['hook', 'uninstall'], { cwd: repository.root });
    expect(statSync(hook).mode & 0o777).toBe(0o644);
  });

  it('does not write through a hook that is a link', () => {
    const repository = makeRepository();
    repository.write('tools/hook.sh', '#!/bin/sh\necho earlier hook ran\n');
    chmodSync(join(repository.root, 'tools/hook.sh'), 0o755);
    const hook = join(repository.root, '.git/hooks/pre-commit');
    symlinkSync('../../tools/hook.sh', hook);
    sss(['hook', 'install'], { cwd: repository.root });
    expect(readFileSync(join(repository.root, 'tools/hook.sh'), 'utf8')).toBe('#!/bin/sh\necho earlier hook ran\n');
    repository.stage('app.py', 'print()\n');
    expect(repository.tryGit(['commit', '-m', 'clean'])).toMatchObject({
      status: 0,
      stderr: expect.stringContaining('earlier hook ran'),
    });
    sss(['hook', 'uninstall'], { cwd: repository.root });
    expect(lstatSync(hook).isSymbolicLink()).toBe(true);
    expect(readlinkSync(hook)).toBe('../../tools/hook.sh');
  });

  it('never overwrites what an earlier installation left', () => {
    const repository = makeRepository();
    const hook = join(repository.root, '.git/hooks/pre-commit');
    writeHook(hook, `#!${process.execPath}\n`);
    writeHook(`${hook}.before-sss`, 'precious');
    const { status, stderr } = sss(['hook', 'install'], { cwd: repository.root });
    expect(status).toBe(2);
    expect(stderr).toMatch(/^error: .*before-sss.*\nhint: /);
    expect(readFileSync(`${hook}.before-sss`, 'utf8')).toBe('precious');
    expect(readFileSync(hook, 'utf8')).toBe(`#!${process.execPath}\n`);
  });

  it('heeds core.hooksPath inside the repository, and writes no path of this machine there', () => {
    const repository = makeRepository();
    repository.git('config', 'core.hooksPath', 'tools/hooks');
    mkdirSync(join(repository.root, 'sub'));
    const { stdout } = sss(['hook', 'install'], { cwd: join(repository.root, 'sub') });
    expect(stdout).toContain('tools/hooks/pre-commit');
    const hook = readFileSync(join(repository.root, 'tools/hooks/pre-commit'), 'utf8');
    expect(hook).not.toContain(packageFolder);
    expect(hook).not.toContain(process.execPath);
    expect(existsSync(join(repository.root, '.git/hooks/pre-commit'))).toBe(false);
  });

  it('refuses to write hooks outside of the repository', () => {
    const repository = makeRepository();
    const shared = temporaryDirectory();
    repository.git('config', 'core.hooksPath', shared);
    const { status, stderr } = sss(['hook', 'install'], { cwd: repository.root });
    expect(status).toBe(2);
    expect(stderr).toContain(shared);
    expect(stderr).toContain('hint: ');
    expect(existsSync(join(shared, 'pre-commit'))).toBe(false);
    repository.git('config', '--unset', 'core.hooksPath');
    symlinkSync(shared, join(repository.root, 'linked'));
    repository.git('config', 'core.hooksPath', 'linked');
    expect(sss(['hook', 'install'], { cwd: repository.root }).status).toBe(2);
    expect(existsSync(join(shared, 'pre-commit'))).toBe(false);
  });

  it("needs no installation where core.hooksPath is the package's own folder", () => {
    const repository = makeRepository();
    const own = join(packageFolder, 'hooks');
    const before = readFileSync(join(own, 'pre-commit'), 'utf8');
    repository.git('config', 'core.hooksPath', own);
    expect(sss(['hook', 'install'], { cwd: repository.root })).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('already'),
    });
    expect(readFileSync(join(own, 'pre-commit'), 'utf8')).toBe(before);
    expect(sss(['hook', 'uninstall'], { cwd: repository.root }).status).toBe(2);
    expect(commitSecret(repository)).toContain('app.py:1');
  });

  it('serves all linked worktrees', () => {
    const repository = makeRepository();
    repository.commit();
    const linked = join(temporaryDirectory(), 'linked');
    repository.git('worktree', 'add', '--quiet', '-b', 'other', linked);
    expect(sss(['hook', 'install'], { cwd: linked }).status).toBe(0);
    expect(existsSync(join(repository.root, '.git/hooks/pre-commit'))).toBe(true);
    expect(commitSecret(repository, linked)).toContain('app.py:1');
    expect(commitSecret(repository)).toContain('app.py:1');
  });

  it('sees a call that its user wrote', () => {
    const repository = makeRepository();
    const hook = join(repository.root, '.git/hooks/pre-commit');
    const content = `#!/bin/sh\nexec "${process.execPath}" "${join(packageFolder, 'bin/smart-secrets-scanner.js')}" hook run pre-commit\n`;
    writeHook(hook, content);
    expect(sss(['hook', 'install'], { cwd: repository.root }).stdout).toContain('a line of your own');
    expect(readFileSync(hook, 'utf8')).toBe(content);
    expect(sss(['hook', 'status'], { cwd: repository.root }).status).toBe(0);
  });

  it('says what is wrong outside a repository and in a bare one', () => {
    const outside = temporaryDirectory();
    expect(sss(['hook', 'install'], { cwd: outside, env: { GIT_CEILING_DIRECTORIES: outside } })).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/^error: this is not a git repository\nhint: /),
    });
    const bare = makeRepository({ bare: true });
    expect(sss(['hook', 'install'], { cwd: bare.root })).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/^error: /),
    });
  });
});
