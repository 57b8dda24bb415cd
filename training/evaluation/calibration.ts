import type { Calibration } from '../../src/classify/stack.ts';
import { fitLogistic } from './logistic.ts';
import { repositoryWeights } from './repositories.ts';

export interface CalibrationExample {
  logit: number;
  secret: boolean;
  repo: string;
  /** Beside the cap on repositories; 1 unless told. */
  weight?: number;
}

const IDENTITY: Calibration = { a: 1, b: 0 };

const RIDGE = 1;

/**
 * Fits a and b by Newton's method, drawn towards the identity, so that little data changes little. Repositories with more
 * than `repositoryCap` candidates weigh as that many. A slope that is not clearly above zero would turn the order round:
 * then the identity stays, and `note` says so.
 */
export function fitCalibration(input: { examples: readonly CalibrationExample[]; repositoryCap: number }): {
  calibration: Calibration;
  note?: string;
} {
  const { examples, repositoryCap } = input;
  const weights = repositoryWeights(
    examples.map((e) => e.repo),
    repositoryCap,
  );
  const [b, a] = fitLogistic({
    examples: examples.map((e, i) => ({ x: [e.logit], secret: e.secret, weight: weights[i]! * (e.weight ?? 1) })),
    towards: [0, 1],
    ridge: RIDGE,
  });
  if (!(a! > 0.05))
    return { calibration: IDENTITY, note: `calibration left as it is: the fitted slope is ${a!.toFixed(3)}` };
  return { calibration: { a: a!, b: b! } };
}
