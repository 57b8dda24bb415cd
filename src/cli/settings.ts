import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve } from 'node:path';
import { type LayerFile, loadConfig, parseSize } from '../config/index.ts';
import { NO_MARKERS } from '../config/markers.ts';
import { ruleIds } from '../rules/rule-ids.ts';
import { openRepository } from '../sources/repository.ts';
import type { Config, Device, Preset } from '../types.ts';
import { UserError } from '../util/errors.ts';
import { MOST_DEPTH } from '../util/read-limits.ts';
import { chosenModel } from './own-models.ts';
import { note, printable } from './stdio.ts';

export { limitsOf } from '../config/index.ts';

/** The presets, as `--preset` takes them. */
export const PRESETS = ['strict', 'balanced', 'wide'] as const satisfies readonly Preset[];

/** The devices, as `--device` takes them. */
export const DEVICES = ['auto', 'cpu', 'cuda'] as const satisfies readonly Device[];

/** What the options of a command say about how to judge. */
export interface SettingsFlags {
  config?: string | undefined;
  preset?: string | undefined;
  maxFileSize?: string | undefined;
  maxDepth?: string | undefined;
  /** A folder; false for `--no-model`. */
  model?: string | boolean | undefined;
  device?: string | undefined;
  /** A file; false for `--no-baseline`. */
  baseline?: string | boolean | undefined;
  /** False for `--no-markers`. */
  markers?: boolean | undefined;
  /** The name of a large language model; false for `--no-judge`. */
  judge?: string | false | undefined;
  judgeUrl?: string | undefined;
}

/** Says which files the configuration is of, and what is not right in them. */
export async function tellSettings({ files, warnings }: Config): Promise<void> {
  const lines = [
    ...warnings.map((warning) => `warning: ${warning}\n`),
    ...files.map((file) => `configuration: ${file}\n`),
  ];
  await note(printable(lines.join('')));
}

/**
 * The configuration in force, overlaid by the options of a command.
 * @param input.paths what is to be scanned: a single folder brings its own configuration, or that of its repository
 * @param input.onLayer is told of every file that is read, what is inherited first
 * @throws UserError for values that are none, and for what is wrong in the configuration
 */
export async function loadSettings(input: {
  cwd: string;
  flags: SettingsFlags;
  paths?: readonly string[];
  onLayer?: (layer: LayerFile) => void;
  /** False: not the model that was chosen for the clone. */
  ownModel?: boolean;
}): Promise<Config> {
  const { cwd, flags, paths = [], onLayer, ownModel = true } = input;
  const preset = flags.preset === undefined ? {} : { preset: parsePreset(flags.preset) };
  const maxFileSize = flags.maxFileSize === undefined ? {} : { maxFileSize: sizeOf(flags.maxFileSize) };
  const maxDepth = flags.maxDepth === undefined ? {} : { maxDepth: depthOf(flags.maxDepth) };
  const model = typeof flags.model === 'string' ? { model: modelFolder(cwd, flags.model) } : {};
  const device = flags.device === undefined ? {} : { device: parseDevice(flags.device) };
  const markers = flags.markers === false ? { markers: NO_MARKERS } : {};
  const root = await rootOf(cwd, paths);
  const config = await loadConfig({ cwd, root, file: flags.config, ruleIds, onLayer });
  const chosen = ownModel && config.model === undefined ? chosenModel(root) : undefined;
  return {
    ...config,
    ...(chosen === undefined ? {} : { model: chosen }),
    ...(config.folders ? { folders: { ...config.folders, ...preset } } : {}),
    ...preset,
    ...maxFileSize,
    ...maxDepth,
    ...model,
    ...device,
    ...markers,
    ...baselineOf(cwd, flags.baseline),
    ...judgeOf(config, flags),
  };
}

function baselineOf(cwd: string, flag: SettingsFlags['baseline']): Pick<Config, 'baseline'> {
  if (flag === false) return { baseline: false };
  if (typeof flag !== 'string') return {};
  if (flag === '') throw new UserError('--baseline needs the name of a file', { hint: '--no-baseline goes without' });
  return { baseline: resolve(cwd, flag) };
}

/** What the command line says of the judge goes before what the configuration says. */
function judgeOf(config: Config, { judge, judgeUrl }: SettingsFlags): Pick<Config, 'judge'> {
  if (judge === undefined && judgeUrl === undefined) return {};
  const { use, folder, ...rest } = config.judge ?? {};
  if (judge === false) return { judge: rest };
  if (judge === undefined && use === undefined) {
    throw new UserError('--judge-url goes with --judge', { hint: 'name the model: --judge ollama:MODEL' });
  }
  const named = judge === undefined ? { use: use!, ...(folder === undefined ? {} : { folder }) } : { use: judge };
  const address = judgeUrl === undefined ? {} : { url: judgeUrl, mayLeave: true };
  return { judge: { ...rest, ...named, ...address } };
}

/**
 * The preset of that name.
 * @throws UserError when there is none
 */
export function parsePreset(text: string): Preset {
  const preset = PRESETS.find((p) => p === text);
  if (!preset) throw new UserError(`unknown preset: ${text}`, { hint: `presets are ${PRESETS.join(', ')}` });
  return preset;
}

function parseDevice(text: string): Device {
  const device = DEVICES.find((d) => d === text);
  if (!device) throw new UserError(`unknown device: ${text}`, { hint: `devices are ${DEVICES.join(', ')}` });
  return device;
}

function modelFolder(cwd: string, folder: string): string {
  if (folder === '')
    throw new UserError('--model needs the name of a folder', { hint: 'sss model info shows the model' });
  return resolve(cwd, folder);
}

function sizeOf(text: string): number {
  const size = parseSize(text);
  if (size === undefined)
    throw new UserError(`not a size: ${text}`, { hint: 'write it like 500kB, 10MB or 1GiB; 0 is no limit' });
  return size;
}

function depthOf(text: string): number {
  const depth = /^\d{1,3}$/.test(text) ? Number(text) : Number.NaN;
  if (!(depth <= MOST_DEPTH))
    throw new UserError(`not a depth: ${text}`, {
      hint: `write a whole number from 0 to ${MOST_DEPTH}; 0 opens no containers and decodes nothing`,
    });
  return depth;
}

/**
 * Where a configuration is looked for, and what belongs to the whole is kept: the repository, else the current directory, or
 * the folder that is scanned.
 */
export async function rootOf(cwd: string, paths: readonly string[]): Promise<string> {
  const folder = resolve(cwd, paths.length === 1 ? paths[0]! : '.');
  // A hook starts at the top of the repository: no need to ask git.
  if (existsSync(join(folder, '.git'))) return folder;
  if (!(await stat(folder).catch(() => undefined))?.isDirectory()) return rootOf(cwd, []);
  const repository = await openRepository(folder);
  if (repository) return repository.root;
  const way = relative(cwd, folder);
  return way.startsWith('..') || isAbsolute(way) ? folder : cwd;
}
