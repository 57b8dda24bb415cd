/**
 * Brackets with a number behind them, or the bracket of one; quotes and backslashes with something behind them that can
 * join two literals. Only the sign itself is taken.
 */
const SIGNS = /[[({](?=\|?\s{0,200}[-(\d])|<(?=<\s{0,200}[-(\d])|["'`](?=[ \t\r\n\\+.&|<])|\\(?=\r?\n)/g;
const BRACKETS = '[({<';

/** Is told where a sign stands; answers where the next one of its kind may stand, for what it has read is done with. */
export type OnSign = (at: number) => number;

/** One pass over `text` for all signs that lists of bytes and joined strings can begin with. */
export function eachSign(text: string, { onBracket, onSeam }: { onBracket: OnSign; onSeam: OnSign }): void {
  let nextBracket = 0;
  let nextSeam = 0;
  for (SIGNS.lastIndex = 0; SIGNS.test(text); ) {
    const at = SIGNS.lastIndex - 1;
    if (BRACKETS.includes(text[at]!)) {
      if (at >= nextBracket) nextBracket = onBracket(at);
    } else if (at >= nextSeam) nextSeam = onSeam(at);
  }
}
