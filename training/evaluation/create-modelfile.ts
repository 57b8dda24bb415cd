import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findCandidates } from '../../src/candidates/index.ts';
import { MODEL_FILES } from '../../src/classify/model-folder.ts';
import { renderPrompt, withGate } from '../../src/classify/prompt.ts';
import { features } from '../../src/features/index.ts';
import { writeWithFolders } from '../../src/util/write-whole.ts';
import { shippedRules } from '../data/candidates.ts';
import { chunkOf } from '../data/creddata.ts';
import { randomOf } from '../data/random.ts';
import type { StepContext } from '../pipeline/context.ts';
import { answersOf, licenceOf, metadataOf } from './gguf-metadata.ts';
import { modelfileText } from './modelfile.ts';

/** Writes a Modelfile for Ollama, and a prompt to try it with. */
export async function run(context: StepContext): Promise<void> {
  const { paths } = context;
  const made = JSON.parse(await readFile(join(paths.gguf, 'files.json'), 'utf8')) as Record<string, GgufFacts>;
  // The biggest is the most exact.
  const files = Object.entries(made)
    .filter(([, { type }]) => type !== 'F32')
    .sort(([, a], [, b]) => b.bytes - a.bytes)
    .map(([name]) => name);
  const settings = JSON.parse(await readFile(join(paths.merged, MODEL_FILES.tokenizerConfig), 'utf8')) as object;
  const { eos_token: end } = settings as { eos_token?: unknown };
  const { text: licence } = licenceOf(context);
  if (licence === undefined) context.log('note: the licence of the base is not known here: the Modelfile names none');
  const { longest } = await answersOf(paths.merged);
  const { version } = await metadataOf(context);
  const stops = typeof end === 'string' ? [end] : [];
  // Without a line end: it would be a part of the prompt.
  writeWithFolders(join(paths.gguf, 'prompt.txt'), examplePrompt());
  writeWithFolders(join(paths.gguf, 'Modelfile'), modelfileText({ version, files, longest, stops, licence }));
  context.log(`${join(paths.gguf, 'Modelfile')} is for ${files[0]}`);
}

interface GgufFacts {
  type: string;
  bytes: number;
}

/** The prompt of a made-up password in a made-up file. */
export function examplePrompt(): string {
  const value = randomOf('example').text('abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789', 20);
  const text = `[database]\nuser = "shop"\npassword = "${value}"\n`;
  const chunk = chunkOf({ path: 'deploy/production.toml', text });
  const candidate = findCandidates(chunk, shippedRules()).find((one) => one.value === value)!;
  return withGate(renderPrompt(candidate, features(candidate)), 0.9);
}
