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
    value: ids((bag) => {
      grams(bag, { text: `\u0002${value}\u0003`, from: 1, to: 4, kind: 1 });
      grams(bag, { text: `\u0002${shape(value)}\u0003`, from: 3, to: 6, kind: 2 });
      // With how long it is: a digit in a value of eight is not what it is in one of forty.
      add(bag, 3, String(Math.min(64, candidate.value.length)));
    }),
    name: ids((bag) => {
      grams(bag, { text: `\u0002${name}\u0003`, from: 3, to: 5, kind: 4 });
      for (const word of nameList) add(bag, 5, word);
      for (let i = 1; i < nameList.length; i++) add(bag, 6, `${nameList[i - 1]}_${nameList[i]}`);
      add(bag, 7, nameList.at(-1)!);
      add(bag, 8, `${candidate.syntax}:${nameList.at(-1)}`);
      add(bag, 9, candidate.rules[0]?.id ?? '');
    }),
    line: ids((bag) => {
      grams(bag, { text: before.slice(-60), from: 2, to: 4, kind: 10 });
      grams(bag, { text: after.slice(0, 24), from: 1, to: 3, kind: 11 });
      // What stands right beside the value, with the place it stands in.
      for (let n = 1; n <= 8; n++) add(bag, 12, before.slice(-n));
      for (let n = 1; n <= 5; n++) add(bag, 13, after.slice(0, n));
      for (let n = 1; n <= 3; n++) add(bag, 13 + n, words.at(-n) ?? '');
      for (const word of words) add(bag, 17, word);
      for (const word of after.toLowerCase().match(/[a-z\d]+/g) ?? []) add(bag, 18, word);
      for (const word of path.slice(-120).match(/[a-z]{2,20}/g) ?? []) add(bag, 19, word);
      add(bag, 20, /\.[^./]{1,12}$/.exec(path)?.[0] ?? '');
      add(bag, 21, path.slice(path.lastIndexOf('/') + 1));
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
function grams(bag: number[], input: { text: string; from: number; to: number; kind: number }): void {
  const { text, from, to, kind } = input;
  for (let i = 0; i < text.length; i++) {
    let h = start(kind);
    const stop = Math.min(text.length, i + to);
    for (let j = i; j < stop; j++) {
      h = Math.imul(h ^ text.charCodeAt(j), PRIME);
      if (j - i + 1 >= from) bag.push(bucket(h));
    }
  }
}

function add(bag: number[], kind: number, text: string): void {
  let h = start(kind);
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), PRIME);
  bag.push(bucket(h));
}

/** Mixed and folded to 16 bits. */
function bucket(hash: number): number {
  let h = hash ^ (hash >>> 15);
  h = Math.imul(h, 0x2c1b3c6d);
  return ((h >>> 16) ^ h) & 0xffff;
}

function ids(fill: (bag: number[]) => void): Uint16Array {
  const bag: number[] = [];
  fill(bag);
  const sorted = Uint16Array.from(bag).sort();
  let kept = 0;
  for (let i = 0; i < sorted.length; i++) {
    if (i === 0 || sorted[i] !== sorted[i - 1]) sorted[kept++] = sorted[i]!;
  }
  return sorted.slice(0, kept);
}
