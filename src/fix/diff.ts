import { hide, MASK, plain } from '../findings/redact.ts';
import { joined, type Range } from '../findings/spellings.ts';
import type { Redacted } from '../types.ts';
import { lineTable } from '../util/lines.ts';
import type { Edit } from './types.ts';

const CONTEXT = 3;
const LONGEST_LINE = 200;
const OTHER_MASK = '****';

/** One line of a diff, safe to print; `kind` is its first character. */
export interface DiffLine {
  kind: ' ' | '-' | '+' | '@';
  text: Redacted;
}

/**
 * The edits of a text as a unified diff, with every value masked.
 * @param input.values where the values that are taken out stand
 * @param input.others where else something stands that could be a secret
 */
export function maskedDiff(input: {
  text: string;
  edits: readonly Edit[];
  values: readonly Range[];
  others: readonly Range[];
}): DiffLine[] {
  const { text, edits, values, others } = input;
  const lines = lineTable(text);
  const old = masks({ text, values, others });
  const isEdited = ({ start, end }: Range) => edits.some((edit) => edit.start < end && start < edit.end);
  const fresh = [...old.filter((mask) => !isEdited(mask)), ...edits].sort((a, b) => a.start - b.start || a.end - b.end);
  const known = values.map(({ start, end }) => text.slice(start, end));
  const clean = (line: string) =>
    hide({ text: line.replace(/\r$/, '').replaceAll('\t', '    '), values: known, unlessWord: true });
  const lineOf = (offset: number) => {
    let [low, high] = [0, lines.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (lines[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  };
  const endOf = (line: number) => (line + 1 < lines.length ? lines[line + 1]! : text.length);
  const out: DiffLine[] = [];
  let moved = 0;
  for (const group of groupsOf(edits, lineOf)) {
    const count = lines.length - (text.endsWith('\n') || text === '' ? 1 : 0);
    const first = Math.max(0, group.first - CONTEXT);
    const last = Math.min(count - 1, group.last + CONTEXT);
    const linesOf = (from: number, to: number, changes: readonly Edit[]) =>
      from > to ? [] : splitLines(applied({ text, start: lines[from]!, end: endOf(to), changes }));
    const body: DiffLine[] = [];
    const put = (kind: DiffLine['kind'], shown: readonly string[], others: readonly string[] = []) => {
      const cleaned = others.map(clean);
      for (const [i, line] of shown.map(clean).entries()) {
        body.push({ kind, text: plain(cut(line, sameUntil(line, cleaned[i] ?? line))) });
      }
    };
    let at = first;
    for (const [from, to] of group.lines) {
      put(' ', linesOf(at, from - 1, old));
      const { head, removed, added, tail } = changed(linesOf(from, to, old), linesOf(from, to, fresh));
      put(' ', head);
      put('-', removed, added);
      put('+', added, removed);
      put(' ', tail);
      at = to + 1;
    }
    put(' ', linesOf(at, last, old));
    const sizes = [
      body.filter(({ kind }) => kind !== '+').length,
      body.filter(({ kind }) => kind !== '-').length,
    ] as const;
    const head = `@@ -${first + 1},${sizes[0]} +${first + 1 + moved},${sizes[1]} @@`;
    moved += sizes[1] - sizes[0];
    out.push({ kind: '@', text: plain(head) }, ...body);
  }
  return out;
}

/** What is written in the place of values: the lines of a value stay lines. */
function masks({ text, values, others }: { text: string; values: readonly Range[]; others: readonly Range[] }): Edit[] {
  return joined([...values, ...others]).map(({ start, end }) => {
    const mask = values.some((value) => value.start < end && start < value.end) ? MASK : OTHER_MASK;
    return { start, end, text: text.slice(start, end).replace(/[^\s][^\r\n]*/g, mask) };
  });
}

/** The stretches of a text that change, by their lines; those that share context together. */
function groupsOf(edits: readonly Edit[], lineOf: (offset: number) => number) {
  const groups: { first: number; last: number; lines: [from: number, to: number][] }[] = [];
  let isInsertion = false;
  for (const { start, end } of edits) {
    const wasInsertion = isInsertion;
    isInsertion = start === end;
    const [from, to] = [lineOf(start), lineOf(Math.max(start, end - 1))];
    const group = groups.at(-1);
    if (!group || from > group.last + 2 * CONTEXT) {
      groups.push({ first: from, last: to, lines: [[from, to]] });
      continue;
    }
    const before = group.lines.at(-1)!;
    const isApart = isInsertion || wasInsertion;
    if (from <= before[1] + (isApart ? 0 : 1)) before[1] = Math.max(before[1], to);
    else group.lines.push([from, to]);
    group.last = Math.max(group.last, to);
  }
  return groups;
}

/** A stretch of a text with what is changed in it; a change that begins in front of it is cut. */
function applied(input: { text: string; start: number; end: number; changes: readonly Edit[] }): string {
  const { text, start, end, changes } = input;
  let out = '';
  let at = start;
  for (const change of changes) {
    const isInsertion = change.start === change.end;
    if (change.end < start || (change.end === start && !isInsertion) || change.start >= end) {
      // At the very end of a text there is nothing behind an insertion.
      if (!(isInsertion && change.start === end && end === text.length)) continue;
    }
    out += text.slice(at, Math.max(at, change.start));
    const skipped = change.start < start ? linesBefore(text.slice(change.start, start), change.text) : change.text;
    out += skipped;
    at = Math.min(end, change.end);
  }
  return out + text.slice(at, end);
}

/** Of a mask over several lines, what belongs to those behind the first of them. */
function linesBefore(passed: string, mask: string): string {
  const count = passed.split('\n').length - 1;
  return mask.split('\n').slice(count).join('\n');
}

/** What is the same at both ends of two lists of lines is no change. */
function changed(before: readonly string[], after: readonly string[]) {
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before[start] === after[start]) start++;
  let end = 0;
  while (end < most - start && before.at(-1 - end) === after.at(-1 - end)) end++;
  const [removed, added] = [before, after].map((lines) => lines.slice(start, lines.length - end)) as [
    string[],
    string[],
  ];
  return { head: before.slice(0, start), removed, added, tail: before.slice(before.length - end) };
}

function splitLines(text: string): string[] {
  return text.replace(/\n$/, '').split('\n');
}

/** How far two lines are the same. */
function sameUntil(line: string, other: string): number {
  let at = 0;
  while (at < line.length && line[at] === other[at]) at++;
  return at === line.length && at === other.length ? 0 : at;
}

/** What a screen has room for of a line, round `at`. */
function cut(line: string, at: number): string {
  if (line.length <= LONGEST_LINE) return line;
  const start = Math.max(0, at - LONGEST_LINE / 2);
  const end = start + LONGEST_LINE;
  return `${start > 0 ? '…' : ''}${line.slice(start, end)}${end < line.length ? '…' : ''}`;
}
