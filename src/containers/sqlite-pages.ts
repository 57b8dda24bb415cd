import type { Budget } from './limits.ts';

/** A value of a row. Numbers are told as text; blobs stay bytes. */
export type Value = string | Buffer | null;

/** A database file, read page by page. What was read as part of a table is noted, so that the rest can be told. */
export interface Pages {
  /** The rows of the b-tree at a page, in its order. A page is read once only, whoever refers to it. */
  rows(root: number): Generator<Value[], void>;
  /** Notes the pages of a b-tree as read: an index repeats what is in the table. */
  pass(root: number): void;
  /** Everything that no row was read from: deleted rows, free pages. Has the size of the file. */
  rest(): Buffer;
  /** Whether something could not be read. */
  damaged(): boolean;
}

type TextEncoding = 'utf8' | 'utf16le' | 'utf16be';

const INTERIOR_INDEX = 2;
const INTERIOR_TABLE = 5;
const LEAF_INDEX = 10;
const LEAF_TABLE = 13;

/** Opens a database file. @throws RangeError when it has no header */
export function openPages(bytes: Buffer, budget: Budget): Pages {
  const pageSize = bytes.readUInt16BE(16) === 1 ? 65_536 : bytes.readUInt16BE(16);
  if (pageSize < 512 || (pageSize & (pageSize - 1)) !== 0) throw new RangeError('no page size');
  const usable = pageSize - bytes[20]!;
  if (usable < 480) throw new RangeError('no room in pages');
  const encoding: TextEncoding = { 2: 'utf16le' as const, 3: 'utf16be' as const }[bytes.readUInt32BE(56)] ?? 'utf8';
  const rest = Buffer.from(bytes).fill(0, 0, 100);
  const seen = new Set<number>();
  let damaged = false;

  /** The bytes of a page, numbered from 1; a page that the file lacks is damage. */
  function page(number: number): Buffer | undefined {
    const start = (number - 1) * pageSize;
    if (number < 1 || start + pageSize > bytes.length) {
      damaged = true;
      return undefined;
    }
    return bytes.subarray(start, start + pageSize);
  }

  /** The pages of a tree that have cells, each once. */
  function* leaves(root: number): Generator<{ number: number; data: Buffer; type: number; cells: number[] }, void> {
    const waiting = [root];
    for (let number = waiting.pop(); number !== undefined; number = waiting.pop()) {
      if (seen.has(number)) {
        damaged = true;
        continue;
      }
      const data = page(number);
      if (!data) continue;
      seen.add(number);
      const at = number === 1 ? 100 : 0;
      const type = data[at]!;
      const interior = type === INTERIOR_INDEX || type === INTERIOR_TABLE;
      if (!interior && type !== LEAF_INDEX && type !== LEAF_TABLE) {
        damaged = true;
        continue;
      }
      const pointers = at + (interior ? 12 : 8);
      const count = Math.min(data.readUInt16BE(at + 3), (pageSize - pointers) >> 1);
      const cells = Array.from({ length: count }, (_, i) => data.readUInt16BE(pointers + 2 * i));
      const inside = cells.filter((cell) => cell >= pointers && cell + 4 <= pageSize);
      if (inside.length < cells.length) damaged = true;
      rest.fill(0, (number - 1) * pageSize, (number - 1) * pageSize + pointers + 2 * count);
      if (interior) {
        const children = [...inside.map((cell) => data.readUInt32BE(cell)), data.readUInt32BE(at + 8)];
        waiting.push(...children.reverse());
      }
      if (type !== INTERIOR_TABLE) yield { number, data, type, cells: inside };
    }
  }

  function* rows(root: number): Generator<Value[], void> {
    for (const { number, data, type, cells } of leaves(root)) {
      for (const cell of cells) {
        const row = rowOf({ number, data, type, cell });
        if (row) yield row;
        else damaged = true;
      }
    }
  }

  function rowOf(input: { number: number; data: Buffer; type: number; cell: number }): Value[] | undefined {
    try {
      const payload = payloadOf(input);
      return payload && recordOf(payload, encoding);
    } catch (error) {
      if (error instanceof RangeError) return undefined;
      throw error;
    }
  }

  /** What a cell holds, put together with what did not fit into its page. */
  function payloadOf(input: { number: number; data: Buffer; type: number; cell: number }): Buffer | undefined {
    const { number, data, type, cell } = input;
    const length = varint(data, cell + (type === INTERIOR_INDEX ? 4 : 0));
    const start = type === LEAF_TABLE ? varint(data, length.end).end : length.end;
    const most = type === LEAF_TABLE ? usable - 35 : (((usable - 12) * 64) / 255 - 23) | 0;
    const least = (((usable - 12) * 32) / 255 - 23) | 0;
    const spare = least + ((length.value - least) % (usable - 4));
    const local = length.value <= most ? length.value : spare <= most ? spare : least;
    if (length.value > bytes.length || start + local > pageSize) return undefined;
    budget.unpack(length.value);
    const from = (number - 1) * pageSize;
    rest.fill(0, from + cell, from + Math.min(pageSize, start + local + 4));
    const parts = [data.subarray(start, start + local)];
    let missing = length.value - local;
    let next = missing > 0 && start + local + 4 <= pageSize ? data.readUInt32BE(start + local) : 0;
    while (missing > 0 && next !== 0) {
      const overflow = page(next);
      if (!overflow) break;
      const part = overflow.subarray(4, Math.min(usable, 4 + missing));
      parts.push(part);
      missing -= part.length;
      rest.fill(0, (next - 1) * pageSize, (next - 1) * pageSize + 4 + part.length);
      next = overflow.readUInt32BE(0);
    }
    if (missing > 0) damaged = true;
    return parts.length === 1 ? parts[0]! : Buffer.concat(parts);
  }

  return {
    rows,
    pass(root) {
      for (const { number } of leaves(root)) rest.fill(0, (number - 1) * pageSize, number * pageSize);
    },
    rest: () => rest,
    damaged: () => damaged,
  };
}

/** The values of a record; of one that is cut off, those that are there. Undefined: it is none. */
function recordOf(payload: Buffer, encoding: TextEncoding): Value[] | undefined {
  if (payload.length === 0) return undefined;
  const header = varint(payload, 0);
  const values: Value[] = [];
  let at = header.value;
  for (let place = header.end; place < Math.min(header.value, payload.length); ) {
    const type = varint(payload, place);
    place = type.end;
    const size = type.value < 12 ? (SIZES[type.value] ?? 0) : (type.value - 12 - (type.value % 2)) / 2;
    const bytes = payload.subarray(at, at + size);
    at += size;
    if (type.value >= 12) values.push(type.value % 2 === 1 ? textOf(bytes, encoding) : bytes);
    else values.push(type.value === 0 || bytes.length < size ? null : numberOf(type.value, bytes));
  }
  return values;
}

/** Bytes of a number by its type. */
const SIZES = [0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0];

function numberOf(type: number, bytes: Buffer): string {
  if (type >= 8) return String(type - 8);
  if (type === 7) return String(bytes.readDoubleBE());
  return type === 6 ? String(bytes.readBigInt64BE()) : String(bytes.readIntBE(0, bytes.length));
}

function textOf(bytes: Buffer, encoding: TextEncoding): string {
  if (encoding !== 'utf16be') return bytes.toString(encoding);
  return Buffer.from(bytes.subarray(0, bytes.length & ~1))
    .swap16()
    .toString('utf16le');
}

/** A number of one to nine bytes, seven bits each, the highest first. */
function varint(bytes: Buffer, start: number): { value: number; end: number } {
  let value = 0;
  for (let i = 0; i < 8; i++) {
    const byte = bytes[start + i];
    if (byte === undefined) throw new RangeError('a number ends outside its page');
    value = value * 128 + (byte & 127);
    if (byte < 128) return { value, end: start + i + 1 };
  }
  return { value: value * 256 + (bytes[start + 8] ?? 0), end: start + 9 };
}
