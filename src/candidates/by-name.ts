import type { Syntax } from '../types.ts';
import { asciiSet, codeAt, DIGITS, isIn, isQuote, isSpace, LETTERS } from '../util/characters.ts';
import { seeker } from '../util/seek.ts';
import { type Literal, quotedStrings, readLiteral, syntaxOf } from './literal.ts';
import { ownName } from './own-name.ts';

/** A value found by the name that it is bound to. */
export interface NamedValue extends Literal {
  name: string;
  /** Where the trigger word's name starts: the nearest one in front of a value is the likeliest. */
  nameStart: number;
  syntax: Syntax;
  /** The operator follows the name at once; otherwise the value only stands further on in the line. */
  direct: boolean;
}

const IN_NAME = asciiSet(`${LETTERS}${DIGITS}_$.-`);
const LONGEST_NAME = 80;
/** How much of a line after a name is read. */
const REACH = 1024;
/** How much of it is searched for strings that no operator binds, and how many of them are taken. */
const STRINGS_REACH = 300;
const MOST_STRINGS = 6;

/**
 * What may stand between a name and its value: closing quotes and brackets, a type annotation, an operator. The groups are
 * what closes, and the operator. Every repeat is bounded, and none goes on behind the end of a line.
 */
const BINDING =
  /^((?:\\?["'`]|\]|\)|\}\}?){0,4})(?:[ \t]{0,8}:[ \t]{0,4}[&*]?(?:'static )?[A-Za-z_][\w.<>[\]?|& ]{0,40}?(?=[ \t]{0,8}=[ \t]?[^=>\s]))?([ \t]{0,40}(?:\|\|=|\?\?=|===?|!==?|=>|:=|\?=|\+=|->|<-|=|::|:|,|\|)(?:[ \t]{0,40}=)?[ \t]{0,40}|[ \t]{0,4}\/?>[ \t]{0,4}|[ \t]{0,4}\([ \t]{0,4}|[ \t]{1,16}(?:is|IS|BY|by)[ \t]{0,4}[:=]?[ \t]{1,4}|[ \t]{1,16}|%3[DdAa])/;
const LONGEST_BINDING = 256;
/** What a binding can begin with. */
const OPENS_BINDING = asciiSet(' \t\\"\'`])}|?=!:+-<,/>(%');

const COLON = 0x3a;
const SLASH = 0x2f;
const HYPHEN = 0x2d;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

const NONE: readonly NamedValue[] = [];

/** Reads the values of a text that are bound to names. */
export interface NameReader {
  /**
   * The values bound to the name round `hit` (the start of a trigger word), unless that name was read at the last hit.
   * Several, when the name is followed by a call or a list: which of them is the secret is for the classifier to say.
   */
  valuesAt(hit: number): readonly NamedValue[];
}

/** A reader of `text`, to be asked about places in their order. */
export function nameReader(text: string): NameReader {
  const newline = seeker(text, '\n');
  let lastEnd = -1;
  return {
    valuesAt(hit) {
      if (hit < lastEnd) return NONE;
      const start = nameStart(text, hit);
      const end = nameEnd(text, hit);
      if (end - start > LONGEST_NAME) return NONE;
      lastEnd = end;
      // `otpauth://…`: the start of an address binds nothing; what its query binds has a name of its own.
      if (isInBlob(text, start, end) || opensAddress(text, end)) return NONE;
      return valuesOf(text, { start, end, lineEnd: beforeReturn(text, Math.min(newline(end), end + REACH)) });
    },
  };
}

/** The values bound to the name from `start` to `end`, in its line. */
function valuesOf(text: string, place: { start: number; end: number; lineEnd: number }): readonly NamedValue[] {
  const { start, end, lineEnd } = place;
  const opening = codeAt(text, end);
  const isQuoted = isQuote(opening) && codeAt(text, start - 1) === opening;
  const beside = besideName(text, end);
  let bound: NamedValue | undefined;
  let operator = '';
  if (isIn(OPENS_BINDING, opening)) {
    const binding = BINDING.exec(text.slice(end, Math.min(lineEnd, end + LONGEST_BINDING)));
    if (binding) {
      operator = binding[2]!;
      const value = boundValue(text, { at: end + binding[0].length, lineEnd, operator, nameStart: start });
      if (value) {
        const syntax = syntaxOf(operator, /["'`]/.test(binding[1]!));
        bound = namedValue(value, { name: text.slice(start, end), nameStart: start, syntax, direct: true });
      }
    }
  }
  let found: NamedValue[] | undefined;
  const add = (value: NamedValue) => {
    if (found) found.push(value);
    else found = [value];
  };
  if (bound) add(bound);
  if (beside) add(namedValue(beside, { name: text.slice(start, end), nameStart: start, syntax: 'yaml', direct: true }));
  // What an operator binds in quotes is the value; what else is quoted in the line belongs to others. Behind a comma or
  // in a call the first text may be no more than a name: `{ name: "password", value: "…" }`.
  const first = bound ?? beside;
  if (first?.quoted && !operator.includes(',') && !operator.includes('(')) return found ?? NONE;
  // A quoted name: its closing quote opens nothing.
  const after = isQuoted ? end + 1 : end;
  const limit = Math.min(lineEnd, end + STRINGS_REACH);
  for (const value of quotedStrings({ text, at: after, limit, most: MOST_STRINGS })) {
    if (first?.start === value.start) continue;
    const name = ownName(text, value.start) ?? text.slice(start, end);
    add(namedValue(value, { name, nameStart: start, syntax: 'call', direct: false }));
  }
  return found ?? NONE;
}

function namedValue(literal: Literal, rest: Omit<NamedValue, keyof Literal>): NamedValue {
  const { start, end, quoted } = literal;
  const { name, nameStart, syntax, direct } = rest;
  return { start, end, quoted, name, nameStart, syntax, direct };
}

/** The value behind an operator, in its line or in the next one, if the operator can bind it. */
function boundValue(
  text: string,
  place: { at: number; lineEnd: number; operator: string; nameStart: number },
): Literal | undefined {
  const { at, lineEnd, operator, nameStart } = place;
  const value = readLiteral(text, at, lineEnd) ?? onNextLine(text, at, lineEnd);
  if (!value) return undefined;
  const sign = operator.trim();
  const binds = value.quoted
    ? sign !== '|'
    : isPlainOperator(operator, sign) || (sign === '' && isFlagLike(text, nameStart, value));
  return binds ? value : undefined;
}

const VALUE_BESIDE =
  /^["']?[ \t]{0,8}[,{]?[ \t]*\r?\n(?:[ \t]*["']?(?:type|description|sensitive|required)["']?[ \t]*[:=][^\n]{0,120}\n){0,3}[ \t]*["']?(?:value|default|defaultValue|stringValue)["']?[ \t]*[:=][ \t]*/i;
const BESIDE_REACH = 480;

/** `name: DB_PASSWORD` and, on one of the next lines, `value: …`; `variable "db_password" {` and `default = …`. */
function besideName(text: string, end: number): Literal | undefined {
  if (!endsLine(text, end)) return undefined;
  const lead = VALUE_BESIDE.exec(text.slice(end, end + BESIDE_REACH));
  if (!lead) return undefined;
  const at = end + lead[0].length;
  return readLiteral(text, at, endOfLine(text, at, REACH));
}

/** Whether nothing stands behind a name in its line but a quote, a comma or a bracket. */
function endsLine(text: string, end: number): boolean {
  let at = end;
  if (isQuote(codeAt(text, at))) at++;
  for (const limit = Math.min(text.length, end + BESIDE_REACH); at < limit; at++) {
    const code = text.charCodeAt(at);
    if (code === LINE_FEED || code === CARRIAGE_RETURN) return true;
    if (code !== 0x20 && code !== 0x09 && code !== 0x2c && code !== 0x7b) return false;
  }
  return false;
}

/** Operators that an unquoted value may follow. `|` is one in tables only. */
function isPlainOperator(operator: string, sign: string): boolean {
  return sign === '|' ? /^[ \t]+\|[ \t]+$/.test(operator) : sign !== '' && !/[(,!]|==/.test(sign);
}

/** How much round a name tells whether it stands in a blob, and how long that is at least. */
const BLOB_REACH = 24;
const SHORTEST_BLOB = 40;
const IN_BLOB = asciiSet(`${LETTERS}${DIGITS}+/,;=`);

/** Source maps and other dense data: words of names stand in it by chance. */
function isInBlob(text: string, start: number, end: number): boolean {
  const from = Math.max(0, start - BLOB_REACH);
  const to = Math.min(text.length, end + BLOB_REACH);
  if (to - from <= SHORTEST_BLOB) return false;
  for (let i = end; i < to; i++) if (!isIn(IN_BLOB, text.charCodeAt(i))) return false;
  for (let i = end - 1; i >= from; i--) if (!isIn(IN_BLOB, text.charCodeAt(i))) return false;
  const around = text.slice(from, to);
  // `Host=a;Password=b`: in base64 an equals sign ends something, and minified code joins with commas.
  return around.includes(',') || !/=\w/.test(around);
}

/** Where the identifier round `hit` starts: `config.db-password`. */
function nameStart(text: string, hit: number): number {
  let start = hit;
  while (start > 0 && hit - start < LONGEST_NAME && isNameCharacter(text.charCodeAt(start - 1))) start--;
  return start;
}

function nameEnd(text: string, hit: number): number {
  let end = hit;
  while (end < text.length && end - hit < LONGEST_NAME && isNameCharacter(text.charCodeAt(end))) end++;
  return Math.max(end, hit + 1);
}

/** A letter of any script counts, and so does what else there is outside of Latin-1. */
function isNameCharacter(code: number): boolean {
  return code < 128 ? IN_NAME[code] === 1 : code >= 0xc0;
}

function opensAddress(text: string, at: number): boolean {
  return codeAt(text, at) === COLON && codeAt(text, at + 1) === SLASH && codeAt(text, at + 2) === SLASH;
}

/** End of the line from `from` on, at most `reach` further: lines of a megabyte exist. */
function endOfLine(text: string, from: number, reach: number): number {
  const near = text.slice(from, from + reach);
  const newline = near.indexOf('\n');
  return beforeReturn(text, from + (newline < 0 ? near.length : newline));
}

/** The end of a line without its carriage return. */
function beforeReturn(text: string, end: number): number {
  return codeAt(text, end - 1) === CARRIAGE_RETURN ? end - 1 : end;
}

/** What may stand behind a binding whose value stands on the next line. */
const OPENS_LINE = asciiSet(' \t\\[({|>-');

/** `name:` or `name = [` at the end of a line: the value stands on the next line. */
function onNextLine(text: string, at: number, lineEnd: number): Literal | undefined {
  for (let p = at; p < lineEnd; p++) {
    if (!isIn(OPENS_LINE, text.charCodeAt(p))) return undefined;
  }
  if (lineEnd >= text.length) return undefined;
  const next = text.charCodeAt(lineEnd) === CARRIAGE_RETURN ? lineEnd + 2 : lineEnd + 1;
  const end = endOfLine(text, next, REACH);
  const lead = /^[ \t]*(?:-[ \t]+|(?:"value"|value)[ \t]*[:=][ \t]*)?/.exec(text.slice(next, end))![0].length;
  const literal = readLiteral(text, next + lead, end);
  if (!literal) return undefined;
  // A name of its own stands there, not a value; in lists of names without values its sign looks like padding.
  const isName =
    /^["'`]?[ \t]*(?:[:=({[]|=>)/.test(text.slice(literal.end, literal.end + 4)) ||
    /^(?:[A-Z][A-Z\d_]*|[a-z][a-z\d_]*)=$/.test(text.slice(literal.start, literal.end));
  return isName ? undefined : literal;
}

/** `--password value`, `ENV PASSWORD value`, `password value` where the value is no plain word. */
function isFlagLike(text: string, nameStart: number, value: Literal): boolean {
  if (text.charCodeAt(nameStart) === HYPHEN) return true;
  if (value.end - value.start >= 5) {
    const word = text.slice(value.start, value.end);
    if (/\d/.test(word) && /[A-Za-z]/.test(word)) return true;
  }
  const last = codeAt(text, nameStart - 1);
  if (last !== HYPHEN && last !== SLASH && !isSpace(last)) return false;
  const before = text.slice(Math.max(0, nameStart - 24), nameStart);
  return /--?$|\/$|(?:^|\s)(?:ENV|ARG|SET|setx?|export|machine|login \S+)\s+$/i.test(before);
}
