import { describe, expect, it } from 'vitest';
import { originKey, rangeSource } from '../../src/sources/index.ts';
import { UserError } from '../../src/util/errors.ts';
import { makeRepository, temporaryDirectory } from '../e2e/repository.ts';
import { collect } from './collect.ts';

async function scan(cwd: string, range: string) {
  const source = await rangeSource({ cwd, range, maxFileSize: 0 });
  const { chunks, skipped } = await collect(source);
  const files = chunks.filter(({ origin }) => origin.kind === 'range').map(({ path, added }) => [path, added]);
  const messages = chunks.filter(({ origin }) => origin.kind === 'message').map(({ text }) => text.trim());
  return { source, chunks, skipped, files, messages };
}

const lines = (count: number, change: Record<number, string> = {}) =>
  Array.from({ length: count }, (_, i) => `${change[i + 1] ?? `line ${i + 1}`}\n`).join('');

describe('rangeSource', () => {
  it('brings the added lines of each commit, oldest first, with its message', async () => {
    const repository = makeRepository();
    repository.stage('a', lines(9));
    const root = repository.commit('root');
    repository.stage('a', lines(9, { 4: 'password' }));
    const second = repository.commit('second');
    repository.stage('a', lines(9));
    repository.git('mv', 'a', 'b');
    repository.commit('third: removed and renamed');
    repository.commit('fourth: empty');
    const { chunks, files, messages, source } = await scan(repository.root, `${root}..HEAD`);
    expect(messages).toEqual(['second', 'third: removed and renamed', 'fourth: empty']);
    expect(files).toEqual([
      ['a', [[4, 4]]],
      ['b', [[4, 4]]],
    ]);
    const origin = chunks[1]!.origin;
    expect(origin).toEqual({ kind: 'range', commit: second, blob: repository.git('rev-parse', `${second}:a`) });
    expect((await source.locate!([origin, chunks[0]!.origin])).get(originKey(origin))).toEqual({
      commit: second,
      author: 'Ada Author <ada@example.com>',
      date: '2024-01-02T03:04:05+00:00',
    });
  });

  it('takes a single revision for what it brought, the root too', async () => {
    const repository = makeRepository();
    repository.stage('a', lines(2));
    const root = repository.commit('root');
    repository.stage('b', lines(1));
    repository.commit('second');
    repository.git('tag', '-a', 'v1', '-m', 'tag');
    expect((await scan(repository.root, root)).files).toEqual([['a', [[1, 2]]]]);
    expect((await scan(repository.root, 'v1')).files).toEqual([['b', [[1, 1]]]]);
    expect((await scan(repository.root, 'HEAD~..')).files).toEqual([['b', [[1, 1]]]]);
    expect((await scan(repository.root, 'HEAD..HEAD')).chunks).toEqual([]);
  });

  it('counts what only the merge itself brings', async () => {
    const repository = makeRepository();
    repository.stage('a', lines(20));
    repository.stage('c', 'x');
    repository.commit('root');
    repository.git('checkout', '--quiet', '-b', 'theirs');
    repository.stage('a', lines(20, { 15: 'theirs' }));
    repository.stage('c', 'y');
    const theirs = repository.commit('theirs');
    repository.git('checkout', '--quiet', 'main');
    repository.stage('a', lines(20, { 3: 'ours' }));
    repository.stage('c', 'z');
    const ours = repository.commit('ours');
    repository.tryGit(['merge', '--no-commit', 'theirs']);
    repository.stage('a', lines(20, { 3: 'ours', 8: 'password', 15: 'theirs' }));
    repository.stage('c', 'merged without a line end');
    repository.stage('evil', 'evil\n');
    repository.commit('merge');
    expect((await scan(repository.root, 'HEAD')).files).toEqual([
      ['a', [[8, 8]]],
      ['c', [[1, 1]]],
      ['evil', [[1, 1]]],
    ]);
    expect((await scan(repository.root, `${ours}...${theirs}`)).messages.sort()).toEqual(['ours', 'theirs']);
    expect((await scan(repository.root, `${ours}..HEAD`)).messages).toEqual(['theirs', 'merge']);
  });

  it.each([
    ['nothing', 8, '', []],
    ['a line', 8, 'password\n', [[9, 9]]],
    ['two lines after one that stays', 9, 'user\npassword\n', [[10, 11]]],
  ])('counts what a merge brings in the place of lines at the end of a file: %s', async (_, kept, brought, added) => {
    const repository = makeRepository();
    repository.stage('a', lines(8));
    repository.commit('root');
    repository.git('checkout', '--quiet', '-b', 'theirs');
    repository.stage('a', lines(20));
    repository.commit('theirs');
    repository.git('checkout', '--quiet', 'main');
    repository.stage('a', lines(12, { 2: 'ours' }));
    repository.commit('ours');
    repository.tryGit(['merge', '--no-commit', 'theirs']);
    repository.stage('a', lines(kept, { 3: 'merged' }) + brought);
    repository.stage('b', 'evil\n');
    const merge = repository.commit('merge');
    repository.stage('c', 'c\n');
    repository.commit('after');
    expect((await scan(repository.root, `${merge}^..HEAD`)).files.filter(([path]) => path !== 'a')).toEqual([
      ['b', [[1, 1]]],
      ['c', [[1, 1]]],
    ]);
    expect((await scan(repository.root, merge)).files[0]).toEqual(['a', [[3, 3], ...added]]);
  });

  it('takes zeros for everything that the remotes have', async () => {
    const repository = makeRepository();
    repository.stage('a', 'a\n');
    const first = repository.commit('first');
    repository.git('update-ref', 'refs/remotes/origin/main', first);
    repository.stage('b', 'b\n');
    repository.commit('second');
    expect((await scan(repository.root, `${'0'.repeat(40)}..HEAD`)).files).toEqual([['b', [[1, 1]]]]);
  });

  it('keeps odd names, links and binary files, and passes over submodules', async () => {
    const repository = makeRepository();
    const inner = makeRepository({ at: temporaryDirectory() });
    const commit = inner.commit();
    repository.stage('new\nline "x"', 'n\n');
    repository.stage('bin', Buffer.from('\0secret in here\n'));
    repository.git('update-index', '--add', '--cacheinfo', `160000,${commit},module`);
    repository.commit();
    expect((await scan(repository.root, 'HEAD')).files).toEqual([
      ['bin', undefined],
      ['new\nline "x"', [[1, 1]]],
    ]);
  });

  it.each(['nothing', 'nothing..HEAD', 'HEAD..nothing', '--all', '--output=x..HEAD', '', ' ', 'HEAD^{tree}'])(
    'refuses %j',
    async (range) => {
      const repository = makeRepository();
      repository.commit();
      await expect(scan(repository.root, range)).rejects.toBeInstanceOf(UserError);
    },
  );

  it('needs a repository', async () => {
    await expect(scan(temporaryDirectory(), 'HEAD')).rejects.toThrow(/not a git repository/);
  });
});
