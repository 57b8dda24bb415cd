import { isUtf8 } from 'node:buffer';
import { decodeWide, sniffWide } from '../sources/decode-wide.ts';

/** Below this many bytes text of other scripts cannot be told from chance. */
const SHORT = 40;

/** Whether a byte can be one of a text: printable, white space, part of a character of several bytes. */
export function isTextByte(byte: number): boolean {
  return byte >= 0x20 ? byte !== 0x7f : (byte >= 9 && byte <= 13) || byte === 0x1b;
}

/**
 * Whether bytes may open a text: no control character among them, or NUL bytes in the pattern of UTF-16 and UTF-32.
 * Cheap: what is random fails here most often.
 */
export function mayOpenText(bytes: ArrayLike<number>): boolean {
  let nul = 0;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!;
    if (byte === 0) nul++;
    else if (!isTextByte(byte)) return false;
  }
  return nul === 0 || nul >= bytes.length / 3;
}

/**
 * The text that decoded bytes are: UTF-8, UTF-16 or UTF-32, printable (a few stray control characters in a long one do
 * no harm). Undefined for everything else: hashes, keys and pictures.
 */
export function textOf(bytes: Buffer): string | undefined {
  if (bytes.length < 3) return undefined;
  if (bytes.includes(0) || (bytes[0]! >= 0xfe && bytes[1]! >= 0xfe)) {
    const wide = sniffWide(bytes);
    if (!wide) return undefined;
    const text = decodeWide(bytes, wide);
    return text.length >= 4 && isPrintable(text, 0.7) ? text : undefined;
  }
  if (!isUtf8(bytes)) return undefined;
  const text = bytes.toString('utf8');
  const plain = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  return isPrintable(plain, bytes.length < SHORT ? 0.7 : 0) ? plain : undefined;
}

/** Whether nearly all of `text` can be read, and this share of it (at least) is ASCII. */
function isPrintable(text: string, ascii: number): boolean {
  let controls = 0;
  let plain = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x80) plain++;
    if (code < 0x80 ? !isTextByte(code) : code < 0xa0 || (code >= 0xe000 && code < 0xf900) || code >= 0xfff0)
      controls++;
  }
  return controls <= text.length / 200 && plain >= text.length * ascii;
}
