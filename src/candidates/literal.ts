import type { Syntax } from '../types.ts';
import { asciiSet, codeAt, DIGITS, isIn, isQuote, isSpace, LETTERS } from '../util/characters.ts';

/** A value as it stands in a text: the span without its quotes. */
export interface Literal {
  start: number;
  end: number;
  quoted: boolean;
}

/** Longest value that is read, in UTF-16 code units. */
const LONGEST_VALUE = 4096;

const PLAIN = 0;
/** Ends an unquoted value. */
const ENDS = 1;
/** Ends it where nothing, a blank, a quote or more punctuation follows. */
const ENDS_BEFORE = 2;
const SEMICOLON = 3;
const AMPERSAND = 4;
/** What each ASCII character is to an unquoted value. */
const BARE = new Uint8Array(128).fill(PLAIN);
for (const c of ' \t\n\v\f\r"\'`<>{}|\\') BARE[c.charCodeAt(0)] = ENDS;
for (const c of ',)]') BARE[c.charCodeAt(0)] = ENDS_BEFORE;
BARE[0x3b] = SEMICOLON;
BARE[0x26] = AMPERSAND;

const AFTER_PUNCTUATION = asciiSet('"\'`)]};,');
const WORD = `${LETTERS}${DIGITS}_`;
/** What names in queries and in connection strings are made of. */
const QUERY_NAME = asciiSet(`${WORD}%.[]-`);
const SETTING_NAME = asciiSet(`${WORD} -`);

/** String prefixes: b'…', r"…", u'…', L"…", @"…", $"…", f"…", :'…' */
const PREFIXES = asciiSet('bBrRuUfFL@$:');
const SCHEME_INITIALS = asciiSet('BTDANOSKtb');
const SCHEME_WORD =
  /^(?:Bearer|Basic|Token|Digest|ApiKey|Negotiate|NTLM|OAuth|SSWS|Key|token|bearer|basic)[ \t]+(?=[^\s])/;

const BACKSLASH = 0x5c;
const EQUALS = 0x3d;

/**
 * Reads the value that starts at `at` (white space skipped): a quoted string with its escapes, or an unquoted run.
 * `limit` is where the text that may be read ends.
 */
export function readLiteral(text: string, at: number, limit: number): Literal | undefined {
  const start = skipBlanks(text, at, limit);
  const p = start + prefixLength(text, start);
  if (p < limit && isQuote(text.charCodeAt(p))) {
    const found = readQuoted({ text, at: p, limit, escaped: p > start && text.charCodeAt(p - 1) === BACKSLASH });
    return found && skipScheme(text, found);
  }
  const last = Math.min(limit, p + LONGEST_VALUE);
  const scheme = schemeLength(text, p, last);
  if (scheme > 0) return readLiteral(text, p + scheme, limit);
  const end = bareEnd(text, p, last);
  return end > p ? { start: p, end: trimBare(text, p, end), quoted: false } : undefined;
}

function skipBlanks(text: string, at: number, limit: number): number {
  let p = at;
  while (p < limit && isBlank(text.charCodeAt(p))) p++;
  return p;
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

/** Length of what stands between `at` and the quote that it belongs to: a prefix, or the backslash of an escaped quote. */
function prefixLength(text: string, at: number): number {
  const first = codeAt(text, at);
  if (first !== BACKSLASH && !isIn(PREFIXES, first)) return 0;
  const second = codeAt(text, at + 1);
  if (isQuote(second)) return 1;
  return first !== BACKSLASH && isIn(PREFIXES, second) && isQuote(codeAt(text, at + 2)) ? 2 : 0;
}

/** Length of the word in front of a value that says how to use it, with the blanks behind it: `Bearer `. */
function schemeLength(text: string, at: number, limit: number): number {
  if (at >= limit || !isIn(SCHEME_INITIALS, text.charCodeAt(at))) return 0;
  return SCHEME_WORD.exec(text.slice(at, limit))?.[0].length ?? 0;
}

/** Where an unquoted value ends. `;` and `&` end values of connection strings and queries. */
function bareEnd(text: string, from: number, limit: number): number {
  for (let p = from; p < limit; p++) {
    const code = text.charCodeAt(p);
    const kind = code < 128 ? BARE[code] : isSpace(code) ? ENDS : PLAIN;
    if (kind === PLAIN) continue;
    if (kind === ENDS) return p;
    if (
      kind === AMPERSAND ? namesSetting(text, { at: p + 1, limit, names: QUERY_NAME }) : endsBefore(text, p + 1, limit)
    )
      return p;
    if (kind === SEMICOLON) {
      let at = p + 1;
      while (at < limit && isSpace(text.charCodeAt(at))) at++;
      if (namesSetting(text, { at, limit, names: SETTING_NAME })) return p;
    }
  }
  return limit;
}

/** Whether punctuation in front of `at` is none of a value. */
function endsBefore(text: string, at: number, limit: number): boolean {
  if (at >= limit) return true;
  const code = text.charCodeAt(at);
  return isIn(AFTER_PUNCTUATION, code) || isSpace(code);
}

/** Whether a name of characters in `names` and an equals sign stand at `at`. */
function namesSetting(text: string, place: { at: number; limit: number; names: Uint8Array }): boolean {
  let { at } = place;
  while (at < place.limit && isIn(place.names, text.charCodeAt(at))) at++;
  return at < place.limit && text.charCodeAt(at) === EQUALS;
}

/** Trailing punctuation of prose and code is not part of an unquoted value. */
function trimBare(text: string, start: number, end: number): number {
  let e = end;
  while (e > start + 1 && ',;:)]'.includes(text[e - 1]!)) e--;
  return e;
}

function readQuoted(input: { text: string; at: number; limit: number; escaped: boolean }): Literal | undefined {
  const { text, at, limit, escaped } = input;
  const quote = text.charCodeAt(at);
  let start = at + 1;
  // Triple quotes: the value ends at the next one.
  if (codeAt(text, start) === quote) {
    if (codeAt(text, start + 1) !== quote) return undefined;
    start += 2;
  }
  const last = Math.min(limit, start + LONGEST_VALUE);
  for (let p = start; p < last; p++) {
    const c = text.charCodeAt(p);
    if (c === BACKSLASH && !(escaped && codeAt(text, p + 1) === quote)) p++;
    else if (c === quote || (escaped && c === BACKSLASH))
      return p > start ? { start, end: p, quoted: true } : undefined;
  }
  return undefined;
}

/** `"Bearer abc"`: the value is `abc`. */
function skipScheme(text: string, literal: Literal): Literal {
  const { start, end, quoted } = literal;
  const scheme = schemeLength(text, start, Math.min(end, start + 16));
  return scheme > 0 && start + scheme < end ? { start: start + scheme, end, quoted } : literal;
}

const NONE: readonly Literal[] = [];
/** Half the time of a loop over characters. */
const QUOTE = /["'`]/g;

/** Quoted strings from `at` to `limit`, at most `most` of them. */
export function quotedStrings(input: { text: string; at: number; limit: number; most: number }): readonly Literal[] {
  const { text, at, limit, most } = input;
  if (at >= limit) return NONE;
  const near = text.slice(at, limit);
  let found: Literal[] | undefined;
  for (QUOTE.lastIndex = 0; QUOTE.test(near); ) {
    const p = at + QUOTE.lastIndex - 1;
    const literal = readQuoted({ text, at: p, limit, escaped: codeAt(text, p - 1) === BACKSLASH });
    if (!literal) continue;
    found ??= [];
    found.push(skipScheme(text, literal));
    if (found.length >= most) break;
    QUOTE.lastIndex = literal.end + 1 - at;
  }
  return found ?? NONE;
}

/** What kind of writing an operator says. */
export function syntaxOf(operator: string, quotedName: boolean): Syntax {
  if (operator.includes('>') && !operator.includes('=') && !operator.includes('-')) return 'xml';
  if (operator.trim() === ':') return quotedName ? 'json' : 'yaml';
  if (operator.includes('(') || operator.includes(',')) return 'call';
  return operator.trim() === '' ? 'flag' : 'assignment';
}
