import type { Features } from '../features/index.ts';
import { CREDENTIAL_KINDS } from '../features/name.ts';
import type { Candidate, VerdictLabel } from '../types.ts';

/** Settles a candidate by one plain observation, or leaves it to the next step. */
export interface Filter {
  label: Exclude<VerdictLabel, 'secret'>;
  reason: string;
  /** The sort of candidates that it is for; absent: it is asked about all. */
  only?: Sort;
  when: (candidate: Candidate, f: Features) => boolean;
}

/**
 * Sorts of candidates that filters are for. `number`: the value starts like one; `shape`: nothing but its shape has made it
 * a candidate; `token`: the same, and it is no UUID by its rule.
 */
export type Sort = 'uuid' | 'number' | 'shape' | 'token';

/** Of each sort, whether a candidate is of it. */
export const SORTS: readonly (readonly [Sort, (candidate: Candidate, f: Features) => boolean])[] = [
  ['uuid', (_, f) => f.value.kind === 'uuid'],
  ['number', ({ value }) => /^-?\d/.test(value)],
  ['shape', isByShape],
  ['token', ({ rules }) => rules[0]!.id === 'generic-token-shape'],
];

/** The text before a candidate: `length` code units of it, or what there is. */
export function before({ chunk, start }: Candidate, length: number): string {
  return chunk.text.slice(Math.max(0, start - length), start);
}

/** The text behind a candidate: `length` code units of it, or what there is. */
export function after({ chunk, end }: Candidate, length: number): string {
  return chunk.text.slice(end, end + length);
}

/** How far back from a candidate its line is read, UTF-16 code units: lines of a megabyte exist. */
const REACH = 240;

/** The line of a candidate up to it. */
export function lineBefore(candidate: Candidate): string {
  const text = before(candidate, REACH);
  return text.slice(text.lastIndexOf('\n') + 1);
}

/** Whether nothing but its shape has made it a candidate. */
export function isByShape({ rules }: Candidate): boolean {
  return rules[0]!.id === 'generic-uuid' || rules[0]!.id === 'generic-token-shape';
}

/** Whether its name is that of something which opens a door. */
export function hasCredentialName(f: Pick<Features, 'name'>): boolean {
  return CREDENTIAL_KINDS.has(f.name.kind);
}
