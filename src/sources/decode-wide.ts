import type { Encoding } from '../types.ts';

/** Encodings of which a character takes two or four bytes. */
export type Wide = 'utf-16le' | 'utf-16be' | 'utf-32le' | 'utf-32be';

/** Whether an encoding is one of two or four bytes a character. */
export function isWide(encoding: Encoding): encoding is Wide {
  return encoding.startsWith('utf-16') || encoding.startsWith('utf-32');
}

/** Bytes of one code unit. */
export function unitWidth(encoding: Encoding): 1 | 2 | 4 {
  return encoding.startsWith('utf-32') ? 4 : encoding.startsWith('utf-16') ? 2 : 1;
}

const SAMPLE = 4096;

/** UTF-16 or UTF-32 by byte order mark, else by the pattern of NUL bytes that mostly western text has in them. */
export function sniffWide(bytes: Buffer): Wide | undefined {
  const [a, b, c, d] = bytes;
  if (a === 0xff && b === 0xfe) return c === 0 && d === 0 && bytes.length % 4 === 0 ? 'utf-32le' : 'utf-16le';
  if (a === 0xfe && b === 0xff) return 'utf-16be';
  if (a === 0 && b === 0 && c === 0xfe && d === 0xff) return 'utf-32be';
  const sample = bytes.subarray(0, Math.min(bytes.length, SAMPLE) & ~3 || bytes.length & ~1);
  if (sample.length < 4) return undefined;
  const nul = [0, 0, 0, 0];
  let plain = 0;
  for (let i = 0; i < sample.length; i++) {
    if (sample[i] === 0) nul[i & 3]!++;
    else if (isPlain(sample[i]!)) plain++;
  }
  const [n0, n1, n2, n3] = nul as [number, number, number, number];
  const quarter = sample.length / 4;
  const [odd, even] = [n1 + n3, n0 + n2];
  // Other scripts have NUL bytes in line ends and blanks only (and in a few of their own characters, at the other side),
  // but their bytes do not read as ASCII: that would be a text with a stray NUL.
  const foreign = sample.length >= 128 && plain < sample.length * 0.7;
  const candidates: [boolean, Wide][] = [
    [n3 > quarter * 0.95 && n2 > quarter * 0.95 && n0 < quarter * 0.05, 'utf-32le'],
    [n0 > quarter * 0.95 && n1 > quarter * 0.95 && n3 < quarter * 0.05, 'utf-32be'],
    [(odd >= quarter * 0.5 && even <= quarter * 0.02) || (foreign && odd >= quarter * 0.04), 'utf-16le'],
    [(even >= quarter * 0.5 && odd <= quarter * 0.02) || (foreign && even >= quarter * 0.04), 'utf-16be'],
  ];
  return candidates.find(([fits, encoding]) => fits && looksLikeText(decodeUnits(sample, encoding)))?.[1];
}

/** Random data read as UTF-16 is one eighth surrogates without a partner and private characters. */
function looksLikeText(text: string): boolean {
  // The sample may end inside a pair.
  const strange =
    text.match(/[\p{Cc}\p{Cs}\p{Co}\p{Cn}]/gu)?.filter((character) => !/[\t\n\f\r]/.test(character)) ?? [];
  return strange.length <= 1 + text.length * 0.01;
}

/**
 * Text of UTF-16 or UTF-32 bytes without its byte order mark. Longer runs of plain ASCII bytes in UTF-16 are read as
 * ASCII: that is what a file looks like to which a shell has appended a line that did not know of its encoding.
 */
export function decodeWide(bytes: Buffer, encoding: Wide): string {
  const text = unitWidth(encoding) === 4 ? decodeUnits(bytes, encoding) : decodeMixed(bytes, encoding);
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

// 24 bytes are 12 characters: that so many in a row of Chinese text have two printable bytes happens once in 100 000.
const ASCII_RUN = 24;

function decodeMixed(bytes: Buffer, encoding: Wide): string {
  let text = '';
  let done = 0;
  for (let i = 0; i < bytes.length; i++) {
    let end = i;
    while (end < bytes.length && isPlain(bytes[end]!)) end++;
    if (end - i >= ASCII_RUN) {
      // A byte at the rim may be half of a UTF-16 character.
      const from = i + ((i - done) & 1);
      const to = encoding === 'utf-16le' && bytes[end] === 0 ? end - 1 : end;
      text += decodeUnits(bytes.subarray(done, from), encoding) + bytes.toString('latin1', from, to);
      done = to;
    }
    i = end;
  }
  return text + decodeUnits(bytes.subarray(done), encoding);
}

function isPlain(byte: number): boolean {
  return (byte >= 32 && byte < 127) || byte === 10 || byte === 13 || byte === 9;
}

function decodeUnits(bytes: Buffer, encoding: Wide): string {
  if (encoding === 'utf-16le') return bytes.toString('ucs2');
  if (encoding === 'utf-16be')
    return Buffer.from(bytes.subarray(0, bytes.length & ~1))
      .swap16()
      .toString('ucs2');
  let text = '';
  for (let i = 0; i + 4 <= bytes.length; i += 4) {
    const code = encoding === 'utf-32le' ? bytes.readUInt32LE(i) : bytes.readUInt32BE(i);
    text += code > 0x10ffff ? '\ufffd' : String.fromCodePoint(code);
  }
  return text;
}
