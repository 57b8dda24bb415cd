import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { TextChunk, VerdictLabel } from '../../src/types.ts';
import { UserError } from '../../src/util/errors.ts';
import { SPLITS, type Split, type Variant } from './record.ts';

/** A step asked for data that it may not see. */
export class ContractError extends UserError {
  override name = 'ContractError';
}

/** What labelled data is opened for, and the one split that may be read for it. */
export const PURPOSES = { fit: 'train', calibrate: 'calib', report: 'test' } as const satisfies Record<string, Split>;
export type Purpose = keyof typeof PURPOSES;

/** One labelled value. `span` is where the label has one: 0-based, end exclusive, in its line. */
export interface LabelledValue {
  label: VerdictLabel;
  span: readonly [start: number, end: number] | null;
  category: string;
}

/** A labelled place: path and line range, a secret when any of its values is one. */
export interface Place {
  path: string;
  /** First and last line, 1-based. */
  start: number;
  end: number;
  secret: boolean;
  /** `secret` before `placeholder` before `harmless`. */
  label: VerdictLabel;
  /** Of the value that gave the label. */
  category: string;
  values: readonly LabelledValue[];
}

/** A file of labelled code as it is scanned: every kept line on its own line number. */
export interface LabelledFile {
  /** As in labels.csv: `files/<repo>/…`. */
  path: string;
  repo: string;
  text: string;
  places: readonly Place[];
}

/** Labelled data that was opened for a purpose. Made by `openSplit` only. */
export interface OpenSplit {
  readonly split: Split;
  readonly purpose: Purpose;
  /** Files that have a label, sorted by path. */
  readonly files: readonly { path: string; repo: string; places: readonly Place[]; excerpt: Excerpt }[];
}

/** Lines by 1-based number: `human` has those that differ in the human variant. */
interface Excerpt {
  text: Readonly<Record<string, string>>;
  human: Readonly<Record<string, string>>;
}

/**
 * Opens one split of the labelled code under `creddata` for a purpose: `fit` may read train, `calibrate` calib and
 * `report` test. Nothing else can be opened.
 *
 * @throws ContractError for any other pair, UserError for missing and damaged files.
 */
export function openSplit(input: { creddata: string; split: Split; purpose: Purpose }): OpenSplit {
  const { creddata, split, purpose } = input;
  if (!Object.hasOwn(PURPOSES, purpose)) {
    throw new ContractError(`labelled data cannot be opened for ${JSON.stringify(purpose)}`, {
      hint: `purposes are ${Object.keys(PURPOSES).join(', ')}`,
    });
  }
  if (PURPOSES[purpose] !== split) {
    throw new ContractError(`the split ${JSON.stringify(split)} may not be opened to ${purpose}`, {
      hint: `to ${purpose}, only ${PURPOSES[purpose]} may be read: nothing is fitted or tuned on what results are reported on`,
    });
  }
  const places = readLabels(join(creddata, 'labels.csv'), split);
  const excerpts = readExcerpts(join(creddata, 'excerpts.jsonl.gz'), places);
  const files = [...places.keys()].sort(byCodeUnit).flatMap((path) => {
    const excerpt = excerpts.get(path);
    return excerpt ? [{ path, repo: repoOf(path), places: places.get(path)!, excerpt }] : [];
  });
  if (files.length === 0) {
    throw new UserError(`no labelled files of the split ${split} under ${creddata}`, {
      hint: 'labels.csv and excerpts.jsonl.gz must belong together',
    });
  }
  return Object.freeze({ split, purpose, files });
}

/** The files of a split in a variant, sorted by path, one at a time. */
export function* labelledFiles(split: OpenSplit, variant: Variant): Generator<LabelledFile> {
  for (const { path, repo, places, excerpt } of split.files) {
    yield { path, repo, places, text: layOut(excerpt, variant) };
  }
}

/** The chunk that the scanner would make of a labelled file: its logical path starts inside the repository. */
export function chunkOf({ path, text }: Pick<LabelledFile, 'path' | 'text'>): TextChunk {
  const logicalPath = path.startsWith('files/') ? path.split('/').slice(2).join('/') : path;
  return {
    origin: { kind: 'file' },
    path: logicalPath,
    logicalPath,
    text,
    bytes: text.length,
    encoding: 'utf-8',
    firstLine: 1,
  };
}

/** Text order that is the same on every machine. */
export function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The lines up to the last kept one, those between empty. */
function layOut({ text, human }: Excerpt, variant: Variant): string {
  const last = Object.keys(text).reduce((most, key) => Math.max(most, Number(key)), 0);
  const line = (n: number) => (variant === 'human' ? (human[n] ?? text[n]) : text[n]) ?? '';
  return `${Array.from({ length: last }, (_, i) => line(i + 1)).join('\n')}\n`;
}

function repoOf(path: string): string {
  return path.split('/')[1]!;
}

const COLUMNS = ['repo', 'split', 'path', 'line_start', 'line_end', 'label', 'value_start', 'value_end', 'category'];
const LABEL_OF: Readonly<Record<string, VerdictLabel>> = { T: 'secret', X: 'placeholder', F: 'harmless' };

/** The labelled places of a split by path, in order of line. */
function readLabels(file: string, split: Split): Map<string, Place[]> {
  const [head = '', ...rows] = readOrExplain(file)
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .trimEnd()
    .split(/\r?\n/);
  const names = head.split(',');
  const missing = COLUMNS.filter((name) => !names.includes(name));
  if (missing.length > 0) throw damaged(file, 1, `the column ${missing.join(', ')} is missing`);
  const at = Object.fromEntries(names.map((name, i) => [name, i]));
  const found = new Map<string, Map<string, { start: number; end: number; values: LabelledValue[] }>>();
  rows.forEach((row, i) => {
    const cells = row.split(',');
    const cell = (name: string) => cells[at[name]!] ?? '';
    if (cells.length !== names.length) {
      throw damaged(file, i + 2, `${cells.length} columns instead of ${names.length}`);
    }
    if (!SPLITS.includes(cell('split') as Split))
      throw damaged(file, i + 2, `unknown split ${JSON.stringify(cell('split'))}`);
    if (cell('split') !== split) return;
    const path = cell('path');
    if (path.split('/')[1] !== cell('repo')) throw damaged(file, i + 2, 'the path is not that of the repository');
    const number = (name: string) => {
      if (!/^\d+$/.test(cell(name))) throw damaged(file, i + 2, `${name} is no number`);
      return Number(cell(name));
    };
    const label = LABEL_OF[cell('label')];
    if (!label) throw damaged(file, i + 2, `unknown label ${JSON.stringify(cell('label'))}: T, F and X are known`);
    const start = number('line_start');
    const end = number('line_end');
    if (start < 1 || end < start) throw damaged(file, i + 2, `lines ${start} to ${end} are no range`);
    const hasSpan = cell('value_start') !== '' && cell('value_end') !== '';
    const places = found.get(path) ?? found.set(path, new Map()).get(path)!;
    const place = places.get(`${start}:${end}`) ?? { start, end, values: [] };
    places.set(`${start}:${end}`, place);
    place.values.push({
      label,
      span: hasSpan ? [number('value_start'), number('value_end')] : null,
      category: cell('category'),
    });
  });
  return new Map(
    [...found].map(([path, places]) => [
      path,
      [...places.values()].map((p) => finished(path, p)).sort((a, b) => a.start - b.start || a.end - b.end),
    ]),
  );
}

function finished(path: string, place: { start: number; end: number; values: LabelledValue[] }): Place {
  const { start, end, values } = place;
  const decisive =
    values.find((v) => v.label === 'secret') ?? values.find((v) => v.label === 'placeholder') ?? values[0]!;
  const { label, category } = decisive;
  return { path, start, end, secret: label === 'secret', label, category, values };
}

function readExcerpts(file: string, wanted: ReadonlyMap<string, unknown>): Map<string, Excerpt> {
  let rows: string[];
  const packed = readOrExplain(file);
  try {
    rows = gunzipSync(packed).toString('utf8').trimEnd().split('\n');
  } catch (cause) {
    throw new UserError(`${file} is damaged: ${cause instanceof Error ? cause.message : 'it cannot be unpacked'}`, {
      hint: 'copy it again from where the labelled code comes from',
      cause,
    });
  }
  const excerpts = new Map<string, Excerpt>();
  rows.forEach((row, i) => {
    let parsed: unknown;
    try {
      parsed = JSON.parse(row);
    } catch {
      throw damaged(file, i + 1, 'not a JSON object');
    }
    const { path, text, human = {} } = (parsed ?? {}) as { path?: unknown; text?: unknown; human?: unknown };
    if (typeof path !== 'string' || !isLines(text) || !isLines(human)) {
      throw damaged(file, i + 1, 'path, text or human is not as it should be');
    }
    // Other splits are not even kept in memory.
    if (wanted.has(path)) excerpts.set(path, { text, human });
  });
  return excerpts;
}

function isLines(value: unknown): value is Record<string, string> {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.entries(value).every(([key, line]) => /^[1-9]\d{0,7}$/.test(key) && typeof line === 'string')
  );
}

function readOrExplain(file: string): Buffer {
  if (!existsSync(file)) {
    throw new UserError(`${file} is not there`, {
      hint: 'data.creddata names the folder with labels.csv, repos.csv and excerpts.jsonl.gz; --synthetic needs none',
    });
  }
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new UserError(`cannot read ${file}: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
}

function damaged(file: string, line: number, what: string): UserError {
  return new UserError(`${file}:${line}: ${what}`, { hint: 'the file is damaged: copy it again' });
}
