import { type Dirent, lstat, readdir, stat } from 'node:fs';
import { bytesOfPath, toBytePath } from '../util/byte-path.ts';

/** What is below a folder. Paths are byte paths relative to it. */
export interface Walked {
  /** Files and whatever else is no folder, in no particular order. */
  files: string[];
  /** Folders that hold a repository of their own; they are not entered. */
  repositories: string[];
  unreadable: { path: string; code: string }[];
}

type Callback<T> = (error: NodeJS.ErrnoException | null, value: T) => void;

/**
 * Lists everything below a folder, hidden files included. Symbolic links are listed, never followed; `.git` is left
 * out.
 *
 * fast-glob works with names that are text without line feeds. Names are bytes, so it is given a file system in which
 * unusual bytes stand as private characters, and which remembers the folders that cannot be listed.
 */
export async function walk(folder: string): Promise<Walked> {
  const { default: glob } = await import('fast-glob');
  const walked: Walked = { files: [], repositories: [], unreadable: [] };
  const relativeOf = (path: string) => encoded.decode(path.slice(folder.length).replace(/^[\\/]+/, ''));
  const bytesOf = (path: string) => {
    const below = relativeOf(path);
    return bytesOfPath(below === '' ? toBytePath(folder) : `${toBytePath(folder).replace(/[\\/]$/, '')}/${below}`);
  };
  const fs = {
    lstat: (path: string, done: Callback<unknown>) => lstat(bytesOf(path), done),
    stat: (path: string, done: Callback<unknown>) => stat(bytesOf(path), done),
    readdir(path: string, _options: unknown, done: Callback<Dirent[]>) {
      readdir(bytesOf(path), { withFileTypes: true, encoding: 'buffer' }, (error, entries) => {
        const here = relativeOf(path);
        if (error) {
          walked.unreadable.push({ path: here, code: error.code ?? error.message });
          return done(null, []);
        }
        const named = (entries as unknown as Dirent<Buffer>[]).map(encoded.entry);
        if (here !== '' && named.some(({ name }) => name === '.git')) {
          walked.repositories.push(here);
          return done(null, []);
        }
        done(
          null,
          named.filter(({ name }) => name !== '.git'),
        );
      });
    },
  };
  const stream = glob.stream('**', {
    ...{ cwd: folder, dot: true, onlyFiles: false, followSymbolicLinks: false, objectMode: true, fs: fs as never },
  });
  for await (const found of stream) {
    const { path, dirent } = found as unknown as { path: string; dirent: Dirent };
    if (!dirent.isDirectory()) walked.files.push(encoded.decode(path));
  }
  return walked;
}

const PRIVATE = 0xe000;

const encoded = {
  decode: (text: string) =>
    text.replace(/[\ue000-\ue0ff]/g, (character) => String.fromCharCode(character.charCodeAt(0) - PRIVATE)),
  entry(entry: Dirent<Buffer>): Dirent {
    const name = entry.name
      .toString('latin1')
      .replace(/[^ -~]|\\/g, (byte) => String.fromCharCode(PRIVATE + byte.charCodeAt(0)));
    return Object.assign(Object.create(Object.getPrototypeOf(entry)), entry, { name });
  },
};
