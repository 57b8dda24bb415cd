import type { TicketCase } from '../../src/review/select.ts';
import type { Outcome, Rollout, Seen, Vote } from '../../src/review/types.ts';

/** A candidate of a ticket, as the files of a mission hold it. */
export function seenOf(more: Partial<Seen> = {}): Seen {
  return {
    ...{ path: 'src/app.py', line: 1, column: 1, logicalPath: 'src/app.py', rule: 'generic-password' },
    ...{ description: 'Password in the clear', severity: 'high', name: 'db_password', secret: '********' },
    ...{
      shape: 'other',
      fingerprint: '0'.repeat(32),
      label: 'secret',
      probability: 0.9,
      decidedBy: 'gate',
      reason: 'so',
    },
    ...more,
  };
}

export function vote(label: Vote['label'], probability: number, by: Vote['by'] = 'scanner'): Vote {
  return { by, prompt: 'whole', label, probability };
}

export function rolloutOf(seen: Seen, votes: readonly Vote[]): Rollout {
  return { ticket: 't', key: seen.fingerprint, seen, votes };
}

let made = 0;

/** A ticket with candidates that the scanner takes for secrets, or not. */
export function caseOf(
  id: string,
  candidates: readonly (Partial<Seen> & { isSecret?: boolean })[],
  label?: Outcome,
): TicketCase {
  const rollouts = candidates.map(({ isSecret = true, ...more }) => {
    const fingerprint = String(made++).padStart(32, '0');
    return rolloutOf(seenOf({ fingerprint, ...more }), [isSecret ? vote('secret', 0.9) : vote('harmless', 0.1)]);
  });
  return {
    ticket: { id, kind: 'file', ref: id, resolved: id, ...(label === undefined ? {} : { label }) },
    rollouts,
    end: { ticket: id, key: id, texts: 1, found: 1, voted: [], skipped: [], changesGuidance: false },
  };
}
