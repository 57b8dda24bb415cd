import type { TextChunk } from '../types.ts';
import type { Inspected } from './index.ts';

/** How many texts were searched, and what came of them. */
export interface TextCounts extends Pick<Inspected, 'verdicts' | 'decidedBy'> {
  chunks: number;
  bytes: number;
}

/** Counts texts in the order of their source. */
export interface Tally {
  readonly counts: TextCounts;
  add(chunk: Pick<TextChunk, 'origin' | 'path' | 'bytes'>, inspected: Pick<Inspected, 'verdicts' | 'decidedBy'>): void;
}

export function textTally(): Tally {
  const counts = noTexts();
  let last: Pick<TextChunk, 'origin' | 'path' | 'bytes'> | undefined;
  return {
    counts,
    add({ origin, path, bytes }, { verdicts, decidedBy }) {
      // A very large text comes in pieces, and each of them tells the size of the whole.
      const isPiece = last?.origin === origin && last.path === path;
      if (!isPiece) counts.chunks++;
      counts.bytes += bytes - (isPiece ? last!.bytes : 0);
      last = { origin, path, bytes };
      addTo(counts.verdicts, verdicts);
      addTo(counts.decidedBy, decidedBy);
    },
  };
}

export function noTexts(): TextCounts {
  return {
    chunks: 0,
    bytes: 0,
    verdicts: { secret: 0, placeholder: 0, harmless: 0 },
    decidedBy: { rule: 0, filter: 0, gate: 0, model: 0 },
  };
}

export function sumOf(...parts: readonly TextCounts[]): TextCounts {
  const sum = noTexts();
  for (const { chunks, bytes, verdicts, decidedBy } of parts) {
    sum.chunks += chunks;
    sum.bytes += bytes;
    addTo(sum.verdicts, verdicts);
    addTo(sum.decidedBy, decidedBy);
  }
  return sum;
}

function addTo<K extends string>(sums: Partial<Record<K, number>>, counts: Partial<Record<K, number>>): void {
  for (const key of Object.keys(counts) as K[]) sums[key] = (sums[key] ?? 0) + counts[key]!;
}
