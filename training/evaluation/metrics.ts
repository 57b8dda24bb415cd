/** Something that was judged: a labelled place or a single candidate. */
export interface Outcome {
  /** Probability that it is a secret; below zero: nothing was found there, or a filter settled it as no secret. */
  probability: number;
  secret: boolean;
  /** How much it counts; 1 unless told. */
  weight?: number;
}

/** Counts at one threshold. Without weights they are those of a scorer that counts places. */
export interface Tally {
  places: number;
  secrets: number;
  tp: number;
  fp: number;
  fn: number;
  precision: number;
  recall: number;
  f1: number;
  /** Reported lines outside of every labelled place. */
  unlabelled: number;
  /** Precision with `unlabelled` counted as false alarms, and F1 with that precision. */
  strictPrecision: number;
  strictF1: number;
}

export interface CurvePoint {
  threshold: number;
  precision: number;
  recall: number;
}

export interface ReliabilityBin {
  /** Bounds of the bin; `from` inclusive, `to` exclusive (the last bin holds 1 as well). */
  from: number;
  to: number;
  /** Sum of weights. */
  weight: number;
  /** Weighted mean of the probabilities, and share of secrets; both 0 in an empty bin. */
  probability: number;
  share: number;
}

/** Bins of the calibration error. */
const BINS = 15;

/**
 * Counts what is reported at `threshold` (`probability >= threshold`). `noise` are the highest probabilities of the lines
 * outside of labelled places.
 */
export function tally(input: { outcomes: readonly Outcome[]; noise?: readonly number[]; threshold: number }): Tally {
  const { outcomes, noise = [], threshold } = input;
  let places = 0;
  let secrets = 0;
  let tp = 0;
  let fp = 0;
  for (const { probability, secret, weight = 1 } of outcomes) {
    places += weight;
    if (secret) secrets += weight;
    if (probability < threshold) continue;
    if (secret) tp += weight;
    else fp += weight;
  }
  const unlabelled = noise.filter((probability) => probability >= threshold).length;
  const recall = ratio(tp, secrets);
  const precision = ratio(tp, tp + fp);
  const strictPrecision = ratio(tp, tp + fp + unlabelled);
  return {
    places,
    secrets,
    tp,
    fp,
    fn: secrets - tp,
    precision,
    recall,
    f1: harmonic(precision, recall),
    unlabelled,
    strictPrecision,
    strictF1: harmonic(strictPrecision, recall),
  };
}

/**
 * Precision and recall at every distinct probability, from the highest to the lowest. Outcomes of the same probability
 * are one point, so that the order of the list never counts. What has no probability (below zero) is never reported.
 */
export function precisionRecallCurve(outcomes: readonly Outcome[]): CurvePoint[] {
  const sorted = outcomes.filter((o) => o.probability >= 0).sort((a, b) => b.probability - a.probability);
  const secrets = sum(outcomes.filter((o) => o.secret).map(weightOf));
  const points: CurvePoint[] = [];
  let tp = 0;
  let all = 0;
  for (const [i, outcome] of sorted.entries()) {
    const weight = weightOf(outcome);
    all += weight;
    if (outcome.secret) tp += weight;
    if (sorted[i + 1]?.probability === outcome.probability) continue;
    points.push({ threshold: outcome.probability, precision: ratio(tp, all), recall: ratio(tp, secrets) });
  }
  return points;
}

/** Average precision: the sum over the curve of precision × gain in recall (no interpolation). 0 without secrets. */
export function averagePrecision(outcomes: readonly Outcome[]): number {
  let before = 0;
  let total = 0;
  for (const { precision, recall } of precisionRecallCurve(outcomes)) {
    total += precision * (recall - before);
    before = recall;
  }
  return total;
}

/** Probabilities against what was true, in `BINS` bins of equal width. What has no probability counts as 0. */
export function reliability(outcomes: readonly Outcome[]): ReliabilityBin[] {
  const bins = Array.from({ length: BINS }, (_, i) => ({ from: i / BINS, to: (i + 1) / BINS, weight: 0, p: 0, y: 0 }));
  for (const outcome of outcomes) {
    const p = Math.min(1, Math.max(0, outcome.probability));
    const bin = bins[Math.min(BINS - 1, Math.floor(p * BINS))]!;
    const weight = weightOf(outcome);
    bin.weight += weight;
    bin.p += weight * p;
    if (outcome.secret) bin.y += weight;
  }
  return bins.map(({ from, to, weight, p, y }) => ({
    from,
    to,
    weight,
    probability: ratio(p, weight),
    share: ratio(y, weight),
  }));
}

/**
 * Expected calibration error: the mean over the bins of |share of secrets − mean probability|, weighted by how much lies
 * in each bin. 0 is perfect; 0 as well where there is nothing to judge.
 */
export function calibrationError(outcomes: readonly Outcome[]): number {
  const bins = reliability(outcomes);
  const total = sum(bins.map((bin) => bin.weight));
  return ratio(sum(bins.map((bin) => bin.weight * Math.abs(bin.share - bin.probability))), total);
}

/** Weighted mean of −log(probability of what is true); probabilities are kept 1e-6 away from 0 and 1. */
export function logLoss(outcomes: readonly Outcome[]): number {
  let total = 0;
  for (const outcome of outcomes) {
    const p = Math.min(1 - 1e-6, Math.max(1e-6, outcome.probability));
    total -= weightOf(outcome) * Math.log(outcome.secret ? p : 1 - p);
  }
  return ratio(total, sum(outcomes.map(weightOf)));
}

/** The numbers of one list of outcomes that reports show. */
export interface Summary extends Tally {
  averagePrecision: number;
  calibrationError: number;
}

export function summarise(input: {
  outcomes: readonly Outcome[];
  noise?: readonly number[];
  threshold: number;
}): Summary {
  return {
    ...tally(input),
    averagePrecision: averagePrecision(input.outcomes),
    calibrationError: calibrationError(input.outcomes),
  };
}

export function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

function harmonic(precision: number, recall: number): number {
  return precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall);
}

export function sum(numbers: readonly number[]): number {
  let total = 0;
  for (const n of numbers) total += n;
  return total;
}

export function mean(numbers: readonly number[]): number {
  return ratio(sum(numbers), numbers.length);
}

function weightOf(outcome: Outcome): number {
  return outcome.weight ?? 1;
}
