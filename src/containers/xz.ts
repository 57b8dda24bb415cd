import { Refusal } from './limits.ts';
import { createLzma2, type Lzma2 } from './lzma.ts';

const LZMA2 = 0x21;
/** A dictionary is held in memory: this much is what `xz -9` uses. */
const LARGEST_DICTIONARY = 64 * 1024 * 1024;
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
      const decoder = createLzma2(dictionaryOf(bytes, { at: at + 1, end: headerEnd }));
      const end = yield* chunks({ bytes, at: headerEnd, decoder });
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

/** The size of the dictionary that a block wants, which its only filter tells. */
function dictionaryOf(bytes: Buffer, header: { at: number; end: number }): number {
  const flags = byteAt(bytes, header.at);
  let at = header.at + 1;
  if (flags & 0x40) at = numberAt(bytes, at).end;
  if (flags & 0x80) at = numberAt(bytes, at).end;
  const filter = numberAt(bytes, at);
  if ((flags & 3) !== 0 || filter.value !== LZMA2) throw new Refusal('made with a filter that is not supported');
  const properties = byteAt(bytes, filter.end + 1);
  if (properties > 40) throw damaged();
  const size = (2 | (properties & 1)) * 2 ** ((properties >> 1) + 11);
  if (size > LARGEST_DICTIONARY) throw new Refusal('needs more memory to be unpacked than is given to it');
  return size;
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
