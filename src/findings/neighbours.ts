import type { Candidate } from '../types.ts';
import { firstIndex } from '../util/halving.ts';
import { remembered } from '../util/remembered.ts';
import type { Range } from './spellings.ts';
import { decodings, isKeyBorder, LONGEST_WRITTEN, REPEATED, readings, SHORTEST_SEARCHED } from './spellings.ts';

/** The candidates of a text, ready to be asked which of their values would be shown by a piece of it. */
export interface Neighbours {
  /** Length of the longest value, in UTF-16 code units. */
  longest: number;
  /** Candidates that overlap a stretch of the text. */
  within(stretch: Range): Candidate[];
  /** Values of four characters or more that stand in one of `texts`, in any common spelling. */
  shownBy(texts: readonly string[]): string[];
}

const prepared = new WeakMap<readonly Candidate[], Neighbours>();

/**
 * Looks at all candidates of a text once: a file may have thousands, and every finding asks about all of them. The
 * answer is kept for as long as the very same array is.
 */
export function neighboursOf(candidates: readonly Candidate[]): Neighbours {
  const known = prepared.get(candidates);
  if (known) return known;
  const shownIn = finderOf(new Set(candidates.flatMap(valuesOf).flatMap(readings)));
  // Of an encoded text, which is masked as a whole, it is enough to know that it stands there.
  const encoded = new Map(candidates.filter(({ read }) => read).map((c) => [`${c.start}:${c.end}`, c]));
  const byStart = [...candidates.filter(({ read }) => !read), ...encoded.values()].sort((a, b) => a.start - b.start);
  const longestSpan = candidates.reduce((longest, { start, end }) => Math.max(longest, end - start), 0);
  const neighbours: Neighbours = {
    longest: candidates.reduce((longest, { value }) => Math.max(longest, value.length), 0),
    within: ({ start, end }) => {
      const found: Candidate[] = [];
      const first = firstIndex(byStart.length, (i) => byStart[i]!.start >= start - longestSpan);
      for (let i = first; i < byStart.length; i++) {
        const candidate = byStart[i]!;
        if (candidate.start >= end) break;
        if (candidate.end > start) found.push(candidate);
      }
      return found;
    },
    shownBy: (texts) => [...new Set(texts.flatMap(shownIn))],
  };
  prepared.set(candidates, neighbours);
  return neighbours;
}

/** Finds which of `values` stand in a text, in any common spelling. It is asked about the same path and reason many times. */
function finderOf(values: Iterable<string>): (text: string) => readonly string[] {
  const byHead = new Map<number, Set<string>>();
  for (const value of values) {
    let head = 0;
    for (let i = 0; i < SHORTEST_SEARCHED; i++) head = headWith(head, value.charCodeAt(i));
    const others = byHead.get(head);
    if (others) others.add(value);
    else byHead.set(head, new Set([value]));
  }
  return remembered((text) => {
    const found = new Set<string>();
    for (const decoded of new Set(decodings(text))) {
      let head = 0;
      for (let i = 0; i < decoded.length; i++) {
        head = headWith(head, decoded.charCodeAt(i));
        const alike = byHead.get(head);
        if (!alike) continue;
        const start = i + 1 - SHORTEST_SEARCHED;
        for (const value of alike) if (decoded.startsWith(value, start)) found.add(value);
      }
    }
    return [...found];
  }, REPEATED);
}

/** A number for the four characters up to the next one, made of that for the four before: 28 bits, seven for each. */
function headWith(head: number, next: number): number {
  return ((head << 7) ^ next) & 0xfffffff;
}

/** Lines of a longer value that are shorter than this may be anything. */
const SHORTEST_LINE = 8;

/** The value as decoded, as written where that differs, and the lines of one that has several. */
export function valuesOf({ chunk, start, end, value }: Candidate): string[] {
  const written = end - start > LONGEST_WRITTEN && end - start !== value.length ? value : chunk.text.slice(start, end);
  const whole = written === value ? [value] : [value, written];
  const lines = whole.filter((text) => text.includes('\n')).flatMap((text) => text.split(/\r?\n/));
  return [...whole, ...lines.filter((line) => line.length >= SHORTEST_LINE && !isKeyBorder(line))];
}
