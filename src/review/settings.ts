import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BUILD, resultsKey } from '../cache/key.ts';
import { openModelFolder } from '../classify/model-folder.ts';
import type { Config, Llm } from '../types.ts';
import { runGit } from '../util/git-process.ts';
import { version } from '../util/version.ts';
import type { Chance } from './types.ts';

/** What a review goes by unless told. */
export const USUAL_CHANCE: Chance = { seed: 1, samples: 3, temperature: 0.7 };

/** Where missions and guidance are, from the root of the repository. */
export const USUAL_FOLDER = '.smart-secrets-scanner/reviews';
export const USUAL_GUIDANCE = '.smart-secrets-scanner/guidance.jsonl';

/** What a mission was made with: for people to read, and to be compared. */
export interface Made {
  /** Changes with everything that an answer depends on. */
  key: string;
  preset: Config['preset'];
  configuration: readonly string[];
  languageModel: boolean;
  model: { name: string; version: string; sha256: string };
}

/** @throws UserError when the model is missing or damaged */
export async function madeWith(config: Config, useModel: boolean): Promise<Made> {
  const { allow, markers, baseline, ignoreFiles = [] } = config;
  const { card } = await openModelFolder({ dir: config.model });
  const results = await resultsKey({ build: BUILD ?? version, config, useModel });
  const files = [...(baseline ? [baseline] : []), ...ignoreFiles, ...(await folderFiles(config))].map(contentOf);
  const key = hashOf([results?.toString('hex'), allow, markers, files, process.env.SSS_FINGERPRINT_KEY ?? '']);
  return {
    key,
    preset: config.preset,
    configuration: config.files,
    languageModel: useModel,
    model: { name: card.name, version: card.version, sha256: hashOf(card.files) },
  };
}

/** The configurations of folders of a repository. */
async function folderFiles({ folders }: Config): Promise<string[]> {
  if (!folders) return [];
  const { root: cwd } = folders;
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--', '*/.smart-secrets-scanner.*'];
  const { code, stdout } = await runGit({ cwd, args });
  return code === 0
    ? stdout
        .toString('latin1')
        .split('\0')
        .filter(Boolean)
        .sort()
        .map((name) => join(cwd, name))
    : [];
}

/** A file that cannot be read is told of where it is used. */
function contentOf(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}

/** The same for what votes, too. */
export function votesKey(made: Made, chance: Chance, llm: Llm | undefined): string {
  return llm ? hashOf([made.key, chance, llm.name, llm.digest]) : made.key;
}

/** SHA-256 of what JSON says of a value, patterns as they are written. */
export function hashOf(value: unknown): string {
  const text = JSON.stringify(value, (_, inner) => (inner instanceof RegExp ? String(inner) : inner));
  return createHash('sha256')
    .update(text ?? '')
    .digest('hex');
}
