import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { DEFAULT_CONFIG } from '../../src/config/index.ts';
import { createPool, type Pool } from '../../src/inspect/pool.ts';
import { UserError } from '../../src/util/errors.ts';
import { chunkOf } from '../report/sample.ts';

const folder = mkdtempSync(join(tmpdir(), 'sss-pool-'));
let pool: Pool | undefined;
afterEach(() => pool?.close());
afterAll(() => rmSync(folder, { recursive: true }));

/** A pool of threads that do what the text tells them. */
function poolOf(threads: number): Pool {
  const file = join(folder, 'worker.mjs');
  writeFileSync(
    file,
    `import { parentPort, threadId } from 'node:worker_threads';
const answerTo = ({ id, chunk: { text } }) => {
  if (text === 'die') process.exit(3);
  if (text === 'user error') return { id, error: { message: 'no model', hint: 'get one', isUserError: true } };
  if (text === 'error') return { id, error: { message: 'broken', stack: 'at x', isUserError: false } };
  return { id, result: { said: text, together: 0 } };
};
parentPort.on('message', (tasks) => {
  const answers = tasks.filter(({ chunk: { text } }) => text !== 'never').map(answerTo);
  for (const { result } of answers) if (result) result.together = tasks.length;
  parentPort.postMessage({ answers, notes: ['thread ' + threadId], device: 'cpu' });
});\n`,
  );
  pool = createPool({ config: DEFAULT_CONFIG, show: false, useModel: false, threads, file })!;
  return pool;
}

const inspect = (one: Pool, text: string, signal?: AbortSignal) => one.inspect(chunkOf(text), signal);

describe('a pool of threads', () => {
  it('gives each text the answer that belongs to it, and takes all threads', async () => {
    const one = poolOf(2);
    const texts = ['a', 'bb', 'ccc', 'dddd'];
    expect(await Promise.all(texts.map((text) => inspect(one, text)))).toEqual(
      texts.map((said) => ({ said, together: 2 })),
    );
    expect(one.notes()).toHaveLength(2);
    expect(one.device()).toBe('cpu');
  });

  it('hands texts over together while they are small, and at once when told to', async () => {
    const one = poolOf(1);
    const together = async (work: Promise<unknown>) => ((await work) as { together: number }).together;
    const small = [inspect(one, 'a'), inspect(one, 'b')];
    const large = inspect(one, 'c'.repeat(100_000));
    const last = inspect(one, 'd');
    one.flush();
    const alone = inspect(one, 'e');
    expect(await Promise.all([...small, large, last, alone].map(together))).toEqual([3, 3, 3, 1, 1]);
  });

  it('takes texts when it is ready, so many as it has shown to be worth, and those that are longer than all it has to do', async () => {
    const one = poolOf(1);
    const takes = (length: number) => one.takes(chunkOf('x'.repeat(length)));
    expect(takes(1)).toBe(false);
    await inspect(one, 'ready now');
    expect(takes(1)).toBe(true);
    const first = inspect(one, 'f'.repeat(60_000));
    expect([takes(100), takes(30_000), takes(70_000)]).toEqual([true, false, true]);
    await first;
    const more = [inspect(one, 'm'.repeat(60_000)), inspect(one, 'm'.repeat(20_000))];
    expect(takes(30_000)).toBe(true);
    await Promise.all(more);
  });

  it('has versions of a file searched where others of them were, while there is enough to do', async () => {
    const one = poolOf(1);
    await inspect(one, 'ready now');
    const version = (path: string, text: string) =>
      ({ ...chunkOf(text), origin: { kind: 'history', blob: '' }, logicalPath: path }) as const;
    const paths = Array.from({ length: 20 }, (_, i) => `src/${i}.ts`);
    expect(paths.filter((path) => one.takes(version(path, 'a')))).toEqual(paths);
    const busy = inspect(one, 'a little work');
    const taken = paths.filter((path) => one.takes(version(path, 'a')));
    expect(taken.length).toBeGreaterThan(0);
    expect(taken.length).toBeLessThan(paths.length);
    expect(paths.filter((path) => one.takes(version(path, 'b')))).toEqual(taken);
    await busy;
  });

  it('has no text inspected elsewhere when a thread has ended', async () => {
    const one = poolOf(2);
    await inspect(one, 'die').catch(() => undefined);
    expect(one.takes(chunkOf('x'))).toBe(true);
    await expect(inspect(one, 'x')).rejects.toThrow('ended with 3');
  });

  it('hands errors on as what they are', async () => {
    const one = poolOf(1);
    const failure = await inspect(one, 'user error').catch((error) => error);
    expect(failure).toBeInstanceOf(UserError);
    expect(failure).toMatchObject({ message: 'no model', hint: 'get one' });
    await expect(inspect(one, 'error')).rejects.toMatchObject({ message: 'broken', stack: 'at x' });
    expect(await inspect(one, 'goes on')).toMatchObject({ said: 'goes on' });
  });

  it('leaves nobody waiting for a thread that has ended, now or later', async () => {
    const one = poolOf(1);
    const waiting = inspect(one, 'never');
    await expect(inspect(one, 'die')).rejects.toThrow('a thread of the scanner ended with 3');
    await expect(waiting).rejects.toThrow('ended with 3');
    await expect(inspect(one, 'later')).rejects.toThrow('ended with 3');
  });

  it('ends what it is at when it is stopped', async () => {
    const one = poolOf(2);
    const stop = new AbortController();
    const waiting = [inspect(one, 'never', stop.signal), inspect(one, 'never', stop.signal)];
    stop.abort(new Error('stopped'));
    for (const work of waiting) await expect(work).rejects.toThrow('stopped');
    await expect(inspect(one, 'a', stop.signal)).rejects.toThrow('stopped');
  });
});
