import { hash, randomBytes } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readFileSync, readSync, renameSync, rmSync } from 'node:fs';
import { writeAll } from '../util/write-whole.ts';
import { isOurs } from './folder.ts';

/** No file of the cache is longer. */
export const MOST_BYTES = 200_000_000;

const MAGIC = 'SSSCACHE';
const FORMAT = 1;
const HASH_BYTES = 32;
const NUMBERS_AT = MAGIC.length;
const KEY_AT = NUMBERS_AT + 12;
const SUM_AT = KEY_AT + HASH_BYTES;
const ROOT_AT = SUM_AT + HASH_BYTES;

/** What a file of the cache holds. */
export interface Content {
  /** What the records are good for: see `resultsKey`. */
  key: Buffer;
  /** The folder that was scanned. */
  root: string;
  recordBytes: number;
  records: Buffer;
}

/** The records of a file. None when it is missing, damaged, of another version, for another key or not to be trusted. */
export function readRecords(file: string, { key, root, recordBytes }: Omit<Content, 'records'>): Buffer {
  const none = Buffer.alloc(0);
  const bytes = readOwn(file);
  if (!bytes || bytes.length < ROOT_AT) return none;
  const head = header({ key, root, recordBytes, records: none });
  const start = head.length;
  const isMeant = bytes.subarray(0, SUM_AT).equals(head.subarray(0, SUM_AT));
  if (!isMeant || !bytes.subarray(ROOT_AT, start).equals(head.subarray(ROOT_AT))) return none;
  const records = bytes.subarray(start);
  const isWhole = records.length % recordBytes === 0 && sumOf(records).equals(bytes.subarray(SUM_AT, ROOT_AT));
  return isWhole ? records : none;
}

/** The root that a file is about; undefined when it is none of ours. */
export function readRoot(file: string): string | undefined {
  const bytes = readOwn(file, ROOT_AT + 65_536);
  if (!bytes || bytes.length < ROOT_AT || bytes.toString('latin1', 0, NUMBERS_AT) !== MAGIC) return undefined;
  return bytes.toString('utf8', ROOT_AT, ROOT_AT + bytes.readUInt32LE(NUMBERS_AT + 8));
}

/**
 * Writes a file as a whole, in place of the one that is there: whoever reads it meanwhile has the one or the other.
 * @throws what the file system throws
 */
export function writeContent(file: string, content: Content): void {
  const { recordBytes, records } = content;
  const most = Math.floor((MOST_BYTES - ROOT_AT - 65_536) / recordBytes) * recordBytes;
  const kept = records.subarray(0, most);
  const fresh = `${file}.${process.pid}.${randomBytes(4).toString('hex')}.tmp`;
  try {
    const handle = openSync(fresh, 'wx', 0o600);
    try {
      for (const part of [header({ ...content, records: kept }), kept]) writeAll(handle, part);
    } finally {
      closeSync(handle);
    }
    renameSync(fresh, file);
  } catch (error) {
    rmSync(fresh, { force: true });
    throw error;
  }
}

function header({ key, root, recordBytes, records }: Content): Buffer {
  const name = Buffer.from(root);
  const numbers = Buffer.alloc(12);
  [FORMAT, recordBytes, name.length].forEach((number, i) => void numbers.writeUInt32LE(number, 4 * i));
  return Buffer.concat([Buffer.from(MAGIC), numbers, key, sumOf(records), name]);
}

function sumOf(records: Buffer): Buffer {
  return hash('sha256', records, 'buffer');
}

/** Reads a file that nobody else could have written, or only its first bytes; undefined when it is none. */
function readOwn(file: string, first?: number): Buffer | undefined {
  let handle: number | undefined;
  try {
    handle = openSync(file, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
    const stats = fstatSync(handle);
    if (!stats.isFile() || !isOurs(stats) || stats.size > MOST_BYTES) return undefined;
    if (first === undefined) return readFileSync(handle);
    const bytes = Buffer.alloc(Math.min(first, stats.size));
    return bytes.subarray(0, readSync(handle, bytes));
  } catch {
    return undefined;
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}
