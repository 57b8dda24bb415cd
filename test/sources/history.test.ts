import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { historySource, originKey } from '../../src/sources/index.ts';
import { UserError } from '../../src/util/errors.ts';
import { makeRepository, type TestRepository, temporaryDirectory } from '../e2e/repository.ts';
import { collect } from './collect.ts';

async function scan(cwd: string, unreachable = false) {
  const source = await historySource({ cwd, unreachable, maxFileSize: 0 });
  const { chunks, skipped } = await collect(source);
  return { source, chunks, skipped, texts: chunks.map(({ text }) => text.trim()).sort() };
}

/** Commits on top of each other, at different times. */
function commitAt(repository: TestRepository, day: number, message: string): string {
  const date = `2024-02-${String(day).padStart(2, '0')}T00:00:00+00:00`;
  const env = { GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date };
  const { status, stderr } = repository.tryGit(['commit', '--quiet', '--allow-empty', '-m', message], { env });
  if (status !== 0) throw new Error(stderr);
  return repository.git('rev-parse', 'HEAD');
}

function everywhere(): TestRepository {
  const repository = makeRepository();
  repository.stage('kept', 'kept\n');
  repository.stage('edited', 'before\n');
  repository.stage('deleted', 'deleted\n');
  commitAt(repository, 1, 'message of the root');
  repository.git('checkout', '--quiet', '-b', 'branch');
  repository.stage('edited', 'branch\n');
  commitAt(repository, 2, 'message of the branch');
  repository.git('checkout', '--quiet', 'main');
  repository.git('rm', '--quiet', 'deleted');
  repository.git('mv', 'kept', 'renamed');
  repository.stage('edited', 'after\n');
  commitAt(repository, 3, 'message of main');
  repository.tryGit(['merge', '--no-commit', 'branch']);
  repository.stage('edited', 'merged\n');
  commitAt(repository, 4, 'message of the merge');
  for (const round of ['older', 'newer']) {
    repository.stage('edited', `${round} stash, index\n`);
    repository.write('edited', `${round} stash, working tree\n`);
    repository.write(`untracked ${round}`, `${round} stash, untracked\n`);
    repository.git('stash', 'push', '--quiet', '--include-untracked', '--message', `message of the ${round} stash`);
  }
  repository.git('notes', 'add', '--message', 'text of the note', 'HEAD');
  repository.git('tag', '--annotate', 'v1', '--message', 'message of the tag');
  const blob = repository.tryGit(['hash-object', '-w', '--stdin'], { input: 'tagged blob\n' }).stdout.trim();
  repository.git('tag', 'blob-tag', blob);
  return repository;
}

const REACHABLE = [
  ...[
    'kept',
    'before',
    'deleted',
    'branch',
    'after',
    'merged',
    'tagged blob',
    'text of the note',
    'message of the tag',
  ],
  ...['message of the root', 'message of the branch', 'message of main', 'message of the merge'],
  ...['older', 'newer'].flatMap((round) =>
    ['index', 'working tree', 'untracked'].map((part) => `${round} stash, ${part}`),
  ),
];

describe('historySource', () => {
  it('reads every place once', async () => {
    const { chunks, texts, skipped } = await scan(everywhere().root);
    expect(texts).toEqual(expect.arrayContaining(REACHABLE));
    for (const text of REACHABLE) expect(texts.filter((one) => one === text)).toEqual([text]);
    expect(texts.filter((text) => text.includes('message of the older stash'))).not.toEqual([]);
    expect(skipped).toEqual([]);
    expect(chunks.find(({ text }) => text === 'deleted\n')).toMatchObject({ path: 'deleted', logicalPath: 'deleted' });
    expect(chunks.find(({ text }) => text.includes('tagged blob'))!.path).toMatch(/^blob:[0-9a-f]{40}$/);
  });

  it('reads the same in the same order again', async () => {
    const { root } = everywhere();
    const [first, second] = [await scan(root), await scan(root)];
    expect(second.chunks.map(({ path }) => path)).toEqual(first.chunks.map(({ path }) => path));
  });

  it('tells messages apart and whose they are', async () => {
    const repository = everywhere();
    const { chunks } = await scan(repository.root);
    const by = (text: string) => chunks.find((chunk) => chunk.text.trim() === text)!;
    const head = repository.git('rev-parse', 'main');
    const tag = repository.git('rev-parse', 'v1');
    expect(by('message of the merge')).toMatchObject({
      origin: { kind: 'message', of: 'commit', object: head },
      path: `commit:${head}`,
      logicalPath: 'commit-message',
    });
    expect(by('message of the tag').origin).toEqual({ kind: 'message', of: 'tag', object: tag });
    expect(by('text of the note').origin).toEqual({ kind: 'message', of: 'note', object: head });
  });

  it('locates the first commit, all paths, and what HEAD still has', async () => {
    const repository = everywhere();
    const { chunks, source } = await scan(repository.root);
    const by = (text: string) => chunks.find((chunk) => chunk.text.trim() === text)!.origin;
    const located = await source.locate!(chunks.map(({ origin }) => origin));
    const of = (text: string) => located.get(originKey(by(text)));
    expect(of('kept')).toEqual({
      commit: repository.git('rev-parse', 'main~2'),
      author: 'Ada Author <ada@example.com>',
      date: '2024-02-01T00:00:00+00:00',
      paths: ['kept', 'renamed'],
      inHead: true,
    });
    expect(of('deleted')).toMatchObject({ paths: ['deleted'], inHead: false });
    expect(of('branch')).toMatchObject({ commit: repository.git('rev-parse', 'branch'), inHead: false });
    expect(of('merged')).toMatchObject({ commit: repository.git('rev-parse', 'main'), inHead: true });
    expect(of('older stash, untracked')).toMatchObject({ paths: ['untracked older'], inHead: false });
    expect(of('message of the branch')).toMatchObject({ commit: repository.git('rev-parse', 'branch'), inHead: true });
    expect(of('message of the tag')).toMatchObject({ commit: repository.git('rev-parse', 'main'), inHead: true });
    expect(of('text of the note')).toMatchObject({ commit: repository.git('rev-parse', 'main') });
    expect(of('tagged blob')).toBeUndefined();
  });

  it('reads what was reset away, and with `unreachable` what git does not remember either', async () => {
    const repository = makeRepository();
    repository.stage('a', 'kept\n');
    repository.commit('kept message');
    repository.stage('lost/file', 'reset away\n');
    const lost = repository.commit('lost message');
    repository.stage('only-staged', 'only staged\n');
    repository.git('reset', '--quiet', '--hard', 'HEAD~');
    const kept = ['kept', 'kept message'];
    const committed = [...kept, 'lost message', 'reset away'];
    const all = [...kept, 'lost message', 'only staged', 'reset away'];
    expect((await scan(repository.root)).texts).toEqual(committed);
    expect((await scan(repository.root, true)).texts).toEqual(all);
    repository.git('reflog', 'expire', '--expire=now', '--expire-unreachable=now', '--all');
    expect((await scan(repository.root)).texts).toEqual(kept);
    const { texts, chunks, source } = await scan(repository.root, true);
    expect(texts).toEqual(all);
    const chunk = chunks.find(({ text }) => text === 'reset away\n')!;
    expect(chunk.path).toBe('lost/file');
    expect((await source.locate!([chunk.origin])).get(originKey(chunk.origin))).toMatchObject({
      commit: lost,
      inHead: false,
    });
  });

  it('names the commit that a branch has, not the one that it took the place of', async () => {
    const repository = makeRepository();
    repository.stage('a', 'kept\n');
    commitAt(repository, 1, 'first try');
    repository.git('commit', '--quiet', '--amend', '--message', 'amended');
    const { chunks, source } = await scan(repository.root);
    const { origin } = chunks.find(({ text }) => text === 'kept\n')!;
    expect((await source.locate!([origin])).get(originKey(origin))).toMatchObject({
      commit: repository.git('rev-parse', 'HEAD'),
      inHead: true,
    });
  });

  it('still reads unreachable objects when parts of them were pruned', async () => {
    const repository = makeRepository();
    repository.commit('kept');
    repository.stage('dir/a', 'reset away\n');
    repository.commit('lost');
    const tree = repository.git('rev-parse', 'HEAD^{tree}');
    repository.git('reset', '--quiet', '--hard', 'HEAD~');
    rmSync(objectFile(repository, tree));
    repository.git('reflog', 'expire', '--expire=now', '--expire-unreachable=now', '--all');
    const { texts, chunks, source } = await scan(repository.root, true);
    expect(texts).toEqual(['kept', 'lost', 'reset away']);
    // Its commit cannot be told any more.
    expect((await source.locate!(chunks.map(({ origin }) => origin))).size).toBe(2);
  });

  it('keeps signatures out of messages, and odd names whole', async () => {
    const repository = makeRepository();
    const block = `-----BEGIN ${'PGP'} SIGNATURE-----\n\nabc\n-----END ${'PGP'} SIGNATURE-----\n`;
    repository.stage('tab\t"ü"', 'odd\n');
    repository.commit('message');
    repository.git('tag', '-a', 'signed', '-m', `text\n\n${block}`);
    const { texts, chunks } = await scan(repository.root);
    expect(texts).toEqual(['message', 'odd', 'text']);
    expect(chunks.map(({ path }) => path)).toContain('tab\t"ü"');
  });

  it('works in a bare repository, in a subdirectory, and without a commit', async () => {
    const repository = makeRepository();
    expect((await scan(repository.root)).chunks).toEqual([]);
    repository.stage('sub/a', 'a\n');
    repository.stage('top', 't\n');
    repository.commit('m');
    const bare = join(temporaryDirectory(), 'bare.git');
    repository.git('clone', '--quiet', '--bare', '.', bare);
    expect((await scan(bare)).chunks.map(({ path }) => path)).toEqual(expect.arrayContaining(['sub/a', 'top']));
    const { chunks, source } = await scan(join(repository.root, 'sub'));
    const paths = chunks.map(({ path }) => path);
    expect(paths).toEqual(expect.arrayContaining(['a', `${repository.root}/top`]));
    const located = [...(await source.locate!(chunks.map(({ origin }) => origin))).values()];
    expect(located.flatMap((info) => info.paths ?? []).sort()).toEqual([`${repository.root}/top`, 'a'].sort());
  });

  it('says what a shallow clone and a damaged repository lack', async () => {
    const repository = makeRepository();
    repository.stage('a', 'one\n');
    repository.commit();
    repository.stage('a', 'two\n');
    repository.commit();
    const shallow = join(temporaryDirectory(), 'shallow');
    repository.git('clone', '--quiet', '--depth=1', `file://${repository.root}`, shallow);
    expect((await scan(shallow)).skipped).toMatchObject([
      { kind: 'policy', reason: expect.stringContaining('shallow') },
    ]);
    rmSync(objectFile(repository, repository.git('rev-parse', 'HEAD~:a')));
    const { texts, skipped } = await scan(repository.root);
    expect(texts).toContain('two');
    expect(skipped).toMatchObject([{ kind: 'error', reason: expect.stringMatching(/^1 object is not here/) }]);
  });

  it('fetches nothing into a partial clone', async () => {
    const repository = makeRepository();
    repository.git('config', 'uploadpack.allowFilter', 'true');
    repository.stage('a', 'one\n');
    repository.commit();
    repository.stage('a', 'two\n');
    repository.commit();
    const partial = join(temporaryDirectory(), 'partial');
    repository.git('clone', '--quiet', '--filter=blob:none', `file://${repository.root}`, partial);
    const { texts, skipped } = await scan(partial);
    expect(texts).toEqual(['change', 'change', 'two']);
    expect(skipped).toMatchObject([{ kind: 'error', reason: expect.stringContaining('partial') }]);
  });

  it('counts an object that is no object as missing', async () => {
    const repository = makeRepository();
    repository.stage('a', 'one\n');
    repository.stage('b', 'two\n');
    repository.commit();
    damage(objectFile(repository, repository.git('rev-parse', 'HEAD:b')), () => Buffer.from('garbage'));
    const { texts, skipped } = await scan(repository.root);
    expect(texts).toEqual(['change', 'one']);
    expect(skipped).toMatchObject([{ kind: 'error', reason: expect.stringMatching(/^1 object is not here/) }]);
  });

  it('fails when git does in the middle of the stream', async () => {
    const repository = makeRepository();
    repository.stage('a', 'one\n');
    repository.stage('b', Array.from({ length: 20_000 }, (_, i) => `${i * 7919}\n`).join(''));
    repository.commit();
    damage(objectFile(repository, repository.git('rev-parse', 'HEAD:b')), (bytes) =>
      bytes.subarray(0, bytes.length / 2),
    );
    await expect(scan(repository.root)).rejects.toBeInstanceOf(UserError);
  });

  it('stops when it is told to, or when its reader has had enough', async () => {
    const repository = everywhere();
    const source = await historySource({ cwd: repository.root, unreachable: true, maxFileSize: 0 });
    const controller = new AbortController();
    const reading = (async () => {
      for await (const _ of source.items(controller.signal)) controller.abort();
    })();
    await expect(reading).rejects.toThrow(/abort/i);
    for await (const _ of source.items()) break;
    await expect(collect(source, AbortSignal.abort())).rejects.toThrow(/abort/i);
  });
});

function damage(file: string, change: (bytes: Buffer) => Buffer): void {
  const bytes = readFileSync(file);
  rmSync(file);
  writeFileSync(file, change(bytes));
}

function objectFile(repository: TestRepository, oid: string): string {
  return join(repository.root, '.git/objects', oid.slice(0, 2), oid.slice(2));
}
