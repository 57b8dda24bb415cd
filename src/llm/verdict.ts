import type { Opinion, Verdict } from '../types.ts';

/** How sure a verdict of a large language model is at most: nobody has calibrated it. */
const SUREST = 0.95;

/**
 * A verdict of the scanner's own that was in doubt, replaced by an opinion.
 * @param input.name whose opinion it is: `ollama:smart-secrets-scanner`
 */
export function judgedBy(input: { verdict: Verdict; opinion: Opinion; name: string }): Verdict {
  const { verdict, opinion, name } = input;
  const { label, reason } = opinion;
  const secret = opinion.probabilities.secret;
  const words = reason === undefined ? '' : `: ${reason}`;
  return {
    label,
    probability: rounded(Math.min(SUREST, Math.max(1 - SUREST, secret))),
    decidedBy: 'judge',
    reason: `${verdict.reason}, which was in doubt: asked as a judge, ${name} takes it for ${NOUNS[label]}${words}`,
    ...(verdict.scores ? { scores: { ...verdict.scores, judge: rounded(secret) } } : {}),
  };
}

const NOUNS = { secret: 'a secret', placeholder: 'a placeholder', harmless: 'none' } as const;

function rounded(p: number): number {
  return Math.round(p * 1000) / 1000;
}
