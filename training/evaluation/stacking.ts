import { type Stack, sigmoid } from '../../src/classify/stack.ts';
import { dot, type Example, fitLogistic } from './logistic.ts';
import { logLoss } from './metrics.ts';
import { repositoryGroups, repositoryWeights } from './repositories.ts';

/** A candidate in the band, out of fold for the gate and for the language model. */
export interface StackExample {
  gateLogit: number;
  /** Log odds of `secret` by the language model alone, clipped. */
  modelLogit: number;
  secret: boolean;
  repo: string;
}

export interface StackFit {
  stack: Stack;
  /** Log loss, cross-validated by repository: the gate's logit alone, fitted as freely, against the stacked one. */
  gateLoss: number;
  stackedLoss: number;
  examples: number;
  /** Why the gate stays alone; absent when the stack is used. */
  note?: string;
}

/** The gate alone: what is fallen back to. */
export const GATE_ALONE: Stack = { bias: 0, gate: 1, model: 0 };

/** How strongly the weights are held to the gate's, from nearly not at all on. */
const RIDGES = [1, 3, 10, 30, 100, 300];
/** For the gate alone: it is given every freedom. */
const FREE = 1;
const PARTS = 5;
/** Fewest examples, of either kind, that three numbers are fitted to. */
const FEWEST = 10;

/**
 * Fits the stack. It is kept only if it beats the gate on repositories that it was not fitted on; the gate is given a
 * scale and a constant of its own there, so that the language model gets no credit for calibrating it.
 *
 * Of the stacks that differ by no more than the standard error between repositories (one-standard-error rule: Hastie,
 * Tibshirani and Friedman, The Elements of Statistical Learning, 7.10) the one nearest to the gate is taken.
 */
export function fitStack(input: { examples: readonly StackExample[]; repositoryCap: number }): StackFit {
  const { examples, repositoryCap } = input;
  const repos = examples.map((e) => e.repo);
  const weights = repositoryWeights(repos, repositoryCap);
  const rows = examples.map((e, i) => ({ ...e, weight: weights[i]! }));
  const secrets = rows.filter((r) => r.secret).length;
  const groups = repositoryGroups(repos, PARTS);
  const alone = (note: string, losses = { gateLoss: 0, stackedLoss: 0 }): StackFit => ({
    stack: GATE_ALONE,
    ...losses,
    examples: rows.length,
    note,
  });
  if (secrets < FEWEST || rows.length - secrets < FEWEST || groups.size < 2)
    return alone(
      `the gate stays alone: ${rows.length} held-out candidates in the band, ${secrets} of them secrets, from ${groups.size} repositories, are too few to weigh the language model by`,
    );
  const gateOnly = (r: Row) => [r.gateLogit];
  const both = (r: Row) => [r.gateLogit, r.modelLogit];
  const gateLoss = mean(crossValidated({ rows, groups, columns: gateOnly, towards: [0, 1], ridge: FREE }));
  const { ridge, loss: stackedLoss } = nearestOfBest((ridge) =>
    crossValidated({ rows, groups, columns: both, towards: [0, 1, 0], ridge }),
  );
  if (!(stackedLoss < gateLoss))
    return alone(
      `the gate stays alone: with the language model its log loss in the band is ${stackedLoss.toFixed(4)}, without ${gateLoss.toFixed(4)}`,
      { gateLoss, stackedLoss },
    );
  const [bias, gate, model] = fitted({ rows, columns: both, towards: [0, 1, 0], ridge });
  // A language model that counts against what it says has learned nothing that holds.
  if (!(model! > 0) || !(gate! >= 0))
    return alone('the gate stays alone: a weight of the stack is below zero', { gateLoss, stackedLoss });
  return { stack: { bias: bias!, gate: gate!, model: model! }, gateLoss, stackedLoss, examples: rows.length };
}

type Row = StackExample & { weight: number };

/** What the candidates of one repository lose together, and what they weigh. */
type Losses = ReadonlyMap<string, { loss: number; weight: number }>;

function mean(losses: Losses): number {
  const all = [...losses.values()];
  return all.reduce((total, { loss }) => total + loss, 0) / all.reduce((total, { weight }) => total + weight, 0);
}

/** The strongest ridge whose loss is not above the lowest by more than the standard error of the difference. */
function nearestOfBest(lossesOf: (ridge: number) => Losses): { ridge: number; loss: number } {
  const tried = RIDGES.map((ridge) => ({ ridge, losses: lossesOf(ridge) }));
  const best = tried.reduce((a, b) => (mean(b.losses) < mean(a.losses) ? b : a));
  const nearest = tried.findLast(
    ({ losses }) => mean(losses) - mean(best.losses) <= standardError(losses, best.losses),
  )!;
  return { ridge: nearest.ridge, loss: mean(nearest.losses) };
}

/** Standard error of the difference of two mean losses over the same repositories. */
function standardError(one: Losses, other: Losses): number {
  const rows = [...one].map(([repo, { loss, weight }]) => ({ gap: loss - other.get(repo)!.loss, weight }));
  const whole = rows.reduce((total, { weight }) => total + weight, 0);
  const share = rows.reduce((total, { gap }) => total + gap, 0) / whole;
  const spread = rows.reduce((total, { gap, weight }) => total + (gap - share * weight) ** 2, 0);
  return Math.sqrt((spread * rows.length) / Math.max(1, rows.length - 1)) / whole;
}

function crossValidated(input: {
  rows: readonly Row[];
  groups: ReadonlyMap<string, number>;
  columns: (row: Row) => number[];
  towards: readonly number[];
  ridge: number;
}): Losses {
  const { rows, groups, columns, towards, ridge } = input;
  const losses = new Map<string, { loss: number; weight: number }>();
  for (const group of new Set(groups.values())) {
    const isHeld = (row: Row) => groups.get(row.repo) === group;
    const beta = fitted({ rows: rows.filter((row) => !isHeld(row)), columns, towards, ridge });
    for (const row of rows.filter(isHeld)) {
      const probability = sigmoid(dot(beta, [1, ...columns(row)]));
      const known = losses.get(row.repo) ?? { loss: 0, weight: 0 };
      const loss = row.weight * logLoss([{ probability, secret: row.secret }]);
      losses.set(row.repo, { loss: known.loss + loss, weight: known.weight + row.weight });
    }
  }
  return losses;
}

function fitted(input: {
  rows: readonly Row[];
  columns: (row: Row) => number[];
  towards: readonly number[];
  ridge: number;
}): number[] {
  const { rows, columns, towards, ridge } = input;
  const examples = rows.map((r): Example => ({ x: columns(r), secret: r.secret, weight: r.weight }));
  return fitLogistic({ examples, towards, ridge });
}
