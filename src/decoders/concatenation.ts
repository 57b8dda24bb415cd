import type { Edit, Encoded } from './edit.ts';
import type { OnSign } from './signs.ts';

/**
 * Where one literal ends and the next begins, with what joins them: an operator, with line ends round it or without;
 * a line end or blanks alone; or a line that a backslash carries on. Every repeat is bounded.
 */
const SEAM =
  /["'`](?:[ \t]{0,40}(?:\\?\r?\n[ \t]{0,120})?(?:\+\+?|\.\.?|&|\|\||<>)[ \t]{0,40}(?:[_\\]?\r?\n[ \t]{0,120})?|[ \t]{0,40}\\?\r?\n[ \t]{0,120}|[ \t]{1,4})[bBrRuUfFL@$]?["'`]|\\\r?\n[ \t]{0,120}/y;

/** Characters of tokens: a literal that ends in a blank is prose. */
const JOINED = /[\w+/=.~:@!#$%^*-]/;
/** Shortest value of several literals that is looked at, in UTF-16 code units. */
const SHORTEST = 8;
/** How far from a seam its value is read. */
const REACH = 64;

interface Seam {
  start: number;
  end: number;
  /** Characters of a token in front of it and behind it. */
  before: number;
  after: number;
}

/** Strings that a program joins: of `"abc" + "def"` what stands between `c` and `d` is left out. */
export function joinReader(text: string): { onSeam: OnSign; joins(): Encoded } {
  const seams: Seam[] = [];
  return {
    onSeam(start) {
      SEAM.lastIndex = start;
      if (!SEAM.test(text)) return start + 1;
      const end = SEAM.lastIndex;
      if (isJoined(text, start - 1) && isJoined(text, end)) {
        seams.push({ start, end, before: reach(text, start, -1), after: reach(text, end, 1) });
      }
      return end;
    },
    joins: () => ({ way: ['joined strings'], edits: seams.map((seam, i) => editOf(seam, seams[i - 1], seams[i + 1])) }),
  };
}

function editOf({ start, end, before, after }: Seam, left: Seam | undefined, right: Seam | undefined): Edit {
  // Of many small literals none is long: the value reaches over the seams beside it.
  const more = Number(left?.end === start - before) + Number(right?.start === end + after);
  return { start, end, text: '', alone: false, telling: before + after >= SHORTEST || more > 0 };
}

function isJoined(text: string, at: number): boolean {
  return JOINED.test(text[at] ?? '');
}

/** How many characters of a token stand from `at` on, backwards or forwards. */
function reach(text: string, at: number, step: 1 | -1): number {
  let length = 0;
  while (length < REACH && isJoined(text, step > 0 ? at + length : at - 1 - length)) length++;
  return length;
}
