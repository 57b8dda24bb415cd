import { basename, dirname } from 'node:path';
import type { Config } from '../types.ts';
import { UserError } from '../util/errors.ts';
import type { LoadOptions } from './index.ts';
import { type ParsedFile, parseConfig, readText } from './read-file.ts';
import { ConfigProblem, type KeyPath, showPath } from './validate.ts';

const PACKAGE_KEY = 'smart-secrets-scanner';

/**
 * Reads one configuration file.
 *
 * @param input.kind whose form it has; `any` finds out from the content
 * @throws UserError
 */
export async function readConfigFile(input: {
  path: string;
  cwd: string;
  kind: 'own' | 'gitleaks' | 'any';
  show: (path: string) => string;
  ruleIds: LoadOptions['ruleIds'];
  defaults: Config;
}): Promise<Config> {
  const { path, show, ruleIds, defaults } = input;
  const shown = show(path);
  const text = await readText(path, shown);
  const isPackage = basename(path) === 'package.json';
  const file: ParsedFile & { prefix?: KeyPath } = await (isPackage ? packagePart : parseConfig)(text, shown);
  const knownIds = await ruleIds?.();
  if (input.kind === 'gitleaks' || (input.kind === 'any' && !file.prefix && isGitleaks(file.data))) {
    const { readGitleaksConfig } = await import('./gitleaks.ts');
    return readGitleaksConfig({ path, cwd: input.cwd, file, show, knownIds, defaults });
  }
  const { readOwnConfig } = await import('./own-config.ts');
  return explained({ shown, ...file }, () =>
    readOwnConfig({ data: file.data, defaults, shown, folder: dirname(path), knownIds }),
  );
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
