import type { Fitted } from './fit.ts';
import { f1 } from './rows.ts';

/** An F1 of the replay sample that is lower by no more is as good: that is five rows of 1,750. */
export const LEAST_REPLAY = 0.003;
/** Secrets of one kind of name may lose so many log odds in the mean: more is a kind that is being unlearned. */
const MOST_FADING = 1;

/** Share of the held false alarms that must be gone: less is not worth another model. */
const LEAST_GONE = 0.05;

/** Whether what was learned is worth having, and why (not), in words. */
export function decide({ held, guard }: Pick<Fitted, 'held' | 'guard'>): { promote: boolean; reasons: string[] } {
  const against: string[] = [];
  const gone = held.before.alarms - held.after.alarms;
  if (!(held.after.loss < held.before.loss) || gone <= LEAST_GONE * held.before.alarms)
    against.push(
      `it is no better on held decisions: ${gone} of ${held.before.alarms} false alarms would be gone without losing a secret`,
    );
  const [before, after] = [f1(guard.before), f1(guard.after)];
  if (after < before - LEAST_REPLAY)
    against.push(`it is worse on the replay sample: F1 ${after.toFixed(4)} instead of ${before.toFixed(4)}`);
  if (guard.faintest.shift < -MOST_FADING)
    against.push(
      `secrets of the replay sample whose name says ${guard.faintest.kind} lose ${(-guard.faintest.shift).toFixed(1)} of their log odds: real ones may be marked as harmless`,
    );
  if (against.length > 0) return { promote: false, reasons: against };
  const lost = held.before.found - held.after.found;
  const secrets =
    lost > 0
      ? `${lost} of ${held.before.found} secrets are lost there (in the model itself none of them is)`
      : 'no secret is lost';
  return {
    promote: true,
    reasons: [
      `${gone} of ${held.before.alarms} false alarms are gone on held decisions, ${secrets}, and the replay sample is no worse`,
    ],
  };
}
