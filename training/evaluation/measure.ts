import type { VerdictLabel } from '../../src/types.ts';
import { LABELS, type Variant } from '../data/record.ts';
import { openInBand } from './fit-lineage.ts';
import {
  averagePrecision,
  calibrationError,
  logLoss,
  type Outcome,
  reliability,
  type Summary,
  summarise,
  tally,
} from './metrics.ts';
import {
  byGate,
  byModel,
  candidateOutcomes,
  inVariant,
  type Lineage,
  type PlaceOutcome,
  placeOutcomes,
  type Scored,
  type ScoredCandidate,
  softmax,
} from './scored.ts';

/** The systems that are compared. */
export const SYSTEMS = ['model', 'gate', 'baseline', 'rules'] as const;
export type System = (typeof SYSTEMS)[number];

export type ProbabilityOf = (candidate: ScoredCandidate) => number;

/** One list of numbers per category or language: a place of two categories counts in both. */
function summariesBy(input: {
  outcomes: readonly PlaceOutcome[];
  threshold: number;
  keys: (outcome: PlaceOutcome) => readonly string[];
}): Record<string, Summary> {
  const groups = new Map<string, PlaceOutcome[]>();
  for (const outcome of input.outcomes)
    for (const key of input.keys(outcome)) groups.set(key, [...(groups.get(key) ?? []), outcome]);
  return Object.fromEntries(
    [...groups]
      .map(([key, outcomes]) => [key, summarise({ outcomes, threshold: input.threshold })] as const)
      .sort(([a, m], [b, n]) => n.secrets - m.secrets || n.places - m.places || (a < b ? -1 : 1)),
  );
}

/** How a system does in one variant, in all and in parts. */
export function measured(input: { scored: Scored; variant: Variant; of: ProbabilityOf; threshold: number }) {
  const { variant, of, threshold } = input;
  const { outcomes, noise } = placeOutcomes(inVariant(input.scored, variant), of);
  return {
    all: summarise({ outcomes, noise, threshold }),
    categories: summariesBy({ outcomes, threshold, keys: ({ place }) => place.category.split(':') }),
    languages: summariesBy({ outcomes, threshold, keys: ({ place }) => [place.language] }),
    outcomes,
    noise,
  };
}

/** How well probabilities mean what they say, over labelled candidates: all, and those that gate and model judged. */
export function calibrationOf(scored: Scored, of: ProbabilityOf) {
  const all = candidateOutcomes(scored, of);
  const open = all.filter(({ candidate }) => candidate.settled === null);
  return {
    candidates: all.length,
    calibrationError: calibrationError(all),
    open: open.length,
    openCalibrationError: calibrationError(open),
    bins: reliability(open),
  };
}

/** What was true (rows) against what was said (columns), in the order of LABELS, over labelled candidates. */
export function confusion(scored: Scored, said: (candidate: ScoredCandidate) => VerdictLabel): number[][] {
  const counts = LABELS.map(() => LABELS.map(() => 0));
  for (const candidate of scored.candidates) {
    if (candidate.label === null || !candidate.labelled) continue;
    counts[LABELS.indexOf(candidate.label)]![LABELS.indexOf(said(candidate))]!++;
  }
  return counts;
}

/** The band alone: what the language model adds to the gate there, candidate by candidate. */
export function bandOf(input: { scored: Scored; lineage: Lineage; thresholds: { model: number; gate: number } }) {
  const { scored, lineage, thresholds } = input;
  const candidates = openInBand(scored, lineage.band).map((c) => ({ ...c, least: 0 }));
  const judged = (of: ProbabilityOf, threshold: number) => {
    const outcomes: Outcome[] = candidates.map((c) => ({ probability: of(c), secret: c.label === 'secret' }));
    return {
      logLoss: logLoss(outcomes),
      averagePrecision: averagePrecision(outcomes),
      f1: tally({ outcomes, threshold }).f1,
    };
  };
  return {
    candidates: candidates.length,
    secrets: candidates.filter((c) => c.label === 'secret').length,
    gate: judged(byGate(lineage.calibration.gate), thresholds.gate),
    languageModel: judged((c) => softmax(c.logits!)[0], 0.5),
    stacked: judged(byModel(lineage), thresholds.model),
  };
}
