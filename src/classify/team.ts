import { FEATURE_NAMES } from '../features/vector.ts';
import { UserError } from '../util/errors.ts';
import { type Forest, finite, packForest, type StoredForest, sumOfTrees } from './forest.ts';

/** More than this no decisions of a team add to calibrated log odds, or take away. */
export const MOST_SHIFT = 6;
/** So many log odds are no opinion: trees that are grown on few decisions say a little about everything. */
export const LEAST_SHIFT = 0.75;

/**
 * What a team has taught the model: a few small trees over what the gate sees and its answer, added to the calibrated log
 * odds. Candidates that rules or filters settle never get here. Made by `sss train --feedback`.
 */
export interface Team {
  forest: Forest;
  /** What the sum of the trees is multiplied with, 0 to 1: fitted on decisions that were kept apart. */
  scale: number;
}

/** `team.json`. */
export interface StoredTeam {
  format: 1;
  features: readonly string[];
  scale: number;
  forest: StoredForest;
}

/** @param scores names of the gate's n-gram scores, in their order */
export function teamFeatures(scores: readonly string[]): string[] {
  return [...FEATURE_NAMES, ...scores.map((name) => `ngrams ${name}`), 'gate'];
}

/**
 * How many calibrated log odds the team's decisions add.
 * @param row features, then n-gram scores
 */
export function teamShift(team: Team, row: Float32Array, gateLogit: number): number {
  const whole = new Float32Array(row.length + 1);
  whole.set(row);
  whole[row.length] = gateLogit;
  return bounded(team.scale * sumOfTrees(team.forest, whole));
}

/** What counts of the sum of the trees: nothing of the little that is left where a team has decided nothing. */
export function bounded(shift: number): number {
  const clear = Math.max(0, Math.abs(shift) - LEAST_SHIFT);
  return clear === 0 ? 0 : Math.sign(shift) * Math.min(MOST_SHIFT, clear);
}

/** Reads `team.json`. @throws UserError when it is damaged, or made for other features than these */
export function readTeam(text: string): Team {
  try {
    const json = JSON.parse(text) as StoredTeam;
    if (json.format !== 1) throw new Error(`its format is ${json.format}, this version reads format 1`);
    if (FEATURE_NAMES.some((name, i) => json.features[i] !== name) || json.features.at(-1) !== 'gate')
      throw new Error('it was made for other features');
    if (!(finite(json.scale) >= 0 && json.scale <= 1)) throw new Error('its scale is none');
    return { forest: packForest(json.forest, json.features.length), scale: json.scale };
  } catch (error) {
    throw new UserError(`team.json of the model cannot be used: ${error instanceof Error ? error.message : error}`, {
      hint: 'Learn from the decisions again with `sss train --feedback`, or take the shipped model: `sss model use shipped`.',
    });
  }
}
