/** Adds to the configuration, and leaves everything else in it as it is. */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { UserError } from '../../util/errors.ts';
import { whyNotWritten, writeWhole } from '../../util/write-whole.ts';
import { parseConfig, readText } from '../read-file.ts';
import { fieldsOf, type NewAllow } from './entry.ts';
import type { EditTarget } from './target.ts';
import { addToToml, tomlEntry } from './toml.ts';

export type { NewAllow } from './entry.ts';
export { type EditTarget, editTarget } from './target.ts';

/** What was done to a file, for it to be undone. */
export interface Edit {
  file: string;
  shown: string;
  /** Undefined: the file was made. */
  before: string | undefined;
  after: string;
}

/** The file is left as it is: what is to be written there has to be pasted. */
export class PasteNeeded extends UserError {
  override name = 'PasteNeeded';
  readonly entry: string;

  constructor(shown: string, entry: string) {
    super(`${shown} cannot be added to without changing more of it`, { hint: `put this into it:\n${entry}` });
    this.entry = entry;
  }
}

/**
 * Adds an entry to `allow`. The outcome is read again before it is written: it must say what it said before, and the entry.
 * @throws PasteNeeded where that cannot be had; UserError when it cannot be read or written
 */
export async function addAllow(target: EditTarget, entry: NewAllow): Promise<Edit> {
  const { file, shown, form, prefix } = target;
  const before = existsSync(file) ? await exactText(file, shown) : undefined;
  const exact = (before ?? '').replace(/^\uFEFF/, '');
  // Where both kinds of line ends stand side by side, each stays what it is.
  const isCrlf = exact.includes('\r\n') && !/(?<!\r)\n/.test(exact);
  const text = isCrlf ? exact.replaceAll('\r\n', '\n') : exact;
  const added = await addTo({ text, entry, form, prefix });
  const isGood = added !== undefined && (await saysTheSame({ text, added, entry, target }));
  if (!isGood) throw new PasteNeeded(shown, await toPaste(entry, form));
  const mark = before?.startsWith('\uFEFF') ? '\uFEFF' : '';
  const after = mark + (isCrlf ? added.replaceAll('\n', '\r\n') : added);
  doEdit({ file, shown, before, after });
  return { file, shown, before, after };
}

/** Takes an edit back. @throws UserError when the file has been changed since, or cannot be written */
export function undoEdit({ file, shown, before, after }: Edit): void {
  if (before !== undefined) {
    doEdit({ file, shown, before: after, after: before });
    return;
  }
  unchanged(file, shown, after);
  try {
    rmSync(file);
  } catch (error) {
    throw new UserError(`cannot remove ${shown}: ${whyNotWritten(error)}`, { cause: error });
  }
}

/** Writes an edit, and once more what was taken back. @throws UserError when the file has been changed since */
export function doEdit({ file, shown, before, after }: Edit): void {
  try {
    writeWhole(file, after, { check: () => unchanged(file, shown, before) });
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`cannot write ${shown}: ${whyNotWritten(error)}`, {
      hint: 'it is as it was',
      cause: error,
    });
  }
}

function unchanged(file: string, shown: string, expected: string | undefined): void {
  const now = existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  if (now === expected) return;
  throw new UserError(`${shown} was changed by somebody else in the meantime`, { hint: 'it was left as it is' });
}

/** With the mark of its encoding, if it has one. */
async function exactText(file: string, shown: string): Promise<string> {
  await readText(file, shown);
  return readFileSync(file, 'utf8');
}

async function addTo(input: {
  text: string;
  entry: NewAllow;
  form: EditTarget['form'];
  prefix: readonly string[];
}): Promise<string | undefined> {
  const { text, entry, form, prefix } = input;
  if (form === 'toml') return addToToml(text, entry);
  if (form === 'yaml') return (await import('./yaml.ts')).addToYaml(text, entry);
  return (await import('./json.ts')).addToJson(text, entry, prefix);
}

async function saysTheSame(input: {
  text: string;
  added: string;
  entry: NewAllow;
  target: EditTarget;
}): Promise<boolean> {
  const { text, added, entry, target } = input;
  const was = (await parseConfig(text, target.shown)).data;
  const is = await parseConfig(added, target.shown).catch(() => undefined);
  const expected = withEntry(was, entry, target.prefix);
  return is !== undefined && expected !== undefined && isDeepStrictEqual(plainData(is.data), plainData(expected));
}

/** What the data would be with the entry; undefined where it has no place for one. */
function withEntry(data: unknown, entry: NewAllow, prefix: readonly string[]): unknown {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return undefined;
  const table = data as Record<string, unknown>;
  const [key, ...rest] = prefix;
  if (key !== undefined) {
    const inner = withEntry(table[key], entry, rest);
    return inner === undefined ? undefined : { ...table, [key]: inner };
  }
  const { allow = [] } = table;
  return Array.isArray(allow) ? { ...table, allow: [...allow, fieldsOf(entry)] } : undefined;
}

/** Tables of parsers have other prototypes; numbers and dates stay told apart. */
function plainData(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plainData);
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Date) return `date ${String(value)}`;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plainData(one)]));
}

async function toPaste(entry: NewAllow, form: EditTarget['form']): Promise<string> {
  if (form === 'toml') return tomlEntry(entry);
  if (form === 'json') return `"allow": [${JSON.stringify(fieldsOf(entry), undefined, 2)}]\n`;
  return `allow:\n${(await import('./yaml.ts')).yamlItem(entry, '  ')}`;
}
