import { existsSync, readdirSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import type { Command } from 'commander';
import type { ModelCard } from '../../classify/card.ts';
import { EXIT, UserError } from '../../util/errors.ts';
import { writeFileWhole } from '../../util/write-whole.ts';
import { type Finish, helpText } from '../help.ts';
import { modelPointer, ownModels } from '../own-models.ts';
import { loadSettings } from '../settings.ts';
import { note, print, printable } from '../stdio.ts';

/** What the model that came with the scanner is called in the commands on models. */
export const SHIPPED = 'shipped';

interface ListOptions {
  modelsDir?: string;
  json?: boolean;
}

/** A model that could be used, or why not. */
interface Listed {
  name: string;
  folder: string;
  inUse: boolean;
  version?: string;
  learned?: string;
  problem?: string;
}

/** Adds `model list` and `model use`. */
export function addOwnModelCommands(model: Command, finish: Finish): void {
  model
    .command('list')
    .summary('list the shipped model and your own')
    .description(
      'Lists the model that ships with the scanner and those that were learned in this clone, and marks the one in use.',
    )
    .option('--models-dir <dir>', 'and those in this folder')
    .option('--json', 'as JSON')
    .addHelpText('after', helpText(['sss model list', 'sss model list --models-dir .sss-models']))
    .action(async (options: ListOptions) => {
      const listed = await listModels(process.cwd(), options);
      await print(options.json ? `${JSON.stringify(listed, null, 2)}\n` : tableOf(listed));
      finish(EXIT.clean);
    });
  model
    .command('use <name-or-folder>')
    .summary('judge with another model in this clone')
    .description(
      'Has scans and hooks of this clone judge with one of your own models, or with the shipped one again. What the ' +
        'configuration names comes first, and --model before everything.',
    )
    .addHelpText('after', helpText(['sss model use team', 'sss model use .sss-models/shop', 'sss model use shipped']))
    .action(async (wanted: string) => {
      await useModel(process.cwd(), wanted);
      finish(EXIT.clean);
    });
}

async function listModels(cwd: string, { modelsDir }: ListOptions): Promise<Listed[]> {
  const { shippedModel } = await import('../../classify/model-folder.ts');
  const { model: chosen } = await loadSettings({ cwd, flags: {} });
  const shipped = shippedModel();
  const folders = [ownModels(cwd), modelsDir === undefined ? undefined : existing(resolve(cwd, modelsDir))];
  const inUse = chosen ?? shipped;
  const all = new Set([shipped, ...folders.flatMap((folder) => (folder ? modelFolders(folder) : [])), inUse]);
  return Promise.all(
    [...all].map(async (folder) => {
      const name = folder === shipped ? SHIPPED : folder.slice(folder.lastIndexOf(sep) + 1);
      const found = { name, folder, inUse: folder === inUse };
      try {
        const { card } = await openWhole(folder, shipped);
        return { ...found, version: card.version, ...(card.parent ? { learned: learnedText(card) } : {}) };
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        return { ...found, problem: error.message };
      }
    }),
  );
}

function existing(folder: string): string {
  if (existsSync(folder)) return folder;
  throw new UserError(`there is no folder ${folder}`, { hint: 'sss train --feedback --models-dir makes it' });
}

function modelFolders(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  // What is being written has no name of its own yet.
  return names
    .map(({ name }) => join(folder, name))
    .filter((path) => !/\.(?:new|old)\.\d+$/.test(path))
    .sort();
}

/** Opens a model and reads what a team has added, so that one that cannot be used is not chosen. */
async function openWhole(folder: string, shipped: string) {
  const { openModelFolder } = await import('../../classify/model-folder.ts');
  const { gateOf, scoutOf, teamOf } = await import('../../classify/open-model.ts');
  const opened = await openModelFolder({ dir: folder === shipped ? undefined : folder });
  await Promise.all([gateOf(opened), scoutOf(opened), teamOf(opened)]);
  return opened;
}

interface Counts {
  found: number;
  secrets: number;
  alarms: number;
  others: number;
}

/** Of the card of a team's model: `200 decisions, 148 → 23 false alarms on held ones`. */
export function learnedText({ metrics }: Pick<ModelCard, 'metrics'>): string {
  const { decisions, held } = metrics as {
    decisions?: { secrets: number; others: number };
    held?: { before: Counts; after: Counts };
  };
  if (!decisions || !held) return 'from decisions, without figures';
  return `${decisions.secrets + decisions.others} decisions, false alarms on held ones ${held.before.alarms} → ${held.after.alarms}`;
}

function tableOf(listed: readonly Listed[]): string {
  const width = Math.max(...listed.map(({ name }) => name.length));
  const rows = listed.map(({ name, folder, inUse, learned, problem }) => {
    const what = problem === undefined ? (learned ?? 'as trained') : `cannot be used: ${problem}`;
    return `${inUse ? '*' : ' '} ${name.padEnd(width)}  ${what}\n  ${' '.repeat(width)}  ${folder}\n`;
  });
  return printable(`${rows.join('')}* in use\n`);
}

async function useModel(cwd: string, wanted: string): Promise<void> {
  const { shippedModel } = await import('../../classify/model-folder.ts');
  const pointer = modelPointer(cwd);
  if (pointer === undefined)
    throw new UserError('there is no repository here whose model could be chosen', {
      hint: 'name the model in each command (--model FOLDER), or in a configuration (model = "FOLDER")',
    });
  const named = await modelOfConfig(cwd);
  if (named !== undefined)
    throw new UserError(`the configuration names the model, which comes first: ${named}`, {
      hint: 'change or remove its key `model`',
    });
  if (wanted === SHIPPED) {
    await rm(pointer, { force: true });
    await print('the shipped model judges in this clone\n');
    return;
  }
  const own = join(ownModels(cwd)!, wanted);
  const folder = !/[\\/]/.test(wanted) && existsSync(own) ? own : resolve(cwd, wanted);
  if (!existsSync(folder)) {
    throw new UserError(`there is no model in this clone that is called ${wanted}, and no such folder`, {
      hint: 'sss model list shows those there are, sss train --feedback makes one',
    });
  }
  const { card } = await openWhole(folder, shippedModel());
  await mkdir(dirname(pointer), { recursive: true });
  await writeFileWhole(pointer, `${folder === own ? wanted : folder}\n`);
  await print(printable(`${card.name} (${card.version}) judges in this clone\n`));
  const shown = relative(cwd, folder).split(sep).join('/');
  const isShared = !shown.startsWith('..') && !shown.startsWith('.git/');
  if (isShared)
    await note(printable(`for everybody: commit the folder, and write model = "${shown}" into the configuration\n`));
}

/** The model that the configuration names, whatever was chosen for the clone. */
async function modelOfConfig(cwd: string): Promise<string | undefined> {
  const { model } = await loadSettings({ cwd, flags: {}, ownModel: false });
  return model;
}
