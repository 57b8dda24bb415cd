import { createHash } from 'node:crypto';
import type { DataRecord } from './record.ts';

/** The line of a record with `«»` in place of the value, white space and digits made alike. */
export function maskedLine(record: Pick<DataRecord, 'text' | 'span'>): string {
  const { text, span } = record;
  return normal(`${text.slice(0, span[0])}«»${text.slice(span[1])}`);
}

/** White space and digits made alike, letters in lower case. */
export function normal(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/\d+/g, '0').trim().toLowerCase();
}

/** What kind of place a path is: its depth, ending and whether it is a test. Names of folders are left out. */
export function pathShape(path: string): string {
  const parts = path.toLowerCase().split('/');
  const ending = /\.[a-z0-9]{1,10}$/.exec(parts.at(-1) ?? '')?.[0] ?? '';
  return `${parts.length > 1 ? '*/' : ''}*${ending}${/(?:^|[/_.-])(?:tests?|spec|examples?)(?:[/_.-]|$)/.test(path.toLowerCase()) ? ' test' : ''}`;
}

/** 64 bits of SHA-256 as text: for maps with hundreds of thousands of keys. */
export function shortHash(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('base64').slice(0, 11);
}

/** Text of a record that may be shown: the value as stars, at most 100 code units, other long runs masked too. */
export function showable(record: Pick<DataRecord, 'text' | 'span'>): string {
  const { text, span } = record;
  const line = `${text.slice(Math.max(0, span[0] - 60), span[0])}********${text.slice(span[1], span[1] + 20)}`;
  // What stands beside a value may be a secret as well.
  return line
    .replace(/[A-Za-z0-9+/_-]{16,}/g, '********')
    .replace(/\s+/g, ' ')
    .trim();
}
