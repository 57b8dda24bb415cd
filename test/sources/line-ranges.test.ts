import { describe, expect, it } from 'vitest';
import { intersectRanges } from '../../src/sources/line-ranges.ts';

describe('intersectRanges', () => {
  it.each([
    [[], [[1, 9]], []],
    [[[1, 9]], [[1, 9]], [[1, 9]]],
    [
      [
        [1, 3],
        [5, 9],
      ],
      [
        [2, 6],
        [9, 12],
      ],
      [
        [2, 3],
        [5, 6],
        [9, 9],
      ],
    ],
    [[[1, 2]], [[3, 4]], []],
  ] as [[number, number][], [number, number][], [number, number][]][])('%j and %j', (a, b, both) => {
    expect(intersectRanges(a, b)).toEqual(both);
    expect(intersectRanges(b, a)).toEqual(both);
  });
});
