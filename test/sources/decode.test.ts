import { describe, expect, it } from 'vitest';
import { decode } from '../../src/sources/decode.ts';

const TEXT = 'name = "wörld" # größe\nnext = 42\n';

function wide(text: string, encoding: 'utf-16le' | 'utf-16be' | 'utf-32le' | 'utf-32be'): Buffer {
  if (encoding === 'utf-16le') return Buffer.from(text, 'utf16le');
  if (encoding === 'utf-16be') return Buffer.from(text, 'utf16le').swap16();
  const bytes = Buffer.alloc([...text].length * 4);
  [...text].forEach((character, i) => {
    if (encoding === 'utf-32le') bytes.writeUInt32LE(character.codePointAt(0)!, i * 4);
    else bytes.writeUInt32BE(character.codePointAt(0)!, i * 4);
  });
  return bytes;
}

describe('decode', () => {
  it('reads ASCII and UTF-8, and drops a byte order mark', () => {
    expect(decode(Buffer.from(''))).toEqual({ text: '', encoding: 'utf-8' });
    expect(decode(Buffer.from('plain\r\n'))).toEqual({ text: 'plain\r\n', encoding: 'utf-8' });
    expect(decode(Buffer.from(TEXT))).toEqual({ text: TEXT, encoding: 'utf-8' });
    expect(decode(Buffer.from(`\ufeff${TEXT}`))).toEqual({ text: TEXT, encoding: 'utf-8' });
    expect(decode(Buffer.from('\ufeff'))).toEqual({ text: '', encoding: 'utf-8' });
  });

  it.each(['utf-16le', 'utf-16be', 'utf-32le', 'utf-32be'] as const)('reads %s with and without a mark', (encoding) => {
    for (const text of [TEXT, 'k=1\n', `${TEXT}🔑\n`]) {
      expect(decode(wide(text, encoding))).toEqual({ text, encoding });
      expect(decode(wide(`\ufeff${text}`, encoding))).toEqual({ text, encoding });
    }
  });

  it('reads UTF-16 of another script without a mark', () => {
    const text = '这是一个配置文件，其中包含一些文本。\n'.repeat(20);
    expect(decode(wide(text, 'utf-16le'))).toEqual({ text, encoding: 'utf-16le' });
    expect(decode(wide(text, 'utf-16be'))).toEqual({ text, encoding: 'utf-16be' });
  });

  it.each(['utf-16le', 'utf-16be'] as const)('reads an ASCII line that was appended to %s', (encoding) => {
    const appended = 'API_KEY=0123456789abcdef0123456789\n';
    const bytes = Buffer.concat([wide(`\ufeff${TEXT}`, encoding), Buffer.from(appended), wide('end\n', encoding)]);
    expect(decode(bytes)).toEqual({ text: `${TEXT}${appended}end\n`, encoding });
  });

  it('falls back to latin1 for text that is not UTF-8', () => {
    expect(decode(Buffer.from('gr\xf6\xdfe = 1\n', 'latin1'))).toEqual({ text: 'größe = 1\n', encoding: 'latin1' });
  });

  it.each([
    ['a stray NUL at an even place', '\0password = "abc"\nx\n'],
    ['a stray NUL at an odd place', 'p\0assword = "abc"\nx\n'],
    ['many NULs, all at even places', `${'abcdefg123=\0'.repeat(100)}\n`],
  ])('keeps the text around %s', (_, text) => {
    const { text: found, encoding } = decode(Buffer.from(text, 'latin1'));
    expect(encoding).toBe('binary');
    expect(found).toHaveLength(text.length);
    expect(found).toContain(text.includes('assword') ? 'assword = "abc"\n' : 'abcdefg123= abcdefg123=');
  });

  it('keeps offsets and lines of a binary file, and only runs of five characters and more', () => {
    const bytes = Buffer.concat([
      Buffer.from([0x7f, 0, 1, 200, 10]),
      Buffer.from('four\0five5\tand tab\n\r\n'),
      Buffer.from([3, 0]),
    ]);
    const { text, encoding } = decode(bytes);
    expect(encoding).toBe('binary');
    expect(text).toBe('    \n     five5\tand tab\n \n  ');
    expect(text).toHaveLength(bytes.length);
  });

  it('takes data without a NUL for binary when it is full of control characters', () => {
    const bytes = Buffer.from(Array.from({ length: 1000 }, (_, i) => ((i * 7919) % 255) + 1));
    expect(decode(bytes).encoding).toBe('binary');
  });

  it('does not take random data for UTF-16', () => {
    let state = 1;
    const random = () => (state = (state * 48271) % 2147483647) & 255;
    for (let round = 0; round < 100; round++) {
      const bytes = Buffer.from(Array.from({ length: 16 + round * 20 }, random));
      bytes[0] = 0;
      expect(decode(bytes).encoding).toBe('binary');
    }
  });
});
