import type { Candidate } from '../types.ts';
import { codeAt, isQuote, isSpace } from '../util/characters.ts';
import { type NameSense, nameSense } from './name.ts';
import { type PathSense, pathSense } from './path.ts';
import { type PlaceholderSense, placeholderSense } from './placeholder.ts';
import { type ValueShape, valueShape } from './value.ts';

/** Everything that a classifier is told about a candidate. Nothing here depends on labels or on other files. */
export interface Features {
  value: ValueShape;
  name: NameSense;
  path: PathSense;
  placeholder: PlaceholderSense;
  context: ContextSense;
}

/** What stands round the value on its line. */
export interface ContextSense {
  quoted: boolean;
  /** An unquoted value in program code is most often a variable. */
  bareInCode: boolean;
  /** `(`, `.` or `[` follows the unquoted value. */
  goesOn: boolean;
  /** A placeholder of a template language follows: `prefix-${…}`. */
  isTemplate: boolean;
  comment: boolean;
  /** It follows the start of a cloud resource name (`arn:aws:…`). */
  inResourceName: boolean;
  /** It stands where an address or a range names a commit: `compare/…`, `…..…`. */
  isCommit: boolean;
  /** The value stands in a comparison. */
  compared: boolean;
  /** A token that is part of a block of data: hundreds of characters round it without white space or quotes. */
  inBlock: boolean;
  /** Distance from the name to the value, code units; 0 without a name. */
  gap: number;
}

/** @param known what has been seen of the same candidate in more of its text: all but the context is the same */
export function features(candidate: Candidate, known?: Features): Features {
  return new Observations(candidate, known);
}

/** Each part is read when it is first asked for: most candidates are settled by what costs least. */
class Observations implements Features {
  readonly #candidate: Candidate;
  readonly #known: Features | undefined;
  #value: ValueShape | undefined;
  #name: NameSense | undefined;
  #path: PathSense | undefined;
  #placeholder: PlaceholderSense | undefined;
  #context: ContextSense | undefined;

  constructor(candidate: Candidate, known: Features | undefined) {
    this.#candidate = candidate;
    this.#known = known;
  }

  get value(): ValueShape {
    this.#value ??= this.#known?.value ?? valueShape(this.#candidate.value);
    return this.#value;
  }

  get name(): NameSense {
    const { syntax, name } = this.#candidate;
    // In `user:password@host` the name is the user's: the place itself says what the value is.
    this.#name ??= this.#known?.name ?? nameSense(syntax === 'url' ? 'password' : name);
    return this.#name;
  }

  get path(): PathSense {
    this.#path ??= this.#known?.path ?? pathSense(this.#candidate.chunk.logicalPath);
    return this.#path;
  }

  get placeholder(): PlaceholderSense {
    this.#placeholder ??= this.#known?.placeholder ?? placeholderSense(this.#candidate.value, this.#candidate.name);
    return this.#placeholder;
  }

  get context(): ContextSense {
    this.#context ??= contextSense(this.#candidate, this.path);
    return this.#context;
  }
}

/** How far back from a value its line is read, UTF-16 code units. */
const REACH = 200;

function contextSense(candidate: Candidate, path: PathSense): ContextSense {
  const { text } = candidate.chunk;
  // Never the whole line: lines of a megabyte exist.
  const near = text.slice(Math.max(0, candidate.start - REACH), candidate.start);
  const before = near.slice(near.lastIndexOf('\n') + 1);
  const next = text[candidate.end] ?? '';
  const quoted = isQuote(codeAt(before, before.length - 1)) || closes(before, next);
  const name = candidate.name ?? '';
  const at = name === '' ? -1 : before.lastIndexOf(name);
  return {
    quoted,
    isTemplate: /^(?:\$\{|\{\{|<%|#\{|\$\()/.test(text.slice(candidate.end, candidate.end + 2)),
    inBlock:
      candidate.syntax === 'token' &&
      (isWrapped(text, candidate.start) || (!quoted && isInBlock(text, candidate.start, candidate.end))),
    bareInCode: !quoted && (path.kind === 'code' || path.minified),
    goesOn: !quoted && /[([.]/.test(next),
    comment: /^\s*(?:\/\/|#|\*|\/\*|--|;|<!--|%|rem\b)/i.test(before),
    inResourceName: before.includes('arn:') && /\barn:[\w-]*:[\w:/.-]*$/.test(before),
    isCommit:
      /^[0-9a-f]{7,64}$/.test(candidate.value) &&
      (/(?:commits?|compare|tree|blob)\/$|\.{2,3}$/.test(before) ||
        /^\.{2,3}/.test(text.slice(candidate.end, candidate.end + 3))),
    compared: /[=!]==?\s*["'`]?$|\b(?:assert|expect|should|equal|match)/i.test(before),
    gap: at < 0 ? 0 : before.length - at - name.length,
  };
}

/** Whether `next` closes a quote that is open in `before`: `"Bearer value"`. */
function closes(before: string, next: string): boolean {
  return isQuote(codeAt(next, 0)) && before.split(next).length % 2 === 0;
}

/** A line of nothing but base64, as certificates and keys are wrapped. */
const WRAPPED = /^[\t "'`+]*[A-Za-z0-9+/]{56,80}={0,2}(?:\\[rn])*[\t "'`+,;\\)]*$/;

/** Whether the line of a token and one beside it are wrapped base64. */
function isWrapped(text: string, start: number): boolean {
  const from = Math.max(0, start - 200);
  const end = text.indexOf('\n', start);
  // Most lines are no such line: theirs is looked at before all are cut.
  if (end >= 0 && end < start + 200 && !WRAPPED.test(lineOf(text.slice(from, end)))) return false;
  const lines = text.slice(from, start + 200).split(/\r?\n/);
  const at = text.slice(from, start).split('\n').length - 1;
  const wrapped = (i: number) => WRAPPED.test(lines[i] ?? '');
  return wrapped(at) && (wrapped(at - 1) || wrapped(at + 1));
}

/** The line at the end of a text. */
function lineOf(text: string): string {
  const line = text.slice(text.lastIndexOf('\n') + 1);
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}

/** Longest line of text without white space or quotes that people write. */
const BLOCK = 400;

function isInBlock(text: string, start: number, end: number): boolean {
  const first = Math.max(0, start - BLOCK);
  const last = Math.min(text.length, end + BLOCK);
  let from = start;
  while (from > first && !isBorder(text.charCodeAt(from - 1))) from--;
  let to = end;
  while (to < last && !isSpace(text.charCodeAt(to)) && !isQuote(text.charCodeAt(to))) to++;
  return start - from + to - end >= BLOCK;
}

/** A blank, a tab, the end of a line or a quote. */
function isBorder(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0a || isQuote(code);
}
