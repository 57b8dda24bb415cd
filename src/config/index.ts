import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { Config } from '../types.ts';
import { type ReadLimits, USUAL_DEPTH } from '../util/read-limits.ts';
import { findOwn, GITLEAKS_FILES, namesIn, realPath } from './find.ts';
import { withFoundFiles } from './found-files.ts';
import type { LayerFile } from './read-config.ts';

export { type AllowQuery, isAllowed, isPathAllowed, matchesRuleId } from './allow.ts';
export { BASELINE_FILE } from './found-files.ts';
export { nearest } from './nearest.ts';
export type { LayerFile } from './read-config.ts';
export { parseSize } from './size.ts';

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
  /** Is told of every file that is read, what is inherited first. */
  onLayer?: ((layer: LayerFile) => void) | undefined;
}

/**
 * Finds and reads the configuration: `.smart-secrets-scanner.toml`, `.yaml`, `.yml` or `.json`, or the key
 * `smart-secrets-scanner` of `package.json`; without any of them `.gitleaks.toml` or `gitleaks.toml`; else the defaults.
 * The baseline and the ignore files of peers beside it are named in what comes back, unless it says otherwise.
 * What a file extends comes before it. Files in sub folders are looked for later, when something is found there; with
 * `file` they do not count. Without a configuration one directory is listed, and no parser is loaded.
 *
 * @throws UserError when there are several, when one cannot be read, or when something in it is wrong (with file, line
 * and key)
 */
export async function loadConfig(options: LoadOptions): Promise<Config> {
  const { cwd, root = cwd } = options;
  const show = (path: string) => shownPath(cwd, path);
  const names = namesIn(root, show);
  return withFoundFiles(await loadFile(options, names), { root, names, show });
}

async function loadFile(options: LoadOptions, names: ReadonlySet<string>): Promise<Config> {
  const { cwd, file, ruleIds, onLayer, root = cwd } = options;
  const show = (path: string) => shownPath(cwd, path);
  const load = async (path: string, kind: 'own' | 'gitleaks' | 'any', defaults: Config) => {
    const { readConfigFile } = await import('./read-config.ts');
    return readConfigFile({ path, cwd, root, kind, show, ruleIds, onLayer, defaults });
  };
  if (file !== undefined) return load(resolve(cwd, file), 'any', DEFAULT_CONFIG);

  const defaults = { ...DEFAULT_CONFIG, folders: { root: realPath(root), cwd: realPath(cwd) } };
  const own = await findOwn({ folder: root, names, show });
  if (own) return load(own, 'own', defaults);
  const [gitleaks, ignored] = GITLEAKS_FILES.filter((name) => names.has(name));
  if (!gitleaks) return defaults;
  const config = await load(join(root, gitleaks), 'gitleaks', defaults);
  if (!ignored) return config;
  return {
    ...config,
    warnings: [...config.warnings, `${show(join(root, ignored))} is not used: ${gitleaks} comes first`],
  };
}

/** A path as the user would open it: relative to the current directory, absolute outside it. */
export function shownPath(cwd: string, path: string): string {
  const short = relative(cwd, path);
  if (short === '') return '.';
  if (short === '..' || short.startsWith(`..${sep}`) || isAbsolute(short)) return path.split(sep).join('/');
  return short.split(sep).join('/');
}
