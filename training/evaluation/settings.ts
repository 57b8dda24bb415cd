import type { Band } from '../../src/classify/stack.ts';
import { UserError } from '../../src/util/errors.ts';
import type { StepContext } from '../pipeline/context.ts';

/** The section `sweep` of the configuration. */
export interface SweepSettings {
  /** Gate probabilities between which the language model is asked; `auto`: chosen on out-of-fold scores of train. */
  band: Band | 'auto';
  /** A repository with more places than this weighs as that many. */
  repositoryCap: number;
  /** What a place of calib with a UUID weighs: most of them are from one repository. */
  uuidWeight: number;
  /** Precision that strict is chosen for. */
  strictPrecision: number;
  /** Share of the attainable recall that wide is chosen for. */
  wideRecall: number;
}

/** Reads the settings, each with a default. @throws UserError for a value that makes no sense. */
export function sweepSettings(section: Readonly<Record<string, unknown>>): SweepSettings {
  const share = (key: string, otherwise: number): number => {
    const value = section[key] ?? otherwise;
    if (typeof value === 'number' && value >= 0 && value <= 1) return value;
    throw new UserError(`sweep.${key} must be a number from 0 to 1`, { hint: 'see training/config/default.yaml' });
  };
  const cap = section.repository_cap ?? 150;
  if (typeof cap !== 'number' || !(cap >= 1))
    throw new UserError('sweep.repository_cap must be a number of at least 1', {
      hint: 'see training/config/default.yaml',
    });
  return {
    band: bandOf(section.band ?? 'auto'),
    repositoryCap: cap,
    uuidWeight: share('uuid_weight', 0.25),
    strictPrecision: share('strict_precision', 0.97),
    wideRecall: share('wide_recall', 0.97),
  };
}

function bandOf(value: unknown): SweepSettings['band'] {
  if (value === 'auto') return 'auto';
  const { low, high } = (typeof value === 'object' && value !== null ? value : {}) as { low?: unknown; high?: unknown };
  if (typeof low === 'number' && typeof high === 'number' && low >= 0 && high <= 1 && low < high) return { low, high };
  throw new UserError('sweep.band must be `auto`, or low and high from 0 to 1 with low below high', {
    hint: 'see training/config/default.yaml',
  });
}

/**
 * The widest band there may be: what the language model was fitted on. `auto` chooses inside of it, and the language model
 * is asked about all of it on calib.
 */
export function widestBand({ config }: Pick<StepContext, 'config'>): Band {
  const { hard_low: low, hard_high: high } = config.fine_tune;
  return { low: typeof low === 'number' ? low : 0.02, high: typeof high === 'number' ? high : 0.98 };
}

/** The fold of train that the language model was not fitted on. */
export function heldFold({ config }: StepContext): number {
  const fold = config.fine_tune.held_fold ?? 0;
  return typeof fold === 'number' ? fold : 0;
}

/** A step opens only what it has declared; that a split is opened for the right purpose is checked where it is read. */
export function mayRead(context: StepContext, split: 'train' | 'calib' | 'test'): void {
  if (context.allowedSplits.includes(split)) return;
  throw new UserError(`this step has not declared that it reads ${split}`, {
    hint: 'see `reads` in training/pipeline/steps.ts',
  });
}
