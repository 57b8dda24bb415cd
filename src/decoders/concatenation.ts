import type { Edit, Encoded } from './edit.ts';

/**
 * Where one literal ends and the next begins, with what joins them: an operator, with line ends round it or without;
 * a line end or blanks alone; or a line that a backslash carries on. Every repeat is bounded.
 */
const SEAM =
  /["'`](?:[ \t]{0,40}(?:\\?\r?\n[ \t]{0,120})?(?:\+\+?|\.\.?|&|\|\||<>)[ \t]{0,40}(?:[_\\]?\r?\n[ \t]{0,120})?|[ \t]{0,40}\\?\r?\n[ \t]{0,120}|[ \t]{1,4})[bBrRuUfFL@$]?["'`]|\\\r?\n[ \t]{0,120}/g;

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
export function joinsOf(text: string): Encoded {
  const seams: Seam[] = [];
  for (const match of text.matchAll(SEAM)) {
    const start = match.index;
    const end = start + match[0].length;
    if (!isJoined(text, start - 1) || !isJoined(text, end)) continue;
    seams.push({ start, end, before: reach(text, start, -1), after: reach(text, end, 1) });
  }
  const edits = seams.map(({ start, end, before, after }, i): Edit => {
    // Of many small literals none is long: the value reaches over the seams beside it.
    const [left, right] = [seams[i - 1], seams[i + 1]];
    const more = Number(left?.end === start - before) + Number(right?.start === end + after);
    return { start, end, text: '', alone: false, telling: before + after >= SHORTEST || more > 0 };
  });
  return { way: ['joined strings'], edits };
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
