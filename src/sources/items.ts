import { setImmediate } from 'node:timers/promises';
import { containerKind, HEAD_BYTES } from '../containers/sniff.ts';
import type { SourceItem } from '../types.ts';
import { type ReadBytes, readerOf, resumedReader } from '../util/byte-reader.ts';
import { milliseconds } from '../util/clock.ts';
import type { ReadLimits } from '../util/read-limits.ts';
import { addedCells } from './added-cells.ts';
import { type ChunkSource, chunkOf, chunksOf, PIECE_BYTES, wholeChunk } from './chunks.ts';

/** What a file or blob that is held as a whole has to be searched: its text, or that of what is inside it. */
export function itemsOfWhole(
  source: ChunkSource,
  bytes: Buffer,
  limits: ReadLimits,
): Iterable<SourceItem> | AsyncIterable<SourceItem> {
  if (containerKind(bytes, source.logicalPath) === undefined) return [{ chunk: wholeChunk(source, bytes) }];
  return opened(source, { whole: bytes, read: readerOf(bytes), limits });
}

/**
 * The same for a file, blob or stream of any size, which is read to its end; `size` is that of the whole when known. No
 * more than a piece of a text is held.
 */
export async function* itemsOfStream(
  source: ChunkSource,
  { read, size, limits }: { read: ReadBytes; size?: number; limits: ReadLimits },
): AsyncGenerator<SourceItem, void> {
  const head = await read(HEAD_BYTES);
  const resumed = resumedReader(head, read);
  if (containerKind(head, source.logicalPath) === undefined) {
    return yield* chunksOf(source, { read: resumed, ...(size === undefined ? {} : { size }) });
  }
  yield* opened(source, { read: resumed, limits });
  // The rest has to come out of the stream all the same.
  while ((await read(PIECE_BYTES)).length > 0);
}

async function* opened(
  source: ChunkSource,
  { whole, read, limits }: { whole?: Buffer; read: ReadBytes; limits: ReadLimits },
): AsyncGenerator<SourceItem, void> {
  const { openContainer } = await import('../containers/index.ts');
  const { origin, path, logicalPath, added } = source;
  // Of all containers only notebooks have lines; of one that is not held, all count.
  const isNotebook = whole && containerKind(whole, logicalPath) === 'notebook';
  const isNew = added && isNotebook ? addedCells(whole, added) : undefined;
  let rested = milliseconds();
  for await (const found of openContainer({ read, path: logicalPath, ...limits })) {
    // Much of the work is synchronous: signals and timers get their turn here.
    if (milliseconds() - rested > 20) {
      await setImmediate();
      rested = milliseconds();
    }
    const { member } = found;
    const suffix = member === '' ? '' : `!${member}`;
    const at = { path: path + suffix, logicalPath: logicalPath + suffix };
    if ('reason' in found) {
      yield { skipped: { path: at.path, reason: found.reason, kind: 'policy' } };
      continue;
    }
    // A container of which only its bytes can be had is a file like any other.
    const inside: ChunkSource = member === '' ? source : { origin, ...at, member };
    if ('bytes' in found) {
      if (found.bytes.length <= PIECE_BYTES) yield { chunk: wholeChunk(inside, found.bytes) };
      else yield* chunksOf(inside, { read: readerOf(found.bytes), size: found.bytes.length });
      continue;
    }
    const lines = isNew?.(found.text);
    if (lines?.length === 0) continue;
    const { text } = found;
    const decoded = { text, bytes: Buffer.byteLength(text), encoding: 'utf-8' as const, firstLine: 1 };
    yield { chunk: chunkOf(lines ? { ...inside, added: lines } : inside, decoded) };
  }
}
