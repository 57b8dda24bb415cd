import { type Band, sigmoid } from '../../src/classify/stack.ts';
import { ratio } from './metrics.ts';
import { repositoryWeights } from './repositories.ts';
import type { Scored } from './scored.ts';

const LOWS = [0.01, 0.015, 0.02, 0.03, 0.04, 0.05, 0.07, 0.1];
const HIGHS = [0.9, 0.93, 0.95, 0.96, 0.97, 0.98, 0.985, 0.99];
/** Most of the secrets that may lie below the band: the gate alone calls them harmless. */
const MOST_LOST = 0.01;
/** Least precision above the band: the gate alone calls it a secret. */
const LEAST_PRECISION = 0.98;

/**
 * The narrowest band by out-of-fold scores of the gate that loses few secrets below and raises few false alarms above.
 * What lies in it costs the language model's time. Never wider than `widest`.
 */
export function chooseBand(input: { scored: Scored; repositoryCap: number; widest: Band }): Band {
  const { widest } = input;
  const known = input.scored.candidates.filter((c) => c.gateLogit !== null && c.label !== null && c.labelled);
  const weights = repositoryWeights(
    known.map((c) => c.repo),
    input.repositoryCap,
  );
  const rows = known.map((c, i) => ({
    probability: sigmoid(c.gateLogit!),
    secret: c.label === 'secret',
    weight: weights[i]!,
  }));
  const weigh = (test: (row: (typeof rows)[number]) => boolean) =>
    rows.reduce((total, row) => total + (test(row) ? row.weight : 0), 0);
  const secrets = weigh((row) => row.secret);
  const low = LOWS.findLast((border) => weigh((row) => row.secret && row.probability < border) <= MOST_LOST * secrets);
  const high = HIGHS.find((border) => {
    const above = weigh((row) => row.probability > border);
    return (
      above > 0 &&
      ratio(
        weigh((row) => row.secret && row.probability > border),
        above,
      ) >= LEAST_PRECISION
    );
  });
  return { low: Math.max(widest.low, low ?? 0), high: Math.min(widest.high, high ?? 1) };
}
