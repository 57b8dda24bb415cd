import { appendFileSync, chmodSync, existsSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { withLock } from '../../src/feedback/lock.ts';
import { feedbackFile } from '../../src/feedback/place.ts';
import { readFeedback } from '../../src/feedback/read.ts';
import { appendFeedback } from '../../src/feedback/write.ts';
import { makeRepository, temporaryDirectory } from '../e2e/repository.ts';
import { record } from './record.ts';

const fresh = () => join(temporaryDirectory(), 'store', 'feedback.jsonl');
const undone = (number: number) => record(number, { label: null, decision: 'undo' });

describe('the file of decisions', () => {
  it('is empty where there is none, and gives back what was written', async () => {
    const file = fresh();
    expect(await readFeedback(file)).toEqual([]);
    const full = record(1, {
      lm: [1.5, -2, 0.25],
      reason: 'made up',
      prompt: 'path: x\nverdict:',
      label: 'secret',
      decision: 'accept',
    });
    await appendFeedback(file, [full]);
    const [read] = await readFeedback(file);
    expect({ ...read, features: read!.features.map(Math.fround), ngrams: read!.ngrams.map(Math.fround) }).toEqual(full);
    // In single precision, and no longer than that.
    expect(readFileSync(file, 'utf8')).toContain('"features":[0,1,0.1,0.33333334]');
    expect(readdirSync(dirname(file))).toEqual(['feedback.jsonl']);
  });

  it('lets the last word on a finding count, and none that was taken back', async () => {
    const file = fresh();
    const changed = record(2, { label: 'placeholder', decision: 'placeholder' });
    for (const records of [[record(1), record(2)], [record(3)], [changed, undone(1)], [undone(9)]])
      await appendFeedback(file, records);
    expect((await readFeedback(file)).map(({ id, label }) => [Number.parseInt(id, 16), label])).toEqual([
      [3, 'harmless'],
      [2, 'placeholder'],
    ]);
  });

  it('is repaired where a process was killed in the middle of a line', async () => {
    const file = fresh();
    await appendFeedback(file, [record(1)]);
    const whole = readFileSync(file, 'utf8');
    for (const length of [1, 20, whole.length - 2]) {
      writeFileSync(file, whole + whole.slice(0, length));
      expect(await readFeedback(file)).toHaveLength(1);
      await appendFeedback(file, [record(2)]);
      expect((await readFeedback(file)).map(({ id }) => Number.parseInt(id, 16))).toEqual([1, 2]);
      expect(readFileSync(file, 'utf8').match(/\n/g)).toHaveLength(2);
    }
  });

  it('keeps a last line that has lost nothing but its end', async () => {
    const file = fresh();
    await appendFeedback(file, [record(1)]);
    writeFileSync(file, readFileSync(file, 'utf8').trimEnd());
    expect(await readFeedback(file)).toHaveLength(1);
    await appendFeedback(file, [record(2)]);
    expect(await readFeedback(file)).toHaveLength(2);
  });

  it.each([
    ['{"v":1,', 'not JSON'],
    ['[1]', 'no JSON object'],
    [JSON.stringify(record(1, { v: 2 as 1 })), 'another version'],
    [JSON.stringify(record(1, { id: 'short' })), '"id"'],
    [JSON.stringify(record(1, { label: 'odd' as 'secret' })), '"label"'],
    [JSON.stringify(record(1, { label: null })), '"label"'],
    [JSON.stringify({ ...record(1), features: [1, 'a'] }), '"features"'],
    [JSON.stringify(record(1, { lm: [1, 2] as never })), '"lm"'],
  ])('names the line of one that is wrong: %s', async (line, why) => {
    const file = fresh();
    await appendFeedback(file, [record(1)]);
    appendFileSync(file, `\n${line}\n`);
    await expect(readFeedback(file)).rejects.toThrow(`${file}:3: `);
    await expect(readFeedback(file)).rejects.toThrow(why);
  });

  it('takes what many write at once, whole', async () => {
    const file = fresh();
    const numbers = Array.from({ length: 60 }, (_, i) => i);
    await Promise.all(numbers.map((i) => appendFeedback(file, [record(i), record(100 + i)])));
    expect(await readFeedback(file)).toHaveLength(120);
    expect(readdirSync(dirname(file))).toEqual(['feedback.jsonl']);
  });

  it.skipIf(process.getuid?.() === 0)('says why it cannot be written', async () => {
    const folder = temporaryDirectory();
    chmodSync(folder, 0o500);
    await expect(appendFeedback(join(folder, 'f.jsonl'), [record(1)])).rejects.toThrow('permission denied');
  });
});

describe('withLock', () => {
  it('takes over what a killed process has left behind, and nothing that is held', async () => {
    const file = fresh().replace('/store', '');
    const lock = `${file}.lock`;
    writeFileSync(lock, `999999999 ${hostname()} 00\n`);
    expect(await withLock(file, () => existsSync(lock))).toBe(true);
    expect(existsSync(lock)).toBe(false);
    // Of another machine nothing is known but how old it is.
    writeFileSync(lock, `${process.pid} elsewhere 00\n`);
    const old = new Date(Date.now() - 60_000);
    let isDone = false;
    const waiting = withLock(file, () => {
      isDone = true;
    });
    expect([isDone, readFileSync(lock, 'utf8')]).toEqual([false, `${process.pid} elsewhere 00\n`]);
    utimesSync(lock, old, old);
    await waiting;
    expect(isDone).toBe(true);
  });
});

describe('feedbackFile', () => {
  it('is in the git directory that all work trees share, and outside git in the folder of the cache', async () => {
    const repository = makeRepository();
    repository.commit();
    const place = join(repository.root, '.git', 'smart-secrets-scanner', 'feedback.jsonl');
    expect(feedbackFile(repository.root)).toBe(place);
    const other = join(temporaryDirectory(), 'tree');
    repository.git('worktree', 'add', '--quiet', other);
    expect(feedbackFile(other)).toBe(place);
    const outside = feedbackFile(temporaryDirectory());
    expect(dirname(outside)).toBe(process.env.SSS_CACHE_DIR);
    expect(outside).not.toBe(feedbackFile(temporaryDirectory()));
  });
});
