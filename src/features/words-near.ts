import { CHAR_KINDS, DIGIT, LOWER, UPPER } from '../util/characters.ts';
import { once } from '../util/once.ts';
import { is, type Row } from './own-columns.ts';

/** The sorts of words, one bit each. Words of the last five only hint at what a pattern has to find. */
const USER = 1;
const PASSWORD = 2;
const SECRET = 4;
const KEY_SET = 8;
const HOST = 16;
const EXAMPLE = 32;
const ENVIRONMENT = 64;
const CALL = 128;

const WORDS: readonly [sort: number, words: string][] = [
  [USER, 'user login email e-mail'],
  [PASSWORD, 'passw pwd'],
  [SECRET, 'secret token apikey api_key'],
  [KEY_SET, 'kty'],
  [HOST, 'example. contoso localhost 127.'],
  [EXAMPLE, 'example sample e.g. dummy fake mock'],
  [ENVIRONMENT, 'environment process.env getenv os.environ export'],
  [CALL, 'expect assert should describe it test'],
];
const CALLED = /(?:expect|assert|should|describe|it|test)\w*\s*[.(]/y;

/** Writes 1 for each sort of word that stands in the text round a value, whose words are looked for in one pass. */
export function writeWordsNear(near: string, row: Row, at: number): void {
  const sorts = sortsIn(near);
  row[at] = is((sorts & KEY_SET) !== 0 && /kty["']?\s*[:=]/.test(near));
  row[at + 1] = is((sorts & HOST) !== 0 && /example\.(?:com|org|net)|contoso|localhost|127\.0\.0\.1/i.test(near));
  row[at + 2] = is((sorts & USER) !== 0);
  row[at + 3] = is((sorts & PASSWORD) !== 0);
  row[at + 4] = is((sorts & SECRET) !== 0);
  row[at + 5] = is((sorts & EXAMPLE) !== 0 && /\b(?:example|sample|e\.g\.|dummy|fake|mock)\b/i.test(near));
  row[at + 6] = is((sorts & CALL) !== 0);
  row[at + 7] = is((sorts & ENVIRONMENT) !== 0 && /environment:|process\.env|getenv|os\.environ|export /.test(near));
}

/** The sorts of words in a text, whatever their case; calls are found for sure. */
function sortsIn(text: string): number {
  const { classes, next, sorts, lengths } = words();
  let found = 0;
  let state = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    state = next[(state << 5) | (code < 128 ? classes[code]! : 0)]!;
    const sort = sorts[state]!;
    if ((sort & ~found) === 0) continue;
    found |= sort & ~CALL;
    if ((sort & ~found & CALL) !== 0 && isCalled(text, i + 1 - lengths[state]!)) found |= CALL;
  }
  return found;
}

/** Whether one of the words of tests stands at `start`, and something of it is called. */
function isCalled(text: string, start: number): boolean {
  if (start > 0 && isWord(text.charCodeAt(start - 1))) return false;
  CALLED.lastIndex = start;
  return CALLED.test(text);
}

/** Whether a code unit is a letter, a digit or `_`, as `\w` has it. */
function isWord(code: number): boolean {
  if (code >= 128) return false;
  const kind = CHAR_KINDS[code];
  return kind === LOWER || kind === UPPER || kind === DIGIT || code === 0x5f;
}

/**
 * A table that finds all words at once (Aho and Corasick's): of each state and class of characters the next state. The words
 * are made of less than 32 characters; all others are class 0. A state's sorts are those of the words that end there, and its
 * length is that of its own word.
 */
const words = once(() => {
  const classes = new Uint8Array(128);
  const list = WORDS.flatMap(([sort, words]) => words.split(' ').map((word) => ({ sort, word })));
  for (const [i, char] of [...new Set(list.flatMap(({ word }) => [...word]))].entries()) {
    classes[char.charCodeAt(0)] = i + 1;
    classes[char.toUpperCase().charCodeAt(0)] = i + 1;
  }
  const most = 1 + list.reduce((sum, { word }) => sum + word.length, 0);
  const next = new Uint16Array(most << 5);
  const sorts = new Uint8Array(most);
  const lengths = new Uint8Array(most);
  let states = 1;
  for (const { sort, word } of list) {
    let state = 0;
    for (let i = 0; i < word.length; i++) {
      const at = (state << 5) | classes[word.charCodeAt(i)]!;
      if (next[at] === 0) next[at] = states++;
      state = next[at]!;
    }
    sorts[state]! |= sort;
    lengths[state] = word.length;
  }
  // Where a word does not go on, the longest end of it goes on that is the start of a word. Short words come first.
  const fallbacks = new Uint16Array(states);
  const queue = [0];
  for (const state of queue) {
    const fallback = fallbacks[state]!;
    for (let c = 0; c < 32; c++) {
      const child = next[(state << 5) | c]!;
      const other = state === 0 ? 0 : next[(fallback << 5) | c]!;
      if (child === 0) {
        next[(state << 5) | c] = other;
        continue;
      }
      fallbacks[child] = other;
      sorts[child]! |= sorts[other]!;
      lengths[child] ||= lengths[other]!;
      queue.push(child);
    }
  }
  return { classes, next, sorts, lengths };
});
