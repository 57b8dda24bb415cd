import { existsSync, rmSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { fitTokens } from '../../src/classify/prompt.ts';
import { UserError } from '../../src/util/errors.ts';
import { examplePrompt } from '../evaluation/create-modelfile.ts';
import { metadataOf, tokenizerOf } from '../evaluation/gguf-metadata.ts';
import { softmax } from '../evaluation/gguf-parity.ts';
import { askFolder } from '../evaluation/language-models.ts';
import { openLlamaModel } from '../evaluation/llama-model.ts';
import { ggufFile } from './gguf-steps.ts';
import { findQuantizer, llamaModule } from './llama.ts';
import type { PipelineContext } from './step.ts';
import { runWorkerOf } from './worker.ts';

/** Most that a file may differ in a probability from the ONNX file that its weights were restored from. */
const MOST_OFF = 0.2;

/**
 * Makes GGUF files of the merged weights, and tries each with llama.cpp where that was fetched.
 * @throws UserError for an architecture that cannot be converted, and for what the disk and the network do
 */
export async function run(context: PipelineContext): Promise<void> {
  const { config, paths, runDir, cwd } = context;
  const { quantize, llama_cpp: checkout } = config.gguf;
  const metadata = await metadataOf(context);
  const quantizer = await findQuantizer(context);
  const told = {
    threads: config.threads,
    quantize,
    llama_cpp: checkout === null ? '' : resolve(cwd, checkout),
    quantizer: 'program' in quantizer ? quantizer.program : '',
    library: 'library' in quantizer ? quantizer.library : '',
    metadata,
  };
  // They speak of files that are about to be others.
  for (const name of ['files.json', 'Modelfile']) rmSync(join(paths.gguf, name), { force: true });
  await runWorkerOf({ context, step: 'convert_to_gguf', settings: told });
  const missing = ['F32', ...quantize].map(ggufFile).find((place) => !existsSync(join(runDir, place)));
  if (missing !== undefined) throw new Error(`convert_to_gguf has not written ${missing}`);
  if ('program' in quantizer)
    context.log('the files were not tried: llama.cpp was not fetched, as there is a llama-quantize');
  else await tryFiles(context);
}

/** Asks each file about the example. A finished model is asked the same. */
async function tryFiles(context: PipelineContext): Promise<void> {
  const { config, paths, runDir } = context;
  const prompt = examplePrompt();
  const ids = (await tokenizerOf(paths.merged)).encode(prompt).ids;
  const wanted = config.gguf.source === 'run' ? undefined : softmax(await (await askFolder(paths.finished))!(prompt));
  const module = await llamaModule(context);
  for (const kind of ['F32', ...config.gguf.quantize]) {
    const path = join(runDir, ggufFile(kind));
    const model = await openLlamaModel({ module, path });
    try {
      if (model.tokens(prompt).join() !== ids.join()) throw wrong(path, 'splits a prompt into other tokens');
      const said = await model.probabilities(fitTokens(ids));
      const off = Math.max(...(wanted ?? said).map((p, i) => Math.abs(p - said[i]!)));
      if (!(off <= MOST_OFF)) throw wrong(path, `is off by ${off.toFixed(2)} in a probability`);
    } finally {
      await model.close();
    }
  }
}

function wrong(path: string, why: string): UserError {
  rmSync(path, { force: true });
  return new UserError(`${basename(path)} ${why}: it is not the model that it was made of, and is gone again`, {
    hint: 'a kind with more bits may do (--quantize Q8_0); if it is Q8_0 or F32, this is a mistake of the conversion',
  });
}
