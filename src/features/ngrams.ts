import type { Candidate } from '../types.ts';
import { nameWords } from './name.ts';
import { around } from './surroundings.ts';

/** What n-grams are read from: the value itself, the name it is bound to, and the line and path round it. */
export const NGRAM_FIELDS = ['value', 'name', 'line'] as const;
export type NgramField = (typeof NGRAM_FIELDS)[number];
/** Numbers of the hash table of one field: n-grams that share a number share a weight. */
export const NGRAM_BUCKETS = 65_536;
/** Part of what a gate is bound to: raise it when n-grams are read differently. */
export const NGRAM_VERSION = 1;

/** UTF-16 code units read of the two ends of a value. */
const HEAD = 48;
const TAIL = 12;

/** The n-grams of a candidate as sorted, distinct bucket numbers, by field. Nothing in them depends on other candidates. */
export function ngramIds(candidate: Candidate): Record<NgramField, Uint16Array> {
  const { before, after } = around(candidate);
  const value = ends(candidate.value);
  const name = nameWords(candidate.name ?? '');
  const nameList = name.split('_');
  const path = candidate.chunk.logicalPath.toLowerCase();
  const words = before.toLowerCase().match(/[a-z\d]+/g) ?? [];
  return {
    value: ids(() => {
      grams({ text: `\u0002${value}\u0003`, from: 1, to: 4, kind: 1 });
      grams({ text: `\u0002${shape(value)}\u0003`, from: 3, to: 6, kind: 2 });
      // With how long it is: a digit in a value of eight is not what it is in one of forty.
      add(3, String(Math.min(64, candidate.value.length)));
    }),
    name: ids(() => {
      grams({ text: `\u0002${name}\u0003`, from: 3, to: 5, kind: 4 });
      for (const word of nameList) add(5, word);
      for (let i = 1; i < nameList.length; i++) add(6, `${nameList[i - 1]}_${nameList[i]}`);
      add(7, nameList.at(-1)!);
      add(8, `${candidate.syntax}:${nameList.at(-1)}`);
      add(9, candidate.rules[0]?.id ?? '');
    }),
    line: ids(() => {
      grams({ text: before.slice(-60), from: 2, to: 4, kind: 10 });
      grams({ text: after.slice(0, 24), from: 1, to: 3, kind: 11 });
      // What stands right beside the value, with the place it stands in.
      for (let n = 1; n <= 8; n++) add(12, before.slice(-n));
      for (let n = 1; n <= 5; n++) add(13, after.slice(0, n));
      for (let n = 1; n <= 3; n++) add(13 + n, words.at(-n) ?? '');
      for (const word of words) add(17, word);
      for (const word of after.toLowerCase().match(/[a-z\d]+/g) ?? []) add(18, word);
      for (const word of path.slice(-120).match(/[a-z]{2,20}/g) ?? []) add(19, word);
      add(20, /\.[^./]{1,12}$/.exec(path)?.[0] ?? '');
      add(21, path.slice(path.lastIndexOf('/') + 1));
    }),
  };
}

function ends(value: string): string {
  return value.length <= HEAD + TAIL ? value : `${value.slice(0, HEAD)}\u0004${value.slice(-TAIL)}`;
}

/** `Passw0rd!` → `Aaaaa9aa!`. */
function shape(value: string): string {
  return value.replace(/[A-Z]/g, 'A').replace(/[a-z]/g, 'a').replace(/\d/g, '9');
}

/** FNV-1a over UTF-16 code units, started from the kind of the n-gram. */
const PRIME = 16777619;
const start = (kind: number): number => Math.imul(2166136261 ^ kind, PRIME);

/** Every n-gram of `text` of `from` to `to` code units; one pass, no substrings. */
function grams(input: { text: string; from: number; to: number; kind: number }): void {
  const { text, from, to, kind } = input;
  for (let i = 0; i < text.length; i++) {
    let h = start(kind);
    const stop = Math.min(text.length, i + to);
    for (let j = i; j < stop; j++) {
      h = Math.imul(h ^ text.charCodeAt(j), PRIME);
      if (j - i + 1 >= from) mark(bucket(h));
    }
  }
}

function add(kind: number, text: string): void {
  let h = start(kind);
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), PRIME);
  mark(bucket(h));
}

/** Mixed and folded to 16 bits. */
function bucket(hash: number): number {
  let h = hash ^ (hash >>> 15);
  h = Math.imul(h, 0x2c1b3c6d);
  return ((h >>> 16) ^ h) & 0xffff;
}

const found = new Uint16Array(NGRAM_BUCKETS);
/** One bit a bucket: what has been met since the last {@link ids}. */
const met = new Uint32Array(NGRAM_BUCKETS / 32);

function mark(bucketNumber: number): void {
  met[bucketNumber >> 5]! |= 1 << (bucketNumber & 31);
}

/** The buckets that `fill` marks, in their order. */
function ids(fill: () => void): Uint16Array {
  met.fill(0);
  fill();
  let count = 0;
  for (let i = 0; i < met.length; i++) {
    for (let bits = met[i]!; bits !== 0; bits &= bits - 1) found[count++] = (i << 5) | (31 - Math.clz32(bits & -bits));
  }
  return found.slice(0, count);
}
