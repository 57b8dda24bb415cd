import { lstatSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { isAbsolute, relative, sep } from 'node:path';
import { decode } from '../sources/decode.ts';
import { isWide, unitWidth } from '../sources/decode-wide.ts';
import type { Encoding } from '../types.ts';
import { UserError } from '../util/errors.ts';
import { whyNotWritten, writeWhole } from '../util/write-whole.ts';

/** A file that can be edited: its text, and how to make bytes of a text again. */
export interface TextFile {
  /** Where it really is: symbolic links followed. */
  file: string;
  bytes: Buffer;
  text: string;
  encode(text: string): Buffer;
}

/** No larger file is edited. */
const MOST_BYTES = 64_000_000;

/**
 * Reads a file that is to be edited.
 * @param input.root the folder that it has to be in, links followed
 * @returns or why it cannot be edited
 */
export function readTextFile({
  file,
  root,
}: {
  file: string;
  root: string;
}): TextFile | { refused: string; todo?: string } {
  try {
    const isLink = lstatSync(file).isSymbolicLink();
    const real = realpathSync.native(file);
    if (!isBelow(realpathSync.native(root), real)) {
      return { refused: isLink ? 'it is a symbolic link that leads out of the tree' : 'it is outside of the tree' };
    }
    const stats = statSync(real);
    if (!stats.isFile()) return { refused: 'it is no file' };
    if (stats.size > MOST_BYTES) return { refused: 'the file is too large to be edited' };
    if ((stats.mode & 0o222) === 0) return { refused: 'the file is read-only', todo: `chmod u+w ${file}` };
    if (stats.nlink > 1) return { refused: 'the file has several names (hard links), which would come apart' };
    const bytes = readFileSync(real);
    const { text, encoding } = decode(bytes);
    const encode = encoderOf(bytes, encoding);
    if (!encode?.(text).equals(bytes)) return { refused: 'the file is binary, or mixes encodings' };
    return { file: real, bytes, text, encode };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return { refused: code === 'ENOENT' ? 'there is no such file any more' : `the file cannot be read (${code})` };
  }
}

function isBelow(root: string, file: string): boolean {
  const way = relative(root, file);
  return way !== '' && way.split(sep)[0] !== '..' && !isAbsolute(way);
}

/** Makes the bytes of a text as those of `bytes` were made, byte order mark included. */
function encoderOf(bytes: Buffer, encoding: Encoding): ((text: string) => Buffer) | undefined {
  if (encoding === 'binary') return undefined;
  if (encoding === 'latin1') return (text) => Buffer.from(text, 'latin1');
  if (encoding === 'utf-8') {
    const mark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? '\ufeff' : '';
    return (text) => Buffer.from(mark + text, 'utf8');
  }
  if (!isWide(encoding)) return undefined;
  const first = encodeWide('\ufeff', encoding);
  const mark = bytes.subarray(0, first.length).equals(first) ? '\ufeff' : '';
  return (text) => encodeWide(mark + text, encoding);
}

function encodeWide(text: string, encoding: Encoding): Buffer {
  if (unitWidth(encoding) === 2) {
    const bytes = Buffer.from(text, 'utf16le');
    return encoding === 'utf-16be' ? bytes.swap16() : bytes;
  }
  const codes = Array.from(text, (character) => character.codePointAt(0)!);
  const bytes = Buffer.alloc(4 * codes.length);
  for (const [i, code] of codes.entries()) {
    if (encoding === 'utf-32le') bytes.writeUInt32LE(code, 4 * i);
    else bytes.writeUInt32BE(code, 4 * i);
  }
  return bytes;
}

/**
 * Puts `bytes` in the place of a file, whole or not at all: whoever reads it meanwhile has the one or the other, and a
 * process that is killed leaves what was there.
 * @param input.before what the file held when the change was made up; undefined where there was none
 * @param input.mode of a file that is new
 * @throws UserError when that fails, or the file has changed
 */
export function replaceFile(input: { file: string; before: Buffer | undefined; bytes: Buffer; mode?: number }): void {
  const { file, before, bytes, mode } = input;
  const check = () => {
    const now = readIfThere(file);
    const isSame = before === undefined ? now === undefined : now?.equals(before);
    if (isSame) return;
    throw new UserError(`${file} was changed meanwhile: it is left as it is`, { hint: 'run sss fix again' });
  };
  try {
    writeWhole(file, bytes, { check, ...(before === undefined ? { mode } : {}) });
  } catch (cause) {
    if (cause instanceof UserError) throw cause;
    throw new UserError(`cannot write ${file}: ${whyNotWritten(cause)}`, { cause });
  }
}

/** The bytes of a file; undefined when there is none. */
export function readIfThere(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
