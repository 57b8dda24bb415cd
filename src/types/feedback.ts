import type { Syntax, VerdictLabel } from './candidate.ts';

/** What a user said of a finding. */
export type Decision = 'accept' | 'false-alarm' | 'placeholder' | 'allow-here' | 'allow-everywhere';

/** What a line of feedback is: a decision, or that one was taken back. */
export type FeedbackDecision = Decision | 'undo';

/** What is observed of a candidate for a model to learn from: numbers that no value can be rebuilt from. */
export interface Observation {
  ruleId: string;
  syntax: Syntax;
  /** Version of the model that observed, as its card has it. */
  model: string;
  /** Of the card: what `features` and `ngrams` are bound to. */
  featuresHash: string;
  /** In the order of `FEATURE_NAMES`. */
  features: readonly number[];
  /** The gate's scores of n-grams, in the order in which its trees see them. */
  ngrams: readonly number[];
  /** Log odds by the gate, not calibrated. */
  gate: number;
  /** Logits of the language model in the order of `VERDICT_WORDS`; absent where it was not asked. */
  lm?: readonly [secret: number, placeholder: number, harmless: number];
  promptVersion: number;
  /** What the language model reads, the value and all others masked; only where the user keeps prompts. */
  prompt?: string;
}

/** One line of `feedback.jsonl`. Of lines about the same `id` the last one counts. */
export interface FeedbackRecord extends Observation {
  v: 1;
  /** Fingerprint of the finding: keyed, stretched hash of value, rule and logical path. */
  id: string;
  /** ISO 8601, in UTC. */
  at: string;
  /** Null: the decision was taken back. */
  label: VerdictLabel | null;
  decision: FeedbackDecision;
  /** In the user's words. */
  reason?: string;
  /** Keyed hash of the folder of the file, so that what is alike is not both learned from and measured on. */
  folder?: string;
}
