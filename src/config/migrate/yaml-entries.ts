import { isMap, isNode, isSeq, LineCounter, parseDocument } from 'yaml';
import type { Edit } from './setup.ts';
import { tableOf } from './values.ts';

/** An entry of a list of tables in a YAML file. */
export interface Entry {
  path: (string | number)[];
  value: Record<string, unknown>;
  line: number;
  /** Characters of its text, from its first key to the end of its last value. */
  range: [start: number, end: number];
}

/** The tables of the list at `path`; none when there is no such list, or the file is no YAML. */
export async function yamlEntries(text: string, path: (string | number)[]): Promise<Entry[]> {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false });
  const list = document.errors.length === 0 ? document.getIn(path) : undefined;
  if (!isSeq(list)) return [];
  return list.items.flatMap((item, i): Entry[] => {
    if (!isMap(item) || !item.range || !isNode(item)) return [];
    const [start, end] = item.range;
    const value = tableOf(item.toJS(document, { maxAliasCount: 100 }));
    return [{ path: [...path, i], value, line: lineCounter.linePos(start).line, range: [start, end] }];
  });
}

/** The keys of an entry; none where there is no entry. */
export function entryOf(entry: Entry | undefined): Record<string, unknown> {
  return entry?.value ?? {};
}

/**
 * Puts other lines in the place of an entry, at its own depth. Comments that stand alone on a line of it are kept above it.
 *
 * @param input.lines the first of them begins with `- `; none: the entry goes
 * @returns undefined where the entry is not written in lines of its own
 */
export function replaceEntry(input: { text: string; entry: Entry; lines: readonly string[] }): Edit | undefined {
  const { text, entry, lines } = input;
  const [from, to] = entry.range;
  const lineStart = text.lastIndexOf('\n', from - 1) + 1;
  const before = text.slice(lineStart, from);
  if (!/^\s*-\s+$/.test(before)) return undefined;
  const indent = /^\s*/.exec(before)![0];
  const end = from + text.slice(from, to).trimEnd().length;
  const rest = text.slice(end).split('\n', 1)[0]!;
  const inside = text.slice(from, end).split('\n').slice(1);
  const comments = inside.filter((line) => /^\s*#/.test(line)).map((line) => `${indent}${line.trim()}`);
  // An anchor that something else refers to must not go.
  if (/(?:^|\s)&\w/.test(text.slice(from, end)) || !/^\s*(?:#.*)?\r?$/.test(rest)) return undefined;
  const fresh = [...comments, ...lines.map((line) => `${indent}${line}`)].join('\n');
  const last = end + rest.replace(/\r$/, '').length;
  if (fresh !== '') return { start: lineStart, end: last, text: fresh };
  return { start: lineStart, end: text.indexOf('\n', last) < 0 ? last : text.indexOf('\n', last) + 1, text: '' };
}
