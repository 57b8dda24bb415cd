import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../util/errors.ts';
import { packageFolder } from '../util/package-folder.ts';
import { featuresHash, type ModelCard, parseCard } from './card.ts';
import { PROMPT_VERSION } from './prompt.ts';

/** The model that ships with the scanner: `models/<this>` of the package. */
export const DEFAULT_MODEL = 'sss-llama-4x256';

/** Names of files in a model folder. */
export const MODEL_FILES = {
  card: 'card.json',
  gate: 'gate.json',
  /** Models that have none judge every candidate in full. */
  scout: 'scout.json',
  network: 'onnx/model_quantized.onnx',
  tokenizer: 'tokenizer.json',
  tokenizerConfig: 'tokenizer_config.json',
  /** What a team has taught it. */
  team: 'team.json',
} as const;

/** A model folder whose card has been read. */
export interface ModelFolder {
  /** As given, or the absolute path of the one that ships with the scanner. */
  dir: string;
  card: ModelCard;
  /**
   * Reads a file and compares it with the card: what is used is what was measured.
   * @throws UserError when it is missing, cut short or another one
   */
  read(name: string): Promise<Uint8Array>;
  /** An error about this model, with what to do about it. */
  problem(message: string, cause?: unknown): UserError;
}

/**
 * Opens a model folder: `dir`, or the model that ships with the scanner. Reads and checks its card, and nothing else.
 * @throws UserError when there is no model, or one for another version of the scanner
 */
export async function openModelFolder(options: { dir?: string | undefined } = {}): Promise<ModelFolder> {
  const dir = options.dir ?? shippedModel();
  const hint =
    options.dir === undefined
      ? 'install the scanner again; `sss model verify` checks all files of its model'
      : 'copy the whole model folder again, train the model anew, or go back: `sss model use shipped`; `sss model verify --model DIR` checks all files';
  const problem = (message: string, cause?: unknown) => new UserError(message, { hint, cause });
  const where = `the model in ${dir}`;

  const text = attempt(
    () => readFileSync(join(dir, MODEL_FILES.card), 'utf8'),
    (error) => {
      if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') {
        return problem(`${MODEL_FILES.card} of ${where} cannot be read (${error.code})`, error);
      }
      const isFolder = existsSync(dir) && statSync(dir).isDirectory();
      return problem(
        isFolder ? `${dir} is no model folder: it has no ${MODEL_FILES.card}` : `there is no model in ${dir}`,
      );
    },
  );
  const card = readCard(text, (message) => problem(`${MODEL_FILES.card} of ${where} cannot be used: ${message}`));
  if (card.featuresHash !== featuresHash()) {
    throw problem(`${where} was made for another version of the scanner: its features are not those of this one`);
  }
  if (card.languageModel && card.promptVersion !== PROMPT_VERSION) {
    throw problem(
      `${where} was made for another version of the scanner: it reads prompts of version ${card.promptVersion}, not ${PROMPT_VERSION}`,
    );
  }
  const orphan = ({ name, version }: { name: string; version: string }) =>
    new UserError(`${where} was learned on top of ${name} ${version}, and another one is installed`, {
      hint: 'learn from the decisions again with `sss train --feedback`, or take the shipped model: `sss model use shipped`',
    });
  return {
    dir,
    card,
    problem,
    async read(name) {
      const known = Object.hasOwn(card.files, name) ? card.files[name] : undefined;
      if (!known) throw problem(`${where} is incomplete: its card does not list ${name}`);
      const path = modelFile({ dir, card }, name);
      const bytes = attempt(
        () => readFileSync(path),
        (error) =>
          error.code === 'ENOENT'
            ? problem(`${where} is incomplete: ${name} is missing`, error)
            : problem(`${name} of ${where} cannot be read (${error.code})`, error),
      );
      const isIt = isFile(bytes, known);
      if (!isIt && path !== join(dir, name)) throw orphan(card.parent!);
      if (bytes.length !== known.bytes) {
        throw problem(`${name} of ${where} is damaged: it has ${bytes.length} bytes and should have ${known.bytes}`);
      }
      if (!isIt) {
        throw problem(`${name} of ${where} is not the one that belongs to it: its checksum is another one`);
      }
      return bytes;
    },
  };
}

/** Files are read at once: a hook that has to load a model has nothing to do meanwhile. */
function attempt<T>(work: () => T, failure: (error: NodeJS.ErrnoException) => UserError): T {
  try {
    return work();
  } catch (error) {
    throw failure(error as NodeJS.ErrnoException);
  }
}

function readCard(text: string, problem: (message: string) => UserError): ModelCard {
  try {
    return parseCard(text);
  } catch (error) {
    // What JSON.parse says quotes the text, which may be anything.
    throw problem(error instanceof SyntaxError ? 'it is no JSON (cut short?)' : (error as Error).message);
  }
}

/** Where a file of a model lies: in its folder, else, for a team's model, with the one that ships. */
export function modelFile({ dir, card }: Pick<ModelFolder, 'dir' | 'card'>, name: string): string {
  const isLent = card.parent !== undefined && name !== MODEL_FILES.team && !existsSync(join(dir, name));
  return join(isLent ? shippedModel() : dir, name);
}

function isFile(bytes: Uint8Array, known: { sha256: string; bytes: number }): boolean {
  return bytes.length === known.bytes && createHash('sha256').update(bytes).digest('hex') === known.sha256;
}

/** The folder of the model that ships with the scanner. */
export function shippedModel(): string {
  return join(packageFolder(), 'models', DEFAULT_MODEL);
}
