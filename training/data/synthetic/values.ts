import type { Random } from '../random.ts';
import { EVERY_WORD, FOREIGN, GIVEN_NAMES, NOUNS, PHRASE_WORDS, SEASONS, TEAMS, WALKS, WORK_WORDS } from './words.ts';

const DIGITS = '0123456789';
const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const HEX = '0123456789abcdef';
const ALNUM = UPPER + LOWER + DIGITS;

const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);
const LEET: Readonly<Record<string, string>> = { a: '@', e: '3', i: '1', o: '0', s: '$', t: '7', l: '1' };
/** Symbols that need no escaping between quotes of most languages. */
const SYMBOLS = '!@#$%*?+-_.^';
const MILD = '-_.!';

function word(random: Random): string {
  const kind = random.next();
  if (kind < 0.4) return random.pick(NOUNS);
  if (kind < 0.55) return random.pick(GIVEN_NAMES);
  if (kind < 0.65) return random.pick(SEASONS);
  if (kind < 0.73) return random.pick(TEAMS);
  if (kind < 0.85) return random.pick(FOREIGN);
  return random.pick(WORK_WORDS);
}

function cased(random: Random, text: string): string {
  const kind = random.next();
  return kind < 0.5 ? capital(text) : kind < 0.92 ? text : text.toUpperCase();
}

const year = (random: Random) => (random.chance(0.5) ? String(1955 + random.int(55)) : String(2005 + random.int(21)));

function tail(random: Random): string {
  const kind = random.next();
  if (kind < 0.3) return year(random);
  if (kind < 0.6) return random.text(DIGITS, 1 + random.int(3));
  if (kind < 0.75) return random.pick(['123', '1234', '12345', '321', '007', '69', '99', '2000', '111']);
  return random.text(DIGITS, 4);
}

function leet(random: Random, text: string): string {
  return [...text].map((c) => (LEET[c] && random.chance(0.6) ? LEET[c] : c)).join('');
}

/** The ways in which people make up passwords; `s` gives the symbols that may be in them. */
const HABITS: readonly ((random: Random, symbols: string) => string)[] = [
  (r) => cased(r, word(r)) + tail(r),
  (r) => cased(r, word(r)) + tail(r),
  (r, s) => capital(word(r)) + tail(r) + r.text(s, 1),
  (r, s) => capital(word(r)) + r.text(s, 1) + tail(r),
  (r) => leet(r, cased(r, word(r))) + (r.chance(0.5) ? tail(r) : ''),
  (r, s) => capital(leet(r, word(r))) + tail(r) + (r.chance(0.4) ? r.text(s, 1) : ''),
  (r) => r.pick(GIVEN_NAMES) + year(r),
  (r, s) => capital(r.pick(SEASONS)) + year(r) + (r.chance(0.5) ? r.text(s, 1) : ''),
  (r) => word(r) + word(r) + (r.chance(0.5) ? tail(r) : ''),
  (r) => capital(word(r)) + capital(word(r)) + (r.chance(0.6) ? tail(r) : ''),
  (r) => Array.from({ length: 3 + r.int(2) }, () => r.pick(PHRASE_WORDS)).join(r.pick(['-', '.', '_', ''])),
  (r, s) => r.pick(WALKS) + (r.chance(0.4) ? r.text(s, 1) : ''),
  (r) => cased(r, r.pick(WALKS)) + tail(r),
  // Four to seven characters.
  (r) => r.pick(EVERY_WORD.filter((w) => w.length >= 4 && w.length <= 7)),
  (r) => r.pick(EVERY_WORD.filter((w) => w.length >= 3 && w.length <= 5)) + r.text(DIGITS, 1 + r.int(2)),
  (r) => r.text(LOWER, 3 + r.int(2)) + r.text(DIGITS, 1 + r.int(3)),
  (r) => r.text(DIGITS, 4 + r.int(5)),
  (r) => word(r),
  // Typed without looking, or made by a small generator.
  (r) => r.text(LOWER + DIGITS, 6 + r.int(5)),
  (r, s) => r.text(ALNUM, 4 + r.int(4)) + r.text(s, 1) + r.text(ALNUM, 3 + r.int(4)),
];

/** What people type who think of nothing: a word, two words, a word and a number. `words`: the words that they know. */
function plainPassword(random: Random, words: readonly string[]): string {
  const one = () => cased(random, random.pick(words));
  const kind = random.next();
  if (kind < 0.55) return one();
  if (kind < 0.75) return one() + random.pick(['', '', '-', '_', '.']) + one();
  if (kind < 0.85)
    return capital(random.pick(words)) + capital(random.pick(words)) + (random.chance(0.3) ? tail(random) : '');
  return one() + tail(random);
}

/**
 * A password as people choose them: four characters and more. `mild`: without symbols that URLs and shells read;
 * `words`: half of them are made of these words and little else.
 */
export function humanPassword(random: Random, options: { mild?: boolean; words?: readonly string[] } = {}): string {
  const { mild = false, words = [] } = options;
  const symbols = mild ? MILD : SYMBOLS;
  for (;;) {
    const isPlain = words.length > 0 && random.chance(0.5);
    const made = isPlain ? plainPassword(random, words) : random.pick(HABITS)(random, symbols);
    const value = mild ? made.replace(/[^\w.!-]/g, '') : made;
    if (value.length >= 4) return value;
  }
}

/** Kinds of values that machines issue. */
export const TOKEN_KINDS = [
  'hex32',
  'hex40',
  'hex64',
  'base64',
  'base64url',
  'base62',
  'upper-digits',
  'lower-digits',
  'digits',
  'uuid',
  'mixed',
] as const;
export type TokenKind = (typeof TOKEN_KINDS)[number];

/** A random value of a kind; `length` where the kind leaves it open. */
export function token(random: Random, kind: TokenKind, length?: number): string {
  switch (kind) {
    case 'hex32':
      return random.text(HEX, length ?? 32);
    case 'hex40':
      return random.text(HEX, length ?? 40);
    case 'hex64':
      return random.text(HEX, length ?? 64);
    case 'base64': {
      const bytes = Buffer.from(
        Array.from({ length: length ?? random.pick([16, 20, 24, 32, 48, 64]) }, () => random.int(256)),
      );
      return bytes.toString('base64');
    }
    case 'base64url':
      return random.text(`${ALNUM}-_`, length ?? random.pick([22, 32, 43, 64]));
    case 'base62':
      return random.text(ALNUM, length ?? random.pick([16, 20, 24, 32, 40]));
    case 'upper-digits':
      return random.text(UPPER + DIGITS, length ?? random.pick([16, 20, 24, 32]));
    case 'lower-digits':
      return random.text(LOWER + DIGITS, length ?? random.pick([12, 16, 20, 24, 32]));
    case 'digits':
      return `${1 + random.int(9)}${random.text(DIGITS, (length ?? random.pick([8, 10, 12, 16])) - 1)}`;
    case 'uuid':
      return uuid(random);
    case 'mixed':
      return random.text(`${ALNUM}!@#%^*_-+`, length ?? random.pick([12, 14, 16, 20, 24]));
  }
}

export function uuid(random: Random): string {
  const h = random.text(HEX, 32);
  return `${h.slice(0, 8)}-${h.slice(8, 12)}-4${h.slice(13, 16)}-${random.pick(['8', '9', 'a', 'b'])}${h.slice(17, 20)}-${h.slice(20)}`;
}

/** Any kind of issued value, the common ones more often. */
export function anyToken(random: Random): string {
  return token(random, random.pick([...TOKEN_KINDS, 'hex32', 'base62', 'base62', 'base64', 'hex40']));
}

/** What authors write where readers put their own. */
export function placeholderValue(random: Random): string {
  const thing = random.pick([
    'password',
    'token',
    'api-key',
    'secret',
    'key',
    'access-token',
    'client-secret',
    'passwd',
  ]);
  const snake = thing.replaceAll('-', '_');
  return random.pick<() => string>([
    () => `your-${thing}`,
    () => `your_${snake}_here`,
    () => `YOUR_${snake.toUpperCase()}`,
    () => `YOUR-${thing.toUpperCase()}-HERE`,
    () => `<${thing}>`,
    () => `<your ${thing.replaceAll('-', ' ')}>`,
    () => `my-${thing}`,
    () => `my_${snake}_${random.int(100)}`,
    () =>
      random.pick(['changeme', 'change-me', 'CHANGE_ME', 'ChangeMe!', 'changeit', 'changethis', 'please-change-me']),
    () =>
      random
        .pick(['xxxx', 'XXXX', 'x', 'X'])
        .repeat(2 + random.int(6))
        .slice(0, 32),
    () => `EXAMPLE${random.text(UPPER + DIGITS, 8)}`,
    () => `${random.text(UPPER + DIGITS, 9)}EXAMPLE`,
    () => `example-${thing}`,
    () => `test-${thing}`,
    () => `test${capital(snake.replace(/_(\w)/g, (_, c: string) => c.toUpperCase()))}`,
    () => `dummy-${thing}-${random.int(1000)}`,
    () => `fake_${snake}`,
    () => `insert-your-${thing}-here`,
    () => `replace_with_${snake}`,
    () => `sample-${thing}`,
    () => `some-${thing}`,
    () => `${thing}-goes-here`,
    () => `not-a-real-${thing}`,
    () =>
      random.pick([
        'foobar',
        'foo',
        'bar-baz',
        'placeholder',
        'redacted',
        'TODO',
        'FIXME',
        'dummy',
        'secret',
        'password',
      ]),
    () => random.pick(['123456789', '1234567890abcdef', 'abcdef123456', 'abc123', '0123456789', 'deadbeefcafe']),
    () => '*'.repeat(4 + random.int(9)),
  ])();
}
