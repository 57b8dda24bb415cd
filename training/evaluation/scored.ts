import {
  type Band,
  type Calibration,
  calibrated,
  inBand,
  modelLogit,
  type Stack,
  stackedLogit,
  type VerdictLogits,
} from '../../src/classify/stack.ts';
import type { VerdictLabel } from '../../src/types.ts';
import type { Settled, Variant } from '../data/record.ts';
import type { Outcome } from './metrics.ts';
import { repositoryWeights } from './repositories.ts';

/** A candidate with everything that its probability is made of. */
export interface ScoredCandidate {
  id: string;
  repo: string;
  variant: Variant;
  /** `path:line` of its first line: what is reported once however many candidates stand there. */
  at: string;
  /** Keys of the labelled places whose lines it meets. */
  places: readonly string[];
  /** null: it stands beside the secret of its place, and nothing is known about it. */
  label: VerdictLabel | null;
  labelled: boolean;
  category: string;
  language: string;
  uuid: boolean;
  /** null when it was settled before the gate. */
  gateLogit: number | null;
  /** Probability that it is a placeholder if it is no secret, by the gate. */
  placeholder: number | null;
  /** null where the language model was not asked. */
  logits: VerdictLogits | null;
  settled: Settled | null;
  /** What it is worth at least, whatever gate and model say (src/classify/policies.ts). */
  least: number;
}

/** A labelled place: the unit of the results. */
export interface ScoredPlace {
  /** `path:first line:last line`. */
  key: string;
  repo: string;
  variant: Variant;
  secret: boolean;
  category: string;
  language: string;
  uuid: boolean;
}

export interface Scored {
  candidates: readonly ScoredCandidate[];
  places: readonly ScoredPlace[];
}

/** The numbers that turn logits into a probability, as card.json holds them. */
export interface Lineage {
  band: Band;
  stack: Stack;
  calibration: { model: Calibration; gate: Calibration };
}

/** The probability of what nothing may report: less than every threshold. */
export const NEVER = -1;
/** The probability of what every threshold reports. */
export const ALWAYS = 1;

/** Probabilities of the three verdicts. */
export function softmax(logits: VerdictLogits): [secret: number, placeholder: number, harmless: number] {
  const top = Math.max(...logits);
  const [a, b, c] = logits.map((logit) => Math.exp(logit - top)) as [number, number, number];
  const total = a + b + c;
  return [a / total, b / total, c / total];
}

/**
 * What a settled candidate is worth to a threshold: rules report whatever the threshold is, and filters never do. How sure
 * they are of it (`Settled.probability`) is another matter.
 */
export function settledProbability({ label }: Settled): number {
  return label === 'secret' ? ALWAYS : NEVER;
}

/** Rules and filters alone: what they leave open is not reported. */
export function byRules(candidate: ScoredCandidate): number {
  return candidate.settled ? settledProbability(candidate.settled) : NEVER;
}

/** Without the language model. */
export function byGate(calibration: Calibration): (candidate: ScoredCandidate) => number {
  return ({ settled, gateLogit, least }) => {
    if (settled) return settledProbability(settled);
    return gateLogit === null ? NEVER : Math.max(least, calibrated(gateLogit, calibration));
  };
}

/** The whole lineage; a candidate in the band that the language model was not asked about is judged by the gate. */
export function byModel({ band, stack, calibration }: Lineage): (candidate: ScoredCandidate) => number {
  const gate = byGate(calibration.gate);
  return (candidate) => {
    const { settled, gateLogit, logits, least } = candidate;
    if (settled || gateLogit === null || logits === null || !inBand(gateLogit, band)) return gate(candidate);
    return Math.max(
      least,
      calibrated(stackedLogit({ stack, gateLogit, modelLogit: modelLogit(logits) }), calibration.model),
    );
  };
}

export interface PlaceOutcome extends Outcome {
  place: ScoredPlace;
}

/**
 * The highest probability in each place, and in each line outside of places. Agrees with a scorer that lets a finding hit
 * every place whose lines it meets, and counts a line outside of them once.
 */
export function placeOutcomes(
  scored: Scored,
  probabilityOf: (candidate: ScoredCandidate) => number,
): { outcomes: PlaceOutcome[]; noise: number[] } {
  const best = new Map<string, number>();
  const noise = new Map<string, number>();
  const raise = (map: Map<string, number>, key: string, probability: number) =>
    map.set(key, Math.max(map.get(key) ?? NEVER, probability));
  for (const candidate of scored.candidates) {
    const probability = probabilityOf(candidate);
    for (const key of candidate.places) raise(best, `${candidate.variant} ${key}`, probability);
    if (candidate.places.length === 0) raise(noise, `${candidate.variant} ${candidate.at}`, probability);
  }
  return {
    outcomes: scored.places.map((place) => ({
      place,
      secret: place.secret,
      probability: best.get(`${place.variant} ${place.key}`) ?? NEVER,
    })),
    noise: [...noise.values()],
  };
}

/** Candidates of which it is known whether they are secrets. Lines without a label are left out unless asked for. */
export function candidateOutcomes(
  scored: Scored,
  probabilityOf: (candidate: ScoredCandidate) => number,
): (Outcome & { candidate: ScoredCandidate })[] {
  return scored.candidates
    .filter((candidate) => candidate.label !== null && candidate.labelled)
    .map((candidate) => ({
      candidate,
      secret: candidate.label === 'secret',
      // A filter says "no secret": for the calibration that is its own low probability.
      probability: candidate.settled ? candidate.settled.probability : probabilityOf(candidate),
    }));
}

/** Gives outcomes weights, so that neither a big repository nor UUIDs (times `uuidWeight`) decide. */
export function weighed(input: {
  outcomes: readonly PlaceOutcome[];
  repositoryCap: number;
  uuidWeight: number;
}): PlaceOutcome[] {
  const { outcomes, repositoryCap, uuidWeight } = input;
  const weights = repositoryWeights(
    outcomes.map((o) => o.place.repo),
    repositoryCap,
  );
  return outcomes.map((o, i) => ({ ...o, weight: weights[i]! * (o.place.uuid ? uuidWeight : 1) }));
}

/** The part of `scored` in one variant. */
export function inVariant(scored: Scored, variant: Variant): Scored {
  return {
    candidates: scored.candidates.filter((c) => c.variant === variant),
    places: scored.places.filter((p) => p.variant === variant),
  };
}
