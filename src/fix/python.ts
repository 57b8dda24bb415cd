import { apart, asDefault, type InString, isInside, said } from './in-program.ts';
import { neighbour, type Token } from './lexer.ts';
import type { Drafted, Edit, Refusal } from './types.ts';

const LOOK_UP = String.raw`(?:os\.)?(?:environ\.get|getenv)`;
const NAME = String.raw`(?<quote>["'])(?<name>[A-Za-z_]\w*)\k<quote>`;

/** Python: `os.environ["NAME"]`, in an f-string `{os.environ['NAME']}`. */
export function inPython(found: InString): Drafted {
  const { text, target, place, string, isWhole, before, after } = found;
  const no = refusalOf(found);
  if (no) return no;
  const { token } = place;
  const { name } = target;
  const get = (variable: string, quote: string) => `os.environ[${quote}${variable}${quote}]`;
  const kept = asDefault(found, [
    { before: new RegExp(String.raw`\b${LOOK_UP}\(\s*${NAME}\s*,\s*(?:default\s*=\s*)?$`), close: ')', as: get },
    { before: new RegExp(String.raw`\b${LOOK_UP}\(\s*${NAME}\s*\)\s+or\s+$`), as: get },
  ]);
  if (kept && 'edits' in kept) return { ...kept, needs: 'os' };
  const quote = string.quote[0]!;
  const neighbours = [neighbour(place, -1), neighbour(place, 1)];
  if (isWhole) {
    if (neighbours.some((one) => one?.kind === 'string'))
      return { refused: 'it is a part of a string in several pieces' };
    const edit = { start: token.start, end: token.end, text: get(name, quote) };
    return { edits: [apart(text, edit)], name, needs: 'os' };
  }
  const isFormatted = /f/i.test(string.prefix);
  const put: Edit = { start: target.start, end: target.end, text: `{${get(name, quote === '"' ? "'" : '"')}}` };
  if (found.place.tokens !== found.root) return { refused: 'it is a part of a string in an expression in a string' };
  if (isFormatted) return { edits: [put], name, needs: 'os' };
  const next = said(text, neighbours[1]);
  if (/[{}]/.test(before + after) || next === '%' || /^\s*\.\s*format\b/.test(text.slice(token.end, token.end + 40))) {
    return { refused: 'the string around it is a pattern that is filled in', todo: 'fill the secret in with the rest' };
  }
  const opening = {
    start: token.start,
    end: string.contentStart,
    text: `f${string.prefix.replace(/u/i, '')}${string.quote}`,
  };
  return { edits: [opening, put], name, needs: 'os' };
}

function refusalOf({ text, place, string, root }: InString): Refusal | undefined {
  if (/b/i.test(string.prefix)) {
    return { refused: 'it is a byte string, and the environment has text', todo: 'os.environb, or .encode() the text' };
  }
  if (/^[ \t]*(?:import\s+[\w.]+\s+as\s+os\b|os\s*=[^=]|from\s+(?!os\b)\S+\s+import\s.*(?<!\.)\bos\b)/m.test(text)) {
    return { refused: '`os` is something else in this file' };
  }
  if (place.tokens === root) {
    const [left, right] = [neighbour(place, -1, { newlines: true }), neighbour(place, 1, { newlines: true })];
    const isLine = (token: Token | undefined) => token === undefined || token.kind === 'newline';
    if (isLine(left) && isLine(right) && !isInside(place, text, () => true)) {
      return { refused: 'it stands in a string that documents the code', todo: 'mask it: sss fix --mask' };
    }
  }
  const previous = neighbour(place, -1);
  if (said(text, previous) === 'case') return { refused: 'it is a pattern of a match' };
  const isLiteral = isInside(
    place,
    text,
    ({ bracket, at }) => bracket === '[' && said(text, place.tokens[at - 1]) === 'Literal',
  );
  return isLiteral ? { refused: 'it is a type' } : undefined;
}

/**
 * Where `import os` goes, if the file lacks it: in front of the first import, else behind what must come first.
 * @param use where the name is used first
 */
export function importOs(text: string, tokens: readonly Token[], use: number): Edit | undefined {
  const lines = statements(text, tokens);
  if (lines.some((line) => line[0]!.start < use && importsOs(text, line))) return undefined;
  const newline = /\r?\n/.exec(text)?.[0] ?? '\n';
  let at = 0;
  for (const line of lines) {
    const first = said(text, line[0]);
    const isDocumentation = line[0]!.kind === 'string' && line.length === 1 && line === lines[0];
    const isFuture = first === 'from' && said(text, line[1]) === '__future__';
    if (!isDocumentation && !isFuture) {
      at = line[0]!.start;
      return { start: at, end: at, text: `import os${newline}${/^(?:import|from)$/.test(first) ? '' : newline}` };
    }
    at = line.at(-1)!.end;
  }
  return { start: at, end: at, text: `${newline}import os${newline}` };
}

/** `import os`, `import sys, os` at the top level. */
function importsOs(text: string, line: readonly Token[]): boolean {
  const isTop = line[0]!.start === 0 || text[line[0]!.start - 1] === '\n' || text[line[0]!.start - 1] === '\ufeff';
  if (!isTop || said(text, line[0]) !== 'import') return false;
  return line.some((token, i) => {
    const isName = i > 0 && said(text, token) === 'os' && /^(?:import|,)$/.test(said(text, line[i - 1]));
    return isName && !/^(?:as|\.)$/.test(said(text, line[i + 1]));
  });
}

/** The statements by their tokens: lines, joined where brackets are open. */
function statements(text: string, tokens: readonly Token[]): Token[][] {
  const lines: Token[][] = [];
  let line: Token[] = [];
  let depth = 0;
  for (const token of tokens) {
    if (token.kind === 'comment') continue;
    if (token.kind !== 'newline') {
      line.push(token);
      if (token.kind !== 'other') continue;
      const bracket = text[token.start]!;
      if (/[([{]/.test(bracket)) depth++;
      else if (/[)\]}]/.test(bracket)) depth--;
    } else if (line.length > 0 && depth <= 0) {
      lines.push(line);
      line = [];
    }
  }
  if (line.length > 0) lines.push(line);
  return lines;
}
