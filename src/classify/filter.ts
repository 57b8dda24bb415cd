import type { Features } from '../features/index.ts';
import type { Candidate, VerdictLabel } from '../types.ts';

/** Settles a candidate by one plain observation, or leaves it to the next step. */
export interface Filter {
  label: Exclude<VerdictLabel, 'secret'>;
  reason: string;
  when: (candidate: Candidate, f: Features) => boolean;
}

/** The text before a candidate: `length` code units of it, or what there is. */
export function before({ chunk, start }: Candidate, length: number): string {
  return chunk.text.slice(Math.max(0, start - length), start);
}
