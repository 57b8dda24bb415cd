import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Facts, filesOf, hashFile } from './hash.ts';

/** Hash and size of every source file of the bundle, by path: put in by the build. */
declare const __SSS_SOURCES__: Readonly<Record<string, readonly [sha256: string, bytes: number]>> | undefined;

/**
 * Hashes of the code that a step depends on. What TypeScript was bundled is known from the build; Python and
 * configuration files are read where they lie, and so are the sources when there is no bundle (tests).
 * @param code files, or folders with a `/` at the end, relative to `root`; absolute files are possible
 */
export async function codeFacts(root: string, code: readonly string[]): Promise<Record<string, Facts>> {
  const bundled = typeof __SSS_SOURCES__ === 'object' ? __SSS_SOURCES__ : undefined;
  const found: Record<string, Facts> = {};
  for (const entry of code) {
    const built = Object.entries(bundled ?? {}).filter(([path]) => path === entry || isBelow(path, entry));
    for (const [path, [sha256, bytes]] of built) found[path] = { sha256, bytes };
    if (built.length > 0) continue;
    const path = entry.startsWith('/') ? entry : join(root, entry);
    if (!existsSync(path)) continue;
    const files = entry.endsWith('/') ? (await filesOf(path)).map((name) => `${entry}${name}`) : [entry];
    for (const file of files) found[file] = await hashFile(file.startsWith('/') ? file : join(root, file));
  }
  return Object.fromEntries(Object.entries(found).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function isBelow(path: string, folder: string): boolean {
  return folder.endsWith('/') && path.startsWith(folder);
}
