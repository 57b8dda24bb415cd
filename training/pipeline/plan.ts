import { nearest } from '../../src/config/index.ts';
import { UserError } from '../../src/util/errors.ts';
import { codeFacts } from './code-hash.ts';
import { configParts } from './config.ts';
import type { RunPaths, TrainConfig } from './context.ts';
import { type Facts, hashPlace, hashText, stableJson } from './hash.ts';
import type { StepRecord } from './manifest.ts';
import { placePath } from './paths.ts';
import type { Step } from './step.ts';

/** What a step would read now. */
export type StepFacts = Pick<StepRecord, 'inputs' | 'config' | 'code'>;

/** What all questions about the files of a run need to know. */
export interface Places {
  readonly runDir: string;
  readonly cwd: string;
  readonly paths: RunPaths;
  readonly config: TrainConfig;
}

/**
 * The steps to look at, in order: all of them, or what `target` needs and itself.
 * @throws UserError for a step that there is not; an Error when steps need each other
 */
export function orderSteps(steps: readonly Step[], target?: string): Step[] {
  const ordered: Step[] = [];
  const visit = (step: Step, above: readonly string[]): void => {
    if (above.includes(step.name)) throw new Error(`steps need each other: ${[...above, step.name].join(', ')}`);
    if (ordered.includes(step)) return;
    for (const name of step.needs) visit(stepOf(steps, name), [...above, step.name]);
    ordered.push(step);
  };
  for (const step of target === undefined ? steps : [stepOf(steps, target)]) visit(step, []);
  // As they are listed, which is an order that fits, too.
  return steps.filter((step) => ordered.includes(step)).every((step, i, all) => fits(step, all.slice(0, i)))
    ? steps.filter((step) => ordered.includes(step))
    : ordered;
}

function fits(step: Step, before: readonly Step[]): boolean {
  return step.needs.every((name) => before.some((other) => other.name === name));
}

/** The names of a step and of all that come after it because they need it. */
export function dependentsOf(steps: readonly Step[], name: string): Set<string> {
  const found = new Set([stepOf(steps, name).name]);
  for (let size = 0; size !== found.size; ) {
    size = found.size;
    for (const step of steps) if (step.needs.some((need) => found.has(need))) found.add(step.name);
  }
  return found;
}

/** The step of this name. */
export function stepOf(steps: readonly Step[], name: string): Step {
  const step = steps.find((one) => one.name === name);
  if (step) return step;
  const names = steps.map((one) => one.name);
  const close = nearest(name, names);
  throw new UserError(`there is no step ${name}`, {
    hint: close ? `did you mean ${close}?` : `steps are ${names.join(', ')}`,
  });
}

/** Hashes what the step would read now. */
export async function factsOf(step: Step, places: Places): Promise<StepFacts> {
  const parts = configParts(places.config, step.config);
  const script = step.run.kind === 'worker' && step.run.script.startsWith('/') ? [step.run.script] : [];
  return {
    inputs: await hashPlaces(step.inputs, places),
    config: Object.fromEntries(Object.entries(parts).map(([key, value]) => [key, hashText(stableJson(value))])),
    code: await codeFacts(places.paths.packageRoot, [...step.code, ...script]),
  };
}

/** Hashes files and folders of a run, by place. */
export async function hashPlaces(list: readonly string[], places: Places): Promise<Record<string, Facts | null>> {
  const found: Record<string, Facts | null> = {};
  for (const place of list) {
    const path = placePath({ place, ...places });
    found[place] = path === undefined ? null : await hashPlace(path, { listing: place === '@packages' });
  }
  return found;
}

/**
 * Why a step must run; undefined: everything is as it was when it ran last.
 * @param input.outputs what is there now of its outputs
 */
export function whyRun(input: {
  record: StepRecord | undefined;
  facts: StepFacts;
  outputs: Readonly<Record<string, Facts | null>>;
}): string | undefined {
  const { record, facts, outputs } = input;
  if (!record) return 'has not run yet';
  if (record.status === 'pending') return 'is to run again';
  if (record.status === 'failed') return 'failed';
  if (record.status !== 'done') return 'was stopped';
  for (const kind of ['inputs', 'config', 'code'] as const) {
    const changed = difference(record[kind], facts[kind]);
    if (changed !== undefined) return `${{ inputs: 'input', config: 'setting', code: 'code' }[kind]} ${changed}`;
  }
  const missing = Object.keys(outputs).find((place) => outputs[place] === null);
  if (missing !== undefined) return `${missing} is missing`;
  const changed = difference(record.outputs, outputs);
  return changed === undefined ? undefined : `output ${changed}`;
}

/** Whether a step that did not end would do the same again, so that it can go on from where it was. */
export function isSameWork(record: StepRecord | undefined, facts: StepFacts): boolean {
  if (!record || record.status === 'done' || record.status === 'pending') return false;
  return (['inputs', 'config', 'code'] as const).every((kind) => difference(record[kind], facts[kind]) === undefined);
}

function difference(
  before: Readonly<Record<string, unknown>>,
  now: Readonly<Record<string, unknown>>,
): string | undefined {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(now)])];
  const key = keys.find((one) => stableJson(before[one] ?? null) !== stableJson(now[one] ?? null));
  if (key === undefined) return undefined;
  return `${key} ${before[key] ? (now[key] ? 'has changed' : 'is gone') : 'is new'}`;
}
