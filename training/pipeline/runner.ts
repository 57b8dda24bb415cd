import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { version } from '../../src/util/version.ts';
import { diskError, Interrupted } from './errors.ts';
import { takeLock } from './lock.ts';
import { type Manifest, readManifest, type StepRecord, writeManifest } from './manifest.ts';
import { dependentsOf, factsOf, hashPlaces, isSameWork, orderSteps, type Places, stepOf, whyRun } from './plan.ts';
import { createStepProgress, type StepProgress } from './progress.ts';
import { clearStep, type RunInput, runStep } from './run-step.ts';
import type { Environment, SetupOptions, Step } from './step.ts';
import type { PlannedStep, StepResult } from './summary.ts';

/** A run, and what is wanted of it. */
export interface PipelineInput extends Places {
  readonly steps: readonly Step[];
  readonly runId: string;
  readonly artifactRoot: string;
  readonly setup: SetupOptions;
  readonly signal: AbortSignal;
  readonly targetStep?: string | undefined;
  readonly from?: string | undefined;
  /** Makes the display of a step; by default one on standard error. */
  readonly display?: (label: string) => StepProgress;
  /** Told what became of each step, also when the run ends in an error. */
  readonly onResult?: (result: StepResult) => void;
}

/**
 * What a run would do now. A step behind one that runs may turn out to have nothing to do.
 * @throws UserError for unknown steps and a damaged manifest
 */
export async function planPipeline(input: PipelineInput): Promise<PlannedStep[]> {
  const ordered = orderSteps(input.steps, input.targetStep);
  const forced = forcedSteps(input, ordered);
  const manifest = readManifest(input.runDir);
  const running = new Set<string>();
  const plan: PlannedStep[] = [];
  for (const step of ordered) {
    const before = step.needs.find((name) => running.has(name) && name !== 'setup_env');
    const why = before === undefined ? await reasonToRun(step, { input, manifest, forced }) : `needs ${before}`;
    if (why !== undefined) running.add(step.name);
    plan.push({ step: step.name, title: step.title, why });
  }
  return plan;
}

/**
 * Runs the steps that are not up to date, in order. The manifest is written when a step begins and when it ends, so that
 * a run that was stopped or killed goes on from there.
 *
 * @returns what became of each step
 * @throws Interrupted when the user stopped it; UserError; bugs
 */
export async function runPipeline(input: PipelineInput): Promise<StepResult[]> {
  try {
    const ordered = orderSteps(input.steps, input.targetStep);
    const forced = forcedSteps(input, ordered);
    const lock = await takeLock(input.runDir);
    try {
      return await runAll({ input, ordered, forced, onWorker: lock.setWorker });
    } finally {
      lock.release();
    }
  } catch (error) {
    throw diskError(error);
  }
}

/** The state of a run while it goes on. What `save` is given is on the disk when it returns. */
interface State {
  readonly manifest: () => Manifest;
  save(step: string, record: StepRecord): void;
  readonly results: StepResult[];
}

async function runAll(input: {
  input: PipelineInput;
  ordered: readonly Step[];
  forced: ReadonlySet<string>;
  onWorker: (pid: number | undefined) => void;
}): Promise<StepResult[]> {
  const { ordered, forced, onWorker } = input;
  const state = openState(input.input);
  // Written down at once, so that what was asked for is done even when this run is stopped.
  for (const [name, record] of Object.entries(state.manifest().steps)) {
    if (forced.has(name)) state.save(name, { ...record, status: 'pending' });
  }
  const stepInput: RunInput = {
    ...input.input,
    onWorker,
    knownPython: () => interpreterOf(input.input.runDir),
    ensurePython: async () => {
      const known = environmentOf(input.input.runDir);
      const wanted = input.input.setup.python ?? null;
      if (known?.requested === wanted && existsSync(known.python)) return known.python;
      await runOne({
        step: stepOf(input.input.steps, 'setup_env'),
        label: 'setup_env',
        stepInput,
        input: input.input,
        state,
      });
      return interpreterOf(input.input.runDir)!;
    },
  };
  for (const [index, step] of ordered.entries()) {
    if (input.input.signal.aborted) throw new Interrupted();
    const why = await reasonToRun(step, { input: input.input, manifest: state.manifest(), forced: new Set() });
    if (why === undefined) {
      report({ step: step.name, what: 'skipped', seconds: 0 }, { input: input.input, state });
      continue;
    }
    const label = `[${index + 1}/${ordered.length}] ${step.name}`;
    await runOne({ step, label, stepInput, input: input.input, state });
  }
  return state.results;
}

/** Runs a step whatever its record says, and writes down what became of it. */
async function runOne(one: {
  step: Step;
  label: string;
  stepInput: RunInput;
  input: PipelineInput;
  state: State;
}): Promise<void> {
  const { step, label, stepInput, input, state } = one;
  const facts = await factsOf(step, input);
  if (!isSameWork(state.manifest().steps[step.name], facts)) clearStep(step, input.runDir);
  const started = new Date();
  const clock = performance.now();
  const seconds = (): number => Math.round(performance.now() - clock) / 1000;
  const open = { started: started.toISOString(), ended: null, seconds: null, outputs: {} };
  state.save(step.name, { status: 'running', ...open, ...facts });
  const progress = (input.display ?? ((text) => createStepProgress({ label: text })))(label);
  progress.log(`${label}: ${step.title}`);
  const close = (status: 'interrupted' | 'failed' | 'done', outputs: StepRecord['outputs'] = {}): void => {
    progress.clear();
    const took = { ended: new Date().toISOString(), seconds: seconds() };
    state.save(step.name, { status, ...open, ...took, ...facts, outputs });
    const what = { interrupted: 'stopped', failed: 'failed', done: 'ran' } as const;
    report({ step: step.name, what: what[status], seconds: seconds() }, { input, state });
  };
  try {
    await runStep(step, { ...stepInput, progress });
    const outputs = await hashPlaces(step.outputs, input);
    const missing = Object.keys(outputs).find((place) => outputs[place] === null);
    if (missing !== undefined) throw new Error(`${step.name} has not written ${missing}`);
    close('done', outputs);
  } catch (error) {
    const stopped = error instanceof Interrupted || input.signal.aborted;
    try {
      close(stopped ? 'interrupted' : 'failed');
    } catch {
      // A full disk: what it was that failed matters more, and a step that is marked as running runs again.
    }
    throw stopped ? new Interrupted() : error;
  }
}

function openState(input: PipelineInput): State {
  let manifest: Manifest = {
    schema: 1,
    created: new Date().toISOString(),
    steps: {},
    ...readManifest(input.runDir),
    runId: input.runId,
    seed: input.config.seed,
    config: input.config,
    versions: { ...versionsOf(input.runDir) },
  };
  return {
    manifest: () => manifest,
    results: [],
    save(step, record) {
      const steps = { ...manifest.steps, [step]: record };
      manifest = { ...manifest, versions: { ...versionsOf(input.runDir) }, steps };
      writeManifest(input.runDir, manifest);
    },
  };
}

function report(result: StepResult, { input, state }: { input: PipelineInput; state: State }): void {
  state.results.push(result);
  input.onResult?.(result);
}

function forcedSteps({ from, setup }: PipelineInput, ordered: readonly Step[]): Set<string> {
  const { recreate, staged } = setup;
  const environment = (recreate || staged) && ordered.some(({ name }) => name === 'setup_env') ? ['setup_env'] : [];
  return new Set([...environment, ...(from === undefined ? [] : dependentsOf(ordered, from))]);
}

async function reasonToRun(
  step: Step,
  { input, manifest, forced }: { input: PipelineInput; manifest: Manifest | undefined; forced: ReadonlySet<string> },
): Promise<string | undefined> {
  if (forced.has(step.name)) return 'is to run again';
  const record = manifest?.steps[step.name];
  if (!record) return 'has not run yet';
  const facts = await factsOf(step, input);
  return whyRun({ record, facts, outputs: await hashPlaces(step.outputs, input) });
}

/** What setup_env has found, or undefined. */
function environmentOf(runDir: string): Environment | undefined {
  const path = join(runDir, 'env.json');
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Environment) : undefined;
}

const interpreterOf = (runDir: string): string | undefined => environmentOf(runDir)?.python;

function versionsOf(runDir: string): Record<string, string> {
  const own = { scanner: version, node: process.versions.node };
  return { ...own, ...environmentOf(runDir)?.versions };
}
