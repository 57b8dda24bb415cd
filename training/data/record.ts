import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { VerdictLabel } from '../../src/types.ts';
import { UserError } from '../../src/util/errors.ts';

export const SOURCES = ['creddata', 'packages', 'synthetic', 'augmented', 'extra'] as const;
export const SPLITS = ['train', 'calib', 'test'] as const;
export const VARIANTS = ['random', 'human', 'plain'] as const;
/** Verdict classes in the order that every file of the pipeline keeps them in. */
export const LABELS: readonly VerdictLabel[] = ['secret', 'placeholder', 'harmless'];
export const FOLDS = 5;

export type Source = (typeof SOURCES)[number];
export type Split = (typeof SPLITS)[number];
/** `plain`: data that has no variants. */
export type Variant = (typeof VARIANTS)[number];

/** What settled a candidate before the gate. Kept for evaluation; nothing is fitted on it. */
export interface Settled {
  label: VerdictLabel;
  probability: number;
  decidedBy: string;
}

/** One labelled candidate, one line of a records file. The file holds values: it is private working data. */
export interface DataRecord {
  /** 16 hexadecimal digits, see `recordId`. */
  id: string;
  source: Source;
  split: Split;
  variant: Variant;
  /** The group that never crosses a split or a fold. */
  repo: string;
  /** 0 to 4, see `foldOf`. */
  fold: number;
  /** Logical path: inside the repository. */
  path: string;
  language: string;
  /** Category of the label, or the name of the generator. */
  category: string;
  label: VerdictLabel;
  weight: number;
  /** `false`: a candidate on a line that no label covers. */
  labelled: boolean;
  name: string | null;
  syntax: string;
  /** Id of the first rule. */
  rule: string;
  /** 1-based. */
  line: number;
  endLine: number;
  value: string;
  /** The value in `text`, UTF-16 code units. */
  span: [start: number, end: number];
  /** The value's line or lines, at most 200 code units before the value and 200 after it. */
  text: string;
  /** Id of the template for generated data. */
  template: string | null;
  settled: Settled | null;
  /** In the order of FEATURE_NAMES, rounded to float32. */
  x: number[];
  /** Base64 of little-endian Uint16Array by field. */
  ngrams: { value: string; name: string; line: string };
  prompt: string;
}

export type { DataRecord as Record };

/** Names of the fields in the order in which they are written. */
export const RECORD_KEYS = [
  'id',
  'source',
  'split',
  'variant',
  'repo',
  'fold',
  'path',
  'language',
  'category',
  'label',
  'weight',
  'labelled',
  'name',
  'syntax',
  'rule',
  'line',
  'endLine',
  'value',
  'span',
  'text',
  'template',
  'settled',
  'x',
  'ngrams',
  'prompt',
] as const satisfies readonly (keyof DataRecord)[];

/** The fold of a group, 0 to 4: the first 32 bits of its SHA-256, modulo 5. */
export function foldOf(repo: string): number {
  return createHash('sha256').update(repo, 'utf8').digest().readUInt32BE(0) % FOLDS;
}

/** Id of a record: the same candidate of the same data always gets the same one. Offsets are those in the file. */
export function recordId(of: {
  source: string;
  repo: string;
  path: string;
  start: number;
  end: number;
  variant: string;
}): string {
  const { source, repo, path, start, end, variant } = of;
  return createHash('sha256')
    .update([source, repo, path, start, end, variant].join('\0'), 'utf8')
    .digest('hex')
    .slice(0, 16);
}

/** The line of a records file for `record`: keys in the contract's order, without the line end. */
export function recordLine(record: DataRecord): string {
  return JSON.stringify(Object.fromEntries(RECORD_KEYS.map((key) => [key, record[key]])));
}

/**
 * The lines of a file as bytes, 1-based and without their line ends; an empty last line is none. Memory holds one line.
 *
 * @throws UserError when the file cannot be read.
 */
export async function* byteLines(path: string): AsyncGenerator<{ line: number; bytes: Buffer }> {
  let line = 0;
  let kept: Buffer[] = [];
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
      let from = 0;
      for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, from)) {
        const part = chunk.subarray(from, at);
        yield { line: ++line, bytes: kept.length > 0 ? Buffer.concat([...kept, part]) : part };
        kept = [];
        from = at + 1;
      }
      if (from < chunk.length) kept.push(chunk.subarray(from));
    }
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause)) throw cause;
    throw new UserError(`cannot read ${path}: ${cause.message}`, {
      hint: 'the step that writes this file has to run first',
      cause,
    });
  }
  if (kept.length > 0) yield { line: ++line, bytes: Buffer.concat(kept) };
}

/** The values of a JSONL file, each with its line number. @throws UserError naming file and line. */
export async function* readJsonLines(path: string): AsyncGenerator<{ line: number; value: unknown }> {
  for await (const { line, bytes } of byteLines(path)) {
    let value: unknown;
    try {
      value = JSON.parse(bytes.toString('utf8'));
    } catch (cause) {
      // Not the parser's own words: those quote the text, which holds values.
      throw new UserError(`${path}:${line}: not a JSON object on one line`, {
        hint: 'the file may have been cut off while it was written: run the step that makes it again',
        cause: cause instanceof Error ? cause.name : undefined,
      });
    }
    yield { line, value };
  }
}

/** The records of a file, in order. @throws UserError naming file and line where a line is not a record. */
export async function* readRecords(path: string): AsyncGenerator<DataRecord> {
  for await (const { line, value } of readJsonLines(path)) {
    const missing =
      typeof value === 'object' && value !== null ? RECORD_KEYS.find((key) => !(key in value)) : 'an object';
    if (missing !== undefined) {
      throw new UserError(`${path}:${line}: not a record: ${missing} is missing`, {
        hint: 'this file was not written by fuse_datasets of this version: run that step again',
      });
    }
    yield value as DataRecord;
  }
}

/** A file that appears under its name only when it is whole. */
export interface LineWriter {
  write(line: string): Promise<void>;
  close(): Promise<void>;
  /** Leaves nothing behind. */
  abort(): Promise<void>;
}

/** Opens `path` for writing lines (mode 0600, renamed into place by `close`). @throws UserError when it is not writable. */
export async function openLineWriter(path: string): Promise<LineWriter> {
  const part = `${path}.${process.pid}-${randomBytes(4).toString('hex')}.part`;
  let failed: Error | undefined;
  const fail = (cause: Error) =>
    new UserError(`cannot write ${path}: ${cause.message}`, {
      hint: 'is the disk full, or the folder write-protected?',
      cause,
    });
  await mkdir(dirname(path), { recursive: true }).catch((cause) => {
    throw fail(cause);
  });
  const stream = createWriteStream(part, { mode: 0o600, flags: 'wx', highWaterMark: 1 << 20 });
  stream.on('error', (cause) => {
    failed ??= cause;
  });
  const check = () => {
    if (failed) throw fail(failed);
  };
  return {
    async write(line) {
      check();
      if (!stream.write(`${line}\n`))
        await new Promise<void>((done) => once(stream, ['drain', 'error', 'close'], done));
      check();
    },
    async close() {
      check();
      await new Promise<void>((done) => {
        once(stream, ['close', 'error'], done);
        stream.end();
      });
      check();
      await rename(part, path);
    },
    async abort() {
      // A file that is still being opened would come back after it was removed.
      if (!stream.closed)
        await new Promise<void>((done) => {
          once(stream, ['close'], done);
          stream.destroy();
        });
      await rm(part, { force: true });
    },
  };
}

function once(stream: NodeJS.EventEmitter, events: readonly string[], done: () => void): void {
  const settle = () => {
    for (const event of events) stream.off(event, settle);
    done();
  };
  for (const event of events) stream.on(event, settle);
}

/** Writes records in the order given; see `openLineWriter`. Returns how many. */
export async function writeRecords(
  path: string,
  records: Iterable<DataRecord> | AsyncIterable<DataRecord>,
): Promise<number> {
  const writer = await openLineWriter(path);
  let count = 0;
  try {
    for await (const record of records) {
      await writer.write(recordLine(record));
      count++;
    }
    await writer.close();
  } catch (error) {
    await writer.abort();
    throw error;
  }
  return count;
}
