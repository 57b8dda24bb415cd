import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { recordTable } from '../../src/cache/table.ts';

const RECORD = 20;
const key = (i: number) => createHash('sha256').update(String(i)).digest().subarray(0, 16);

it('finds each of many records, those it was made of and those it was given, and no other', () => {
  const first = recordTable(RECORD);
  for (let i = 0; i < 5000; i++) {
    const place = first.place(key(i));
    first.bytes.writeUInt32LE(i, place + 16);
  }
  const table = recordTable(RECORD, Buffer.from(first.bytes));
  for (let i = 5000; i < 9000; i++) {
    const place = table.place(key(i));
    table.bytes.writeUInt32LE(i, place + 16);
  }
  expect(table.count).toBe(9000);
  expect(table.place(key(17))).toBe(table.find(key(17)));
  expect(table.count).toBe(9000);
  const found = Array.from({ length: 9000 }, (_, i) => table.bytes.readUInt32LE(table.find(key(i)) + 16));
  expect(found).toEqual(Array.from({ length: 9000 }, (_, i) => i));
  expect(table.find(key(9000))).toBe(-1);
});
