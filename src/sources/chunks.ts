import type { LineRanges, Origin, SourceItem, TextChunk } from '../types.ts';
import type { ReadBytes } from '../util/byte-reader.ts';
import { formatBytes } from '../util/format.ts';
import { decode, decodeAs } from './decode.ts';
import { isWide, sniffWide, unitWidth, type Wide } from './decode-wide.ts';

/** Files and blobs up to this many bytes are one chunk; larger ones come in pieces of this size. */
export const PIECE_BYTES = 16 * 1024 * 1024;
/** How much of a piece the next one repeats, so that nothing is cut in two. */
export const OVERLAP_BYTES = 64 * 1024;

/** What all chunks of one file or blob have in common. */
export interface ChunkSource {
  origin: Origin;
  path: string;
  logicalPath: string;
  /** Path inside the container that it was found in. */
  member?: string;
  /** Lines that count, as git numbers them; absent: every line. */
  added?: LineRanges | undefined;
}

/** The chunk of a file or blob that is held as a whole. */
export function wholeChunk(source: ChunkSource, bytes: Buffer): TextChunk {
  const { text, encoding } = decode(bytes);
  return chunkOf(source, { text, encoding, bytes: bytes.length, firstLine: 1 });
}

/** Why a file or blob of `bytes` bytes is left out, or undefined when it may be read. 0: no limit. */
export function tooLarge(bytes: number, maxFileSize: number): string | undefined {
  return maxFileSize > 0 && bytes > maxFileSize
    ? `larger than the limit of ${formatBytes(maxFileSize)} (max-file-size)`
    : undefined;
}

/**
 * The chunks of a file, blob or stream of any size, with no more than one piece in memory. Pieces end at line ends
 * where there are any; a piece repeats the last 64 KiB of the one before.
 *
 * @param input.size bytes of the whole when known; else a chunk tells how many were read so far.
 */
export async function* chunksOf(
  source: ChunkSource,
  { read, size }: { read: ReadBytes; size?: number },
): AsyncGenerator<SourceItem, void> {
  let kept: Buffer = Buffer.alloc(0);
  let unseen = 0;
  let bytes = 0;
  let firstLine = 1;
  let wide: Wide | undefined;
  for (;;) {
    const wanted = PIECE_BYTES - kept.length;
    const fresh = await read(wanted);
    const last = fresh.length < wanted;
    if (last && bytes > 0 && fresh.length + unseen === 0) return;
    const piece = kept.length === 0 ? fresh : Buffer.concat([kept, fresh]);
    if (bytes === 0) wide = sniffWide(piece);
    bytes += fresh.length;
    const { end, next } = last ? { end: piece.length, next: piece.length } : cut(piece, wide);
    const body = piece.subarray(0, end);
    const { text, encoding } = wide ? decodeAs(body, wide) : decode(body);
    yield { chunk: chunkOf(source, { text, encoding, bytes: size ?? bytes, firstLine }) };
    if (last) return;
    firstLine += countLineEnds(piece.subarray(0, next), wide);
    kept = Buffer.from(piece.subarray(next));
    unseen = piece.length - end;
  }
}

/** The chunk of a text that is at hand. */
export function chunkOf(
  source: ChunkSource,
  decoded: Pick<TextChunk, 'text' | 'encoding' | 'bytes' | 'firstLine'>,
): TextChunk {
  const { origin, path, logicalPath, member, added } = source;
  const chunk: TextChunk = { origin, path, logicalPath, ...(member === undefined ? {} : { member }), ...decoded };
  // git counts line feed bytes: in UTF-16 those are no line ends, so there every line counts.
  return added && !isWide(decoded.encoding) ? { ...chunk, added } : chunk;
}

/** Where a piece ends and where the next one starts. */
function cut(piece: Buffer, wide: Wide | undefined): { end: number; next: number } {
  const end =
    lineEndIn(piece, { from: piece.length >> 1, to: piece.length, wide }) ??
    boundary(piece, { at: piece.length - 1, wide });
  const start = end - OVERLAP_BYTES;
  return {
    end,
    next: lineEndIn(piece, { from: start - OVERLAP_BYTES, to: start, wide }) ?? boundary(piece, { at: start, wide }),
  };
}

/** The place after the last line feed between two places. */
function lineEndIn(bytes: Buffer, { from, to, wide }: { from: number; to: number; wide: Wide | undefined }) {
  if (!wide) {
    const at = bytes.lastIndexOf(10, to - 1);
    return at >= from ? at + 1 : undefined;
  }
  const unit = unitWidth(wide);
  for (let at = to - (to % unit) - unit; at >= from; at -= unit) if (isLineFeed(bytes, { at, wide })) return at + unit;
  return undefined;
}

/** The last place up to `at` that is not inside a character. */
function boundary(bytes: Buffer, { at, wide }: { at: number; wide: Wide | undefined }): number {
  if (wide) return at - (at % 4);
  let place = at;
  while (place > at - 3 && (bytes[place]! & 0xc0) === 0x80) place--;
  return place;
}

function countLineEnds(bytes: Buffer, wide: Wide | undefined): number {
  let count = 0;
  if (!wide) for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) count++;
  else for (let at = 0; at < bytes.length; at += unitWidth(wide)) if (isLineFeed(bytes, { at, wide })) count++;
  return count;
}

function isLineFeed(bytes: Buffer, { at, wide }: { at: number; wide: Wide }): boolean {
  const unit = unitWidth(wide);
  const low = wide.endsWith('le') ? at : at + unit - 1;
  if (bytes[low] !== 10) return false;
  for (let i = at; i < at + unit; i++) if (i !== low && bytes[i] !== 0) return false;
  return true;
}
