import { LEAST_REPLAY } from './decide.ts';
import { f1, type Standing } from './rows.ts';

/** What the adapter changes, measured on what it was not fitted on. */
export interface AdapterFigures {
  /** Decisions that it was fitted on, and generated prompts. */
  fitted: { decisions: number; generated: number };
  /** Final verdicts on held decisions with a prompt, gate and trees included. */
  held: { before: Standing; after: Standing };
  /** Confirmed secrets with a prompt, held or not, that would not be found any more. */
  lost: number;
  /** Final verdicts on generated prompts, without the trees. */
  generated: { before: Standing; after: Standing };
  /** What the language model itself says of those, a secret being what it gives more than half. */
  answers: { before: Standing; after: Standing };
}

/** Whether an adapter is worth having, and why (not), in words. */
export function decideAdapter({ held, lost, generated, answers }: AdapterFigures): {
  promote: boolean;
  reasons: string[];
} {
  const against: string[] = [];
  const gone = held.before.alarms - held.after.alarms;
  const more = held.after.found - held.before.found;
  if (!(gone >= 0 && more >= 0 && gone + more > 0 && held.after.loss < held.before.loss))
    against.push(
      `it is no better on held decisions: ${held.before.alarms} → ${held.after.alarms} false alarms, ${held.before.found} → ${held.after.found} secrets, log loss ${held.before.loss.toFixed(3)} → ${held.after.loss.toFixed(3)}`,
    );
  if (lost > 0) against.push(`${lost} confirmed secrets would not be found any more`);
  for (const [what, { before, after }] of [
    ['verdicts', generated],
    ['answers', answers],
  ] as const) {
    if (f1(after) < f1(before) - LEAST_REPLAY)
      against.push(
        `its ${what} on generated prompts are worse: F1 ${f1(after).toFixed(4)} instead of ${f1(before).toFixed(4)}`,
      );
  }
  if (against.length > 0) return { promote: false, reasons: against };
  const found = more > 0 ? `${more} more secrets are found` : 'no secret is lost';
  return {
    promote: true,
    reasons: [
      `${gone} of ${held.before.alarms} false alarms that the trees leave are gone on held decisions, ${found}, and generated prompts are answered no worse`,
    ],
  };
}
