import { join } from 'node:path';
import { setUp } from './setup-env.ts';
import type { PipelineContext } from './step.ts';

/**
 * What GGUF files of a finished model need: a small part of what training needs.
 * @throws UserError with the stage that failed and what to do
 */
export async function run(context: PipelineContext): Promise<void> {
  const requirements = join(context.paths.packageRoot, 'training', 'requirements-gguf.txt');
  await setUp({ context, requirements, folder: join(context.artifactRoot, '.env-gguf'), size: 'about 150 MB' });
}
