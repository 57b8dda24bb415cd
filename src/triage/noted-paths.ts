import type { ScanMemory } from '../cache/memory.ts';
import { noTexts } from '../inspect/tally.ts';
import type { Reading, ReadMemory } from '../types.ts';

/** Where a scan has found something, as its source calls the files. */
export interface NotedPaths {
  /** For the scan: takes note, and lets `inner` remember. */
  memory: ScanMemory;
  /** For a second look: gives way to nothing but the files that were noted. */
  only: ReadMemory;
}

/** Makes a memory for a scan, and one that has only what that scan found something in read again. */
export function notedPaths(inner: ScanMemory | undefined): NotedPaths {
  const noted = new Set<string>();
  return {
    memory: {
      get known() {
        return inner?.known ?? noTexts();
      },
      get device() {
        return inner?.device;
      },
      file: (file) => (inner ? inner.file(file) : passing()),
      object: (object) => (inner ? inner.object(object) : passing()),
      inspected(chunk, inspected) {
        inner?.inspected(chunk, inspected);
        if (inspected.found.length > 0) for (const path of containersOf(chunk.path)) noted.add(path);
      },
    },
    only: {
      file: ({ path }) => (noted.has(path) ? passing() : undefined),
      object: () => undefined,
    },
  };
}

/** `a.zip!b.tar!c`, `a.zip!b.tar`, `a.zip`: a name may have a `!` of its own. */
function containersOf(path: string): string[] {
  const paths = [path];
  for (let at = path.indexOf('!'); at >= 0; at = path.indexOf('!', at + 1)) paths.push(path.slice(0, at));
  return paths;
}

function passing(): Reading {
  return { isKnown: () => false, follow: (items) => items };
}
