import { joined } from './go.ts';
import { type InString, isInside, said } from './in-program.ts';
import { neighbour, type Place } from './lexer.ts';
import type { Drafted, Refusal } from './types.ts';

/** Java: `System.getenv("NAME")`, where no constant is asked for. */
export function inJava(found: InString): Drafted {
  const { text, target, place, string } = found;
  const no = refusalOf(found);
  if (no) return no;
  const { name } = target;
  return { edits: joined(found, { lookUp: `System.getenv("${name}")`, quote: string.quote, text, place }), name };
}

function refusalOf({ text, place, string, isWhole }: InString): Refusal | undefined {
  if (string.quote === "'") return { refused: 'it is a single character' };
  if (string.quote === '"""' && !isWhole) return { refused: 'it is a part of a text block' };
  const { tokens } = place;
  const isAnnotation = isInside(place, text, ({ bracket, at }) => bracket === '(' && isAnnotated(place, text, at - 1));
  const constants = {
    refused: 'it stands in an annotation, which takes constants only',
    todo: 'refer to a property in it',
  };
  if (isAnnotation) return constants;
  const previous = said(text, neighbour(place, -1));
  if (previous === 'case') return { refused: 'it is a label of a switch, which has to be a constant' };
  if (previous === 'default') return constants;
  const { words, name } = declarationOf(place, text);
  const isInterface = isInside(place, text, ({ bracket, at }) => {
    return (
      bracket === '{' &&
      /\binterface\s+\w[^{};]*$/.test(text.slice(Math.max(0, tokens[at]!.start - 300), tokens[at]!.start))
    );
  });
  const isPublic = words.includes('static') && words.includes('final') && !words.includes('private');
  if (name !== undefined && (isPublic || (isInterface && words.includes('String') && !isInside(place, text, isCall)))) {
    return {
      refused: 'it is a constant that other files may need as one (in annotations, in labels of switches)',
      todo: 'make it private, or no constant',
    };
  }
  if (name !== undefined && words.includes('final') && isNeededConstant(text, name)) {
    return { refused: 'it is a constant that an annotation or a switch of this file uses' };
  }
  return undefined;
}

function isCall({ bracket }: { bracket: string }): boolean {
  return bracket === '(';
}

/** `@Name(` or `@a.b.Name(`, by the token before the bracket. */
function isAnnotated({ tokens }: Place, text: string, at: number): boolean {
  let i = at;
  while (i >= 0 && (tokens[i]!.kind === 'word' || said(text, tokens[i]) === '.')) i--;
  return i < at && said(text, tokens[i]) === '@';
}

/** What stands in the statement before the string, where the string is what a variable is declared as. */
function declarationOf({ tokens, index }: Place, text: string): { words: string[]; name: string | undefined } {
  const words: string[] = [];
  for (let i = index - 1; i >= 0; i--) {
    const word = said(text, tokens[i]);
    if (/^[;{}(]$/.test(word)) break;
    if (tokens[i]!.kind === 'word' || word === '=') words.unshift(word);
  }
  const equals = words.indexOf('=');
  return { words, name: equals > 1 ? words[equals - 1] : undefined };
}

function isNeededConstant(text: string, name: string): boolean {
  return new RegExp(String.raw`@\w[\w.]*\s*\([^()]*\b${name}\b|\bcase\s+${name}\b`).test(text);
}
