import { isMap, isSeq, type Node, parseDocument, type YAMLMap, type YAMLSeq } from 'yaml';
import { fieldsOf, type NewAllow } from './entry.ts';

/** `text` with the entry at the end of `allow` below `prefix`; undefined where no place is sure. */
export function addToJson(text: string, entry: NewAllow, prefix: readonly string[]): string | undefined {
  // YAML is a superset of JSON, and JSON.parse keeps no positions.
  const document = parseDocument(text);
  const table = prefix.length === 0 ? document.contents : document.getIn(prefix, true);
  if (!isMap(table)) return undefined;
  const unit = /\n([\t ]+)\S/.exec(text)?.[1] ?? '  ';
  const deep = unit.repeat(prefix.length + 1);
  const allow = table.get('allow', true);
  const item = (indent: string) => indented(JSON.stringify(fieldsOf(entry), undefined, unit), indent);
  if (allow === undefined) {
    const list = `"allow": [\n${deep}${unit}${item(deep + unit)}\n${deep}]`;
    return withLast({ text, inside: table, piece: list, indent: deep, outer: unit.repeat(prefix.length) });
  }
  if (!isSeq(allow)) return undefined;
  return withLast({ text, inside: allow, piece: item(deep + unit), indent: deep + unit, outer: deep });
}

/** Adds a piece as the last one of a table or list. */
function withLast(input: {
  text: string;
  inside: YAMLMap | YAMLSeq;
  piece: string;
  indent: string;
  outer: string;
}): string | undefined {
  const { text, inside, piece, indent, outer } = input;
  const { items, range } = inside;
  if (!range) return undefined;
  const close = range[1] - 1;
  if (items.length === 0) {
    return `${text.slice(0, range[0] + 1)}\n${indent}${piece}\n${outer}${text.slice(close)}`;
  }
  const last = items.at(-1) as { value?: Node } | Node;
  const node = 'value' in last && isMap(inside) ? (last.value as Node) : (last as Node);
  if (!node.range) return undefined;
  return `${text.slice(0, node.range[1])},\n${indent}${piece}${text.slice(node.range[1])}`;
}

function indented(text: string, indent: string): string {
  return text.replaceAll('\n', `\n${indent}`);
}
