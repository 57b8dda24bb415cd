import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { loadTrainConfig } from '../../../training/pipeline/config.ts';
import type { TrainConfig } from '../../../training/pipeline/context.ts';
import { packageRoot } from '../../../training/pipeline/package-root.ts';
import { runPaths } from '../../../training/pipeline/paths.ts';
import type { PipelineInput } from '../../../training/pipeline/runner.ts';
import type { PipelineContext, Step } from '../../../training/pipeline/step.ts';

/** A temporary folder of its own. */
export function temporary(): string {
  return mkdtempSync(join(tmpdir(), 'sss-pipeline-'));
}

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

/** What `runPipeline` takes for these steps, in a folder of its own. */
export async function pipelineOf(input: {
  steps: readonly Step[];
  folder?: string;
  change?: (config: TrainConfig) => object;
  more?: Partial<PipelineInput>;
}): Promise<PipelineInput & { text: string[] }> {
  const { steps, folder = temporary(), change = () => ({}), more = {} } = input;
  const root = packageRoot();
  const plain = await loadTrainConfig({ packageRoot: root, cwd: folder, options: {} });
  const config = { ...plain, ...change(plain) } as TrainConfig;
  const artifactRoot = join(folder, 'runs');
  const runDir = join(artifactRoot, 'test');
  const text: string[] = [];
  return {
    ...{ steps, runId: 'test', artifactRoot, runDir, cwd: folder, config },
    paths: runPaths({ runDir, artifactRoot, packageRoot: root, cwd: folder, config }),
    setup: { python: undefined, recreate: false, staged: false },
    signal: new AbortController().signal,
    display: () => ({ update: () => {}, log: (line) => void text.push(line), clear: () => {} }),
    text,
    ...more,
  };
}

/** The text of a file of the run. */
export function readRun(input: { runDir: string }, name: string): string {
  return readFileSync(join(input.runDir, name), 'utf8');
}
