/** A hunk that is being read: how many lines are still to come. */
export interface Hunk {
  /** Lines left of each parent. */
  old: number[];
  /** Lines left of the new side. */
  fresh: number;
  /** Number of the next line of the new side. */
  line: number;
  /**
   * Of a diff against several parents. What git says of its length is too little by one where lines are gone from the end of a
   * file, and as little as -1 (18446744073709551615): it ends with the first line that has no marks.
   */
  isCombined: boolean;
}

/** Reads `@@ -1,2 +1,3 @@`, or `@@@ -1 -4,0 +2 @@@` of a combined diff. A hunk without lines is undefined. */
export function openHunk(header: string): Hunk | undefined {
  const sides = /^@@+ ((?:-\d+(?:,\d+)? )+)\+(\d+)(?:,(\d+))? @@/.exec(header);
  if (!sides) throw new Error('unexpected hunk in the output of git diff');
  const old = [...sides[1]!.matchAll(/-\d+(?:,(\d+))?/g)].map(([, count]) => Number(count ?? 1));
  const isCombined = old.length > 1;
  const hunk = { old, fresh: Number(sides[3] ?? 1), line: Number(sides[2]), isCombined };
  return isDone(hunk) ? undefined : hunk;
}

/** Whether the line that starts with `mark` belongs to a hunk, and is no header: all of its lines begin with their marks. */
export function hasMark(mark: number | undefined): boolean {
  return mark === BLANK || mark === MINUS || mark === PLUS || mark === BACKSLASH;
}

const BLANK = 32;
const MINUS = 45;
const PLUS = 43;
const BACKSLASH = 92;

/** Takes in the line of the hunk that starts at `at`, and tells whether the new side got it anew, and its number. */
export function readHunkLine(hunk: Hunk, bytes: Buffer, at: number): { added?: number; done: boolean } {
  // "\ No newline at end of file" belongs to neither side.
  if (bytes[at] === BACKSLASH) return { done: false };
  const marks = bytes.subarray(at, at + hunk.old.length);
  const gone = marks.includes(MINUS);
  let added = !gone;
  for (let parent = 0; parent < hunk.old.length; parent++) {
    const mark = marks[parent];
    if (gone ? mark === MINUS : mark !== PLUS) {
      hunk.old[parent]!--;
      added = false;
    }
  }
  if (gone) return { done: isDone(hunk) };
  const line = hunk.line++;
  hunk.fresh--;
  return added ? { added: line, done: isDone(hunk) } : { done: isDone(hunk) };
}

function isDone(hunk: Hunk): boolean {
  return !hunk.isCombined && hunk.fresh <= 0 && hunk.old.every((left) => left <= 0);
}
