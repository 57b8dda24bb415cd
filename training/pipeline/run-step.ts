import { appendFileSync, mkdirSync, rmSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { writeWithFolders } from '../../src/util/write-whole.ts';
import type { TrainConfig } from './context.ts';
import { checkDeclaration, checkRecords } from './contracts.ts';
import { placePath } from './paths.ts';
import type { Places } from './plan.ts';
import type { StepProgress } from './progress.ts';
import type { PipelineContext, SetupOptions, Step } from './step.ts';
import { runWorker } from './worker.ts';

/** What is the same for all steps of a run. */
export interface RunInput extends Places {
  readonly runId: string;
  readonly artifactRoot: string;
  readonly setup: SetupOptions;
  readonly signal: AbortSignal;
  readonly onWorker: (pid: number | undefined) => void;
  readonly ensurePython: () => Promise<string>;
  /** What is known of the interpreter without setting one up. */
  readonly knownPython: () => string | undefined;
}

/** Removes what a step has left, so that it begins anew. What lies outside the run is not touched. */
export function clearStep(step: Step, runDir: string): void {
  for (const place of [...step.outputs, ...(step.scratch ?? [])]) {
    if (!place.startsWith('@')) rmSync(join(runDir, place), { recursive: true, force: true });
  }
}

/**
 * Does one step: checks what it declares and what it gets, then runs it.
 * @throws ContractError, UserError, Interrupted, and whatever a task throws
 */
export async function runStep(step: Step, input: RunInput & { progress: StepProgress }): Promise<void> {
  const { runDir, config, progress, signal } = input;
  checkDeclaration(step);
  for (const place of step.inputs) {
    const path = placePath({ place, ...input });
    if (place.endsWith('.jsonl') && path !== undefined) {
      await checkRecords({ step: step.name, path, shown: place, splits: step.reads });
    }
  }
  mkdirSync(join(runDir, 'logs'), { recursive: true });
  const log = join(runDir, 'logs', `${step.name}.log`);
  if (step.run.kind === 'worker') {
    const python = await input.ensurePython();
    const script = isAbsolute(step.run.script)
      ? step.run.script
      : join(input.paths.packageRoot, 'training', 'workers', step.run.script);
    const file = join(runDir, 'config', `${step.name}.json`);
    writeWithFolders(file, `${JSON.stringify(workerConfig(config, step), null, 2)}\n`);
    const processes = Number((config[step.name] as { processes?: number } | undefined)?.processes ?? 1);
    const several = processes > 1 ? ['-m', 'torch.distributed.run', `--nproc_per_node=${processes}`, '--'] : [];
    await runWorker({
      step: step.name,
      command: [python, ...several, script, '--run', runDir, '--config', file, '--json-progress'],
      log,
      signal,
      progress: progress.update,
      onProcess: input.onWorker,
    });
    return;
  }
  const context: PipelineContext = {
    runDir,
    runId: input.runId,
    config,
    paths: input.paths,
    python: input.knownPython(),
    seed: config.seed,
    allowedSplits: step.reads,
    progress: progress.update,
    log(text) {
      appendFileSync(log, `${text.replace(/\n$/, '')}\n`, { mode: 0o600 });
      progress.log(text);
    },
    signal,
    artifactRoot: input.artifactRoot,
    cwd: input.cwd,
    setup: input.setup,
    ensurePython: input.ensurePython,
  };
  const { run } = await step.run.load();
  await run(context);
}

/** Section of the configuration that a step is told in the first place, where it is not called as the step is. */
const SECTIONS: Readonly<Record<string, string>> = {
  train_gate: 'gate',
  train_scout: 'scout',
  pretrain_base: 'pretrain',
  train_baseline_head: 'baseline',
  export_onnx: 'export',
};

/** What a worker is told: all sections, and the keys of its own one beside them. */
function workerConfig(config: TrainConfig, step: Step): Record<string, unknown> {
  const own = config[SECTIONS[step.name] ?? step.name];
  return { ...config, ...(own !== null && typeof own === 'object' ? own : {}) };
}
