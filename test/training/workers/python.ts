import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** What the workers of the gate import; the language model's import more. */
const PACKAGES = 'numpy, scipy, sklearn, lightgbm';

export type Python = { path: string } | { missing: string };

/**
 * The interpreter that `SSS_TRAIN_PYTHON` names, or why there is none to test with.
 * @param packages modules that it must have, as Python imports them
 */
export function trainPython(packages = PACKAGES): Python {
  const path = process.env.SSS_TRAIN_PYTHON;
  if (!path) return { missing: 'SSS_TRAIN_PYTHON is not set' };
  const { status, error, stderr } = spawnSync(path, ['-c', `import ${packages}`], { encoding: 'utf8' });
  if (status === 0) return { path };
  const why = error?.message ?? stderr.trim().split('\n').at(-1);
  return { missing: `SSS_TRAIN_PYTHON cannot import ${packages}: ${why}` };
}

/** Runs a script of Python; returns its stdout. Throws with what it said when it fails. */
export function runPython(path: string, args: readonly string[]): string {
  const run = spawnSync(path, ['-B', ...args], { encoding: 'utf8', maxBuffer: 1 << 26 });
  if (run.status !== 0) throw new Error(`${args[0]} ended with ${run.status}: ${run.error?.message ?? run.stderr}`);
  return run.stdout;
}

const HERE = import.meta.dirname;
export const SCRIPTS = {
  trainGate: join(HERE, '../../../training/workers/train_gate.py'),
  trainScout: join(HERE, '../../../training/workers/train_scout.py'),
  evaluateGate: join(HERE, 'evaluate_gate.py'),
  modelAnswers: join(HERE, 'model_answers.py'),
};
