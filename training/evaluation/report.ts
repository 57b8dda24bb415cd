import type { ModelCard } from '../../src/classify/card.ts';
import { buildFinding } from '../../src/findings/build.ts';
import type { Verdict } from '../../src/types.ts';
import { BOTH, type Found } from './corpus.ts';
import type { Judged } from './judged.ts';
import { bandOf, calibrationOf, confusion, measured, type ProbabilityOf, type System } from './measure.ts';
import { type CurvePoint, precisionRecallCurve, type Summary, type Tally } from './metrics.ts';
import { ALWAYS, byGate, byModel, byRules, inVariant, NEVER, type Scored, settledProbability } from './scored.ts';
import type { ExampleResult } from './twenty.ts';

/** evaluation/report.json. Rates and probabilities are from 0 to 1. Holds no value of the corpus: texts are masked. */
export interface Report {
  format: 1;
  runId: string;
  model: { name: string; version: string; files: Record<string, number>; bytes: number };
  data: { split: 'test'; files: number; repositories: number; candidates: number; places: number; secrets: number };
  band: ModelCard['band'];
  thresholds: ModelCard['thresholds'];
  gateThresholds: ModelCard['gateThresholds'];
  systems: Record<System, { threshold: number; variants: Record<string, Summary> }>;
  presets: Record<string, Record<string, Tally>>;
  inBand: Record<string, ReturnType<typeof bandOf>>;
  categories: Record<string, Record<string, Summary>>;
  languages: Record<string, Record<string, Summary>>;
  confusion: Record<string, number[][]>;
  calibration: Record<string, ReturnType<typeof calibrationOf>>;
  /** Precision and recall by threshold, thinned out for plots. */
  curves: Record<string, Record<System, CurvePoint[]>>;
  /** Candidates of both variants by what decided them. */
  decidedBy: Record<string, number>;
  cost: { candidates: number; cpuMsPerCandidate: number };
  /** Largest difference between the judge's probability and the one made of the logits: rounding, and nothing else. */
  parity: number;
  examples: readonly ExampleResult[];
  errors: readonly ErrorSample[];
}

export interface ErrorSample {
  kind: 'missed' | 'false alarm';
  variant: string;
  category: string;
  language: string;
  rule: string;
  probability: number;
  decidedBy: string;
  /** The line, values masked. */
  preview: string;
}

const BASELINE_THRESHOLD = 0.5;
/** Error samples of each kind in each variant, and points of a plotted curve. */
const SAMPLES = 15;
const POINTS = 200;

export function makeReport(input: {
  runId: string;
  card: ModelCard;
  files: number;
  scored: Scored;
  judged: Judged;
  found: readonly Found[];
  /** Probability by the baseline head, by id of the candidate. */
  baseline: ReadonlyMap<string, number | undefined>;
  examples: readonly ExampleResult[];
}): Report {
  const { card, scored, judged, found } = input;
  const { thresholds, gateThresholds } = card;
  const verdictOf = (id: string) => judged.verdicts.get(id)!;
  const systems: Record<System, { of: ProbabilityOf; threshold: number }> = {
    model: { of: (c) => said(verdictOf(c.id), thresholds.balanced), threshold: thresholds.balanced },
    gate: { of: byGate(card.calibration.gate), threshold: gateThresholds.balanced },
    baseline: {
      of: (c) => (c.settled ? settledProbability(c.settled) : (input.baseline.get(c.id) ?? NEVER)),
      threshold: BASELINE_THRESHOLD,
    },
    rules: { of: byRules, threshold: ALWAYS },
  };
  const names = Object.keys(systems) as System[];
  const results = Object.fromEntries(
    names.map((name) => [name, perVariant((variant) => measured({ scored, variant, ...systems[name] }))]),
  ) as Record<System, Record<string, ReturnType<typeof measured>>>;
  const lineage = byModel(card);
  const bytes = Object.fromEntries(Object.entries(card.files).map(([name, file]) => [name, file.bytes]));
  const random = inVariant(scored, 'random');
  const balanced = { model: thresholds.balanced, gate: gateThresholds.balanced };
  return {
    format: 1,
    runId: input.runId,
    model: { name: card.name, version: card.version, files: bytes, bytes: total(Object.values(bytes)) },
    data: {
      split: 'test',
      files: input.files,
      repositories: new Set(random.places.map((p) => p.repo)).size,
      candidates: random.candidates.length,
      places: random.places.length,
      secrets: random.places.filter((p) => p.secret).length,
    },
    ...{ band: card.band, thresholds, gateThresholds },
    systems: mapped(names, (name) => ({
      threshold: systems[name].threshold,
      variants: perVariant((variant) => results[name][variant]!.all),
    })),
    presets: mapped(['strict', 'balanced', 'wide'] as const, (preset) =>
      perVariant((variant) => {
        if (preset === 'balanced') return results.model[variant]!.all;
        return measured({ scored, variant, of: lineage, threshold: thresholds[preset] }).all;
      }),
    ),
    inBand: perVariant((variant) =>
      bandOf({ scored: inVariant(scored, variant), lineage: card, thresholds: balanced }),
    ),
    categories: perVariant((variant) => results.model[variant]!.categories),
    languages: perVariant((variant) => results.model[variant]!.languages),
    confusion: perVariant((variant) => confusion(inVariant(scored, variant), (c) => verdictOf(c.id).label)),
    calibration: perVariant((variant) => calibrationOf(inVariant(scored, variant), (c) => verdictOf(c.id).probability)),
    curves: perVariant((variant) =>
      mapped(names, (name) => thinned(precisionRecallCurve(results[name][variant]!.outcomes))),
    ),
    decidedBy: counted(scored.candidates.map((c) => verdictOf(c.id).decidedBy)),
    cost: { candidates: judged.timed, cpuMsPerCandidate: judged.timed === 0 ? 0 : judged.cpuMs / judged.timed },
    parity: Math.max(
      0,
      ...scored.candidates
        .filter((c) => c.settled === null)
        .map((c) => Math.abs(lineage(c) - verdictOf(c.id).probability)),
    ),
    examples: input.examples,
    errors: errorSamples(found, verdictOf),
  };
}

/** The judge's probability, put on the side of the threshold that its label is on: rounding does not move it over. */
export function said({ label, probability, decidedBy }: Verdict, threshold: number): number {
  if (decidedBy === 'rule' && label === 'secret') return ALWAYS;
  if (decidedBy === 'filter' && label !== 'secret') return NEVER;
  return label === 'secret' ? Math.max(probability, threshold) : Math.min(probability, threshold - 1e-9);
}

/** The surest mistakes on labelled candidates, without a value in the clear. */
function errorSamples(found: readonly Found[], verdictOf: (id: string) => Verdict): ErrorSample[] {
  const wrong = found.flatMap((one) => {
    const { label, labelled, id } = one.scored;
    if (label === null || !labelled) return [];
    const verdict = verdictOf(id);
    const isSecret = label === 'secret';
    return (verdict.label === 'secret') === isSecret ? [] : [{ ...one, verdict, isSecret }];
  });
  const worst = (variant: string, isSecret: boolean) =>
    wrong
      .filter((w) => w.scored.variant === variant && w.isSecret === isSecret)
      .sort((a, b) => (isSecret ? 1 : -1) * (a.verdict.probability - b.verdict.probability))
      .slice(0, SAMPLES);
  return BOTH.flatMap((variant) => [...worst(variant, true), ...worst(variant, false)]).map((w) => ({
    kind: w.isSecret ? 'missed' : 'false alarm',
    variant: w.scored.variant,
    category: w.scored.category,
    language: w.scored.language,
    rule: w.candidate.rules[0]?.id ?? '',
    probability: w.verdict.probability,
    decidedBy: w.verdict.decidedBy,
    preview: buildFinding({ candidate: w.candidate, verdict: w.verdict, others: w.others, show: false }).preview,
  }));
}

function thinned(points: readonly CurvePoint[]): CurvePoint[] {
  const every = Math.max(1, Math.ceil(points.length / POINTS));
  return points.filter((_, i) => i % every === 0 || i === points.length - 1);
}

function perVariant<T>(of: (variant: (typeof BOTH)[number]) => T): Record<string, T> {
  return mapped(BOTH, of);
}

function mapped<K extends string, T>(keys: readonly K[], of: (key: K) => T): Record<K, T> {
  return Object.fromEntries(keys.map((key) => [key, of(key)])) as Record<K, T>;
}

function counted(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

function total(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0);
}
