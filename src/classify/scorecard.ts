import type { Features } from '../features/index.ts';
import { CREDENTIAL_KINDS, type NameKind } from '../features/name.ts';
import type { PathSense } from '../features/path.ts';
import type { ValueKind } from '../features/value.ts';
import type { Syntax } from '../types.ts';

/** One observation about a candidate: 1 or 0, or a share between them. */
export type Indicator = readonly [id: string, of: (f: Features, syntax: Syntax) => number];

const is = (condition: boolean): number => (condition ? 1 : 0);

const VALUE_KINDS: readonly ValueKind[] = [
  'code',
  'escapes',
  'uuid',
  'hex',
  'digits',
  'base32',
  'url',
  'path',
  'dotted',
  'call',
  'reference',
  'constant',
  'identifier',
  'phrase',
  'words',
  'base64',
  'word-digits',
];
const NAME_KINDS: readonly NameKind[] = [...CREDENTIAL_KINDS, 'salt', 'key', 'user', 'id', 'none'];
const SYNTAXES: readonly Syntax[] = ['assignment', 'json', 'yaml', 'call', 'flag', 'xml', 'url', 'token'];
const PATH_KINDS: readonly PathSense['kind'][] = ['code', 'config', 'data', 'doc', 'shell', 'template'];

/** The observations, in the order of the weights. Their weights are fitted on the train split by `training/fit-scorecard.mjs`. */
export const INDICATORS: readonly Indicator[] = [
  ...VALUE_KINDS.map((kind): Indicator => [`value-${kind}`, (f) => is(f.value.kind === kind)]),
  ...NAME_KINDS.map((kind): Indicator => [`name-${kind}`, (f) => is(f.name.kind === kind)]),
  ...SYNTAXES.map((syntax): Indicator => [`syntax-${syntax}`, (_, s) => is(s === syntax)]),
  ...PATH_KINDS.map((kind): Indicator => [`path-${kind}`, (f) => is(f.path.kind === kind)]),
  ['name-describes', (f) => is(f.name.describes)],
  ['name-harmless', (f) => is(f.name.harmless)],
  ['path-test', (f) => is(f.path.test)],
  ['path-example', (f) => is(f.path.example)],
  ['path-locale', (f) => is(f.path.locale)],
  ['path-lock', (f) => is(f.path.lock)],
  ['path-minified', (f) => is(f.path.minified)],
  ['placeholder-word', (f) => is(f.placeholder.word)],
  ['monotonous', (f) => is(f.placeholder.monotonous)],
  ['code-words', (f) => is(f.placeholder.codeWords)],
  ['like-name', (f) => is(f.placeholder.likeName)],
  ['quoted', (f) => is(f.context.quoted)],
  ['bare-in-code', (f) => is(f.context.bareInCode)],
  ['goes-on', (f) => is(f.context.goesOn)],
  ['comment', (f) => is(f.context.comment)],
  ['compared', (f) => is(f.context.compared)],
  ['gap-over-6', (f) => is(f.context.gap > 6)],
  ['gap-over-30', (f) => is(f.context.gap > 30)],
  ...[4, 6, 8, 12, 16, 20, 24, 32, 40, 64, 128, 256].map(
    (n): Indicator => [`length-${n}`, (f) => is(f.value.length >= n)],
  ),
  ...[3.5, 4.2, 5, 6, 7, 8, 9].map((n): Indicator => [`rarity-${n}`, (f) => is(f.value.rarity >= n)]),
  ...[2, 2.6, 3, 3.4, 3.8, 4.2, 4.8].map((n): Indicator => [`entropy-${n}`, (f) => is(f.value.entropy >= n)]),
  ...[0.15, 0.3, 0.45].map((n): Indicator => [`changes-${n}`, (f) => is(f.value.changes >= n)]),
  ['digits', (f) => is(f.value.digits > 0)],
  ['digit-share', (f) => f.value.digits / f.value.length],
  ['upper-and-lower', (f) => is(f.value.upper > 0 && f.value.lower > 0)],
  ['symbols', (f) => is(f.value.symbols > 0)],
  ['symbol-share', (f) => f.value.symbols / f.value.length],
  ['spaces', (f) => is(f.value.spaces > 0)],
  ['example-data', (f) => is(f.path.example && f.path.kind === 'data')],
  ['long-word', (f) => is(f.value.longestWord >= 12)],
  ['mixed', (f) => is(f.value.digits > 0 && f.value.upper > 0 && f.value.lower > 0)],
  ['odd-symbols', (f) => is(f.value.symbols > 0 && f.value.kind === 'other')],
  ['password-quoted', (f) => is(f.name.kind === 'password' && f.context.quoted)],
  [
    'password-word',
    (f) => is(f.name.kind === 'password' && (f.value.kind === 'words' || f.value.kind === 'identifier')),
  ],
  ['url-word', (f, s) => is(s === 'url' && (f.value.kind === 'words' || f.value.kind === 'word-digits'))],
  ['url-code-word', (f, s) => is(s === 'url' && (f.placeholder.codeWords || f.placeholder.likeName))],
  ['password-rare', (f) => is(f.name.kind === 'password' && f.value.rarity >= 5)],
  ['password-describes', (f) => is(f.name.kind === 'password' && f.name.describes)],
  ['strong-name-rare', (f) => is(CREDENTIAL_KINDS.has(f.name.kind) && f.value.rarity >= 6 && f.value.length >= 16)],
  ['strong-name-hex', (f) => is(CREDENTIAL_KINDS.has(f.name.kind) && f.value.kind === 'hex')],
  ['weak-name-hex', (f) => is(!CREDENTIAL_KINDS.has(f.name.kind) && f.value.kind === 'hex')],
  ['strong-name-uuid', (f) => is(CREDENTIAL_KINDS.has(f.name.kind) && f.value.kind === 'uuid')],
  ['named-id-uuid', (f) => is((f.name.kind === 'id' || f.name.kind === 'user') && f.value.kind === 'uuid')],
  ['weak-name-long', (f) => is(!CREDENTIAL_KINDS.has(f.name.kind) && f.value.length >= 20)],
  ['key-short', (f) => is(f.name.kind === 'key' && f.value.length < 16)],
  ['shape-only', (f, s) => is(s === 'token' && f.name.kind === 'none')],
  ['bare-rare', (f) => is(f.context.bareInCode && f.value.rarity >= 5)],
  ['quoted-rare', (f) => is(f.context.quoted && f.value.rarity >= 5)],
  ['config-bare', (f) => is(!f.context.quoted && (f.path.kind === 'config' || f.path.kind === 'shell'))],
  ['doc-bare', (f) => is(!f.context.quoted && f.path.kind === 'doc')],
];

/** Weight for each indicator id, and the start that all scores begin with. In natural log odds. */
export interface Weights {
  bias: number;
  weights: Readonly<Record<string, number>>;
}

/** Probability that a candidate is a secret, and what each observation added (log odds). */
export function score(input: { features: Features; syntax: Syntax; weights: Weights }): {
  probability: number;
  parts: readonly (readonly [id: string, logOdds: number])[];
} {
  let sum = input.weights.bias;
  const parts: [string, number][] = [];
  for (const [id, of] of INDICATORS) {
    const part = of(input.features, input.syntax) * (input.weights.weights[id] ?? 0);
    if (part !== 0) parts.push([id, part]);
    sum += part;
  }
  return { probability: 1 / (1 + Math.exp(-sum)), parts };
}
