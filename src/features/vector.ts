import type { Candidate, Confidence } from '../types.ts';
import { rarity } from '../util/rarity.ts';
import { hexRuns } from './hex-runs.ts';
import type { Features } from './index.ts';
import { flag, is, OWN } from './own-columns.ts';
import { charClass, commonestPiece, count, decodesToText, lettersInWords, rarestPiece } from './pieces.ts';
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

const COLUMNS: readonly Column[] = [
  ...VALUE_KINDS.map((kind) => flag(`value is ${kind}`, (f) => f.value.kind === kind)),
  ...OWN.kinds,
  [
    'rule confidence',
    ({ candidate }) => (candidate.match === undefined ? 0 : CONFIDENCE[candidate.rules[0]!.confidence]),
  ],
  ['rules', ({ candidate }) => candidate.rules.length],
  ...OWN.name,
  ['name upper case', ({ candidate }) => is(/^[A-Z][A-Z\d_]+$/.test(candidate.name ?? ''))],
  ['name has a space', ({ candidate }) => is(/\s/.test(candidate.name ?? ''))],
  ...NAME_WORDS.map((word) => flag(`name has ${word}`, (f) => f.name.words.includes(word))),
  ...LINE_WORDS.map((word): Column => [`line has ${word}`, ({ lineWords }) => is(lineWords.has(word))]),
  ...OWN.path,
  flag('placeholder word', (f) => f.placeholder.word),
  flag('monotonous', (f) => f.placeholder.monotonous),
  flag('code words', (f) => f.placeholder.codeWords),
  flag('like name', (f) => f.placeholder.likeName),
  ['same run', ({ features }) => features.placeholder.sameRun],
  flag('quoted', (f) => f.context.quoted),
  flag('bare in code', (f) => f.context.bareInCode),
  flag('goes on', (f) => f.context.goesOn),
  flag('template', (f) => f.context.isTemplate),
  flag('comment', (f) => f.context.comment),
  flag('resource name', (f) => f.context.inResourceName),
  flag('commit', (f) => f.context.isCommit),
  flag('compared', (f) => f.context.compared),
  flag('in a block', (f) => f.context.inBlock),
  ['gap', ({ features }) => features.context.gap],
  ...OWN.shape,
  ['rarest piece', ({ candidate }) => rarestPiece(candidate.value)],
  ['commonest piece', ({ candidate }) => commonestPiece(candidate.value)],
  ['letters in words', ({ candidate }) => lettersInWords(candidate.value)],
  ...OWN.ends,
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
  ...OWN.depth,
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
