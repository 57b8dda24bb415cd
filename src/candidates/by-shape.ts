import { CHAR_KINDS, codeAt, DIGIT, isQuote, LOWER, UPPER } from '../util/characters.ts';
import { rarity } from '../util/rarity.ts';
import { seeker } from '../util/seek.ts';
import { SHORTEST_RUN, type TokenRuns } from '../util/token-runs.ts';
import type { Literal } from './literal.ts';

/** Longest run that is looked at by shape alone. */
const LONGEST = 1024;

/** What a value looks like that nothing but its shape speaks for. */
export interface ShapedValue extends Literal {
  isUuid: boolean;
}

const PLUS = 0x2b;
const HYPHEN = 0x2d;
const SLASH = 0x2f;
const EQUALS = 0x3d;
const UNDERSCORE = 0x5f;

/** Runs of token characters that look random: digits and letters mixed, or an even mix of cases. */
export function valuesByShape(text: string, runs: TokenRuns): ShapedValue[] {
  const found: ShapedValue[] = [];
  const slash = seeker(text, '/');
  const equals = seeker(text, '=');
  const add = (from: number, to: number) => {
    const value = trimmed(text, equals(from) < to ? behindName(text, from, to) : from, to);
    if (value) found.push(value);
  };
  for (let i = 0; i < runs.length; i += 2) {
    const start = runs[i]!;
    const end = runs[i + 1]!;
    if (end - start > LONGEST || !mayBeRandom(text, start, end)) continue;
    if (slash(start) >= end) add(start, end);
    else for (const [from, to] of segments(text, start, end)) add(from, to);
  }
  return found;
}

/** Whether some part of a run can look random: most runs are words and paths. */
function mayBeRandom(text: string, start: number, end: number): boolean {
  let digits = 0;
  let upper = 0;
  let lower = 0;
  let hyphens = 0;
  for (let i = start; i < end; i++) {
    const code = text.charCodeAt(i);
    const kind = CHAR_KINDS[code];
    if (kind === LOWER) lower++;
    else if (kind === UPPER) upper++;
    else if (kind === DIGIT) digits++;
    else if (code === HYPHEN) hyphens++;
    // A UUID has four hyphens, and perhaps no digit.
    if (digits >= FEWEST_DIGITS || (upper >= FEWEST_OF_CASE && lower >= FEWEST_OF_CASE) || hyphens >= 4) return true;
  }
  return false;
}

/** A run with slashes in it: a path or an address is looked at part by part, base64 is one value. */
function segments(text: string, from: number, to: number): (readonly [number, number])[] {
  const run = text.slice(from, to);
  const opensPath = './:@'.includes(text[from - 1] ?? ' ');
  if (!opensPath && /[+=]/.test(run)) return [[from, to]];
  const parts: [number, number][] = [];
  for (let at = from; at < to; ) {
    const slash = run.indexOf('/', at - from);
    const end = slash < 0 ? to : from + slash;
    if (end - at >= SHORTEST_RUN) parts.push([at, end]);
    at = end + 1;
  }
  // Base64 without a plus sign: no part is long, but the whole is.
  const isBase64 = run.length >= 40 && !opensPath && /\d/.test(run) && /[A-Z]/.test(run);
  return parts.length > 0 || !isBase64 ? parts : [[from, to]];
}

/** Where the value of a `key=value` run begins: behind the last `=` that is no padding. */
function behindName(text: string, from: number, to: number): number {
  let equals = to - 1;
  while (equals >= from && text.charCodeAt(equals) === EQUALS) equals--;
  while (equals >= from && text.charCodeAt(equals) !== EQUALS) equals--;
  return equals + 1;
}

/** The random-looking value of a run, without punctuation before and after it. */
function trimmed(text: string, from: number, to: number): ShapedValue | undefined {
  let start = from;
  let end = to;
  while (start < end && isLeading(text.charCodeAt(start))) start++;
  while (end > start && isTrailing(text.charCodeAt(end - 1))) end--;
  if (end - start < SHORTEST_RUN) return undefined;
  const uuid = isUuid(text, start, end);
  if (!uuid && !looksRandom(text, start, end)) return undefined;
  return { start, end, quoted: isQuote(codeAt(text, start - 1)), isUuid: uuid };
}

function isLeading(code: number): boolean {
  return code === HYPHEN || code === PLUS || code === SLASH || code === EQUALS;
}

function isTrailing(code: number): boolean {
  return code === HYPHEN || code === PLUS || code === SLASH || code === UNDERSCORE;
}

/** Fewer digits, or fewer letters of one case, make nothing look random. */
const FEWEST_DIGITS = 2;
const FEWEST_OF_CASE = 3;
/** Identifiers have few digits, and letters that read like words: `SecurityGroupIds`, `ListBucketsOfUser2`. */
const MOST_DIGITS = 4;
/** Bits a letter. Of a hundred thousand random tokens none has less, whatever their length. */
const RANDOM = 4.6;

const UUID_LENGTH = 36;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

function isUuid(text: string, start: number, end: number): boolean {
  return end - start === UUID_LENGTH && text.charCodeAt(start + 8) === HYPHEN && UUID.test(text.slice(start, end));
}

function looksRandom(text: string, start: number, end: number): boolean {
  const length = end - start;
  let digits = 0;
  let upper = 0;
  let lower = 0;
  let changes = 0;
  let before = 0;
  for (let i = start; i < end; i++) {
    const kind = CHAR_KINDS[text.charCodeAt(i)]!;
    if (kind === DIGIT) digits++;
    else if (kind === UPPER) upper++;
    else if (kind === LOWER) lower++;
    if (kind !== before) changes++;
    before = kind;
  }
  if (upper + lower < 3) return false;
  const isMixed =
    (digits >= FEWEST_DIGITS && changes >= length / 5) ||
    (upper >= FEWEST_OF_CASE && lower >= FEWEST_OF_CASE && changes >= length / 3);
  if (!isMixed) return false;
  return !(digits < MOST_DIGITS && digits < length / 8 && rarity(text.slice(start, end)) < RANDOM);
}
