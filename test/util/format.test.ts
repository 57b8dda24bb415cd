import { describe, expect, it } from 'vitest';
import { displayWidth, formatBytes, formatCount, formatDuration, shorten, wrap } from '../../src/util/format.ts';

describe('format', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [9940, '9.9 kB'],
    [9960, '10 kB'],
    [34_000, '34 kB'],
    [999_499, '999 kB'],
    [999_600, '1.0 MB'],
    [2.5e15, '2500 TB'],
  ])('%d bytes are %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text));

  it.each([
    [-5, '0 ms'],
    [99.4, '99 ms'],
    [99.6, '0.1 s'],
    [210, '0.2 s'],
    [9_960, '10 s'],
    [59_499, '59 s'],
    [59_600, '1 min 0 s'],
    [185_000, '3 min 5 s'],
    [3_720_000, '1 h 2 min'],
  ])('%d ms are %s', (ms, text) => expect(formatDuration(ms)).toBe(text));

  it('counts with nouns', () => {
    expect(formatCount(1, 'file')).toBe('1 file');
    expect(formatCount(0, 'file')).toBe('0 files');
    expect(formatCount(1_234_567, 'entry', 'entries')).toBe('1,234,567 entries');
  });

  it('measures in columns of a terminal', () => {
    expect(displayWidth('abc…')).toBe(4);
    expect(displayWidth('漢字')).toBe(4);
    expect(displayWidth('e\u0301')).toBe(1);
    expect(displayWidth('😀')).toBe(2);
  });

  it('wraps at blanks and keeps long words whole', () => {
    expect(wrap('one two three', 7)).toEqual(['one two', 'three']);
    expect(wrap('a verylongword b', 5)).toEqual(['a', 'verylongword', 'b']);
    expect(wrap('', 5)).toEqual(['']);
  });

  it('shortens round the middle', () => {
    expect(shorten({ before: 'ab', middle: 'M', after: 'cd', width: 5 })).toBe('abMcd');
    expect(shorten({ before: 'abcdefgh', middle: 'MM', after: 'ijklmnop', width: 12 })).toBe('…defghMMijk…');
    expect(shorten({ before: '', middle: 'MM', after: 'ijklmnop', width: 6 })).toBe('MMijk…');
    expect(shorten({ before: 'abcdefgh', middle: 'MM', after: '', width: 6 })).toBe('…fghMM');
    expect(shorten({ before: 'abc', middle: 'a long middle', after: 'def', width: 6 })).toBe('…a long middle…');
  });

  it('never cuts a character in two', () => {
    for (let width = 4; width < 20; width++) {
      expect(shorten({ before: '😀😀😀😀', middle: 'M', after: '😀😀😀😀', width })).not.toMatch(/\p{Cs}/u);
    }
  });
});
