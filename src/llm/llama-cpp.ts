import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { basename } from 'node:path';
import { answerOf, fitTokens, PROMPT_VERSION, VERDICT_WORDS } from '../classify/prompt.ts';
import type { Opinion, Question, VerdictLabel } from '../types.ts';
import { generalAnswer, measuredOpinion } from './answer.ts';
import { type Backend, LEAST_CONTEXT, REASON_TOKENS } from './backend.ts';
import { LlmError } from './errors.ts';
import { answerSchema, type Message, messagesFor } from './general-prompt.ts';
import { digestOf } from './gguf-file.ts';
import {
  type Llama,
  type LlamaPackage,
  loadLlamaPackage,
  type Model,
  type Sequence,
  type Token,
} from './llama-package.ts';
import { OWN_NAME } from './spec.ts';

/** Room for the task, its examples and an answer. */
const CONTEXT = 4096;
const OWN_CONTEXT = 512;
/** How an answer of a model that is not ours begins. */
const BEGINNING = '{"verdict":"';

/**
 * Opens a GGUF file in this process.
 * @param input.folder may have `node-llama-cpp`, when the scanner's own folder has none
 * @throws LlmError when the package, the file or the memory for it is missing, or the model is of no use
 */
export async function openLlamaCpp(input: {
  file: string;
  folder: string | undefined;
  parallel: number;
  withReason: boolean;
}): Promise<Backend> {
  const { file, folder, parallel, withReason } = input;
  const digest = await digestOf(file);
  const library = await loadLlamaPackage({ folder });
  const llama = await library
    // Nothing is compiled and nothing is fetched: there is a build for this machine, or there is none.
    .getLlama({
      gpu: 'auto',
      build: 'never',
      skipDownload: true,
      progressLogs: false,
      logLevel: library.LlamaLogLevel.disabled,
    })
    .catch((cause: unknown) => {
      throw new LlmError('node-llama-cpp has no build for this machine', {
        hint: 'npx node-llama-cpp source download',
        cause,
      });
    });
  try {
    const model = await llama.loadModel({ modelPath: file }).catch((cause: unknown) => {
      throw new LlmError(
        `${basename(file)} cannot be loaded: it is damaged, cut short, too large, or of a kind that is not known`,
        {
          hint: 'make or fetch the file again',
          cause,
        },
      );
    });
    const isOurs = isOwn(model, basename(file));
    if (!isOurs && model.trainContextSize < LEAST_CONTEXT) {
      throw new LlmError(
        `${basename(file)} reads no more than ${model.trainContextSize} tokens, and the task has more`,
      );
    }
    const slots = isOurs ? parallel : 1;
    const sequences = await openSequences({ model, slots, isOurs });
    const session = { library, llama, model, withReason, name: basename(file) };
    return {
      digest,
      isOurs,
      atOnce: slots,
      async answer(question, { signal, timeoutMs }) {
        signal?.throwIfAborted();
        const sequence = sequences.pop();
        if (!sequence) throw new LlmError(`${session.name} has not ended what it was asked before`);
        const asked = isOurs
          ? askOurs({ ...session, sequence, question })
          : askOther({ ...session, sequence, question });
        // One that hangs keeps its sequence: it is given back when it ends, if ever.
        const given = asked.finally(() => void sequences.push(sequence));
        // They share the processor: each takes as long as all of them.
        return inTime(given, { signal, timeoutMs: timeoutMs * (slots - sequences.length), name: session.name });
      },
      close: () => llama.dispose(),
    };
  } catch (error) {
    await llama.dispose();
    throw error;
  }
}

/** @throws LlmError for one of ours that was made for other prompts */
function isOwn({ fileInfo: { metadata } }: Model, name: string): boolean {
  const { general, [OWN_NAME]: own } = metadata as Record<string, Record<string, unknown> | undefined>;
  const version = own?.prompt_version;
  if (version !== undefined && Number(version) !== PROMPT_VERSION) {
    throw new LlmError(`${name} was made for another version of the scanner`, {
      hint: 'make it again with the one that is installed: sss train --target-step convert_to_gguf',
    });
  }
  return version !== undefined || general?.name === OWN_NAME;
}

/** Each in a context of its own: what is read together with others comes out a little different each time. */
async function openSequences(input: { model: Model; slots: number; isOurs: boolean }): Promise<Sequence[]> {
  const { model, slots, isOurs } = input;
  // Of a small model the threads would only wait for each other; a large one takes all there are for one question.
  const threads = isOurs ? 1 : availableParallelism();
  const sequences: Sequence[] = [];
  while (sequences.length < slots) {
    const context = await model
      .createContext({ contextSize: isOurs ? OWN_CONTEXT : CONTEXT, threads })
      .catch((cause: unknown) => {
        throw new LlmError('there is not enough memory for the model', {
          hint: 'take a smaller one',
          cause,
        });
      });
    sequences.push(context.getSequence());
  }
  return sequences;
}

interface Asked {
  library: LlamaPackage;
  llama: Llama;
  model: Model;
  withReason: boolean;
  name: string;
  sequence: Sequence;
  question: Question;
}

async function askOurs({ model, sequence, question, name }: Asked): Promise<Opinion> {
  const words = VERDICT_WORDS.map((word) => model.tokenize(answerOf(word)));
  if (words.some(({ length }) => length !== 1)) throw new LlmError(`${name} does not know the verdicts`);
  const start = model.tokens.shouldPrependBosToken && model.tokens.bos !== null ? [model.tokens.bos] : [];
  const tokens = [...start, ...fitTokens(model.tokenize(question.prompt))];
  await sequence.clearHistory();
  const weights = await weightsOf({ sequence, tokens, words: words.map(([first]) => first!) });
  return drawn({ weights, question, name, isOurs: true });
}

async function askOther(asked: Asked): Promise<Opinion> {
  const { library, llama, model, withReason, sequence, question, name } = asked;
  const session = new library.LlamaChatSession({ contextSequence: sequence, autoDisposeSequence: false });
  try {
    const messages = messagesFor(question, { withReason });
    const tokensOf = (chat: readonly Message[]) => {
      const chatHistory = [...chat.map(asHistory), { type: 'model', response: [BEGINNING] }];
      return session.chatWrapper.generateContextState({ chatHistory }).contextText.tokenize(model.tokenizer);
    };
    const tokens = tokensOf(messages);
    if (tokens.length >= CONTEXT) throw new LlmError(`the guidance is too long for ${name}`, { hint: 'shorten it' });
    const others = tokensOf(messagesFor({ ...question, prompt: '' }, { withReason }));
    const same = tokens.findIndex((token, i) => token !== others[i]);
    await readTask(sequence, tokens.slice(0, same));
    const before = model.tokenize(BEGINNING);
    const words = VERDICT_WORDS.map(
      (word) => model.tokenize(BEGINNING + word).find((token, i) => token !== before[i])!,
    );
    const opinion = drawn({ weights: await weightsOf({ sequence, tokens, words }), question, name, isOurs: false });
    if (!withReason) return opinion;
    session.setChatHistory(messages.slice(0, -1).map(asHistory));
    const text = await session.prompt(messages.at(-1)!.content, {
      grammar: await llama.createGrammarForJsonSchema(answerSchema({ withReason })),
      temperature: question.temperature,
      seed: question.seed,
      maxTokens: REASON_TOKENS,
    });
    const told = generalAnswer({ text, tokens: [], prompt: question.prompt });
    return told?.reason === undefined || told.label !== opinion.label ? opinion : { ...opinion, reason: told.reason };
  } finally {
    session.dispose({ disposeSequence: false });
  }
}

/**
 * Has the sequence read the task and its examples, once, and nothing else: what a question is answered does not depend on the
 * one before.
 */
async function readTask(sequence: Sequence, task: readonly Token[]): Promise<void> {
  await sequence.adaptStateToTokens(task, false);
  if (sequence.nextTokenIndex === task.length) return;
  await sequence.clearHistory();
  await sequence.controlledEvaluate(task);
}

function asHistory({ role, content }: Message): unknown {
  if (role === 'assistant') return { type: 'model', response: [content] };
  return { type: role, text: content };
}

/** The probabilities of `words` as the token that follows. What the sequence has read of `tokens` is not read again. */
async function weightsOf(input: {
  sequence: Sequence;
  tokens: readonly Token[];
  words: readonly Token[];
}): Promise<number[]> {
  const { sequence, tokens, words } = input;
  const last = [tokens.at(-1)!, { generateNext: { probabilities: true, options: { temperature: 0 } } }] satisfies [
    Token,
    unknown,
  ];
  const outputs = await sequence.controlledEvaluate([...tokens.slice(sequence.nextTokenIndex, -1), last]);
  const probabilities = outputs.at(-1)?.next?.probabilities;
  return words.map((word) => probabilities?.get(word) ?? 0);
}

/** The heaviest label; with a temperature one drawn by weight, the same for the same seed. */
function drawn(input: { weights: readonly number[]; question: Question; name: string; isOurs: boolean }): Opinion {
  const { question, name, isOurs } = input;
  const weights = Object.fromEntries(VERDICT_WORDS.map((word, i) => [word, input.weights[i]]));
  const opinion = measuredOpinion({ weights, isOurs });
  if (!opinion) throw new LlmError(`${name} answers with something that is no verdict`);
  const { temperature } = question;
  if (temperature <= 0) return opinion;
  const flat = VERDICT_WORDS.map((word) => opinion.probabilities[word] ** (1 / temperature));
  let left = randomOf(question) * flat.reduce((sum, one) => sum + one, 0);
  const label = VERDICT_WORDS.find((_, i) => (left -= flat[i]!) < 0) ?? opinion.label;
  return { ...opinion, label: label satisfies VerdictLabel };
}

/** From 0 to 1, another one for each question and each seed. */
function randomOf({ seed, prompt }: Question): number {
  return createHash('sha256').update(`${seed} ${prompt}`).digest().readUInt32LE() / 2 ** 32;
}

async function inTime(
  given: Promise<Opinion>,
  { signal, timeoutMs, name }: { signal: AbortSignal | undefined; timeoutMs: number; name: string },
): Promise<Opinion> {
  let timer: NodeJS.Timeout | undefined;
  let stop: (() => void) | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(
        new LlmError(`${name} has not answered within ${timeoutMs / 1000} s`, {
          hint: 'judge.timeout in the configuration gives it more',
        }),
      );
    }, timeoutMs);
    stop = () => reject(signal!.reason);
    signal?.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([given, late]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', stop!);
  }
}
