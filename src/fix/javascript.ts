import { apart, asDefault, type InString, isInside, said } from './in-program.ts';
import { neighbour } from './lexer.ts';
import type { Drafted, Refusal } from './types.ts';

const KEYWORDS = new Set(
  'return typeof case do else in of new delete void throw yield await default extends'.split(' '),
);

/** JavaScript and TypeScript: `process.env.NAME`, in a template `${process.env.NAME}`. */
export function inJavascript(found: InString, { typed, jsx }: { typed: boolean; jsx: boolean }): Drafted {
  const { text, target, place, string, isWhole, before, after } = found;
  const { token } = place;
  // The type of a variable that may be missing fits nowhere where a string did.
  const lookUp = (name: string) => `process.env.${name}${typed ? '!' : ''}`;
  const no = browserOf(text) ?? (typed ? typeOf(found) : undefined);
  if (no) return no;
  const kept = asDefault(found, [
    {
      before: /\bprocess\.env(?:\.|\[(?<quote>["']))(?<name>[A-Za-z_]\w*)(?:\k<quote>\])?\s*(?:\|\||\?\?)\s*$/,
      as: lookUp,
    },
  ]);
  if (kept) return kept;
  const { name } = target;
  const previous = neighbour(place, -1);
  if (string.quote === '`') {
    const isTag = previous?.kind === 'word' ? !KEYWORDS.has(said(text, previous)) : /[)\]]/.test(said(text, previous));
    if (isTag) return { refused: 'a function is called with the template, and gets its text as it is written' };
    if (isWhole) return { edits: [apart(text, { start: token.start, end: token.end, text: lookUp(name) })], name };
    return { edits: [{ start: target.start, end: target.end, text: `\${process.env.${name}}` }], name };
  }
  const frame = frameOf(found, { typed, jsx });
  if ('refused' in frame) return frame;
  const { open, close } = frame;
  if (isWhole) {
    const put = `${open}${lookUp(name)}${close}`;
    return { edits: [apart(text, { start: token.start, end: token.end, text: put })], name };
  }
  if (/`|\$\{|\\[0-7]/.test(before + after)) {
    return { refused: 'the string around it cannot be made a template', todo: `write \${process.env.${name}} in it` };
  }
  return {
    edits: [
      { start: token.start, end: token.start + 1, text: `${open}\`` },
      { start: target.start, end: target.end, text: `\${process.env.${name}}` },
      { start: token.end - 1, end: token.end, text: `\`${close}` },
    ],
    name,
  };
}

/** What is sent to browsers has no environment, and must not have a secret either. */
function browserOf(text: string): Refusal | undefined {
  if (!/\bimport\.meta\.env\b|^\s*(['"])use client\1/.test(text)) return undefined;
  return {
    refused: 'this file is sent to browsers, and so would be what it reads',
    todo: 'move what needs the secret to the server',
  };
}

function typeOf({ text, place }: InString): Refusal | undefined {
  const { tokens, index } = place;
  const words = (count: number) =>
    tokens
      .slice(Math.max(0, index - 12), index)
      .filter(({ kind }) => kind !== 'comment' && kind !== 'newline')
      .slice(-count)
      .map((token) => said(text, token));
  const [declaration, , equals] = words(3);
  const isType =
    /^(?:as|extends|\||&|<)$/.test(words(1)[0] ?? '') && !words(2).every((word) => word === '|' || word === '&');
  if (isType || (declaration === 'type' && equals === '=')) return { refused: 'it is a type' };
  const inEnum = isInside(place, text, ({ bracket, at }) => {
    return bracket === '{' && tokens[at - 2] !== undefined && said(text, tokens[at - 2]) === 'enum';
  });
  return inEnum ? { refused: 'it is a member of an enum, which has to be a constant' } : undefined;
}

/** What has to stand around the look-up: brackets for the key of an object and for an attribute of JSX. */
function frameOf(
  found: InString,
  { typed, jsx }: { typed: boolean; jsx: boolean },
): { open: string; close: string } | Refusal {
  const { text, place } = found;
  const [previous, next] = [said(text, neighbour(place, -1)), said(text, neighbour(place, 1))];
  if (next === ':' && /^[{,]$/.test(previous)) {
    return typed ? { refused: 'it is the key of an object' } : { open: '[', close: ']' };
  }
  const isImport = /^(?:from|import)$/.test(previous);
  if (isImport) return { refused: 'it is the name of a module' };
  const isAttribute = jsx && text[place.token.start - 1] === '=' && isInTag(found);
  return isAttribute ? { open: '{', close: '}' } : { open: '', close: '' };
}

/** Whether the attribute that a string is given to is one of JSX: `<Client retries={3} token="…"`. */
function isInTag({ text, place }: InString): boolean {
  const before = place.tokens.slice(0, place.index).filter(({ kind }) => kind !== 'comment' && kind !== 'newline');
  const word = (at: number) => said(text, before[at]);
  let i = before.length - 1;
  while (word(i) === '=') {
    i--;
    const end = i;
    while (/^(?:[\p{L}\p{N}_$]+|[-:.])$/u.test(word(i))) i--;
    if (i === end || i < 0) return false;
    if (word(i) === '<') return true;
    // The value of the attribute before.
    if (before[i]!.kind === 'string') i--;
    else if (word(i) === '}') i = openingOf(word, i) - 1;
    else return false;
  }
  return false;
}

/** Where the brackets are opened that are closed at `at`; 0 where they are not. */
function openingOf(word: (at: number) => string, at: number): number {
  let depth = 0;
  for (let i = at; i > 0; i--) {
    depth += word(i) === '}' ? 1 : word(i) === '{' ? -1 : 0;
    if (depth === 0) return i;
  }
  return 0;
}
