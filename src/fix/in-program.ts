import { type Place, placeOf, type StringParts, type Token } from './lexer.ts';
import type { Drafted, Edit, Refusal, Target } from './types.ts';

/** A value in a string of a program, with what decides on how it can be replaced. */
export interface InString {
  text: string;
  target: Target;
  /** The string is `place.token`. */
  place: Place;
  string: StringParts;
  /** The string is the value and nothing else. */
  isWhole: boolean;
  /** What stands in the string before and after the value. */
  before: string;
  after: string;
  /** All tokens of the file: those of the place may be of an expression in a string. */
  root: readonly Token[];
}

const BY_HAND = 'take it out by hand, or mask it: sss fix --mask';

/** The string that a value stands in; or why there is none. */
export function stringAround(input: { text: string; root: readonly Token[]; target: Target }): InString | Refusal {
  const { text, root, target } = input;
  const place = placeOf(root, target);
  if (place?.token.kind === 'comment') return { refused: 'it stands in a comment', todo: BY_HAND };
  const string = place?.token.string;
  if (!place || !string) return { refused: 'it does not stand in one string', todo: BY_HAND };
  const { contentStart, contentEnd, holes } = string;
  if (target.start < contentStart || target.end > contentEnd) {
    return { refused: 'it takes up more than a string', todo: BY_HAND };
  }
  const isWhole = target.start === contentStart && target.end === contentEnd && holes.length === 0;
  const before = text.slice(contentStart, target.start);
  const after = text.slice(target.end, contentEnd);
  return { text, target, place, string, isWhole, before, after, root };
}

/** The words of a token. */
export function said(text: string, token: Token | undefined): string {
  return token === undefined ? '' : text.slice(token.start, token.end);
}

/** An edit that keeps words apart: `return"x"` becomes `return x`. */
export function apart(text: string, { start, end, text: put }: Edit): Edit {
  const isWord = (character: string | undefined) => character !== undefined && /[\p{L}\p{N}_$]/u.test(character);
  const left = isWord(text[start - 1]) && isWord(put[0]) ? ' ' : '';
  const right = isWord(text[end]) && isWord(put.at(-1)) ? ' ' : '';
  return { start, end, text: left + put + right };
}

/** Whether one of the brackets that a token stands in is opened by something that `test` is true of. */
export function isInside(
  { tokens, index }: Pick<Place, 'tokens' | 'index'>,
  text: string,
  test: (opening: { bracket: string; at: number }) => boolean,
): boolean {
  let depth = 0;
  for (let i = index - 1; i >= 0; i--) {
    if (tokens[i]!.kind !== 'other') continue;
    const bracket = text[tokens[i]!.start]!;
    if (/[)\]}]/.test(bracket)) depth++;
    else if (/[([{]/.test(bracket)) {
      if (depth > 0) depth--;
      else if (test({ bracket, at: i })) return true;
    }
  }
  return false;
}

/**
 * A value that stands behind a look-up as what is used where there is none (`process.env.TOKEN || "…"`): the look-up stays.
 * @param patterns match what stands in front of the string; the group `name` is the variable, `quote` its quote
 * @param close what has to follow, and goes away too
 */
export function asDefault(
  { text, place, isWhole }: InString,
  patterns: readonly { before: RegExp; close?: string; as: (name: string, quote: string) => string }[],
): Drafted | undefined {
  if (!isWhole) return undefined;
  const { start, end } = place.token;
  const from = Math.max(0, start - 300);
  const head = text.slice(from, start);
  for (const { before, close, as } of patterns) {
    const found = before.exec(head);
    if (!found) continue;
    const closing = close === undefined ? '' : /^\s*,?\s*(.)/.exec(text.slice(end, end + 100))?.[0];
    if (closing === undefined || (close !== undefined && !closing.endsWith(close))) continue;
    const name = found.groups!.name!;
    const edit = { start: from + found.index, end: end + closing.length, text: as(name, found.groups!.quote ?? '"') };
    return { edits: [apart(text, edit)], name };
  }
  return undefined;
}
