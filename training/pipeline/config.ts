import { join, resolve } from 'node:path';
import { nearest } from '../../src/config/index.ts';
import { type ParsedFile, parseConfig, readText } from '../../src/config/read-file.ts';
import { UserError } from '../../src/util/errors.ts';
import type { TrainConfig } from './context.ts';
import { hashText, stableJson } from './hash.ts';
import type { TrainOptions } from './options.ts';

type Tree = Record<string, unknown>;

/** A word or a section, as it comes; the step that uses it looks at it. */
const FREE = ['sweep.band'];

/**
 * The configuration of a run: default.yaml, over it synthetic.yaml (with `--synthetic`), over it `--config`, over it the
 * options. default.yaml is the schema: what it does not name is a mistake.
 *
 * @throws UserError with file and line for unknown keys and values of the wrong type
 */
export async function loadTrainConfig(input: {
  packageRoot: string;
  cwd: string;
  options: TrainOptions;
}): Promise<TrainConfig> {
  const { packageRoot, cwd, options } = input;
  const builtin = async (name: string): Promise<Tree> => {
    const path = join(packageRoot, 'training', 'config', name);
    return mapping(await parseConfig(await readText(path, name), name), name);
  };
  const schema = await builtin('default.yaml');
  let config = schema;
  if (options.synthetic) config = merge({ schema, under: config, over: await builtin('synthetic.yaml') });
  if (options.config !== undefined) {
    const file = options.config;
    const parsed = await parseConfig(await readText(resolve(cwd, file), file), file);
    const over = mapping(parsed, file);
    await check({ schema, over, file, parsed });
    config = merge({ schema, under: config, over });
  }
  return merge({ schema, under: config, over: fromOptions(options) }) as unknown as TrainConfig;
}

/** The name of a run that was given none: the same configuration is the same run, in whatever formats it leaves. */
export function derivedRunId(config: TrainConfig): string {
  const { python: _python, threads: _threads, gguf: _gguf, ...rest } = config;
  return `run-${hashText(stableJson(rest)).slice(0, 8)}`;
}

/** What `keys` name of the configuration (`*`: all but the interpreter), by key. A key that is not there is null. */
export function configParts(config: TrainConfig, keys: readonly string[]): Record<string, unknown> {
  const wanted = keys.includes('*') ? Object.keys(config).filter((key) => key !== 'python') : keys;
  return Object.fromEntries(wanted.map((key) => [key, at(config, key.split('.')) ?? null]));
}

function at(tree: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, key) => (isMapping(inner) ? inner[key] : undefined), tree);
}

function fromOptions(options: TrainOptions): Tree {
  const { seed, base, python, epochs, batchSize, learningRate, quantize, shipped } = options;
  const fine = { epochs, batch_size: batchSize, learning_rate: learningRate };
  const given = (tree: Tree): Tree => Object.fromEntries(Object.entries(tree).filter(([, v]) => v !== undefined));
  const gguf = { quantize, source: shipped ? 'shipped' : undefined };
  return given({ seed, base, python, fine_tune: given(fine), gguf: given(gguf) });
}

function merge({ schema, under, over }: { schema: Tree; under: Tree; over: Tree }): Tree {
  const merged = { ...under };
  for (const [key, value] of Object.entries(over)) {
    const inner = schema[key];
    merged[key] =
      isMapping(inner) && isMapping(value) ? merge({ schema: inner, under: under[key] as Tree, over: value }) : value;
  }
  return merged;
}

async function check(input: {
  schema: Tree;
  over: Tree;
  file: string;
  parsed: ParsedFile;
  above?: readonly string[];
}): Promise<void> {
  const { schema, over, file, parsed, above = [] } = input;
  for (const [key, value] of Object.entries(over)) {
    const path = [...above, key];
    const fail = async (why: string, hint?: string): Promise<never> => {
      const line = await parsed.lineOf(path);
      throw new UserError(`${file}${line ? `:${line}` : ''}: ${why}`, hint === undefined ? {} : { hint });
    };
    if (!Object.hasOwn(schema, key)) {
      const close = nearest(key, Object.keys(schema));
      const known = `${above.length === 0 ? 'sections' : `keys of ${above.join('.')}`} are ${Object.keys(schema).join(', ')}`;
      await fail(`${path.join('.')} is not a setting of the training`, close ? `did you mean ${close}?` : known);
    }
    if (FREE.includes(path.join('.'))) continue;
    const wanted = schema[key];
    const problem = mismatch(wanted, value);
    if (problem !== undefined) await fail(`${path.join('.')} must be ${problem}, not ${kindOf(value)}`);
    if (isMapping(wanted)) await check({ schema: wanted, over: value as Tree, file, parsed, above: path });
  }
}

/** What a value had to be, where it is not of the kind of the default; a default of null takes any single value. */
function mismatch(wanted: unknown, value: unknown): string | undefined {
  if (wanted === null) return isMapping(value) || Array.isArray(value) ? 'a single value' : undefined;
  return kindOf(wanted) === kindOf(value) ? undefined : kindOf(wanted);
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a section';
  return { string: 'a text', number: 'a number', boolean: 'true or false' }[typeof value as string] ?? 'something else';
}

function mapping(parsed: ParsedFile, file: string): Tree {
  if (!isMapping(parsed.data)) throw new UserError(`${file} must be a list of sections, as default.yaml is`);
  return parsed.data;
}

function isMapping(value: unknown): value is Tree {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
