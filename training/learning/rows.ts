import type { ModelCard } from '../../src/classify/card.ts';
import { inBand, modelLogit, sigmoid, stackedLogit, type VerdictLogits } from '../../src/classify/stack.ts';
import type { FeedbackRecord } from '../../src/types.ts';
import type { BoostRow } from './boost.ts';
import type { ReplayRow } from './replay.ts';

/** A candidate to learn from or to measure on, with what the model said of it before. */
export interface LearnRow extends BoostRow {
  secret: boolean;
  /** Log odds from which on it is called a secret, by the balanced preset. */
  limit: number;
}

/** A decision as a row. */
export interface DecisionRow extends LearnRow {
  id: string;
  /** The same for decisions that share a value or a folder. */
  group: string;
}

/** What of a card the answers of a model are made with. */
export type Numbers = Pick<
  ModelCard,
  'band' | 'stack' | 'calibration' | 'thresholds' | 'gateThresholds' | 'languageModel'
>;

/** What a model makes of the answers of its parts, as `judge` does: calibrated log odds, and where the threshold lies. */
export function oddsOf(card: Numbers, gate: number, lm?: VerdictLogits): { start: number; limit: number } {
  const { calibration, stack, band, thresholds, gateThresholds } = card;
  const inDoubt = card.languageModel !== null && inBand(gate, band);
  if (inDoubt && lm) {
    const { a, b } = calibration.model;
    const start = a * stackedLogit({ stack, gateLogit: gate, modelLogit: modelLogit(lm) }) + b;
    return { start, limit: logit(thresholds.balanced) };
  }
  const { a, b } = calibration.gate;
  const isAlone = card.languageModel === null || inDoubt;
  return { start: a * gate + b, limit: logit((isAlone ? gateThresholds : thresholds).balanced) };
}

/** A row of the replay sample, as learning reads it. */
export function replayRow(card: Numbers, { x, gate, lm, label }: ReplayRow): LearnRow {
  const odds = oddsOf(card, gate, lm);
  // What the model says is to stay as it is: what it gets wrong is not for a team to put right.
  return {
    x: Float32Array.from([...x, gate]),
    secret: label === 'secret',
    target: sigmoid(odds.start),
    weight: 1,
    ...odds,
  };
}

/** @param group of the decision, see `groupsOf` */
export function decisionRow(card: Numbers, record: FeedbackRecord, group: string): DecisionRow {
  const { id, features, ngrams, gate, lm, label } = record;
  return {
    ...{
      id,
      group,
      x: Float32Array.from([...features, ...ngrams, gate]),
      secret: label === 'secret',
      target: label === 'secret' ? 1 : 0,
      weight: 1,
    },
    ...oddsOf(card, gate, lm),
  };
}

/** How verdicts fall: of the secrets how many are found, of the others how many are raised. */
export interface Standing {
  secrets: number;
  found: number;
  others: number;
  alarms: number;
  /** Mean log loss. */
  loss: number;
}

/** @param shifts what is added to the log odds of each row */
export function standingOf(
  rows: readonly Pick<LearnRow, 'start' | 'limit' | 'secret'>[],
  shifts?: readonly number[],
): Standing {
  const standing = { secrets: 0, found: 0, others: 0, alarms: 0, loss: 0 };
  for (const [i, { start, limit, secret }] of rows.entries()) {
    const odds = start + (shifts?.[i] ?? 0);
    const isRaised = odds >= limit;
    standing[secret ? 'secrets' : 'others']++;
    if (isRaised) standing[secret ? 'found' : 'alarms']++;
    const wrong = secret ? -odds : odds;
    standing.loss += (Math.max(wrong, 0) + Math.log1p(Math.exp(-Math.abs(wrong)))) / rows.length;
  }
  return standing;
}

/** F1 of a standing; 1 where there was nothing to find and nothing was found. */
export function f1({ secrets, found, alarms }: Standing): number {
  return secrets + found + alarms === 0 ? 1 : (2 * found) / (secrets + found + alarms);
}

function logit(p: number): number {
  return Math.log(p / (1 - p));
}
