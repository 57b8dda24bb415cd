import { describe, expect, it } from 'vitest';
import { TextHash } from '../../src/util/text-hash.ts';

const LENGTHS = [0, 1, 2, 127, 128, 129, 2047, 2048, 2049, 5001];
const textOf = (length: number) => Array.from({ length }, (_, i) => String.fromCharCode(32 + ((i * i) % 90))).join('');
const hashOf = (...texts: (string | undefined)[]) => {
  const hash = new TextHash();
  for (const text of texts) hash.optional(text);
  return `${hash.first} ${hash.second}`;
};

describe('a hash of texts', () => {
  it.each(LENGTHS)('of %i code units is that of any part that reads the same', (length) => {
    const text = textOf(length);
    const whole = new TextHash().text(text);
    const long = `ä${text}漢`;
    expect(new TextHash().text(long, 1, 1 + length)).toEqual(whole);
  });

  it.each(LENGTHS.slice(1))('of %i code units has each of them in both halves', (length) => {
    const text = textOf(length);
    const others = [0, length >> 1, length - 1].map((at) => `${text.slice(0, at)}漢${text.slice(at + 1)}`);
    for (const half of [0, 1]) {
      const halves = new Set([text, ...others].map((one) => hashOf(one).split(' ')[half]));
      expect(halves.size).toBe(new Set([text, ...others]).size);
    }
  });

  it('tells where one text ends, and which is missing', () => {
    const rows = [['ab', 'c'], ['a', 'bc'], ['abc'], ['abc', ''], ['', 'abc'], ['abc', undefined], [undefined, 'abc']];
    expect(new Set(rows.map((row) => hashOf(...row))).size).toBe(rows.length);
  });

  it('differs in both halves for texts that differ by little', () => {
    const all = Array.from({ length: 20_000 }, (_, i) => `the value of number ${i} in a list`);
    for (const half of [0, 1]) {
      const halves = new Set(all.map((one) => hashOf(one).split(' ')[half]));
      // Of so many numbers of 32 bits one in twenty runs has two that are the same.
      expect(halves.size).toBeGreaterThan(all.length - 3);
    }
  });
});
