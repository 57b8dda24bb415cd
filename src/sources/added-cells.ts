import type { LineRanges } from '../types.ts';

/**
 * Tells which lines of the text of a cell are new, when the lines of the notebook are known that are: notebooks keep each
 * line of a cell as a JSON string on a line of its own. A cell in which nothing is new has no lines.
 */
export function addedCells(notebook: Buffer, added: LineRanges): (text: string) => [number, number][] {
  const lines = notebook.toString('utf8').split('\n');
  const fresh = new Set<string>();
  for (const [first, last] of added) {
    for (const line of lines.slice(first - 1, last)) {
      for (const [quoted] of line.matchAll(/"(?:[^"\\]|\\.)*"/g)) {
        for (const part of unquoted(quoted).split('\n')) fresh.add(part);
      }
      // The text of what is no cell comes as JSON itself.
      fresh.add(bare(line));
    }
  }
  return (text) => {
    const ranges: [number, number][] = [];
    text.split('\n').forEach((line, i) => {
      if (!fresh.has(line) && !fresh.has(bare(line))) return;
      const before = ranges.at(-1);
      if (before?.[1] === i) before[1] = i + 1;
      else ranges.push([i + 1, i + 1]);
    });
    return ranges;
  };
}

function bare(line: string): string {
  return line.trim().replace(/,$/, '');
}

function unquoted(quoted: string): string {
  try {
    return JSON.parse(quoted);
  } catch {
    return quoted;
  }
}
