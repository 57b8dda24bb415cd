import { nearest } from './nearest.ts';

/** Where something stands in a configuration: `['rules', 'custom', 2, 'pattern']`. */
export type KeyPath = readonly (string | number)[];

/** Something wrong with what a configuration says. Becomes a `UserError` once file and line are known. */
export class ConfigProblem extends Error {
  readonly path: KeyPath;
  readonly hint: string | undefined;

  constructor(path: KeyPath, message: string, hint?: string) {
    super(message);
    this.path = path;
    this.hint = hint;
  }
}

/** Checks a value and returns it in its type; throws a `ConfigProblem` that never quotes the value. */
export type Reader<T> = (value: unknown, path: KeyPath) => T;

/** `rules.custom[2].pattern`. */
export function showPath(path: KeyPath): string {
  return path.reduce<string>((out, part) => {
    if (typeof part === 'number') return `${out}[${part}]`;
    return out === '' ? part : `${out}.${part}`;
  }, '');
}

function wrongType(value: unknown, path: KeyPath, wanted: string): ConfigProblem {
  const kind =
    value === null
      ? 'nothing'
      : Array.isArray(value)
        ? 'a list'
        : typeof value === 'object'
          ? 'a table'
          : `a ${typeof value}`;
  return new ConfigProblem(path, `must be ${wanted}, not ${kind}`);
}

/** Any text that is not empty. */
export const text: Reader<string> = (value, path) => {
  if (typeof value !== 'string') throw wrongType(value, path, 'a text');
  if (value === '') throw new ConfigProblem(path, 'must not be empty');
  return value;
};

export const yesOrNo: Reader<boolean> = (value, path) => {
  if (typeof value !== 'boolean') throw wrongType(value, path, 'true or false');
  return value;
};

/** A number between two limits, both included; whole unless `fraction` is set. */
export function numberIn(input: { least: number; most: number; fraction?: boolean }): Reader<number> {
  const wanted = `${input.fraction ? 'a number' : 'a whole number'} from ${input.least} to ${input.most}`;
  return (value, path) => {
    if (typeof value !== 'number') throw wrongType(value, path, wanted);
    const fits = value >= input.least && value <= input.most && (input.fraction || Number.isInteger(value));
    if (!fits) throw new ConfigProblem(path, `must be ${wanted}`);
    return value;
  };
}

/** One of a few words, case ignored. */
export function oneOf<const T extends string>(words: readonly T[]): Reader<T> {
  return (value, path) => {
    const lower = text(value, path).toLowerCase();
    const word = words.find((one) => one.toLowerCase() === lower);
    if (word !== undefined) return word;
    throw new ConfigProblem(path, `must be one of ${words.join(', ')}`, didYouMean(lower, words));
  };
}

/** A list; each entry is read by `entry`. */
export function listOf<T>(entry: Reader<T>): Reader<T[]> {
  return (value, path) => {
    if (!Array.isArray(value)) throw wrongType(value, path, 'a list');
    return value.map((one, i) => entry(one, [...path, i]));
  };
}

type Fields<T> = { [K in keyof T]?: T[K] };

/** A table with the keys of `readers` and no others; all may be absent but those in `required`. */
export function tableOf<T extends object>(
  readers: { [K in keyof T]: Reader<T[K]> },
  required: readonly (keyof T & string)[] = [],
): Reader<Fields<T>> {
  const keys = Object.keys(readers);
  return (value, path) => {
    const out: Fields<T> = {};
    for (const [key, inner] of Object.entries(plainTable(value, path))) {
      if (!Object.hasOwn(readers, key)) throw unknownKey(key, path, keys);
      out[key as keyof T] = readers[key as keyof T](inner, [...path, key]);
    }
    const missing = required.find((key) => out[key] === undefined);
    if (missing) throw new ConfigProblem(path, `needs the key "${missing}"`);
    return out;
  };
}

/** A table as an object. Dates and other objects that a parser makes are no tables. */
export function plainTable(value: unknown, path: KeyPath): Record<string, unknown> {
  const isTable = typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
  if (!isTable) throw wrongType(value, path, 'a table');
  return value as Record<string, unknown>;
}

function unknownKey(key: string, path: KeyPath, keys: readonly string[]): ConfigProblem {
  const hint = didYouMean(key, keys) ?? `Known here: ${keys.join(', ')}.`;
  return new ConfigProblem([...path, key], 'is not a known key', hint);
}

/** `Did you mean "…"?`, when something is spelled like it. */
export function didYouMean(given: string, known: Iterable<string>): string | undefined {
  const near = nearest(given, known);
  return near === undefined ? undefined : `Did you mean "${near}"?`;
}
