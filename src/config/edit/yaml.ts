import { isMap, isSeq, LineCounter, parseDocument } from 'yaml';
import { fieldsOf, type NewAllow, quoted } from './entry.ts';

/** The entry as an item of a list in YAML. */
export function yamlItem(entry: NewAllow, indent: string): string {
  const rows = Object.entries(fieldsOf(entry)).map(([key, value]) => {
    const shown = typeof value === 'string' ? quoted(value) : `[${value.map(quoted).join(', ')}]`;
    return `${key}: ${shown}\n`;
  });
  return rows.map((row, i) => `${indent}${i === 0 ? '- ' : '  '}${row}`).join('');
}

/** `text` with the entry behind the last one of `allow`, or with a list of its own; undefined where no place is sure. */
export function addToYaml(text: string, entry: NewAllow): string | undefined {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter });
  const root = document.contents;
  if (root === null) return `${ended(text)}allow:\n${yamlItem(entry, '  ')}`;
  if (!isMap(root) || root.flow === true) return undefined;
  const allow = root.get('allow', true);
  if (allow === undefined) return `${ended(text)}allow:\n${yamlItem(entry, '  ')}`;
  if (!isSeq(allow) || allow.flow === true || !allow.range) return undefined;
  const [start, end] = allow.range;
  const indent = ' '.repeat(lineCounter.linePos(start).col - 1);
  // The end of a list may be the beginning of the line behind it.
  const before = text.slice(0, end).replace(/\s+$/, '');
  const newline = text.indexOf('\n', before.length);
  const at = newline < 0 ? text.length : newline + 1;
  return ended(text.slice(0, at)) + yamlItem(entry, indent) + text.slice(at);
}

function ended(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}
