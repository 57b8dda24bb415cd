import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { Config } from '../types.ts';
import { UserError } from '../util/errors.ts';
import { type ReadLimits, USUAL_DEPTH } from '../util/read-limits.ts';
import { withFoundFiles } from './found-files.ts';

export { type AllowQuery, isAllowed, isPathAllowed, matchesRuleId } from './allow.ts';
export { BASELINE_FILE } from './found-files.ts';
export { nearest } from './nearest.ts';
export { parseSize } from './size.ts';

/** Key of `package.json`, and what our own files are called. */
const NAME = 'smart-secrets-scanner';
const OWN_FILES = ['toml', 'yaml', 'yml', 'json'].map((extension) => `.${NAME}.${extension}`);
/** In the order of preference: gitleaks itself looks for the first. */
const GITLEAKS_FILES = ['.gitleaks.toml', 'gitleaks.toml'];

/** The configuration in force when there is none. Files of more than ten million bytes are skipped. */
export const DEFAULT_CONFIG: Config = {
  files: [],
  preset: 'balanced',
  useBuiltinRules: true,
  disabledRules: [],
  customRules: [],
  allow: [],
  maxFileSize: 10_000_000,
  maxDepth: USUAL_DEPTH,
  warnings: [],
};

/** How sources are to read by a configuration. */
export function limitsOf({ maxFileSize, maxDepth }: Pick<Config, 'maxFileSize' | 'maxDepth'>): ReadLimits {
  return { maxFileSize, maxDepth };
}

/** Where to look for a configuration. */
export interface LoadOptions {
  /** The current directory: paths are shown relative to it, and `file` is. */
  cwd: string;
  /** Root of the repository, where the configuration, the baseline and ignore files are looked for; absent: `cwd`. */
  root?: string | undefined;
  /** Use this configuration, and look for no other. */
  file?: string | undefined;
  /** The ids of the rules that ship with the scanner, so that misspelt ones are noticed. Asked for only when needed. */
  ruleIds?: (() => readonly string[] | Promise<readonly string[]>) | undefined;
}

/**
 * Finds and reads the configuration: `.smart-secrets-scanner.toml`, `.yaml`, `.yml` or `.json`, or the key
 * `smart-secrets-scanner` of `package.json`; without any of them `.gitleaks.toml` or `gitleaks.toml`; else the defaults.
 * The baseline and the ignore files of peers beside it are named in what comes back, unless it says otherwise.
 * Without a configuration one directory is listed, and no parser is loaded.
 *
 * @throws UserError when there are several, when one cannot be read, or when something in it is wrong (with file, line
 * and key)
 */
export async function loadConfig(options: LoadOptions): Promise<Config> {
  const { cwd, root = cwd } = options;
  const show = (path: string) => shownPath(cwd, path);
  const names = list(root, show);
  return withFoundFiles(await loadFile(options, names), { root, names, show });
}

async function loadFile(options: LoadOptions, names: ReadonlySet<string>): Promise<Config> {
  const { cwd, file, ruleIds } = options;
  const show = (path: string) => shownPath(cwd, path);
  const load = async (path: string, kind: 'own' | 'gitleaks' | 'any') => {
    const { readConfigFile } = await import('./read-config.ts');
    return readConfigFile({ path, cwd, kind, show, ruleIds, defaults: DEFAULT_CONFIG });
  };
  if (file !== undefined) return load(resolve(cwd, file), 'any');

  const root = options.root ?? cwd;
  const own = OWN_FILES.filter((name) => names.has(name));
  if (names.has('package.json') && (await packageHasKey(join(root, 'package.json'), show))) own.push('package.json');
  if (own.length > 1) {
    throw new UserError(
      `there is more than one configuration: ${own.map((name) => show(join(root, name))).join(' and ')}`,
      {
        hint: 'Keep one of them, or name the one to use with --config.',
      },
    );
  }
  if (own[0]) return load(join(root, own[0]), 'own');
  const [gitleaks, ignored] = GITLEAKS_FILES.filter((name) => names.has(name));
  if (!gitleaks) return DEFAULT_CONFIG;
  const config = await load(join(root, gitleaks), 'gitleaks');
  if (!ignored) return config;
  return {
    ...config,
    warnings: [...config.warnings, `${show(join(root, ignored))} is not used: ${gitleaks} comes first`],
  };
}

function list(root: string, show: (path: string) => string): Set<string> {
  try {
    return new Set(readdirSync(root));
  } catch (error) {
    throw new UserError(`cannot list the directory ${show(root)}: ${(error as NodeJS.ErrnoException).code}`, {
      cause: error,
    });
  }
}

/** Most package.json files need no parsing to see that the name is not in them. */
async function packageHasKey(path: string, show: (path: string) => string): Promise<boolean> {
  const isFile = existsSync(path) && statSync(path).isFile();
  const text = isFile ? readFileSync(path, 'utf8').replace(/^\uFEFF/, '') : '';
  if (!text.includes(`"${NAME}"`)) return false;
  const { packageConfig } = await import('./read-config.ts');
  return (await packageConfig(text, show(path))) !== undefined;
}

/** A path as the user would open it: relative to the current directory, absolute outside it. */
export function shownPath(cwd: string, path: string): string {
  const short = relative(cwd, path);
  if (short === '') return '.';
  if (short === '..' || short.startsWith(`..${sep}`) || isAbsolute(short)) return path.split(sep).join('/');
  return short.split(sep).join('/');
}
