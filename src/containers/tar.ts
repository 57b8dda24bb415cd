import { showPath } from '../util/byte-path.ts';
import type { ReadBytes } from '../util/byte-reader.ts';
import { type Part, Refusal } from './limits.ts';

const BLOCK = 512;
/** Longest extended header: names are shorter, and nobody may have a gigabyte of them held. */
const LONGEST_HEADER = 1_048_576;
const STEP = 1_048_576;
/** Types of entries that have data: files, the old and the contiguous kind, and sparse files, whose holes are left out. */
const FILES = new Set(['0', '\0', '7', 'S']);
/** Types of entries that have a size of their own, but no data. */
const BARE = new Set(['1', '2', '3', '4', '5', '6']);

/** What an extended header says of the entry that follows. */
interface Extended {
  path?: string;
  size?: number;
}

/**
 * The files in a tar archive, as it streams by. Links and devices have nothing in them, and what names say of places does
 * not matter: nothing is ever written.
 */
export async function* readTar(read: ReadBytes): AsyncGenerator<Part, void> {
  let extended: Extended = {};
  let ended = false;
  for (;;) {
    const header = await read(BLOCK);
    if (header.length === 0) return;
    if (header.length < BLOCK) throw cutOff();
    if (isZero(header)) {
      // Archives that were put one behind the other go on after their ends.
      ended = true;
      continue;
    }
    if (!checksumHolds(header)) {
      throw new Refusal(
        ended ? 'what follows its end was not looked at' : 'damaged: only what comes before was looked at',
      );
    }
    const type = String.fromCharCode(header[156]!);
    const size = BARE.has(type) ? 0 : (extended.size ?? numberIn(header, 124, 12));
    const padding = (BLOCK - (size % BLOCK)) % BLOCK;
    if ('xLKg'.includes(type)) {
      if (size > LONGEST_HEADER) throw new Refusal('damaged: a name in it is far too long');
      const data = await read(size + padding);
      if (data.length < size) throw cutOff();
      const text = data.toString('latin1', 0, size);
      if (type === 'L') extended = { ...extended, path: text.replace(/\0[\s\S]*$/, '') };
      else if (type === 'x') extended = { ...extended, ...paxFields(text) };
      continue;
    }
    let left = size;
    const take = async (length: number) => {
      const bytes = await read(Math.min(length, left));
      left -= bytes.length;
      return bytes;
    };
    if (FILES.has(type)) yield { name: showPath(extended.path ?? nameIn(header)), read: take, size };
    while (left > 0) if ((await take(STEP)).length === 0) throw cutOff();
    if ((await read(padding)).length < padding) throw cutOff();
    extended = {};
  }
}

function cutOff(): Refusal {
  return new Refusal('cut off: only what comes before was looked at');
}

function isZero(block: Buffer): boolean {
  return block.every((byte) => byte === 0);
}

/** The sum of all bytes, those of the sum itself counted as blanks; some old programs summed signed bytes. */
function checksumHolds(header: Buffer): boolean {
  let sum = 0;
  let signed = 0;
  for (let i = 0; i < BLOCK; i++) {
    const byte = i >= 148 && i < 156 ? 32 : header[i]!;
    sum += byte;
    signed += byte > 127 ? byte - 256 : byte;
  }
  const told = numberIn(header, 148, 8);
  return told === sum || told === signed;
}

/** Octal digits, or, with the highest bit set, a binary number. */
function numberIn(header: Buffer, at: number, length: number): number {
  const field = header.subarray(at, at + length);
  let value = 0;
  if (field[0] === 0x80) for (const byte of field.subarray(1)) value = value * 256 + byte;
  else value = Number.parseInt(/^[\0 ]*([0-7]*)/.exec(field.toString('latin1'))?.[1] || '0', 8);
  if (!Number.isSafeInteger(value)) throw new Refusal('damaged: a size in it is impossible');
  return value;
}

function nameIn(header: Buffer): string {
  const text = (at: number, length: number) => header.toString('latin1', at, at + length).replace(/\0[\s\S]*$/, '');
  const name = text(0, 100);
  // GNU tar has other things in the place of the prefix.
  const prefix = header[262] === 0 ? text(345, 155) : '';
  return prefix === '' ? name : `${prefix}/${name}`;
}

/** `17 path=some/where\n` and so on: lengths count the whole record. */
function paxFields(text: string): Extended {
  const found: Extended = {};
  for (let at = 0; at < text.length; ) {
    const length = Number(/^\d{1,7}(?= )/.exec(text.slice(at, at + 8))?.[0] ?? 0);
    if (length === 0) break;
    const record = text.slice(at, at + length - 1);
    const [, key, value = ''] = /^\d+ ([^=]*)=([\s\S]*)$/.exec(record) ?? [];
    if (key === 'path') found.path = value;
    else if (key === 'size' && /^\d{1,15}$/.test(value)) found.size = Number(value);
    at += length;
  }
  return found;
}
