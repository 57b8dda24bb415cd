import { plain } from '../findings/redact.ts';
import type { Report } from '../types.ts';
import { errorsOf } from './words.ts';

const COLUMNS = [
  'kind',
  'path',
  'line',
  'endLine',
  'column',
  'endColumn',
  'ruleId',
  'description',
  'severity',
  'verdict',
  'probability',
  'decidedBy',
  'reason',
  'name',
  'preview',
  'secret',
  'fingerprint',
  'rotate',
  'source',
  'commit',
  'author',
  'date',
  'way',
] as const;
type Row = Partial<Record<(typeof COLUMNS)[number], string | number>>;

/**
 * RFC 4180: a header, one row a finding (`kind` is `finding`), then one for each input that could not be read (`kind` is
 * `error`, with path and reason) and one when the scan was interrupted. New columns come last: some read by position.
 */
export function csv(report: Report): string {
  const rows: Row[] = [
    ...report.findings.map((finding): Row => ({ kind: 'finding', ...pick(finding) })),
    ...errorsOf(report).map(({ path, reason }): Row => ({ kind: 'error', path, reason })),
    ...(report.interrupted ? [{ kind: 'error', reason: 'the scan was interrupted' }] : []),
  ];
  const lines = [COLUMNS.join(','), ...rows.map((row) => COLUMNS.map((column) => cell(row[column])).join(','))];
  return lines.map((line) => `${line}\r\n`).join('');
}

function pick(finding: Report['findings'][number]): Row {
  return Object.fromEntries(
    COLUMNS.flatMap((column) => {
      const value = (finding as unknown as Record<string, unknown>)[column];
      return typeof value === 'string' || typeof value === 'number' ? [[column, value]] : [];
    }),
  );
}

/** A spreadsheet takes a text that starts like this for a formula, and runs it when the file is opened. */
const FORMULA = /^\s*[=+\-@\uff0b\uff0d\uff1d\uff20]/;

function cell(value: string | number | undefined): string {
  if (value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const text = plain(value);
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return /[",]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
