import { mostUnpacked, Refusal } from './limits.ts';
import { createLzma2, LARGEST_DICTIONARY, type Lzma2 } from './lzma.ts';
import { type Filter, filterOf } from './xz-filters.ts';

const LZMA2 = 0x21;
/** Bytes of a checksum, by its number in the header; checksums are not checked. */
const CHECK_BYTES = [0, 4, 4, 4, 8, 8, 8, 16, 16, 16, 32, 32, 32, 64, 64, 64];

/** Unpacks xz data, also several streams in a row, as pieces of up to two megabytes. */
export function* unxz(bytes: Buffer): Generator<Buffer, void> {
  let at = 0;
  while (at + 12 <= bytes.length && bytes.readUInt32BE(at) === 0xfd377a58) {
    const check = CHECK_BYTES[bytes[at + 7]! & 15]!;
    at += 12;
    for (;;) {
      const size = byteAt(bytes, at);
      // The index follows the last block.
      if (size === 0) break;
      const headerEnd = at + (size + 1) * 4;
      const { filters, dictionary } = blockHeader(bytes, at + 1);
      // More than may be unpacked is never looked back at.
      const decoder = createLzma2(Math.min(dictionary, mostUnpacked(bytes.length)));
      const end = yield* filtered(chunks({ bytes, at: headerEnd, decoder }), filters);
      at = end + ((4 - ((end - headerEnd) % 4)) % 4) + check;
    }
    at = endOfIndex(bytes, at) + 12;
    while (bytes[at] === 0) at++;
  }
}

function byteAt(bytes: Buffer, at: number): number {
  const byte = bytes[at];
  if (byte === undefined) throw new Refusal('cut off: only its start was looked at');
  return byte;
}

function damaged(): Refusal {
  return new Refusal('damaged: only what comes before the damage was looked at');
}

/** A number in groups of seven bits, the lowest first. */
function numberAt(bytes: Buffer, at: number): { value: number; end: number } {
  let value = 0;
  for (let i = 0; i < 9; i++) {
    const byte = byteAt(bytes, at + i);
    value += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 128) return { value, end: at + i + 1 };
  }
  throw damaged();
}

/** The filters of a block in the order in which they are undone, and the size of the dictionary that it wants. */
function blockHeader(bytes: Buffer, start: number): { filters: Filter[]; dictionary: number } {
  const flags = byteAt(bytes, start);
  let at = start + 1;
  if (flags & 0x40) at = numberAt(bytes, at).end;
  if (flags & 0x80) at = numberAt(bytes, at).end;
  const filters: Filter[] = [];
  for (let left = flags & 3; left > 0; left--) {
    const id = numberAt(bytes, at);
    const size = numberAt(bytes, id.end);
    at = size.end + size.value;
    filters.unshift(filterOf(id.value, bytes.subarray(size.end, at)));
  }
  const last = numberAt(bytes, at);
  if (last.value !== LZMA2) throw new Refusal('made with a filter that is not supported');
  const properties = byteAt(bytes, last.end + 1);
  if (properties > 40) throw damaged();
  const dictionary = (2 | (properties & 1)) * 2 ** ((properties >> 1) + 11);
  if (dictionary > LARGEST_DICTIONARY) throw new Refusal('needs more memory to be unpacked than is given to it');
  return { filters, dictionary };
}

/** The pieces of a block with its filters undone; what comes before damage comes out. */
function* filtered(pieces: Generator<Buffer, number>, filters: readonly Filter[]): Generator<Buffer, number> {
  const through = (piece: Buffer, from = 0) => filters.slice(from).reduce((data, filter) => filter.take(data), piece);
  let end = 0;
  let failure: { error: unknown } | undefined;
  try {
    for (let next = pieces.next(); ; next = pieces.next()) {
      if (next.done) {
        end = next.value;
        break;
      }
      yield through(next.value);
    }
  } catch (error) {
    failure = { error };
  }
  // What a filter has kept back still goes through the ones behind it.
  for (const [i, filter] of filters.entries()) yield through(filter.rest(), i + 1);
  if (failure) throw failure.error;
  return end;
}

/** Unpacks one block; returns the place behind its data. */
function* chunks(block: { bytes: Buffer; at: number; decoder: Lzma2 }): Generator<Buffer, number> {
  const { bytes, decoder } = block;
  let { at } = block;
  for (;;) {
    const control = byteAt(bytes, at++);
    if (control === 0) return at;
    if (control > 2 && control < 0x80) throw damaged();
    const low = byteAt(bytes, at) * 256 + byteAt(bytes, at + 1) + 1;
    at += 2;
    if (control <= 2) {
      const data = bytes.subarray(at, at + low);
      if (control === 1) decoder.resetDictionary();
      yield decoder.copy(data);
      if (data.length < low) throw new Refusal('cut off: only its start was looked at');
      at += low;
      continue;
    }
    const size = (control & 31) * 65_536 + low;
    const packed = byteAt(bytes, at) * 256 + byteAt(bytes, at + 1) + 1;
    at += 2;
    const reset = (control >> 5) & 3;
    if (reset === 3) decoder.resetDictionary();
    if (reset >= 2) decoder.setProperties(byteAt(bytes, at++));
    if (reset >= 1) decoder.resetState();
    yield decoder.decode(bytes.subarray(at, at + packed), size);
    at += packed;
  }
}

function endOfIndex(bytes: Buffer, start: number): number {
  let { value: records, end: at } = numberAt(bytes, start + 1);
  for (; records > 0; records--) at = numberAt(bytes, numberAt(bytes, at).end).end;
  return at + ((4 - ((at - start) % 4)) % 4) + 4;
}
