import {
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { UserError } from '../../src/util/errors.ts';
import type { PipelineContext } from './step.ts';
import { runWorker } from './worker.ts';

/** Architectures whose layers the workers know by name. */
const MODEL_TYPES = ['llama', 'qwen2', 'qwen3', 'mistral'];
const LONGEST_HEADER = 100_000_000;

/**
 * Puts the base that the configuration names into the run as `base-source`: a link to a local folder, or a download.
 * @returns what was taken; null when the base is trained here
 * @throws UserError when it is not there, or no base that can be used
 */
export async function fetchBase(context: PipelineContext): Promise<{ base: string; kind: 'folder' | 'hub' } | null> {
  const { runDir, config } = context;
  const target = join(runDir, 'base-source');
  rmSync(target, { recursive: true, force: true });
  const base = config.base;
  if (typeof base !== 'string' || base === '') return null;
  const folder = resolve(context.cwd, base);
  if (existsSync(folder)) {
    checkBase(folder, base);
    symlinkSync(folder, target, 'junction');
    return { base, kind: 'folder' };
  }
  if (!/^[\w-][\w.-]*(?:\/[\w-][\w.-]*)?$/.test(base)) {
    throw new UserError(`the base ${base} does not exist`, {
      hint: 'give a folder, or the name of a model on the hub',
    });
  }
  await downloadBase({ context, base, target });
  checkBase(target, base);
  return { base, kind: 'hub' };
}

async function downloadBase(input: { context: PipelineContext; base: string; target: string }): Promise<void> {
  const { context, base, target } = input;
  const python = await context.ensurePython();
  const fresh = `${target}.part`;
  rmSync(fresh, { recursive: true, force: true });
  context.log(`downloading ${base}`);
  const script = join(context.paths.packageRoot, 'training', 'workers', 'download_base.py');
  await runWorker({
    step: 'download',
    command: [python, script, '--base', base, '--out', fresh],
    log: join(context.runDir, 'logs', 'download.log'),
    signal: context.signal,
    progress: context.progress,
  });
  renameSync(fresh, target);
}

/**
 * Checks that a folder is a base in the format of Hugging Face that the workers can use; reads no weights.
 * @throws UserError that says what is wrong with it
 */
export function checkBase(folder: string, shown: string): void {
  const fail = (why: string): never => {
    throw new UserError(`the base ${shown} ${why}`, {
      hint: 'a base is a folder with config.json, tokenizer.json and *.safetensors, as the hub has them',
    });
  };
  if (!statSync(folder).isDirectory()) fail('is not a folder');
  const read = (name: string): Record<string, unknown> => {
    if (!existsSync(join(folder, name))) fail(`has no ${name}`);
    try {
      return JSON.parse(readFileSync(join(folder, name), 'utf8')) as Record<string, unknown>;
    } catch {
      return fail(`has a ${name} that is not valid JSON`);
    }
  };
  const type = String(read('config.json').model_type);
  if (!MODEL_TYPES.includes(type)) fail(`is a ${type}, and only ${MODEL_TYPES.join(', ')} can be trained`);
  read('tokenizer.json');
  const index = 'model.safetensors.index.json';
  const map = existsSync(join(folder, index)) ? (read(index).weight_map as Record<string, string>) : undefined;
  const weights = map
    ? [...new Set(Object.values(map))]
    : readdirSync(folder).filter((name) => name.endsWith('.safetensors'));
  if (weights.length === 0) fail('has no weights (*.safetensors)');
  for (const name of weights) {
    if (!existsSync(join(folder, name))) fail(`lacks ${name}, which its index names`);
    if (!isSafetensors(join(folder, name))) fail(`has a ${name} that is damaged or no safetensors file`);
  }
}

/** Whether a file begins with a header that fits into it. A pointer that Git LFS left has none. */
function isSafetensors(path: string): boolean {
  const size = statSync(path).size;
  const file = openSync(path, 'r');
  try {
    const start = Buffer.alloc(8);
    if (readSync(file, start) < 8) return false;
    const length = Number(start.readBigUInt64LE());
    if (length < 2 || length > LONGEST_HEADER || length + 8 > size) return false;
    const header = Buffer.alloc(length);
    readSync(file, header, 0, length, 8);
    const tensors = Object.entries(JSON.parse(header.toString('utf8')) as Record<string, { data_offsets?: number[] }>);
    return tensors.every(([, { data_offsets }]) => (data_offsets?.[1] ?? 0) + length + 8 <= size);
  } catch {
    return false;
  } finally {
    closeSync(file);
  }
}
