import { firstIndex } from '../util/halving.ts';

/** Spans of a text that do not overlap, kept in order of place. */
export interface SpanIndex<T extends { start: number; end: number }> {
  /** A span that shares a character with `start` to `end` (exclusive). */
  overlapping(start: number, end: number): T | undefined;
  /** Adds a span that overlaps none. */
  insert(span: T): void;
  readonly all: readonly T[];
}

export function createSpanIndex<T extends { start: number; end: number }>(): SpanIndex<T> {
  const spans: T[] = [];
  /** Position of the first span that ends behind `offset`. Most spans come in order of place. */
  const position = (offset: number) => {
    const { length } = spans;
    return length === 0 || spans[length - 1]!.end <= offset
      ? length
      : firstIndex(length, (i) => spans[i]!.end > offset);
  };
  return {
    all: spans,
    overlapping(start, end) {
      const span = spans[position(start)];
      return span && span.start < end ? span : undefined;
    },
    insert(span) {
      spans.splice(position(span.start), 0, span);
    },
  };
}
