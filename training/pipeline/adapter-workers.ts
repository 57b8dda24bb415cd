import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { preparePipeline } from './main.ts';
import type { TrainOptions } from './options.ts';
import { packageRoot } from './package-root.ts';
import { createStepProgress } from './progress.ts';
import { runPipeline } from './runner.ts';
import type { Environment } from './step.ts';
import { STEPS } from './steps.ts';
import { runWorker } from './worker.ts';

/**
 * Workers of the training, to be run in any folder: sets up Python when the first one is, as a run does.
 * @returns runs a worker to its end; throws UserError when Python is missing or it fails, and Interrupted
 */
export function adapterWorkers(input: {
  options: Pick<TrainOptions, 'artifactRoot' | 'python' | 'recreate' | 'staged'>;
  cwd: string;
  signal: AbortSignal;
}): (call: { step: string; work: string; config: string }) => Promise<void> {
  const { options, cwd, signal } = input;
  let ready: { python: string; logs: string } | undefined;
  return async ({ step, work, config }) => {
    ready ??= await setUp({ options, cwd, signal });
    const progress = createStepProgress({ label: step });
    const script = join(packageRoot(), 'training', 'workers', `${step}.py`);
    try {
      await runWorker({
        step,
        command: [ready.python, script, '--run', work, '--config', config, '--json-progress'],
        log: join(ready.logs, `${step}.log`),
        signal,
        progress: progress.update,
      });
    } finally {
      progress.clear();
    }
  };
}

async function setUp({ options, cwd, signal }: Parameters<typeof adapterWorkers>[0]) {
  const { artifactRoot, python, recreate, staged } = options;
  const wanted = { artifactRoot, python, recreate, staged, runId: 'adapter', targetStep: 'setup_env' };
  const pipeline = await preparePipeline({ options: wanted, cwd, signal, steps: STEPS });
  await runPipeline(pipeline);
  const logs = join(pipeline.runDir, 'logs');
  mkdirSync(logs, { recursive: true });
  const environment = JSON.parse(readFileSync(join(pipeline.runDir, 'env.json'), 'utf8')) as Environment;
  return { python: environment.python, logs };
}
