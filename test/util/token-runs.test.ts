import { describe, expect, it } from 'vitest';
import { hasRun, tokenRuns } from '../../src/util/token-runs.ts';

/** The same runs, found in the plainest way. */
function plainly(text: string): number[] {
  return [...text.matchAll(/[\w+/=-]{16,}/g)].flatMap(({ index, 0: run }) => [index, index + run.length]);
}

/** Numbers that look random and are the same in every run. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state >>> 8) % below;
  };
}

describe('tokenRuns', () => {
  it('finds all runs of sixteen characters and more, wherever they stand', () => {
    const next = random(11);
    const others = [' ', '\n', '.', '"', '@', 'é', 'Ł', '中', '😀', '\u2028'];
    let seen = 0;
    for (let round = 0; round < 2000; round++) {
      let text = '';
      for (let n = next(8); n > 0; n--) {
        text += 'aZ09_-+/='.charAt(next(9)).repeat(next(40)) + others[next(others.length)]!.repeat(next(20));
      }
      const runs = tokenRuns(text);
      expect({ text, runs }).toEqual({ text, runs: plainly(text) });
      seen += runs.length;
    }
    expect(seen).toBeGreaterThan(1000);
  });

  it('ends a run at the end of the text, and has none in a short one', () => {
    expect(tokenRuns('')).toEqual([]);
    expect(tokenRuns('a'.repeat(15))).toEqual([]);
    expect(tokenRuns('a'.repeat(16))).toEqual([0, 16]);
    expect(tokenRuns(` ${'a'.repeat(17)}`)).toEqual([1, 18]);
  });

  it('takes no character for one with the same low byte', () => {
    // U+0141 has the low byte of an A.
    expect(tokenRuns('\u0141'.repeat(40))).toEqual([]);
    expect(tokenRuns(`${'A'.repeat(20)}\u0141${'A'.repeat(10)}`)).toEqual([0, 20]);
  });
});

describe('hasRun', () => {
  const runs = tokenRuns(`${'a'.repeat(20)} ${'b'.repeat(40)}`);

  it('counts what of a run lies between the two places', () => {
    const least = 18;
    expect(hasRun(runs, { from: 0, to: 61, least })).toBe(true);
    expect(hasRun(runs, { from: 2, to: 20, least })).toBe(true);
    expect(hasRun(runs, { from: 3, to: 21, least })).toBe(false);
    expect(hasRun(runs, { from: 3, to: 38, least })).toBe(false);
    expect(hasRun(runs, { from: 3, to: 39, least })).toBe(true);
    expect(hasRun(runs, { from: 43, to: 61, least })).toBe(true);
    expect(hasRun(runs, { from: 44, to: 61, least })).toBe(false);
  });

  it('finds none in nothing', () => {
    expect(hasRun([], { from: 0, to: 100, least: 16 })).toBe(false);
    expect(hasRun(runs, { from: 70, to: 70, least: 16 })).toBe(false);
  });
});
