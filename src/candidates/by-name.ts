import type { Syntax } from '../types.ts';
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

const NAME_CHAR = /[\w$.\-À-￿]/;
const LONGEST_NAME = 80;
/** How much of a line after a name is read. */
const REACH = 1024;

/**
 * What may stand between a name and its value: closing quotes and brackets, a type annotation, an operator.
 * Every repeat is bounded.
 */
const BINDING =
  /^(?<close>(?:\\?["'`]|\]|\)|\}\}?){0,4})(?<type>[ \t]{0,8}:[ \t]{0,4}[&*]?(?:'static )?[A-Za-z_][\w.<>[\]?|& ]{0,40}?(?=[ \t]{0,8}=[ \t]?[^=>\s]))?(?<op>[ \t]{0,40}(?:\|\|=|\?\?=|===?|!==?|=>|:=|\?=|\+=|->|<-|=|::|:|,|\|)(?:[ \t]{0,40}=)?[ \t]{0,40}|[ \t]{0,4}\/?>[ \t]{0,4}|[ \t]{0,4}\([ \t]{0,4}|[ \t]{1,16}(?:is|IS|BY|by)[ \t]{0,4}[:=]?[ \t]{1,4}|[ \t]{1,16}|%3[DdAa])/;

/**
 * The values bound to the name round `hit` (the start of a trigger word). Several, when the name is followed by a call
 * or a list: which of them is the secret is for the classifier to say.
 */
export function valuesByName(text: string, hit: number): NamedValue[] {
  const { start, end } = nameAround(text, hit);
  if (end - start > LONGEST_NAME || isInBlob(text, start, end)) return [];
  // `otpauth://…`: the start of an address binds nothing; what its query binds has a name of its own.
  if (text.startsWith('://', end)) return [];
  const name = text.slice(start, end);
  const lineEnd = endOfLine(text, end, REACH);
  const binding = BINDING.exec(text.slice(end, Math.min(lineEnd, end + 256)));
  const found: NamedValue[] = [];
  if (binding) {
    const op = binding.groups!.op!;
    const at = end + binding[0].length;
    const value = readLiteral(text, at, lineEnd) ?? onNextLine(text, at, lineEnd);
    if (
      value &&
      (value.quoted ? op.trim() !== '|' : isPlainOperator(op) || (op.trim() === '' && isFlagLike(text, start, value)))
    ) {
      const syntax = syntaxOf(op, /["'`]/.test(binding.groups!.close!));
      found.push({ ...value, name, nameStart: start, syntax, direct: true });
    }
  }
  const beside = besideName(text, end);
  if (beside) found.push({ ...beside, name, nameStart: start, syntax: 'yaml', direct: true });
  // What an operator binds in quotes is the value; what else is quoted in the line belongs to others. Behind a comma or
  // in a call the first text may be no more than a name: `{ name: "password", value: "…" }`.
  if (found[0]?.quoted && !/[,(]/.test(binding?.groups?.op ?? '')) return found;
  // A quoted name: its closing quote opens nothing.
  const after = text[end] === text[start - 1] && QUOTE.test(text[end] ?? '') ? end + 1 : end;
  for (const value of quotedStrings({ text, at: after, limit: Math.min(lineEnd, end + 300), most: 6 })) {
    if (found[0]?.start === value.start) continue;
    found.push({ ...value, name: ownName(text, value.start) ?? name, nameStart: start, syntax: 'call', direct: false });
  }
  return found;
}

const VALUE_BESIDE =
  /^["']?[ \t]{0,8}[,{]?[ \t]*\r?\n(?:[ \t]*["']?(?:type|description|sensitive|required)["']?[ \t]*[:=][^\n]{0,120}\n){0,3}[ \t]*["']?(?:value|default|defaultValue|stringValue)["']?[ \t]*[:=][ \t]*/i;

/** `name: DB_PASSWORD` and, on one of the next lines, `value: …`; `variable "db_password" {` and `default = …`. */
function besideName(text: string, end: number): Literal | undefined {
  const lead = VALUE_BESIDE.exec(text.slice(end, end + 480));
  if (!lead) return undefined;
  const at = end + lead[0].length;
  return readLiteral(text, at, endOfLine(text, at, REACH));
}

const QUOTE = /["'`]/;

/** Operators that an unquoted value may follow. `|` is one in tables only. */
function isPlainOperator(op: string): boolean {
  return op.trim() === '|' ? /^[ \t]+\|[ \t]+$/.test(op) : op.trim() !== '' && !/[(,!]|==/.test(op);
}

/** Source maps and other dense data: words of names stand in it by chance. */
function isInBlob(text: string, start: number, end: number): boolean {
  const around = text.slice(Math.max(0, start - 24), Math.min(text.length, end + 24));
  if (around.length <= 40 || !/^[A-Za-z0-9+/,;=]+$/.test(around)) return false;
  // `Host=a;Password=b`: in base64 an equals sign ends something, and minified code joins with commas.
  return around.includes(',') || !/=\w/.test(around);
}

/** The identifier round `hit`: `config.db-password`. */
function nameAround(text: string, hit: number): { start: number; end: number } {
  let start = hit;
  while (start > 0 && hit - start < LONGEST_NAME && NAME_CHAR.test(text[start - 1]!)) start--;
  let end = hit;
  while (end < text.length && end - hit < LONGEST_NAME && NAME_CHAR.test(text[end]!)) end++;
  return { start, end: Math.max(end, hit + 1) };
}

/** End of the line from `from` on, at most `reach` further: lines of a megabyte exist. */
function endOfLine(text: string, from: number, reach: number): number {
  const near = text.slice(from, from + reach);
  const newline = near.indexOf('\n');
  const stop = from + (newline < 0 ? near.length : newline);
  return text[stop - 1] === '\r' ? stop - 1 : stop;
}

/** `name:` or `name = [` at the end of a line: the value stands on the next line. */
function onNextLine(text: string, at: number, lineEnd: number): Literal | undefined {
  if (!/^[ \t\\[({|>-]*$/.test(text.slice(at, lineEnd)) || text[lineEnd] === undefined) return undefined;
  const next = text[lineEnd] === '\r' ? lineEnd + 2 : lineEnd + 1;
  const end = endOfLine(text, next, REACH);
  const lead = /^[ \t]*(?:-[ \t]+|(?:"value"|value)[ \t]*[:=][ \t]*)?/.exec(text.slice(next, end))![0].length;
  const literal = readLiteral(text, next + lead, end);
  // A name of its own stands there, not a value.
  return literal && !/^["'`]?[ \t]*(?:[:=({[]|=>)/.test(text.slice(literal.end, literal.end + 4)) ? literal : undefined;
}

/** `--password value`, `ENV PASSWORD value`, `password value` where the value is no plain word. */
function isFlagLike(text: string, nameStart: number, value: Literal): boolean {
  const before = text.slice(Math.max(0, nameStart - 24), nameStart);
  if (/--?$|\/$|(?:^|\s)(?:ENV|ARG|SET|setx?|export|machine|login \S+)\s+$/i.test(before)) return true;
  if (text[nameStart] === '-') return true;
  const word = text.slice(value.start, value.end);
  return /\d/.test(word) && /[A-Za-z]/.test(word) && value.end - value.start >= 5;
}
