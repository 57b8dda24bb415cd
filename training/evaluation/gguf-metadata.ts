import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Tokenizer } from '@huggingface/tokenizers';
import { MODEL_FILES, openModelFolder } from '../../src/classify/model-folder.ts';
import { answerOf, MAX_TOKENS, PROMPT_VERSION, VERDICT_WORDS } from '../../src/classify/prompt.ts';
import { UserError } from '../../src/util/errors.ts';
import type { RunPaths, StepContext, TrainConfig } from '../pipeline/context.ts';

/** What a GGUF file says of the model besides its shape. */
export interface GgufMetadata {
  /** The run that made the weights. */
  readonly version: string;
  /** SPDX identifier, or `other`. */
  readonly licence: string;
  readonly prompt_version: number;
  readonly max_tokens: number;
  /** In the order of `VERDICT_WORDS`. */
  readonly verdict_tokens: readonly number[];
}

/** What Python and llama.cpp are told of the tokens. */
export interface Answers {
  /** First token of each answer. */
  readonly first: readonly number[];
  /** Tokens of the longest answer. */
  readonly longest: number;
}

/** The tokenizer of the merged weights. */
export async function tokenizerOf(merged: string): Promise<Tokenizer> {
  const tokenizers = await import('@huggingface/tokenizers');
  const read = (name: string): object => JSON.parse(readFileSync(join(merged, name), 'utf8')) as object;
  return new tokenizers.Tokenizer(read(MODEL_FILES.tokenizer), read(MODEL_FILES.tokenizerConfig));
}

/** The answers by the tokenizer of the merged weights. @throws UserError when two begin alike */
export async function answersOf(merged: string): Promise<Answers> {
  const tokenizer = await tokenizerOf(merged);
  const ids = VERDICT_WORDS.map((word) => tokenizer.encode(answerOf(word), { add_special_tokens: false }).ids);
  const first = ids.flatMap((list) => list.slice(0, 1));
  if (new Set(first).size !== VERDICT_WORDS.length) {
    throw new UserError('the tokenizer gives two verdicts the same first token', {
      hint: 'the base cannot answer in one token: train with another one',
    });
  }
  return { first, longest: Math.max(...ids.map((list) => list.length)) };
}

/** The metadata of a run's GGUF files. */
export async function metadataOf(context: Pick<StepContext, 'paths' | 'config' | 'runId'>): Promise<GgufMetadata> {
  const { paths, config, runId } = context;
  const finished = config.gguf.source !== 'run';
  return {
    version: finished ? (await openModelFolder({ dir: paths.finished })).card.version : runId,
    licence: licenceOf({ paths, config }).id,
    prompt_version: PROMPT_VERSION,
    max_tokens: MAX_TOKENS,
    verdict_tokens: (await answersOf(paths.merged)).first,
  };
}

/** Under which licence the weights are: that of this package, or that of the base that they were fine-tuned from. */
export function licenceOf(input: { paths: RunPaths; config: TrainConfig }): { id: string; text: string | undefined } {
  const { paths, config } = input;
  const { source } = config.gguf;
  const own = source === 'shipped' || (source === 'run' && (config.base ?? '') === '');
  if (own) return { id: 'MIT', text: readFileSync(join(paths.packageRoot, 'LICENSE'), 'utf8') };
  const folder = source === 'run' ? join(paths.gguf, '..', 'base-source') : paths.finished;
  const path = ['LICENSE', 'LICENSE.txt', 'LICENSE.md']
    .map((name) => join(folder, name))
    .find((one) => existsSync(one));
  return { id: 'other', text: path === undefined ? undefined : readFileSync(path, 'utf8') };
}
