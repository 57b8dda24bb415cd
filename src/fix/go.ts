import { type InString, isInside, said } from './in-program.ts';
import { neighbour, type Place, type Token } from './lexer.ts';
import type { Drafted, Edit, Refusal } from './types.ts';

/** Go: `os.Getenv("NAME")`, added to what stands around it. */
export function inGo(found: InString): Drafted {
  const { text, target, place, string } = found;
  const no = refusalOf(found);
  if (no) return no;
  const { name } = target;
  return {
    edits: joined(found, { lookUp: `os.Getenv("${name}")`, quote: string.quote, text, place }),
    name,
    needs: 'os',
  };
}

/** A string taken apart round the value: `"Bearer " + os.Getenv("TOKEN")`, in brackets where that could bind otherwise. */
export function joined(
  { isWhole, before, after, target, string }: InString,
  { lookUp, quote, text, place }: { lookUp: string; quote: string; text: string; place: Place },
): Edit[] {
  const { start, end } = place.token;
  if (isWhole) return [{ start, end, text: lookUp }];
  const [previous, next] = [said(text, neighbour(place, -1)), said(text, neighbour(place, 1))];
  const isAlone = /^(?:[=([{,:]|return|)$/.test(previous) && /^(?:[)\]},;]|)$/.test(next);
  const line = neighbour(place, 1, { newlines: true });
  const isFree =
    isAlone || (/^(?:[=([{,:]|return|)$/.test(previous) && line?.kind === 'newline' && !/^[.+]/.test(next));
  const [open, close] = isFree ? ['', ''] : ['(', ')'];
  const head = before === '' ? '' : `${quote} + `;
  const tail = after === '' ? '' : ` + ${quote}`;
  return [
    { start, end: string.contentStart, text: open + (before === '' ? '' : quote) },
    { start: target.start, end: target.end, text: head + lookUp + tail },
    { start: string.contentEnd, end, text: (after === '' ? '' : quote) + close },
  ];
}

function refusalOf({ text, place, string }: InString): Refusal | undefined {
  if (string.quote === "'") return { refused: 'it is a single character' };
  const previous = neighbour(place, -1, { newlines: true });
  if (isConstant(place, text)) {
    return { refused: 'it is a constant, which cannot be read from the environment', todo: 'make it a variable: var' };
  }
  const isTag =
    string.quote === '`' && /^(?:word|string)$/.test(previous?.kind ?? '') && said(text, previous) !== 'return';
  if (isTag || (string.quote === '`' && /^[)\]}]$/.test(said(text, previous))))
    return { refused: 'it is the tag of a field' };
  const isTyped = /\bvar\s+\w+\s+(?!string\b)[\w.]+\s*=\s*$/.test(
    text.slice(Math.max(0, place.token.start - 200), place.token.start),
  );
  if (isTyped) return { refused: 'it is of another type than string', todo: 'convert what os.Getenv gives' };
  if (/\bos\s*:=|\bvar\s+os\b|^\s*(?:import\s+)?os\s+"|^\s*(?:import\s+)?(?!import\b)\w+\s+"os"/m.test(text)) {
    return { refused: '`os` is something else in this file' };
  }
  return undefined;
}

function isConstant({ tokens, index }: Place, text: string): boolean {
  let depth = 0;
  for (let i = index - 1; i >= 0; i--) {
    const token = tokens[i]!;
    if (token.kind === 'newline' && depth === 0) break;
    const word = said(text, token);
    if (token.kind === 'other' && /[)\]}]/.test(word)) depth++;
    else if (token.kind === 'other' && /[([{]/.test(word)) {
      if (depth === 0) break;
      depth--;
    } else if (depth === 0 && token.kind === 'word' && word === 'const') return true;
  }
  return isInside(
    { tokens, index },
    text,
    ({ bracket, at }) => bracket === '(' && said(text, tokens[at - 1]) === 'const',
  );
}

/** Where `"os"` goes among the imports of a file of Go, if it is not there. */
export function importOs(text: string, tokens: readonly Token[]): Edit | undefined {
  const code = tokens.filter(({ kind }) => kind !== 'comment');
  const newline = /\r?\n/.exec(text)?.[0] ?? '\n';
  let first: { open: number } | undefined;
  for (let i = 0; i < code.length; i++) {
    if (said(text, code[i]) === 'func') break;
    if (said(text, code[i]) !== 'import') continue;
    const isBlock = said(text, code[i + 1]) === '(';
    if (isBlock && !first) first = { open: i + 1 };
    for (let k = i + 1; k < code.length && said(text, code[k]) !== (isBlock ? ')' : '\n'); k++) {
      if (code[k]!.kind === 'newline' && !isBlock) break;
      if (said(text, code[k]) === '"os"') return undefined;
    }
  }
  if (first) {
    let after = code[first.open]!.end;
    let isSorted = false;
    for (let k = first.open + 1; k < code.length && said(text, code[k]) !== ')'; k++) {
      const path = said(text, code[k]);
      // The packages of the language come first, and their paths have no dot.
      if (code[k]!.kind !== 'string' || /^"[^"]*\.|^"C"/.test(path)) continue;
      if (path > '"os"') {
        if (!isSorted && code[k - 1]?.kind === 'newline') after = lineStart(text, code[k]!.start) - newline.length;
        break;
      }
      isSorted = true;
      after = lineEnd(text, code[k]!.end);
    }
    return { start: after, end: after, text: `${newline}\t"os"` };
  }
  const at = code.findIndex((token) => said(text, token) === 'package');
  if (at < 0) return undefined;
  const end = lineEnd(text, code[at + 1]?.end ?? code[at]!.end);
  return { start: end, end, text: `${newline}${newline}import "os"` };
}

function lineStart(text: string, at: number): number {
  return text.lastIndexOf('\n', at - 1) + 1;
}

function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : text[end - 1] === '\r' ? end - 1 : end;
}
