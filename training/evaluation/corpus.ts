import { findCandidates } from '../../src/candidates/index.ts';
import { evaluateGate, type Gate } from '../../src/classify/gate.ts';
import { settle } from '../../src/classify/index.ts';
import { leastProbability } from '../../src/classify/policies.ts';
import { renderPrompt, withGate } from '../../src/classify/prompt.ts';
import { dismissed, type Scout } from '../../src/classify/scout.ts';
import { type Band, inBand, sigmoid, type VerdictLogits } from '../../src/classify/stack.ts';
import { type Features, features } from '../../src/features/index.ts';
import { ngramIds } from '../../src/features/ngrams.ts';
import { featureVector } from '../../src/features/vector.ts';
import type { Candidate, Verdict } from '../../src/types.ts';
import { labelOf, languageOf, shippedRules } from '../data/candidates.ts';
import { chunkOf, labelledFiles, type OpenSplit, type Place } from '../data/creddata.ts';
import { recordId, type Settled, type Variant } from '../data/record.ts';
import type { Scored, ScoredCandidate, ScoredPlace } from './scored.ts';

/** The variants of labelled code; both are always looked at. */
export const BOTH: readonly Variant[] = ['random', 'human'];

/** Verdict logits of a prompt by a language model. */
export type Ask = (prompt: string) => Promise<VerdictLogits>;

/** A candidate of a labelled file before anything but rules and filters has judged it. */
export interface Found {
  candidate: Candidate;
  features: Features;
  /** Every candidate of its text: their values are masked where one of them is shown. */
  others: readonly Candidate[];
  scored: ScoredCandidate;
}

/** The scanner's candidates of a split in both variants, with their labels, and the places of its labels. */
export function findAll(split: OpenSplit, signal?: AbortSignal): { found: Found[]; places: ScoredPlace[] } {
  const found: Found[] = [];
  const places: ScoredPlace[] = [];
  for (const variant of BOTH) {
    for (const file of labelledFiles(split, variant)) {
      signal?.throwIfAborted();
      const chunk = chunkOf(file);
      const others = findCandidates(chunk, shippedRules());
      const here = others.map((candidate) => foundOf({ candidate, others, file, variant }));
      found.push(...here);
      const uuids = new Set(here.filter((one) => one.scored.uuid).flatMap((one) => one.scored.places));
      places.push(
        ...file.places.map((place) => ({
          key: keyOf(place),
          repo: file.repo,
          variant,
          secret: place.secret,
          category: place.category,
          language: languageOf(chunk.logicalPath),
          uuid: uuids.has(keyOf(place)) || place.category.split(':').includes('UUID'),
        })),
      );
    }
  }
  return { found, places };
}

function foundOf(input: {
  candidate: Candidate;
  others: readonly Candidate[];
  file: { path: string; repo: string; places: readonly Place[] };
  variant: Variant;
}): Found {
  const { candidate, others, file, variant } = input;
  const { start, end, line, endLine, chunk } = candidate;
  const f = features(candidate);
  const verdict = settle({ candidate, features: f, preset: 'balanced' });
  const label = labelOf(candidate, file.places);
  const met = file.places.filter((place) => line <= place.end && endLine >= place.start);
  const scored: ScoredCandidate = {
    id: recordId({ source: 'creddata', repo: file.repo, path: chunk.logicalPath, start, end, variant }),
    repo: file.repo,
    variant,
    at: `${file.path}:${line}`,
    places: met.map(keyOf),
    label: label?.label ?? null,
    labelled: met.length > 0,
    category: label?.category ?? met[0]?.category ?? '',
    language: languageOf(chunk.logicalPath),
    uuid: f.value.kind === 'uuid',
    gateLogit: null,
    placeholder: null,
    logits: null,
    settled: verdict ? settledBy(verdict) : null,
    least: verdict ? 0 : leastProbability({ syntax: candidate.syntax, features: f }),
  };
  return { candidate, features: f, others, scored };
}

function settledBy({ label, probability, decidedBy }: Verdict): Settled {
  return { label, probability, decidedBy };
}

/** The key of a place in every file of the evaluation. */
export function keyOf({ path, start, end }: Pick<Place, 'path' | 'start' | 'end'>): string {
  return `${path}:${start}:${end}`;
}

/**
 * Fills in what the gate and the language model say, through the scanner's own code. The language model is asked only
 * about what lies in `band`, and once for each prompt.
 */
export async function scoreAll(input: {
  found: readonly Found[];
  places: readonly ScoredPlace[];
  gate: Gate;
  scout: Scout | undefined;
  band: Band;
  ask: Ask | undefined;
  signal?: AbortSignal;
  progress?: (done: number, total: number, text?: string) => void;
}): Promise<Scored> {
  const { found, places, gate, scout, band, ask, signal, progress } = input;
  const gated = found.map((one) => ({ ...one, scored: judgedByGate(one, { gate, scout }) }));
  const prompts = new Map<string, VerdictLogits>();
  const promptOf = ({ candidate, features: f, scored }: Found) =>
    ask && scored.gateLogit !== null && inBand(scored.gateLogit, band)
      ? withGate(renderPrompt(candidate, f), sigmoid(scored.gateLogit))
      : undefined;
  const wanted = gated.map(promptOf);
  const distinct = [...new Set(wanted.filter((prompt) => prompt !== undefined))];
  for (const [i, prompt] of distinct.entries()) {
    signal?.throwIfAborted();
    prompts.set(prompt, await ask!(prompt));
    progress?.(i + 1, distinct.length, 'candidates in the band');
  }
  return {
    places,
    candidates: gated.map(({ scored }, i) => ({ ...scored, logits: prompts.get(wanted[i] ?? '') ?? null })),
  };
}

function judgedByGate(
  { candidate, features: f, scored }: Found,
  { gate, scout }: { gate: Gate; scout: Scout | undefined },
): ScoredCandidate {
  if (scored.settled) return scored;
  const first = scout && dismissed(scout, candidate, f);
  if (first) return { ...scored, settled: settledBy(first), least: 0 };
  const { logit, placeholder } = evaluateGate(gate, featureVector({ candidate, features: f }), ngramIds(candidate));
  return { ...scored, gateLogit: logit, placeholder };
}
