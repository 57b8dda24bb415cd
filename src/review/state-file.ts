import {
  closeSync,
  constants,
  fstatSync,
  ftruncateSync,
  lstatSync,
  openSync,
  readFileSync,
  readSync,
  writeSync,
} from 'node:fs';
import { UserError } from '../util/errors.ts';
import { whyNotWritten } from '../util/write-whole.ts';

/** No file of a mission is read that is larger: it would not fit into the memory of this program. */
const MOST_BYTES = 256 << 20;
const TAIL = 65_536;

/** Adds lines to a file of a mission, each of them whole or not at all. */
export interface Appender {
  /** @throws UserError when it cannot be written; what was there before stays as it was */
  append(line: object): void;
  close(): void;
}

/**
 * Opens a file for more lines. A half line at its end, which a process that was killed has left, is cut off.
 * @throws UserError when it cannot be opened
 */
export function openAppender(file: string): Appender {
  const flags = constants.O_RDWR | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0);
  const handle = attempt(file, () => openSync(file, flags, 0o666));
  let end = attempt(file, () => wholeLines(handle));
  return {
    append(line) {
      const bytes = Buffer.from(`${JSON.stringify(line)}\n`);
      try {
        for (let at = 0; at < bytes.length; ) at += writeSync(handle, bytes, at, bytes.length - at, end + at);
      } catch (error) {
        cut(handle, end);
        throw cannotWrite(file, error);
      }
      end += bytes.length;
    },
    close: () => closeSync(handle),
  };
}

/** Cuts what stands behind the last line end. @returns the length that is left */
function wholeLines(handle: number): number {
  const { size } = fstatSync(handle);
  const tail = Buffer.alloc(TAIL);
  for (let from = size; from > 0; ) {
    const start = Math.max(0, from - TAIL);
    const read = readSync(handle, tail, 0, from - start, start);
    const last = tail.subarray(0, read).lastIndexOf(10);
    if (last >= 0) {
      if (start + last + 1 < size) ftruncateSync(handle, start + last + 1);
      return start + last + 1;
    }
    from = start;
  }
  if (size > 0) ftruncateSync(handle, 0);
  return 0;
}

function cut(handle: number, end: number): void {
  try {
    ftruncateSync(handle, end);
  } catch {
    // The half line is cut off when the file is opened again.
  }
}

/**
 * The lines of a file, each made of its JSON by `read`; none where there is no file. A last line without an end is left out.
 * @param read throws an Error with what is wrong; the message must not quote the line
 * @throws UserError that names the line that is damaged
 */
export function readLines<T>(file: string, read: (value: unknown) => T, hint: string): T[] {
  const text = textOf(file);
  if (text === undefined) return [];
  return text
    .split('\n')
    .slice(0, -1)
    .map((line, i) => {
      try {
        return read(JSON.parse(line));
      } catch (error) {
        const what = error instanceof SyntaxError ? 'it is no JSON' : (error as Error).message;
        throw new UserError(`${file}:${i + 1} is damaged: ${what}`, { hint });
      }
    });
}

/** The text of a file; undefined where there is none. */
export function textOf(file: string): string | undefined {
  const stats = lstatSync(file, { throwIfNoEntry: false });
  if (!stats) return undefined;
  if (!stats.isFile())
    throw new UserError(`${file} is no plain file`, { hint: 'remove it, or name another --mission' });
  if (stats.size > MOST_BYTES) {
    throw new UserError(`${file} is too large to be read`, { hint: 'divide the review into missions for parts of it' });
  }
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UserError(`cannot read ${file} (${(error as NodeJS.ErrnoException).code})`, { cause: error });
  }
}

function attempt<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw cannotWrite(file, error);
  }
}

function cannotWrite(file: string, cause: unknown): UserError {
  return new UserError(`cannot write ${file}: ${whyNotWritten(cause)}`, {
    hint: 'what was done before is kept: mend that, and run the same command again to go on',
    cause,
  });
}
