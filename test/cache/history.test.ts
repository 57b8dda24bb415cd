import { describe, expect, it } from 'vitest';
import { secretLine } from '../e2e/program.ts';
import { makeRepository } from '../e2e/repository.ts';
import { scans } from './remembered.ts';

function repository() {
  const made = makeRepository();
  made.stage('a.py', 'print(1)\n');
  made.commit('first');
  made.stage('a.py', 'print(2)\n');
  made.stage('b.py', secretLine);
  made.commit('second');
  return made;
}

describe('a second scan of the history', () => {
  it('says the same, and asks git for what has findings only', async () => {
    const { scanned } = scans(repository().root);
    const first = await scanned({ history: true });
    expect(first.report.findings).toHaveLength(1);
    expect(first.read).toBe(5);
    const second = await scanned({ history: true });
    expect(second).toMatchObject({ said: first.said, read: 1, opened: 1 });
    expect(second.report.statistics).toMatchObject({ chunks: 5, cached: 4 });
  });

  it.each<[string, (made: ReturnType<typeof repository>) => void, number]>([
    [
      'a new commit',
      (made) => {
        made.stage('c.py', 'print(3)\n');
        made.commit('third');
      },
      3,
    ],
    [
      'a commit that brings a secret',
      (made) => {
        made.stage('a.py', `${secretLine}\n`);
        made.commit('third');
      },
      3,
    ],
    ['an amended commit', (made) => made.git('commit', '--quiet', '--amend', '--message', 'other words'), 2],
    [
      'a file that is shown under another path now',
      (made) => {
        made.git('mv', 'a.py', 'z.py');
        made.commit('moved');
      },
      3,
    ],
    ['a tag', (made) => made.git('tag', '--annotate', '--message', 'v1', 'v1'), 2],
    ['a note', (made) => made.git('notes', 'add', '--message', 'a note'), 3],
    ['a branch that goes, and its reflog', (made) => made.git('update-ref', '-d', 'refs/heads/main'), 0],
  ])('sees %s', async (_, change, read) => {
    const made = repository();
    const { scanned } = scans(made.root);
    await scanned({ history: true });
    change(made);
    const second = await scanned({ history: true });
    expect(second.said).toEqual((await scanned({ history: true, cached: false })).said);
    expect(second.read).toBe(read);
  });
});

describe('a second scan of a range', () => {
  it('says the same, and tells lines that were added from those that were there', async () => {
    const made = repository();
    const { scanned } = scans(made.root);
    const first = await scanned({ range: 'HEAD~1..HEAD' });
    expect(first.read).toBe(3);
    expect(await scanned({ range: 'HEAD~1..HEAD' })).toMatchObject({ said: first.said, read: 1 });
    made.stage('b.py', `${secretLine}# more\n`);
    made.commit('third');
    const next = await scanned({ range: 'HEAD~1..HEAD' });
    expect(next.report.findings).toEqual([]);
    // The same text as a whole is no clean one.
    expect((await scanned({ history: true })).report.findings).toHaveLength(1);
    made.git('checkout', '--quiet', '--orphan', 'other');
    made.commit('whole');
    expect((await scanned({ range: 'HEAD' })).report.findings).toHaveLength(1);
  });
});
