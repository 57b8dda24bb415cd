import type { Edit } from './types.ts';

/** What may stand in the place of a value, plainest first: which of them a scan leaves alone is tried out. */
export function masksFor(value: string): string[] {
  if (/^\d+$/.test(value)) return ['0'.repeat(value.length), '1'.repeat(value.length)];
  return [...new Set(['REDACTED', shapeOf(value), 'x'.repeat(Math.min(value.length, 24)), 'xxx'])];
}

/** Length and shape: letters become `x`, digits `0`, and what stands between them stays. */
function shapeOf(value: string): string {
  return value.replace(/\p{L}|\p{M}/gu, 'x').replace(/\p{N}/gu, '0');
}

/**
 * A value masked where it stands. Of one with several lines each line is masked, behind its indentation: nothing moves.
 * @param choice which of the masks
 */
export function maskEdit({
  text,
  start,
  end,
  choice,
}: {
  text: string;
  start: number;
  end: number;
  choice: number;
}): Edit {
  const value = text.slice(start, end);
  // A number without quotes stays one, where it may not start with a zero.
  const isBareNumber =
    /^\d+$/.test(value) &&
    /[:\s[,]$/.test(text.slice(0, start).slice(-1)) &&
    /^[\s,}\]]/.test(text.slice(end, end + 1));
  if (isBareNumber) return { start, end, text: ['0', '1'.repeat(value.length)][choice % 2]! };
  if (!/[\r\n]/.test(value)) {
    const masks = masksFor(value);
    return { start, end, text: masks[Math.min(choice, masks.length - 1)]! };
  }
  const word = choice === 0 ? 'REDACTED' : 'xxx';
  return { start, end, text: value.replace(/[^\s][^\r\n]*/g, word) };
}

/** So many masks there are to be tried. */
export const MOST_MASKS = 4;
