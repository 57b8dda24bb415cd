import { join } from 'node:path';
import { loadTrainConfig } from '../../../training/pipeline/config.ts';
import type { TrainConfig } from '../../../training/pipeline/context.ts';
import { packageRoot } from '../../../training/pipeline/package-root.ts';
import { runPaths } from '../../../training/pipeline/paths.ts';
import type { PipelineInput } from '../../../training/pipeline/runner.ts';
import type { Step } from '../../../training/pipeline/step.ts';
import { temporary } from '../temporary.ts';

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
