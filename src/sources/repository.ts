import { existsSync, realpathSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { showPath } from '../util/byte-path.ts';
import { UserError } from '../util/errors.ts';
import { GitError, runGit } from '../util/git-process.ts';

/** The repository that a folder is in. */
export interface Repository {
  /** Top of the working tree; for a bare repository its git directory. */
  root: string;
  /** The git directory (of the worktree, where there are several). */
  gitDir: string;
  /** No working tree here: the repository is bare, or the folder lies inside the git directory. */
  bare: boolean;
  /** History ends early (`git clone --depth`). */
  shallow: boolean;
}

/**
 * Finds the repository of a folder with one run of git.
 *
 * @returns undefined when the folder is in none. Without git, too, where it looks like none.
 * @throws UserError when git is not installed, or distrusts the repository because another user owns it.
 */
export async function openRepository(
  cwd: string,
  { foreign = false }: { foreign?: boolean } = {},
): Promise<Repository | undefined> {
  // Last what may fail: a repository without a working tree answers everything before it.
  const args = ['rev-parse', '--absolute-git-dir', '--is-shallow-repository', '--show-toplevel'];
  const outcome = await runGit({ cwd, args, foreign }).catch((error) => withoutGit(error, cwd));
  if (!outcome) return undefined;
  const { code, stdout, stderr } = outcome;
  const answer = /^([\s\S]+?)\n(true|false)\n([\s\S]*)$/.exec(stdout.toString('utf8'));
  if (!answer) {
    const error = new GitError(args, { code, stderr });
    if (/not a git repository/i.test(stderr)) return undefined;
    throw gitFailure(error, cwd);
  }
  const gitDir = resolve(answer[1]!);
  const top = answer[3]!.replace(/\n$/, '');
  if (top === '' && !/must be run in a work tree/.test(stderr))
    throw gitFailure(new GitError(args, { code, stderr }), cwd);
  return { root: top === '' ? gitDir : resolve(top), gitDir, bare: top === '', shallow: answer[2] === 'true' };
}

/** Files can be scanned without git, unless git's rules would apply to them. */
function withoutGit(error: unknown, cwd: string): undefined {
  const isMissing = error instanceof UserError && (error.cause as NodeJS.ErrnoException | undefined)?.code === 'ENOENT';
  if (!isMissing || process.env.GIT_DIR || !existsSync(cwd) || gitAround(cwd)) throw error;
  return undefined;
}

function gitAround(folder: string): boolean {
  return existsSync(join(folder, '.git')) || (dirname(folder) !== folder && gitAround(dirname(folder)));
}

/** `openRepository` for a job that needs one. `workTree`: a bare repository will not do. */
export async function requireRepository(cwd: string, { workTree }: { workTree: boolean }): Promise<Repository> {
  const repository = await openRepository(cwd);
  if (!repository) {
    throw new UserError(`not a git repository: ${cwd}`, {
      hint: 'run it inside a repository, or scan files and folders by naming them: sss scan PATH',
    });
  }
  if (workTree && repository.bare) {
    throw new UserError(`this repository has no working tree: ${cwd}`, {
      hint: 'scan its history: sss scan --history',
    });
  }
  return repository;
}

/** Turns a failure of git into a `UserError` that says what can be done; every other error comes back as it is. */
export function gitFailure(error: unknown, cwd: string): unknown {
  if (!(error instanceof GitError)) return error;
  const owned = /dubious ownership in repository at '([\s\S]*?)'/.exec(error.stderr);
  if (owned) {
    return new UserError(`git does not trust the repository at ${owned[1]}: another user owns it`, {
      hint: `if you do: git config --global --add safe.directory '${owned[1]}'`,
      cause: error,
    });
  }
  if (/index file (?:corrupt|smaller than expected)|unknown index entry format/.test(error.stderr)) {
    return new UserError(error.message, {
      hint: 'make the index anew: remove the file `index` in the git directory, then `git reset` (files stay as they are)',
      cause: error,
    });
  }
  const partial = /promisor remote|lazy fetching|transport '\w+' not allowed/.test(error.stderr);
  const hint = partial
    ? 'objects are missing from this partial clone, and a scan fetches nothing: git fetch --refetch, without a filter'
    : `if the repository may be damaged, look at it with: git -C ${cwd} fsck`;
  return new UserError(error.message, { hint, cause: error });
}

/** How a path of a repository (or scanned folder) is shown. */
export interface ShownPath {
  /** Relative to the current directory, absolute outside it. */
  path: string;
  logicalPath: string;
}

/** Makes the function that names the files below `root` (byte paths relative to it, `/`-separated) for the user. */
export function pathNamer({ root, cwd }: { root: string; cwd: string }): (bytePath: string) => ShownPath {
  const here = slashes(relative(realPath(cwd), realPath(root)));
  const inside = slashes(relative(realPath(root), realPath(cwd)));
  const below = here === '' || !(here === '..' || here.startsWith('../') || resolve(here) === here);
  const within = inside !== '..' && !inside.startsWith('../') && resolve(inside) !== inside;
  const top = slashes(root).replace(/\/$/, '');
  return (bytePath) => {
    const logicalPath = showPath(bytePath);
    if (below) return { path: here === '' ? logicalPath : `${here}/${logicalPath}`, logicalPath };
    if (within && logicalPath.startsWith(`${inside}/`))
      return { path: logicalPath.slice(inside.length + 1), logicalPath };
    return { path: `${top}/${logicalPath}`, logicalPath };
  };
}

function realPath(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    return resolve(path);
  }
}

function slashes(path: string): string {
  return sep === '\\' ? path.replaceAll('\\', '/') : path;
}
