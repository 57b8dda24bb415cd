import { existsSync, statSync } from 'node:fs';
import { basename, dirname, extname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { UserError } from '../util/errors.ts';
import { findOwn, NAME, namesIn, realPath } from './find.ts';
import { FORMATS } from './read-file.ts';
import { ConfigProblem, type KeyPath } from './validate.ts';

/** So many files may stand behind one configuration. */
const MOST_FILES = 20;
const PACKAGE_NAME = /^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/;

/** The files that are being read, from the one that was found to the one at hand, and those that have been. */
export interface Chain {
  open: readonly string[];
  taken: Set<string>;
}

/**
 * The file that an entry of `extends` names: a path relative to `from`, or a package in a `node_modules` above it.
 *
 * @param input.from the file that it stands in
 * @param input.root no package is looked for above this folder
 * @throws ConfigProblem, UserError
 */
export async function baseOf(input: {
  name: string;
  from: string;
  root: string;
  at: KeyPath;
  show: (path: string) => string;
}): Promise<string> {
  const { name, from, at, show } = input;
  if (/^[a-z][a-z0-9+.-]+:/i.test(name) && !isAbsolute(name)) {
    throw new ConfigProblem(
      at,
      'must be a path or the name of an npm package',
      'Nothing is fetched: install a package.',
    );
  }
  const path = resolve(dirname(from), name);
  const isPath = /^\.\.?(?:[\\/]|$)/.test(name) || isAbsolute(name);
  const isFile = FORMATS.includes(extname(name).toLowerCase());
  if (isPath || (existsSync(path) && (isFile || !PACKAGE_NAME.test(name)))) return fileAt({ path, at, name, show });
  const [, packageName, inside] = /^((?:@[^/]+\/)?[^/]+)\/?(.*)$/s.exec(name) ?? [];
  if (packageName === undefined || !PACKAGE_NAME.test(packageName)) throw missing({ name, at, looked: show(path) });
  const folders = packagePlaces(input);
  const found = folders.map((folder) => join(folder, packageName)).find((folder) => existsSync(folder));
  if (!found) {
    const looked = [...(isFile ? [show(path)] : []), ...folders.map((folder) => show(join(folder, packageName)))];
    throw missing({ name, at, looked: looked.slice(0, 3).join(', '), packageName });
  }
  return fileAt({ path: join(found, inside ?? ''), at, name, show });
}

/** @throws UserError when a file extends itself, or too many stand behind one another */
export function enter(chain: Chain, path: string, show: (path: string) => string): Chain {
  const real = realPath(path);
  const start = chain.open.indexOf(real);
  if (start >= 0) {
    const circle = [...chain.open.slice(start), real].map(show).join(' → ');
    throw new UserError(`the configuration extends itself: ${circle}`, {
      hint: 'Take one of these names out of extends.',
    });
  }
  chain.taken.add(real);
  if (chain.taken.size > MOST_FILES) {
    throw new UserError(`${show(path)}: more than ${MOST_FILES} files extend one another`);
  }
  return { open: [...chain.open, real], taken: chain.taken };
}

/** Whether a file was read in this chain already, and is done with: no need to read it again. */
export function isTaken({ open, taken }: Chain, path: string): boolean {
  const real = realPath(path);
  return taken.has(real) && !open.includes(real);
}

/** The configuration of a folder, or the file itself. */
async function fileAt(input: {
  path: string;
  name: string;
  at: KeyPath;
  show: (path: string) => string;
}): Promise<string> {
  const { path, name, at, show } = input;
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats) throw missing({ name, at, looked: show(path) });
  if (!stats.isDirectory()) {
    if (FORMATS.includes(extname(path).toLowerCase())) return path;
    throw new ConfigProblem(
      at,
      `names ${show(path)}, which is no TOML, YAML or JSON`,
      'A configuration is data: no code is run for it.',
    );
  }
  const found = await findOwn({ folder: path, names: namesIn(path, show), show, isPackage: true });
  if (found) return found;
  throw new ConfigProblem(
    at,
    `names ${show(path)}, which has no configuration in it`,
    `It needs a ${NAME}.toml (.yaml, .json), or the key "${NAME}" in its package.json.`,
  );
}

function missing(input: { name: string; at: KeyPath; looked: string; packageName?: string }): ConfigProblem {
  const { name, at, looked, packageName } = input;
  const hint =
    packageName === undefined
      ? 'Paths are relative to the file that names them.'
      : `Install it (npm install --save-dev ${packageName}), or write a path: ./${name}`;
  return new ConfigProblem(at, `names what is not there: ${looked}`, hint);
}

/** Every `node_modules` from the folder of a file up to the root; what a package extends is looked for beside it, too. */
function packagePlaces({ from, root }: { from: string; root: string }): string[] {
  const top = realPath(root);
  const places: string[] = [];
  const start = dirname(realPath(from));
  const inside = isInside(top, start);
  for (let at = start; ; at = dirname(at)) {
    if (basename(at) !== 'node_modules') places.push(join(at, 'node_modules'));
    const isLast = inside ? at === top : !dirname(at).split(sep).includes('node_modules');
    if (isLast || dirname(at) === at) break;
  }
  return [...new Set([...places, join(top, 'node_modules')])];
}

function isInside(top: string, path: string): boolean {
  const way = relative(top, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
