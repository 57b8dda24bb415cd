import type { LineRanges } from '../types.ts';

/** The lines that are in both; the result is sorted and does not overlap, like its inputs. */
export function intersectRanges(a: LineRanges, b: LineRanges): LineRanges {
  const both: [number, number][] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const [firstA, lastA] = a[i]!;
    const [firstB, lastB] = b[j]!;
    const first = Math.max(firstA, firstB);
    const last = Math.min(lastA, lastB);
    if (first <= last) both.push([first, last]);
    if (lastA < lastB) i++;
    else j++;
  }
  return both;
}
