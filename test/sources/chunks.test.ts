import { describe, expect, it } from 'vitest';
import { chunksOf, OVERLAP_BYTES, PIECE_BYTES } from '../../src/sources/chunks.ts';
import type { TextChunk } from '../../src/types.ts';

async function chunks(bytes: Buffer): Promise<TextChunk[]> {
  let at = 0;
  const read = async (length: number) => bytes.subarray(at, (at += length));
  const source = { origin: { kind: 'file' as const }, path: 'a', logicalPath: 'a', added: [[2, 3]] as const };
  const found: TextChunk[] = [];
  for await (const item of chunksOf(source, { read, size: bytes.length })) if ('chunk' in item) found.push(item.chunk);
  return found;
}

/** Every line of a piece is, at its number, the line of the whole; and all lines come in some piece. */
function expectLines(pieces: TextChunk[], text: string): void {
  const lines = text.split('\n');
  const seen = new Set<number>();
  for (const { text: piece, firstLine } of pieces) {
    piece.split('\n').forEach((line, i) => {
      if (line === lines[firstLine - 1 + i]) seen.add(firstLine + i);
      else if (line !== '') throw new Error(`line ${firstLine + i} is not that of the file`);
    });
  }
  expect(lines.findIndex((line, i) => line !== '' && !seen.has(i + 1))).toBe(-1);
}

describe('pieces of large files', () => {
  it('is one chunk up to the limit, and for nothing', async () => {
    expect(await chunks(Buffer.alloc(0))).toMatchObject([{ text: '', firstLine: 1 }]);
    expect(await chunks(Buffer.from('a\n'))).toMatchObject([{ text: 'a\n', firstLine: 1, bytes: 2, added: [[2, 3]] }]);
    expect(await chunks(Buffer.alloc(PIECE_BYTES, 'x\n'))).toHaveLength(1);
  });

  it('cuts at line ends and repeats the overlap', async () => {
    const text = Array.from({ length: 1_100_000 }, (_, i) => `line number ${i}, größer\n`).join('');
    const pieces = await chunks(Buffer.from(text));
    expect(pieces).toHaveLength(2);
    expect(pieces.every((piece) => piece.text.endsWith('\n') && piece.encoding === 'utf-8')).toBe(true);
    const again = pieces[0]!.text.slice(pieces[0]!.text.indexOf(pieces[1]!.text.slice(0, 100)));
    expect(Buffer.byteLength(again)).toBeGreaterThanOrEqual(OVERLAP_BYTES);
    expect(Buffer.byteLength(again)).toBeLessThan(OVERLAP_BYTES + 100);
    expectLines(pieces, text);
  });

  it('keeps the lines of UTF-16', async () => {
    const text = Array.from({ length: 500_000 }, (_, i) => `line number ${i}, grö\n`).join('');
    const pieces = await chunks(Buffer.from(`\ufeff${text}`, 'utf16le'));
    expect(pieces.length).toBeGreaterThan(1);
    expect(pieces.every((piece) => piece.encoding === 'utf-16le' && piece.added === undefined)).toBe(true);
    expectLines(pieces, text);
  });

  it('cuts between characters where there is no line end', async () => {
    const pieces = await chunks(Buffer.from(`${'ö'.repeat(PIECE_BYTES * 0.6)}end`));
    expect(pieces).toHaveLength(2);
    expect(pieces.every((piece) => piece.encoding === 'utf-8' && piece.firstLine === 1)).toBe(true);
    expect(pieces[1]!.text.endsWith('öend')).toBe(true);
  });
});
