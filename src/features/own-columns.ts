import type { Candidate, Syntax } from '../types.ts';
import { CHAR_KINDS, DIGIT, LOWER, UPPER } from '../util/characters.ts';
import type { Features } from './index.ts';
import type { NameKind } from './name.ts';
import type { PathSense } from './path.ts';
import { count } from './pieces.ts';

/** Where numbers of a feature vector are written to: in single precision, and 0 before. */
export type Row = Float32Array;

/**
 * Neighbours in the feature vector. They are written together: a function for each number would be a call, and code of its
 * own to V8, for each of 290.
 */
export interface Columns<Seen> {
  names: readonly string[];
  /** Writes the numbers of what is seen, the first of them at `at`. */
  write: (seen: Seen, row: Row, at: number) => void;
}

/** What can be told of a candidate by itself. */
export interface Own {
  candidate: Candidate;
  features: Features;
}

const NAME_KINDS: readonly NameKind[] = [
  'password',
  'secret',
  'private-key',
  'api-key',
  'token',
  'auth',
  'salt',
  'key',
  'user',
  'id',
  'other',
  'none',
];
const SYNTAXES: readonly Syntax[] = [
  'assignment',
  'json',
  'yaml',
  'ini',
  'xml',
  'call',
  'flag',
  'url',
  'query',
  'header',
  'sql',
  'connection-string',
  'block',
  'token',
  'provider',
];
const PATH_KINDS: readonly PathSense['kind'][] = ['code', 'config', 'data', 'doc', 'shell', 'template', 'key', 'other'];
export const is = (condition: boolean): number => (condition ? 1 : 0);

/** Writes 1 for the one of `all` that it is. */
export function writeOneOf<T>(all: readonly T[], one: T, row: Row, at: number): void {
  const index = all.indexOf(one);
  if (index >= 0) row[at + index] = 1;
}

const named = (what: string, kinds: readonly string[]): string[] => kinds.map((kind) => `${what} is ${kind}`);

/** Columns in groups, in the order of the feature vector. */
export const OWN = {
  kinds: {
    names: [...named('name', NAME_KINDS), ...named('syntax', SYNTAXES), ...named('path', PATH_KINDS)],
    write({ candidate, features }, row, at) {
      writeOneOf(NAME_KINDS, features.name.kind, row, at);
      writeOneOf(SYNTAXES, candidate.syntax, row, at + NAME_KINDS.length);
      writeOneOf(PATH_KINDS, features.path.kind, row, at + NAME_KINDS.length + SYNTAXES.length);
    },
  },
  name: {
    names: ['name describes', 'name harmless', 'name hash', 'name no credential', 'name words', 'name length'],
    write({ candidate, features: { name } }, row, at) {
      row[at] = is(name.describes);
      row[at + 1] = is(name.harmless);
      row[at + 2] = is(name.hash);
      row[at + 3] = is(name.noCredential);
      row[at + 4] = name.words.length;
      row[at + 5] = candidate.name?.length ?? 0;
    },
  },
  path: {
    names: ['path test', 'path example', 'path locale', 'path lock', 'path minified'],
    write({ features: { path } }, row, at) {
      row[at] = is(path.test);
      row[at + 1] = is(path.example);
      row[at + 2] = is(path.locale);
      row[at + 3] = is(path.lock);
      row[at + 4] = is(path.minified);
    },
  },
  shape: {
    names: [
      ...['length', 'digits', 'upper', 'lower', 'symbols', 'spaces', 'distinct'],
      ...['digit share', 'upper share', 'lower share', 'symbol share', 'distinct share'],
      ...['entropy', 'entropy by length', 'rarity', 'longest word', 'changes'],
    ],
    write({ features: { value } }, row, at) {
      const length = Math.max(1, value.length);
      row[at] = value.length;
      row[at + 1] = value.digits;
      row[at + 2] = value.upper;
      row[at + 3] = value.lower;
      row[at + 4] = value.symbols;
      row[at + 5] = value.spaces;
      row[at + 6] = value.distinct;
      row[at + 7] = value.digits / length;
      row[at + 8] = value.upper / length;
      row[at + 9] = value.lower / length;
      row[at + 10] = value.symbols / length;
      row[at + 11] = value.distinct / Math.min(512, length);
      row[at + 12] = value.entropy;
      row[at + 13] = value.entropy / Math.log2(Math.max(2, Math.min(512, length)));
      row[at + 14] = value.rarity;
      row[at + 15] = value.longestWord;
      row[at + 16] = value.changes;
    },
  },
  ends: {
    names: ['first is upper', 'first is digit', 'first is symbol', 'last is digit', 'last is symbol', 'padding'],
    write({ candidate: { value } }, row, at) {
      if (value === '') return;
      const first = asciiKind(value.charCodeAt(0));
      const last = asciiKind(value.charCodeAt(value.length - 1));
      row[at] = is(first === UPPER);
      row[at + 1] = is(first === DIGIT);
      row[at + 2] = is(isSymbol(first));
      row[at + 3] = is(last === DIGIT);
      row[at + 4] = is(isSymbol(last));
      row[at + 5] = is(value.endsWith('='));
    },
  },
  depth: {
    names: ['path depth'],
    write({ candidate }, row, at) {
      row[at] = count(candidate.chunk.logicalPath, '/');
    },
  },
} satisfies Record<string, Columns<Own>>;

/** Of what kind a code unit is; undefined outside of ASCII. */
const asciiKind = (code: number): number | undefined => (code < 128 ? CHAR_KINDS[code] : undefined);

/** No letter and no digit of ASCII. */
const isSymbol = (kind: number | undefined): boolean => kind !== UPPER && kind !== LOWER && kind !== DIGIT;

/**
 * What can be told of a candidate by characters of the value, its name, its path and its syntax. It costs next to nothing,
 * and is all that a first look needs.
 */
export const OWN_COLUMNS: Columns<Own> = joined(Object.values(OWN));

/** Columns one behind the other. */
export function joined<Seen>(groups: readonly Columns<Seen>[]): Columns<Seen> {
  return {
    names: groups.flatMap(({ names }) => names),
    write(seen, row, at) {
      let next = at;
      for (const { names, write } of groups) {
        write(seen, row, next);
        next += names.length;
      }
    },
  };
}
