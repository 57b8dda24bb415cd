import { basename } from 'node:path';
import { pathToFileURL } from 'node:url';
import { VERDICT_WORDS } from '../../src/classify/prompt.ts';
import { UserError } from '../../src/util/errors.ts';
import type { Probabilities } from './gguf-parity.ts';

/** A GGUF file, loaded by llama.cpp. */
export interface LlamaModel {
  tokens(text: string): number[];
  /** Of the verdicts as the next token, together 1. */
  probabilities(ids: readonly number[]): Promise<Probabilities>;
  close(): Promise<void>;
}

/** What is used of node-llama-cpp. */
interface Module {
  getLlama(options: object): Promise<Llama>;
  LlamaLogLevel: { error: unknown; disabled: unknown };
}
interface Llama {
  loadModel(options: object): Promise<Model>;
  dispose(): Promise<void>;
}
interface Model {
  fileInfo: { metadata: Record<string, unknown> };
  tokenize(text: string, special: boolean): number[];
  tokens: { bos: number | null; shouldPrependBosToken: boolean };
  createContext(options: object): Promise<{ getSequence(): Sequence }>;
}
interface Sequence {
  clearHistory(): Promise<void>;
  controlledEvaluate(input: unknown[]): Promise<({ next?: { probabilities?: Map<number, number> } } | undefined)[]>;
}

/** One thread and no graphics card, so that sums are added in the same order everywhere. */
const QUIET = { gpu: false, build: 'never', skipDownload: true, progressLogs: false, maxThreads: 1 };

/**
 * Loads a GGUF file of ours.
 * @param input.module path of node-llama-cpp's module
 * @throws UserError when it is damaged, or not one of ours
 */
export async function openLlamaModel(input: { module: string; path: string; context?: number }): Promise<LlamaModel> {
  const { module, path, context: contextSize = 512 } = input;
  const { getLlama, LlamaLogLevel } = (await import(pathToFileURL(module).href)) as Module;
  const llama = await getLlama({ ...QUIET, logLevel: LlamaLogLevel.disabled });
  const failed = (why: string, cause?: unknown): UserError =>
    new UserError(`${basename(path)} ${why}`, { hint: 'make it again: sss train --from convert_to_gguf', cause });
  try {
    const model = await llama.loadModel({ modelPath: path, useMmap: false }).catch((cause: unknown) => {
      throw failed('is damaged, or no GGUF file that llama.cpp can load', cause);
    });
    const own = model.fileInfo.metadata['smart-secrets-scanner'] as { verdict_tokens?: unknown } | undefined;
    const verdicts = own?.verdict_tokens;
    if (!Array.isArray(verdicts) || verdicts.length !== VERDICT_WORDS.length)
      throw failed('is no model of the scanner');
    const { bos, shouldPrependBosToken } = model.tokens;
    const start = shouldPrependBosToken && bos !== null ? [bos] : [];
    const context = await model.createContext({ contextSize, batchSize: contextSize, threads: 1 });
    const sequence = context.getSequence();
    return {
      tokens: (text) => [...start, ...model.tokenize(text, false)],
      async probabilities(ids) {
        await sequence.clearHistory();
        const last = [ids.at(-1), { generateNext: { probabilities: true } }];
        const said = await sequence.controlledEvaluate([...ids.slice(0, -1), last]);
        const of = said.at(-1)?.next?.probabilities;
        const raw = verdicts.map((token: number) => of?.get(token) ?? 0);
        const sum = raw.reduce((a, b) => a + b, 0);
        if (!(sum > 0)) throw failed('gives no verdict any probability');
        return raw.map((p) => p / sum) as unknown as Probabilities;
      },
      close: () => llama.dispose(),
    };
  } catch (error) {
    await llama.dispose();
    throw error;
  }
}
