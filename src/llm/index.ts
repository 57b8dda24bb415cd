/** Large language models that judge candidates, behind Ollama or llama.cpp. Loaded by nothing that was not told to ask one. */
import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { shippedModel } from '../classify/model-folder.ts';
import { PROMPT_VERSION } from '../classify/prompt.ts';
import type { Llm, Opinion, Question } from '../types.ts';
import { ollamaAddress } from './address.ts';
import type { Backend } from './backend.ts';
import { LlmError } from './errors.ts';
import { GENERAL_VERSION } from './general-prompt.ts';
import { parseSpec } from './spec.ts';
import { turnstile } from './turnstile.ts';

export { LlmError } from './errors.ts';
export { type SecondOpinions, secondOpinions } from './second-opinions.ts';
export { judgedBy } from './verdict.ts';

/** Keeps answers from run to run: of a question only a hash, of an answer only its numbers. */
export interface Answers {
  /** @param key 32 bytes */
  find(key: Buffer): Opinion | undefined;
  add(key: Buffer, opinion: Opinion): void;
}

/** Which large language model, and how it is asked. */
export interface LlmOptions {
  /** `ollama`, `ollama:MODEL`, `llama-cpp:FILE` */
  spec: string;
  /** Folder that a file is relative to; the current one unless told. */
  folder?: string | undefined;
  /** Model folder of the scanner, where a GGUF file is looked for when none is named; that of the model that ships. */
  modelFolder?: string | undefined;
  /** Folder that may have `node-llama-cpp` in it, where the scanner's own has none; code of it is run. */
  packageFolder?: string | undefined;
  /** Address of the Ollama server. */
  url?: string | undefined;
  /** The address may be one of another machine. */
  mayLeave?: boolean | undefined;
  /** For one answer; 60 seconds unless told. */
  timeoutMs?: number | undefined;
  /** How often it is asked again after a failure that may pass; twice unless told. */
  retries?: number | undefined;
  /** So many questions at once; 4 unless told. */
  parallel?: number | undefined;
  /** Ask for reasons, which takes many times longer. Answers that were kept have none, so that none of them is used then. */
  withReason?: boolean | undefined;
  /** Absent: nothing is kept. */
  answers?: Answers | undefined;
  signal?: AbortSignal | undefined;
}

/** So many questions are asked at once unless told. */
export const USUAL_PARALLEL = 4;
const USUAL_TIMEOUT = 60_000;
const USUAL_RETRIES = 2;
const FIRST_PAUSE = 250;

/**
 * Checks what a user has written, and opens nothing.
 * @throws UserError for a judge that there is not, or an address that is not allowed
 */
export function checkLlm(options: Pick<LlmOptions, 'spec' | 'url' | 'mayLeave'>): { host: string | undefined } {
  const { spec, ...address } = options;
  if (parseSpec(spec).kind !== 'ollama') return { host: undefined };
  const { url, mayLeave } = ollamaAddress(address);
  return { host: mayLeave ? url.host : undefined };
}

/**
 * Opens a large language model.
 * @throws UserError for a name or an address that is none, LlmError when the model cannot be had
 */
export async function openLlm(options: LlmOptions): Promise<Llm> {
  const {
    timeoutMs = USUAL_TIMEOUT,
    retries = USUAL_RETRIES,
    parallel = USUAL_PARALLEL,
    answers,
    withReason = false,
  } = options;
  const backend = await openBackend({ ...options, timeoutMs, parallel, withReason });
  const enter = turnstile(Math.min(parallel, backend.atOnce ?? parallel));
  return {
    name: nameOf(options.spec),
    digest: backend.digest,
    isOurs: backend.isOurs,
    async ask(question, signal) {
      const key = answers && keyOf(question, backend);
      const known = key && !withReason ? answers.find(key) : undefined;
      if (known) return known;
      const { reason, ...bare } = await enter(
        () => patiently({ backend, question, signal, retries, timeoutMs }),
        signal,
      );
      const opinion = withReason && reason !== undefined ? { ...bare, reason } : bare;
      if (key) answers.add(key, opinion);
      return opinion;
    },
    close: () => backend.close(),
  };
}

/** As it is told: of a file only its name. */
export function nameOf(spec: string): string {
  const parsed = parseSpec(spec);
  return parsed.kind === 'ollama'
    ? `ollama:${parsed.model}`
    : ['llama-cpp', ...(parsed.file?.split(/[\\/]/).slice(-1) ?? [])].join(':');
}

async function openBackend(
  input: LlmOptions & { timeoutMs: number; parallel: number; withReason: boolean },
): Promise<Backend> {
  const { folder = process.cwd(), timeoutMs, parallel, withReason, signal } = input;
  const spec = parseSpec(input.spec);
  if (spec.kind === 'ollama') {
    const address = ollamaAddress(input);
    const { openOllama } = await import('./ollama.ts');
    return openOllama({ model: spec.model, address, withReason, timeoutMs, signal });
  }
  const [{ openLlamaCpp }, { ggufOf }] = await Promise.all([import('./llama-cpp.ts'), import('./gguf-file.ts')]);
  const file = spec.file === undefined ? ggufOf(input.modelFolder ?? shippedModel()) : resolve(folder, spec.file);
  return openLlamaCpp({ file, folder: input.packageFolder, parallel, withReason });
}

/** Asks again after what may pass, and waits longer each time. */
async function patiently(input: {
  backend: Backend;
  question: Question;
  signal: AbortSignal | undefined;
  retries: number;
  timeoutMs: number;
}): Promise<Opinion> {
  const { backend, question, signal, retries, timeoutMs } = input;
  for (let tries = 0; ; tries++) {
    try {
      return await backend.answer(question, { signal, timeoutMs });
    } catch (error) {
      if (!(error instanceof LlmError) || !error.isTransient || tries >= retries) throw error;
    }
    await sleep(FIRST_PAUSE * 2 ** tries, undefined, signal ? { signal } : {}).catch(() => signal?.throwIfAborted());
  }
}

/** What an answer depends on, hashed. What somebody knows of a question is no short way to the value in it. */
function keyOf({ prompt, guidance = [], temperature, seed }: Question, { digest, isOurs }: Backend): Buffer {
  const told = isOurs ? ['ours', PROMPT_VERSION] : ['other', GENERAL_VERSION, PROMPT_VERSION, ...guidance];
  return createHash('sha256')
    .update(JSON.stringify([digest, temperature, seed, told, prompt]))
    .digest();
}
