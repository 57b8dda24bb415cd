import { chmodSync, mkdirSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { stagedSource } from '../../src/sources/index.ts';
import { UserError } from '../../src/util/errors.ts';
import { collect } from '../sources/collect.ts';
import { makeRepository, type TestRepository, temporaryDirectory } from './repository.ts';

const staged = async (cwd: string, maxFileSize = 0) => collect(await stagedSource({ cwd, maxFileSize }));

const lines = (count: number, change: Record<number, string> = {}) =>
  Array.from({ length: count }, (_, i) => `${change[i + 1] ?? `line ${i + 1}`}\n`).join('');

function withCommit(files: Record<string, string | Buffer>): TestRepository {
  const repository = makeRepository();
  for (const [path, content] of Object.entries(files)) repository.stage(path, content);
  repository.commit();
  return repository;
}

describe('what is staged', () => {
  it('is read from the index when the file was cleaned afterwards', async () => {
    const repository = withCommit({ 'a.txt': 'one\n' });
    repository.stage('a.txt', 'one\npassword\n');
    repository.write('a.txt', 'one\n');
    const { chunks } = await staged(repository.root);
    expect(chunks).toMatchObject([{ path: 'a.txt', logicalPath: 'a.txt', text: 'one\npassword\n', added: [[2, 2]] }]);
    expect(chunks[0]!.origin).toEqual({ kind: 'staged', blob: repository.git('rev-parse', ':a.txt') });
  });

  it('is clean when only the working copy is dirty', async () => {
    const repository = withCommit({ 'a.txt': 'one\n' });
    repository.stage('b.txt', 'clean\n');
    repository.write('a.txt', 'password\n');
    expect((await staged(repository.root)).paths).toEqual(['b.txt']);
  });

  it('starts from nothing before the first commit', async () => {
    const repository = makeRepository();
    repository.stage('new.txt', 'a\nb\n');
    repository.stage('empty.txt', '');
    const { chunks } = await staged(repository.root);
    expect(chunks).toMatchObject([{ path: 'new.txt', added: [[1, 2]] }]);
  });

  it('is nothing in a repository without changes', async () => {
    expect(await staged(withCommit({ a: 'x\n' }).root)).toMatchObject({ chunks: [], skipped: [] });
    expect(await staged(makeRepository().root)).toMatchObject({ chunks: [], skipped: [] });
  });

  it('joins neighbouring lines and tells distant ones apart', async () => {
    const repository = withCommit({ a: lines(30) });
    repository.stage('a', `${lines(30, { 3: 'x', 4: 'y', 20: 'z' })}end\n`);
    expect((await staged(repository.root)).at('a').added).toEqual([
      [3, 4],
      [20, 20],
      [31, 31],
    ]);
  });

  it('leaves out deletions, changes of mode and removed lines', async () => {
    const repository = withCommit({ gone: 'x\n', mode: 'x\n', shorter: lines(9) });
    repository.git('rm', '--quiet', 'gone');
    repository.git('update-index', '--chmod=+x', 'mode');
    repository.stage('shorter', lines(8));
    expect(await staged(repository.root)).toMatchObject({ chunks: [], skipped: [] });
  });

  it('reports what is larger than the limit', async () => {
    const repository = withCommit({});
    repository.stage('large', 'x'.repeat(2000));
    repository.stage('small', 'x\n');
    const { paths, skipped } = await staged(repository.root, 1000);
    expect(paths).toEqual(['small']);
    expect(skipped).toMatchObject([
      { path: 'large', kind: 'policy', reason: expect.stringContaining('the limit of 1.0 kB') },
    ]);
  });
});

describe('renames and types', () => {
  it('has nothing of a pure rename and the edited lines of another', async () => {
    const repository = withCommit({ 'old.txt': lines(20), 'moved.txt': lines(25), zed: 'z\n' });
    repository.git('mv', 'old.txt', 'new.txt');
    repository.git('mv', 'moved.txt', 'edited.txt');
    repository.stage('edited.txt', lines(25, { 7: 'password' }));
    repository.stage('zed', 'z\nnew\n');
    const { chunks } = await staged(repository.root);
    expect(chunks.map(({ path, added }) => [path, added])).toEqual([
      ['edited.txt', [[7, 7]]],
      ['zed', [[2, 2]]],
    ]);
  });

  it('takes a copy for a new file, and keeps files of equal content apart', async () => {
    const repository = withCommit({ a: lines(9), b: lines(9, { 2: 'other' }) });
    repository.stage('b', lines(9));
    repository.stage('c', lines(9));
    const { chunks } = await staged(repository.root);
    expect(chunks.map(({ path, added }) => [path, added])).toEqual([
      ['b', [[2, 2]]],
      ['c', [[1, 9]]],
    ]);
  });

  it('reads the target of a symbolic link, also of one that was a file', async () => {
    const repository = withCommit({ file: lines(3), other: lines(3), target: 'x\n' });
    unlinkSync(join(repository.root, 'file'));
    symlinkSync('password-in-a-target', join(repository.root, 'file'));
    repository.git('add', 'file');
    repository.git('rm', '--quiet', 'other');
    const { chunks } = await staged(repository.root);
    expect(chunks).toMatchObject([{ path: 'file', text: 'password-in-a-target', added: [[1, 1]] }]);
  });

  it('skips submodules and says so', async () => {
    const repository = withCommit({ a: 'x\n' });
    const inner = makeRepository({ at: mkdir(repository, 'inner') });
    inner.stage('secret', 'x\n');
    inner.commit();
    repository.tryGit(['add', 'inner']);
    repository.stage('a', 'y\n');
    const { paths, skipped } = await staged(repository.root);
    expect(paths).toEqual(['a']);
    expect(skipped).toMatchObject([{ path: 'inner', kind: 'policy' }]);
  });

  it('does not count files that are only intended to be added', async () => {
    const repository = withCommit({ a: 'x\n' });
    repository.write('later', 'password\n');
    repository.git('add', '--intent-to-add', 'later');
    expect(await staged(repository.root)).toMatchObject({ chunks: [], skipped: [] });
    repository.stage('later', 'password\n');
    expect((await staged(repository.root)).at('later').added).toEqual([[1, 1]]);
  });
});

describe('contents', () => {
  it('keeps CRLF and a last line without an end', async () => {
    const repository = withCommit({ a: 'one\r\ntwo\r\nthree' });
    repository.stage('a', 'one\r\nTWO\r\nthree\r\nfour');
    expect((await staged(repository.root)).at('a')).toMatchObject({
      text: 'one\r\nTWO\r\nthree\r\nfour',
      added: [[2, 4]],
    });
  });

  it.each([
    ['with a mark', '\ufefffirst\nsecond = 1\n'],
    ['without a mark', 'first\nsecond = 1\n'],
  ])('decodes UTF-16 %s and counts every line', async (_, text) => {
    const repository = withCommit({ a: 'first\n' });
    repository.stage('a', Buffer.from(text, 'utf16le'));
    const chunk = (await staged(repository.root)).at('a');
    expect(chunk).toMatchObject({ encoding: 'utf-16le', text: 'first\nsecond = 1\n' });
    expect(chunk.added).toBeUndefined();
  });

  it('counts every line of UTF-16 even where git is told that it is text', async () => {
    const repository = withCommit({ '.gitattributes': 'a diff\n', a: Buffer.from('first\nsecond\n', 'utf16le') });
    repository.stage('a', Buffer.from('first\nsecond\nthird\n', 'utf16le'));
    const chunk = (await staged(repository.root)).at('a');
    expect(chunk).toMatchObject({ encoding: 'utf-16le', text: 'first\nsecond\nthird\n' });
    expect(chunk.added).toBeUndefined();
  });

  it('finds the text runs of a binary file at their offsets', async () => {
    const repository = withCommit({});
    const bytes = Buffer.concat([
      Buffer.from([0, 1, 2, 255, 10]),
      Buffer.from('password=abc\n'),
      Buffer.from([0, 65, 0]),
    ]);
    repository.stage('a.bin', bytes);
    const chunk = (await staged(repository.root)).at('a.bin');
    expect(chunk).toMatchObject({ encoding: 'binary', text: '    \npassword=abc\n   ', bytes: bytes.length });
    expect(chunk.added).toBeUndefined();
  });

  it('scans all of a file that attributes hide from diffs', async () => {
    const repository = withCommit({ '.gitattributes': '*.env -diff\n', 'a.env': 'A=1\n' });
    repository.stage('a.env', 'A=1\nB=2\n');
    const chunk = (await staged(repository.root)).at('a.env');
    expect(chunk.text).toBe('A=1\nB=2\n');
    expect(chunk.added).toBeUndefined();
  });

  it('is not fooled by content that looks like a diff', async () => {
    const fake = 'diff --git a/b b/b\nindex 1..2 100644\n--- a/b\n+++ b/b\n@@ -1 +1 @@\n:100644 100644 1 2 M\tb\n';
    const repository = withCommit({ a: 'x\n', b: 'x\n' });
    repository.stage('a', fake);
    repository.stage('b', `x\n${fake}\\ No newline at end of file`);
    const { chunks } = await staged(repository.root);
    expect(chunks.map(({ path, added }) => [path, added])).toEqual([
      ['a', [[1, 6]]],
      ['b', [[2, 8]]],
    ]);
  });

  it('cuts very large blobs into pieces', async () => {
    const repository = withCommit({});
    repository.stage('large', `${'0123456789abcde\n'.repeat((17 * 1024 * 1024) / 16)}end\n`);
    repository.stage('next', 'after\n');
    const { chunks } = await staged(repository.root);
    expect(chunks.map(({ path }) => path)).toEqual(['large', 'large', 'next']);
    expect(chunks[1]!.firstLine).toBe((16 * 1024 * 1024 - 64 * 1024) / 16 + 1);
    expect(chunks[1]!.text.endsWith('0123456789abcde\nend\n')).toBe(true);
    expect(chunks[2]!.text).toBe('after\n');
  });
});

describe('paths', () => {
  it.runIf(process.platform === 'linux')('may hold anything', async () => {
    const repository = withCommit({ z: 'x\n' });
    const names = ['new\nline', 'tab\tand "quotes"', 'back\\slash', ':(top)magic', '-dash', 'ümläut', ' blank '];
    for (const name of names) repository.stage(name, `${name.length}\n`);
    repository.stage(Buffer.from('caf\xe9 \xff', 'latin1'), 'latin1\n');
    const { chunks } = await staged(repository.root);
    expect(chunks.map(({ path, text }) => [path, text])).toEqual(
      [...names.map((name) => [name, `${name.length}\n`]), ['caf\\xe9 \\xff', 'latin1\n']].sort(([a = ''], [b = '']) =>
        Buffer.compare(Buffer.from(a), Buffer.from(b)),
      ),
    );
  });

  it('are relative to a subdirectory, absolute outside it', async () => {
    const repository = withCommit({ 'sub/a': 'x\n' });
    repository.stage('sub/deep/b', 'b\n');
    repository.stage('top', 'top\n');
    repository.git('config', 'diff.relative', 'true');
    const { chunks } = await staged(join(repository.root, 'sub'));
    expect(chunks.map(({ path, logicalPath }) => [path, logicalPath])).toEqual([
      ['deep/b', 'sub/deep/b'],
      [`${repository.root}/top`, 'top'],
    ]);
  });
});

describe('merges', () => {
  function merging(): TestRepository {
    const repository = withCommit({ a: lines(20), b: 'x\n' });
    repository.git('checkout', '--quiet', '-b', 'theirs');
    repository.stage('a', lines(20, { 3: 'theirs' }));
    repository.stage('theirs.txt', 'theirs\n');
    repository.commit();
    repository.git('checkout', '--quiet', 'main');
    repository.stage('a', lines(20, { 3: 'ours', 18: 'ours' }));
    repository.commit();
    repository.tryGit(['merge', '--no-commit', 'theirs']);
    return repository;
  }

  it('counts the lines that are new to both sides', async () => {
    const repository = merging();
    repository.stage('a', lines(20, { 3: 'resolved', 10: 'new in the merge', 18: 'ours' }));
    repository.stage('evil.txt', 'evil\n');
    const { chunks } = await staged(repository.root);
    expect(chunks.map(({ path, added }) => [path, added])).toEqual([
      [
        'a',
        [
          [3, 3],
          [10, 10],
        ],
      ],
      ['evil.txt', [[1, 1]]],
    ]);
  });

  it('skips conflicts, which cannot be committed', async () => {
    const { paths, skipped } = await staged(merging().root);
    expect(paths).toEqual([]);
    expect(skipped).toMatchObject([{ path: 'a', kind: 'policy', reason: expect.stringContaining('conflict') }]);
  });
});

describe('places', () => {
  it('works in a linked worktree, which has an index of its own', async () => {
    const repository = withCommit({ a: 'x\n' });
    const linked = join(temporaryDirectory(), 'linked');
    repository.git('worktree', 'add', '--quiet', '-b', 'side', linked);
    repository.stage('only-in-main', 'x\n');
    writeFileSync(join(linked, 'b'), 'b\n');
    repository.tryGit(['add', 'b'], { cwd: linked });
    expect((await staged(linked)).paths).toEqual(['b']);
  });

  it('works in a sparse checkout', async () => {
    const repository = withCommit({ 'in/a': 'x\n', 'out/b': 'x\n' });
    repository.git('sparse-checkout', 'set', '--cone', 'in');
    repository.stage('in/a', 'y\n');
    expect((await staged(repository.root)).paths).toEqual(['in/a']);
  });

  it('works with object names of SHA-256', async () => {
    const repository = makeRepository({ objectFormat: 'sha256' });
    repository.stage('a', 'x\n');
    expect((await staged(repository.root)).chunks).toMatchObject([{ path: 'a', text: 'x\n', added: [[1, 1]] }]);
  });

  it('uses the index that git names in hooks', async () => {
    const repository = withCommit({ a: 'x\n', b: 'x\n' });
    repository.stage('b', 'staged\n');
    repository.write('a', 'committed by name\n');
    const hook = join(repository.root, '.git/hooks/pre-commit');
    repository.write('.git/hooks/pre-commit', '#!/bin/sh\ncp "$GIT_INDEX_FILE" seen-index\n');
    chmodSync(hook, 0o755);
    repository.git('commit', '--quiet', '--message', 'only a', 'a');
    repository.git('update-ref', 'refs/heads/main', 'HEAD~');
    process.env.GIT_INDEX_FILE = join(repository.root, 'seen-index');
    try {
      expect((await staged(repository.root)).paths).toEqual(['a']);
    } finally {
      delete process.env.GIT_INDEX_FILE;
    }
  });

  it('is immune to configuration and environment', async () => {
    const repository = withCommit({ '.gitattributes': '* diff=evil\n', a: lines(9), moved: lines(30) });
    for (const [key, value] of Object.entries({
      'diff.noprefix': 'true',
      'diff.mnemonicPrefix': 'true',
      'diff.external': 'false',
      'diff.evil.command': 'false',
      'diff.evil.textconv': 'true',
      'diff.renames': 'copies',
      'color.ui': 'always',
      'color.diff': 'always',
      'core.quotePath': 'false',
      'diff.interHunkContext': '9',
      'diff.context': '9',
      'diff.algorithm': 'patience',
      'diff.suppressBlankEmpty': 'true',
      'diff.submodule': 'log',
      'diff.wsErrorHighlight': 'all',
      'diff.colorMoved': 'zebra',
      'diff.orderFile': '/dev/null',
      'core.pager': 'false',
      'core.fsmonitor': 'false-command',
    }))
      repository.git('config', key, value);
    repository.tryGit(['add', '-N', '.']);
    repository.stage('a', lines(9, { 2: 'x', 5: 'y' }));
    repository.tryGit(['mv', 'moved', 'renämed']);
    process.env.GIT_DIFF_OPTS = '-u7';
    process.env.GIT_EXTERNAL_DIFF = 'false';
    try {
      const { chunks } = await staged(repository.root);
      expect(chunks.map(({ path, added }) => [path, added])).toEqual([
        [
          'a',
          [
            [2, 2],
            [5, 5],
          ],
        ],
      ]);
    } finally {
      delete process.env.GIT_DIFF_OPTS;
      delete process.env.GIT_EXTERNAL_DIFF;
    }
  });
});

describe('what cannot be scanned', () => {
  it('says that there is no repository', async () => {
    await expect(staged(temporaryDirectory())).rejects.toThrow(/not a git repository/);
  });

  it('says that a repository is bare', async () => {
    const { root } = makeRepository({ bare: true });
    const error = await staged(root).catch((one: unknown) => one);
    expect(error).toBeInstanceOf(UserError);
    expect((error as UserError).hint).toContain('--history');
  });

  it('fails when the index is damaged', async () => {
    const repository = withCommit({ a: 'x\n' });
    repository.write('.git/index', 'this is no index');
    await expect(staged(repository.root)).rejects.toBeInstanceOf(UserError);
  });

  it('reports a blob that is gone as an error', async () => {
    const repository = withCommit({ a: 'x\n' });
    repository.stage('bin', Buffer.from([0, 1, 2]));
    const oid = repository.git('rev-parse', ':bin');
    repository.stage('.gitattributes', 'bin -diff\n');
    rmSync(join(repository.root, '.git/objects', oid.slice(0, 2), oid.slice(2)), { force: true });
    const outcome = await staged(repository.root).catch((error: unknown) => error);
    if (outcome instanceof Error) expect(outcome).toBeInstanceOf(UserError);
    else expect(outcome).toMatchObject({ skipped: [{ path: 'bin', kind: 'error' }] });
  });
});

function mkdir(repository: TestRepository, path: string): string {
  mkdirSync(join(repository.root, path), { recursive: true });
  return join(repository.root, path);
}
