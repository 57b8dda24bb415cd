import type { Candidate } from '../types.ts';
import { firstIndex } from '../util/halving.ts';
import type { Range } from './spellings.ts';
import { decodings, isKeyBorder, LONGEST_WRITTEN, readings, SHORTEST_SEARCHED } from './spellings.ts';

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
  const byHead = new Map<string, Set<string>>();
  for (const value of new Set(candidates.flatMap(valuesOf).flatMap(readings))) {
    const head = value.slice(0, SHORTEST_SEARCHED);
    byHead.set(head, (byHead.get(head) ?? new Set()).add(value));
  }
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
    shownBy: (texts) => {
      const shown = new Set<string>();
      for (const text of new Set(texts.flatMap(decodings))) {
        for (let at = 0; at + SHORTEST_SEARCHED <= text.length; at++) {
          for (const value of byHead.get(text.slice(at, at + SHORTEST_SEARCHED)) ?? []) {
            if (text.startsWith(value, at)) shown.add(value);
          }
        }
      }
      return [...shown];
    },
  };
  prepared.set(candidates, neighbours);
  return neighbours;
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
