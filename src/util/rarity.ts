import { RARITY_TABLE } from './rarity-table.ts';

const SIZE = 27;
/** Bits of surprise by base64 digit of the table. */
const BITS = new Float64Array(128);
for (const [i, c] of [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'].entries()) {
  BITS[c.charCodeAt(0)] = i / 5;
}

/**
 * How unlike words the letters of `value` are: mean surprise in bits per letter, over the runs of letters, each
 * counted as a word of its own (a change from lower to upper case starts a new one). About 3 for words, 5 and more for
 * random letters; 0 when there are no letters.
 */
export function rarity(value: string): number {
  let bits = 0;
  let letters = 0;
  let before = 0;
  let last = 0;
  let wasLower = false;
  for (let i = 0; i <= value.length; i++) {
    const code = i < value.length ? value.charCodeAt(i) : 0;
    const lower = code >= 97 && code <= 122;
    const upper = code >= 65 && code <= 90;
    const letter = lower ? code - 96 : upper ? code - 64 : 0;
    if (last !== 0 && (letter === 0 || (upper && wasLower))) {
      bits += surprise(before, last, 0);
      before = last = 0;
    }
    if (letter !== 0) {
      bits += surprise(before, last, letter);
      letters++;
      before = last;
      last = letter;
    }
    wasLower = lower;
  }
  return letters === 0 ? 0 : bits / letters;
}

function surprise(a: number, b: number, c: number): number {
  return BITS[RARITY_TABLE.charCodeAt((a * SIZE + b) * SIZE + c)]!;
}
