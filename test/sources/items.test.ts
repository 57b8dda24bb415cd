import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { itemsOfStream, itemsOfWhole } from '../../src/sources/items.ts';
import type { LineRanges, SourceItem } from '../../src/types.ts';
import { readerOf } from '../../src/util/byte-reader.ts';
import { makeTar, makeZip } from '../containers/make.ts';

const origin = { kind: 'staged', blob: 'b' } as const;
const limits = { maxFileSize: 10_000_000 };

async function all(items: Iterable<SourceItem> | AsyncIterable<SourceItem>): Promise<SourceItem[]> {
  const found: SourceItem[] = [];
  for await (const item of items) found.push(item);
  return found;
}

describe('what a file has to be searched', () => {
  it('is its text, at once, where it is no container', () => {
    const items = itemsOfWhole(
      { origin, path: '../a', logicalPath: 'a', added: [[1, 1]] },
      Buffer.from('text'),
      limits,
    );
    expect(items).toEqual([{ chunk: expect.objectContaining({ path: '../a', text: 'text', added: [[1, 1]] }) }]);
  });

  it('is what is in it, with paths in it, and no lines that are new', async () => {
    const tar = gzipSync(makeTar([{ name: 'c.env', data: Buffer.from('\ufeffA=ä', 'utf16le') }]));
    const zip = makeZip([
      { name: 'b.tar.gz', data: tar },
      { name: 'locked', data: 'x', flags: 1 },
    ]);
    const source = { origin, path: '../a.zip', logicalPath: 'a.zip', added: [[1, 1]] as const };
    const expected = [
      {
        chunk: {
          origin,
          path: '../a.zip!b.tar.gz!c.env',
          logicalPath: 'a.zip!b.tar.gz!c.env',
          member: 'b.tar.gz!c.env',
          text: 'A=ä',
          bytes: 8,
          encoding: 'utf-16le',
          firstLine: 1,
        },
      },
      { skipped: { path: '../a.zip!locked', reason: 'encrypted: cannot be looked into', kind: 'policy' } },
    ];
    expect(await all(itemsOfWhole(source, zip, limits))).toEqual(expected);
    const read = readerOf(zip);
    expect(await all(itemsOfStream(source, { read, limits }))).toEqual(expected);
    expect(await read(1)).toHaveLength(0);
  });

  it('comes in pieces where it is large', async () => {
    const data = Buffer.alloc(20_000_000, 'some text that has lines\n');
    const items = await all(
      itemsOfWhole({ origin, path: 'a', logicalPath: 'a' }, makeTar([{ name: 'x', data }]), { maxFileSize: 0 }),
    );
    expect(items).toHaveLength(2);
    expect(items).toMatchObject([{ chunk: { path: 'a!x', bytes: 20_000_000 } }, { chunk: { path: 'a!x' } }]);
  });
});

describe('the new lines of a notebook', () => {
  const notebook = JSON.stringify(
    {
      cells: [{ source: ['old = 1\n', 'fresh = "2"\n', 'both = 3'] }, { source: ['other = 4'] }],
      metadata: { k: 'v' },
    },
    null,
    1,
  );
  const lineOf = (text: string) => notebook.split('\n').findIndex((line) => line.includes(text)) + 1;
  const chunks = async (added: LineRanges) =>
    (
      await all(itemsOfWhole({ origin, path: 'a.ipynb', logicalPath: 'a.ipynb', added }, Buffer.from(notebook), limits))
    ).map((item) => 'chunk' in item && [item.chunk.member, item.chunk.added]);

  it('are those of its cells', async () => {
    expect(await chunks([[lineOf('fresh'), lineOf('both')]])).toEqual([['cell 1', [[2, 3]]]]);
    expect(await chunks([[lineOf('other'), lineOf('other')]])).toEqual([['cell 2', [[1, 1]]]]);
    expect(await chunks([[lineOf('"k"'), lineOf('"k"')]])).toEqual([['metadata', [[3, 3]]]]);
  });
});
