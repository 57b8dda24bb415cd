import { describe, expect, it } from 'vitest';
import { MOST_MASKS, maskEdit, masksFor } from '../../src/fix/mask.ts';

const masked = (text: string, value: string, choice = 0) => {
  const start = text.indexOf(value);
  const edit = maskEdit({ text, start, end: start + value.length, choice });
  return text.slice(0, edit.start) + edit.text + text.slice(edit.end);
};

describe('a mask', () => {
  it('says what it is, or keeps the shape', () => {
    expect(masked('a = "bCd-12"', 'bCd-12')).toBe('a = "REDACTED"');
    expect(masked('a = "bCd-12"', 'bCd-12', 1)).toBe('a = "xxx-00"');
    expect(masksFor('bCd-12')).toHaveLength(MOST_MASKS);
    expect(masked('a = "bCd-12"', 'bCd-12', 99)).toBe('a = "xxx"');
  });

  it('leaves a number a number', () => {
    for (const choice of [0, 1, 2, 3]) {
      expect(typeof JSON.parse(masked('{"pin": 123456}', '123456', choice)).pin).toBe('number');
      expect(typeof JSON.parse(masked('{"pin": "123456"}', '123456', choice)).pin).toBe('string');
    }
  });

  it('leaves lines and their indentation', () => {
    const text = 'key: |\n  -----BEGIN\n  abc\n  -----END\nb: c\n';
    expect(masked(text, '-----BEGIN\n  abc\n  -----END')).toBe('key: |\n  REDACTED\n  REDACTED\n  REDACTED\nb: c\n');
    expect(masked('a\r\nb', 'a\r\nb')).toBe('REDACTED\r\nREDACTED');
  });
});
