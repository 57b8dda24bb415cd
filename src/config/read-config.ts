import { basename, dirname } from 'node:path';
import type { Config } from '../types.ts';
import { UserError } from '../util/errors.ts';
import type { Chain } from './extend.ts';
import { NAME as PACKAGE_KEY } from './find.ts';
import type { LoadOptions } from './index.ts';
import type { Below } from './own-config.ts';
import { type ParsedFile, parseConfig, readText } from './read-file.ts';
import { ConfigProblem, type KeyPath, showPath } from './validate.ts';

/** One file of a configuration, with what is in force before and after it. */
export interface LayerFile {
  path: string;
  shown: string;
  kind: 'own' | 'gitleaks';
  data: unknown;
  /** 1-based line of a key of `data`. */
  lineOf: ParsedFile['lineOf'];
  before: Config;
  after: Config;
}

/**
 * Reads a configuration file and, before it, those that it extends.
 *
 * @param input.kind whose form it has; `any` finds out from the content
 * @param input.defaults what is in force without it
 * @param input.below the folder that it is for; absent: it is for all
 * @param input.onLayer is told of every file, what is inherited first
 * @throws UserError
 */
export async function readConfigFile(input: {
  path: string;
  cwd: string;
  root: string;
  kind: 'own' | 'gitleaks' | 'any';
  show: (path: string) => string;
  ruleIds: LoadOptions['ruleIds'];
  defaults: Config;
  below?: Below | undefined;
  onLayer?: ((layer: LayerFile) => void) | undefined;
  chain?: Chain | undefined;
}): Promise<Config> {
  const { path, show, ruleIds, onLayer, below } = input;
  const shown = show(path);
  const text = await readText(path, shown);
  const isPackage = basename(path) === 'package.json';
  const file: ParsedFile & { prefix?: KeyPath } = await (isPackage ? packagePart : parseConfig)(text, shown);
  const knownIds = await ruleIds?.();
  if (input.kind === 'gitleaks' || (input.kind === 'any' && !file.prefix && isGitleaks(file.data))) {
    const { readGitleaksConfig } = await import('./gitleaks.ts');
    const before = input.defaults;
    const after = await readGitleaksConfig({ path, cwd: input.cwd, file, show, knownIds, defaults: before });
    onLayer?.({ path, shown, kind: 'gitleaks', data: file.data, lineOf: file.lineOf, before, after });
    return after;
  }
  const { readOwnConfig } = await import('./own-config.ts');
  return explained({ shown, ...file }, async () => {
    const before = below === undefined ? await inherited(input, file.data) : input.defaults;
    const after = readOwnConfig({ data: file.data, defaults: before, shown, folder: dirname(path), knownIds, below });
    onLayer?.({ path, shown, kind: 'own', data: file.data, lineOf: file.lineOf, before, after });
    return after;
  });
}

/** What the files amount to that `extends` names, each laid over the one before it. */
async function inherited(input: Parameters<typeof readConfigFile>[0], data: unknown): Promise<Config> {
  let config = input.defaults;
  if (typeof data !== 'object' || data === null || !('extends' in data)) return config;
  const [{ extendsList }, { baseOf, enter, isTaken }] = await Promise.all([
    import('./own-schema.ts'),
    import('./extend.ts'),
  ]);
  const { path, root, show } = input;
  const chain = input.chain ?? enter({ open: [], taken: new Set() }, path, show);
  for (const [i, name] of extendsList(data.extends, ['extends']).entries()) {
    const at = Array.isArray(data.extends) ? ['extends', i] : ['extends'];
    const base = await baseOf({ name, from: path, root, at, show });
    if (isTaken(chain, base)) continue;
    config = await readConfigFile({
      ...input,
      path: base,
      kind: 'any',
      defaults: config,
      chain: enter(chain, base, show),
    });
  }
  return config;
}

async function packagePart(text: string, shown: string): Promise<ParsedFile & { prefix: KeyPath }> {
  const data = await packageConfig(text, shown);
  if (data === undefined) throw new UserError(`${shown} has no key "${PACKAGE_KEY}"`);
  const { lineOf } = await parseConfig(text, shown);
  return { data, prefix: [PACKAGE_KEY], lineOf: (path) => lineOf([PACKAGE_KEY, ...path]) };
}

/** The scanner's part of a package.json; undefined when there is none. Throws a UserError when it is not JSON. */
export async function packageConfig(text: string, shown: string): Promise<unknown> {
  const { data } = await parseConfig(text, shown);
  const isTable = typeof data === 'object' && data !== null && !Array.isArray(data);
  return isTable && Object.hasOwn(data, PACKAGE_KEY) ? (data as Record<string, unknown>)[PACKAGE_KEY] : undefined;
}

/** Runs `work`; a `ConfigProblem` becomes a `UserError` that names file, line and key. */
export async function explained<T>(
  file: { shown: string; prefix?: KeyPath; lineOf: ParsedFile['lineOf'] },
  work: () => T | Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ConfigProblem)) throw error;
    const line = error.path.length > 0 ? await file.lineOf(error.path) : undefined;
    const key = showPath([...(file.prefix ?? []), ...error.path]);
    const place = line === undefined ? file.shown : `${file.shown}:${line}`;
    const options = error.hint === undefined ? {} : { hint: error.hint };
    throw new UserError(`${place}: ${key === '' ? '' : `${key} `}${error.message}`, options);
  }
}

/** Keys that only gitleaks has, and rules in a list. */
function isGitleaks(data: unknown): boolean {
  if (typeof data !== 'object' || data === null) return false;
  return Object.entries(data).some(([key, value]) => {
    const name = key.toLowerCase();
    return (
      ['extend', 'allowlist', 'allowlists', 'title', 'minversion'].includes(name) ||
      (name === 'rules' && Array.isArray(value))
    );
  });
}
