import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { installPackage, packageFolder, programFolder, secretLine, sss } from './program.ts';
import { makeRepository, type TestRepository, temporaryDirectory } from './repository.ts';

const husky = join(packageFolder, 'node_modules', 'husky', 'bin.js');

/** A PATH with git and the tools of a shell, and nothing of what the machine has besides, unless it is named. */
function bareTools(...names: string[]): string {
  const folder = temporaryDirectory();
  for (const name of ['git', 'sh', 'cat', 'dirname', 'basename', 'env', ...names]) {
    const found = spawnSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).stdout.trim();
    symlinkSync(name === 'node' ? process.execPath : found, join(folder, name));
  }
  return folder;
}

/** Commits a secret with only the hook that the package ships, copied into place as install writes it for a team. */
function commitSecret(repository: TestRepository, path: string) {
  repository.stage('app.py', secretLine);
  return repository.tryGit(['commit', '-m', 'x'], { env: { PATH: path } });
}

/** Installs for a committed hooks folder, so that the hook holds no path of this machine. */
function installCommitted(repository: TestRepository, cwd = repository.root): void {
  repository.git('config', 'core.hooksPath', 'hooks');
  expect(sss(['hook', 'install'], { cwd }).status).toBe(0);
}

describe('a hook finds the scanner', () => {
  it("in the repository's node_modules", () => {
    const repository = makeRepository();
    installPackage(repository.root);
    installCommitted(repository);
    expect(commitSecret(repository, bareTools('node'))).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('app.py:1'),
    });
  });

  it('in node_modules of the folder that it was installed from', () => {
    const repository = makeRepository();
    installPackage(join(repository.root, 'web app'));
    installCommitted(repository, join(repository.root, 'web app'));
    expect(readFileSync(join(repository.root, 'hooks/pre-commit'), 'utf8')).toContain(
      "home='web app/node_modules/smart-secrets-scanner'",
    );
    expect(commitSecret(repository, bareTools('node'))).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('app.py:1'),
    });
  });

  it('in node_modules of the main working tree, from a linked one', () => {
    const repository = makeRepository();
    installPackage(repository.root);
    repository.git('config', 'core.hooksPath', join(repository.root, 'hooks'));
    repository.stage('.gitignore', 'node_modules\n');
    repository.commit();
    expect(sss(['hook', 'install'], { cwd: repository.root }).status).toBe(0);
    const linked = join(temporaryDirectory(), 'linked');
    repository.git('worktree', 'add', '--quiet', '-b', 'other', linked);
    writeFileSync(join(linked, 'app.py'), secretLine);
    repository.tryGit(['add', 'app.py'], { cwd: linked });
    expect(repository.tryGit(['commit', '-m', 'x'], { cwd: linked, env: { PATH: bareTools('node') } })).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('app.py:1'),
    });
  });

  it('on PATH', () => {
    const repository = makeRepository();
    installCommitted(repository);
    const tools = programFolder('smart-secrets-scanner', '#!/bin/sh\necho "called with $*" >&2\nexit 1\n');
    expect(commitSecret(repository, `${tools}:${bareTools('node')}`)).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('called with hook run pre-commit'),
    });
  });

  it('where it was installed from, with the node of then, when PATH has neither', () => {
    const repository = makeRepository();
    sss(['hook', 'install'], { cwd: repository.root });
    expect(commitSecret(repository, bareTools())).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('app.py:1'),
    });
  });

  it('or blocks, and says how to go on', () => {
    const repository = makeRepository();
    installCommitted(repository);
    const { status, stderr } = commitSecret(repository, bareTools('node'));
    expect(status).not.toBe(0);
    expect(stderr).toContain('not installed here');
    expect(stderr).toContain('npm install');
    expect(stderr).toContain('SSS_SKIP=1 git commit');
    const withoutNode = commitSecret(repository, bareTools());
    expect(withoutNode.status).not.toBe(0);
    expect(withoutNode.stderr).toContain('node is not on PATH');
    expect(withoutNode.stderr).toContain('--no-verify');
    expect(repository.tryGit(['commit', '-m', 'x'], { env: { PATH: bareTools(), SSS_SKIP: '1' } }).status).toBe(0);
  });
});

describe('the shipped hooks', () => {
  const shells = ['sh', 'dash', 'bash', 'busybox'].filter((shell) => spawnSync(shell, ['-c', ':']).error === undefined);

  it.each(shells)('work in %s, strict modes included', (shell) => {
    const repository = makeRepository();
    repository.stage('app.py', secretLine);
    const args = shell === 'busybox' ? ['sh'] : [];
    for (const flags of [[], ['-eu']]) {
      for (const [type, status] of [
        ['pre-commit', 1],
        ['pre-push', 0],
      ] as const) {
        const hook = join(packageFolder, 'hooks', type);
        const result = spawnSync(shell, [...args, ...flags, hook, 'origin', 'url'], {
          cwd: repository.root,
          encoding: 'utf8',
          input: '',
        });
        expect(result.status, result.stderr).toBe(status);
      }
    }
  });
});

describe('husky', () => {
  function huskyRepository(): TestRepository {
    const repository = makeRepository();
    const { status } = spawnSync(process.execPath, [husky], { cwd: repository.root });
    expect(status).toBe(0);
    expect(repository.git('config', 'core.hooksPath')).toBe('.husky/_');
    return repository;
  }

  it('runs the scanner from .husky/pre-commit, after a fresh installation of husky too', () => {
    const repository = huskyRepository();
    installPackage(repository.root);
    const { stdout } = sss(['hook', 'install'], { cwd: repository.root });
    expect(stdout).toContain('.husky/pre-commit');
    expect(readFileSync(join(repository.root, '.husky/pre-commit'), 'utf8')).not.toContain(packageFolder);
    spawnSync(process.execPath, [husky], { cwd: repository.root });
    expect(sss(['hook', 'status'], { cwd: repository.root }).status).toBe(0);
    repository.stage('app.py', secretLine);
    expect(repository.tryGit(['commit', '-m', 'x'])).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('app.py:1'),
    });
    repository.stage('app.py', 'print()\n');
    expect(repository.tryGit(['commit', '-m', 'x']).status).toBe(0);
    sss(['hook', 'uninstall'], { cwd: repository.root });
    expect(existsSync(join(repository.root, '.husky/pre-commit'))).toBe(false);
  });

  it('keeps what its hook did', () => {
    const repository = huskyRepository();
    installPackage(repository.root);
    repository.write('.husky/pre-commit', 'echo earlier hook ran\n');
    sss(['hook', 'install', '--manager', 'husky'], { cwd: repository.root });
    repository.stage('app.py', 'print()\n');
    expect(repository.tryGit(['commit', '-m', 'x'])).toMatchObject({
      status: 0,
      stderr: expect.stringContaining('earlier hook ran'),
    });
    sss(['hook', 'uninstall'], { cwd: repository.root });
    expect(readFileSync(join(repository.root, '.husky/pre-commit'), 'utf8')).toBe('echo earlier hook ran\n');
  });

  it('says when it is not set up in this clone', () => {
    const repository = huskyRepository();
    installPackage(repository.root);
    repository.git('config', '--unset', 'core.hooksPath');
    expect(sss(['hook', 'install'], { cwd: repository.root }).stdout).toContain('npx husky');
    expect(sss(['hook', 'status'], { cwd: repository.root }).status).toBe(1);
  });

  it('is not written behind its back, and not where it is not', () => {
    const repository = huskyRepository();
    expect(sss(['hook', 'install', '--manager', 'git'], { cwd: repository.root })).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('hint: '),
    });
    const plain = makeRepository();
    expect(sss(['hook', 'install', '--manager', 'husky'], { cwd: plain.root })).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('hint: '),
    });
  });

  it('has a pre-push hook that is told what is pushed', () => {
    const repository = huskyRepository();
    installPackage(repository.root);
    const remote = makeRepository({ bare: true });
    repository.git('remote', 'add', 'origin', remote.root);
    sss(['hook', 'install', '--type', 'both'], { cwd: repository.root });
    repository.stage('app.py', secretLine);
    repository.git('commit', '--quiet', '--no-verify', '-m', 'x');
    expect(repository.tryGit(['push', 'origin', 'main'])).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('app.py:1'),
    });
  });
});
