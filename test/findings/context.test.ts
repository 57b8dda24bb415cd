import { describe, expect, it } from 'vitest';
import { contextOf } from '../../src/findings/context.ts';
import { candidateOf, chunkOf, PASSWORD, TOKEN } from '../report/sample.ts';

const lines = (text: string, more: { lines?: number; others?: string[]; value?: string; show?: boolean } = {}) => {
  const { lines: count = 2, others = [], value = PASSWORD, show = false } = more;
  const chunk = chunkOf(text);
  const candidate = candidateOf({ chunk, value });
  const all = [candidate, ...others.map((other) => candidateOf({ chunk, value: other }))];
  const { before, after, indent } = contextOf({ candidate, others: all, lines: count, show });
  const plain = (list: typeof before) => list.map(({ line, text: shown }) => `${line} ${shown}`);
  return { before: plain(before), after: plain(after), indent };
};

describe('contextOf', () => {
  it('has the lines around, without what they have in common of their indentation', () => {
    const text = `one\n  two\n\n    x = "${PASSWORD}"\n      three\r\n  four\nfive`;
    expect(lines(text)).toEqual({ before: ['2 two', '3 '], after: ['5     three', '6 four'], indent: 2 });
    expect(lines(text, { lines: 9 })).toEqual({
      before: ['1 one', '2   two', '3 '],
      after: ['5       three', '6   four', '7 five'],
      indent: 4,
    });
    expect(lines(text, { lines: 0 })).toMatchObject({ before: [], after: [] });
  });

  it.each([`x = "${PASSWORD}"`, `\nx = "${PASSWORD}"\n`, `x = "${PASSWORD}"\n\n`])(
    'stays within the text: %#',
    (text) => {
      const { before, after } = lines(text);
      expect([...before, ...after].every((line) => /^\d+ $/.test(line))).toBe(true);
    },
  );

  it('masks the value and those of others, also encoded, and on very long lines', () => {
    const encoded = Buffer.from(`user:${PASSWORD}`).toString('base64');
    const text = `a ${PASSWORD} b\nauth ${encoded} c\nx = "${PASSWORD}"\nk = "${TOKEN}" d\n${'y'.repeat(100_000)}${TOKEN}`;
    const shown = JSON.stringify(lines(text, { others: [TOKEN], lines: 4 }));
    for (const value of [PASSWORD, TOKEN, encoded]) {
      for (let at = 0; at + 8 <= value.length; at++) expect(shown).not.toContain(value.slice(at, at + 8));
    }
    expect(shown.length).toBeLessThan(1000);
    expect(shown).toContain('4 k = ');
  });

  it('spells out what would act on a terminal', () => {
    expect(lines(`\u001b[2J\u202e\u0007\nx = "${PASSWORD}"`).before).toEqual(['1 \\x1b[2J\\u202e\\x07']);
  });

  it('counts from behind a value of several lines', () => {
    const value = 'first part of it\nsecond part of it';
    expect(lines(`a\nx = """${value}"""\nb\n`, { value })).toEqual({ before: ['1 a'], after: ['4 b'], indent: 0 });
  });
});
