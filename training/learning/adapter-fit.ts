import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ModelCard } from '../../src/classify/card.ts';
import { loadLanguageModel, NoRuntime } from '../../src/classify/language-model.ts';
import { MODEL_FILES, type ModelFolder, openModelFolder } from '../../src/classify/model-folder.ts';
import type { VerdictLogits } from '../../src/classify/stack.ts';
import { UserError } from '../../src/util/errors.ts';
import type { FitRow } from './adapter-data.ts';

/** Runs a worker of the training to its end, in the folder `work`. */
export type RunWorker = (call: { step: string; work: string; config: string }) => Promise<void>;

/** A language model of a team's own: the files of a model folder that are its, by their names. */
export interface Adapted {
  files: ReadonlyMap<string, Uint8Array>;
  languageModel: NonNullable<ModelCard['languageModel']>;
}

/** Files of the language model besides its network; they stay as they are. */
const TEXT_FILES = ['config.json', MODEL_FILES.tokenizer, MODEL_FILES.tokenizerConfig] as const;
/** A fifth of the learning rate of the training, twice over everything: with more, it forgets what generated code has taught it. */
const SETTINGS = {
  ...{ seed: 1, threads: 2, held_fold: 0 },
  fine_tune: {
    epochs: 2,
    batch_size: 32,
    learning_rate: 2e-4,
    lora_rank: 16,
    lora_alpha: 32,
    hard_low: 0,
    hard_high: 1,
  },
  export: { weights: 'int7', small_embedding: true },
};
/** The fold of what is fitted on; nothing is held here, as the choice of an epoch would look at it. */
const FITTED_FOLD = 1;

/**
 * Fits the language model of a folder to rows: its weights are restored, a LoRA is fitted and merged, and the result is made
 * int8 again, by the workers of the training.
 * @param input.work a folder for what lies between
 * @throws UserError when Python or its packages are not there, or a worker fails; Interrupted
 */
export async function fitAdapter(input: {
  folder: ModelFolder;
  rows: readonly FitRow[];
  work: string;
  runWorker: RunWorker;
}): Promise<Adapted> {
  const { folder, rows, work, runWorker } = input;
  const files = new Map<string, Uint8Array>();
  for (const name of TEXT_FILES) files.set(name, await folder.read(name));
  const source = join(work, 'source');
  putAll(source, new Map([...files, [MODEL_FILES.network, await folder.read(MODEL_FILES.network)]]));
  writeRows(work, rows);
  const config = join(work, 'settings.json');
  writeFileSync(config, JSON.stringify({ ...SETTINGS, model: source }));
  const run = (step: string) => runWorker({ step, work, config });
  await run('restore_weights');
  renameSync(join(work, 'merged'), join(work, 'base'));
  for (const step of ['fine_tune', 'merge_adapter', 'export_onnx']) await run(step);
  files.set(MODEL_FILES.network, readFileSync(join(work, 'onnx', 'model_quantized.onnx')));
  const { verdictTokens, maxTokens } = JSON.parse(
    readFileSync(join(work, 'onnx', 'parity.json'), 'utf8'),
  ) as Adapted['languageModel'];
  return { files, languageModel: { maxTokens, verdictTokens } };
}

/** The answers of a language model to prompts, one after the other. */
export async function answersOf(folder: ModelFolder, prompts: readonly string[]): Promise<VerdictLogits[]> {
  const model = await loadLanguageModel({ folder, device: 'cpu' }).catch((error: unknown) => {
    if (!(error instanceof NoRuntime)) throw error;
    throw new UserError(`the language model cannot run on this machine: ${error.message}`, {
      hint: 'leave --adapter away: the trees need no language model',
    });
  });
  const answers: VerdictLogits[] = [];
  for (const prompt of prompts) answers.push(await model.logits(prompt));
  return answers;
}

/** A model folder that holds nothing but the adapted language model, to ask it. */
export async function openAdapted(adapted: Adapted, card: ModelCard, work: string): Promise<ModelFolder> {
  const dir = join(work, 'adapted');
  const { files, languageModel } = adapted;
  const own: ModelCard = { ...card, languageModel, files: listed(files) };
  putAll(dir, new Map([...files, [MODEL_FILES.card, Buffer.from(JSON.stringify(own))]]));
  return openModelFolder({ dir });
}

/** Files as a card lists them. */
export function listed(files: ReadonlyMap<string, Uint8Array>): ModelCard['files'] {
  return Object.fromEntries(
    [...files].map(([name, bytes]) => [
      name,
      { sha256: createHash('sha256').update(bytes).digest('hex'), bytes: bytes.length },
    ]),
  );
}

/** In the files, and in the order, that the workers know. */
function writeRows(work: string, rows: readonly FitRow[]): void {
  const lines = (values: readonly object[]) =>
    Buffer.from(values.map((value) => `${JSON.stringify(value)}\n`).join(''));
  const records = rows.map(({ probability: _, ...row }) => ({
    ...row,
    ...{ split: 'train', fold: FITTED_FOLD, settled: null },
  }));
  const oof = rows.map(({ id, probability }) => ({ id, probability }));
  putAll(
    work,
    new Map([
      ['data/train.jsonl', lines(records)],
      ['gate/oof.jsonl', lines(oof)],
    ]),
  );
}

function putAll(dir: string, files: ReadonlyMap<string, Uint8Array>): void {
  for (const [name, bytes] of files) {
    mkdirSync(dirname(join(dir, name)), { recursive: true });
    writeFileSync(join(dir, name), bytes, { mode: 0o600 });
  }
}
