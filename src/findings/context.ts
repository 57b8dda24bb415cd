import type { Candidate, Redacted } from '../types.ts';
import { neighboursOf, valuesOf } from './neighbours.ts';
import { redactLine } from './redact.ts';

const WIDTH = 160;
/** No more of a line is looked at: what can be shown of it, and values that stand half inside. */
const LONGEST_LINE = 4096;

export interface ContextLine {
  /** In the numbering of the file. */
  line: number;
  text: Redacted;
}

/** The lines around a finding, what they have in common of their indentation taken away. */
export interface Context {
  before: readonly ContextLine[];
  after: readonly ContextLine[];
  /** What is left of the indentation of the finding's own line. */
  indent: number;
}

/**
 * The lines before and after a candidate as they may be shown.
 * @param input.others every candidate of the text: their values are masked
 * @param input.lines how many on each side, at most
 */
export function contextOf(input: {
  candidate: Candidate;
  others: readonly Candidate[];
  lines: number;
  show: boolean;
}): Context {
  const { candidate, others, lines: count, show } = input;
  const { text } = candidate.chunk;
  const start = candidate.start === 0 ? 0 : text.lastIndexOf('\n', candidate.start - 1) + 1;
  const end = endOfLine(text, Math.max(candidate.start, candidate.end - 1));
  const before: ContextLine[] = [];
  for (let at = start; at > 0 && before.length < count; ) {
    const lineStart = at === 1 ? 0 : text.lastIndexOf('\n', at - 2) + 1;
    const line = candidate.line - before.length - 1;
    before.unshift({ line, text: shown({ text, start: lineStart, end: at - 1, others, candidate, show }) });
    at = lineStart;
  }
  const after: ContextLine[] = [];
  for (let at = end + 1; at < text.length && after.length < count; ) {
    const lineEnd = endOfLine(text, at);
    const line = candidate.endLine + after.length + 1;
    after.push({ line, text: shown({ text, start: at, end: lineEnd, others, candidate, show }) });
    at = lineEnd + 1;
  }
  const own = indentOf(text.slice(start, Math.min(candidate.start + 1, start + WIDTH)));
  const filled = [...before, ...after].filter((one) => one.text.trim() !== '');
  const common = Math.min(own, ...filled.map((one) => indentOf(one.text)));
  const less = (one: ContextLine): ContextLine => ({ ...one, text: one.text.slice(common) as Redacted });
  return { before: before.map(less), after: after.map(less), indent: own - common };
}

function shown(input: {
  text: string;
  start: number;
  end: number;
  others: readonly Candidate[];
  candidate: Candidate;
  show: boolean;
}): Redacted {
  const { text, start, others, candidate, show } = input;
  const end = Math.min(input.end, start + LONGEST_LINE);
  const line = text.slice(start, end).replace(/\r$/, '');
  const neighbours = neighboursOf(others);
  const near = neighbours.within({ start, end });
  const values = show
    ? []
    : [...valuesOf(candidate), ...near.filter((other) => !other.read).flatMap(valuesOf), ...neighbours.shownBy([line])];
  const inLine = (at: number) => Math.min(Math.max(at - start, 0), line.length);
  const spans = near.map((other) => ({ start: inLine(other.start), end: inLine(other.end) }));
  return redactLine({ line, spans, values, show, width: WIDTH, focus: { start: 0, end: 0 }, as: '' });
}

function endOfLine(text: string, from: number): number {
  const newline = text.indexOf('\n', from);
  return newline < 0 ? text.length : newline;
}

function indentOf(line: string): number {
  return /^[\t ]*/.exec(line)![0].length;
}
