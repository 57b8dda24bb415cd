import { existsSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { ReadMemory, ScanSource, Skipped, SourceItem } from '../types.ts';
import { compareBytePaths, toBytePath } from '../util/byte-path.ts';
import { milliseconds } from '../util/clock.ts';
import { UserError } from '../util/errors.ts';
import type { ReadLimits } from '../util/read-limits.ts';
import { tuneV8 } from '../util/tune-v8.ts';
import { type FileEntry, readFileItems } from './files.ts';
import { listFolder } from './list-folder.ts';
import { pathNamer } from './repository.ts';

/**
 * Files and folders as they are on disk; without paths, the current directory.
 *
 * - A folder inside git: its tracked files, and the untracked ones that are not ignored. Submodules and repositories
 *   inside it are other repositories: they are reported as skipped, and scanned when they are named.
 * - A folder outside git, or one that git ignores: everything, hidden files too. Repositories found in there are listed
 *   like any repository.
 * - A file that is named is always scanned, ignored or not.
 *
 * Items come sorted by the bytes of their absolute paths, each file once.
 *
 * @throws UserError when a path does not exist.
 */
export async function createWorktreeSource(
  input: ReadLimits & {
    cwd: string;
    paths: readonly string[];
    exclude?: ((file: Pick<FileEntry, 'path' | 'logicalPath'>) => boolean | Promise<boolean>) | undefined;
    memory?: ReadMemory | undefined;
  },
): Promise<ScanSource> {
  tuneV8({ mayWaste: true });
  const { cwd, paths, exclude, memory, ...limits } = input;
  const files = new Map<string, FileEntry>();
  const skipped: Skipped[] = [];
  // Folders first: a file that is named as well keeps the privileges of its name.
  const targets = (paths.length === 0 ? ['.'] : paths).map((path) => target(cwd, path));
  for (const { path, isFolder } of targets) {
    if (!isFolder) continue;
    const listed = await listFolder({ folder: path, cwd });
    for (const entry of listed.files) {
      if (await exclude?.(entry))
        skipped.push({ path: entry.path, reason: 'excluded by the configuration', kind: 'policy' });
      else files.set(entry.file, entry);
    }
    skipped.push(...listed.skipped);
  }
  for (const { path, isFolder } of targets) if (!isFolder) files.set(toBytePath(path), namedFile(path, cwd));
  const sorted = [...files.values()].sort((a, b) => compareBytePaths(a.file, b.file));
  return {
    description:
      paths.length === 0
        ? 'working tree of .'
        : `working tree of ${paths.slice(0, 3).join(', ')}${paths.length > 3 ? ', …' : ''}`,
    total: sorted.length + skipped.length,
    async *items(signal?: AbortSignal): AsyncGenerator<SourceItem, void> {
      for (const one of skipped) yield { skipped: one };
      let rested = milliseconds();
      for (const entry of sorted) {
        // Reads are synchronous: signals and timers get their turn here.
        if (milliseconds() - rested > 20) {
          await setImmediate();
          rested = milliseconds();
        }
        signal?.throwIfAborted();
        const reading = memory?.file(entry);
        if (reading) yield* reading.follow(readFileItems(entry, limits, reading.isKnown));
        else if (!memory) yield* readFileItems(entry, limits);
      }
    },
  };
}

function target(cwd: string, path: string): { path: string; isFolder: boolean } {
  if (path === '') throw new UserError('a path to scan is empty', { hint: 'is a variable of your script unset?' });
  const absolute = resolve(cwd, path);
  try {
    const isFolder = statSync(absolute).isDirectory();
    return { path: isFolder ? realpathSync.native(absolute) : absolute, isFolder };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR')
      throw new UserError(`no such file or folder: ${path}`, { cause: error });
    throw new UserError(`cannot look at ${path} (${code})`, { cause: error });
  }
}

/** A file that was named. Its root is that of the repository around it, else the current directory, else its folder. */
function namedFile(path: string, cwd: string): FileEntry {
  const folder = realpathSync.native(dirname(path));
  const outside = relative(realpathSync.native(cwd), folder).split(sep)[0] === '..';
  const root = repositoryAround(folder) ?? (outside ? folder : cwd);
  const below = relative(realpathSync.native(root), join(folder, basename(path))).replaceAll(sep, '/');
  return { file: toBytePath(path), named: true, ...pathNamer({ root, cwd })(toBytePath(below)) };
}

/** The nearest folder upwards with a `.git`: good enough for a name, and a hook may pass hundreds of files. */
function repositoryAround(folder: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return at;
    if (dirname(at) === at) return undefined;
  }
}
