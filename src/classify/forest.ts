import { FEATURES, type LeafMasks, leafMasks, sumByMasks } from './leaf-masks.ts';

/**
 * Boosted trees, packed for speed: two words a node, a tree in the order in which it is read downwards, so that the left
 * child of a node is the next one. A node's first word is `feature + FEATURES × nodes to its right child`, its second the
 * bits of the threshold; a leaf's first word is `~number of the leaf`.
 */
export interface Forest {
  bias: number;
  /** Places of the roots in `words`. */
  roots: Int32Array;
  words: Int32Array;
  /** The same memory: thresholds at odd places. */
  thresholds: Float32Array;
  leaves: Float64Array;
  /** Rows that have been read, as far as they are counted. */
  rows: number;
  /** The same trees for many rows. Undefined: too few so far, or trees that are too large for it. */
  masks: LeafMasks | undefined;
}

/** A forest as it is stored: node `i` sends a row left when `x[feature[i]] <= threshold[i]`; a child below zero is leaf `~child`. */
export interface StoredForest {
  bias: number;
  roots: readonly number[];
  feature: readonly number[];
  threshold: readonly number[];
  left: readonly number[];
  right: readonly number[];
  leaf: readonly number[];
}

/** So many rows are worth the time that masks take to make: a hook has fewer. */
export const WORTH_MASKS = 1000;

/** The sum of what the trees say of a row of numbers in single precision. */
export function sumOfTrees(forest: Forest, row: Float32Array): number {
  const { bias, roots, masks } = forest;
  if (masks) return sumByMasks(masks, bias, row);
  if (forest.rows < WORTH_MASKS && ++forest.rows === WORTH_MASKS) forest.masks = leafMasks(forest, row.length);
  let sum = bias;
  for (let tree = 0; tree < roots.length; tree++) sum += leafOf(forest, roots[tree]!, row);
  return sum;
}

function leafOf({ words, thresholds, leaves }: Forest, root: number, row: Float32Array): number {
  let at = root;
  let word = words[at]!;
  while (word >= 0) {
    at += row[word & (FEATURES - 1)]! <= thresholds[at + 1]! ? 2 : (word >> 10) << 1;
    word = words[at]!;
  }
  return leaves[~word]!;
}

/**
 * Packs a stored forest over `columns` features.
 * @throws Error when it is damaged
 */
export function packForest(stored: StoredForest, columns: number): Forest {
  const { roots, feature, threshold, left, right, leaf } = stored;
  if (!roots || !feature || !threshold || !left || !right || !leaf) throw new Error('its trees are damaged');
  const nodes = feature.length;
  const isChild = (parent: number, child: number) =>
    Number.isInteger(child) && (child < 0 ? child >= -leaf.length : child > parent && child < nodes);
  const sound =
    columns <= FEATURES &&
    [threshold, left, right].every((list) => list.length === nodes) &&
    feature.every((column) => Number.isInteger(column) && column >= 0 && column < columns) &&
    left.every((child, i) => isChild(i, child)) &&
    right.every((child, i) => isChild(i, child)) &&
    roots.every((root) => isChild(-1, root));
  if (!sound) throw new Error('its trees are damaged');
  // Every node has one parent, and a tree has one leaf more than nodes.
  const words = new Int32Array(2 * (2 * nodes + roots.length));
  const thresholds = new Float32Array(words.buffer);
  let end = 0;
  const put = (node: number): number => {
    const at = end;
    end += 2;
    if (end > words.length) throw new Error('its trees are damaged');
    if (node < 0) words[at] = node;
    else {
      thresholds[at + 1] = singleBelow(finite(threshold[node]!));
      put(left[node]!);
      words[at] = feature[node]! | (((put(right[node]!) - at) >> 1) << 10);
    }
    return at;
  };
  const places = Int32Array.from(roots, put);
  const bias = finite(stored.bias);
  return { bias, roots: places, words, thresholds, leaves: Float64Array.from(leaf, finite), rows: 0, masks: undefined };
}

/** A finite number as it is. */
export function finite(value: number): number {
  if (!Number.isFinite(value)) throw new Error('it holds numbers that are none');
  return value;
}

/** The greatest number of single precision that is not above `value`: compared with such numbers both are the same. */
function singleBelow(value: number): number {
  const single = new Float32Array([value]);
  if (single[0]! <= value) return single[0]!;
  const bits = new Int32Array(single.buffer);
  bits[0] = single[0] === 0 ? -0x7fffffff : bits[0]! + (single[0]! > 0 ? -1 : 1);
  return single[0]!;
}
