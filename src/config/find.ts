import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { UserError } from '../util/errors.ts';

/** Key of `package.json`, and what our own files are called. */
export const NAME = 'smart-secrets-scanner';
const ENDINGS = ['toml', 'yaml', 'yml', 'json'];
export const OWN_FILES = ENDINGS.map((extension) => `.${NAME}.${extension}`);
/** In a package they need not be hidden. */
const PACKAGE_FILES = [...OWN_FILES, ...ENDINGS.map((extension) => `${NAME}.${extension}`)];
/** In the order of preference: gitleaks itself looks for the first. */
export const GITLEAKS_FILES = ['.gitleaks.toml', 'gitleaks.toml'];

/**
 * The configuration of a folder in our own form: one of our files, or `package.json` when it has our key.
 *
 * @param input.isPackage the folder is there to be extended
 * @throws UserError when there are several
 */
export async function findOwn(input: {
  folder: string;
  names: ReadonlySet<string>;
  show: (path: string) => string;
  isPackage?: boolean;
}): Promise<string | undefined> {
  const { folder, names, show, isPackage = false } = input;
  const own = (isPackage ? PACKAGE_FILES : OWN_FILES).filter((name) => names.has(name));
  if (names.has('package.json') && (await packageHasKey(join(folder, 'package.json'), show))) own.push('package.json');
  return onlyOne(
    own.map((name) => join(folder, name)),
    show,
  );
}

/** @throws UserError when there are several */
export function onlyOne(paths: readonly string[], show: (path: string) => string): string | undefined {
  if (paths.length <= 1) return paths[0];
  throw new UserError(`there is more than one configuration: ${paths.map(show).join(' and ')}`, {
    hint: 'Keep one of them, or name the one to use with --config.',
  });
}

/** @throws UserError when the folder cannot be listed */
export function namesIn(folder: string, show: (path: string) => string): Set<string> {
  try {
    return new Set(readdirSync(folder));
  } catch (error) {
    throw new UserError(`cannot list the directory ${show(folder)}: ${(error as NodeJS.ErrnoException).code}`, {
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

/** The path without links; as it is where nothing is there. */
export function realPath(path: string): string {
  return existsSync(path) ? realpathSync.native(path) : resolve(path);
}
