import { MODEL_FILES, openModelFolder } from '../../src/classify/model-folder.ts';
import type { PipelineContext } from './step.ts';
import { runWorkerOf } from './worker.ts';

/**
 * Rebuilds the weights of a finished model from its ONNX file, as the folder that `merge_adapter` writes.
 * @throws UserError for a model that is damaged, or none that can be restored
 */
export async function run(context: PipelineContext): Promise<void> {
  const { paths } = context;
  const folder = await openModelFolder({ dir: paths.finished });
  if (!folder.card.languageModel) throw folder.problem(`the model in ${folder.dir} has no language model`);
  await folder.read(MODEL_FILES.network);
  context.log(`restoring the weights of ${folder.card.name} (${folder.card.version})`);
  await runWorkerOf({ context, step: 'restore_weights', settings: { model: folder.dir } });
}
