import type { Companion } from '../../types.ts';

/** A rule of another tool in the words of our own configuration; patterns as text. */
export interface ImportedRule {
  id: string;
  description?: string | undefined;
  pattern: string;
  keywords?: readonly string[] | undefined;
  'secret-group'?: number | string | undefined;
  entropy?: number | undefined;
  path?: string | undefined;
  confidence?: string | undefined;
  stopwords?: readonly string[] | undefined;
  silent?: true | undefined;
  companions?: readonly Companion[] | undefined;
}

/** An entry of `allow`; patterns as text. */
export interface ImportedAllow {
  reason?: string | undefined;
  rules?: readonly string[] | undefined;
  condition?: string | undefined;
  paths?: readonly string[] | undefined;
  'path-regexes'?: readonly string[] | undefined;
  fingerprints?: readonly string[] | undefined;
  regexes?: readonly string[] | undefined;
  'regex-target'?: string | undefined;
  stopwords?: readonly string[] | undefined;
  commits?: readonly string[] | undefined;
}

/** What could be taken over, and in `problems` what could not and why, one line each. */
export interface Imported {
  rules: ImportedRule[];
  allow: ImportedAllow[];
  problems: string[];
}

/** An id as our configuration wants it. */
export function plainId(id: string): string {
  return id
    .trim()
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+|-+$/g, '')
    .slice(0, 100);
}
