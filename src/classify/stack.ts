/** How the answers of gate and language model become one probability, in the scanner and wherever it is fitted. */

/** Logits of the language model, in the order of `VERDICT_WORDS`. */
export type VerdictLogits = readonly [secret: number, placeholder: number, harmless: number];

/** In the band: `logit = bias + gate × logit of the gate + model × logit of the language model`. */
export interface Stack {
  bias: number;
  gate: number;
  model: number;
}

/** Platt scaling: `probability = sigmoid(a × logit + b)`. */
export interface Calibration {
  a: number;
  b: number;
}

/** Uncalibrated probabilities of the gate, both included, between which the language model is asked. Empty when `low` is above `high`. */
export interface Band {
  low: number;
  high: number;
}

/** The language model's log odds are kept within ± this: it cannot be trusted to mean more. */
const MOST_MODEL_LOGIT = 8;

export function sigmoid(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}

/** Log odds of the secret against both others, by the language model alone. */
export function modelLogit([secret, placeholder, harmless]: VerdictLogits): number {
  const most = Math.max(placeholder, harmless);
  const others = most + Math.log(Math.exp(placeholder - most) + Math.exp(harmless - most));
  return Math.min(MOST_MODEL_LOGIT, Math.max(-MOST_MODEL_LOGIT, secret - others));
}

export function inBand(gateLogit: number, { low, high }: Band): boolean {
  const probability = sigmoid(gateLogit);
  return probability >= low && probability <= high;
}

export function stackedLogit(input: { stack: Stack; gateLogit: number; modelLogit: number }): number {
  const { stack, gateLogit, modelLogit } = input;
  return stack.bias + stack.gate * gateLogit + stack.model * modelLogit;
}

/** @param shift calibrated log odds that a team's decisions add */
export function calibrated(logit: number, { a, b }: Calibration, shift = 0): number {
  return sigmoid(a * logit + b + shift);
}

/** The probability that comes out at most, whatever the language model says. */
export function mostProbable(input: {
  stack: Stack;
  calibration: Calibration;
  gateLogit: number;
  shift?: number;
}): number {
  const at = (modelLogit: number) => calibrated(stackedLogit({ ...input, modelLogit }), input.calibration, input.shift);
  return Math.max(at(MOST_MODEL_LOGIT), at(-MOST_MODEL_LOGIT));
}
