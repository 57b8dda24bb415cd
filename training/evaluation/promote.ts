import { existsSync } from 'node:fs';
import { appendFile, copyFile, mkdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type ModelCard, parseCard } from '../../src/classify/card.ts';
import { MODEL_FILES, type ModelFolder, openModelFolder } from '../../src/classify/model-folder.ts';
import { gateOf, scoutOf } from '../../src/classify/open-model.ts';
import { UserError } from '../../src/util/errors.ts';
import { openSplit } from '../data/creddata.ts';
import type { StepContext } from '../pipeline/context.ts';
import { findAll, scoreAll } from './corpus.ts';
import { askFolder } from './language-models.ts';
import { mean } from './metrics.ts';
import { readScored } from './score-files.ts';
import { byModel, type Scored } from './scored.ts';
import { mayRead, sweepSettings } from './settings.ts';
import { groupsOf } from './sweep-thresholds.ts';
import { withScout } from './take-over-scout.ts';
import { sweep } from './threshold-choice.ts';

/** Largest model that ships, all files together: 12 MB. */
export const MOST_BYTES = 12_000_000;
/** A smaller difference is none: it does not show in four digits. */
const LEAST_GAIN = 0.00005;
const MODEL_CARD = 'MODEL_CARD.md';

/** How a model does on calib: F1 by variant, weighted as thresholds are chosen, and their mean. */
export interface Standing {
  name: string;
  variants: Record<string, { precision: number; recall: number; f1: number }>;
  f1: number;
}

/**
 * Copies the finished model into the folder of models, if it is whole, small enough, and better on calib than the one that
 * is there. Test is not looked at: a model is not chosen by what it is reported on.
 */
export async function run(context: StepContext): Promise<void> {
  const { paths, config } = context;
  const target = join(paths.models, config.promote.name);
  const card = await checkModel(paths.model);
  mayRead(context, 'calib');
  const settings = sweepSettings(config.sweep);
  const scored = await readScored({ logits: paths.calibLogits, labels: paths.calibLabels });
  const fresh = standing({ name: card.version, scored, card, settings });
  const incumbent = await standingOf({ dir: target, context });
  for (const line of table([fresh, ...(typeof incumbent === 'object' ? [incumbent] : [])])) context.log(line);
  const said = decide({ fresh, incumbent });
  context.log(said.reason);
  if (said.promote) await install({ from: paths.model, to: target, card });
  else if (typeof incumbent === 'object') await lendScout({ target, incumbent, context });
}

/** A model that stays and has no scout gets that of the new one, if it does as well with it. */
async function lendScout(input: { target: string; incumbent: Standing; context: StepContext }): Promise<void> {
  const { target, incumbent, context } = input;
  const { card } = await openModelFolder({ dir: target });
  const scout = join(context.paths.model, MODEL_FILES.scout);
  if (Object.hasOwn(card.files, MODEL_FILES.scout) || !existsSync(scout)) return;
  const made = await withScout({ dir: target, card, scout, others: [MODEL_CARD], by: context.runId });
  try {
    const standing = await standingOf({ dir: made.dir, context });
    if (typeof standing !== 'object') return;
    const numbers = `mean F1 on calib ${standing.f1.toFixed(4)} with it, ${incumbent.f1.toFixed(4)} without`;
    if (standing.f1 <= incumbent.f1 - LEAST_GAIN) {
      context.log(`the scout of ${context.runId} is not taken over: ${numbers}`);
      return;
    }
    const more = `\n## First look\n\nThe scout is that of \`${context.runId}\`, fitted on what the gate of that run says: ${numbers}.\n`;
    await appendFile(join(made.dir, MODEL_CARD), more);
    await install({ from: made.dir, to: target, card: made.card });
    context.log(`${incumbent.name} takes over the scout of ${context.runId}: ${numbers}`);
  } finally {
    await made.clear();
  }
}

/** What is there instead of a model to compare with: nothing, or one that this version cannot use. */
type Incumbent = Standing | 'none' | 'unusable';

export function decide(input: { fresh: Standing; incumbent: Incumbent }): { promote: boolean; reason: string } {
  const { fresh, incumbent } = input;
  if (incumbent === 'none') return { promote: true, reason: `${fresh.name} is promoted: there was no model` };
  if (incumbent === 'unusable')
    return { promote: true, reason: `${fresh.name} is promoted: this version cannot use the model that is there` };
  const numbers = `mean F1 on calib ${fresh.f1.toFixed(4)} against ${incumbent.f1.toFixed(4)} of ${incumbent.name}`;
  const gain = fresh.f1 - incumbent.f1;
  if (gain >= LEAST_GAIN) return { promote: true, reason: `${fresh.name} is promoted: ${numbers}` };
  const how = gain > -LEAST_GAIN ? 'as good, no better' : 'not as good';
  return { promote: false, reason: `the model that is there stays: the new one is ${how} (${numbers})` };
}

/** @throws UserError when the model is not whole, damaged, or too big. */
export async function checkModel(dir: string, mostBytes = MOST_BYTES): Promise<ModelCard> {
  const folder = await openModelFolder({ dir });
  await readWhole(folder);
  const { card } = folder;
  if (!existsSync(join(dir, MODEL_CARD)))
    throw new UserError(`the model in ${dir} has no ${MODEL_CARD}`, { hint: 'run the step model_card first' });
  const sizes = await Promise.all(
    [...Object.keys(card.files), MODEL_FILES.card, MODEL_CARD].map(async (name) => (await stat(join(dir, name))).size),
  );
  const bytes = sizes.reduce((a, b) => a + b, 0);
  if (bytes > mostBytes)
    throw new UserError(`the model has ${bytes} bytes, and at most ${mostBytes} may ship`, {
      hint: 'train a smaller language model (pretrain.layers, pretrain.hidden, pretrain.vocab) or fewer trees',
    });
  return card;
}

/** Reads every file, which compares it with the card, and the gate as the scanner does. */
async function readWhole(folder: ModelFolder): Promise<void> {
  for (const name of Object.keys(folder.card.files)) await folder.read(name);
  await gateOf(folder);
  await scoutOf(folder);
}

export function standing(input: {
  name: string;
  scored: Scored;
  card: Pick<ModelCard, 'band' | 'stack' | 'calibration' | 'thresholds'>;
  settings: Parameters<typeof groupsOf>[0]['settings'];
}): Standing {
  const { name, scored, card, settings } = input;
  const groups = groupsOf({ scored, split: 'calib', of: byModel(card), settings });
  const rows = sweep(groups, [card.thresholds.balanced])[0]!.groups;
  return {
    name,
    variants: Object.fromEntries(
      rows.map(({ variant, precision, recall, f1 }) => [variant, { precision, recall, f1 }]),
    ),
    f1: mean(rows.map((row) => row.f1)),
  };
}

/** The model that is there, asked about calib by the same code that exported the logits of the new one. */
async function standingOf(input: { dir: string; context: StepContext }): Promise<Incumbent> {
  const { dir, context } = input;
  const { signal } = context;
  if (!existsSync(dir)) return 'none';
  try {
    const folder = await openModelFolder({ dir });
    await readWhole(folder);
    const card = parseCard(await readFile(join(dir, MODEL_FILES.card), 'utf8'));
    const split = openSplit({ creddata: context.paths.creddata, split: 'calib', purpose: 'calibrate' });
    const { found, places } = findAll(split, signal);
    const scored = await scoreAll({
      ...{ found, places, signal, band: card.band, progress: context.progress },
      ...{ gate: await gateOf(folder), scout: await scoutOf(folder) },
      ask: await askFolder(dir),
    });
    return standing({ name: card.version, scored, card, settings: sweepSettings(context.config.sweep) });
  } catch (error) {
    if (!(error instanceof UserError) || !(await isModelProblem(dir))) throw error;
    context.log(`the model in ${dir} cannot be used: ${error.message}`);
    return 'unusable';
  }
}

/** Whether it is the folder itself that cannot be used, and not the data or this machine. */
async function isModelProblem(dir: string): Promise<boolean> {
  try {
    await readWhole(await openModelFolder({ dir }));
    return false;
  } catch {
    return true;
  }
}

function table(standings: readonly Standing[]): string[] {
  const head = `${'model'.padEnd(24)} ${'variant'.padEnd(8)}${['P', 'R', 'F1'].map((n) => n.padStart(9)).join('')}   (calib, weighted)`;
  return [
    head,
    ...standings.flatMap(({ name, variants, f1 }) => [
      ...Object.entries(variants).map(([variant, v]) => {
        const numbers = [v.precision, v.recall, v.f1].map((n) => n.toFixed(4).padStart(9)).join('');
        return `${name.padEnd(24)} ${variant.padEnd(8)}${numbers}`;
      }),
      `${name.padEnd(24)} ${'mean'.padEnd(8)}${f1.toFixed(4).padStart(27)}`,
    ]),
  ];
}

/** Copies the model beside the old one and changes places with it; a failure leaves the old one. */
export async function install(input: { from: string; to: string; card: ModelCard }): Promise<void> {
  const { from, to, card } = input;
  const fresh = `${to}.new.${process.pid}`;
  const old = `${to}.old.${process.pid}`;
  await mkdir(dirname(to), { recursive: true });
  await rm(fresh, { recursive: true, force: true });
  try {
    for (const name of [...Object.keys(card.files), MODEL_CARD, MODEL_FILES.card]) {
      await mkdir(dirname(join(fresh, name)), { recursive: true });
      await copyFile(join(from, name), join(fresh, name));
    }
    await readWhole(await openModelFolder({ dir: fresh }));
    if (existsSync(to)) await rename(to, old);
    try {
      await rename(fresh, to);
    } catch (error) {
      if (existsSync(old)) await rename(old, to);
      throw error;
    }
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
  await rm(old, { recursive: true, force: true });
}
