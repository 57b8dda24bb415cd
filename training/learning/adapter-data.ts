import type { ModelCard } from '../../src/classify/card.ts';
import { answerOfTrees, type Gate, gateRow } from '../../src/classify/gate.ts';
import { PROMPT_VERSION, withGate } from '../../src/classify/prompt.ts';
import { inBand, type VerdictLogits } from '../../src/classify/stack.ts';
import type { NgramField } from '../../src/features/ngrams.ts';
import { MASK } from '../../src/findings/redact.ts';
import type { FeedbackRecord, VerdictLabel } from '../../src/types.ts';
import { UserError } from '../../src/util/errors.ts';
import { unpackIds } from '../data/candidates.ts';
import { lot } from '../data/random.ts';
import { syntheticRecords } from '../data/synthetic/records.ts';

/** Fewer prompts say nothing of what the language model has to learn. */
export const FEWEST_PROMPTS = 30;
/** Of what is generated few are in doubt, and those alone does the language model see. */
const GENERATED = { secret: 2000, placeholder: 800, harmless: 2000, provider: 0 };
const SEED = 1;
/** Generated prompts that the gate is sure of, for each that it is not. */
const SURE_SHARE = 0.5;
/** Of the templates this share is fitted on; what the others make is measured on. */
const FITTED_TEMPLATES = 0.6;
/** A decision weighs as much as so many generated prompts. */
const DECISION_WEIGHT = 4;

/** A decision with its prompt: at `at` among those that are learned from. */
export interface PromptedDecision {
  at: number;
  record: FeedbackRecord;
  /** As the language model reads it, values masked. */
  prompt: string;
}

/** A generated candidate that the gate is in doubt about. */
export interface GeneratedPrompt {
  id: string;
  template: string | null;
  label: VerdictLabel;
  /** Log odds by the gate. */
  gate: number;
  prompt: string;
}

/** One line of what the adapter is fitted on, as the workers read it. */
export interface FitRow {
  id: string;
  /** Of what was generated. */
  template: string | null;
  label: VerdictLabel;
  weight: number;
  /** Without what the gate says. */
  prompt: string;
  probability: number;
}

const GATE_LINE = /gate: \d+ %\n(?=verdict:$)/;

/** @throws UserError when there are too few */
export function promptedDecisions(records: readonly FeedbackRecord[]): PromptedDecision[] {
  const prompted = records.flatMap((record, at) => {
    const { prompt, promptVersion } = record;
    return prompt !== undefined && promptVersion === PROMPT_VERSION && GATE_LINE.test(prompt)
      ? [{ at, record, prompt }]
      : [];
  });
  if (prompted.length >= FEWEST_PROMPTS) return prompted;
  throw new UserError(
    `${prompted.length} of ${records.length} decisions have a prompt: too few for an adapter, which takes ${FEWEST_PROMPTS}`,
    {
      hint: 'decide with `sss triage --keep-prompts`, which keeps what the language model reads, values masked; or leave --adapter away: the trees need no prompts',
    },
  );
}

/**
 * Prompts of generated code, by what the gate says of them: what the language model knew before it is to know afterwards.
 * What a template makes is either fitted on or measured on.
 */
export function generatedPrompts(
  gate: Gate,
  { band }: Pick<ModelCard, 'band'>,
): {
  fitted: FitRow[];
  measured: GeneratedPrompt[];
} {
  const doubted: FitRow[] = [];
  const sure: FitRow[] = [];
  const measured: GeneratedPrompt[] = [];
  for (const record of syntheticRecords({ seed: SEED, counts: GENERATED, split: 'train' })) {
    if (record.settled !== null) continue;
    const ids = Object.fromEntries(
      Object.entries(record.ngrams).map(([field, packed]) => [field, unpackIds(packed)]),
    ) as Record<NgramField, Uint16Array>;
    const { logit, probability } = answerOfTrees(gate, gateRow(gate, record.x, ids));
    const { id, label, template } = record;
    const isDoubted = inBand(logit, band);
    if (lot(`template ${template}`) < FITTED_TEMPLATES) {
      // That a value is masked says nothing: it is so in every decision.
      const isMasked = lot(`mask ${id}`) < 0.5;
      const prompt = isMasked ? record.prompt.replace(/^value: .*$/m, () => `value: ${MASK}`) : record.prompt;
      (isDoubted ? doubted : sure).push({ id, template, label, weight: 1, prompt, probability });
    } else if (isDoubted) {
      const prompt = withGate(record.prompt, probability);
      measured.push({ id, template, label, gate: logit, prompt });
    }
  }
  const some = sure.sort((a, b) => lot(a.id) - lot(b.id)).slice(0, Math.round(SURE_SHARE * doubted.length));
  return { fitted: [...doubted, ...some], measured };
}

/** Decisions as the workers read them. */
export function decisionRows(decisions: readonly PromptedDecision[]): FitRow[] {
  return decisions.map(({ record, prompt }) => ({
    id: record.id,
    template: null,
    label: record.label!,
    weight: DECISION_WEIGHT,
    prompt: prompt.replace(GATE_LINE, ''),
    probability: 1 / (1 + Math.exp(-record.gate)),
  }));
}

/** What the language model has said of a decision, where it was asked. */
export function askedOf(card: Pick<ModelCard, 'band'>, { gate, lm }: FeedbackRecord): VerdictLogits | undefined {
  return inBand(gate, card.band) ? lm : undefined;
}
