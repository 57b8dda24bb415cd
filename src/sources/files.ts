import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readlinkSync,
  readSync,
  type Stats,
  statSync,
} from 'node:fs';
import type { Reading, SourceItem } from '../types.ts';
import { bytesOfPath } from '../util/byte-path.ts';
import type { ReadLimits } from '../util/read-limits.ts';
import { PIECE_BYTES, tooLarge, wholeChunk } from './chunks.ts';
import { itemsOfStream, itemsOfWhole } from './items.ts';
import type { ShownPath } from './repository.ts';

/** A file to read. */
export interface FileEntry extends ShownPath {
  /** Absolute byte path. */
  file: string;
  /** The user named it: a symbolic link is followed, and what cannot be read is an error. */
  named: boolean;
}

// A file may be replaced by a link or a pipe between the look at it and its opening; opening a pipe would wait for ever.
const OPEN = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);
const OPEN_NO_LINK = OPEN | (constants.O_NOFOLLOW ?? 0);

/**
 * Reads one file of the working tree. Of a symbolic link the target is the text, as it is for git; pipes, sockets and
 * devices are never opened. Reads are synchronous: on warm caches that takes a fifth of the time of asynchronous ones.
 * @param isKnown whether what was read needs no search
 */
export async function* readFileItems(
  entry: FileEntry,
  limits: ReadLimits,
  isKnown: Reading['isKnown'] = () => false,
): AsyncGenerator<SourceItem, void> {
  const { path, logicalPath, named } = entry;
  const file = bytesOfPath(entry.file);
  const source = { origin: { kind: 'file' as const }, path, logicalPath };
  let handle: number | undefined;
  try {
    const seen = named ? statSync(file) : lstatSync(file);
    if (seen.isSymbolicLink()) {
      const target = readlinkSync(file, 'buffer');
      if (!isKnown(target)) yield { chunk: wholeChunk(source, target) };
      return;
    }
    const kind = unusualKind(seen);
    if (kind) {
      yield { skipped: { path, reason: kind, kind: named ? 'error' : 'policy' } };
      return;
    }
    handle = openSync(file, named ? OPEN : OPEN_NO_LINK);
    const stats = fstatSync(handle);
    const reason = unusualKind(stats) ?? tooLarge(stats.size, limits.maxFileSize);
    if (reason) yield { skipped: { path, reason, kind: 'policy' } };
    else if (stats.size <= PIECE_BYTES) {
      const bytes = readWhole(handle, stats.size);
      if (!isKnown(bytes)) yield* itemsOfWhole(source, bytes, limits);
    } else {
      const read = async (length: number) => readUpTo(handle!, length);
      yield* itemsOfStream(source, { read, size: stats.size, limits });
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    // Listed by git but deleted: there is nothing to scan.
    if (handle === undefined && !named && (code === 'ENOENT' || code === 'ENOTDIR')) return;
    yield { skipped: { path, reason: REASONS[code] ?? `cannot be read (${code})`, kind: 'error' } };
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}

const REASONS: Record<string, string> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  ENOENT: 'vanished while it was about to be read',
  ELOOP: 'became a symbolic link while it was about to be read',
};

function unusualKind(stats: Stats): string | undefined {
  if (stats.isFile()) return undefined;
  if (stats.isDirectory()) return 'a folder where a file was expected';
  if (stats.isFIFO()) return 'a named pipe (scan what it delivers with --stdin)';
  return stats.isSocket() ? 'a socket' : 'a device';
}

/** Reads to the end, wherever that is: a file may grow, and those of /proc claim to be empty. */
function readWhole(handle: number, size: number): Buffer {
  const first = readUpTo(handle, size + 1);
  if (first.length <= size) return first;
  const parts = [first];
  for (let part = readUpTo(handle, 65536); part.length > 0; part = readUpTo(handle, 65536)) parts.push(part);
  return Buffer.concat(parts);
}

function readUpTo(handle: number, length: number): Buffer {
  const buffer = Buffer.allocUnsafe(length);
  let filled = 0;
  while (filled < length) {
    const count = readSync(handle, buffer, filled, length - filled, null);
    if (count === 0) break;
    filled += count;
  }
  return buffer.subarray(0, filled);
}
