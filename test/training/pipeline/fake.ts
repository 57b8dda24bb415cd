import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { PipelineContext, Step } from '../../../training/pipeline/step.ts';

/** Writes a file and the folders above it. */
export function put(path: string, text: string): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

/** A step that does `action`; whatever is left out is empty. */
export function task(
  name: string,
  parts: Partial<Step>,
  action: (context: PipelineContext) => void | Promise<void>,
): Step {
  return {
    ...{ name, title: `does ${name}`, needs: [], inputs: [], outputs: [], config: [], code: [], reads: [] },
    ...parts,
    run: { kind: 'task', load: async () => ({ run: async (context) => action(context) }) },
  };
}

/** A step that runs a script; the interpreter is node (see `fakeSetup`). */
export function worker(name: string, script: string, parts: Partial<Step> = {}): Step {
  return {
    ...{
      name,
      title: `works on ${name}`,
      needs: ['setup_env'],
      inputs: [],
      outputs: [],
      config: [],
      code: [],
      reads: [],
    },
    ...parts,
    run: { kind: 'worker', script },
  };
}

/** Stands in for the Python environment: node is the interpreter. */
export const fakeSetup: Step = task('setup_env', { outputs: ['env.json'] }, ({ runDir }) => {
  const environment = {
    python: process.execPath,
    requested: null,
    cuda: false,
    versions: { python: '3.12.0', torch: '2.15.0' },
  };
  put(join(runDir, 'env.json'), JSON.stringify(environment));
});

/** The text of a file of the run. */
export function readRun(input: { runDir: string }, name: string): string {
  return readFileSync(join(input.runDir, name), 'utf8');
}
