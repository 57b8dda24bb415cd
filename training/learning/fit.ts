import { packForest, type StoredForest, sumOfTrees } from '../../src/classify/forest.ts';
import { bounded } from '../../src/classify/team.ts';
import { FEATURE_NAMES } from '../../src/features/vector.ts';
import { lot } from '../data/random.ts';
import { type BoostSettings, boost } from './boost.ts';
import { type DecisionRow, type LearnRow, type Standing, standingOf } from './rows.ts';

/** Chosen on made-up teams, none of them those of `bench/learning.txt` (see docs/decisions.md). */
const TREES: BoostSettings = {
  ...{ trees: 60, depth: 3, learningRate: 0.15, columns: 0.4 },
  ...{ lambda: 5, least: 1, fewest: 5, seed: 1 },
};
const WEIGHTS = { secret: 12, other: 6, replayedSecret: 6, replayedOther: 2 };
/** Of the secrets among held decisions this share may be lost, or one: a single one tells little of the others. */
const MOST_LOST = 0.02;
const PARTS = 5;
/** Rows of the replay sample that are only measured on: two repositories of five. */
export const isGuard = (group: number): boolean => group % 5 >= 3;
const SCALES = [1, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1, 0];

/** Trees that were fitted, and how they do on what they were not fitted on. */
export interface Fitted {
  forest: StoredForest;
  scale: number;
  /** Every decision, as trees see it that were fitted without its group. */
  held: { before: Standing; after: Standing };
  /** The part that each decision is in: the trees that judge it as a held one have seen nothing of that part. */
  parts: readonly number[];
  /** What the trees add to the log odds of each decision: those that have not seen it, and those that have. */
  shifts: { held: readonly number[]; known: readonly number[] };
  /** Ids of decisions for a secret that would not be found any more if the trees were followed all the way. */
  inTheWay: readonly string[];
  /** Replay rows that were kept apart. */
  guard: { before: Standing; after: Standing; faintest: { kind: string; shift: number } };
}

/** Grows trees from a team's decisions, kept from changing what they say little about. */
export function fitTeam(input: {
  decisions: readonly DecisionRow[];
  replay: readonly LearnRow[];
  guard: readonly LearnRow[];
  trees?: BoostSettings;
  weights?: typeof WEIGHTS;
}): Fitted {
  const { guard, trees = TREES, weights = WEIGHTS } = input;
  const replay = input.replay.map((row) => ({
    ...row,
    weight: row.secret ? weights.replayedSecret : weights.replayedOther,
  }));
  const decisions = input.decisions.map((row) => ({ ...row, weight: row.secret ? weights.secret : weights.other }));
  const grown = (rows: readonly DecisionRow[]) => boost([...replay, ...rows], trees);
  const parts = partsOf(decisions);
  const raw = new Array<number>(decisions.length).fill(0);
  for (let part = 0; part < PARTS; part++) {
    const shifts = shiftsOf(
      grown(decisions.filter((_, i) => parts[i] !== part)),
      decisions.filter((_, i) => parts[i] === part),
    );
    for (const [i] of decisions.entries()) if (parts[i] === part) raw[i] = shifts.shift()!;
  }
  const forest = grown(decisions);
  const known = shiftsOf(forest, decisions);
  const scale = chooseScale({ decisions, held: raw, known });
  const rawGuard = shiftsOf(forest, guard).map((shift) => scale * shift);
  const onGuard = rawGuard.map(bounded);
  const onHeld = scaled(raw, scale);
  return {
    forest,
    scale,
    held: { before: standingOf(decisions), after: standingOf(decisions, onHeld) },
    parts,
    shifts: { held: onHeld, known: scaled(known, scale) },
    inTheWay: lost(decisions, scaled(raw, 1)).map(({ id }) => id),
    guard: { before: standingOf(guard), after: standingOf(guard, onGuard), faintest: faintest(guard, rawGuard) },
  };
}

/** Groups in five parts of the same size, as far as they can be: which goes where is drawn by name. */
function partsOf(decisions: readonly DecisionRow[]): number[] {
  const sizes = new Map<string, number>();
  for (const { group } of decisions) sizes.set(group, (sizes.get(group) ?? 0) + 1);
  const inOrder = [...sizes].sort(([a, m], [b, n]) => n - m || lot(a) - lot(b));
  const filled = new Array<number>(PARTS).fill(0);
  const partOf = new Map<string, number>();
  for (const [group, size] of inOrder) {
    const part = filled.indexOf(Math.min(...filled));
    partOf.set(group, part);
    filled[part]! += size;
  }
  return decisions.map(({ group }) => partOf.get(group)!);
}

function shiftsOf(stored: StoredForest, rows: readonly LearnRow[]): number[] {
  const forest = packForest(stored, rows[0]?.x.length ?? 0);
  return rows.map(({ x }) => sumOfTrees(forest, x));
}

const scaled = (shifts: readonly number[], scale: number) => shifts.map((shift) => bounded(scale * shift));

/**
 * How far to follow the trees: as loses least on held decisions, both kinds weighing alike. Hardly any secret may be lost there,
 * and of the confirmed secrets themselves, by the trees that have seen them, none.
 */
function chooseScale(input: {
  decisions: readonly DecisionRow[];
  /** By trees that have not seen the decision. */
  held: readonly number[];
  /** By those that have. */
  known: readonly number[];
}): number {
  const { decisions, held, known } = input;
  const most = Math.max(1, Math.floor(MOST_LOST * decisions.filter(({ secret }) => secret).length));
  const lossAt = (scale: number, isSecret: boolean) => {
    const of = decisions.flatMap((row, i) => (row.secret === isSecret ? [i] : []));
    const rows = of.map((i) => decisions[i]!);
    return standingOf(
      rows,
      of.map((i) => bounded(scale * held[i]!)),
    ).loss;
  };
  const isSafe = (scale: number) =>
    lost(decisions, scaled(known, scale)).length === 0 && lost(decisions, scaled(held, scale)).length <= most;
  return SCALES.filter(isSafe)
    .map((scale) => ({ scale, loss: lossAt(scale, true) + lossAt(scale, false) }))
    .reduce((best, one) => (one.loss < best.loss ? one : best)).scale;
}

/** Secrets that were found, and are not any more. */
function lost(rows: readonly DecisionRow[], shifts: readonly number[]): DecisionRow[] {
  return rows.filter(({ secret, start, limit }, i) => secret && start >= limit && start + shifts[i]! < limit);
}

const NAME_KINDS = FEATURE_NAMES.flatMap((name, column) =>
  /^name is (?!a file$)/.test(name) ? [{ kind: name.slice('name is '.length), column }] : [],
);
/** Fewer say nothing of a kind. */
const FEWEST_OF_KIND = 20;

/** The kind of names under which secrets have lost most of their log odds in the mean, what is too little to count included. */
function faintest(rows: readonly LearnRow[], shifts: readonly number[]): { kind: string; shift: number } {
  let least = { kind: 'any', shift: 0 };
  for (const { kind, column } of NAME_KINDS) {
    const of = shifts.filter((_, i) => rows[i]!.secret && rows[i]!.start >= rows[i]!.limit && rows[i]!.x[column] === 1);
    const shift = of.reduce((sum, one) => sum + one, 0) / of.length;
    if (of.length >= FEWEST_OF_KIND && shift < least.shift) least = { kind, shift };
  }
  return least;
}
