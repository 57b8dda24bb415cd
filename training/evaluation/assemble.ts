import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { featuresHash, type ModelCard } from '../../src/classify/card.ts';
import { MODEL_FILES } from '../../src/classify/model-folder.ts';
import { answerOf, MAX_TOKENS, PROMPT_VERSION, VERDICT_WORDS } from '../../src/classify/prompt.ts';
import { UserError } from '../../src/util/errors.ts';
import { writeWithFolders } from '../../src/util/write-whole.ts';
import { REPLAY_FILE } from '../learning/replay.ts';
import { GATE_ALONE } from './stacking.ts';

/** What of a card the pipeline computes. */
export type CardNumbers = Pick<
  ModelCard,
  'band' | 'stack' | 'calibration' | 'thresholds' | 'gateThresholds' | 'metrics'
>;

/** The card's numbers before there are any: every candidate that the gate is not sure of is in the band. */
export const NO_NUMBERS: CardNumbers = {
  band: { low: 0, high: 1 },
  stack: GATE_ALONE,
  calibration: { model: { a: 1, b: 0 }, gate: { a: 1, b: 0 } },
  thresholds: { strict: 0.5, balanced: 0.5, wide: 0.5 },
  gateThresholds: { strict: 0.5, balanced: 0.5, wide: 0.5 },
  metrics: {},
};

/** Where the parts of a model lie before they are put together. */
export interface ModelParts {
  gate: string;
  scout: string;
  /** Undefined: nothing can be learned from decisions on top of the model. */
  replay?: string;
  /** ONNX file, and the folder with config.json, tokenizer.json and tokenizer_config.json. */
  network: string;
  tokenizer: string;
}

const TOKENIZER_FILES = ['config.json', MODEL_FILES.tokenizer, MODEL_FILES.tokenizerConfig];

/**
 * Puts a model folder together: copies the parts into `dir` and writes card.json last, so that a folder that is not whole
 * has no card and nothing loads it. What else lies in `dir` stays, but is not of the model.
 */
export async function assembleModel(input: {
  dir: string;
  name: string;
  version: string;
  parts: ModelParts;
  numbers: CardNumbers;
}): Promise<ModelCard> {
  const { dir, name, version, parts, numbers } = input;
  await rm(join(dir, MODEL_FILES.card), { force: true });
  const from: [name: string, path: string][] = [
    [MODEL_FILES.gate, parts.gate],
    [MODEL_FILES.scout, parts.scout],
    ...(parts.replay === undefined ? [] : [[REPLAY_FILE, parts.replay] as [string, string]]),
    [MODEL_FILES.network, parts.network],
    ...TOKENIZER_FILES.map((file): [string, string] => [file, join(parts.tokenizer, file)]),
  ];
  const missing = from.find(([, path]) => !existsSync(path));
  if (missing)
    throw new UserError(`${missing[1]} is not there: the model cannot be put together`, {
      hint: 'run `sss train` from the step that makes it',
    });
  const files: Record<string, { sha256: string; bytes: number }> = {};
  for (const [file, path] of from) {
    await copyWhole(path, join(dir, file));
    const bytes = await readFile(join(dir, file));
    files[file] = { sha256: createHash('sha256').update(bytes).digest('hex'), bytes: bytes.length };
  }
  const card: ModelCard = {
    format: 1,
    name,
    version,
    files,
    featuresHash: featuresHash(),
    promptVersion: PROMPT_VERSION,
    languageModel: { maxTokens: MAX_TOKENS, verdictTokens: await verdictTokens(dir) },
    ...numbers,
  };
  writeWithFolders(join(dir, MODEL_FILES.card), `${JSON.stringify(card, null, 2)}\n`);
  return card;
}

/** First token of each answer, by the tokenizer of the folder. @throws UserError when two answers begin alike. */
async function verdictTokens(dir: string): Promise<[number, number, number]> {
  const { Tokenizer } = await import('@huggingface/tokenizers');
  const [model, config] = await Promise.all(
    [MODEL_FILES.tokenizer, MODEL_FILES.tokenizerConfig].map(async (file) =>
      JSON.parse(await readFile(join(dir, file), 'utf8')),
    ),
  );
  const tokenizer = new Tokenizer(model, config);
  const ids = VERDICT_WORDS.map((word) => tokenizer.encode(answerOf(word), { add_special_tokens: false }).ids[0]);
  if (new Set(ids).size !== 3 || ids.includes(undefined))
    throw new UserError('the tokenizer gives two verdicts the same first token', {
      hint: 'the base cannot answer in one token: train with another one',
    });
  return ids as [number, number, number];
}

/** Copies a file so that it is whole as soon as it has its name. */
async function copyWhole(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  const part = `${to}.${process.pid}.part`;
  await copyFile(from, part);
  await rename(part, to);
}
