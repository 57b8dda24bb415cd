import { complement, EVERYTHING, normalise, PERL_CLASSES, POSIX_CLASSES, type Ranges } from './char-set.ts';
import type { Cursor } from './cursor.ts';
import { type Chars, PatternError } from './tree.ts';

type SetParts = Pick<Chars, 'ranges' | 'properties' | 'negated'>;

/** `\d`, `\S` and their like by letter. */
export function perlClass(letter: string): SetParts | undefined {
  const ranges = Object.hasOwn(PERL_CLASSES, letter.toLowerCase()) ? PERL_CLASSES[letter.toLowerCase()] : undefined;
  return ranges && { ranges, properties: [], negated: letter < 'a' };
}

/** `[…]`, the cursor on its bracket. A `]` that comes first is itself, as in Go and POSIX. */
export function parseClass(cursor: Cursor): Chars {
  cursor.at++;
  const negated = cursor.chars[cursor.at] === '^';
  if (negated) cursor.at++;
  const ranges: (readonly [number, number])[] = [];
  const properties: string[] = [];
  for (let first = true; first || cursor.chars[cursor.at] !== ']'; first = false) {
    if (cursor.at >= cursor.chars.length) {
      throw new PatternError('a [ has no ] (one that comes first in a class stands for itself)');
    }
    const part = parseClassPart(cursor);
    if (part) {
      ranges.push(...(part.negated ? complement(part.ranges) : part.ranges));
      properties.push(...part.properties);
    } else ranges.push(parseRange(cursor));
  }
  cursor.at++;
  return { kind: 'chars', ranges: normalise(ranges), properties, negated, fold: cursor.flags.i };
}

/** A class inside a class: `[:alpha:]`, `\d`, `\pL`. */
function parseClassPart(cursor: Cursor): SetParts | undefined {
  const [char, letter] = [cursor.chars[cursor.at], cursor.chars[cursor.at + 1]];
  if (char === '[' && letter === ':') {
    const named = /^\[:(\^?)(.*?):\]/s.exec(cursor.chars.slice(cursor.at, cursor.at + 40).join(''));
    if (!named) return undefined;
    const ranges = POSIX_CLASSES.get(named[2]!);
    if (!ranges) throw new PatternError(`there is no class [:${named[2]}:]`);
    cursor.at += named[0].length;
    return { ranges, properties: [], negated: named[1] === '^' };
  }
  if (char !== '\\' || !letter) return undefined;
  if (letter === 'p' || letter === 'P') return parseProperty(cursor);
  const perl = perlClass(letter);
  if (perl) cursor.at += 2;
  return perl;
}

function parseRange(cursor: Cursor): readonly [number, number] {
  const first = parseClassChar(cursor);
  const [dash, next] = [cursor.chars[cursor.at], cursor.chars[cursor.at + 1]];
  if (dash !== '-' || next === undefined || next === ']') return [first, first];
  cursor.at++;
  const last = parseClassChar(cursor);
  if (last < first) throw new PatternError('a range in a class runs backwards');
  return [first, last];
}

function parseClassChar(cursor: Cursor): number {
  if (cursor.chars[cursor.at] !== '\\') return cursor.chars[cursor.at++]!.codePointAt(0)!;
  if (cursor.dialect === 'any' && cursor.chars[cursor.at + 1] === 'b') {
    cursor.at += 2;
    return 8;
  }
  return parseEscapedChar(cursor);
}

const CONTROLS: Readonly<Record<string, number>> = { a: 7, t: 9, n: 10, v: 11, f: 12, r: 13 };

/** An escape that stands for one character, the cursor on its backslash; the code point. */
export function parseEscapedChar(cursor: Cursor): number {
  const text = cursor.chars.slice(cursor.at + 1, cursor.at + 13).join('');
  const letter = cursor.chars[cursor.at + 1];
  if (letter === undefined) throw new PatternError('it ends in a backslash');
  const octal = /^(?:0[0-7]{0,2}|[1-7][0-7]{1,2})/.exec(text)?.[0];
  const hex = /^x(?:([0-9A-Fa-f]{2})|\{([0-9A-Fa-f]+)\})/.exec(text);
  const unicode = cursor.dialect === 'any' ? /^u(?:([0-9A-Fa-f]{4})|\{([0-9A-Fa-f]+)\})/.exec(text) : null;
  const number = hex ?? unicode;
  let code: number;
  if (octal) code = Number.parseInt(octal, 8);
  else if (number) code = Number.parseInt(number[1] ?? number[2]!, 16);
  else if (Object.hasOwn(CONTROLS, letter)) code = CONTROLS[letter]!;
  else if (/[^A-Za-z0-9]/.test(letter) && letter < '\u0080') code = letter.charCodeAt(0);
  else throw new PatternError(`the escape \\${letter} is not known`);
  if (code > 0x10ffff) throw new PatternError(`\\${text.slice(0, 10)} is no character`);
  cursor.at += 1 + (octal ?? number?.[0] ?? letter).length;
  return code;
}

/** `\pL`, `\p{Greek}`, `\P{^Lu}`, the cursor on its backslash. */
export function parseProperty(cursor: Cursor): SetParts {
  const text = cursor.chars.slice(cursor.at, cursor.at + 60).join('');
  const match = /^\\([pP])(?:\{(\^?)(\w+)\}|(\w))/.exec(text);
  if (!match) throw new PatternError(`${text.slice(0, 2)} needs the name of a Unicode class`);
  cursor.at += match[0].length;
  const negated = (match[1] === 'P') !== (match[2] === '^');
  const name = match[3] ?? match[4]!;
  if (name === 'Any') return { ranges: negated ? [] : EVERYTHING, properties: [], negated: false };
  const property = [`General_Category=${name}`, `Script=${name}`].find(isProperty);
  if (!property) throw new PatternError(`there is no Unicode class ${name}`);
  return { ranges: [] satisfies Ranges, properties: [`\\${negated ? 'P' : 'p'}{${property}}`], negated: false };
}

function isProperty(property: string): boolean {
  try {
    return new RegExp(`\\p{${property}}`, 'u').source !== '';
  } catch {
    return false;
  }
}
