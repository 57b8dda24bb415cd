import { asciiSet, codeAt, DIGITS, isIn, LETTERS } from '../util/characters.ts';
import { seeker } from '../util/seek.ts';
import { SHORTEST_RUN, type TokenRuns } from '../util/token-runs.ts';

/** 1: letters and digits of base64 and base64url, hexadecimal digits among them. */
const IN_RUN = asciiSet(`${LETTERS}${DIGITS}+/-_`);

const BACKSLASH = 0x5c;

/** A run of base64 digits: pieces on one line each, of which every one but the last has the same length. */
export interface Run {
  start: number;
  /** Behind the padding. */
  end: number;
  /** Where the pieces stand, without padding. */
  pieces: readonly (readonly [start: number, end: number])[];
}

export function isRunCharacter(text: string, at: number): boolean {
  return isIn(IN_RUN, codeAt(text, at));
}

/**
 * Calls `visit` for every run of {@link SHORTEST_RUN} characters or more, by its first and last offset. It answers where
 * to go on: the end of the run, or further if it has read further.
 *
 * @param runs those of token characters, in which the ones looked for lie: only padding is no character of theirs
 */
export function eachRun(text: string, runs: TokenRuns, visit: (start: number, end: number) => number): void {
  const padding = seeker(text, '=');
  let from = 0;
  for (let i = 0; i < runs.length; i += 2) {
    const stop = runs[i + 1]!;
    let at = Math.max(from, runs[i]!);
    while (stop - at >= SHORTEST_RUN) {
      const end = Math.min(stop, padding(at));
      if (end - at >= SHORTEST_RUN) {
        // `\n` in front of a run: the letter belongs to the escape.
        const start = codeAt(text, at - 1) === BACKSLASH && /[nrt]/.test(text[at]!) ? at + 1 : at;
        if (end - start >= SHORTEST_RUN) from = visit(start, end);
      }
      at = Math.max(from, end + 1);
    }
  }
}

/** What stands between two lines of wrapped data: a line end, indentation and the mark of a comment; or `\n` as written. */
const BREAK =
  /[ \t]{0,8}\r?\n[ \t]{0,80}(?:(?:[#*>|]|\/\/)[ \t]{0,8})?|\\\r?\n[ \t]{0,80}|(?:\\{1,2}r)?\\{1,2}n[ \t]{0,8}/y;
/** Lines of wrapped data are at least this long, in UTF-16 code units. */
const SHORTEST_LINE = 20;

/** The run from `start` to `end` (its first line), with its padding and the lines that go on with it. */
export function wrappedRun(text: string, start: number, end: number): Run {
  const width = end - start;
  const pieces: [number, number][] = [[start, end]];
  let last = end;
  while (width >= SHORTEST_LINE && text[last] !== '=') {
    BREAK.lastIndex = last;
    if (!BREAK.test(text)) break;
    const next = BREAK.lastIndex;
    let stop = next;
    while (stop < text.length && stop - next <= width && isRunCharacter(text, stop)) stop++;
    // Words that go on, names and what is longer are of another kind.
    if (stop === next || stop - next > width || /[:.,@(\p{L}]/u.test(text[stop] ?? '')) break;
    pieces.push([next, stop]);
    last = stop;
    if (stop - next < width) break;
  }
  let padded = last;
  while (padded < last + 2 && text[padded] === '=') padded++;
  return { start, end: padded, pieces };
}
