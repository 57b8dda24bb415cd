import type { LineRanges } from '../types.ts';

/** Whether any line from `first` to `last` (inclusive, 1-based) lies in `ranges`. */
export function touches(ranges: LineRanges, first: number, last: number): boolean {
  return ranges.some(([from, to]) => from <= last && to >= first);
}
