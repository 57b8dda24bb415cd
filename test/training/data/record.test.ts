import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { unpackIds } from '../../../training/data/candidates.ts';
import {
  FOLDS,
  foldOf,
  RECORD_KEYS,
  readRecords,
  recordId,
  recordLine,
  writeRecords,
} from '../../../training/data/record.ts';
import { recordProblems } from '../../../training/data/validate-record.ts';
import { recordsFor, tempFolder } from './corpus.ts';

const { dir, remove } = tempFolder();
afterAll(remove);
const drain = async (path: string) => {
  const out = [];
  for await (const record of readRecords(path)) out.push(record);
  return out;
};

describe('records', () => {
  const records = recordsFor("password = 'Xk9vQ2mLw8'\ntoken = 'Zt5rB7nPq1aa'\n");

  it('are written in the order of the contract and come back as they were', async () => {
    const path = join(dir, 'a.jsonl');
    expect(await writeRecords(path, records)).toBe(2);
    expect(await drain(path)).toEqual(records);
    expect(Object.keys(JSON.parse(readFileSync(path, 'utf8').split('\n')[0]!))).toEqual([...RECORD_KEYS]);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('have the value at their span, also beside long lines and pairs of surrogates', () => {
    const long = `${'😀'.repeat(300)} password = 'Xk9vQ2mLw8' ${'é😀'.repeat(300)}`;
    const [record] = recordsFor(long);
    expect(record!.text.slice(...record!.span)).toBe('Xk9vQ2mLw8');
    expect(record!.text.length).toBeLessThan(420);
    expect(recordProblems(record)).toEqual([]);
  });

  it('hold the n-grams as sorted numbers', () => {
    const ids = unpackIds(records[0]!.ngrams.value);
    expect(ids.length).toBeGreaterThan(10);
    expect([...ids]).toEqual([...new Set(ids)].sort((a, b) => a - b));
  });

  it('leave nothing behind when writing them fails', async () => {
    const path = join(dir, 'b.jsonl');
    const failing = (function* () {
      yield records[0]!;
      throw new Error('stop');
    })();
    await expect(writeRecords(path, failing)).rejects.toThrow('stop');
    expect(readdirSync(dir).filter((name) => name.startsWith('b.jsonl'))).toEqual([]);
  });

  it('that are damaged are named by line, without their text', async () => {
    const path = join(dir, 'c.jsonl');
    writeFileSync(path, `${recordLine(records[0]!)}\n{"id": "x", "value": "hunter2hunter2`);
    await expect(drain(path)).rejects.toThrow(/c\.jsonl:2: not a JSON object/);
    await expect(drain(path)).rejects.not.toThrow(/hunter2/);
    writeFileSync(path, '{"id": "0"}\n');
    await expect(drain(path)).rejects.toThrow(/c\.jsonl:1: not a record: source is missing/);
    await expect(drain(join(dir, 'none.jsonl'))).rejects.toThrow(/cannot read/);
  });
});

describe('ids and folds', () => {
  it('depend on what the contract names and on nothing else', () => {
    const of = { source: 'creddata', repo: 'r', path: 'p', start: 1, end: 2, variant: 'random' };
    expect(recordId(of)).toMatch(/^[0-9a-f]{16}$/);
    expect(recordId({ ...of })).toBe(recordId(of));
    for (const change of [
      { source: 'extra' },
      { repo: 's' },
      { path: 'q' },
      { start: 0 },
      { end: 3 },
      { variant: 'human' },
    ]) {
      expect(recordId({ ...of, ...change })).not.toBe(recordId(of));
    }
  });

  it('are the same on every machine, and every fold is used', () => {
    // First 32 bits of SHA-256("abc"): ba7816bf.
    expect(foldOf('abc')).toBe(0xba7816bf % FOLDS);
    expect(new Set(Array.from({ length: 60 }, (_, i) => foldOf(`repo ${i}`))).size).toBe(FOLDS);
  });
});
