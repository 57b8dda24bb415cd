import { firstIndex } from './halving.ts';

/** Offsets at which the lines of a text start. Only `\n` ends a line: `\r\n` does too, a lone `\r` does not. */
export type LineTable = readonly number[];

export function lineTable(text: string): LineTable {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/** 0-based number of the line that holds `offset`. */
function lineIndex(table: LineTable, offset: number): number {
  return Math.max(0, firstIndex(table.length, (i) => table[i]! > offset) - 1);
}

/** Where a span of a text stands, as people count: lines from that of the text's beginning on, columns from 1. */
export function placed(input: { start: number; end: number; firstLine: number; lines: LineTable }) {
  const { start, end, firstLine, lines } = input;
  const first = lineIndex(lines, start);
  const last = lineIndex(lines, Math.max(start, end - 1));
  return {
    start,
    end,
    line: firstLine + first,
    endLine: firstLine + last,
    column: start - lines[first]! + 1,
    endColumn: end - lines[last]! + 1,
  };
}

/** Where a span stands, and the lines and columns of its ends, as {@link placed} has them. */
export type Place = ReturnType<typeof placed>;

/**
 * Like {@link placed}, for spans that come in order of place and do not overlap: no table is made, and nothing is read
 * behind the last of them.
 */
export function placer(text: string, firstLine: number): (start: number, end: number) => Place {
  let line = firstLine;
  let lineStart = 0;
  let lineEnd = text.indexOf('\n');
  const goTo = (offset: number) => {
    while (lineEnd >= 0 && lineEnd < offset) {
      line++;
      lineStart = lineEnd + 1;
      lineEnd = text.indexOf('\n', lineStart);
    }
  };
  return (start, end) => {
    goTo(start);
    const first = line;
    const column = start - lineStart + 1;
    goTo(Math.max(start, end - 1));
    return { start, end, line: first, endLine: line, column, endColumn: end - lineStart + 1 };
  };
}
