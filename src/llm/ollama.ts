import { hash } from 'node:crypto';
import { PROMPT_VERSION } from '../classify/prompt.ts';
import type { Opinion, Question } from '../types.ts';
import type { Address } from './address.ts';
import { generalAnswer, ownAnswer, type TokenChoice } from './answer.ts';
import { type Backend, LEAST_CONTEXT, OWN_KEYS, REASON_TOKENS } from './backend.ts';
import { LlmError } from './errors.ts';
import { answerSchema, messagesFor } from './general-prompt.ts';
import { type Answer, type Client, createClient } from './http.ts';
import { OWN_NAME } from './spec.ts';

/** So many tokens that could have come are told of each that came. */
const TOP = 20;
/** Room for the task, its examples and an answer. */
const CONTEXT = 4096;
const OWN_CONTEXT = 512;
/** A server has so long at least to say which models it has. */
const OPEN_MS = 10_000;

type Json = Record<string, unknown>;

/** @throws LlmError when there is no server, no such model, or one that cannot judge */
export async function openOllama(input: {
  model: string;
  address: Address;
  withReason: boolean;
  timeoutMs: number;
  signal?: AbortSignal | undefined;
}): Promise<Backend> {
  const { model, address, withReason, timeoutMs, signal } = input;
  const client = createClient(address);
  const origin = address.url.origin;
  try {
    const limits = { timeoutMs: Math.max(OPEN_MS, timeoutMs), signal };
    const { models } = okay(await client.call('/api/tags', limits), { origin, model });
    const names = [model, `${model}:latest`];
    const listed = (Array.isArray(models) ? (models as Json[]) : []).find(({ name }) => names.includes(String(name)));
    const shown = okay(await client.call('/api/show', { ...limits, body: { model } }), { origin, model });
    const info = (shown.model_info ?? {}) as Json;
    const version = info[OWN_KEYS.promptVersion];
    const isOurs = version !== undefined || info['general.name'] === OWN_NAME;
    const reads = Object.entries(info).find(([key]) => key.endsWith('.context_length'))?.[1];
    checkAbilities({ capabilities: shown.capabilities, version, model, reads: isOurs ? undefined : reads });
    const digest =
      typeof listed?.digest === 'string' ? listed.digest : hash('sha256', JSON.stringify(shown.model_info ?? model));
    const ask = isOurs ? askOurs : askOther;
    return {
      digest,
      isOurs,
      answer: (question, more) => ask({ ...{ client, model, origin, question, withReason }, ...more }),
      close: async () => client.close(),
    };
  } catch (error) {
    client.close();
    throw error;
  }
}

function checkAbilities(input: { capabilities: unknown; version: unknown; model: string; reads: unknown }): void {
  const { capabilities, version, model, reads } = input;
  if (Array.isArray(capabilities) && !capabilities.includes('completion')) {
    throw new LlmError(`the model ${model} answers no questions (it can: ${capabilities.join(', ') || 'nothing'})`, {
      hint: 'name one that does, such as one to chat with',
    });
  }
  if (typeof reads === 'number' && reads < LEAST_CONTEXT) {
    throw new LlmError(`the model ${model} reads no more than ${reads} tokens, and the task has more`);
  }
  if (version !== undefined && version !== PROMPT_VERSION) {
    throw new LlmError(`the model ${model} was made for another version of the scanner`, {
      hint: 'make it again with the one that is installed: sss train --target-step create_modelfile',
    });
  }
}

interface Asked {
  client: Client;
  model: string;
  origin: string;
  question: Question;
  withReason: boolean;
  timeoutMs: number;
  signal?: AbortSignal | undefined;
}

async function askOurs({ client, model, origin, question, ...limits }: Asked): Promise<Opinion> {
  const { prompt, temperature, seed } = question;
  const options = { temperature, seed, num_predict: 1, num_ctx: OWN_CONTEXT, num_thread: 1 };
  const body = { model, prompt, raw: true, stream: false, logprobs: true, top_logprobs: TOP, options };
  const { response, logprobs } = okay(await client.call('/api/generate', { ...limits, body }), { origin, model });
  const [first] = choicesOf(logprobs);
  return (
    ownAnswer({ token: String(response), alternatives: first?.alternatives ?? [] }) ??
    fail(`${model} answers with something that is no verdict`)
  );
}

async function askOther({ client, model, origin, question, withReason, ...limits }: Asked): Promise<Opinion> {
  const { prompt, temperature, seed } = question;
  const body = {
    ...{ model, stream: false, think: false, logprobs: true, top_logprobs: TOP },
    messages: messagesFor(question, { withReason }),
    format: answerSchema({ withReason }),
    options: { temperature, seed, num_predict: withReason ? REASON_TOKENS : 48, num_ctx: CONTEXT },
  };
  const { message, logprobs } = okay(await client.call('/api/chat', { ...limits, body }), { origin, model });
  const text = String((message as Json | undefined)?.content ?? '');
  return (
    generalAnswer({ text, tokens: choicesOf(logprobs), prompt }) ??
    fail(`${model} answers with something that is no verdict`)
  );
}

/** Of an answer that says that all is well what it holds. */
function okay({ status, data }: Answer, { origin, model }: { origin: string; model: string }): Json {
  const json = typeof data === 'object' && data !== null && !Array.isArray(data) ? (data as Json) : undefined;
  if (status === 200 && json) return json;
  if (status === 404 && json?.error !== undefined) {
    const how = model === OWN_NAME ? `ollama create ${OWN_NAME} -f Modelfile` : `ollama pull ${model}`;
    throw new LlmError(`Ollama at ${origin} has no model ${model}`, { hint: `fetch or make it: ${how}` });
  }
  if (status >= 300 && status < 400) throw new LlmError(`${origin} sends elsewhere (${status}), which is not followed`);
  if (status === 200 || status === 404) {
    throw new LlmError(`${origin} does not answer like Ollama (${status})`, {
      hint: 'does another program run there?',
    });
  }
  throw new LlmError(`Ollama at ${origin} has failed (${status})`, { isTransient: status >= 500 || status === 429 });
}

function choicesOf(logprobs: unknown): TokenChoice[] {
  if (!Array.isArray(logprobs)) return [];
  return logprobs.map((one: { token?: unknown; top_logprobs?: unknown }) => ({
    token: String(one?.token),
    alternatives: (Array.isArray(one?.top_logprobs) ? (one.top_logprobs as Json[]) : []).map((other) => ({
      token: String(other?.token),
      probability: Math.exp(Number(other?.logprob)),
    })),
  }));
}

function fail(message: string): never {
  throw new LlmError(message);
}
