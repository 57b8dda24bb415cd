import type { Preset } from '../../src/types.ts';
import { mean, type Outcome, type Tally, tally } from './metrics.ts';

/** Places of one split in one variant, weighted; every group counts alike. */
export interface SweepGroup {
  split: string;
  variant: string;
  outcomes: readonly Outcome[];
  noise: readonly number[];
}

/** One threshold: the counts of every group, and their means. */
export interface SweepRow {
  threshold: number;
  precision: number;
  recall: number;
  f1: number;
  groups: readonly (Tally & { split: string; variant: string })[];
}

export type Thresholds = Record<Preset, number>;

/** 0.01, 0.02 … 0.99. */
export const GRID: readonly number[] = Array.from({ length: 99 }, (_, i) => (i + 1) / 100);

/** F1 within this of the best is as good: noise of single places is not chosen by. */
const AS_GOOD = 0.004;

export function sweep(groups: readonly SweepGroup[], grid: readonly number[] = GRID): SweepRow[] {
  return grid.map((threshold) => {
    const tallies = groups.map(({ split, variant, outcomes, noise }) => ({
      split,
      variant,
      ...tally({ outcomes, noise, threshold }),
    }));
    return {
      threshold,
      precision: mean(tallies.map((t) => t.precision)),
      recall: mean(tallies.map((t) => t.recall)),
      f1: mean(tallies.map((t) => t.f1)),
      groups: tallies,
    };
  });
}

/**
 * The thresholds of the presets by the means of a sweep.
 * - balanced: the middle of the thresholds round the highest F1 that are as good: on other repositories the borders of
 *   such a plateau are the first to fall off, on either side.
 * - strict: the lowest from balanced on with a precision of at least `strictPrecision`.
 * - wide: the highest up to balanced that keeps `wideRecall` of the recall of the lowest threshold.
 *
 * Where no threshold gets there, the nearest is taken and `notes` says so.
 */
export function chooseThresholds(input: { rows: readonly SweepRow[]; strictPrecision: number; wideRecall: number }): {
  thresholds: Thresholds;
  notes: string[];
} {
  const { rows, strictPrecision, wideRecall } = input;
  const notes: string[] = [];
  const at = middleOfBest(rows);
  const balanced = rows[at]!;

  const above = rows.slice(at);
  let strict = above.find((row) => row.precision >= strictPrecision);
  if (!strict) {
    // Where nothing is reported, precision is 0: the best is found before that.
    strict = above.reduce((best, row) => (row.precision > best.precision ? row : best));
    notes.push(
      `strict: no threshold has a precision of ${strictPrecision}; ${strict.threshold} has the highest, ${strict.precision.toFixed(4)}`,
    );
  }

  const attainable = rows[0]!.recall;
  const below = rows.slice(0, at + 1);
  const wide = below.findLast((row) => row.recall >= wideRecall * attainable) ?? rows[0]!;
  if (wide === balanced) notes.push('wide: balanced keeps that much recall already');
  return {
    thresholds: { strict: strict.threshold, balanced: balanced.threshold, wide: wide.threshold },
    notes,
  };
}

function middleOfBest(rows: readonly SweepRow[]): number {
  const top = rows.reduce((best, row, i) => (row.f1 > rows[best]!.f1 ? i : best), 0);
  const isAsGood = (at: number) => rows[at] !== undefined && rows[at].f1 >= rows[top]!.f1 - AS_GOOD;
  let [low, high] = [top, top];
  while (isAsGood(low - 1)) low--;
  while (isAsGood(high + 1)) high++;
  return Math.floor((low + high) / 2);
}
