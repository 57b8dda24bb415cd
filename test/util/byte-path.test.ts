import { describe, expect, it } from 'vitest';
import { bytesOfPath, showPath, toBytePath, unquotePath } from '../../src/util/byte-path.ts';

describe('byte paths', () => {
  it('go to bytes and back', () => {
    for (const path of ['plain/path', 'größe/漢字', '🔑', 'a\nb']) {
      expect(bytesOfPath(toBytePath(path))).toEqual(Buffer.from(path));
      expect(showPath(toBytePath(path))).toBe(path);
    }
  });

  it('show bytes that are no UTF-8', () => {
    expect(showPath('caf\xe9')).toBe('caf\\xe9');
    expect(showPath(`${toBytePath('ü')}\xff\xc3\xed\xa0\x80${toBytePath('漢🔑')}`)).toBe(
      'ü\\xff\\xc3\\xed\\xa0\\x80漢🔑',
    );
  });

  it('undo the quoting of git', () => {
    expect(unquotePath('plain path')).toBe('plain path');
    expect(unquotePath('"a\\tb\\nc\\"d\\\\e\\303\\251\\001"')).toBe('a\tb\nc"d\\e\xc3\xa9\x01');
    expect(unquotePath('"\\a\\b\\v\\f\\r\\\\n"')).toBe('\x07\b\v\f\r\\n');
  });
});
