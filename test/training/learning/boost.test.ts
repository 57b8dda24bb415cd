import { describe, expect, it } from 'vitest';
import { packForest, sumOfTrees } from '../../../src/classify/forest.ts';
import { randomOf } from '../../../training/data/random.ts';
import { type BoostRow, type BoostSettings, boost } from '../../../training/learning/boost.ts';

const SETTINGS: BoostSettings = {
  ...{ trees: 40, depth: 3, learningRate: 0.2, columns: 1 },
  ...{ lambda: 1, least: 0.5, fewest: 2, seed: 1 },
};

/** Rows of five columns, of which `of` says what they are. */
function rowsOf(count: number, of: (x: readonly number[]) => boolean, start = 0): BoostRow[] {
  const random = randomOf('rows');
  return Array.from({ length: count }, () => {
    const x = Array.from({ length: 5 }, () => Math.round(random.next() * 1000) / 10);
    return { x: Float32Array.from(x), start, target: of(x) ? 1 : 0, weight: 1 };
  });
}

function rightOf(rows: readonly BoostRow[], settings = SETTINGS): number {
  const forest = packForest(boost(rows, settings), 5);
  return (
    rows.filter(({ x, start, target }) => start + sumOfTrees(forest, x) >= 0 === (target === 1)).length / rows.length
  );
}

describe('boost', () => {
  it('learns what takes two columns together', () => {
    expect(rightOf(rowsOf(600, ([a, b]) => a! > 30 !== b! > 60))).toBeGreaterThan(0.97);
  });

  it('starts from the odds that are given, and only adds what they lack', () => {
    const right = rowsOf(300, ([a]) => a! > 50).map((row) => ({ ...row, start: row.target === 1 ? 8 : -8 }));
    expect(boost(right, SETTINGS).roots).toEqual([]);
    const wrong = right.map((row) => ({ ...row, start: 3 }));
    expect(rightOf(wrong)).toBe(1);
  });

  it('leaves alone what is to stay as it is', () => {
    const rows = rowsOf(300, ([a]) => a! > 50, 1.5).map((row) => ({ ...row, target: 1 / (1 + Math.exp(-1.5)) }));
    expect(boost(rows, SETTINGS).roots).toEqual([]);
  });

  it('makes the same trees of the same rows, and others with another seed', () => {
    const rows = rowsOf(300, ([a, b, c]) => a! + b! > 90 && c! < 70);
    const some = { ...SETTINGS, columns: 0.5 };
    expect(boost(rows, some)).toEqual(boost(rows, some));
    expect(boost(rows, some)).not.toEqual(boost(rows, { ...some, seed: 2 }));
  });

  it('makes no leaf of fewer rows than it may, and no trees of nothing', () => {
    const rows = rowsOf(100, ([a]) => a! > 99);
    expect(boost(rows, { ...SETTINGS, fewest: 51 }).roots).toEqual([]);
    expect(boost([], SETTINGS).roots).toEqual([]);
  });

  it('tells neighbours in single precision apart', () => {
    const [low, high] = [Math.fround(0.1), Math.fround(0.1) + 2 ** -27];
    const rows = Array.from({ length: 40 }, (_, i): BoostRow => {
      return { x: Float32Array.from([i % 2 ? high : low, 0, 0, 0, 0]), start: 0, target: i % 2, weight: 1 };
    });
    expect(rightOf(rows)).toBe(1);
  });
});
