import { asciiSet, DIGITS, isIn, LETTERS } from './characters.ts';
import { firstIndex } from './halving.ts';

/** Shorter runs of token characters are of no interest, in UTF-16 code units. */
export const SHORTEST_RUN = 16;

/** 1: letters, digits and the punctuation of base64, base64url, UUIDs and tokens. */
const IN_TOKEN = asciiSet(`${LETTERS}${DIGITS}_-+/=`);

/** Where each run of token characters in a text starts and ends, in order: `[start, end, start, end, …]`. */
export type TokenRuns = readonly number[];

/** The runs of {@link SHORTEST_RUN} token characters or more. Looks at one character in sixteen where there are none. */
export function tokenRuns(text: string): TokenRuns {
  const runs: number[] = [];
  const { length } = text;
  /** A run that has not been seen yet starts here or further on. */
  let from = 0;
  /** Of what stands from there on, all in front of this are token characters. */
  let known = 0;
  while (from + SHORTEST_RUN <= length) {
    // From behind: where a run is broken late, what stands in front of that need not be read.
    let at = from + SHORTEST_RUN - 1;
    while (at >= known && isIn(IN_TOKEN, text.charCodeAt(at))) at--;
    if (at >= known) {
      known = from + SHORTEST_RUN;
      from = at + 1;
      continue;
    }
    let end = from + SHORTEST_RUN;
    while (end < length && isIn(IN_TOKEN, text.charCodeAt(end))) end++;
    runs.push(from, end);
    from = end + 1;
    known = from;
  }
  return runs;
}

/** Whether `least` token characters (at least {@link SHORTEST_RUN}) stand in a row between two places of the text of `runs`. */
export function hasRun(runs: TokenRuns, place: { from: number; to: number; least: number }): boolean {
  const { from, to, least } = place;
  const first = firstIndex(runs.length >> 1, (run) => runs[2 * run + 1]! > from + least - 1);
  for (let i = 2 * first; i < runs.length && runs[i]! < to; i += 2) {
    if (Math.min(runs[i + 1]!, to) - Math.max(runs[i]!, from) >= least) return true;
  }
  return false;
}

/** Length of the longest run. */
export function longestRun(runs: TokenRuns): number {
  let longest = 0;
  for (let i = 0; i < runs.length; i += 2) longest = Math.max(longest, runs[i + 1]! - runs[i]!);
  return longest;
}
