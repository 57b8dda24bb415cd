import type { Syntax } from '../types.ts';

/** A value as it stands in a text: the span without its quotes. */
export interface Literal {
  start: number;
  end: number;
  quoted: boolean;
}

/** Longest value that is read, in UTF-16 code units. */
export const LONGEST_VALUE = 4096;

const QUOTES = new Set(['"', "'", '`']);
/** Where an unquoted value ends. `;` and `&` end values of connection strings and queries. */
const BARE_END = /[\s"'`<>{}|\\]|[,;)\]](?=[\s"'`)\]};,]|$)|&(?=[\w%.[\]-]*=)|;(?=\s*[\w -]*=)/;
const SCHEME_WORD =
  /^(?:Bearer|Basic|Token|Digest|ApiKey|Negotiate|NTLM|OAuth|SSWS|Key|token|bearer|basic)[ \t]+(?=[^\s])/;

/**
 * Reads the value that starts at `at` (white space skipped): a quoted string with its escapes, or an unquoted run.
 * `limit` is where the text that may be read ends.
 */
export function readLiteral(text: string, at: number, limit: number): Literal | undefined {
  let p = skipBlanks(text, at, limit);
  // String prefixes: b'…', r"…", u'…', L"…", @"…", $"…", f"…", :'…'
  const prefix = /^(?:[bBrRuUfFL@$:]{1,2}|\\)(?=["'`])/.exec(text.slice(p, p + 3));
  if (prefix) p += prefix[0].length;
  const quote = text[p];
  if (quote !== undefined && QUOTES.has(quote) && p < limit) {
    const found = readQuoted({ text, at: p, limit, escaped: prefix?.[0].endsWith('\\') === true });
    return found && skipScheme(text, found);
  }
  const window = text.slice(p, Math.min(limit, p + LONGEST_VALUE));
  const scheme = SCHEME_WORD.exec(window);
  if (scheme) return readLiteral(text, p + scheme[0].length, limit);
  const stop = window.search(BARE_END);
  const end = p + (stop < 0 ? window.length : stop);
  return end > p ? { start: p, end: trimBare(text, p, end), quoted: false } : undefined;
}

function skipBlanks(text: string, at: number, limit: number): number {
  let p = at;
  while (p < limit && (text[p] === ' ' || text[p] === '\t')) p++;
  return p;
}

/** Trailing punctuation of prose and code is not part of an unquoted value. */
function trimBare(text: string, start: number, end: number): number {
  let e = end;
  while (e > start + 1 && ',;:)]'.includes(text[e - 1]!)) e--;
  return e;
}

function readQuoted(input: { text: string; at: number; limit: number; escaped: boolean }): Literal | undefined {
  const { text, at, limit, escaped } = input;
  const quote = text[at]!;
  let start = at + 1;
  // Triple quotes: the value ends at the next one.
  if (text[start] === quote && text[start + 1] === quote) start += 2;
  else if (text[start] === quote) return undefined;
  const last = Math.min(limit, start + LONGEST_VALUE);
  for (let p = start; p < last; p++) {
    const c = text[p];
    if (c === '\\' && !(escaped && text[p + 1] === quote)) p++;
    else if (c === quote || (escaped && c === '\\')) return p > start ? { start, end: p, quoted: true } : undefined;
  }
  return undefined;
}

/** `"Bearer abc"`: the value is `abc`. */
function skipScheme(text: string, literal: Literal): Literal {
  const scheme = SCHEME_WORD.exec(text.slice(literal.start, Math.min(literal.end, literal.start + 16)));
  return scheme && literal.start + scheme[0].length < literal.end
    ? { ...literal, start: literal.start + scheme[0].length }
    : literal;
}

/** Quoted strings from `at` to `limit`, at most `most` of them. */
export function quotedStrings(input: { text: string; at: number; limit: number; most: number }): Literal[] {
  const { text, limit, most } = input;
  const found: Literal[] = [];
  let p = input.at;
  while (p < limit && found.length < most) {
    if (!QUOTES.has(text[p]!)) {
      p++;
      continue;
    }
    const literal = readQuoted({ text, at: p, limit, escaped: text[p - 1] === '\\' });
    if (!literal) {
      p++;
      continue;
    }
    found.push(skipScheme(text, literal));
    p = literal.end + 1;
  }
  return found;
}

/** What kind of writing an operator says. */
export function syntaxOf(operator: string, quotedName: boolean): Syntax {
  if (operator.includes('>') && !operator.includes('=') && !operator.includes('-')) return 'xml';
  if (operator.trim() === ':') return quotedName ? 'json' : 'yaml';
  if (operator.includes('(') || operator.includes(',')) return 'call';
  return operator.trim() === '' ? 'flag' : 'assignment';
}
