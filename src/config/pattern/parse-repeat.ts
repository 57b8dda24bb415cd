import { type Cursor, take } from './cursor.ts';
import { type Node, PatternError } from './tree.ts';

/** Repeats above this blow up the compiled program; Go stops at 1000. */
const MOST_REPEATS = 100_000;

/** `item` with the repeat that follows it, if one does. */
export function repeated(cursor: Cursor, item: Node): Node {
  const quantifier = parseQuantifier(cursor);
  if (!quantifier) return item;
  const start = cursor.at;
  const second = parseQuantifier(cursor);
  if (second) {
    cursor.at = start;
    const possessive = second.text === '+';
    throw new PatternError(
      `${quantifier.text}${second.text}: ${possessive ? 'possessive repeats are not supported' : 'a repeat of a repeat needs a group'}`,
    );
  }
  const { min, max, lazy } = quantifier;
  return { kind: 'repeat', item, min, max, lazy };
}

/** The repeat at the cursor, if there is one. */
export function parseQuantifier(cursor: Cursor): { min: number; max: number; lazy: boolean; text: string } | undefined {
  const start = cursor.at;
  const char = cursor.chars[start];
  let [min, max] = [0, Number.POSITIVE_INFINITY];
  if (char === '*' || char === '+' || char === '?') {
    cursor.at++;
    if (char === '+') min = 1;
    if (char === '?') max = 1;
  } else if (char === '{') {
    // What does not read as a repeat, `{,3}` among it, is plain text.
    const counts = /^\{(\d+)(,(\d*))?\}/.exec(cursor.chars.slice(start, start + 24).join(''));
    if (!counts) return undefined;
    cursor.at += counts[0].length;
    min = Number(counts[1]);
    if (!counts[2]) max = min;
    else if (counts[3]) max = Number(counts[3]);
    if (max < min || min > MOST_REPEATS || (max > MOST_REPEATS && max !== Number.POSITIVE_INFINITY)) {
      throw new PatternError(`the repeat count ${counts[0]} is out of range`);
    }
  } else return undefined;
  const lazy = take(cursor, '?') !== cursor.flags.U;
  return { min, max, lazy, text: cursor.chars.slice(start, cursor.at).join('') };
}
