import { sigmoid } from '../../src/classify/stack.ts';

/** One example: `x` without the constant term. */
export interface Example {
  x: readonly number[];
  secret: boolean;
  weight: number;
}

/** Rounds of Newton's method; it is there after five to ten. */
const MOST_ROUNDS = 100;
const SMALLEST_STEP = 1e-10;

/**
 * Logistic regression by Newton's method: `[constant, …weights]` that minimise the weighted log loss plus
 * `ridge / 2 × |weights − towards|²` (the constant included). A ridge above zero makes the answer unique, whatever the
 * data; with little data it stays near `towards`.
 */
export function fitLogistic(input: {
  examples: readonly Example[];
  towards: readonly number[];
  ridge: number;
}): number[] {
  const { examples, towards, ridge } = input;
  const rows = examples.map(({ x, secret, weight }) => ({ x: [1, ...x], y: secret ? 1 : 0, weight }));
  const loss = (beta: readonly number[]) =>
    rows.reduce((total, { x, y, weight }) => total + weight * softLoss(dot(beta, x), y), 0) +
    (ridge / 2) * beta.reduce((total, b, i) => total + (b - towards[i]!) ** 2, 0);
  let beta = [...towards];
  let now = loss(beta);
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const { gradient, hessian } = slopes({ rows, beta, towards, ridge });
    const step = solve(hessian, gradient);
    // Halved until it does not make things worse: far from the optimum a whole step may overshoot.
    let scale = 1;
    let next = beta.map((b, i) => b - step[i]!);
    while (!(loss(next) <= now) && scale > SMALLEST_STEP) {
      scale /= 2;
      next = beta.map((b, i) => b - scale * step[i]!);
    }
    if (!(loss(next) <= now)) break;
    const moved = Math.max(...step.map((s) => Math.abs(s * scale)));
    beta = next;
    now = loss(beta);
    if (moved < SMALLEST_STEP) break;
  }
  return beta;
}

function slopes(input: {
  rows: readonly { x: readonly number[]; y: number; weight: number }[];
  beta: readonly number[];
  towards: readonly number[];
  ridge: number;
}) {
  const { rows, beta, towards, ridge } = input;
  const gradient = beta.map((b, i) => ridge * (b - towards[i]!));
  const hessian = beta.map((_, i) => beta.map((_b, j) => (i === j ? ridge : 0)));
  for (const { x, y, weight } of rows) {
    const p = sigmoid(dot(beta, x));
    for (const [i, xi] of x.entries()) {
      gradient[i]! += weight * (p - y) * xi;
      for (const [j, xj] of x.entries()) hessian[i]![j]! += weight * p * (1 - p) * xi * xj;
    }
  }
  return { gradient, hessian };
}

/** log(1 + e^z) − y z, without overflow. */
function softLoss(z: number, y: number): number {
  return Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))) - y * z;
}

export function dot(a: readonly number[], b: readonly number[]): number {
  let total = 0;
  for (let i = 0; i < a.length; i++) total += a[i]! * b[i]!;
  return total;
}

/** Solves `matrix × x = right` by Gaussian elimination with row pivoting. Throws when the matrix is singular. */
export function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const n = right.length;
  const rows = matrix.map((row, i) => [...row, right[i]!]);
  for (let column = 0; column < n; column++) {
    let best = column;
    for (let r = column + 1; r < n; r++) if (Math.abs(rows[r]![column]!) > Math.abs(rows[best]![column]!)) best = r;
    [rows[column], rows[best]] = [rows[best]!, rows[column]!];
    const pivot = rows[column]!;
    if (!(Math.abs(pivot[column]!) > 1e-300)) throw new Error('the equations have no single solution');
    for (let r = column + 1; r < n; r++) {
      const factor = rows[r]![column]! / pivot[column]!;
      for (let c = column; c <= n; c++) rows[r]![c]! -= factor * pivot[c]!;
    }
  }
  const x = new Array<number>(n).fill(0);
  for (let r = n - 1; r >= 0; r--) {
    let rest = rows[r]![n]!;
    for (let c = r + 1; c < n; c++) rest -= rows[r]![c]! * x[c]!;
    x[r] = rest / rows[r]![r]!;
  }
  return x;
}
