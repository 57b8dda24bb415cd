import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseCard } from '../../src/classify/card.ts';
import { UserError } from '../../src/util/errors.ts';
import { writeWithFolders } from '../../src/util/write-whole.ts';
import type { StepContext } from '../pipeline/context.ts';
import { type CardFacts, modelCard } from './model-card-text.ts';

/** Writes MODEL_CARD.md from what was measured: every number in it was read from a file of the run. */
export async function run(context: StepContext): Promise<void> {
  const { paths, config } = context;
  const facts: CardFacts = {
    card: parseCard(await readFile(join(paths.model, 'card.json'), 'utf8')),
    report: await json(join(paths.evaluation, 'report.json')),
    thresholds: await json(paths.thresholds),
    network: await json(join(paths.model, 'config.json')),
    parity: await parityOf(join(dirname(paths.onnx), 'parity.json')),
    config,
    synthetic: config.data.creddata === 'synthetic',
  };
  writeWithFolders(paths.modelCard, modelCard(facts));
}

/** What quantizing changed, where it was measured. */
async function parityOf(path: string): Promise<CardFacts['parity']> {
  if (!existsSync(path)) return undefined;
  const { prompts, maxProbabilityDifference, agreement } = await json<Record<string, unknown>>(path);
  const known = [prompts, maxProbabilityDifference, agreement].every((n) => typeof n === 'number');
  return known ? ({ prompts, maxProbabilityDifference, agreement } as CardFacts['parity']) : undefined;
}

async function json<T>(path: string): Promise<T> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as T;
  } catch (cause) {
    throw new UserError(`${path} cannot be read, and the model card is made of it`, {
      hint: 'run `sss train` from the step that writes it',
      cause,
    });
  }
}
