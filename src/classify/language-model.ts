import type { InferenceSession } from 'onnxruntime-node';
import type { Device } from '../types.ts';
import { MODEL_FILES, type ModelFolder } from './model-folder.ts';
import { answerOf, fitTokens, VERDICT_WORDS } from './prompt.ts';
import type { VerdictLogits } from './stack.ts';

export interface LanguageModel {
  device: 'cpu' | 'cuda';
  /** Why it is not the device that was asked for. */
  warning?: string;
  /** Judges one prompt. The same prompt always gives the same logits: nothing is computed together with it. */
  logits(prompt: string): Promise<VerdictLogits>;
  /** Token ids of a text, as the model reads them, not yet cut. */
  encode(text: string): number[];
}

/** This machine has no ONNX runtime: an architecture or a C library that it is not built for. */
export class NoRuntime extends Error {
  override name = 'NoRuntime';
}

/**
 * Loads the language model of a folder: tokenizer, ONNX runtime and network. The one place that does, and it takes a while:
 * nothing here is loaded before a candidate asks for it.
 * @throws NoRuntime, or a UserError for files that are damaged or do not belong together
 */
export async function loadLanguageModel(input: { folder: ModelFolder; device: Device }): Promise<LanguageModel> {
  const { folder, device } = input;
  const { languageModel } = folder.card;
  if (!languageModel) throw folder.problem(`the model in ${folder.dir} has no language model`);
  const encode = await loadTokenizer(folder);
  const [ort, network] = await Promise.all([loadRuntime(), folder.read(MODEL_FILES.network)]);
  const { session, taken, warning } = await openSession({ ort, network, device, folder });
  const { inputNames, outputNames } = session;
  if (inputNames.join() !== 'input_ids' || !outputNames.includes('logits')) {
    throw folder.problem(
      `${MODEL_FILES.network} of the model in ${folder.dir} is no network for this scanner: it must turn input_ids into logits`,
    );
  }
  return {
    device: taken,
    ...(warning === undefined ? {} : { warning }),
    encode,
    async logits(prompt) {
      const ids = fitTokens(encode(prompt), languageModel.maxTokens);
      const tensor = new ort.Tensor('int64', BigInt64Array.from(ids, BigInt), [1, ids.length]);
      const output = await session.run({ input_ids: tensor }, ['logits']).catch((error: unknown) => {
        throw folder.problem(`the language model in ${folder.dir} failed: ${firstLine(error)}`, error);
      });
      const [secret, placeholder, harmless, ...more] = (output.logits?.data ?? []) as Float32Array;
      const all = [secret, placeholder, harmless];
      if (more.length > 0 || !all.every(Number.isFinite)) {
        throw folder.problem(`the language model in ${folder.dir} answers with something that is no verdict`);
      }
      return all as unknown as VerdictLogits;
    },
  };
}

/** @throws UserError when the tokenizer is damaged, or not that of the model */
async function loadTokenizer(folder: ModelFolder): Promise<(text: string) => number[]> {
  const [{ Tokenizer }, ...files] = await Promise.all([
    import('@huggingface/tokenizers'),
    folder.read(MODEL_FILES.tokenizer),
    folder.read(MODEL_FILES.tokenizerConfig),
  ]);
  let tokenizer: InstanceType<typeof Tokenizer>;
  try {
    const [model, config] = files.map((bytes) => JSON.parse(Buffer.from(bytes).toString('utf8')));
    tokenizer = new Tokenizer(model, config);
  } catch (error) {
    throw folder.problem(`${MODEL_FILES.tokenizer} of the model in ${folder.dir} cannot be used`, error);
  }
  const wanted = folder.card.languageModel!.verdictTokens;
  const ours = VERDICT_WORDS.map((word) => tokenizer.encode(answerOf(word), { add_special_tokens: false }).ids[0]);
  if (ours.some((id, i) => id !== wanted[i])) {
    throw folder.problem(`${MODEL_FILES.tokenizer} of the model in ${folder.dir} is not that of its language model`);
  }
  return (text) => tokenizer.encode(text).ids;
}

type Runtime = typeof import('onnxruntime-node');

async function loadRuntime(): Promise<Runtime> {
  try {
    const ort = await import('onnxruntime-node');
    // It prints what it cannot load; we say it ourselves.
    ort.env.logLevel = 'fatal';
    return ort;
  } catch (cause) {
    throw new NoRuntime(firstLine(cause), { cause });
  }
}

/** One provider at a time, and the CPU at the end: the runtime itself does not fall back. */
async function openSession(input: { ort: Runtime; network: Uint8Array; device: Device; folder: ModelFolder }): Promise<{
  session: InferenceSession;
  taken: 'cpu' | 'cuda';
  warning?: string;
}> {
  const { ort, network, device, folder } = input;
  const open = (provider: 'cpu' | 'cuda') =>
    ort.InferenceSession.create(network, {
      executionProviders: [provider],
      // One thread, so that sums are always added in the same order; and a hook shares the machine with its user.
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      logSeverityLevel: 4,
    });
  let missing: string | undefined;
  if (device !== 'cpu') {
    try {
      return { session: await open('cuda'), taken: 'cuda' };
    } catch (error) {
      missing = firstLine(error);
    }
  }
  try {
    const session = await open('cpu');
    const warning = device === 'cuda' && { warning: `CUDA is not available (${missing}): the CPU judged` };
    return { session, taken: 'cpu', ...warning };
  } catch (error) {
    throw folder.problem(
      `${MODEL_FILES.network} of the model in ${folder.dir} cannot be loaded: ${firstLine(error)}`,
      error,
    );
  }
}

function firstLine(error: unknown): string {
  const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
  return line.replace(/[.:\s]+$/, '') || 'unknown error';
}
