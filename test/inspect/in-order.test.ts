import { describe, expect, it, vi } from 'vitest';
import { DEFAULT_CONFIG } from '../../src/config/index.ts';
import { inspectInOrder } from '../../src/inspect/in-order.ts';
import type { Pool } from '../../src/inspect/pool.ts';
import type { SourceItem } from '../../src/types.ts';
import { chunkOf } from '../report/sample.ts';

const options = { config: DEFAULT_CONFIG, show: false, useModel: false };

async function* itemsOf(...items: SourceItem[]): AsyncGenerator<SourceItem, void> {
  yield* items;
}

const lengths: number[] = [];
vi.mock('../../src/inspect/pool.ts', () => ({
  createPool: (): Pool => ({
    takes: ({ text }) => text.length % 2 === 0,
    flush: () => undefined,
    inspect: async ({ text }) => {
      lengths.push(text.length);
      return {
        found: [],
        skipped: [],
        verdicts: { secret: 0, placeholder: 0, harmless: 0 },
        decidedBy: {},
        usedModel: false,
      };
    },
    notes: () => [],
    device: () => undefined,
    close: async () => undefined,
  }),
}));

/** Lengths of those texts that other threads are given. */
async function given(all: readonly number[]): Promise<number[]> {
  lengths.length = 0;
  const items = itemsOf(...all.map((length) => ({ chunk: chunkOf('\n'.repeat(length)) })));
  let count = 0;
  for await (const _ of inspectInOrder({ ...options, threads: 2 }).each(items)) count++;
  expect(count).toBe(all.length);
  return [...lengths];
}

describe('texts that are inspected in order', () => {
  it('come back without their text, those that were skipped between them', async () => {
    const skipped = { path: 'b', reason: 'too large', kind: 'policy' } as const;
    const items = itemsOf({ chunk: chunkOf('first\n') }, { skipped }, { chunk: chunkOf('second one\n') });
    const found = [];
    for await (const one of inspectInOrder(options).each(items)) found.push(one);
    expect(found.map(({ item }) => item)).toEqual([
      { chunk: { origin: expect.anything(), path: expect.any(String), bytes: expect.any(Number) } },
      { skipped },
      { chunk: { origin: expect.anything(), path: expect.any(String), bytes: expect.any(Number) } },
    ]);
    expect(found.map(({ inspected }) => inspected !== undefined)).toEqual([true, false, true]);
  });

  it('are pulled one at a time, when the one before has been told', async () => {
    const pulled: number[] = [];
    async function* items(): AsyncGenerator<SourceItem, void> {
      for (let i = 0; i < 3; i++) {
        pulled.push(i);
        yield { chunk: chunkOf(`text ${i}\n`) };
      }
    }
    const seen: number[] = [];
    for await (const _ of inspectInOrder({ ...options, threads: 1 }).each(items())) seen.push(pulled.length);
    expect(seen).toEqual([1, 2, 3]);
  });

  it('go to other threads when those take them', async () => {
    expect(await given([4_000_000, 1001, 1000, 401, 400, 2])).toEqual([1000, 400, 2]);
  });

  it('are worth other threads when they are long, or many', async () => {
    expect(await given([3_000_000, 1000])).toEqual([]);
    const { length } = await given(Array.from({ length: 2400 }, () => 10));
    expect(length).toBeGreaterThan(100);
    expect(length).toBeLessThan(1200);
  });
});
