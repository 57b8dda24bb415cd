import type { Candidate, Confidence, Syntax } from '../types.ts';
import { rarity } from '../util/rarity.ts';
import { hexRuns } from './hex-runs.ts';
import type { Features } from './index.ts';
import type { NameKind } from './name.ts';
import type { PathSense } from './path.ts';
import { around, near } from './surroundings.ts';
import type { ValueKind } from './value.ts';

interface Input {
  candidate: Candidate;
  features: Features;
  before: string;
  after: string;
  /** The words before the value on its line, lower case: letters, then digits. */
  lineWords: ReadonlySet<string>;
  /** The text round it, over line borders. */
  near: string;
  /** What of that is hexadecimal. */
  hex: ReturnType<typeof hexRuns>;
}

type Column = readonly [name: string, of: (input: Input) => number];

const VALUE_KINDS: readonly ValueKind[] = [
  'pattern',
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
  'other',
];
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
const CONFIDENCE: Readonly<Record<Confidence, number>> = { certain: 3, likely: 2, hint: 1 };
/** Words of names, one column each: what the trees join with the shape of the value. */
const NAME_WORDS =
  'password passwd pwd pass passphrase secret token key api access auth authorization client consumer app user username db database admin root private public session cookie csrf salt nonce seed iv hash digest signature sign sha md5 id uuid guid url uri host email login basic bearer credential credentials account aws azure google github slack webhook ssh rsa cert jwt oauth refresh otp totp pin code test default new old confirm field label message error type name text title'.split(
    ' ',
  );
/** What is told from the words before the value on its line. */
const LINE_WORDS =
  'example test mock fake dummy expect assert equal http https localhost docker curl mysql postgres mongodb redis jdbc export env import require const var let final static public function def return class input label placeholder description integrity sha256 sha1 md5 hash commit version uuid guid id convertto securestring array list map header etag'.split(
    ' ',
  );

const is = (condition: boolean): number => (condition ? 1 : 0);
const flag = (name: string, of: (f: Features) => boolean): Column => [name, ({ features }) => is(of(features))];
const number = (name: string, of: (f: Features) => number): Column => [name, ({ features }) => of(features)];

const COLUMNS: readonly Column[] = [
  ...VALUE_KINDS.map((kind) => flag(`value is ${kind}`, (f) => f.value.kind === kind)),
  ...NAME_KINDS.map((kind) => flag(`name is ${kind}`, (f) => f.name.kind === kind)),
  ...SYNTAXES.map((syntax): Column => [`syntax is ${syntax}`, ({ candidate }) => is(candidate.syntax === syntax)]),
  ...PATH_KINDS.map((kind) => flag(`path is ${kind}`, (f) => f.path.kind === kind)),
  [
    'rule confidence',
    ({ candidate }) => (candidate.match === undefined ? 0 : CONFIDENCE[candidate.rules[0]!.confidence]),
  ],
  ['rules', ({ candidate }) => candidate.rules.length],
  flag('name describes', (f) => f.name.describes),
  flag('name harmless', (f) => f.name.harmless),
  flag('name hash', (f) => f.name.hash),
  flag('name no credential', (f) => f.name.noCredential),
  number('name words', (f) => f.name.words.length),
  ['name length', ({ candidate }) => candidate.name?.length ?? 0],
  ['name upper case', ({ candidate }) => is(/^[A-Z][A-Z\d_]+$/.test(candidate.name ?? ''))],
  ['name has a space', ({ candidate }) => is(/\s/.test(candidate.name ?? ''))],
  ...NAME_WORDS.map((word) => flag(`name has ${word}`, (f) => f.name.words.includes(word))),
  ...LINE_WORDS.map((word): Column => [`line has ${word}`, ({ lineWords }) => is(lineWords.has(word))]),
  flag('path test', (f) => f.path.test),
  flag('path example', (f) => f.path.example),
  flag('path locale', (f) => f.path.locale),
  flag('path lock', (f) => f.path.lock),
  flag('path minified', (f) => f.path.minified),
  flag('placeholder word', (f) => f.placeholder.word),
  flag('monotonous', (f) => f.placeholder.monotonous),
  flag('code words', (f) => f.placeholder.codeWords),
  flag('like name', (f) => f.placeholder.likeName),
  number('same run', (f) => f.placeholder.sameRun),
  flag('quoted', (f) => f.context.quoted),
  flag('bare in code', (f) => f.context.bareInCode),
  flag('goes on', (f) => f.context.goesOn),
  flag('template', (f) => f.context.isTemplate),
  flag('comment', (f) => f.context.comment),
  flag('resource name', (f) => f.context.inResourceName),
  flag('commit', (f) => f.context.isCommit),
  flag('compared', (f) => f.context.compared),
  flag('in a block', (f) => f.context.inBlock),
  number('gap', (f) => f.context.gap),
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
  ['rarest piece', ({ candidate }) => rarestPiece(candidate.value)],
  ['commonest piece', ({ candidate }) => commonestPiece(candidate.value)],
  ['letters in words', ({ candidate }) => lettersInWords(candidate.value)],
  ['first is upper', ({ candidate }) => is(/^[A-Z]/.test(candidate.value))],
  ['first is digit', ({ candidate }) => is(/^\d/.test(candidate.value))],
  ['first is symbol', ({ candidate }) => is(/^[^A-Za-z\d]/.test(candidate.value))],
  ['last is digit', ({ candidate }) => is(/\d$/.test(candidate.value))],
  ['last is symbol', ({ candidate }) => is(/[^A-Za-z\d]$/.test(candidate.value))],
  ['padding', ({ candidate }) => is(/=$/.test(candidate.value))],
  ['slashes', ({ candidate }) => count(candidate.value, '/')],
  ['dots', ({ candidate }) => count(candidate.value, '.')],
  ['dashes', ({ candidate }) => count(candidate.value, '-')],
  ['underscores', ({ candidate }) => count(candidate.value, '_')],
  ['brackets', ({ candidate }) => is(/[[\](){}<>]/.test(candidate.value))],
  ['dollar', ({ candidate }) => is(candidate.value.includes('$'))],
  ['non-ascii', ({ candidate }) => is(/[^\u0000-\u007f]/.test(candidate.value))],
  ['camel case', ({ candidate }) => is(/^[a-z]+(?:[A-Z][a-z]+)+$/.test(candidate.value))],
  [
    'length of a hash',
    ({ candidate }) => is(/^(?:[\da-fA-F]{32}|[\da-fA-F]{40}|[\da-fA-F]{64}|[\da-fA-F]{128})$/.test(candidate.value)),
  ],
  ['length in fours', ({ candidate }) => is(candidate.value.length % 4 === 0)],
  ['before: length', ({ before }) => before.length],
  ['before: last', ({ before }) => charClass(before.at(-1))],
  ['before: indent', ({ before }) => before.length - before.trimStart().length],
  ['before: quotes', ({ before }) => count(before, '"') + count(before, "'")],
  ['before: opens a call', ({ before }) => is(/\(\s*["'`]?$/.test(before))],
  ['before: assigns', ({ before }) => is(/=\s*["'`]?$/.test(before))],
  ['before: colon', ({ before }) => is(/:\s*["'`]?$/.test(before))],
  ['before: arrow', ({ before }) => is(/=>\s*["'`]?$/.test(before))],
  ['before: comma', ({ before }) => is(/,\s*["'`]?$/.test(before))],
  ['before: tag', ({ before }) => is(/>$/.test(before))],
  ['before: dot names', ({ before }) => is(/\w\.\w+\s*[=:(]\s*["'`]?$/.test(before))],
  ['after: length', ({ after }) => after.length],
  ['after: first', ({ after }) => charClass(after[0])],
  ['after: ends', ({ after }) => is(/^["'`]?[,;)}\]]*\s*$/.test(after))],
  ['after: comment', ({ after }) => is(/(?:\/\/|#|<!--|\/\*)/.test(after))],
  ['after: operator', ({ after }) => is(/^["'`]?\s*[+.?:|&]/.test(after))],
  ['near: key set', ({ near }) => is(/["']?kty["']?\s*[:=]/.test(near))],
  ['near: example host', ({ near }) => is(/example\.(?:com|org|net)|contoso|localhost|127\.0\.0\.1/i.test(near))],
  ['near: user', ({ near }) => is(/user(?:name)?|login|e-?mail/i.test(near))],
  ['near: password', ({ near }) => is(/passw|pwd/i.test(near))],
  ['near: secret', ({ near }) => is(/secret|token|api_?key/i.test(near))],
  ['near: example', ({ near }) => is(/\b(?:example|sample|e\.g\.|dummy|fake|mock)\b/i.test(near))],
  ['near: expect', ({ near }) => is(/\b(?:expect|assert|should|describe|it|test)\w*\s*[.(]/.test(near))],
  ['near: env', ({ near }) => is(/environment:|process\.env|getenv|os\.environ|export /.test(near))],
  ['near: same value', ({ near, candidate }) => is(candidate.value.length >= 4 && near.includes(candidate.value))],
  ['near: uuids', ({ hex }) => hex.uuids],
  ['near: long hex', ({ hex }) => hex.long],
  ['name is a file', ({ candidate }) => is(/\.[a-z]{1,5}$|\//.test(candidate.name ?? ''))],
  ['name digits', ({ candidate }) => candidate.name?.match(/\d/g)?.length ?? 0],
  ['name rarity', ({ candidate }) => rarity(candidate.name ?? '')],
  ['name one letter', ({ candidate }) => is((candidate.name ?? '').length === 1)],
  ['password hash', ({ candidate }) => is(/^\{?[A-Z\d]*\}?\$\w{1,12}\$/.test(candidate.value))],
  ['seed of a key', ({ candidate }) => is(/^S[ACNOUX][A-Z2-7]{56}$/.test(candidate.value))],
  ['decodes to text', ({ candidate }) => decodesToText(candidate.value)],
  ['path depth', ({ candidate }) => count(candidate.chunk.logicalPath, '/')],
];

/** What each number of a feature vector is. A gate is bound to this list, in this order. */
export const FEATURE_NAMES: readonly string[] = COLUMNS.map(([name]) => name);

/** The observations on a candidate as finite numbers in single precision, in the order of `FEATURE_NAMES`. */
export function featureVector({ candidate, features }: { candidate: Candidate; features: Features }): number[] {
  const beside = around(candidate);
  const lineWords = new Set(beside.before.toLowerCase().match(/[a-z]+\d*/g));
  const text = near(candidate);
  const input = { candidate, features, ...beside, lineWords, near: text, hex: hexRuns(text) };
  return COLUMNS.map(([, of]) => Math.fround(of(input)));
}

/** Letter runs of a value, as words: `dbPassword2` → `db`, `Password`. Only the first 256 code units are read. */
function words(value: string): string[] {
  return value.slice(0, 256).match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+/g) ?? [];
}

/** Rarity of the rarest run of three letters and more; 0 without one. */
function rarestPiece(value: string): number {
  return words(value).reduce((most, word) => (word.length < 3 ? most : Math.max(most, rarity(word))), 0);
}

/** Rarity of the commonest run of four letters and more; 12 without one. */
function commonestPiece(value: string): number {
  return words(value).reduce((least, word) => (word.length < 4 ? least : Math.min(least, rarity(word))), 12);
}

/** Share of a value that is runs of four letters and more that read like words. */
function lettersInWords(value: string): number {
  const letters = words(value).reduce(
    (sum, word) => sum + (word.length >= 4 && rarity(word) < 4.5 ? word.length : 0),
    0,
  );
  return letters / Math.min(256, Math.max(1, value.length));
}

/** Share of printable ASCII in what a value decodes to from base64; 0 where it is no base64. */
function decodesToText(value: string): number {
  if (value.length < 8 || !/^[\w+/-]+={0,2}$/.test(value)) return 0;
  const bytes = Buffer.from(value.slice(0, 256), 'base64');
  let printable = 0;
  for (const byte of bytes) if (byte >= 32 && byte < 127) printable++;
  return bytes.length === 0 ? 0 : printable / bytes.length;
}

function count(text: string, char: string): number {
  let n = 0;
  for (let i = text.indexOf(char); i >= 0; i = text.indexOf(char, i + 1)) n++;
  return n;
}

const MARKS = [
  '"',
  "'",
  '`',
  '=',
  ':',
  ' ',
  '/',
  '@',
  '>',
  '(',
  ',',
  '<',
  '&',
  ';',
  ')',
  '\\',
  '.',
  '$',
  '{',
  '}',
  '-',
  '_',
  '+',
  '#',
  '%',
];

/** 0 for nothing, 1 for a letter or digit, else the place of the mark in a fixed list, 2 and more. */
function charClass(char: string | undefined): number {
  if (char === undefined) return 0;
  if (/[A-Za-z\d]/.test(char)) return 1;
  return MARKS.indexOf(char) + 3;
}
