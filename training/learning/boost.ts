import type { StoredForest } from '../../src/classify/forest.ts';
import { sigmoid } from '../../src/classify/stack.ts';
import { randomOf } from '../data/random.ts';

/** What trees are grown on: rows in single precision, as the scanner sees them. */
export interface BoostRow {
  x: Float32Array;
  /** Log odds before the first tree. */
  start: number;
  /** Probability that it is to get. */
  target: number;
  weight: number;
}

/** How trees are grown. */
export interface BoostSettings {
  trees: number;
  depth: number;
  learningRate: number;
  /** L2 penalty of a leaf. */
  lambda: number;
  /** Least improvement that a split is made for. */
  least: number;
  /** Fewest rows of a leaf. */
  fewest: number;
  /** Share of the columns that a tree may use. */
  columns: number;
  seed: number;
}

/** Borders of a column between which rows are not told apart. */
const MOST_BORDERS = 63;
/** Log odds that are already right by more than this move nothing. */
const LEAST_CURVATURE = 1e-6;

/** Rows as numbers of the intervals that their values lie in, column by column. */
interface Binned {
  borders: readonly number[][];
  bins: readonly Uint8Array[];
}

interface Split {
  gain: number;
  column: number;
  bin: number;
}

/**
 * Grows trees one after the other, each on what is left to explain (Newton boosting on the log loss, as LightGBM and XGBoost
 * do it), on top of the log odds that a model gives. The same rows and settings give the same trees on every machine.
 */
export function boost(rows: readonly BoostRow[], settings: BoostSettings): StoredForest {
  const forest = { bias: 0, roots: [], feature: [], threshold: [], left: [], right: [], leaf: [] } as Growing;
  if (rows.length === 0) return forest;
  const binned = binsOf(rows.map((row) => row.x));
  const used = binned.borders.flatMap((borders, column) => (borders.length > 0 ? [column] : []));
  const random = randomOf(`trees ${settings.seed}`);
  const odds = Float64Array.from(rows, (row) => row.start);
  const gradient = new Float64Array(rows.length);
  const curvature = new Float64Array(rows.length);
  for (let tree = 0; tree < settings.trees; tree++) {
    for (const [i, { target, weight }] of rows.entries()) {
      const p = sigmoid(odds[i]!);
      gradient[i] = weight * (p - target);
      curvature[i] = weight * Math.max(LEAST_CURVATURE, p * (1 - p));
    }
    const columns = used.filter(() => random.chance(settings.columns));
    const grower = { forest, binned, columns, gradient, curvature, odds, settings };
    const root = grow(grower, Uint32Array.from(rows.keys()), settings.depth);
    // Nothing is left that is worth a split with these columns: others may do.
    if (root < 0) continue;
    forest.roots.push(root);
  }
  return rounded(forest);
}

type Growing = { -readonly [K in keyof StoredForest]: StoredForest[K] extends number ? number : number[] };

interface Grower {
  forest: Growing;
  binned: Binned;
  columns: readonly number[];
  gradient: Float64Array;
  curvature: Float64Array;
  odds: Float64Array;
  settings: BoostSettings;
}

/** Adds a node for these rows, or a leaf where no split is worth it. @returns its number; `~leaf` for a leaf, -1 for no tree */
function grow(grower: Grower, rows: Uint32Array, depth: number): number {
  const { forest, binned, settings } = grower;
  const split = depth > 0 ? bestSplit(grower, rows) : undefined;
  if (!split) return depth === settings.depth ? -1 : leafOf(grower, rows);
  const bins = binned.bins[split.column]!;
  const at = forest.feature.length;
  forest.feature.push(split.column);
  forest.threshold.push(binned.borders[split.column]![split.bin]!);
  forest.left.push(0);
  forest.right.push(0);
  forest.left[at] = grow(
    grower,
    rows.filter((row) => bins[row]! <= split.bin),
    depth - 1,
  );
  forest.right[at] = grow(
    grower,
    rows.filter((row) => bins[row]! > split.bin),
    depth - 1,
  );
  return at;
}

function leafOf({ forest, gradient, curvature, odds, settings }: Grower, rows: Uint32Array): number {
  let [g, h] = [0, 0];
  for (const row of rows) {
    g += gradient[row]!;
    h += curvature[row]!;
  }
  const value = (-g / (h + settings.lambda)) * settings.learningRate;
  for (const row of rows) odds[row]! += value;
  forest.leaf.push(value);
  return ~(forest.leaf.length - 1);
}

function bestSplit({ binned, columns, gradient, curvature, settings }: Grower, rows: Uint32Array): Split | undefined {
  const { lambda, fewest, least } = settings;
  let [g, h] = [0, 0];
  for (const row of rows) {
    g += gradient[row]!;
    h += curvature[row]!;
  }
  const whole = (g * g) / (h + lambda);
  let best: Split | undefined;
  const sums = {
    g: new Float64Array(MOST_BORDERS + 1),
    h: new Float64Array(MOST_BORDERS + 1),
    n: new Uint32Array(MOST_BORDERS + 1),
  };
  for (const column of columns) {
    const bins = binned.bins[column]!;
    sums.g.fill(0);
    sums.h.fill(0);
    sums.n.fill(0);
    for (const row of rows) {
      const bin = bins[row]!;
      sums.g[bin]! += gradient[row]!;
      sums.h[bin]! += curvature[row]!;
      sums.n[bin]!++;
    }
    let [gLeft, hLeft, nLeft] = [0, 0, 0];
    for (let bin = 0; bin < binned.borders[column]!.length; bin++) {
      gLeft += sums.g[bin]!;
      hLeft += sums.h[bin]!;
      nLeft += sums.n[bin]!;
      if (nLeft < fewest || rows.length - nLeft < fewest) continue;
      const gain = gLeft ** 2 / (hLeft + lambda) + (g - gLeft) ** 2 / (h - hLeft + lambda) - whole;
      if (gain > (best?.gain ?? least)) best = { gain, column, bin };
    }
  }
  return best;
}

/** Cuts every column at some of the middles between neighbouring values; where there are many, so that as many rows lie in each part. */
function binsOf(xs: readonly Float32Array[]): Binned {
  const borders: number[][] = [];
  const bins: Uint8Array[] = [];
  for (let column = 0; column < (xs[0]?.length ?? 0); column++) {
    const values = Float32Array.from(xs, (x) => x[column]!);
    const cuts = bordersOf(values);
    borders.push(cuts);
    bins.push(Uint8Array.from(values, (value) => binOf(cuts, value)));
  }
  return { borders, bins };
}

function bordersOf(values: Float32Array): number[] {
  const sorted = values.toSorted();
  const distinct = sorted.filter((value, i) => i === 0 || value !== sorted[i - 1]);
  const between = (low: number, high: number) => {
    const middle = Math.fround((low + high) / 2);
    return middle < high ? middle : low;
  };
  const all = Array.from(distinct.subarray(1), (value, i) => between(distinct[i]!, value));
  if (all.length <= MOST_BORDERS) return all;
  const wanted = Array.from(
    { length: MOST_BORDERS },
    (_, i) => sorted[Math.floor(((i + 1) * sorted.length) / (MOST_BORDERS + 1))]!,
  );
  const kept = new Set(wanted.map((value) => all.findLast((border) => border < value)));
  return all.filter((border) => kept.has(border));
}

function binOf(borders: readonly number[], value: number): number {
  let [low, high] = [0, borders.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value <= borders[middle]!) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Leaves in six digits: what is beyond depends on nothing that was learned. */
function rounded(forest: Growing): StoredForest {
  return { ...forest, leaf: forest.leaf.map((value) => Number(value.toPrecision(6))) };
}
