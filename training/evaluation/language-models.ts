import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadLanguageModel } from '../../src/classify/language-model.ts';
import { openModelFolder } from '../../src/classify/model-folder.ts';
import type { Device } from '../../src/types.ts';
import { assembleModel, type ModelParts, NO_NUMBERS } from './assemble.ts';
import type { Ask } from './corpus.ts';

/** On one thread of the CPU: that is what the thresholds are for. */
const DEVICE: Device = 'cpu';

/** The language model of a finished model folder, through the scanner's own code; undefined: it has none. */
export async function askFolder(dir: string): Promise<Ask | undefined> {
  const folder = await openModelFolder({ dir });
  if (!folder.card.languageModel) return undefined;
  const { logits } = await loadLanguageModel({ folder, device: DEVICE });
  return logits;
}

/**
 * The language model of parts that are no model folder yet. They are put together for the time of loading, so that the
 * same code reads them that reads the finished model.
 */
export async function askParts(parts: ModelParts): Promise<Ask> {
  const dir = await mkdtemp(join(tmpdir(), 'sss-parts-'));
  try {
    await assembleModel({ dir, name: 'parts', version: '0', parts, numbers: NO_NUMBERS });
    return (await askFolder(dir))!;
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}
