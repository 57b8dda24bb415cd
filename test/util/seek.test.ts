import { describe, expect, it, vi } from 'vitest';
import { seeker } from '../../src/util/seek.ts';

describe('seeker', () => {
  it('tells where the sign stands next, and the end where it does not', () => {
    const next = seeker('a/b//c', '/');
    expect([0, 1, 2, 2, 3, 4, 5, 6].map((from) => next(from))).toEqual([1, 1, 3, 3, 3, 4, 6, 6]);
    expect(seeker('', '/')(0)).toBe(0);
  });

  it('reads a text once, however often it is asked', () => {
    const indexOf = vi.spyOn(String.prototype, 'indexOf');
    try {
      const next = seeker('a'.repeat(1000), '/');
      for (let from = 0; from < 1000; from++) next(from);
      expect(indexOf).toHaveBeenCalledTimes(1);
    } finally {
      indexOf.mockRestore();
    }
  });
});
