import { UserError } from '../../util/errors.ts';

/** One thing that was looked at. */
export interface Check {
  /** `hooks`, `model` …: several checks may be of one part. */
  part: string;
  /** `note`: nothing is wrong, but good to know. */
  state: 'ok' | 'note' | 'problem';
  /** What was found, or what is wrong. */
  says: string;
  /** Of a problem: what mends it. */
  mend?: string;
}

/** A part that works. */
export function ok(part: string, says: string): Check {
  return { part, state: 'ok', says };
}

/** A part of which there is something to be known. */
export function note(part: string, says: string): Check {
  return { part, state: 'note', says };
}

/** A part that does not work. */
export function problem(part: string, says: string, mend: string): Check {
  return { part, state: 'problem', says, mend };
}

/** Runs `work`; whatever it throws is a problem of that part, and the other parts are looked at all the same. */
export async function attempt(part: string, work: () => Promise<Check[]> | Check[]): Promise<Check[]> {
  try {
    return await work();
  } catch (error) {
    const [says = '', ...more] = (error instanceof Error ? error.message : String(error)).split('\n');
    const hint = error instanceof UserError ? error.hint : more[0];
    return [problem(part, says, hint ?? 'if that does not say enough, run the command that fails by itself')];
  }
}
