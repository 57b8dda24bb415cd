import type { Llm, Opinion, Question } from '../types.ts';

/** What runs a model: asks it once, without patience and without a memory. */
export interface Backend extends Pick<Llm, 'digest' | 'isOurs' | 'close'> {
  /** So many questions at once at most; absent: as many as one likes. */
  atOnce?: number;
  /** @throws LlmError when it gives no usable answer; the reason of `signal` when that stops it */
  answer(question: Question, options: { signal?: AbortSignal | undefined; timeoutMs: number }): Promise<Opinion>;
}

/** Tokens that a model which is not ours must be able to read: the task, its examples, guidance and an answer. */
export const LEAST_CONTEXT = 2048;

/** Tokens that an answer with a reason may take. */
export const REASON_TOKENS = 96;

/** Names of keys that our own models carry. */
export const OWN_KEYS = { promptVersion: 'smart-secrets-scanner.prompt_version' } as const;
