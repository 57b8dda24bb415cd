import { codeAt, isQuote } from '../util/characters.ts';

/** Names that only say "what follows is it". */
const NO_NAME =
  /^(?:value|val|default|data|text|string|str|content|new|return|set|to|of|from|in|get|put|add|b|r|u|f|v)$/i;
const LONGEST = 61;
/** How far back the start of a list is looked for, UTF-16 code units. */
const LONGEST_LIST = 300;
/** How many calls round a value are looked through: `secret = decode(trim("…"))`. */
const CALLS = 2;

/**
 * The name that a value is bound to by what stands right before it: `name: "`, `name = `, `"name", "`. A value that is
 * handed to a function takes the name that the call is bound to, if there is one: `name = decode("`.
 * @param start where the value starts, without its quotes
 */
export function ownName(text: string, start: number): string | undefined {
  let name: string | undefined;
  let at = start;
  for (let calls = 0; calls <= CALLS; calls++) {
    const bound = boundName(text, at);
    if (!bound) break;
    name = bound.name;
    if (bound.operator === ',' && isElement(name)) {
      // One value of a list: the list has the name.
      const list = text.lastIndexOf('[', bound.start);
      const isOpen = list > text.lastIndexOf(']', bound.start);
      if (isOpen && bound.start - list <= LONGEST_LIST) name = boundName(text, list)?.name ?? name;
    }
    if (bound.operator !== '(') break;
    at = bound.start;
  }
  return name === undefined || NO_NAME.test(name) ? undefined : name;
}

/** Read backwards from `start`: quotes, blanks, an operator, blanks, closing quotes, a name. */
function boundName(text: string, start: number): { name: string; start: number; operator: string } | undefined {
  let p = back(text, start, 3, isQuote);
  if (p < start && text[p - 1] === '\\') p--;
  if (p < start) p = back(text, p, 2, isStringPrefix);
  // `W/"…"`: a weak entity tag.
  if (text.startsWith('W/', p - 2)) p = back(text, p - 2, 1, isQuote);
  p = back(text, p, 4, isBlank);
  const operator = operatorBefore(text, p);
  if (operator === undefined) return undefined;
  p = back(text, p - operator.length, 4, isBlank);
  const end = back(text, p, 2, (c) => isQuote(c) || c === 0x5d);
  let first = back(text, end, LONGEST, isNameCharacter);
  while (first < end && !isNameStart(codeAt(text, first))) first++;
  return first < end ? { name: text.slice(first, end), start: first, operator } : undefined;
}

/** `=> := = : , (` */
function operatorBefore(text: string, at: number): string | undefined {
  switch (codeAt(text, at - 1)) {
    case 0x3e:
      return codeAt(text, at - 2) === 0x3d ? '=>' : undefined;
    case 0x3d:
      return codeAt(text, at - 2) === 0x3a ? ':=' : '=';
    case 0x3a:
      return ':';
    case 0x2c:
      return ',';
    case 0x28:
      return '(';
    default:
      return undefined;
  }
}

/** Whether what stands before a comma is a value like the one behind it, and no name. */
function isElement(name: string): boolean {
  return (name.match(/\d/g)?.length ?? 0) >= 3 && name.length >= 8;
}

/** Goes back from `at` while characters pass `test`, at most `most` of them. */
function back(text: string, at: number, most: number, test: (code: number) => boolean): number {
  let p = at;
  while (p > 0 && at - p < most && test(text.charCodeAt(p - 1))) p--;
  return p;
}

function isBlank(c: number): boolean {
  return c === 0x20 || c === 0x09;
}

/** b r u f @ $, in both cases. */
function isStringPrefix(c: number): boolean {
  return c === 0x40 || c === 0x24 || 'bruf'.includes(String.fromCharCode(c | 0x20));
}

function isNameStart(c: number): boolean {
  return (c >= 0x61 && c <= 0x7a) || (c >= 0x41 && c <= 0x5a) || c === 0x5f || c === 0x24;
}

function isNameCharacter(c: number): boolean {
  return isNameStart(c) || (c >= 0x30 && c <= 0x39) || c === 0x2e || c === 0x2d;
}
