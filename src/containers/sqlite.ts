import { isUtf8 } from 'node:buffer';
import { type Budget, type Part, Refusal } from './limits.ts';
import { containerKind } from './sniff.ts';
import { openPages, type Value } from './sqlite-pages.ts';
import { createKnownValues, type KnownValues } from './sqlite-rest.ts';

/** Text of a table comes in parts of about this many characters. */
const PART = 4_000_000;

/**
 * The text in a SQLite database: of each table one part with a line `column: value` for every value and an empty line
 * after every row, blobs that are containers as parts of their own, and last what is in no row (`unused space`): deleted rows
 * stay there until the file is vacuumed.
 *
 * @throws RangeError when nothing of it can be read; Refusal, at the end, when not all of it can be
 */
export function* readSqlite(bytes: Buffer, budget: Budget): Generator<Part, void> {
  const pages = openPages(bytes, budget);
  const known = createKnownValues();
  const schema = [...remembered(pages.rows(1), known)];
  if (schema.length > 0) yield { name: 'schema', text: schema.map((row) => textOf(row[4])).join('\n') };
  for (const [type, name, , root, sql] of schema) {
    const page = Number(root ?? 0);
    // Views and virtual tables have no pages.
    if (!(page > 1)) continue;
    if (type !== 'table') pages.pass(page);
    else {
      const rows = remembered(pages.rows(page), known);
      yield* table({ name: `table ${textOf(name)}`, columns: columnsOf(textOf(sql)), rows });
    }
  }
  const rest = pages.rest();
  known.blank(rest);
  if (/[\x20-\x7e]{8}/.test(rest.toString('latin1'))) yield { name: 'unused space', bytes: rest };
  if (pages.damaged()) throw new Refusal('damaged: only what could be read was looked at');
}

function* remembered(rows: Iterable<Value[]>, known: KnownValues): Generator<Value[], void> {
  for (const row of rows) {
    for (const value of row) if (typeof value === 'string') known.add(value);
    yield row;
  }
}

function* table(input: { name: string; columns: string[]; rows: Iterable<Value[]> }): Generator<Part, void> {
  const { name, columns, rows } = input;
  let lines: string[] = [];
  let length = 0;
  let number = 0;
  let part = name;
  for (const row of rows) {
    number++;
    const key = keyOf(row, columns);
    for (const [i, value] of row.entries()) {
      if (value === null) continue;
      const column = columns[i] ?? `column ${i + 1}`;
      if (Buffer.isBuffer(value) && containerKind(value, '') !== undefined) {
        yield { name: `${name}!row ${number} ${column}`, bytes: value };
        continue;
      }
      const label = key !== undefined && /^val(?:ue)?$/i.test(column) ? key : column;
      const text = textOf(value);
      if (text === '') continue;
      const line = `${label}: ${text}`;
      lines.push(line);
      length += line.length + 1;
    }
    lines.push('');
    if (length < PART) continue;
    yield { name: part, text: lines.join('\n') };
    lines = [];
    length = 0;
    part = `${name}, from row ${number + 1}`;
  }
  if (lines.length > 0) yield { name: part, text: lines.join('\n') };
}

/** In a table of settings the name that says what a value is stands beside it. */
function keyOf(row: readonly Value[], columns: readonly string[]): string | undefined {
  const key = row[columns.findIndex((column) => /^(?:key|name|setting|option)$/i.test(column))];
  return typeof key === 'string' && /^[\w.-]{1,60}$/.test(key) ? key : undefined;
}

/** The names of the columns, out of the statement that made the table. */
function columnsOf(sql: string): string[] {
  // Such a table keeps its key in front, whatever the statement says.
  if (/\bWITHOUT\s+ROWID\b/i.test(sql)) return [];
  const body = sql.slice(sql.indexOf('(') + 1, sql.lastIndexOf(')'));
  const columns: string[] = [];
  let depth = 0;
  let starts = true;
  for (const [token] of body.matchAll(/"[^"]*"|`[^`]*`|'[^']*'|\[[^\]]*\]|[(),]|[^\s(),"`'[]+|./gs)) {
    if (token === '(') depth++;
    else if (token === ')') depth--;
    else if (token === ',' && depth === 0) starts = true;
    else if (starts && /\S/.test(token)) {
      if (/^(?:constraint|primary|unique|check|foreign)$/i.test(token)) break;
      columns.push(token.replace(/^["`'[]|["`'\]]$/g, ''));
      starts = false;
    }
  }
  return columns;
}

/** A value as text; of bytes that are none, the text that is in them. */
function textOf(value: Value | undefined): string {
  if (!Buffer.isBuffer(value)) return value ?? '';
  if (isUtf8(value)) return value.toString('utf8');
  return (value.toString('latin1').match(/[\t\x20-\x7e]{5,}/g) ?? []).join(' ');
}
