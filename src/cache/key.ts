import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { folderConfigs } from '../config/folders.ts';
import type { Config, TextChunk } from '../types.ts';

declare const __SSS_BUILD__: string | undefined;

/** Hash of the sources that the program was built of; undefined when they are run as they are: they may change any time. */
export const BUILD: string | undefined = typeof __SSS_BUILD__ === 'string' ? __SSS_BUILD__ : undefined;

/**
 * A hash of everything that the result for a text depends on, besides the text and its place: the program, the machine's
 * Node.js, rules, model and settings. Not of what only picks files or findings.
 * @returns undefined when the model cannot be read: the scan will say so when it needs it
 */
export async function resultsKey(input: {
  build: string;
  config: Config;
  useModel: boolean;
  doubtful?: { low: number; high: number } | undefined;
}): Promise<Buffer | undefined> {
  const { build, config, useModel, doubtful } = input;
  const { preset, useBuiltinRules, disabledRules, customRules, device, maxFileSize, maxDepth } = config;
  const settings = {
    preset,
    useBuiltinRules,
    disabledRules,
    customRules,
    device,
    maxFileSize,
    maxDepth,
    useModel,
    doubtful,
  };
  const { MODEL_FILES, openModelFolder, modelFile } = await import('../classify/model-folder.ts');
  const folder = await openModelFolder({ dir: config.model }).catch(() => undefined);
  if (!folder) return undefined;
  const machine = [process.version, process.platform, process.arch, runtimeFiles().join()];
  const key = createHash('sha256').update([build, ...machine, JSON.stringify(settings, asText)].join('\0'));
  for (const name of Object.values(MODEL_FILES)) {
    const bytes = bytesOf(modelFile(folder, name));
    if (!bytes && (name === MODEL_FILES.card || name === MODEL_FILES.gate)) return undefined;
    key.update(`\0${bytes?.length ?? 'missing'}\0`).update(bytes ?? '');
  }
  return key.digest();
}

/** A hash of what folders say of the texts in them; none where they say nothing. A file that cannot be read says so when it is met. */
export function settingsOf(config: Config): (place: Pick<TextChunk, 'path' | 'logicalPath'>) => string {
  const folders = folderConfigs({ config, ruleIds: async () => [] });
  const hashes = new Map<string, string>();
  return (place) => {
    const files = folders.files(place);
    const id = files.map(({ path }) => path).join('\0');
    const known = files.length === 0 ? '' : hashes.get(id);
    if (known !== undefined) return known;
    const hash = createHash('sha256');
    for (const { path } of files) hash.update(bytesOf(path) ?? '').update('\0');
    const made = hash.digest('hex');
    hashes.set(id, made);
    return made;
  };
}

/** Whether the language model can run on nothing but the CPU here. Where a graphics card may come and go, answers do, too. */
export function isCpuOnly({ device }: Pick<Config, 'device'>): boolean {
  return device === 'cpu' || !runtimeFiles().some((name) => name.includes('cuda'));
}

/** The files of the runtime for this machine; none where it is not installed. */
function runtimeFiles(): string[] {
  try {
    const entry = createRequire(import.meta.url).resolve('onnxruntime-node');
    const folder = join(dirname(entry), '..', 'bin');
    const own = join(process.platform, process.arch);
    return readdirSync(folder).flatMap((version) => readdirSync(join(folder, version, own)).sort());
  } catch {
    return [];
  }
}

function bytesOf(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

/** Patterns are told apart by more than JSON would write of them. */
function asText(_: string, value: unknown): unknown {
  return value instanceof RegExp ? String(value) : value;
}
