import { buildTable, type KeywordTable, searchTable } from './keyword-table.ts';

/** Called for every occurrence of a keyword: its number in the list and where it starts. */
export type OnHit = (keyword: number, start: number) => void;

/** Finds every occurrence of every keyword, ASCII case ignored. */
export interface Prefilter {
  readonly keywords: readonly string[];
  search(text: string, onHit: OnHit): void;
}

/** Texts up to this length (code units) are searched keyword by keyword until the table has been built. */
const SMALL_TEXT = 16_384;
/** So much text in small pieces makes the table worth its construction; each piece takes as long as so much text more. */
const WORTH_A_TABLE = 262_144;
const EACH = 512;

/**
 * A prefilter over `keywords` (lower-case ASCII). Small inputs, such as a commit, are searched with `indexOf`; an
 * Aho-Corasick table is built when the first large text comes. Both report the same hits, in another order.
 */
export function createPrefilter(keywords: readonly string[]): Prefilter {
  let table: KeywordTable | undefined;
  let seen = 0;
  return {
    keywords,
    search(text, onHit) {
      seen += text.length + EACH;
      if (!table && (text.length > SMALL_TEXT || seen > WORTH_A_TABLE)) table = buildTable(keywords);
      if (table) searchTable(table, text, onHit);
      else searchOneByOne(keywords, text, onHit);
    },
  };
}

function searchOneByOne(keywords: readonly string[], text: string, onHit: OnHit): void {
  const lower = lowerAscii(text);
  for (let k = 0; k < keywords.length; k++) {
    const keyword = keywords[k]!;
    for (let at = lower.indexOf(keyword); at >= 0; at = lower.indexOf(keyword, at + 1)) onHit(k, at);
  }
}

/** `toLowerCase` makes two characters of `İ` and a plain `k` of the Kelvin sign; offsets and hits must not move. */
function lowerAscii(text: string): string {
  return /[\u0130\u212a]/.test(text) ? text.replace(/[A-Z]+/g, (s) => s.toLowerCase()) : text.toLowerCase();
}
