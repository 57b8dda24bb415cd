import { isAscii, isUtf8 } from 'node:buffer';
import type { Encoding } from '../types.ts';
import { decodeWide, isWide, sniffWide } from './decode-wide.ts';

/** Text made of bytes. */
export interface Decoded {
  text: string;
  encoding: Encoding;
}

/**
 * Turns bytes into text: UTF-8, UTF-16 and UTF-32 (with a byte order mark, or told by where their NUL bytes are), any
 * other text as latin1. A byte order mark is dropped, so that columns count what an editor shows.
 *
 * Everything else is `binary`: each byte that is not printable ASCII, and each run of printable ones that is shorter
 * than five, becomes one blank and newlines stay, so that offsets and line numbers are those of the bytes.
 */
export function decode(bytes: Buffer): Decoded {
  const noNul = !bytes.includes(0);
  if (noNul && isAscii(bytes)) return { text: bytes.toString('latin1'), encoding: 'utf-8' };
  return decodeAs(bytes, detectEncoding(bytes, noNul));
}

/** `decode` for an encoding that is known, as for the later pieces of a large file. */
export function decodeAs(bytes: Buffer, encoding: Encoding): Decoded {
  if (isWide(encoding)) return { text: decodeWide(bytes, encoding), encoding };
  if (encoding === 'utf-8') return { text: bytes.toString('utf8', hasUtf8Mark(bytes) ? 3 : 0), encoding };
  if (encoding === 'latin1') return { text: bytes.toString('latin1'), encoding };
  return { text: textRuns(bytes), encoding };
}

function detectEncoding(bytes: Buffer, noNul: boolean): Encoding {
  const wide = sniffWide(bytes);
  if (wide) return wide;
  if (!noNul) return 'binary';
  if (isUtf8(bytes)) return 'utf-8';
  return manyControls(bytes) ? 'binary' : 'latin1';
}

function hasUtf8Mark(bytes: Buffer): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
}

/** Compressed or encrypted data without a NUL byte: about one byte in nine is a control character there. */
function manyControls(bytes: Buffer): boolean {
  const length = Math.min(bytes.length, 8192);
  let controls = 0;
  for (let i = 0; i < length; i++) if (KIND[bytes[i]!] === CONTROL) controls++;
  return controls * 20 > length;
}

const OTHER = 0;
const PRINTABLE = 1;
const CONTROL = 2;
const KIND = new Uint8Array(256);
for (let byte = 0; byte < 256; byte++) {
  if (byte === 9 || (byte >= 32 && byte < 127)) KIND[byte] = PRINTABLE;
  else if ((byte < 32 && !'\n\f\r\b\x1b'.includes(String.fromCharCode(byte))) || byte === 127) KIND[byte] = CONTROL;
  else KIND[byte] = OTHER;
}

const SHORTEST_RUN = 5;

function textRuns(bytes: Buffer): string {
  const out = Buffer.alloc(bytes.length, 0x20);
  let start = 0;
  for (let i = 0; i <= bytes.length; i++) {
    const byte = bytes[i];
    if (byte !== undefined && KIND[byte] === PRINTABLE) continue;
    if (i - start >= SHORTEST_RUN) bytes.copy(out, start, start, i);
    if (byte === 10) out[i] = 10;
    start = i + 1;
  }
  return out.toString('latin1');
}
