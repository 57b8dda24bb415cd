import { describe, expect, it } from 'vitest';
import { packForest, type StoredForest, sumOfTrees, WORTH_MASKS } from '../../src/classify/forest.ts';
import { randomOf } from '../../training/data/random.ts';

const COLUMNS = 7;
const VALUES = [-3.5, -1, -0, 0, 0.5, 1, Math.fround(1 / 3), 2, 1e9];

/** Trees of so many leaves each, over thresholds that some rows meet exactly. */
function forestOf(leaves: readonly number[], seed: string): StoredForest {
  const random = randomOf(seed);
  const below = (end: number) => Math.floor(random.next() * end);
  const [feature, threshold, left, right, leaf] = Array.from({ length: 5 }, (): number[] => []);
  const grow = (count: number): number => {
    if (count === 1) return ~(leaf!.push(random.next() - 0.5) - 1);
    const node = feature!.push(below(COLUMNS)) - 1;
    threshold!.push(VALUES[below(VALUES.length)]! + (below(2) === 0 ? 0 : 1e-12));
    const onLeft = 1 + below(count - 1);
    left![node] = grow(onLeft);
    right![node] = grow(count - onLeft);
    return node;
  };
  const roots = leaves.map(grow);
  return { bias: 0.25, roots, feature: feature!, threshold: threshold!, left: left!, right: right!, leaf: leaf! };
}

function rowsOf(count: number): Float32Array[] {
  const random = randomOf('rows');
  return Array.from({ length: count }, () =>
    Float32Array.from({ length: COLUMNS }, () => VALUES[Math.floor(random.next() * VALUES.length)]!),
  );
}

describe('a forest', () => {
  it.each<[what: string, leaves: number[], masks: boolean]>([
    ['of many sizes', [1, 2, 31, 32, 5, 1, 20, 32], true],
    ['of leaves alone', [1, 1], true],
    ['of no trees', [], true],
    ['with a tree of more leaves than a mask has bits', [3, 33, 4], false],
  ])('%s says the same of many rows as of one', (what, leaves, masks) => {
    const stored = forestOf(leaves, what);
    const rows = rowsOf(WORTH_MASKS + 500);
    const forest = packForest(stored, COLUMNS);
    const sums = rows.map((row) => sumOfTrees(forest, row));
    expect(forest.masks !== undefined).toBe(masks);
    let fresh = packForest(stored, COLUMNS);
    const apart = rows.map((row, i) => {
      if (i % (WORTH_MASKS / 2) === 0) fresh = packForest(stored, COLUMNS);
      return sumOfTrees(fresh, row);
    });
    expect(sums).toEqual(apart);
  });
});
