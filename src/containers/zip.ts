import { constants, inflateRawSync } from 'node:zlib';
import { showPath } from '../util/byte-path.ts';
import { readerOf } from '../util/byte-reader.ts';
import { type Budget, bomb, isDamage, mostUnpacked, type Part, Refusal, tooMuch } from './limits.ts';
import { type Packing, unpackedStream } from './unpack.ts';

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const END_64 = 0x06064b50;
const END_64_LOCATOR = 0x07064b50;
const MOST_COMMENT = 0xffff;
/** A field that is too small for its number, which then stands in the extra field. */
const ELSEWHERE = 0xffffffff;
const STORED = 0;
const DEFLATED = 8;
/** Encrypted, or with a masked directory. */
const ENCRYPTED = 0x2001;
/** Methods whose data is unpacked as it is asked for. */
const STREAMS: Readonly<Record<number, Packing>> = { 9: 'deflate64', 12: 'bzip2', 14: 'lzma', 93: 'zstd', 95: 'xz' };
/** Of LZMA: its end is marked in the data. */
const END_MARKED = 2;

interface Entry {
  name: string;
  flags: number;
  method: number;
  packed: number;
  unpacked: number;
  /** Where the local header is. */
  at: number;
}

/**
 * The files in a zip archive (jar, whl, apk, docx and so on), in the order of its directory. What sizes it declares is not
 * believed. Of an archive whose end is missing, those files come that stand before the break.
 */
export function* readZip(bytes: Buffer, budget: Budget): Generator<Part, void> {
  const end = endOf(bytes);
  const entries = end === undefined ? localEntries(bytes) : centralEntries(bytes, end);
  for (const entry of entries) {
    if (entry.name.endsWith('/') && entry.unpacked === 0) continue;
    yield* content({ bytes, entry, budget });
  }
  if (end === undefined) throw new Refusal('cut off: its directory is missing, only what could be read was looked at');
}

/** The place of the record at the end. */
function endOf(bytes: Buffer): number | undefined {
  const lowest = Math.max(0, bytes.length - 22 - MOST_COMMENT);
  const signature = Buffer.from('PK\x05\x06', 'latin1');
  for (let at = bytes.lastIndexOf(signature); at >= lowest; at = at === 0 ? -1 : bytes.lastIndexOf(signature, at - 1)) {
    if (at + 22 <= bytes.length && bytes.readUInt32LE(at) === END) return at;
  }
  return undefined;
}

function* centralEntries(bytes: Buffer, end: number): Generator<Entry, void> {
  let size = bytes.readUInt32LE(end + 12);
  let start = bytes.readUInt32LE(end + 16);
  let tail = end;
  if (end >= 20 && bytes.readUInt32LE(end - 20) === END_64_LOCATOR) {
    const at = Number(bytes.readBigUInt64LE(end - 12));
    if (at + 56 <= bytes.length && bytes.readUInt32LE(at) === END_64) {
      size = Number(bytes.readBigUInt64LE(at + 40));
      start = Number(bytes.readBigUInt64LE(at + 48));
      tail = at;
    }
  }
  // Something may stand before the archive: then all places are off by that much.
  const shift = Math.max(0, tail - size - start);
  let at = start + shift;
  while (at + 46 <= tail) {
    if (bytes.readUInt32LE(at) !== CENTRAL) throw new Refusal('damaged: its directory cannot be read any further');
    const nameEnd = at + 46 + bytes.readUInt16LE(at + 28);
    const extraEnd = nameEnd + bytes.readUInt16LE(at + 30);
    const entry: Entry = {
      name: shown(bytes.subarray(at + 46, nameEnd)),
      flags: bytes.readUInt16LE(at + 8),
      method: bytes.readUInt16LE(at + 10),
      packed: bytes.readUInt32LE(at + 20),
      unpacked: bytes.readUInt32LE(at + 24),
      at: bytes.readUInt32LE(at + 42),
    };
    widen(entry, bytes.subarray(nameEnd, extraEnd));
    yield { ...entry, at: entry.at + shift };
    at = extraEnd + bytes.readUInt16LE(at + 32);
  }
}

/** Takes the numbers of more than 32 bits out of the extra field. */
function widen(entry: Entry, extra: Buffer): void {
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== 1) continue;
    let field = at + 4;
    for (const key of ['unpacked', 'packed', 'at'] as const) {
      if (entry[key] !== ELSEWHERE) continue;
      entry[key] = Number(extra.readBigUInt64LE(field));
      field += 8;
    }
    return;
  }
}

/** The entries as they stand one after the other, as long as they tell how long they are. */
function* localEntries(bytes: Buffer): Generator<Entry, void> {
  let at = 0;
  while (at + 30 <= bytes.length && bytes.readUInt32LE(at) === LOCAL) {
    const nameEnd = at + 30 + bytes.readUInt16LE(at + 26);
    const entry: Entry = {
      name: shown(bytes.subarray(at + 30, nameEnd)),
      flags: bytes.readUInt16LE(at + 6),
      method: bytes.readUInt16LE(at + 8),
      packed: bytes.readUInt32LE(at + 18),
      unpacked: bytes.readUInt32LE(at + 22),
      at,
    };
    widen(entry, bytes.subarray(nameEnd, nameEnd + bytes.readUInt16LE(at + 28)));
    const later = (entry.flags & 8) !== 0 && entry.packed === 0;
    // The length stands behind the data: what is left of the archive is taken, and unpacking finds the end.
    if (later) yield { ...entry, packed: bytes.length, unpacked: 0 };
    else yield entry;
    if (later) return;
    at = nameEnd + bytes.readUInt16LE(at + 28) + entry.packed;
  }
}

function* content({ bytes, entry, budget }: { bytes: Buffer; entry: Entry; budget: Budget }): Generator<Part, void> {
  const { name, flags, method, packed, unpacked, at } = entry;
  if ((flags & ENCRYPTED) !== 0) return yield { name, reason: 'encrypted: cannot be looked into' };
  if (at + 30 > bytes.length || bytes.readUInt32LE(at) !== LOCAL) {
    return yield { name, reason: 'damaged: is not where the directory of the archive says' };
  }
  const start = at + 30 + bytes.readUInt16LE(at + 26) + bytes.readUInt16LE(at + 28);
  const data = bytes.subarray(start, start + packed);
  const compression = STREAMS[method];
  if (compression) {
    const size = (flags & END_MARKED) !== 0 || (unpacked === 0 && packed > data.length) ? undefined : unpacked;
    return yield { name, stream: unpackedStream({ compression, read: readerOf(data), budget, size }) };
  }
  if (method !== STORED && method !== DEFLATED) {
    return yield { name, reason: `compressed by a method that is not supported (${method})` };
  }
  if ((method === STORED ? data.length : unpacked) > budget.memberLimit) return yield { name, reason: budget.tooLarge };
  const whole = method === STORED ? { bytes: data, cut: data.length < packed } : inflate({ data, unpacked, budget });
  if ('reason' in whole) return yield { name, reason: whole.reason };
  budget.unpack(whole.bytes.length);
  yield { name, bytes: whole.bytes };
  if (whole.cut) yield { name, reason: 'cut off: only its start was looked at' };
}

/** Unpacks one file; what it says of its size only tells whether something is missing. */
function inflate(input: {
  data: Buffer;
  unpacked: number;
  budget: Budget;
}): { bytes: Buffer; cut: boolean } | { reason: string } {
  const { data, unpacked, budget } = input;
  const most = mostUnpacked(data.length);
  const limit = Math.min(budget.memberLimit, budget.left, most);
  try {
    // With this flush, data that ends too early gives what there is of it.
    const options = { maxOutputLength: Math.max(1, limit), finishFlush: constants.Z_SYNC_FLUSH };
    const bytes = inflateRawSync(data, options);
    return { bytes, cut: bytes.length < unpacked };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
      if (limit === most) return { reason: bomb().message };
      if (limit === budget.left) throw tooMuch();
      return { reason: budget.tooLarge };
    }
    if (!isDamage(error)) throw error;
    return { reason: 'damaged: cannot be unpacked' };
  }
}

/** Names are UTF-8 or of some old code page: neither is trusted to be what its flag says. */
function shown(name: Buffer): string {
  return showPath(name.toString('latin1'));
}
