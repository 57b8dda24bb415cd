import type { Candidate, Syntax } from '../types.ts';
import type { Features } from './index.ts';
import type { NameKind } from './name.ts';
import type { PathSense } from './path.ts';
import { count } from './pieces.ts';

/** A number of the feature vector that is read from a candidate by itself. */
export type OwnColumn = readonly [name: string, of: (input: { candidate: Candidate; features: Features }) => number];

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
export const flag = (name: string, of: (f: Features) => boolean): OwnColumn => [
  name,
  ({ features }) => is(of(features)),
];
export const number = (name: string, of: (f: Features) => number): OwnColumn => [name, ({ features }) => of(features)];

/** Columns in groups, in the order of the feature vector. */
export const OWN = {
  kinds: [
    ...NAME_KINDS.map((kind) => flag(`name is ${kind}`, (f) => f.name.kind === kind)),
    ...SYNTAXES.map((syntax): OwnColumn => [`syntax is ${syntax}`, ({ candidate }) => is(candidate.syntax === syntax)]),
    ...PATH_KINDS.map((kind) => flag(`path is ${kind}`, (f) => f.path.kind === kind)),
  ],
  name: [
    flag('name describes', (f) => f.name.describes),
    flag('name harmless', (f) => f.name.harmless),
    flag('name hash', (f) => f.name.hash),
    flag('name no credential', (f) => f.name.noCredential),
    number('name words', (f) => f.name.words.length),
    ['name length', ({ candidate }) => candidate.name?.length ?? 0],
  ],
  path: [
    flag('path test', (f) => f.path.test),
    flag('path example', (f) => f.path.example),
    flag('path locale', (f) => f.path.locale),
    flag('path lock', (f) => f.path.lock),
    flag('path minified', (f) => f.path.minified),
  ],
  shape: [
    number('length', (f) => f.value.length),
    number('digits', (f) => f.value.digits),
    number('upper', (f) => f.value.upper),
    number('lower', (f) => f.value.lower),
    number('symbols', (f) => f.value.symbols),
    number('spaces', (f) => f.value.spaces),
    number('distinct', (f) => f.value.distinct),
    number('digit share', (f) => f.value.digits / Math.max(1, f.value.length)),
    number('upper share', (f) => f.value.upper / Math.max(1, f.value.length)),
    number('lower share', (f) => f.value.lower / Math.max(1, f.value.length)),
    number('symbol share', (f) => f.value.symbols / Math.max(1, f.value.length)),
    number('distinct share', (f) => f.value.distinct / Math.max(1, Math.min(512, f.value.length))),
    number('entropy', (f) => f.value.entropy),
    number('entropy by length', (f) => f.value.entropy / Math.log2(Math.max(2, Math.min(512, f.value.length)))),
    number('rarity', (f) => f.value.rarity),
    number('longest word', (f) => f.value.longestWord),
    number('changes', (f) => f.value.changes),
  ],
  ends: [
    ['first is upper', ({ candidate }) => is(/^[A-Z]/.test(candidate.value))],
    ['first is digit', ({ candidate }) => is(/^\d/.test(candidate.value))],
    ['first is symbol', ({ candidate }) => is(/^[^A-Za-z\d]/.test(candidate.value))],
    ['last is digit', ({ candidate }) => is(/\d$/.test(candidate.value))],
    ['last is symbol', ({ candidate }) => is(/[^A-Za-z\d]$/.test(candidate.value))],
    ['padding', ({ candidate }) => is(/=$/.test(candidate.value))],
  ],
  depth: [['path depth', ({ candidate }) => count(candidate.chunk.logicalPath, '/')]],
} satisfies Record<string, readonly OwnColumn[]>;

/**
 * What can be told of a candidate by characters of the value, its name, its path and its syntax. It costs next to nothing,
 * and is all that a first look needs.
 */
export const OWN_COLUMNS: readonly OwnColumn[] = Object.values(OWN).flat();
