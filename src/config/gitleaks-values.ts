import { ConfigProblem, type KeyPath, plainTable, showPath } from './validate.ts';

/**
 * The values of a gitleaks.toml are read as leniently as gitleaks reads them. All functions throw a `ConfigProblem`
 * when a value is of no use.
 */
export type Table = Record<string, unknown>;
export type Warn = (message: string) => void;

/** A table with its keys in lower case. */
export function tableAt(input: { value: unknown; at: KeyPath; known: readonly string[]; warn: Warn }): Table {
  const out: Table = Object.create(null);
  for (const [key, value] of Object.entries(plainTable(input.value, input.at))) {
    const name = key.toLowerCase();
    if (!input.known.includes(name)) input.warn(`the key ${showPath([...input.at, key])} is not known and not used`);
    out[name] = value;
  }
  return out;
}

/** A list of tables; a single one is a list as well. */
export function tables(value: unknown, at: KeyPath): unknown[] {
  if (value === undefined) return [];
  if (Array.isArray(value)) return value;
  return [plainTable(value, at)];
}

/** A text, or what can be written as one. */
export function optionalText(value: unknown, at: KeyPath): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new ConfigProblem(at, 'must be a text');
}

/** A number, also in quotes. */
export function optionalNumber(value: unknown, at: KeyPath): number | undefined {
  if (value === undefined) return undefined;
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number === 'number' && Number.isFinite(number)) return number;
  throw new ConfigProblem(at, 'must be a number');
}

/** A list of texts; in a single text commas separate them. */
export function textList(value: unknown, at: KeyPath): string[] {
  if (value === undefined) return [];
  if (typeof value === 'string') return value.split(',');
  if (!Array.isArray(value)) throw new ConfigProblem(at, 'must be a list of texts');
  return value.map((one, i) => optionalText(one, [...at, i]) ?? '');
}

/** Whether a switch is on. */
export function bool(value: unknown): boolean {
  return value === true || (typeof value === 'string' && /^(?:1|t|true)$/i.test(value));
}
