import { gunzipSync, gzipSync } from 'node:zlib';
import type { VerdictLogits } from '../../src/classify/stack.ts';
import { FEATURE_NAMES } from '../../src/features/vector.ts';
import type { VerdictLabel } from '../../src/types.ts';
import { LABELS } from '../data/record.ts';

/**
 * One candidate that a model was trained on, as the scores out of fold see it: what a team's decisions must not spoil. It holds
 * no text and no n-gram.
 */
export interface ReplayRow {
  /** Feature vector, then the n-gram scores. */
  x: readonly number[];
  label: VerdictLabel;
  /** Log odds by a gate that has not seen the repository. */
  gate: number;
  /** By a language model that has not seen the repository; absent where it was not asked. */
  lm?: VerdictLogits;
  /** Rows of one number are of one repository. */
  group: number;
}

/** `replay.json.gz`: column by column, which packs well. */
interface StoredReplay {
  format: 1;
  featuresHash: string;
  columns: number[][];
  label: number[];
  gate: number[];
  lm: (VerdictLogits | 0)[];
  group: number[];
}

/** Its name in a model folder. */
export const REPLAY_FILE = 'replay.json.gz';

const SCORES = 4;

/** The replay sample as it ships. */
export function packReplay(rows: readonly ReplayRow[], featuresHash: string): Buffer {
  const stored: StoredReplay = {
    format: 1,
    featuresHash,
    columns: Array.from({ length: FEATURE_NAMES.length + SCORES }, (_, i) => rows.map((row) => short(row.x[i]!))),
    label: rows.map((row) => LABELS.indexOf(row.label)),
    gate: rows.map((row) => short(row.gate)),
    lm: rows.map((row) => (row.lm ? (row.lm.map(short) as unknown as VerdictLogits) : 0)),
    group: rows.map((row) => row.group),
  };
  const packed = gzipSync(JSON.stringify(stored), { level: 9 });
  // The system that has packed it, which makes no difference.
  packed[9] = 255;
  return packed;
}

/** @throws Error when it is damaged, or made for other features */
export function unpackReplay(bytes: Uint8Array, featuresHash: string): ReplayRow[] {
  const stored = JSON.parse(gunzipSync(bytes, { maxOutputLength: 100_000_000 }).toString('utf8')) as StoredReplay;
  if (stored.format !== 1) throw new Error(`its format is ${stored.format}, this version reads format 1`);
  const { columns, label, gate, lm, group } = stored;
  if (stored.featuresHash !== featuresHash || columns.length !== FEATURE_NAMES.length + SCORES)
    throw new Error('it was made for other features');
  if ([gate, lm, group, ...columns].some((list) => list.length !== label.length)) throw new Error('it is damaged');
  return label.map((at, i) => ({
    x: columns.map((column) => column[i]!),
    label: LABELS[at]!,
    gate: gate[i]!,
    ...(lm[i] === 0 ? {} : { lm: lm[i] as VerdictLogits }),
    group: group[i]!,
  }));
}

/** Four digits tell a row from others well enough for trees. */
function short(value: number): number {
  return Number.isInteger(value) ? value : Number(value.toPrecision(4));
}
