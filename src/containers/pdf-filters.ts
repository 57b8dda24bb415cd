import { constants, inflateSync } from 'node:zlib';
import { Refusal } from './limits.ts';
import { unpredicted } from './pdf-predictors.ts';

/** How a stream is packed: a name, and the source of its parameters. */
export interface PdfFilter {
  name: string;
  parameters: string;
}

/** More came out of a stream than it may. */
export class TooLong extends Error {}

const DICTIONARY = /<<(?:[^<>]|<[^<>]{0,1000}>){0,1000}>>/.source;
const REFERENCE = /\d{1,9}\s{1,4}\d{1,5}\s{1,4}R\b/.source;
const FILTERS = new RegExp(`/Filter\\s*(\\[[^\\]]{0,1000}\\]|/\\w{1,100}|${REFERENCE})`);
const PARAMETERS = new RegExp(
  `/DecodeParms\\s*(\\[(?:[^\\[\\]]|\\[[^\\]]{0,100}\\]){0,2000}\\]|${DICTIONARY}|${REFERENCE})`,
);
const ONE = new RegExp(`${DICTIONARY}|null\\b|${REFERENCE}`, 'g');
/** What pictures are packed with: there is no text in them. */
const PICTURES = new Set(['DCTDecode', 'DCT', 'JPXDecode', 'CCITTFaxDecode', 'CCF', 'JBIG2Decode']);

type Unpack = (input: { data: Buffer; parameters: string; limit: number }) => Buffer;

const UNPACKERS: Readonly<Record<string, Unpack>> = {
  FlateDecode: flate,
  Fl: flate,
  LZWDecode: lzw,
  LZW: lzw,
  ASCII85Decode: ascii85,
  A85: ascii85,
  ASCIIHexDecode: asciiHex,
  AHx: asciiHex,
  RunLengthDecode: runLength,
  RL: runLength,
};

/** The filters of a stream, in the order in which they are undone. `sourceOf` gives the source of another object. */
export function filtersOf(dictionary: string, sourceOf: (number: number) => string): PdfFilter[] {
  const resolved = (text: string) => (/^\d/.test(text) ? sourceOf(Number.parseInt(text, 10)) : text);
  const names = resolved(FILTERS.exec(dictionary)?.[1] ?? '').match(/(?<=\/)\w+/g) ?? [];
  const parameters = resolved(PARAMETERS.exec(dictionary)?.[1] ?? '').match(ONE) ?? [];
  return names.map((name, i) => ({ name, parameters: resolved(parameters[i] ?? '') }));
}

/** Why a stream is not unpacked: a picture, or what is not supported; undefined when it is. */
export function obstacleOf(filters: readonly PdfFilter[]): 'picture' | { unsupported: string } | undefined {
  if (filters.some(({ name }) => PICTURES.has(name))) return 'picture';
  const unsupported = filters.find((filter) => !Object.hasOwn(UNPACKERS, filter.name) && !isIdentity(filter));
  return unsupported && { unsupported: unsupported.name };
}

/** Encryption that encrypts nothing. */
function isIdentity({ name, parameters }: PdfFilter): boolean {
  return name === 'Crypt' && !/\/Name\s*\/(?!Identity\b)/.test(parameters);
}

/** Undoes one filter. @throws TooLong when more than `limit` bytes come out */
export function unpacked({ name, parameters }: PdfFilter, { data, limit }: { data: Buffer; limit: number }): Buffer {
  return UNPACKERS[name]?.({ data, parameters, limit }) ?? data;
}

function flate({ data, parameters, limit }: Parameters<Unpack>[0]): Buffer {
  try {
    // With this flush, data that ends too early gives what there is of it.
    const options = { maxOutputLength: Math.max(1, limit), finishFlush: constants.Z_SYNC_FLUSH };
    return unpredicted(inflateSync(data, options), parameters);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw new TooLong();
    throw error;
  }
}

const CLEAR = 256;
const END = 257;
const LONGEST_CODE = 12;

/** LZW with codes of 9 to 12 bits, the highest one of a byte first. */
function lzw({ data, parameters, limit }: Parameters<Unpack>[0]): Buffer {
  const early = /\/EarlyChange\s+0\b/.test(parameters) ? 0 : 1;
  const out = createOutput(limit);
  /** Of each code where its text stands in what came out, and how long it is. */
  const starts = new Uint32Array(1 << LONGEST_CODE);
  const lengths = new Uint32Array(1 << LONGEST_CODE);
  let next = END + 1;
  let bits = 9;
  let last: { start: number; length: number } | undefined;
  let held = 0;
  let have = 0;
  for (const byte of data) {
    held = ((held << 8) | byte) & 0xffffff;
    have += 8;
    if (have < bits) continue;
    have -= bits;
    const code = (held >>> have) & ((1 << bits) - 1);
    if (code === END) break;
    if (code === CLEAR) {
      next = END + 1;
      bits = 9;
      last = undefined;
      continue;
    }
    const start = out.length;
    if (code < CLEAR) out.put(code);
    else if (code < next) out.copy(starts[code]!, lengths[code]!);
    // A code that is about to be made: the last text, and its first character once more.
    else if (code === next && last) out.copy(last.start, last.length + 1);
    else throw new Refusal('damaged: has streams that cannot be unpacked');
    if (last && next < 1 << LONGEST_CODE) {
      starts[next] = last.start;
      lengths[next] = last.length + 1;
      next++;
    }
    last = { start, length: out.length - start };
    if (next + early >= 1 << bits && bits < LONGEST_CODE) bits++;
  }
  return unpredicted(out.bytes(), parameters);
}

function ascii85({ data, limit }: Parameters<Unpack>[0]): Buffer {
  const out = createOutput(limit);
  let group: number[] = [];
  const flush = (count: number) => {
    const value = group.reduce((sum, digit) => sum * 85 + digit, 0);
    for (let i = 0; i < count; i++) out.put(Math.floor(value / 256 ** (3 - i)) & 255);
    group = [];
  };
  for (const byte of data) {
    // `~>` is the end; blanks do not count.
    if (byte === 0x7e) break;
    if (byte === 0x7a && group.length === 0) for (let i = 0; i < 4; i++) out.put(0);
    else if (byte >= 0x21 && byte <= 0x75) group.push(byte - 0x21);
    if (group.length === 5) flush(4);
  }
  const left = group.length;
  while (group.length > 0 && group.length < 5) group.push(84);
  if (left > 1) flush(left - 1);
  return out.bytes();
}

function asciiHex({ data, limit }: Parameters<Unpack>[0]): Buffer {
  const end = data.indexOf('>');
  const digits = data.toString('latin1', 0, end < 0 ? data.length : end).replace(/[^\da-f]/gi, '');
  if (digits.length / 2 > limit) throw new TooLong();
  return Buffer.from(digits.length % 2 === 0 ? digits : `${digits}0`, 'hex');
}

function runLength({ data, limit }: Parameters<Unpack>[0]): Buffer {
  const out = createOutput(limit);
  for (let at = 0; at < data.length && data[at] !== 128; ) {
    const length = data[at]!;
    if (length < 128) {
      for (const byte of data.subarray(at + 1, at + length + 2)) out.put(byte);
      at += length + 2;
    } else {
      for (let i = 0; i < 257 - length && at + 1 < data.length; i++) out.put(data[at + 1]!);
      at += 2;
    }
  }
  return out.bytes();
}

/** Bytes that come one by one, or as copies of earlier ones. */
function createOutput(limit: number) {
  let buffer = Buffer.alloc(4096);
  let length = 0;
  const put = (byte: number) => {
    if (length >= limit) throw new TooLong();
    if (length === buffer.length) buffer = Buffer.concat([buffer, Buffer.alloc(buffer.length)]);
    buffer[length++] = byte;
  };
  return {
    get length() {
      return length;
    },
    put,
    copy(start: number, count: number) {
      for (let i = start; i < start + count; i++) put(buffer[i]!);
    },
    bytes: () => buffer.subarray(0, length),
  };
}
