import { createHash } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ModelCard } from '../../src/classify/card.ts';
import { MODEL_FILES } from '../../src/classify/model-folder.ts';

/** A model with another one's scout, in a folder of its own. */
export interface WithScout {
  dir: string;
  card: ModelCard;
  /** Removes the folder. */
  clear(): Promise<void>;
}

/**
 * Puts the model of `dir` together with the scout of another run, beside `dir`: a scout says how long judging takes, and is
 * of use to a model that was made before there were any.
 * @param input.others further files of the folder that the card does not list
 */
export async function withScout(input: {
  dir: string;
  card: ModelCard;
  scout: string;
  others: readonly string[];
  /** Run that made the scout. */
  by: string;
}): Promise<WithScout> {
  const { dir, card, scout, others, by } = input;
  const fresh = await mkdtemp(`${dir}.scout.`);
  const clear = () => rm(fresh, { recursive: true, force: true });
  try {
    for (const name of [...Object.keys(card.files), ...others]) {
      await mkdir(dirname(join(fresh, name)), { recursive: true });
      await copyFile(join(dir, name), join(fresh, name));
    }
    const bytes = await readFile(scout);
    await writeFile(join(fresh, MODEL_FILES.scout), bytes);
    const listed = { sha256: createHash('sha256').update(bytes).digest('hex'), bytes: bytes.length };
    const files = { ...card.files, [MODEL_FILES.scout]: listed };
    const made: ModelCard = { ...card, version: `${card.version}, scout of ${by}`, files };
    await writeFile(join(fresh, MODEL_FILES.card), `${JSON.stringify(made, null, 2)}\n`);
    return { dir: fresh, card: made, clear };
  } catch (error) {
    await clear();
    throw error;
  }
}
