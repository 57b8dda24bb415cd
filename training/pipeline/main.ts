import { join, resolve } from 'node:path';
import { note, print, printable } from '../../src/cli/stdio.ts';
import { UserError } from '../../src/util/errors.ts';
import { derivedRunId, loadTrainConfig } from './config.ts';
import { checkConfig } from './config-limits.ts';
import { Interrupted } from './errors.ts';
import { finishedRunId, wantedSteps } from './gguf-steps.ts';
import type { TrainOptions } from './options.ts';
import { packageRoot } from './package-root.ts';
import { runPaths } from './paths.ts';
import { type PipelineInput, planPipeline, runPipeline } from './runner.ts';
import type { Step } from './step.ts';
import { makeGgufSteps, STEPS } from './steps.ts';
import { planText, type StepResult, summaryText } from './summary.ts';

/** Exit code of a run that was stopped, as shells give it for SIGINT. */
const STOPPED = 130;

/**
 * `sss train`: makes a model, step by step.
 * @param input.steps other steps than the real ones (tests)
 * @returns the exit code: 0, or 130 when it was stopped
 * @throws UserError for what the user can do something about
 */
export async function train(input: {
  options: TrainOptions;
  cwd: string;
  signal: AbortSignal;
  steps?: readonly Step[];
}): Promise<number> {
  const { options, cwd, signal, steps = STEPS } = input;
  if (options.feedback !== undefined) {
    const { learn } = await import('../learning/learn.ts');
    const { feedback, name, modelsDir, model, dryRun } = options;
    const { adapterWorkers } = await import('./adapter-workers.ts');
    const adapter = options.adapter ? adapterWorkers({ options, cwd, signal }) : undefined;
    const files = feedback === true ? [] : feedback;
    try {
      await learn({ files, cwd, name, modelsDir, model, dryRun, adapter });
      return 0;
    } catch (error) {
      if (!(error instanceof Interrupted)) throw error;
      await note('stopped; nothing was changed\n');
      return STOPPED;
    }
  }
  for (const [flag, value] of [
    ['--name', options.name],
    ['--models-dir', options.modelsDir],
    ['--model', options.model],
    ['--adapter', options.adapter],
  ]) {
    if (value !== undefined) throw new UserError(`${flag} goes with --feedback`);
  }
  const pipeline = await preparePipeline({ options, cwd, signal, steps });
  if (options.dryRun) {
    await print(`run ${pipeline.runId} in ${printable(pipeline.runDir)}\n${planText(await planPipeline(pipeline))}`);
    return 0;
  }
  await note(`run ${pipeline.runId} in ${printable(pipeline.runDir)}\n`);
  const results: StepResult[] = [];
  try {
    await runPipeline({ ...pipeline, onResult: (result) => void results.push(result) });
    await print(summaryText(results));
    return 0;
  } catch (error) {
    if (results.length > 0) await note(summaryText(results));
    if (!(error instanceof Interrupted)) throw error;
    await note(`stopped; the same command goes on from here (or name the run: --run-id ${pipeline.runId})\n`);
    return STOPPED;
  }
}

/** Reads the configuration and settles where everything is. */
export async function preparePipeline(input: {
  options: TrainOptions;
  cwd: string;
  signal: AbortSignal;
  steps: readonly Step[];
}): Promise<PipelineInput> {
  const { options, cwd, signal } = input;
  const root = packageRoot();
  const config = await loadTrainConfig({ packageRoot: root, cwd, options });
  checkConfig(config);
  const steps = wantedSteps({ steps: input.steps, config, options, make: makeGgufSteps });
  const ownId = finishedRunId({ config, packageRoot: root, cwd }) ?? derivedRunId(config);
  const runId = options.runId ?? ownId;
  if (!/^[A-Za-z0-9][\w.-]{0,99}$/.test(runId)) {
    throw new UserError('a run id is a plain folder name: letters, digits, dot, dash and underscore', {
      hint: `for example ${ownId}`,
    });
  }
  const artifactRoot = resolve(cwd, options.artifactRoot ?? 'runs');
  const runDir = join(artifactRoot, runId);
  const paths = runPaths({ runDir, artifactRoot, packageRoot: root, cwd, config });
  const { targetStep, from, recreate = false, staged = false } = options;
  const python = options.python ?? process.env.SSS_TRAIN_PYTHON ?? (config.python as string | null) ?? undefined;
  const setup = { python: python === '' ? undefined : python, recreate, staged };
  return { steps, runId, runDir, artifactRoot, cwd, config, paths, setup, signal, targetStep, from };
}
