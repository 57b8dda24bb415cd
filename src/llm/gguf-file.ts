import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { LlmError } from './errors.ts';

/** Files up to this are hashed as a whole. */
const WHOLE = 256 * 1024 * 1024;
/** Of larger ones so many pieces, of this size each: weights of another model differ in all of them. */
const PIECES = 128;
const PIECE = 1024 * 1024;

/**
 * The GGUF file in a model folder, of several the one that is nearest to the model.
 * @throws LlmError when there is none
 */
export function ggufOf(folder: string): string {
  const names = globbed(folder).sort();
  const name = names.find((one) => one.includes('Q8_0')) ?? names[0];
  if (name !== undefined) return join(folder, name);
  throw new LlmError(`there is no GGUF file in ${folder}`, { hint: 'name one: --judge llama-cpp:FILE.gguf' });
}

function globbed(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => name.endsWith('.gguf'));
  } catch {
    return [];
  }
}

/**
 * A hash of a GGUF file: SHA-256 of its size and of all of it, or of pieces all over a large one.
 * @throws LlmError when it is none
 */
export async function digestOf(file: string): Promise<string> {
  const name = basename(file);
  const handle = await open(file).catch((cause: NodeJS.ErrnoException) => {
    throw new LlmError(
      cause.code === 'ENOENT' ? `there is no file ${file}` : `${file} cannot be read (${cause.code})`,
      {
        hint: 'name a GGUF file: --judge llama-cpp:model.gguf',
        cause,
      },
    );
  });
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) throw new LlmError(`${file} is no file`);
    const { size } = stats;
    const hash = createHash('sha256').update(`${size}\0`);
    const isSmall = size <= WHOLE;
    const step = isSmall ? PIECE : Math.floor((size - PIECE) / (PIECES - 1));
    const buffer = Buffer.alloc(PIECE);
    for (let at = 0; at < size; at += step) {
      const { bytesRead } = await handle.read(buffer, 0, PIECE, at);
      if (at === 0 && buffer.toString('latin1', 0, 4) !== 'GGUF') throw new LlmError(`${name} is no GGUF file`);
      hash.update(buffer.subarray(0, bytesRead));
    }
    return hash.digest('hex');
  } finally {
    await handle.close();
  }
}
