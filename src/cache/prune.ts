import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { MOST_BYTES, readRoot } from './file.ts';

const OURS = /^[0-9a-f]{32}-[a-z]+\.sss(\.\d+\.[0-9a-f]{8}\.tmp)?$/;
/** A file that was not finished for so long never will be. */
const UNFINISHED_MS = 3_600_000;
/** What was not written for so long is of no use: a file that is used is written every day. */
const UNUSED_MS = 60 * 86_400_000;

/** The files of the cache in a folder, unfinished ones included. */
export function cacheFiles(folder: string): string[] {
  return readdirSync(folder).filter((name) => OURS.test(name));
}

/** Removes what a killed scan has left, what is about folders that are gone, what is unused, and the oldest beyond 200 MB. */
export function prune(folder: string, { now = Date.now() }: { now?: number } = {}): void {
  const files = cacheFiles(folder).flatMap((name) => {
    const path = join(folder, name);
    const stats = statSync(path, { throwIfNoEntry: false });
    return stats ? [{ path, isUnfinished: name.endsWith('.tmp'), size: stats.size, age: now - stats.mtimeMs }] : [];
  });
  let total = 0;
  for (const { path, isUnfinished, size, age } of files.sort((a, b) => a.age - b.age)) {
    total += size;
    if (isUnfinished ? age > UNFINISHED_MS : age > UNUSED_MS || total > MOST_BYTES || isGone(path)) {
      rmSync(path, { force: true });
      total -= size;
    }
  }
}

function isGone(path: string): boolean {
  const root = readRoot(path);
  return root === undefined || !existsSync(root);
}
