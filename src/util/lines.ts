/** Offsets at which the lines of a text start. Only `\n` ends a line: `\r\n` does too, a lone `\r` does not. */
export type LineTable = readonly number[];

export function lineTable(text: string): LineTable {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/** 0-based number of the line that holds `offset`. */
export function lineIndex(table: LineTable, offset: number): number {
  let low = 0;
  let high = table.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (table[middle]! <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The text of a line (0-based), without its line end. */
export function lineText(text: string, table: LineTable, index: number): string {
  const end = index + 1 < table.length ? table[index + 1]! - 1 : text.length;
  const start = table[index]!;
  return text.slice(start, end > start && text[end - 1] === '\r' ? end - 1 : end);
}
