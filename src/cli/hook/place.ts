import { existsSync, realpathSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { openRepository } from '../../sources/repository.ts';
import { UserError } from '../../util/errors.ts';
import { packageFolder } from '../../util/package-folder.ts';
import type { ScannerPlaces } from './text.ts';

export type HookManager = 'git' | 'husky';

/** Where the hooks of a repository live, and who starts them. */
export interface HookPlace {
  manager: HookManager;
  /** Top of the working tree, real path. */
  top: string;
  /** Folder that hook files are written to: the one git reads, or with husky the one above it. Absolute. */
  folder: string;
  /** Whether git will start what is in `folder` (husky's own scripts may not be set up in this clone). */
  active: boolean;
  /** Whether hook files are part of the working tree, and so of commits. */
  committed: boolean;
  /** core.hooksPath points at the `hooks` folder of the scanner's own package: nothing is to be written. */
  ready: boolean;
}

/**
 * Finds where git looks for the hooks of the repository that `cwd` is in: core.hooksPath, the common folder of linked
 * worktrees, husky.
 * @throws UserError outside a repository, in a bare one, and where hooks are shared with other repositories.
 */
export async function findHookPlace(cwd: string, manager: HookManager | 'auto' = 'auto'): Promise<HookPlace> {
  const top = realpathSync(await topOf(cwd));
  const read = resolve(top, await revisionPath(top, ['--git-path', 'hooks']));
  const common = realpathSync(resolve(top, await revisionPath(top, ['--git-common-dir'])));
  const huskyRuns = basename(read) === '_' && (basename(dirname(read)) === '.husky' || existsSync(join(read, 'h')));
  const huskyIsHere = huskyRuns || (existsSync(join(top, '.husky')) && inside(common, read));
  if (manager === 'husky' && !huskyIsHere) {
    throw new UserError('husky is not set up in this repository', {
      hint: 'run `npx husky init` first, or leave out --manager',
    });
  }
  if (manager === 'git' && huskyRuns) {
    throw new UserError(
      `husky writes the hooks of this repository anew whenever it is installed (${shown(top, read)})`,
      {
        hint: 'use --manager husky, or turn husky off first: git config --unset core.hooksPath',
      },
    );
  }
  const husky = manager === 'husky' || (manager === 'auto' && huskyIsHere);
  const folder = husky ? (huskyRuns ? dirname(read) : join(top, '.husky')) : read;
  const real = realParent(folder);
  const ready = real === join(realpathSync(packageFolder()), 'hooks');
  if (!ready && !inside(top, real) && !inside(common, real)) throw await outside(top, folder);
  return {
    manager: husky ? 'husky' : 'git',
    top,
    folder,
    active: !husky || huskyRuns,
    committed: !inside(common, real),
    ready,
  };
}

/** Where a hook of this repository will find the scanner that is running now. */
export function scannerPlaces({ place, cwd }: { place: HookPlace; cwd: string }): ScannerPlaces {
  let home = 'node_modules/smart-secrets-scanner';
  for (let at = realpathSync(cwd); inside(place.top, at); at = dirname(at)) {
    const candidate = join(at, 'node_modules', 'smart-secrets-scanner');
    if (!existsSync(candidate)) continue;
    home = relative(place.top, candidate).split(sep).join('/');
    break;
  }
  if (place.committed) return { home };
  const script = join(packageFolder(), 'bin', 'smart-secrets-scanner.js');
  return { home, installed: { node: process.execPath, script } };
}

/** `path` as a user at the top of the repository would write it. */
export function shown(top: string, path: string): string {
  return inside(top, path) ? relative(top, path) || '.' : path;
}

async function topOf(cwd: string): Promise<string> {
  const repository = await openRepository(cwd);
  if (!repository) {
    throw new UserError('this is not a git repository', { hint: 'run it inside one, or make one with `git init`' });
  }
  if (repository.bare) {
    throw new UserError('there is no working tree here', { hint: 'install the hook in a clone that has one' });
  }
  return repository.root;
}

async function outside(top: string, folder: string): Promise<UserError> {
  const { value, paths } = await (await porcelain(top)).getConfig('core.hooksPath');
  const setting = value === null ? '' : ` (${paths.at(-1)} says core.hooksPath=${value})`;
  return new UserError(`git takes the hooks of this repository from outside of it: ${folder}${setting}`, {
    hint:
      'give this repository hooks of its own (git config --local core.hooksPath .git/hooks), ' +
      'or add a line to the shared hook yourself: smart-secrets-scanner hook run pre-commit',
  });
}

/** Real path of a folder that may not be there yet. */
function realParent(folder: string): string {
  if (existsSync(folder)) return realpathSync(folder);
  const parent = dirname(folder);
  return parent === folder ? folder : join(realParent(parent), basename(folder));
}

function inside(top: string, path: string): boolean {
  return path === top || path.startsWith(top.endsWith(sep) ? top : top + sep);
}

/** git for people's commands: the hook management needs no streams and no exact bytes. */
async function porcelain(top: string) {
  const { simpleGit } = await import('simple-git');
  // Otherwise the repository that the environment names would be forgotten, and another one's hooks written to.
  return simpleGit({ baseDir: top, trimmed: true, allowEnvironment: ['GIT_DIR', 'GIT_WORK_TREE', 'GIT_COMMON_DIR'] });
}

/** A path that `git rev-parse` tells. */
async function revisionPath(top: string, args: string[]): Promise<string> {
  try {
    return await (await porcelain(top)).revparse(args);
  } catch (error) {
    const said = error instanceof Error ? error.message.trim() : String(error);
    throw new UserError(`git rev-parse ${args.join(' ')} failed: ${said}`, { cause: error });
  }
}
