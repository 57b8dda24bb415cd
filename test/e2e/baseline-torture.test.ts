import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fillExample } from '../../src/rules/examples.ts';
import { sss } from './program.ts';
import { makeRepository, type TestRepository } from './repository.ts';

const FILE = '.smart-secrets-scanner.baseline';
/** Different for each number, and taken for a secret. */
const password = (n: number) => fillExample(`{{alnum:${9 + (n % 5)}}}#{{alnum:${3 + (n % 4)}}}!{{alnum:6}}`) + n;
const line = (n: number) => `service_${n}_password = "${password(n)}"\n`;
const filler = (n: number) => Array.from({ length: n }, (_, i) => `value_${i} = ${i}\n`).join('');

const run = (made: TestRepository, ...args: string[]) => sss(args, { cwd: made.root });
const text = (made: TestRepository) => readFileSync(join(made.root, FILE), 'utf8');
const entries = (made: TestRepository) =>
  [...new Set(text(made).match(/^[0-9a-f]{8} [0-9a-f]{10} .*$/gm) ?? [])].sort();
function commitAll(made: TestRepository, message: string): void {
  made.git('add', '--all');
  made.commit(message);
}

/** What a scan reports; and how many findings the baseline hides. */
function reported(made: TestRepository, ...args: string[]) {
  const { stdout, stderr } = run(made, 'scan', '--format', 'json', ...args);
  expect(stderr).not.toContain('error');
  const { findings, report } = JSON.parse(stdout);
  return {
    lost: findings.map((f: { path: string; line: number }) => `${f.path}:${f.line}`),
    hidden: report.statistics.hidden.baseline,
  };
}

/** Ten secrets in five files, all of them in the baseline. */
function repository(): TestRepository {
  const made = makeRepository();
  for (let file = 0; file < 5; file++) {
    made.write(`src/file-${file}.py`, `${filler(5)}${line(2 * file)}${filler(20)}${line(2 * file + 1)}${filler(5)}`);
  }
  made.git('add', '--all');
  made.commit('start');
  expect(run(made, 'baseline', 'create').status).toBe(0);
  commitAll(made, 'baseline');
  expect(reported(made)).toEqual({ lost: [], hidden: 10 });
  return made;
}

/** Adds a secret in a file of its own on a branch, with its entry. */
function branchWith(made: TestRepository, name: string, n: number, from = 'main'): void {
  made.git('checkout', '--quiet', '-b', name, from);
  made.write(`src/${name}.py`, line(n));
  expect(run(made, 'baseline', 'update').stdout).toContain('1 entry added');
  commitAll(made, name);
}

describe('a baseline outlives', () => {
  it('lines that move, files that are renamed, split and joined, other indentation, other line ends', () => {
    const made = repository();
    const before = text(made);
    made.git('mv', 'src/file-0.py', 'src/renamed.py');
    const read = (n: number) => readFileSync(join(made.root, `src/file-${n}.py`), 'utf8');
    made.write('src/file-1.py', read(1).split('\n').reverse().join('\n'));
    made.write('deep/er/joined.py', `def f():\n${(read(2) + read(3)).replace(/^/gm, '    ')}`);
    made.git('rm', '--quiet', '--force', 'src/file-2.py', 'src/file-3.py');
    made.write('src/file-4.py', read(4).replaceAll('\n', '\r\n'));
    commitAll(made, 'all at once');
    expect(reported(made)).toEqual({ lost: [], hidden: 10 });
    expect(reported(made, '--history').lost).toEqual([]);
    expect(reported(made, '--range', 'HEAD~1..HEAD').lost).toEqual([]);
    expect(run(made, 'baseline', 'update').stdout).toContain('nothing new; 10 entries');
    expect(run(made, 'baseline', 'prune').stdout).toContain('0 entries dropped');
    expect(text(made)).toBe(before);
  });

  it('rebases, squashes, amended commits and cherry-picks', () => {
    const made = repository();
    branchWith(made, 'feature', 20);
    made.write('src/feature.py', `${filler(3)}${line(20)}`);
    commitAll(made, 'moved');
    branchWith(made, 'other', 21);
    made.git('checkout', '--quiet', 'main');
    made.git('merge', '--quiet', '--no-edit', 'other');
    made.git('checkout', '--quiet', 'feature');
    made.git('rebase', '--quiet', 'main');
    expect(reported(made)).toEqual({ lost: [], hidden: 12 });
    made.git('reset', '--quiet', '--soft', 'main');
    made.commit('squashed');
    made.git('commit', '--quiet', '--amend', '--message', 'amended');
    expect(reported(made)).toEqual({ lost: [], hidden: 12 });
    expect(reported(made, '--history').lost).toEqual([]);
    made.git('checkout', '--quiet', 'main');
    made.git('cherry-pick', 'feature');
    expect(reported(made)).toEqual({ lost: [], hidden: 12 });
    made.git('reset', '--quiet', '--hard', 'HEAD~1');
    made.git('merge', '--quiet', '--squash', 'feature');
    made.commit('squash merge');
    expect(reported(made)).toEqual({ lost: [], hidden: 12 });
    expect(entries(made)).toHaveLength(12);
  });

  it('merges of branches that added entries, in any order, without a conflict', () => {
    const made = repository();
    const names = ['one', 'two', 'three', 'four', 'five', 'six'];
    for (const [i, name] of names.entries()) branchWith(made, name, 30 + i);
    made.git('checkout', '--quiet', 'main');
    for (const name of ['five', 'two', 'six', 'one', 'four', 'three']) {
      made.git('merge', '--quiet', '--no-edit', name);
      expect(text(made)).not.toContain('<<<<<<<');
    }
    expect(reported(made)).toEqual({ lost: [], hidden: 16 });
    const merged = entries(made);
    expect(merged).toHaveLength(16);
    run(made, 'baseline', 'update');
    const tidied = text(made)
      .split('\n')
      .filter((one) => /^[0-9a-f]{8} /.test(one));
    expect(tidied).toEqual(merged);
  });

  it('a merge of branches that each made one', () => {
    const made = makeRepository();
    made.write('a.py', line(1));
    commitAll(made, 'start');
    for (const [name, n] of [
      ['left', 2],
      ['right', 3],
    ] as const) {
      made.git('checkout', '--quiet', '-b', name, 'main');
      made.write(`${name}.py`, line(n));
      run(made, 'baseline', 'create');
      commitAll(made, name);
    }
    made.git('merge', '--quiet', '--no-edit', 'left');
    expect(text(made).match(/^salt /gm)).toHaveLength(2);
    expect(reported(made)).toEqual({ lost: [], hidden: 3 });
    expect(run(made, 'baseline', 'update').stdout).toContain('nothing new; 4 entries, put in order\n');
    expect(reported(made)).toEqual({ lost: [], hidden: 3 });
    // Whoever goes on with one of the branches merges as before.
    commitAll(made, 'tidied');
    branchWith(made, 'late', 4, 'left');
    made.git('checkout', '--quiet', 'right');
    made.git('merge', '--quiet', '--no-edit', 'late');
    expect(reported(made)).toEqual({ lost: [], hidden: 4 });
  });

  it('a merge of what was added here and decided there', () => {
    const made = repository();
    const [, hash] = entries(made)[4]!.split(' ');
    branchWith(made, 'adds', 40);
    made.git('checkout', '--quiet', '-b', 'decides', 'main');
    run(made, 'baseline', 'audit', '--mark', `${hash}=to-fix`, '--comment', 'ticket 7');
    commitAll(made, 'decided');
    made.git('merge', '--quiet', '--no-edit', 'adds');
    run(made, 'baseline', 'update');
    expect(reported(made)).toEqual({ lost: [], hidden: 11 });
    expect(entries(made)).toHaveLength(11);
    expect(text(made)).toMatch(new RegExp(`^\\S+ ${hash} \\S+ to-fix # ticket 7$`, 'm'));
  });

  it('nothing that was not accepted: another value in every place is told', () => {
    const made = repository();
    for (let file = 0; file < 5; file++) {
      const path = `src/file-${file}.py`;
      const before = readFileSync(join(made.root, path), 'utf8');
      const changed = [2 * file, 2 * file + 1].reduce((all, n) => all.replace(password(n), password(n + 50)), before);
      made.write(path, changed);
    }
    expect(reported(made).lost).toHaveLength(10);
    expect(reported(made).hidden).toBe(0);
  });
});
