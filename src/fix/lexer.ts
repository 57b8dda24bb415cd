/** A string of a program. Offsets are UTF-16 code units. */
export interface StringParts {
  /** `rb`, `f`: letters in front of the quote. */
  prefix: string;
  /** `"`, `"""`, `EOS` of a heredoc. */
  quote: string;
  contentStart: number;
  contentEnd: number;
  /** A backslash escapes something in it. */
  escapes: boolean;
  /** What opens an expression in it, where that is possible. */
  hole?: string;
  holes: Hole[];
}

/** An expression in a string, its brackets included. */
export interface Hole {
  start: number;
  end: number;
  tokens: Token[];
}

/** A piece of a program, as far as a fix has to tell it from others. */
export interface Token {
  kind: 'string' | 'comment' | 'word' | 'regex' | 'newline' | 'other';
  start: number;
  end: number;
  string?: StringParts;
}

interface Quote {
  open: string;
  close?: string;
  multiline: boolean;
  escapes: boolean;
  hole?: string;
}

/** What a language is made of, as far as finding its strings takes. */
export interface Grammar {
  lineComments: readonly string[];
  blockComments: readonly (readonly [open: string, close: string])[];
  /** Longer ones first. */
  quotes: readonly Quote[];
  /** Letters in front of a quote that belong to the string. */
  prefix?: RegExp;
  /** `/…/` may be a regular expression; these words may stand in front of one. */
  regexAfter?: ReadonlySet<string>;
  heredocs?: boolean;
}

const DEEPEST = 30;
const WORD = /[\p{L}\p{N}_$]+/uy;

/** Thrown where strings are nested deeper than any program nests them. */
export class TooDeep extends Error {}

/** The tokens of a program: enough to tell its strings from its comments and from the code around them. */
export function lex(text: string, grammar: Grammar): Token[] {
  return new Lexer(text, grammar).code(0, undefined, 0).tokens;
}

class Lexer {
  private readonly text: string;
  private readonly grammar: Grammar;

  constructor(text: string, grammar: Grammar) {
    this.text = text;
    this.grammar = grammar;
  }

  /** Code from `at` to the bracket that closes it, or to the end. */
  code(at: number, close: string | undefined, depth: number): { tokens: Token[]; at: number } {
    if (depth > DEEPEST) throw new TooDeep();
    const { text } = this;
    const tokens: Token[] = [];
    const heredocs: { name: string; hole: boolean; indented: boolean }[] = [];
    let open = 0;
    while (at < text.length) {
      const c = text[at]!;
      if (c === '\n') {
        tokens.push({ kind: 'newline', start: at, end: ++at });
        for (const heredoc of heredocs.splice(0)) {
          const token = this.heredoc(at, heredoc, depth);
          if (!token) break;
          tokens.push(token);
          at = token.end;
        }
        continue;
      }
      if (c === ' ' || c === '\t' || c === '\r') {
        at++;
        continue;
      }
      if (close !== undefined && c === close && open === 0) return { tokens, at: at + 1 };
      if (c === '{') open++;
      if (c === '}') open--;
      const heredoc = this.grammar.heredocs && c === '<' ? this.heredocStart(at, tokens) : undefined;
      if (heredoc) {
        heredocs.push(heredoc);
        tokens.push({ kind: 'other', start: at, end: heredoc.end });
        at = heredoc.end;
        continue;
      }
      const token =
        this.comment(at) ??
        this.string(at, depth) ??
        this.regex(at, tokens) ??
        (this.grammar.heredocs ? this.percent(at) : undefined) ??
        this.rest(at);
      tokens.push(token);
      at = token.end;
    }
    return { tokens, at };
  }

  private comment(at: number): Token | undefined {
    const { text, grammar } = this;
    for (const [open, close] of grammar.blockComments) {
      if (!text.startsWith(open, at)) continue;
      // In Ruby they stand at the start of a line.
      if (/^[=_]/.test(open) && at > 0 && text[at - 1] !== '\n') continue;
      const end = text.indexOf(close, at + open.length);
      return { kind: 'comment', start: at, end: end < 0 ? text.length : end + close.length };
    }
    if (!grammar.lineComments.some((open) => text.startsWith(open, at))) return undefined;
    const end = text.indexOf('\n', at);
    return { kind: 'comment', start: at, end: end < 0 ? text.length : end };
  }

  private string(start: number, depth: number): Token | undefined {
    const { text, grammar } = this;
    const prefix = grammar.prefix ? (matchAt(grammar.prefix, text, start) ?? '') : '';
    const at = start + prefix.length;
    const quote = grammar.quotes.find(({ open }) => text.startsWith(open, at));
    if (!quote) return undefined;
    const contentStart = at + quote.open.length;
    const hole = grammar.prefix && !/f/i.test(prefix) ? undefined : quote.hole;
    // In a raw string a backslash still keeps the quote behind it from closing.
    const string = this.content({ ...quote, hole }, contentStart, depth);
    if (!string) return undefined;
    const { contentEnd, holes, close } = string;
    const escapes = quote.escapes && !/r/i.test(prefix);
    const parts: StringParts = {
      ...{ prefix, quote: quote.open, contentStart, contentEnd, escapes, holes },
      ...(hole === undefined ? {} : { hole }),
    };
    return { kind: 'string', start, end: contentEnd + close.length, string: parts };
  }

  private content(quote: Omit<Quote, 'hole'> & { hole: string | undefined }, from: number, depth: number) {
    const { text } = this;
    const { close = quote.open, multiline, escapes, hole } = quote;
    const holes: Hole[] = [];
    for (let at = from; at < text.length; ) {
      if (text.startsWith(close, at)) return { contentEnd: at, holes, close };
      if (escapes && text[at] === '\\') at += 2;
      else if (text[at] === '\n' && !multiline) return undefined;
      else if (hole === '{' && (text.startsWith('{{', at) || text.startsWith('}}', at))) at += 2;
      else if (hole !== undefined && text.startsWith(hole, at)) {
        const inner = this.code(at + hole.length, '}', depth + 1);
        holes.push({ start: at, end: inner.at, tokens: inner.tokens });
        at = inner.at;
      } else at++;
    }
    return undefined;
  }

  private regex(at: number, before: readonly Token[]): Token | undefined {
    const { text, grammar } = this;
    if (!grammar.regexAfter || text[at] !== '/') return undefined;
    const last = before.findLast(({ kind }) => kind !== 'comment' && kind !== 'newline');
    if (last) {
      const said = text.slice(last.start, last.end);
      if (last.kind === 'word' ? !grammar.regexAfter.has(said) : last.kind !== 'other' || /[)\]}<]$/.test(said))
        return undefined;
    }
    const end = matchAt(/\/(?![*/])(?:[^\\/[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/y, text, at);
    return end === undefined ? undefined : { kind: 'regex', start: at, end: at + end.length };
  }

  /** `%w[…]`, `%q(…)`: a string of Ruby that is left alone. */
  private percent(at: number): Token | undefined {
    const found = matchAt(/%[qQwWiIr](?:\([^()]*\)|\[[^[\]]*\]|\{[^{}]*\}|<[^<>]*>|([|!/])[^|!/]*\1)/y, this.text, at);
    return found === undefined ? undefined : { kind: 'regex', start: at, end: at + found.length };
  }

  private heredocStart(at: number, before: readonly Token[]) {
    const { text } = this;
    const found = matchAt(/<<[~-]?(?:"[A-Za-z_]\w*"|'[A-Za-z_]\w*'|`[A-Za-z_]\w*`|[A-Z_]\w*)/y, text, at);
    if (found === undefined) return undefined;
    // `class << SELF` and `list <<ITEM` are no heredocs: the one is a keyword, the other needs a blank before its end.
    const last = before.at(-1);
    const isShift = last?.kind === 'word' && !/\s/.test(text[at - 1] ?? '') && !/^<<[~-]/.test(found);
    if (isShift || (last && text.slice(last.start, last.end) === 'class')) return undefined;
    const name = found.replace(/^<<[~-]?/, '').replace(/["'`]/g, '');
    return { name, hole: !found.includes("'"), indented: /^<<[~-]/.test(found), end: at + found.length };
  }

  private heredoc(
    at: number,
    { name, hole, indented }: { name: string; hole: boolean; indented: boolean },
    depth: number,
  ) {
    const { text } = this;
    const close = new RegExp(`^${indented ? '[ \\t]*' : ''}${name}\\r?$`, 'gm');
    close.lastIndex = at;
    const end = close.exec(text);
    if (!end) return undefined;
    const holes: Hole[] = [];
    for (let i = at; hole && i < end.index; ) {
      if (text[i] === '\\') i += 2;
      else if (text.startsWith('#{', i)) {
        const inner = this.code(i + 2, '}', depth + 1);
        holes.push({ start: i, end: inner.at, tokens: inner.tokens });
        i = inner.at;
      } else i++;
    }
    const string: StringParts = {
      ...{ prefix: '', quote: name, contentStart: at, contentEnd: end.index, escapes: hole, holes },
      ...(hole ? { hole: '#{' } : {}),
    };
    return { kind: 'string' as const, start: at, end: end.index + end[0].length, string };
  }

  private rest(at: number): Token {
    const word = matchAt(WORD, this.text, at);
    if (word !== undefined) return { kind: 'word', start: at, end: at + word.length };
    return { kind: 'other', start: at, end: at + 1 };
  }
}

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

/** Where a span stands: the innermost string that holds it, or what else it is in. */
export interface Place {
  token: Token;
  /** The tokens that it is one of: those of the file, or of an expression in a string. */
  tokens: readonly Token[];
  index: number;
}

/** The innermost token that holds a span; undefined where it goes over the border of one. */
export function placeOf(tokens: readonly Token[], { start, end }: { start: number; end: number }): Place | undefined {
  const index = tokens.findIndex((token) => token.start <= start && end <= token.end);
  const token = tokens[index];
  if (!token) return undefined;
  const hole = token.string?.holes.find((one) => one.start < end && start < one.end);
  if (!hole) return { token, tokens, index };
  return hole.start <= start && end <= hole.end ? placeOf(hole.tokens, { start, end }) : undefined;
}

/** The nearest token before (-1) or after (1) a place that is code. */
export function neighbour({ tokens, index }: Place, step: -1 | 1, { newlines = false } = {}): Token | undefined {
  for (let i = index + step; i >= 0 && i < tokens.length; i += step) {
    const { kind } = tokens[i]!;
    if (kind !== 'comment' && (newlines || kind !== 'newline')) return tokens[i];
  }
  return undefined;
}
