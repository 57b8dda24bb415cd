import type { Candidate } from '../types.ts';
import { CHAR_KINDS, DIGIT, LOWER, UPPER } from '../util/characters.ts';
import { nameWords } from './name.ts';
import { around } from './surroundings.ts';

/** What n-grams are read from: the value itself, the name it is bound to, and the line and path round it. */
export const NGRAM_FIELDS = ['value', 'name', 'line'] as const;
export type NgramField = (typeof NGRAM_FIELDS)[number];
/** Numbers of the hash table of one field: n-grams that share a number share a weight. */
export const NGRAM_BUCKETS = 65_536;
/** Part of what a gate is bound to: raise it when n-grams are read differently. */
export const NGRAM_VERSION = 1;

/** The n-grams of a candidate as distinct bucket numbers, by field. */
export type NgramIds = Record<NgramField, Uint16Array>;

/** UTF-16 code units read of the two ends of a value. */
const HEAD = 48;
const TAIL = 12;

/** The n-grams of a candidate, sorted. Nothing in them depends on other candidates. */
export function ngramIds(candidate: Candidate): NgramIds {
  const { value, name, line } = ngramsOf(candidate);
  return { value: value.sort(), name: name.sort(), line: line.sort() };
}

/** The same in the order in which they are met: it makes no difference to a sum. */
export function ngramsOf(candidate: Candidate): NgramIds {
  const value = valueNgrams(candidate.value);
  const name = nameNgrams(candidate);
  return { value, name, line: lineNgrams(candidate) };
}

function valueNgrams(value: string): Uint16Array {
  const text = ends(value);
  write(text);
  grams(1, 4, 1);
  shape(text.length);
  grams(3, 6, 2);
  // With how long it is: a digit in a value of eight is not what it is in one of forty.
  add(3, String(Math.min(64, value.length)));
  return collected();
}

function nameNgrams({ name = '', syntax, rules }: Candidate): Uint16Array {
  const text = nameWords(name);
  write(text);
  grams(3, 5, 4);
  let before = 0;
  let start = 0;
  for (let end = text.indexOf('_'); end >= 0; end = text.indexOf('_', start)) {
    add(5, text, start, end);
    if (start > 0) add(6, text, before, end);
    before = start;
    start = end + 1;
  }
  add(5, text, start);
  if (start > 0) add(6, text, before);
  add(7, text, start);
  add(8, `${syntax}:${text.slice(start)}`);
  add(9, rules[0]?.id ?? '');
  return collected();
}

function lineNgrams(candidate: Candidate): Uint16Array {
  const { before, after } = around(candidate);
  const path = candidate.chunk.logicalPath.toLowerCase();
  copy(before, Math.max(0, before.length - 60), before.length);
  grams(2, 4, 10);
  copy(after, 0, Math.min(24, after.length));
  grams(1, 3, 11);
  // What stands right beside the value, with the place it stands in.
  for (let n = 1; n <= 8; n++) add(12, before, Math.max(0, before.length - n));
  for (let n = 1; n <= 5; n++) add(13, after, 0, Math.min(n, after.length));
  const lower = before.toLowerCase();
  let end = lower.length;
  for (let n = 1; n <= 3; n++) {
    while (end > 0 && !isWord(lower.charCodeAt(end - 1))) end--;
    let start = end;
    while (start > 0 && isWord(lower.charCodeAt(start - 1))) start--;
    add(13 + n, lower, start, end);
    end = start;
  }
  addWords(17, lower);
  addWords(18, after.toLowerCase());
  for (const word of path.slice(-120).match(/[a-z]{2,20}/g) ?? []) add(19, word);
  add(20, /\.[^./]{1,12}$/.exec(path)?.[0] ?? '');
  add(21, path, path.lastIndexOf('/') + 1);
  return collected();
}

function ends(value: string): string {
  return value.length <= HEAD + TAIL ? value : `${value.slice(0, HEAD)}\u0004${value.slice(-TAIL)}`;
}

/** What n-grams are read from, as code units: reading them from a string takes twice as long. */
let codes = new Uint16Array(256);
let length = 0;

/** Takes a part of a text. */
function copy(text: string, from: number, to: number): void {
  length = 0;
  if (to - from + 2 > codes.length) codes = new Uint16Array(2 * (to - from + 2));
  for (let i = from; i < to; i++) codes[length++] = text.charCodeAt(i);
}

/** Takes a text, with marks for its start and its end. */
function write(text: string): void {
  copy(text, 0, text.length);
  codes.copyWithin(1, 0, length);
  codes[0] = 2;
  codes[length + 1] = 3;
  length += 2;
}

const SHAPES: Readonly<Record<number, number>> = { [UPPER]: 0x41, [LOWER]: 0x61, [DIGIT]: 0x39 };
/** What stands for each ASCII character: `Passw0rd!` → `Aaaaa9aa!`. */
const SHAPE = Uint8Array.from(CHAR_KINDS, (kind, code) => SHAPES[kind] ?? code);

/** Makes the shape of the `count` code units between the marks out of them. */
function shape(count: number): void {
  for (let i = 1; i <= count; i++) if (codes[i]! < 128) codes[i] = SHAPE[codes[i]!]!;
}

/** FNV-1a over UTF-16 code units, started from the kind of the n-gram. */
const PRIME = 16777619;
const startOf = (kind: number): number => Math.imul(2166136261 ^ kind, PRIME);

/** Every n-gram of `from` to `to` code units of what has been taken, in one pass. */
function grams(from: number, to: number, kind: number): void {
  const first = startOf(kind);
  const text = codes;
  const end = length;
  for (let i = 0; i < end; i++) {
    let h = first;
    const stop = Math.min(end, i + to);
    for (let j = i; j < stop; j++) {
      h = Math.imul(h ^ text[j]!, PRIME);
      if (j - i + 1 >= from) mark(bucket(h));
    }
  }
}

/** A part of `text` as a whole. */
function add(kind: number, text: string, from = 0, to = text.length): void {
  let h = startOf(kind);
  for (let i = from; i < to; i++) h = Math.imul(h ^ text.charCodeAt(i), PRIME);
  mark(bucket(h));
}

/** Every run of lower case letters and digits. */
function addWords(kind: number, text: string): void {
  const first = startOf(kind);
  let h = first;
  let isOpen = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (isWord(code)) {
      h = Math.imul(h ^ code, PRIME);
      isOpen = true;
    } else if (isOpen) {
      mark(bucket(h));
      h = first;
      isOpen = false;
    }
  }
  if (isOpen) mark(bucket(h));
}

/** A lower case letter or a digit. */
function isWord(code: number): boolean {
  return code < 128 && (CHAR_KINDS[code] === LOWER || CHAR_KINDS[code] === DIGIT);
}

/** Mixed and folded to 16 bits. */
function bucket(hash: number): number {
  let h = hash ^ (hash >>> 15);
  h = Math.imul(h, 0x2c1b3c6d);
  return ((h >>> 16) ^ h) & 0xffff;
}

/** The buckets that have been met since the last {@link collected}, in their order, and one bit for each. */
const found = new Uint16Array(NGRAM_BUCKETS);
let count = 0;
const met = new Int32Array(NGRAM_BUCKETS / 32);

function mark(bucketNumber: number): void {
  const at = bucketNumber >> 5;
  const bit = 1 << (bucketNumber & 31);
  if ((met[at]! & bit) !== 0) return;
  met[at]! |= bit;
  found[count++] = bucketNumber;
}

/** What has been met, and nothing has been from now on. */
function collected(): Uint16Array {
  const all = found.slice(0, count);
  for (const bucketNumber of all) met[bucketNumber >> 5] = 0;
  count = 0;
  return all;
}
