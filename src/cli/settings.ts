import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve } from 'node:path';
import { loadConfig, parseSize } from '../config/index.ts';
import { openRepository } from '../sources/repository.ts';
import type { Config, Preset } from '../types.ts';
import { UserError } from '../util/errors.ts';

/** The presets, as `--preset` takes them. */
export const PRESETS = ['strict', 'balanced', 'wide'] as const satisfies readonly Preset[];

/** What the options of a command say about how to judge. */
export interface SettingsFlags {
  config?: string | undefined;
  preset?: string | undefined;
  maxFileSize?: string | undefined;
}

/**
 * The configuration in force, overlaid by the options of a command.
 * @param input.paths what is to be scanned: a single folder brings its own configuration, or that of its repository
 * @throws UserError for values that are none, and for what is wrong in the configuration
 */
export async function loadSettings(input: {
  cwd: string;
  flags: SettingsFlags;
  paths?: readonly string[];
}): Promise<Config> {
  const { cwd, flags, paths = [] } = input;
  const preset = flags.preset === undefined ? {} : { preset: parsePreset(flags.preset) };
  const maxFileSize = flags.maxFileSize === undefined ? {} : { maxFileSize: sizeOf(flags.maxFileSize) };
  const file = flags.config;
  const root = file === undefined ? await rootOf(cwd, paths) : undefined;
  return { ...(await loadConfig({ cwd, root, file, ruleIds })), ...preset, ...maxFileSize };
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

function sizeOf(text: string): number {
  const size = parseSize(text);
  if (size === undefined)
    throw new UserError(`not a size: ${text}`, { hint: 'write it like 500kB, 10MB or 1GiB; 0 is no limit' });
  return size;
}

/** Where a configuration is looked for: the repository, else the current directory, or the folder that is scanned. */
async function rootOf(cwd: string, paths: readonly string[]): Promise<string> {
  const folder = resolve(cwd, paths.length === 1 ? paths[0]! : '.');
  // A hook starts at the top of the repository: no need to ask git.
  if (existsSync(join(folder, '.git'))) return folder;
  if (!(await stat(folder).catch(() => undefined))?.isDirectory()) return rootOf(cwd, []);
  const repository = await openRepository(folder);
  if (repository) return repository.root;
  const way = relative(cwd, folder);
  return way.startsWith('..') || isAbsolute(way) ? folder : cwd;
}

async function ruleIds(): Promise<string[]> {
  const [{ builtinRules }, { genericRules }] = await Promise.all([
    import('../rules/builtin/index.ts'),
    import('../rules/generic.ts'),
  ]);
  return [...builtinRules, ...genericRules].map(({ id }) => id);
}
