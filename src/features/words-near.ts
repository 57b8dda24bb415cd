import { buildTable, searchTable } from '../rules/keyword-table.ts';
import { asciiSet, codeAt, DIGITS, isIn, LETTERS } from '../util/characters.ts';
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
const LIST = WORDS.flatMap(([sort, words]) => words.split(' ').map((word) => ({ sort, word })));
const table = once(() => buildTable(LIST.map(({ word }) => word)));
/** What `\w` matches. */
const IN_WORD = asciiSet(`${LETTERS}${DIGITS}_`);
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
  let found = 0;
  searchTable(table(), text, (word, start) => {
    const sort = LIST[word]!.sort;
    if ((found & sort) === 0 && (sort !== CALL || isCalled(text, start))) found |= sort;
  });
  return found;
}

/** Whether one of the words of tests stands at `start`, and something of it is called. */
function isCalled(text: string, start: number): boolean {
  if (isIn(IN_WORD, codeAt(text, start - 1))) return false;
  CALLED.lastIndex = start;
  return CALLED.test(text);
}
