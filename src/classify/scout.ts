import type { Features } from '../features/index.ts';
import { OWN_COLUMNS } from '../features/own-columns.ts';
import type { Candidate, Verdict } from '../types.ts';
import { UserError } from '../util/errors.ts';
import { type Forest, finite, packForest, sumOfTrees } from './forest.ts';

/**
 * A first look at a candidate, before filters and gate: a few trees over what costs next to nothing to tell. Of ten
 * candidates in code it lets one through; what it dismisses is no secret to any threshold, and nothing else is asked.
 * Made by `training/workers/train_scout.py`, which fits it on what the gate says.
 */
export interface Scout {
  forest: Forest;
  /** Log odds below which a candidate is dismissed. */
  least: number;
}

export const SCOUT_FEATURES: readonly string[] = OWN_COLUMNS.names;

const row = new Float32Array(SCOUT_FEATURES.length);

/** Where a provider's rule has matched, or an address has its password, a plain word may be a secret. */
export function mayDismiss({ syntax }: Pick<Candidate, 'syntax'>): boolean {
  return syntax !== 'provider' && syntax !== 'url';
}

/** The verdict on a candidate that is not worth a second look. */
export function dismissed(scout: Scout, candidate: Candidate, features: Features): Verdict | undefined {
  if (!mayDismiss(candidate)) return undefined;
  row.fill(0);
  OWN_COLUMNS.write({ candidate, features }, row, 0);
  return sumOfTrees(scout.forest, row) < scout.least ? DISMISSED : undefined;
}

/** The same for all: what there is to say of each is of no use to anybody, and saying it costs more than the look. */
const DISMISSED: Verdict = Object.freeze({
  label: 'harmless',
  probability: 0,
  decidedBy: 'gate',
  reason: 'at first sight it has nothing of a secret: name, characters and path are those of plain code',
});

/** Reads `scout.json`. @throws UserError when it is damaged, or made for other features than these */
export function readScout(text: string): Scout {
  try {
    const json = JSON.parse(text);
    if (json.format !== 1) throw new Error(`its format is ${json.format}, this version reads format 1`);
    if (json.features.join('\n') !== SCOUT_FEATURES.join('\n')) throw new Error('it was made for other features');
    return { forest: packForest(json.forest, SCOUT_FEATURES.length), least: finite(json.least) };
  } catch (error) {
    throw new UserError(`scout.json of the model cannot be used: ${error instanceof Error ? error.message : error}`, {
      hint: 'Install the scanner again, or train a model with `sss train`.',
    });
  }
}
