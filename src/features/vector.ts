import type { Confidence } from '../types.ts';
import { rarity } from '../util/rarity.ts';
import { hexRuns } from './hex-runs.ts';
import { type Columns, is, joined, OWN, type Own, type Row, writeOneOf } from './own-columns.ts';
import { charClass, count, decodesToText, pieces } from './pieces.ts';
import { around, near } from './surroundings.ts';
import type { ValueKind } from './value.ts';
import { writeWordsNear } from './words-near.ts';

interface Seen extends Own {
  before: string;
  after: string;
}

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

const placeOf = (words: readonly string[]): ReadonlyMap<string, number> => new Map(words.map((word, i) => [word, i]));
const NAME_PLACES = placeOf(NAME_WORDS);
const LINE_PLACES = placeOf(LINE_WORDS);

/** Writes 1 for each of the words that has a column. */
function writeWords(words: readonly string[], places: ReadonlyMap<string, number>, row: Row, at: number): void {
  for (const word of words) {
    const place = places.get(word);
    if (place !== undefined) row[at + place] = 1;
  }
}

const VALUE_KIND: Columns<Seen> = {
  names: VALUE_KINDS.map((kind) => `value is ${kind}`),
  write: ({ features }, row, at) => writeOneOf(VALUE_KINDS, features.value.kind, row, at),
};

const RULES: Columns<Seen> = {
  names: ['rule confidence', 'rules'],
  write({ candidate: { match, rules } }, row, at) {
    row[at] = match === undefined ? 0 : CONFIDENCE[rules[0]!.confidence];
    row[at + 1] = rules.length;
  },
};

const NAME: Columns<Seen> = {
  names: ['name upper case', 'name has a space', ...NAME_WORDS.map((word) => `name has ${word}`)],
  write({ candidate: { name = '' }, features }, row, at) {
    row[at] = is(/^[A-Z][A-Z\d_]+$/.test(name));
    row[at + 1] = is(/\s/.test(name));
    writeWords(features.name.words, NAME_PLACES, row, at + 2);
  },
};

/** The words before the value on its line: letters, then digits. */
const LINE: Columns<Seen> = {
  names: LINE_WORDS.map((word) => `line has ${word}`),
  write: ({ before }, row, at) => writeWords(before.toLowerCase().match(/[a-z]+\d*/g) ?? [], LINE_PLACES, row, at),
};

const SENSES: Columns<Seen> = {
  names: [
    ...['placeholder word', 'monotonous', 'code words', 'like name', 'same run'],
    ...[
      'quoted',
      'bare in code',
      'goes on',
      'template',
      'comment',
      'resource name',
      'commit',
      'compared',
      'in a block',
    ],
    'gap',
  ],
  write({ features: { placeholder, context } }, row, at) {
    row[at] = is(placeholder.word);
    row[at + 1] = is(placeholder.monotonous);
    row[at + 2] = is(placeholder.codeWords);
    row[at + 3] = is(placeholder.likeName);
    row[at + 4] = placeholder.sameRun;
    row[at + 5] = is(context.quoted);
    row[at + 6] = is(context.bareInCode);
    row[at + 7] = is(context.goesOn);
    row[at + 8] = is(context.isTemplate);
    row[at + 9] = is(context.comment);
    row[at + 10] = is(context.inResourceName);
    row[at + 11] = is(context.isCommit);
    row[at + 12] = is(context.compared);
    row[at + 13] = is(context.inBlock);
    row[at + 14] = context.gap;
  },
};

const PIECES: Columns<Seen> = {
  names: ['rarest piece', 'commonest piece', 'letters in words'],
  write({ candidate }, row, at) {
    const { rarest, commonest, lettersInWords } = pieces(candidate.value);
    row[at] = rarest;
    row[at + 1] = commonest;
    row[at + 2] = lettersInWords;
  },
};

const CHARACTERS: Columns<Seen> = {
  names: [
    ...['slashes', 'dots', 'dashes', 'underscores', 'brackets', 'dollar', 'non-ascii', 'camel case'],
    ...['length of a hash', 'length in fours'],
  ],
  write({ candidate: { value } }, row, at) {
    row[at] = count(value, '/');
    row[at + 1] = count(value, '.');
    row[at + 2] = count(value, '-');
    row[at + 3] = count(value, '_');
    row[at + 4] = is(/[[\](){}<>]/.test(value));
    row[at + 5] = is(value.includes('$'));
    row[at + 6] = is(/[^\u0000-\u007f]/.test(value));
    row[at + 7] = is(/^[a-z]+(?:[A-Z][a-z]+)+$/.test(value));
    row[at + 8] = is(/^(?:[\da-fA-F]{32}|[\da-fA-F]{40}|[\da-fA-F]{64}|[\da-fA-F]{128})$/.test(value));
    row[at + 9] = is(value.length % 4 === 0);
  },
};

const BEFORE: Columns<Seen> = {
  names: [
    'length',
    'last',
    'indent',
    'quotes',
    ...['opens a call', 'assigns', 'colon', 'arrow', 'comma', 'tag', 'dot names'],
  ].map((name) => `before: ${name}`),
  write({ before }, row, at) {
    /** Up to the quote that the value stands in, and the white space before that. */
    const lead = (/["'`]$/.test(before) ? before.slice(0, -1) : before).trimEnd();
    const last = lead.at(-1);
    row[at] = before.length;
    row[at + 1] = charClass(before.at(-1));
    row[at + 2] = before.length - before.trimStart().length;
    row[at + 3] = count(before, '"') + count(before, "'");
    row[at + 4] = is(last === '(');
    row[at + 5] = is(last === '=');
    row[at + 6] = is(last === ':');
    row[at + 7] = is(lead.endsWith('=>'));
    row[at + 8] = is(last === ',');
    row[at + 9] = is(before.endsWith('>'));
    const named = last === '=' || last === ':' || last === '(' ? lead.slice(0, -1).trimEnd() : '';
    row[at + 10] = is(/\w\.\w+$/.test(named));
  },
};

const AFTER: Columns<Seen> = {
  names: ['length', 'first', 'ends', 'comment', 'operator'].map((name) => `after: ${name}`),
  write({ after }, row, at) {
    row[at] = after.length;
    row[at + 1] = charClass(after[0]);
    row[at + 2] = is(/^["'`]?[,;)}\]]*\s*$/.test(after));
    row[at + 3] = is(/\/\/|#|<!--|\/\*/.test(after));
    row[at + 4] = is(/^["'`]?\s*[+.?:|&]/.test(after));
  },
};

const NEAR: Columns<Seen> = {
  names: [
    ...['key set', 'example host', 'user', 'password', 'secret', 'example', 'expect', 'env', 'same value'],
    ...['uuids', 'long hex'],
  ].map((name) => `near: ${name}`),
  write({ candidate }, row, at) {
    const text = near(candidate);
    const { value } = candidate;
    writeWordsNear(text, row, at);
    row[at + 8] = is(value.length >= 4 && text.includes(value));
    const { uuids, long } = hexRuns(text);
    row[at + 9] = uuids;
    row[at + 10] = long;
  },
};

const NAME_LOOK: Columns<Seen> = {
  names: ['name is a file', 'name digits', 'name rarity', 'name one letter'],
  write({ candidate: { name = '' } }, row, at) {
    row[at] = is(/\.[a-z]{1,5}$|\//.test(name));
    row[at + 1] = name.match(/\d/g)?.length ?? 0;
    row[at + 2] = rarity(name);
    row[at + 3] = is(name.length === 1);
  },
};

const FORMATS: Columns<Seen> = {
  names: ['password hash', 'seed of a key', 'decodes to text'],
  write({ candidate: { value } }, row, at) {
    row[at] = is(/^\{?[A-Z\d]*\}?\$\w{1,12}\$/.test(value));
    row[at + 1] = is(/^S[ACNOUX][A-Z2-7]{56}$/.test(value));
    row[at + 2] = decodesToText(value);
  },
};

const COLUMNS: Columns<Seen> = joined([
  ...[VALUE_KIND, OWN.kinds, RULES, OWN.name, NAME, LINE, OWN.path, SENSES, OWN.shape, PIECES, OWN.ends],
  ...[CHARACTERS, BEFORE, AFTER, NEAR, NAME_LOOK, FORMATS, OWN.depth],
]);

/** What each number of a feature vector is. A gate is bound to this list, in this order. */
export const FEATURE_NAMES: readonly string[] = COLUMNS.names;

/** The observations on a candidate as finite numbers in single precision, in the order of `FEATURE_NAMES`. */
export function featureVector({ candidate, features }: Own): Float32Array {
  const row = new Float32Array(FEATURE_NAMES.length);
  COLUMNS.write({ candidate, features, ...around(candidate) }, row, 0);
  return row;
}
