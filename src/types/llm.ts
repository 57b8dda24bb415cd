import type { VerdictLabel } from './candidate.ts';

/** What a large language model is asked. The same question gives the same answer, as far as its server keeps to seeds. */
export interface Question {
  /** Ends with `verdict:`; made by `classify/prompt.ts`. */
  prompt: string;
  /** Lines of guidance for this repository, told before the question. A model that was trained for nothing else ignores them. */
  guidance?: readonly string[];
  /** 0: the most probable answer. */
  temperature: number;
  seed: number;
}

/** What it answers. */
export interface Opinion {
  label: VerdictLabel;
  /** Of the three labels, together 1: those of the tokens where the server tells them, else 1 for the label. */
  probabilities: Readonly<Record<VerdictLabel, number>>;
  /** In its own words, masked; absent for a model that gives none. */
  reason?: string;
}

/** A large language model that judges candidates, behind Ollama or llama.cpp. */
export interface Llm {
  /** `ollama:smart-secrets-scanner`, as the user would write it. */
  name: string;
  /** Hexadecimal: changes with the model's weights, so that what it said can be kept. */
  digest: string;
  /** It is ours: it reads prompts as they are, and answers with one token. */
  isOurs: boolean;
  /**
   * Asks one question; bounded in time, and repeated where that can help.
   * @throws LlmError when it gives no usable answer; the reason of `signal` when that stops it
   */
  ask(question: Question, signal?: AbortSignal): Promise<Opinion>;
  close(): Promise<void>;
}
