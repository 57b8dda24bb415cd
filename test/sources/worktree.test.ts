import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { worktreeSource } from '../../src/sources/index.ts';
import { UserError } from '../../src/util/errors.ts';
import { makeRepository, temporaryDirectory } from '../e2e/repository.ts';
import { collect } from './collect.ts';

const isRoot = process.getuid?.() === 0;
const scan = async (cwd: string, paths: string[] = [], maxFileSize = 0) =>
  collect(await worktreeSource({ cwd, paths, maxFileSize }));

function folder(files: Record<string, string>, at = temporaryDirectory()): string {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(at, path, '..'), { recursive: true });
    writeFileSync(join(at, path), text);
  }
  return at;
}

describe('inside git', () => {
  it('takes tracked and untracked files, not ignored and not deleted ones', async () => {
    const repository = makeRepository();
    repository.stage('.gitignore', '*.log\nout/\n!keep.log\n');
    repository.stage('tracked.log', 'tracked although ignored\n');
    repository.stage('gone', 'x\n');
    repository.stage('was-folder/file', 'x\n');
    repository.commit();
    rmSync(join(repository.root, 'gone'));
    rmSync(join(repository.root, 'was-folder'), { recursive: true });
    folder(
      { 'new.txt': 'n\n', '.env': 'e\n', 'a.log': 'x', 'keep.log': 'k\n', 'out/a': 'x', 'was-folder': 'f\n' },
      repository.root,
    );
    const { paths, skipped, at } = await scan(repository.root);
    expect(paths).toEqual(['.env', '.gitignore', 'keep.log', 'new.txt', 'tracked.log', 'was-folder']);
    expect(skipped).toEqual([]);
    expect(at('.env')).toMatchObject({ origin: { kind: 'file' }, text: 'e\n', bytes: 2, firstLine: 1 });
  });

  it('scans named files although they are ignored, and named folders that are ignored as a whole', async () => {
    const repository = makeRepository();
    repository.stage('.gitignore', 'out/\n*.log\n');
    folder({ 'out/deep/a': 'a\n', 'out/.hidden': 'h\n', 'b.log': 'b\n' }, repository.root);
    expect((await scan(repository.root, ['b.log'])).paths).toEqual(['b.log']);
    const { chunks } = await scan(repository.root, ['out', './out/deep/a']);
    expect(chunks.map(({ path, logicalPath }) => [path, logicalPath])).toEqual([
      ['out/.hidden', 'out/.hidden'],
      ['out/deep/a', 'out/deep/a'],
    ]);
  });

  it('names files for a subdirectory, and for a place outside', async () => {
    const repository = makeRepository();
    folder({ 'sub/a': 'a', 'sub/deep/b': 'b', top: 't' }, repository.root);
    const sub = join(repository.root, 'sub');
    expect((await scan(sub)).chunks.map(({ path, logicalPath }) => [path, logicalPath])).toEqual([
      ['a', 'sub/a'],
      ['deep/b', 'sub/deep/b'],
    ]);
    const outside = temporaryDirectory();
    expect(
      (await scan(outside, [sub, join(repository.root, 'top')])).chunks.map((one) => [one.path, one.logicalPath]),
    ).toEqual([
      [`${repository.root}/sub/a`, 'sub/a'],
      [`${repository.root}/sub/deep/b`, 'sub/deep/b'],
      [`${repository.root}/top`, 'top'],
    ]);
    expect((await scan(sub, ['..'])).paths).toEqual(['a', 'deep/b', `${repository.root}/top`]);
  });

  it('skips repositories inside, and scans them when they are named', async () => {
    const repository = makeRepository();
    const inner = makeRepository({ at: folder({ 'inner/x': 'x' }, repository.root) && join(repository.root, 'inner') });
    inner.git('add', 'x');
    inner.commit();
    repository.stage('a', 'a');
    const { paths, skipped } = await scan(repository.root);
    expect(paths).toEqual(['a']);
    expect(skipped).toMatchObject([{ path: 'inner', kind: 'policy', reason: expect.stringContaining('name it') }]);
    repository.tryGit(['add', 'inner']);
    expect((await scan(repository.root)).skipped).toMatchObject([{ path: 'inner', kind: 'policy' }]);
    expect((await scan(repository.root, ['.', 'inner'])).chunks.map((one) => [one.path, one.logicalPath])).toEqual([
      ['a', 'a'],
      ['inner/x', 'x'],
    ]);
    rmSync(inner.root, { recursive: true });
    mkdirSync(inner.root);
    expect((await scan(repository.root)).skipped).toMatchObject([
      { reason: expect.stringContaining('not checked out') },
    ]);
  });

  it('scans each file once, in conflict too, and leaves out what a sparse checkout does', async () => {
    const repository = makeRepository();
    repository.stage('a', 'base\n');
    repository.stage('out/b', 'b\n');
    repository.commit();
    repository.git('checkout', '--quiet', '-b', 'theirs');
    repository.stage('a', 'theirs\n');
    repository.commit();
    repository.git('checkout', '--quiet', 'main');
    repository.stage('a', 'ours\n');
    repository.commit();
    repository.git('sparse-checkout', 'set', '--cone', 'nothing');
    repository.tryGit(['merge', 'theirs']);
    expect((await scan(repository.root, ['.', 'a', repository.root])).paths).toEqual(['a']);
  });

  it('has no working tree in a bare repository', async () => {
    const error = await scan(makeRepository({ bare: true }).root).catch((one: unknown) => one);
    expect(error).toBeInstanceOf(UserError);
    expect((error as UserError).hint).toContain('--history');
  });
});

describe('outside git', () => {
  it('takes everything, hidden files too, sorted by bytes, but nothing of .git', async () => {
    const root = folder({ 'b/c': '1', 'b-d': '2', '.env': '3', '.hidden/x': '4', 'node_modules/m': '5', 'Z/z': '6' });
    folder({ '.gitignore': '*\n', '.git/config': '[core]\n', ä: '7' }, root);
    const { chunks } = await scan(root);
    expect(chunks.map(({ path }) => path)).toEqual([
      '.env',
      '.gitignore',
      '.hidden/x',
      'Z/z',
      'b-d',
      'b/c',
      'node_modules/m',
      'ä',
    ]);
  });

  it('names files after the folder that was named', async () => {
    const root = folder({ 'project/sub/a': 'a', 'other/b': 'b' });
    expect((await scan(root, ['project', 'other/b'])).chunks.map((one) => [one.path, one.logicalPath])).toEqual([
      ['other/b', 'other/b'],
      ['project/sub/a', 'sub/a'],
    ]);
    expect((await scan(temporaryDirectory(), [join(root, 'other/b')])).chunks).toMatchObject([
      { path: `${root}/other/b`, logicalPath: 'b' },
    ]);
  });

  it('lists repositories below it by their own rules', async () => {
    const root = folder({ 'plain/a': 'a' });
    const repository = makeRepository({
      at: folder({ 'repo/.gitignore': 'junk\n', 'repo/junk': 'j', 'repo/b': 'b' }, root) && join(root, 'repo'),
    });
    folder({ 'fake/.git': 'gitdir: nowhere\n', 'fake/c': 'c', 'empty/.git/x': '', 'empty/d': 'd' }, root);
    const { chunks } = await scan(root);
    expect(repository.git('status', '--short')).toContain('b');
    expect(chunks.map((one) => [one.path, one.logicalPath])).toEqual([
      ['empty/d', 'd'],
      ['fake/c', 'c'],
      ['plain/a', 'plain/a'],
      ['repo/.gitignore', '.gitignore'],
      ['repo/b', 'b'],
    ]);
  });

  it.runIf(process.platform === 'linux')('takes names of any bytes', async () => {
    const root = temporaryDirectory();
    const odd = ['new\nline', 'back\\slash', '[a]{b}*?!', 'é', 'tab\t', '(x)', '\u{e041}'];
    for (const name of odd) folder({ [`${name}/${name}`]: name }, root);
    writeFileSync(Buffer.concat([Buffer.from(`${root}/`), Buffer.from([0xff, 0x61])]), 'bytes');
    const { chunks } = await scan(root);
    expect(new Map(chunks.map(({ path, text }) => [path, text]))).toEqual(
      new Map([...odd.map((name) => [`${name}/${name}`, name] as const), ['\\xffa', 'bytes']]),
    );
  });
});

describe('what is no plain file', () => {
  it.skipIf(process.platform === 'win32')('reads links as their target, and never opens pipes', async () => {
    const root = folder({ 'dir/real': 'real\n' });
    symlinkSync('dir/real', join(root, 'link'));
    symlinkSync('..', join(root, 'dir/up'));
    symlinkSync('/etc', join(root, 'etc'));
    spawnSync('mkfifo', [join(root, 'pipe')]);
    const { chunks, skipped } = await scan(root);
    expect(chunks.map(({ path, text }) => [path, text])).toEqual([
      ['dir/real', 'real\n'],
      ['dir/up', '..'],
      ['etc', '/etc'],
      ['link', 'dir/real'],
    ]);
    expect(skipped).toMatchObject([{ path: 'pipe', kind: 'policy', reason: expect.stringContaining('pipe') }]);
    expect((await scan(root, ['link'])).chunks).toMatchObject([{ path: 'link', text: 'real\n' }]);
    expect((await scan(root, ['pipe'])).skipped).toMatchObject([{ path: 'pipe', kind: 'error' }]);
  });

  it.skipIf(process.platform === 'win32' || isRoot)('reports what cannot be read', async () => {
    const root = folder({ secret: 'x', 'closed/a': 'a', ok: 'ok' });
    chmodSync(join(root, 'secret'), 0);
    chmodSync(join(root, 'closed'), 0);
    for (const inGit of [false, true]) {
      if (inGit) makeRepository({ at: root });
      const { paths, skipped } = await scan(root);
      expect(paths).toEqual(['ok']);
      expect(skipped).toMatchObject([
        { path: 'closed', kind: 'error' },
        { path: 'secret', kind: 'error', reason: 'permission denied' },
      ]);
    }
    chmodSync(join(root, 'closed'), 0o755);
  });

  it('reports a file that vanished after it was listed, when it was named', async () => {
    const root = folder({ a: 'a', b: 'b' });
    const source = await worktreeSource({ cwd: root, paths: ['a', 'b'], maxFileSize: 0 });
    rmSync(join(root, 'a'));
    expect(await collect(source)).toMatchObject({ paths: ['b'], skipped: [{ path: 'a', kind: 'error' }] });
  });

  it('fails for a path that does not exist', async () => {
    const root = folder({ a: 'a' });
    for (const path of ['nothing', 'a/below', '']) {
      await expect(scan(root, ['a', path])).rejects.toBeInstanceOf(UserError);
    }
  });

  it('leaves out what is too large or excluded, and says so', async () => {
    const root = folder({ large: 'x'.repeat(11), small: 'x'.repeat(10), 'vendor/v': 'v' });
    expect(await scan(root, ['small', 'large'], 10)).toMatchObject({
      paths: ['small'],
      skipped: [{ path: 'large', kind: 'policy' }],
    });
    const exclude = ({ logicalPath }: { logicalPath: string }) => logicalPath.startsWith('vendor/');
    const source = await worktreeSource({ cwd: root, paths: [], maxFileSize: 0, exclude });
    expect(await collect(source)).toMatchObject({
      paths: ['large', 'small'],
      skipped: [{ path: 'vendor/v', kind: 'policy' }],
    });
  });

  it('reads a file of several pieces', async () => {
    const root = folder({ large: `${'0123456789abcde\n'.repeat((17 * 1024 * 1024) / 16)}end` });
    const { chunks } = await scan(root);
    expect(chunks.map(({ firstLine }) => firstLine)).toEqual([1, (16 * 1024 * 1024 - 64 * 1024) / 16 + 1]);
    expect(chunks[1]!.text.endsWith('\nend')).toBe(true);
  });

  it('stops when it is told to', async () => {
    const root = folder(Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`f${i}`, 'x'])));
    const controller = new AbortController();
    const source = await worktreeSource({ cwd: root, paths: [], maxFileSize: 0 });
    let items = 0;
    const reading = (async () => {
      for await (const _ of source.items(controller.signal)) if (++items === 5) controller.abort();
    })();
    await expect(reading).rejects.toThrow(/abort/i);
    expect(items).toBe(5);
  });
});
