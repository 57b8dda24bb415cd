import { closeSync, constants, fstatSync, fsyncSync, ftruncateSync, mkdirSync, openSync, readSync } from 'node:fs';
import { dirname } from 'node:path';
import type { FeedbackRecord } from '../types.ts';
import { UserError } from '../util/errors.ts';
import { whyNotWritten, writeAll } from '../util/write-whole.ts';
import { withLock } from './lock.ts';
import { isRecord } from './read.ts';

const APPEND = constants.O_RDWR | constants.O_APPEND | constants.O_CREAT;
/** Much longer than any line. */
const TAIL = 1_000_000;

/**
 * Adds decisions to the file, whole lines or none, and waits until they are on the disk. Several processes may do so at
 * once; a half line that one of them has left behind is taken out first.
 * @throws UserError when it cannot be written; then the file is as it was
 */
export async function appendFeedback(file: string, records: readonly FeedbackRecord[]): Promise<void> {
  const lines = Buffer.from(records.map((record) => `${JSON.stringify(record, shortest)}\n`).join(''));
  await alone(file, () => append(file, lines));
}

/**
 * Does `work` while nobody else writes to the file.
 * @throws UserError when something cannot be written
 */
export async function alone<T>(file: string, work: () => T | Promise<T>): Promise<T> {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    return await withLock(file, work);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`the decision could not be written to ${file}: ${whyNotWritten(error)}`, {
      hint: 'what was decided before is kept; --feedback FILE names another place',
      cause: error,
    });
  }
}

function append(file: string, lines: Buffer): void {
  const handle = openSync(file, APPEND, 0o600);
  try {
    const whole = repair(handle);
    try {
      writeAll(handle, lines);
      fsyncSync(handle);
    } catch (error) {
      ftruncateSync(handle, whole);
      throw error;
    }
  } finally {
    closeSync(handle);
  }
}

/**
 * Ends the file with a whole line: what is left of a half one is dropped, and a whole one without its end gets it.
 * @returns the size of the file
 */
function repair(handle: number): number {
  const { size } = fstatSync(handle);
  const tail = Buffer.alloc(Math.min(size, TAIL));
  for (let at = 0; at < tail.length; ) {
    const count = readSync(handle, tail, at, tail.length - at, size - tail.length + at);
    if (count === 0) break;
    at += count;
  }
  const rest = tail.subarray(tail.lastIndexOf(0x0a) + 1);
  if (rest.length === 0) return size;
  if (isRecord(rest.toString('utf8'))) {
    writeAll(handle, Buffer.from('\n'));
    return size + 1;
  }
  // Not one line end in a million bytes: this is no file of ours.
  if (rest.length === TAIL) throw new UserError('the file of decisions has a line that is none of ours');
  ftruncateSync(handle, size - rest.length);
  return size - rest.length;
}

/** Numbers in single precision are written with no more digits than it takes to read them back. */
function shortest(key: string, value: unknown): unknown {
  if (key !== 'features' && key !== 'ngrams') return value;
  return (value as readonly number[]).map((x) => {
    for (let digits = 1; digits <= 9; digits++) {
      const short = Number(x.toPrecision(digits));
      if (Math.fround(short) === Math.fround(x)) return short;
    }
    return x;
  });
}
