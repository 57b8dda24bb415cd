import { isUtf8 } from 'node:buffer';
import { asciiSet, codeAt, isIn, LETTERS } from '../util/characters.ts';
import type { Edit, Encoded } from './edit.ts';

/** Characters that nobody has to escape, or that tokens are made of: written as escapes they are worth a look. */
const TELLING = /[A-Za-z0-9_+/=.~:@!#$%^*-]/;

/** Percent-encoding, the escapes of program texts and those of HTML. */
export function escapesOf(text: string): Encoded[] {
  return [
    { way: ['percent-encoding'], edits: percentEdits(text) },
    { way: ['character escapes'], edits: editsOf(text, BACKSLASH, backslashed) },
    { way: ['HTML entities'], edits: editsOf(text, ENTITY, entity) },
  ];
}

/** A way to write characters: the sign that each begins with, what can follow it, and the whole. */
interface Escape {
  sign: string;
  follows: Uint8Array;
  /** Looks where it is told. */
  pattern: RegExp;
}

/** `\u0041 \u{41} \U00000041 \x41 \x{41} \101`, also behind a backslash that is escaped itself. */
const BACKSLASH: Escape = {
  sign: '\\',
  follows: asciiSet('\\uUxX0123'),
  pattern:
    /\\{1,2}(?:u\{([\da-f]{1,6})\}|x\{([\da-f]{1,6})\}|U([\da-f]{8})|u([\da-f]{4})|x([\da-f]{2})|([0-3][0-7]{2}))/iy,
};
const ENTITY: Escape = {
  sign: '&',
  follows: asciiSet(`#${LETTERS}`),
  pattern: /&(?:#(\d{2,7})|#x([\da-f]{2,6})|([a-z]{2,6}));/iy,
};
const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  equals: '=',
  lowbar: '_',
  hyphen: '-',
  dash: '-',
  period: '.',
  colon: ':',
  sol: '/',
  plus: '+',
  commat: '@',
  excl: '!',
  num: '#',
  dollar: '$',
  percnt: '%',
  ast: '*',
};

function backslashed([, ...groups]: RegExpExecArray): string | undefined {
  const octal = groups[5];
  if (octal !== undefined) return character(Number.parseInt(octal, 8));
  return character(Number.parseInt(groups.find((digits) => digits !== undefined)!, 16));
}

function entity([, decimal, hex, name]: RegExpExecArray): string | undefined {
  if (name !== undefined) return Object.hasOwn(NAMED, name.toLowerCase()) ? NAMED[name.toLowerCase()] : undefined;
  return character(decimal === undefined ? Number.parseInt(hex!, 16) : Number.parseInt(decimal, 10));
}

/** A character that a text may have in it; halves of pairs too, as they come one by one. */
function character(code: number): string | undefined {
  if (code > 0x10ffff || (code < 0x20 && code !== 9 && code !== 10 && code !== 13) || code === 0x7f) return undefined;
  return code > 0xffff ? String.fromCodePoint(code) : String.fromCharCode(code);
}

function editsOf(
  text: string,
  { sign, follows, pattern }: Escape,
  read: (match: RegExpExecArray) => string | undefined,
): Edit[] {
  const edits: Edit[] = [];
  let next = 0;
  for (let at = text.indexOf(sign); at >= 0; at = text.indexOf(sign, next)) {
    next = at + 1;
    if (!isIn(follows, codeAt(text, next))) continue;
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (!match) continue;
    next = at + match[0].length;
    const said = read(match);
    if (said !== undefined) edits.push(editOf(at, next, said));
  }
  return edits;
}

function editOf(start: number, end: number, text: string): Edit {
  return { start, end, text, alone: false, telling: TELLING.test(text) };
}

/** One edit a character: a character of another script is two to four escapes in a row. */
function percentEdits(text: string): Edit[] {
  const edits: Edit[] = [];
  for (let at = text.indexOf('%'); at >= 0; at = text.indexOf('%', at + 1)) {
    const first = byteAt(text, at);
    if (first === undefined) continue;
    const length = first < 0x80 ? 1 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    const bytes = Array.from({ length }, (_, i) => byteAt(text, at + 3 * i));
    if (bytes.includes(undefined)) continue;
    const said = length === 1 ? character(first) : several(Buffer.from(bytes as number[]));
    if (said === undefined) continue;
    edits.push(editOf(at, at + 3 * length, said));
    at += 3 * length - 1;
  }
  return edits;
}

function several(bytes: Buffer): string | undefined {
  return isUtf8(bytes) ? bytes.toString('utf8') : undefined;
}

/** The byte that `%41` at `at` stands for. */
function byteAt(text: string, at: number): number | undefined {
  if (text[at] !== '%') return undefined;
  const [high, low] = [digit(codeAt(text, at + 1)), digit(codeAt(text, at + 2))];
  return high < 0 || low < 0 ? undefined : high * 16 + low;
}

function digit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}
