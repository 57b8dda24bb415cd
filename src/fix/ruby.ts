import { apart, asDefault, type InString, said } from './in-program.ts';
import { neighbour, type Token } from './lexer.ts';
import type { Drafted } from './types.ts';

const NAME = String.raw`(?<quote>["'])(?<name>[A-Za-z_]\w*)\k<quote>`;

/** Ruby: `ENV.fetch("NAME")`, in a string `#{ENV.fetch("NAME")}`. */
export function inRuby(found: InString): Drafted {
  const { text, target, place, string, isWhole, before, after } = found;
  const { token } = place;
  const { name } = target;
  const get = (variable: string, quote: string) => `ENV.fetch(${quote}${variable}${quote})`;
  const kept = asDefault(found, [
    { before: new RegExp(String.raw`\bENV\.fetch\(\s*${NAME}\s*,\s*$`), close: ')', as: get },
    { before: new RegExp(String.raw`\bENV\.fetch\(\s*${NAME}\s*\)\s*\{\s*$`), close: '}', as: get },
    { before: new RegExp(String.raw`\bENV\[\s*${NAME}\s*\]\s*\|\|\s*$`), as: get },
  ]);
  if (kept) return kept;
  const put = { start: target.start, end: target.end, text: `#{${get(name, '"')}}` };
  const isQuoted = string.quote === '"' || string.quote === "'";
  if (!isQuoted) {
    if (string.hole === undefined) return { refused: 'it stands in a text that is taken as it is written' };
    return { edits: [put], name };
  }
  const isKey =
    /^:(?!:)/.test(text.slice(token.end, token.end + 2)) || /(?<!:):$/.test(text.slice(0, token.start).slice(-2));
  if (isKey) return { refused: 'it is a symbol' };
  if (isWhole) {
    const isString = (one: Token | undefined) => one?.kind === 'string';
    if (isString(neighbour(place, -1, { newlines: true })) || isString(neighbour(place, 1, { newlines: true }))) {
      return { refused: 'it is a part of a string in several pieces' };
    }
    if (/^(?:require|require_relative|load)$/.test(said(text, neighbour(place, -1))))
      return { refused: 'it is the name of a file' };
    return { edits: [apart(text, { start: token.start, end: token.end, text: get(name, string.quote) })], name };
  }
  if (string.quote === '"') return { edits: [put], name };
  if (/["\\#]/.test(before + after)) {
    return { refused: 'the string around it cannot be given expressions', todo: 'write it with double quotes' };
  }
  return {
    edits: [
      { start: token.start, end: token.start + 1, text: '"' },
      put,
      { start: token.end - 1, end: token.end, text: '"' },
    ],
    name,
  };
}
