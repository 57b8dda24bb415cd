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
