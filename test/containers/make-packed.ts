import { crc32 } from 'node:zlib';

function littleEndian(value: number, bytes: number): Buffer {
  const buffer = Buffer.alloc(bytes);
  buffer.writeUIntLE(value >>> 0, 0, bytes);
  return buffer;
}

/** Zeros up to the next multiple of four. */
function padding(length: number): Buffer {
  return Buffer.alloc((4 - (length % 4)) % 4);
}

/** Makes xz data of up to 64 kB: one block, stored as it is. */
export function makeXz(data: Buffer | string): Buffer {
  const plain = Buffer.from(data);
  const flags = Buffer.from([0, 1]);
  const header = Buffer.from([2, 0, 0x21, 1, 0x16, 0, 0, 0]);
  const size = Buffer.alloc(2);
  size.writeUInt16BE(plain.length - 1);
  const stored = Buffer.concat([Buffer.from([1]), size, plain, Buffer.from([0])]);
  const records = Buffer.from([0, 1, ...groups(12 + stored.length + 4), ...groups(plain.length)]);
  const index = Buffer.concat([records, padding(records.length)]);
  const footer = Buffer.concat([littleEndian(index.length / 4, 4), flags]);
  return Buffer.concat([
    ...[Buffer.from('\xfd7zXZ\0', 'latin1'), flags, littleEndian(crc32(flags), 4)],
    ...[header, littleEndian(crc32(header), 4), stored, padding(stored.length), littleEndian(crc32(plain), 4)],
    ...[index, littleEndian(crc32(index), 4)],
    ...[littleEndian(crc32(footer), 4), footer, Buffer.from('YZ')],
  ]);
}

/** A number in groups of seven bits, the lowest first. */
function groups(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...groups(value >> 7)];
}

/** Makes zstd data of up to 128 kB: one block, stored as it is. */
export function makeZstd(data: Buffer | string): Buffer {
  const plain = Buffer.from(data);
  const size = littleEndian(plain.length, 4);
  return Buffer.concat([
    Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0xa0]),
    size,
    littleEndian(plain.length * 8 + 1, 3),
    plain,
  ]);
}

/** Makes bzip2 data of a few kilobytes. */
export function makeBzip2(data: Buffer | string): Buffer {
  const bytes = Buffer.from(data);
  const plain = withCounts(bytes);
  const rotations = [...plain.keys()].sort((a, b) =>
    Buffer.compare(
      Buffer.concat([plain.subarray(a), plain.subarray(0, a)]),
      Buffer.concat([plain.subarray(b), plain.subarray(0, b)]),
    ),
  );
  const used = [...new Set(plain)].sort((a, b) => a - b);
  const symbols = movedToFront(
    rotations.map((start) => plain[(start + plain.length - 1) % plain.length]!),
    used,
  );
  const end = used.length + 1;
  const length = Math.ceil(Math.log2(end + 1));
  const groupsOf50 = Math.ceil((symbols.length + 1) / 50);
  const bits: string[] = [];
  const put = (value: number, count: number) => bits.push((value >>> 0).toString(2).padStart(count, '0'));
  const checksum = bzip2Checksum(bytes);
  for (const byte of Buffer.from('BZh9\x31\x41\x59\x26\x53\x59', 'latin1')) put(byte, 8);
  put(checksum, 32);
  put(0, 1);
  put(rotations.indexOf(0), 24);
  const rows = Array.from({ length: 16 }, (_, row) => used.filter((byte) => byte >> 4 === row));
  for (const row of rows) put(row.length > 0 ? 1 : 0, 1);
  for (const row of rows.filter(({ length }) => length > 0)) {
    for (let low = 0; low < 16; low++) put(row.some((byte) => (byte & 15) === low) ? 1 : 0, 1);
  }
  // Two tables that are alike, of which only the first is used; all codes are of one length.
  put(2, 3);
  put(groupsOf50, 15);
  put(0, groupsOf50);
  for (let table = 0; table < 2; table++) {
    put(length, 5);
    put(0, end + 1);
  }
  for (const symbol of [...symbols, end]) put(symbol, length);
  for (const byte of [0x17, 0x72, 0x45, 0x38, 0x50, 0x90]) put(byte, 8);
  put(checksum, 32);
  const all = bits.join('');
  return Buffer.from(all.match(/.{1,8}/g)!.map((byte) => Number.parseInt(byte.padEnd(8, '0'), 2)));
}

/** Runs of four equal bytes and more as four and the number of those that follow. */
function withCounts(bytes: Buffer): Buffer {
  const text = bytes.toString('latin1').replace(/([\s\S])\1{3,254}/g, (run, one: string) => {
    return one.repeat(4) + String.fromCharCode(run.length - 4);
  });
  return Buffer.from(text, 'latin1');
}

/** The symbols of bzip2: places in a list of bytes of which the last one moves to the front, runs of the first as digits. */
function movedToFront(bytes: readonly number[], used: readonly number[]): number[] {
  const list = [...used];
  const symbols: number[] = [];
  let run = 0;
  const endRun = () => {
    for (; run > 0; run = (run - 1) >> 1) symbols.push((run - 1) & 1);
  };
  for (const byte of bytes) {
    const place = list.indexOf(byte);
    if (place === 0) run++;
    else {
      endRun();
      symbols.push(place + 1);
      list.unshift(...list.splice(place, 1));
    }
  }
  endRun();
  return symbols;
}

function bzip2Checksum(bytes: Buffer): number {
  let sum = 0xffffffff;
  for (const byte of bytes) {
    sum ^= byte << 24;
    for (let bit = 0; bit < 8; bit++) sum = sum & 0x80000000 ? (sum << 1) ^ 0x04c11db7 : sum << 1;
  }
  return ~sum >>> 0;
}

/** Makes an SQLite database with one table of one text column and one row; both fit into a page. */
export function makeSqlite(table: string, column: string, value: string): Buffer {
  const file = Buffer.alloc(1024);
  file.write('SQLite format 3\0');
  file.writeUInt16BE(512, 16);
  file.set([1, 1, 0, 64, 32, 32], 18);
  // Change counter, pages, cookie and format of the schema, UTF-8, what the counter stands for, version.
  for (const [place, number] of [
    ...[24, 40, 56, 92].map((at) => [at, 1] as const),
    [28, 2],
    [44, 4],
    [96, 3_040_000],
  ] as const) {
    file.writeUInt32BE(number, place);
  }
  const schema = record(['table', table, table, 2, `CREATE TABLE ${table}(${column})`]);
  writeLeaf(file, { page: 0, header: 100, row: schema });
  writeLeaf(file, { page: 512, header: 512, row: record([value]) });
  return file;
}

function record(values: readonly (string | number)[]): Buffer {
  const types = values.flatMap((value) =>
    typeof value === 'number' ? [1] : varint(13 + 2 * Buffer.byteLength(value)),
  );
  const body = values.map((value) => (typeof value === 'number' ? Buffer.from([value]) : Buffer.from(value)));
  return Buffer.concat([Buffer.from([types.length + 1, ...types]), ...body]);
}

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value >> 7) | 128, value & 127];
}

function writeLeaf(file: Buffer, { page, header, row }: { page: number; header: number; row: Buffer }): void {
  const cell = Buffer.concat([Buffer.from([...varint(row.length), 1]), row]);
  const at = 512 - cell.length;
  file.set(cell, page + at);
  file[header] = 13;
  file.writeUInt16BE(1, header + 3);
  file.writeUInt16BE(at, header + 5);
  file.writeUInt16BE(at, header + 8);
}
