import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { secretLine, secretValue, sss } from './program.ts';
import { makeRepository, type TestRepository, temporaryDirectory } from './repository.ts';

let remote: TestRepository;
let repository: TestRepository;

beforeEach(() => {
  remote = makeRepository({ bare: true });
  repository = makeRepository();
  repository.git('remote', 'add', 'origin', remote.root);
  repository.stage('app.py', 'print()\n');
  repository.commit('first');
  repository.git('push', '--quiet', 'origin', 'main');
  expect(sss(['hook', 'install', '--type', 'pre-push'], { cwd: repository.root }).status).toBe(0);
});

function commitFile(path: string, content: string, message = 'change'): void {
  repository.stage(path, content);
  repository.commit(message);
}

function push(...args: string[]) {
  return repository.tryGit(['push', ...args]);
}

describe('git push', () => {
  it('blocks a commit with a secret, also when a later one removes it', () => {
    commitFile('app.py', secretLine);
    commitFile('app.py', 'print()\n');
    const { status, stderr, stdout } = push('origin', 'main');
    expect(status).not.toBe(0);
    expect(stderr).toContain('app.py:1');
    expect(stderr).toContain('git push --no-verify');
    expect(stdout + stderr).not.toContain(secretValue);
    expect(remote.git('rev-list', '--count', 'main')).toBe('1');
  });

  it('passes clean commits', () => {
    commitFile('app.py', 'print(2)\n');
    expect(push('origin', 'main').status).toBe(0);
    expect(remote.git('rev-list', '--count', 'main')).toBe('2');
    expect(push('origin', 'main').status).toBe(0);
  });

  it('can be made without a scan', () => {
    commitFile('app.py', secretLine);
    expect(repository.tryGit(['push', 'origin', 'main'], { env: { SSS_SKIP: '1' } })).toMatchObject({
      status: 0,
      stderr: expect.stringContaining('skipped'),
    });
    commitFile('b.py', secretLine);
    expect(push('--no-verify', 'origin', 'main').status).toBe(0);
  });

  it('of a new branch scans what no remote has, and nothing else', () => {
    commitFile('old.py', secretLine);
    push('--no-verify', 'origin', 'main');
    repository.git('checkout', '--quiet', '-b', 'topic');
    commitFile('new.py', 'print()\n');
    expect(push('origin', 'topic').status).toBe(0);
    repository.git('checkout', '--quiet', '-b', 'topic-2');
    commitFile('new.py', secretLine);
    expect(push('origin', 'topic-2')).toMatchObject({ status: 1, stderr: expect.stringContaining('new.py:1') });
  });

  it('deletes branches without a scan', () => {
    push('origin', 'main:gone');
    commitFile('app.py', secretLine);
    expect(push('origin', ':gone').status).toBe(0);
  });

  it('scans what a forced push brings, also over a commit that is not here', () => {
    const other = makeRepository();
    other.git('remote', 'add', 'origin', remote.root);
    other.git('pull', '--quiet', 'origin', 'main');
    other.stage('theirs.py', 'print()\n');
    other.commit('theirs');
    other.git('push', '--quiet', 'origin', 'main');
    repository.stage('app.py', secretLine);
    repository.git('commit', '--quiet', '--amend', '--no-edit');
    expect(push('--force', 'origin', 'main')).toMatchObject({ status: 1, stderr: expect.stringContaining('app.py:1') });
    repository.stage('app.py', 'print(3)\n');
    repository.git('commit', '--quiet', '--amend', '--no-edit');
    expect(push('--force', 'origin', 'main').status).toBe(0);
  });

  it('scans a tag and what it leads to, and the message of the tag', () => {
    repository.git('checkout', '--quiet', '--detach');
    commitFile('app.py', secretLine);
    repository.git('tag', 'light');
    expect(push('origin', 'light')).toMatchObject({ status: 1, stderr: expect.stringContaining('app.py:1') });
    repository.git('checkout', '--quiet', 'main');
    repository.git('tag', '--annotate', 'noted', '--message', `release\n\n${secretLine}`);
    expect(push('origin', 'noted')).toMatchObject({ status: 1, stderr: expect.stringContaining('tag:') });
    repository.git('tag', '--annotate', 'fine', '--message', 'release');
    expect(push('origin', 'fine').status).toBe(0);
  });

  it('scans all refs of a push', () => {
    repository.git('branch', 'a');
    repository.git('checkout', '--quiet', '-b', 'b');
    commitFile('b.py', secretLine);
    expect(push('--all', 'origin')).toMatchObject({ status: 1, stderr: expect.stringContaining('b.py:1') });
  });

  it('to a bare URL scans what is new there', () => {
    const url = makeRepository({ bare: true });
    commitFile('old.py', secretLine);
    expect(push(url.root, 'main').status).toBe(1);
    push('--no-verify', url.root, 'main');
    commitFile('new.py', 'print()\n');
    expect(push(url.root, 'main').status).toBe(0);
  });

  it('hands what git says on to the hook that was there', () => {
    const hook = join(repository.root, '.git/hooks/pre-push');
    for (const shebang of ['#!/bin/sh', '#!/bin/bash', `#!${process.execPath}`]) {
      sss(['hook', 'uninstall'], { cwd: repository.root });
      const seen = join(temporaryDirectory(), 'seen');
      const script = shebang.includes('node')
        ? `require('fs').writeFileSync(${JSON.stringify(seen)}, process.argv[2] + ' ' + require('fs').readFileSync(0))`
        : `{ printf '%s ' "$1"; cat; } > '${seen}'`;
      writeFileSync(hook, `${shebang}\n${script}\n`);
      chmodSync(hook, 0o755);
      sss(['hook', 'install', '--type', 'pre-push'], { cwd: repository.root });
      commitFile('app.py', `print("${shebang}")\n`);
      expect(push('origin', 'main')).toMatchObject({ status: 0 });
      const id = repository.git('rev-parse', 'main');
      expect(readFileSync(seen, 'utf8')).toMatch(
        new RegExp(`^origin refs/heads/main ${id} refs/heads/main [0-9a-f]{40}\n$`),
      );
    }
  });

  it('with many refs hands on all lines', () => {
    const hook = join(repository.root, '.git/hooks/pre-push');
    sss(['hook', 'uninstall'], { cwd: repository.root });
    const seen = join(temporaryDirectory(), 'seen');
    writeFileSync(hook, `#!/bin/sh\ncat > '${seen}'\n`);
    chmodSync(hook, 0o755);
    sss(['hook', 'install', '--type', 'pre-push'], { cwd: repository.root });
    const id = repository.git('rev-parse', 'HEAD');
    const refs = Array.from({ length: 600 }, (_, i) => `create refs/heads/branch-with-a-long-name-${i} ${id}\n`);
    repository.tryGit(['update-ref', '--stdin'], { input: refs.join('') });
    expect(push('--all', 'origin').status).toBe(0);
    expect(readFileSync(seen, 'utf8').trim().split('\n')).toHaveLength(600);
  });
});

describe('hook run pre-push', () => {
  it('scans what HEAD has and no remote when something else has read standard input', () => {
    commitFile('app.py', secretLine);
    expect(sss(['hook', 'run', 'pre-push', 'origin', remote.root], { cwd: repository.root }).status).toBe(1);
    push('--no-verify', 'origin', 'main');
    expect(sss(['hook', 'run', 'pre-push', 'origin', remote.root], { cwd: repository.root }).status).toBe(0);
  });

  it('blocks when standard input is something else', () => {
    expect(sss(['hook', 'run', 'pre-push'], { cwd: repository.root, input: 'app.py\n' })).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('The push is blocked'),
    });
  });
});
