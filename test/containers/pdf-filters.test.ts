import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { filtersOf, unpacked } from '../../src/containers/pdf-filters.ts';
import { makePdf } from './make.ts';
import { open } from './open.ts';

const TEXT = 'db_password = correct horse 17\n';
const PAGE = `BT (${TEXT.trim()}) Tj ET`;
const LONG = Array.from({ length: 4000 }, (_, i) => `word${(i * 2654435761) >>> 0}`).join(' ');

/** A stream object with these entries in its dictionary. */
function stream(entries: string, data: string | Buffer): string {
  const text = typeof data === 'string' ? data : data.toString('latin1');
  return `<< ${entries} /Length ${text.length} >>\nstream\n${text}\nendstream`;
}

function ascii85(text: string | Buffer): string {
  const bytes = Buffer.from(text);
  let out = '';
  for (let at = 0; at < bytes.length; at += 4) {
    const group = bytes.subarray(at, at + 4);
    const value = [0, 1, 2, 3].reduce((sum, i) => sum * 256 + (group[i] ?? 0), 0);
    const digits = [4, 3, 2, 1, 0].map((i) => String.fromCharCode((Math.floor(value / 85 ** i) % 85) + 33)).join('');
    out += value === 0 && group.length === 4 ? 'z' : digits.slice(0, group.length + 1);
  }
  return `${out}~>`;
}

function lzw(bytes: Buffer, early = 1): Buffer {
  let codes = new Map<string, number>();
  let bits = '';
  let width = 9;
  const put = (code: number) => {
    bits += code.toString(2).padStart(width, '0');
  };
  const codeOf = (text: string) => (text.length === 1 ? text.charCodeAt(0) : codes.get(text));
  put(256);
  let text = '';
  for (const character of bytes.toString('latin1')) {
    if (codeOf(text + character) !== undefined) {
      text += character;
      continue;
    }
    put(codeOf(text)!);
    codes.set(text + character, 258 + codes.size);
    // The reader is one code behind.
    const next = 258 + codes.size - 1;
    if (next + early >= 2 ** width && width < 12) width++;
    if (next >= 4090) {
      put(codeOf(character)!);
      put(256);
      codes = new Map();
      width = 9;
      text = '';
    } else text = character;
  }
  if (text !== '') put(codeOf(text)!);
  put(257);
  return Buffer.from((bits.match(/.{1,8}/g) ?? []).map((byte) => Number.parseInt(byte.padEnd(8, '0'), 2)));
}

function png(bytes: Buffer, { columns, type }: { columns: number; type: number }): Buffer {
  const rows: number[] = [];
  const at = (row: number, column: number) => (row < 0 || column < 0 ? 0 : (bytes[row * columns + column] ?? 0));
  for (let row = 0; row * columns < bytes.length; row++) {
    rows.push(type);
    for (let i = 0; i < columns; i++) {
      const [left, above, corner] = [at(row, i - 1), at(row - 1, i), at(row - 1, i - 1)];
      const near = [left, above, corner].sort(
        (a, b) => Math.abs(left + above - corner - a) - Math.abs(left + above - corner - b),
      )[0]!;
      rows.push((at(row, i) - [0, left, above, (left + above) >> 1, near][type]!) & 255);
    }
  }
  return Buffer.from(rows);
}

describe('streams in PDF files', () => {
  it.each<[what: string, entries: string, data: string | Buffer]>([
    [
      'ASCII hex',
      '/Filter /ASCIIHexDecode',
      `${Buffer.from(PAGE)
        .toString('hex')
        .replace(/(.{30})/g, '$1\n')}>`,
    ],
    ['ASCII 85', '/Filter /ASCII85Decode', ascii85(PAGE).replace(/(.{20})/g, '$1\n')],
    ['LZW', '/Filter /LZWDecode', lzw(Buffer.from(PAGE))],
    ['LZW, late', '/Filter [/LZW] /DecodeParms << /EarlyChange 0 >>', lzw(Buffer.from(PAGE), 0)],
    ['runs', '/Filter /RunLengthDecode', Buffer.from([PAGE.length - 1, ...Buffer.from(PAGE), 128])],
    ['several', '/Filter [ /ASCII85Decode /FlateDecode ]', ascii85(deflateSync(PAGE))],
    ['abbreviations', '/Filter [/A85 /AHx /Fl]', ascii85(`${deflateSync(PAGE).toString('hex')}>`)],
    ['no encryption', '/Filter [/Crypt /FlateDecode] /DecodeParms [<< /Name /Identity >> null]', deflateSync(PAGE)],
  ])('are unpacked: %s', async (_, entries, data) => {
    expect(await open(makePdf([stream(entries, data)]))).toEqual([['object 1', TEXT.trim()]]);
  });

  it('are unpacked when the filters are objects of their own', async () => {
    const data = png(Buffer.from(`${TEXT}     `), { columns: 6, type: 2 });
    const pdf = makePdf([
      stream('/Type /EmbeddedFile /Filter 2 0 R /DecodeParms 3 0 R', ascii85(deflateSync(data))),
      '[/ASCII85Decode /FlateDecode]',
      '[null 4 0 R]',
      '<< /Predictor 12 /Columns 6 >>',
    ]);
    expect((await open(pdf)).find(([member]) => member === 'object 1')?.[1].trim()).toBe(TEXT.trim());
  });

  it('that are pictures are left out, and others named once with the reason', async () => {
    const found = await open(
      makePdf([
        stream('/Filter /DCTDecode', 'x'),
        stream('/Filter [/ASCII85Decode /JPXDecode]', 'x'),
        stream('/Filter [/CCITTFaxDecode]', 'x'),
        stream('/Filter /JBIG2Decode', 'x'),
        stream('/Filter /Novelty', 'x'),
        stream('/Filter [/FlateDecode /Novelty]', 'x'),
        stream('/Filter /Crypt /DecodeParms << /Name /StdCF >>', 'x'),
        stream('', PAGE),
      ]),
    );
    expect(found).toEqual([
      ['object 8', TEXT.trim()],
      [
        '',
        'skipped: has streams that are packed in a way that is not supported (Novelty): they were not looked at; ' +
          'has streams that are encrypted: they were not looked at',
      ],
    ]);
  });

  it('that are damaged or unpack to too much say so', async () => {
    const reasons = async (entries: string, data: string | Buffer) =>
      (await open(makePdf([stream(entries, data)]), { maxFileSize: 50_000 }))
        .map(([, text]) => text)
        .filter((text) => text.startsWith('skipped'));
    const damaged = ['skipped: damaged: has streams that cannot be unpacked'];
    expect(await reasons('/Filter /LZWDecode', Buffer.alloc(40, 0xfe))).toEqual(damaged);
    expect(await reasons('/Filter /FlateDecode', 'no such thing')).toEqual(damaged);
    const runs = Buffer.concat([Buffer.alloc(2000, 129), Buffer.from([128])]);
    expect(await reasons('/Filter /RunLengthDecode', runs)).toEqual([
      expect.stringMatching(/^skipped: has a stream that is larger than the limit of 50 kB/),
    ]);
    expect(
      await reasons('/Filter /FlateDecode /DecodeParms << /Predictor 2 /BitsPerComponent 4 >>', deflateSync('x')),
    ).toEqual(['skipped: has streams with a predictor that is not supported: they were not looked at']);
    for (const name of ['LZWDecode', 'ASCII85Decode', 'ASCIIHexDecode', 'RunLengthDecode']) {
      for (const data of ['', 'z~', 'zz!', '\x80', '\xff', '~>', 'stream', '\x7f\x00\x01'.repeat(300)]) {
        await open(makePdf([stream(`/Filter /${name} /DecodeParms << /Predictor 15 /Columns 0 >>`, data)]));
      }
    }
  });
});

describe('the filters of PDF files', () => {
  const undo = (name: string, data: Buffer, parameters = '') => unpacked({ name, parameters }, { data, limit: 1e7 });

  it('give the bytes of the examples of the standard', () => {
    const data = Buffer.from('800b6050220c0c8501', 'hex');
    expect([...undo('LZWDecode', data)]).toEqual([45, 45, 45, 45, 45, 65, 45, 45, 45, 66]);
    expect(undo('ASCII85Decode', Buffer.from('87cURD]i,"Ebo80~>')).toString()).toBe('Hello World!');
    expect([...undo('ASCIIHexDecode', Buffer.from('<4 E 6F7>'.slice(1)))]).toEqual([0x4e, 0x6f, 0x70]);
    expect([...undo('RunLengthDecode', Buffer.from([2, 1, 2, 3, 254, 9, 128, 7]))]).toEqual([1, 2, 3, 9, 9, 9]);
  });

  it('give long texts back', () => {
    const bytes = Buffer.from(LONG);
    expect(undo('LZWDecode', lzw(bytes)).equals(bytes)).toBe(true);
    expect(undo('LZWDecode', lzw(bytes, 0), '<< /EarlyChange 0 >>').equals(bytes)).toBe(true);
    expect(undo('ASCII85Decode', Buffer.from(ascii85(Buffer.concat([bytes, Buffer.alloc(9)])))).length).toBe(
      bytes.length + 9,
    );
    for (const type of [0, 1, 2, 3, 4]) {
      const made = undo('FlateDecode', deflateSync(png(bytes, { columns: 7, type })), '<< /Predictor 15 /Columns 7 >>');
      expect(made.subarray(0, bytes.length).equals(bytes), `type ${type}`).toBe(true);
    }
    const deltas = Buffer.from(bytes.map((byte, i) => (i % 9 < 3 ? byte : (byte - bytes[i - 3]!) & 255)));
    const tiff = undo('LZWDecode', lzw(deltas), '<< /Predictor 2 /Colors 3 /Columns 3 >>');
    expect(tiff.equals(bytes)).toBe(true);
  });

  it('are told with their parameters', () => {
    const sources = new Map([[7, '<< /Predictor 12 >>']]);
    const told = (dictionary: string) => filtersOf(dictionary, (number) => sources.get(number) ?? '');
    expect(told('<< /Length 3 >>')).toEqual([]);
    expect(told('<</Filter/FlateDecode/DecodeParms<</Columns 4>>>>')).toEqual([
      { name: 'FlateDecode', parameters: '<</Columns 4>>' },
    ]);
    expect(told('<</Filter[/A85/Fl]/DecodeParms[null 7 0 R]>>')).toEqual([
      { name: 'A85', parameters: 'null' },
      { name: 'Fl', parameters: '<< /Predictor 12 >>' },
    ]);
  });
});
