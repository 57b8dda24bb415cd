import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** What the manifest keeps of a file or folder. `null` stands for one that is not there. */
export interface Facts {
  readonly sha256: string;
  readonly bytes: number;
}

/** SHA-256 of a text, in hex. */
export function hashText(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Hash and size of a file. */
export async function hashFile(path: string): Promise<Facts> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    hash.update(chunk as Buffer);
    bytes += (chunk as Buffer).length;
  }
  return { sha256: hash.digest('hex'), bytes };
}

/**
 * Hash and size of a file or of everything in a folder.
 * @param options.listing take names and sizes for a folder's contents: for big folders that nobody edits
 * @returns null when there is nothing at `path`
 */
export async function hashPlace(path: string, options: { listing?: boolean } = {}): Promise<Facts | null> {
  const stats = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw error;
  });
  if (!stats) return null;
  if (!stats.isDirectory()) return hashFile(path);
  const hash = createHash('sha256');
  let bytes = 0;
  for (const name of await filesOf(path)) {
    const file = join(path, name);
    const facts = options.listing ? { sha256: '', bytes: (await stat(file)).size } : await hashFile(file);
    hash.update(`${name}\0${facts.sha256}\0${facts.bytes}\n`);
    bytes += facts.bytes;
  }
  return { sha256: hash.digest('hex'), bytes };
}

/** The files below a folder, `/`-separated and sorted by code units. */
export async function filesOf(folder: string): Promise<string[]> {
  const found: string[] = [];
  const walk = async (prefix: string): Promise<void> => {
    for (const entry of await readdir(join(folder, prefix), { withFileTypes: true })) {
      const name = prefix === '' ? entry.name : `${prefix}/${entry.name}`;
      if (entry.isDirectory()) {
        if (entry.name !== '__pycache__') await walk(name);
      } else if (entry.isFile() || (entry.isSymbolicLink() && (await isFile(join(folder, name))))) found.push(name);
    }
  };
  await walk('');
  return found.sort((a, b) => (a < b ? -1 : 1));
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() ?? false;
}

/** JSON with sorted keys: equal values have equal texts. */
export function stableJson(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
