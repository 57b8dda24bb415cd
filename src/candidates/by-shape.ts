import { rarity } from '../util/rarity.ts';
import type { Literal } from './literal.ts';

/** Shortest run that is looked at by shape alone. */
const SHORTEST = 16;
const LONGEST = 1024;

/** 1: letters, digits and the punctuation of base64, base64url, UUIDs and tokens. */
const TOKEN_CHARS = new Uint8Array(128);
for (const c of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-+/=') TOKEN_CHARS[c.charCodeAt(0)] = 1;

/** Runs of token characters that look random: digits and letters mixed, or an even mix of cases. */
export function valuesByShape(text: string): Literal[] {
  const found: Literal[] = [];
  let start = -1;
  for (let i = 0; i <= text.length; i++) {
    const code = i < text.length ? text.charCodeAt(i) : 0;
    if (code < 128 && TOKEN_CHARS[code] === 1) {
      if (start < 0) start = i;
    } else if (start >= 0) {
      if (i - start >= SHORTEST && i - start <= LONGEST) {
        for (const [from, to] of segments(text, start, i)) {
          const literal = trim(text, from, to);
          if (literal && looksRandom(text.slice(literal.start, literal.end))) found.push(literal);
        }
      }
      start = -1;
    }
  }
  return found;
}

/** A path or an address is looked at part by part; base64 may have slashes in it. */
function segments(text: string, from: number, to: number): (readonly [number, number])[] {
  const run = text.slice(from, to);
  if (!run.includes('/') || (/[+=]/.test(run) && !'./:@'.includes(text[from - 1] ?? ' '))) return [[from, to]];
  const parts: [number, number][] = [];
  for (let at = from; at < to; ) {
    const slash = text.indexOf('/', at);
    const end = slash < 0 || slash > to ? to : slash;
    if (end - at >= SHORTEST) parts.push([at, end]);
    at = end + 1;
  }
  // Base64 without a plus sign: no part is long, but the whole is.
  const isBase64 = run.length >= 40 && !'./:@'.includes(text[from - 1] ?? ' ') && /\d/.test(run) && /[A-Z]/.test(run);
  return parts.length > 0 || !isBase64 ? parts : [[from, to]];
}

/** `key=value` runs are cut at the `=`; leading and trailing punctuation is dropped. */
function trim(text: string, from: number, to: number): Literal | undefined {
  let start = from;
  let end = to;
  const run = text.slice(from, to);
  const equals = run.replace(/=+$/, '').lastIndexOf('=');
  if (equals >= 0) start = from + equals + 1;
  while (start < end && '-+/='.includes(text[start]!)) start++;
  while (end > start && '-+/_'.includes(text[end - 1]!)) end--;
  if (end - start < SHORTEST) return undefined;
  const before = text[start - 1];
  return { start, end, quoted: before === '"' || before === "'" || before === '`' };
}

/** Identifiers have few digits, and letters that read like words: `SecurityGroupIds`, `ListBucketsOfUser2`. */
const MOST_DIGITS = 4;
/** Bits a letter. Of a hundred thousand random tokens none has less, whatever their length. */
const RANDOM = 4.6;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export function isUuid(value: string): boolean {
  return value.length === 36 && UUID.test(value);
}

function looksRandom(run: string): boolean {
  if (isUuid(run)) return true;
  let digits = 0;
  let upper = 0;
  let lower = 0;
  let changes = 0;
  let kind = 0;
  for (let i = 0; i < run.length; i++) {
    const c = run.charCodeAt(i);
    const now = c >= 48 && c <= 57 ? 1 : c >= 65 && c <= 90 ? 2 : c >= 97 && c <= 122 ? 3 : 4;
    if (now === 1) digits++;
    else if (now === 2) upper++;
    else if (now === 3) lower++;
    if (now !== kind) changes++;
    kind = now;
  }
  const letters = upper + lower;
  if (letters < 3) return false;
  const isMixed = (digits >= 2 && changes >= run.length / 5) || (upper >= 3 && lower >= 3 && changes >= run.length / 3);
  return isMixed && !(digits < MOST_DIGITS && digits < run.length / 8 && rarity(run) < RANDOM);
}
