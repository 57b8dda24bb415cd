import { readFileSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openAppender, readLines } from '../../src/review/state-file.ts';
import { temporaryDirectory } from '../e2e/repository.ts';

const fresh = () => join(temporaryDirectory(), 'lines.jsonl');
const read = (file: string) => readLines(file, (value) => value, 'a hint');

function append(file: string, ...lines: object[]): void {
  const out = openAppender(file);
  for (const line of lines) out.append(line);
  out.close();
}

describe('a file of lines', () => {
  it('has what was written before, wherever it was cut', () => {
    const whole = fresh();
    append(whole, { a: 1 }, { text: 'ü\n' }, { c: 'x'.repeat(200_000) });
    const bytes = readFileSync(whole);
    for (const length of [0, 1, 7, 8, 9, 20, 70_000, bytes.length - 1, bytes.length]) {
      const file = fresh();
      writeFileSync(file, bytes);
      truncateSync(file, length);
      const before = read(file);
      expect(before).toEqual(read(whole).slice(0, before.length));
      append(file, { next: true });
      expect(read(file)).toEqual([...before, { next: true }]);
    }
  });

  it('tells which line is damaged, and does not quote it', () => {
    const file = fresh();
    writeFileSync(file, '{"a": 1}\n{"password": "quoted\n{}\n');
    expect(() => read(file)).toThrow(/lines\.jsonl:2 is damaged: it is no JSON$/);
    const reader = () => {
      throw new Error('it is none');
    };
    expect(() => readLines(file, reader, 'a hint')).toThrow(/lines\.jsonl:1 is damaged: it is none/);
  });

  it('is never written through a link', () => {
    const file = fresh();
    const target = fresh();
    writeFileSync(target, 'mine');
    symlinkSync(target, file);
    expect(() => openAppender(file)).toThrow(/cannot write .*symbolic link/);
    expect(() => read(file)).toThrow(/no plain file/);
    expect(readFileSync(target, 'utf8')).toBe('mine');
  });
});
