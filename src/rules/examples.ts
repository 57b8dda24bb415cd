import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { stellarSeedOf, wifOf } from './wallet-keys.ts';

/**
 * Rule examples are texts with holes, filled in at run time, so that nothing that looks like a live token is stored:
 * `token = "ghp_{{alnum:30}}{{crc62}}"`.
 *
 * | hole | becomes |
 * | --- | --- |
 * | `{{SET:N}}` | N characters of a set: `digit hex HEX lower upper alpha alnum ALNUM (upper and digits) lownum (lower and digits) base64 base64url base32` |
 * | `{{[…]:N}}` | N characters of a regular-expression class of plain characters and ranges: `{{[A-Z2-7]:16}}` |
 * | `{{uuid}}` | a random-looking version 4 UUID |
 * | `{{crc62}}` | the six-digit base-62 CRC-32 of the run of word characters after the last `_` (GitHub, npm) |
 * | `{{wif}}`, `{{stellar}}` | a private key as wallets of Bitcoin and Stellar write it, with a checksum that holds |
 * | `{{b64(…)}}`, `{{b64url(…)}}` | base64 of the text inside, holes in it filled first; `b64url` without padding |
 *
 * Characters come from a hash of the text and the position of the hole: the same text is always filled in alike.
 */
export function fillExample(template: string): string {
  let out = '';
  let rest = template;
  let hole = 0;
  for (;;) {
    const open = rest.indexOf('{{');
    if (open < 0) return out + rest;
    const close = closingOf(rest, open);
    out += rest.slice(0, open);
    out += fillHole({ hole: rest.slice(open + 2, close), before: out, seed: `${template}\u0000${hole++}` });
    rest = rest.slice(close + 2);
  }
}

const SETS: Record<string, string> = {
  digit: '0-9',
  hex: '0-9a-f',
  HEX: '0-9A-F',
  lower: 'a-z',
  upper: 'A-Z',
  alpha: 'A-Za-z',
  alnum: 'A-Za-z0-9',
  ALNUM: 'A-Z0-9',
  lownum: 'a-z0-9',
  base64: 'A-Za-z0-9+/',
  base64url: 'A-Za-z0-9_-',
  base32: 'A-Z2-7',
};

function closingOf(text: string, open: number): number {
  let depth = 0;
  for (let i = open; i < text.length - 1; i++) {
    const pair = text.slice(i, i + 2);
    if (pair !== '{{' && pair !== '}}') continue;
    depth += pair === '{{' ? 1 : -1;
    if (depth === 0) return i;
    i++;
  }
  throw new Error(`example has an open hole: ${text}`);
}

function fillHole({ hole, before, seed }: { hole: string; before: string; seed: string }): string {
  if (hole === 'uuid') {
    const h = pick('0123456789abcdef', 32, seed);
    return `${h.slice(0, 8)}-${h.slice(8, 12)}-4${h.slice(13, 16)}-a${h.slice(17, 20)}-${h.slice(20)}`;
  }
  if (hole === 'crc62') return base62(crc32(/[A-Za-z0-9]*$/.exec(before)![0]), 6);
  if (hole === 'wif') return wifOf(bytesOf(seed));
  if (hole === 'stellar') return stellarSeedOf(bytesOf(seed));
  const b64 = /^(b64|b64url)\((.*)\)$/s.exec(hole);
  if (b64) return Buffer.from(fillExample(b64[2]!), 'utf8').toString(b64[1] === 'b64' ? 'base64' : 'base64url');
  const set = /^(?:\[(.+)\]|([A-Za-z0-9]+)):(\d+)$/.exec(hole);
  const ranges = set && (set[1] ?? (Object.hasOwn(SETS, set[2]!) ? SETS[set[2]!] : undefined));
  if (!set || !ranges) throw new Error(`unknown hole in an example: {{${hole}}}`);
  return pick(expand(ranges), Number(set[3]), seed);
}

/** 32 bytes that look random. */
function bytesOf(seed: string): Buffer {
  return createHash('sha256').update(seed).digest();
}

function expand(ranges: string): string {
  return ranges.replace(/(.)-(.)/gs, (_, a: string, b: string) =>
    String.fromCharCode(
      ...Array.from({ length: b.charCodeAt(0) - a.charCodeAt(0) + 1 }, (_v, i) => a.charCodeAt(0) + i),
    ),
  );
}

function pick(alphabet: string, count: number, seed: string): string {
  let out = '';
  for (let block = 0; out.length < count; block++) {
    for (const byte of createHash('sha256').update(`${seed}\u0000${block}`).digest()) {
      if (out.length < count) out += alphabet[byte % alphabet.length];
    }
  }
  return out;
}

/** `value` in base 62 (0-9A-Za-z), padded with zeros to `width` digits. */
export function base62(value: number, width: number): string {
  const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
  let out = '';
  for (let v = value; v > 0; v = Math.floor(v / 62)) out = digits[v % 62] + out;
  return out.padStart(width, '0');
}
