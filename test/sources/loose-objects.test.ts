import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { stagedSource } from '../../src/sources/index.ts';
import { looseObjects } from '../../src/sources/loose-objects.ts';
import { makeRepository, temporaryDirectory } from '../e2e/repository.ts';
import { collect } from './collect.ts';

afterEach(() => vi.unstubAllEnvs());

function withBlob(content: string | Buffer, objectFormat: 'sha1' | 'sha256' = 'sha1') {
  const repository = makeRepository({ objectFormat });
  repository.stage('a.txt', content);
  const oid = repository.git('rev-parse', ':a.txt');
  const gitDir = join(repository.root, '.git');
  const file = join(gitDir, 'objects', oid.slice(0, 2), oid.slice(2));
  const read = () => looseObjects(gitDir).readBlob(oid)?.toString('latin1');
  const replace = (bytes: Buffer) => {
    chmodSync(file, 0o644);
    writeFileSync(file, bytes);
  };
  return { repository, oid, gitDir, file, read, replace };
}

describe('looseObjects', () => {
  it.each(['sha1', 'sha256'] as const)('reads what was staged, named by %s', (format) => {
    expect(withBlob('one\ntwo\0', format).read()).toBe('one\ntwo\0');
    expect(withBlob('', format).read()).toBe('');
  });

  it('finds the objects of a linked worktree where they are', () => {
    const { repository } = withBlob('one\n');
    repository.commit();
    const root = join(temporaryDirectory(), 'linked');
    repository.git('worktree', 'add', '--quiet', root);
    const linked = makeRepository({ at: root });
    linked.stage('b.txt', 'two\n');
    const gitDir = linked.git('rev-parse', '--absolute-git-dir');
    expect(looseObjects(gitDir).readBlob(linked.git('rev-parse', ':b.txt'))?.toString()).toBe('two\n');
  });

  it('leaves to git what is packed, no blob or no name', () => {
    const { repository, read, gitDir } = withBlob('one\n');
    repository.commit();
    const { readBlob } = looseObjects(gitDir);
    for (const name of ['HEAD', 'HEAD^{tree}']) expect(readBlob(repository.git('rev-parse', name))).toBeUndefined();
    expect(readBlob('../config')).toBeUndefined();
    repository.git('gc', '--quiet');
    expect(read()).toBeUndefined();
  });

  it('leaves to git what is large', () => {
    expect(withBlob(Buffer.alloc(5_000_000)).read()).toBeUndefined();
    // Hardly to be compressed.
    let state = 1;
    const noise = Buffer.from(Array.from({ length: 1_200_000 }, () => (state = (state * 48_271) % 2_147_483_647) >> 7));
    expect(withBlob(noise).read()).toBeUndefined();
  });

  it('leaves to git what is damaged', () => {
    const { read, replace, file } = withBlob('one\n');
    const whole = readFileSync(file);
    const damaged = [
      whole.subarray(0, -1),
      whole.subarray(0, -5),
      Buffer.concat([whole, Buffer.from('x')]),
      Buffer.from(''),
      Buffer.from('blob 4\0one\n'),
      deflateSync('blob 5\0one\n'),
      deflateSync('blob 3\0one\n'),
      deflateSync('blob 04\0one\n'),
      deflateSync('blob x\0one\n'),
      deflateSync('tree 4\0one\n'),
    ];
    for (const bytes of damaged) {
      replace(bytes);
      expect(read()).toBeUndefined();
    }
    replace(whole);
    expect(read()).toBe('one\n');
  });

  it.each(['GIT_OBJECT_DIRECTORY', 'GIT_COMMON_DIR'])('leaves all to git where %s leads elsewhere', (name) => {
    const { read } = withBlob('one\n');
    vi.stubEnv(name, temporaryDirectory());
    expect(read()).toBeUndefined();
  });
});

describe('staged contents', () => {
  it('are the same in the same order, whoever reads them', async () => {
    const repository = makeRepository();
    for (const name of ['a', 'b', 'c', 'd']) repository.stage(name, `${name}\n`);
    repository.commit();
    repository.stage('kept', 'kept\n');
    repository.commit();
    repository.git('rm', '--quiet', 'kept');
    repository.commit();
    repository.git('gc', '--quiet');
    // The second is in a pack by now, the others are not.
    repository.stage('a', 'new a\n');
    repository.stage('b', 'kept\n');
    repository.stage('c', 'new c\n');
    repository.stage('d', Buffer.alloc(2000));
    const { chunks, skipped } = await collect(await stagedSource({ cwd: repository.root, maxFileSize: 1000 }));
    expect(chunks.map(({ path, text }) => [path, text])).toEqual([
      ['a', 'new a\n'],
      ['b', 'kept\n'],
      ['c', 'new c\n'],
    ]);
    expect(skipped.map(({ path, kind }) => [path, kind])).toEqual([['d', 'policy']]);
    const small = await collect(await stagedSource({ cwd: repository.root, maxFileSize: 1 }));
    expect(small.skipped.map(({ path }) => path)).toEqual(['a', 'b', 'c', 'd']);
  });

  it('say what git says of an object that is damaged', async () => {
    const { repository, replace } = withBlob('one\n');
    replace(Buffer.from('nothing of the kind'));
    const items = collect(await stagedSource({ cwd: repository.root, maxFileSize: 0 }));
    await expect(items.then(({ skipped }) => skipped)).resolves.toMatchObject([{ path: 'a.txt', kind: 'error' }]);
  });
});
