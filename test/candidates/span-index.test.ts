import { describe, expect, it } from 'vitest';
import { createSpanIndex } from '../../src/candidates/span-index.ts';

describe('createSpanIndex', () => {
  it('keeps spans in order of place, in whatever order they come', () => {
    const index = createSpanIndex<{ start: number; end: number }>();
    for (const [start, end] of [
      [30, 40],
      [0, 5],
      [10, 20],
      [5, 6],
      [20, 30],
      [50, 51],
    ] as const) {
      expect(index.overlapping(start, end)).toBeUndefined();
      index.insert({ start, end });
    }
    expect(index.all.map(({ start }) => start)).toEqual([0, 5, 10, 20, 30, 50]);
  });

  it.each([
    [0, 10, undefined],
    [0, 11, 10],
    [10, 20, 10],
    [12, 13, 10],
    [19, 21, 10],
    [20, 30, undefined],
    [20, 31, 30],
    [39, 99, 30],
    [40, 99, undefined],
    [0, 99, 10],
  ])('tells whether %i to %i shares a character with one', (start, end, found) => {
    const index = createSpanIndex<{ start: number; end: number }>();
    index.insert({ start: 30, end: 40 });
    index.insert({ start: 10, end: 20 });
    expect(index.overlapping(start, end)?.start).toBe(found);
  });
});
