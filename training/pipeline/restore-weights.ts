import { join } from 'node:path';
import { MODEL_FILES, openModelFolder } from '../../src/classify/model-folder.ts';
import { writeWithFolders } from '../../src/util/write-whole.ts';
import type { PipelineContext } from './step.ts';
import { runWorker } from './worker.ts';

/**
 * Rebuilds the weights of a finished model from its ONNX file, as the folder that `merge_adapter` writes.
 * @throws UserError for a model that is damaged, or none that can be restored
 */
export async function run(context: PipelineContext): Promise<void> {
  const { paths, runDir } = context;
  const folder = await openModelFolder({ dir: paths.finished });
  if (!folder.card.languageModel) throw folder.problem(`the model in ${folder.dir} has no language model`);
  await folder.read(MODEL_FILES.network);
  context.log(`restoring the weights of ${folder.card.name} (${folder.card.version})`);
  const file = join(runDir, 'config', 'restore_weights.json');
  writeWithFolders(file, `${JSON.stringify({ model: folder.dir }, null, 2)}\n`);
  const script = join(paths.packageRoot, 'training', 'workers', 'restore_weights.py');
  await runWorker({
    step: 'restore_weights',
    command: [await context.ensurePython(), script, '--run', runDir, '--config', file, '--json-progress'],
    log: join(runDir, 'logs', 'restore_weights.log'),
    signal: context.signal,
    progress: context.progress,
  });
}
