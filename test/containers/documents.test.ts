import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { makeRepository } from '../e2e/repository.ts';
import { makePdf, makeTar, makeZip } from './make.ts';
import { open } from './open.ts';
import { SQLITE } from './samples.ts';

/** What is in a container, by its name there. */
const opened = async (bytes: Buffer, path?: string) => new Map(await open(bytes, path === undefined ? {} : { path }));

describe('notebooks', () => {
  const notebook = {
    cells: [
      {
        cell_type: 'code',
        source: ['key = (\n', '  "one" "two")'],
        outputs: [{ output_type: 'stream', text: ['said\n'] }],
      },
      { cell_type: 'markdown', source: 'plain "quoted"', metadata: { tags: ['mine'] } },
      {
        cell_type: 'code',
        source: [],
        outputs: [
          { data: { 'text/plain': ['x\n', 'y'], 'image/png': 'aW1hZ2U=', 'application/json': { a: 1 } } },
          { ename: 'Error', evalue: 'bad', traceback: ['\x1b[31mred\x1b[0m', 'line'] },
        ],
      },
    ],
    metadata: { kernel: 'k' },
  };

  it('give the source and the text outputs of cells, and the rest as JSON', async () => {
    const found = await opened(Buffer.from(`\ufeff${JSON.stringify(notebook)}`), 'a.ipynb');
    expect([...found.keys()]).toEqual(['cell 1', 'cell 1 output', 'cell 2', 'cell 3 output', 'metadata']);
    expect(found.get('cell 1')).toBe('key = (\n  "one" "two")');
    expect(found.get('cell 1 output')).toBe('said\n');
    expect(found.get('cell 2')).toBe('plain "quoted"');
    expect(found.get('cell 3 output')).toBe('x\ny\n{\n "a": 1\n}\nError\nbad\nred\nline');
    expect(JSON.parse(found.get('metadata')!)).toMatchObject({ metadata: { kernel: 'k' } });
  });

  it('that are none are read as the text that they are', async () => {
    for (const text of ['{ not JSON', '{"a": 1}', '{"cells": 5}', '{"cells": [1, null]}']) {
      expect(await open(Buffer.from(text), { path: 'a.ipynb' })).toEqual([['', text]]);
    }
    const odd = {
      cells: [
        { source: 5, outputs: 'x' },
        { source: [1], outputs: [null, { text: 7, data: [] }] },
      ],
    };
    expect((await open(Buffer.from(JSON.stringify(odd)), { path: 'a.ipynb' })).map(([name]) => name)).toEqual([
      'metadata',
    ]);
    const deep = `{"cells": [{"source": "a", "more": ${'['.repeat(50_000)}${']'.repeat(50_000)}}]}`;
    expect((await open(Buffer.from(deep), { path: 'a.ipynb' })).length).toBeGreaterThan(0);
  });

  it('are found in archives', async () => {
    const zip = makeZip([{ name: 'n/a.ipynb', data: JSON.stringify(notebook) }]);
    expect((await open(zip))[0]![0]).toBe('n/a.ipynb!cell 1');
  });
});

describe('SQLite databases', () => {
  it('give the rows of each table with the names of the columns', async () => {
    const found = await opened(SQLITE);
    const users = found.get('table users')!;
    expect(users.startsWith('name: user number 0\nhome page: page 0\nn: 0.5\n\nname: user number 1\n')).toBe(true);
    expect(users).toContain('name: user number 39\nhome page: page 39\nn: 39.5\n');
    // Longer than a page.
    expect(users).toContain(`name: long one\nhome page: start ${'-'.repeat(1500)} end\nn: 1\ndoc: text in a blob\n`);
    expect(found.get('table settings')).toBe('key: greeting\ngreeting: hello there\n');
    expect(found.get('table bare')).toBe('column 1: first\ncolumn 2: second\n');
    expect(found.get('schema')).toContain('CREATE VIEW v');
    expect(found.get('unused space')).toContain('this row was deleted');
    expect(found.get('unused space')).not.toContain('user number 1');
    expect(found.has('')).toBe(false);
  });

  it('of which half is missing give that half, and say so', async () => {
    for (const part of [0.3, 0.5, 0.77, 0.95]) {
      const found = await open(SQLITE.subarray(0, SQLITE.length * part));
      // Where the list of tables is gone, it comes as what is in no table.
      expect(found.some(([, text]) => text.includes('user number 1'))).toBe(true);
      expect(found.at(-1)).toEqual(['', 'skipped: damaged: only what could be read was looked at']);
    }
  });

  it('that are none are looked at as they are', async () => {
    const none = Buffer.concat([Buffer.from('SQLite format 3\0'), Buffer.alloc(2000, 'plain text ')]);
    const found = await open(none);
    expect(found.some(([, text]) => text.includes('plain text plain text'))).toBe(true);
    expect(found.some(([, text]) => text.startsWith('skipped: damaged'))).toBe(true);
    expect((await open(Buffer.from('SQLite format 3\0'))).at(-1)).toEqual(['', 'SQLite format 3\0']);
  });

  it('with any byte changed end in an answer', async () => {
    for (let at = 16; at < SQLITE.length; at += 3) {
      const broken = Buffer.from(SQLITE);
      broken[at]! ^= 0xff;
      expect((await open(broken)).length).toBeGreaterThan(0);
    }
  });
});

describe('PDF files', () => {
  const font = `/CIDInit /ProcSet findresource begin 1 begincodespacerange <0000> <ffff> endcodespacerange
    1 beginbfchar <0003> <0020> endbfchar 2 beginbfrange <0010> <0029> <0041> <0030> <0031> [<0066006c> <00e9>] endbfrange`;

  it('give what pages show, line by line', async () => {
    const page = String.raw`BT /F1 12 Tf 1 0 0 1 50 700 Tm (user: \(me\)) Tj 0 -14 Td [(pass) -20 (word) -300 (is) ] TJ T* (\101\102) ' ET`;
    const found = await opened(makePdf(['<< /Type /Page /Contents 2 0 R >>', ['', page]]));
    expect(found.get('object 2')).toBe('user: (me)\npassword is\nAB');
  });

  it('read the codes of fonts by the tables that come with them', async () => {
    const pdf = makePdf([
      '<< /Type /Page /Contents [2 0 R] /Resources 3 0 R >>',
      ['', 'BT /F1 9 Tf <00100011> Tj <0003> Tj <00300031> Tj ET'],
      '<< /Font << /F1 4 0 R >> >>',
      '<< /Type /Font /ToUnicode 5 0 R >>',
      ['', font],
    ]);
    expect([...(await opened(pdf))]).toEqual([['object 2', 'AB flé']]);
  });

  it('give metadata, notes, attached files, and objects that are packed together', async () => {
    const packed = '10 0 11 20 << /Title (in a box)>> << /Contents (a note)>>';
    const pdf = makePdf(
      [
        '<< /Title (Report) /Author <feff00e9> >>',
        ['/Type /EmbeddedFile', makeZip([{ name: 'x.env', data: 'A=1' }]).toString('latin1')],
        ['/Type /ObjStm /N 2 /First 11', packed.replace('10 0 11 20 ', '10 0 11 22 ')],
        ['/Type /XObject /Subtype /Image', 'pixels'],
      ],
      '/Note (in the trailer)',
    );
    const found = await opened(pdf);
    expect(found.get('metadata')).toBe(
      'Title: Report\nAuthor: é\nTitle: in a box\nContents: a note\nNote: in the trailer',
    );
    expect(found.get('object 2!x.env')).toBe('A=1');
    expect(found.size).toBe(2);
  });

  it('that are encrypted or cut off say so', async () => {
    const locked = await open(makePdf(['<< /Title (x) >>'], '/Encrypt 9 0 R'));
    expect(locked[0]).toEqual(['', 'skipped: encrypted: cannot be looked into']);
    const pdf = makePdf(['<< /Title (first) >>', ['', `BT (${'text '.repeat(50)}) Tj ET`]]);
    const half = await open(pdf.subarray(0, 120));
    expect(half.at(-1)?.[1]).toMatch(/^skipped: cut off/);
    expect(half.some(([, text]) => text.includes('Title: first'))).toBe(true);
  });

  it('end in an answer whatever they are', async () => {
    const nasty = [
      '(',
      '<'.repeat(5000),
      '['.repeat(5000),
      '/Type/Page'.repeat(1000),
      `(${'('.repeat(9000)}`,
      ' '.repeat(50_000),
    ];
    for (const text of nasty) {
      await open(makePdf([text, ['', `BT ${text} Tj T* '`]]));
      await open(Buffer.from(`%PDF-1.5 1 0 obj ${text} trailer ${text}`));
    }
    await open(Buffer.from('%PDF-'));
  });
});

describe('git bundles', () => {
  it('give their blobs by path, deltas resolved, and messages', async () => {
    const repository = makeRepository();
    const long = Array.from({ length: 500 }, (_, i) => `line ${i}\n`).join('');
    for (const i of [1, 2, 3]) {
      repository.stage('dir/file.txt', `${long}version ${i}\n`);
      repository.stage('größe.txt', 'umlaut');
      repository.commit(`message ${i}`);
    }
    repository.git('gc', '--quiet');
    repository.git('bundle', 'create', '--quiet', 'all.bundle', '--all');
    const bytes = readFileSync(join(repository.root, 'all.bundle'));
    const found = await open(bytes);
    const texts = found.map(([name, text]) => `${name.replace(/ [0-9a-f]{40}$/, '')}: ${text.slice(-10)}`).sort();
    expect(texts).toEqual([
      ...[1, 2, 3].map((i) => `commit: message ${i}\n`),
      ...[1, 2, 3].map((i) => `dir/file.txt: version ${i}\n`),
      'größe.txt: umlaut',
    ]);
    for (let length = 30; length < bytes.length; length += 41) {
      expect((await open(bytes.subarray(0, length))).at(-1)?.[1]).toMatch(/^skipped: /);
    }
    repository.git('bundle', 'create', '--quiet', 'last.bundle', 'main~1..main');
    const thin = await open(readFileSync(join(repository.root, 'last.bundle')));
    expect(thin.some(([name]) => name.startsWith('commit '))).toBe(true);
    // The tree of a bundle like this is a change to one that is not in it.
    expect(thin.filter(([, text]) => text.startsWith('skipped')).every(([, text]) => text.includes('not in it'))).toBe(
      true,
    );
  });

  it('are found in other containers', async () => {
    const none = Buffer.from('# v2 git bundle\nno end');
    expect(await open(gzipSync(makeTar([{ name: 'a', data: none }])))).toEqual([
      ['a', 'skipped: damaged: its header has no end'],
    ]);
  });
});
