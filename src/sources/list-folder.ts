import { existsSync, lstatSync, realpathSync } from 'node:fs';
import { relative, sep } from 'node:path';
import type { Skipped } from '../types.ts';
import { bytesOfPath, showPath, toBytePath } from '../util/byte-path.ts';
import { UserError } from '../util/errors.ts';
import { GitError, runGit } from '../util/git-process.ts';
import type { FileEntry } from './files.ts';
import { gitFailure, openRepository, pathNamer } from './repository.ts';
import { walk } from './walk.ts';

/** The files of a folder, and what in it is not looked at. */
export interface Listing {
  files: FileEntry[];
  skipped: Skipped[];
}

/** Lists what is to be scanned in a folder (a real path): by git's rules inside a repository, everything outside. */
export async function listFolder({ folder, cwd }: { folder: string; cwd: string }): Promise<Listing> {
  // The environment may name a repository (in hooks it does); it is the one around `cwd`.
  const foreign = relative(realpathSync.native(cwd), folder).split(sep)[0] === '..';
  const repository = await openRepository(folder, { foreign });
  if (!repository) return listEverything({ folder, cwd, root: folder });
  if (repository.bare) {
    throw new UserError(`there is no working tree in ${folder}`, { hint: 'scan the history: sss scan --history' });
  }
  const root = repository.root;
  const listing = await listByGit({ folder, cwd, root, foreign });
  if (listing.files.length > 0 || listing.skipped.length > 0) return listing;
  const args = ['check-ignore', '--quiet', '.'];
  const { code, stderr } = await runGit({ cwd: folder, args, foreign });
  // The root itself is outside of what can be ignored, which git calls an error.
  if (code > 1 && folder !== root) throw gitFailure(new GitError(args, { code, stderr }), folder);
  return code === 0 ? listEverything({ folder, cwd, root }) : listing;
}

interface Place {
  folder: string;
  cwd: string;
  /** What logical paths are relative to: the repository, or the folder that was named. */
  root: string;
}

async function listByGit({ folder, cwd, root, foreign }: Place & { foreign: boolean }): Promise<Listing> {
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const { code, stdout, stderr } = await runGit({ cwd: folder, args, foreign });
  if (code !== 0) throw gitFailure(new GitError(args, { code, stderr }), folder);
  const entryOf = entryMaker({ folder, cwd, root });
  const listing: Listing = { files: [], skipped: warnings(stderr, entryOf) };
  for (const path of new Set(stdout.toString('latin1').split('\0'))) {
    if (path === '') continue;
    const entry = entryOf(path.replace(/\/$/, ''));
    const kind = kindOf(entry.file);
    if (kind === 'folder') {
      const checkedOut = path.endsWith('/') || existsSync(bytesOfPath(`${entry.file}/.git`));
      const reason = checkedOut ? 'a repository of its own: name it to scan it' : 'submodule that is not checked out';
      listing.skipped.push({ path: entry.path, reason, kind: 'policy' });
    } else if (kind === 'file') listing.files.push(entry);
  }
  return listing;
}

/** `none`: deleted, or left out by a sparse checkout. What cannot be looked at is left to the reading to complain about. */
function kindOf(file: string): 'file' | 'folder' | 'none' {
  try {
    return lstatSync(bytesOfPath(file)).isDirectory() ? 'folder' : 'file';
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' || code === 'ENOTDIR' ? 'none' : 'file';
  }
}

/** git goes on without the folders that it cannot list, and only says so. */
function warnings(stderr: string, entryOf: (path: string) => FileEntry): Skipped[] {
  return [...stderr.matchAll(/^warning: could not open directory '(.*?)\/?': (.*)$/gm)].map(([, path, why]) => {
    return { path: entryOf(toBytePath(path!)).path, reason: `folder cannot be listed: ${why}`, kind: 'error' };
  });
}

async function listEverything({ folder, cwd, root }: Place): Promise<Listing> {
  const walked = await walk(folder);
  const entryOf = entryMaker({ folder, cwd, root });
  const listing: Listing = {
    files: walked.files.map(entryOf),
    skipped: walked.unreadable.map(({ path, code }) => {
      return { path: entryOf(path).path, reason: `folder cannot be listed (${code})`, kind: 'error' };
    }),
  };
  for (const path of walked.repositories) {
    const found = await listInner({ entry: entryOf(path), cwd });
    listing.files.push(...found.files);
    listing.skipped.push(...found.skipped);
  }
  return listing;
}

/** A folder with a `.git` below one that is in no repository. One with a `.git` that is none hides nothing. */
async function listInner({ entry, cwd }: { entry: FileEntry; cwd: string }): Promise<Listing> {
  const folder = showPath(entry.file);
  try {
    const repository = await openRepository(folder, { foreign: true });
    if (repository?.root === folder) return await listByGit({ folder, cwd, root: folder, foreign: true });
    return await listEverything({ folder, cwd, root: folder });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { files: [], skipped: [{ path: entry.path, reason: error.message, kind: 'error' }] };
  }
}

function entryMaker({ folder, cwd, root }: Place): (below: string) => FileEntry {
  const name = pathNamer({ root, cwd });
  const top = toBytePath(folder).replace(/[\\/]$/, '');
  const prefix = toBytePath(relative(realpathSync.native(root), folder).replaceAll(sep, '/'));
  return (below) => ({
    file: `${top}/${below}`,
    named: false,
    ...name(prefix === '' ? below : `${prefix}/${below}`),
  });
}
