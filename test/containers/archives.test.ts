import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { containerKind } from '../../src/containers/sniff.ts';
import { makeTar, makeZip } from './make.ts';
import { open } from './open.ts';
import { BZIP2, SAMPLE_TEXT, SQLITE, XZ, ZSTD } from './samples.ts';

describe('what a container is told by', () => {
  it('is its first bytes, and of notebooks the name', () => {
    expect(containerKind(makeZip([]), 'a')).toBe('zip');
    expect(containerKind(makeTar([{ name: 'x' }]), 'a')).toBe('tar');
    expect(containerKind(SQLITE, 'a')).toBe('sqlite');
    expect([BZIP2, XZ, ZSTD].map((bytes) => containerKind(bytes, 'a'))).toEqual(['bzip2', 'xz', 'zstd']);
    expect(containerKind(Buffer.from(' {}'), 'dir/a.IPYNB')).toBe('notebook');
    for (const text of ['', 'Bz and PK are initials', 'BZh9 is how bzip2 starts', '{}', '%PD', 'PK']) {
      expect(containerKind(Buffer.from(text), 'a.zip')).toBeUndefined();
    }
  });

  it('does not open what is only known by name', async () => {
    expect(await open(Buffer.from("7z\xbc\xaf'\x1c......", 'latin1'))).toEqual([
      ['', 'skipped: compressed (7z): what is inside is not looked at'],
    ]);
  });
});

describe('zip archives', () => {
  it('give their files in the order of the directory, names as they are', async () => {
    const names = ['dir/file.txt', '../../up', '/abs', 'new\nline', 'größe'];
    const zip = makeZip([
      { name: 'dir/', data: '', method: 0 },
      ...names.map((name) => ({ name, data: `in ${name}` })),
    ]);
    expect(await open(zip)).toEqual(names.map((name) => [name, `in ${name}`]));
    expect(await open(makeZip([]))).toEqual([]);
  });

  it('are found where something stands before them, as long as they start like one', async () => {
    const inner = makeZip([{ name: 'a', data: 'one' }]);
    expect(await open(Buffer.concat([Buffer.from('PK\x03\x04 or so'), inner]))).toEqual([['a', 'one']]);
  });

  it('tell what is encrypted or packed in unknown ways, and unpack what other formats packed', async () => {
    const zip = makeZip([
      { name: 'locked', data: 'x', flags: 1 },
      { name: 'strange', data: 'x', method: 98 },
      { name: 'b', data: BZIP2, method: 12 },
      { name: 'x', data: XZ, method: 95 },
      { name: 'z', data: ZSTD, method: 93 },
    ]);
    expect(await open(zip)).toEqual([
      ['locked', 'skipped: encrypted: cannot be looked into'],
      ['strange', 'skipped: compressed by a method that is not supported (98)'],
      ['b', SAMPLE_TEXT],
      ['x', SAMPLE_TEXT],
      ['z', SAMPLE_TEXT],
    ]);
  });

  it('do not get away with lies about sizes', async () => {
    const long = 'much more than it says\n'.repeat(100);
    const [[, told]] = (await open(makeZip([{ name: 'a', data: long, claims: 5 }]))) as [[string, string]];
    expect(told).toBe(long);
    expect(await open(makeZip([{ name: 'a', data: 'short', claims: 500 }]))).toEqual([
      ['a', 'short'],
      ['a', 'skipped: cut off: only its start was looked at'],
    ]);
    const limited = await open(makeZip([{ name: 'a', data: long, claims: 5 }]), { maxFileSize: 100 });
    expect(limited).toEqual([['a', 'skipped: larger than the limit of 100 B (max-file-size)']]);
  });

  it('that are cut off give what comes before, at whatever byte', async () => {
    const zip = makeZip([1, 2, 3].map((i) => ({ name: `${i}`, data: `text number ${i}\n`.repeat(9) })));
    const half = await open(zip.subarray(0, zip.length / 2));
    expect(half[0]).toEqual(['1', 'text number 1\n'.repeat(9)]);
    expect(half.at(-1)).toEqual(['', expect.stringContaining('skipped: cut off')]);
    for (let length = 4; length < zip.length; length++) {
      const found = await open(zip.subarray(0, length));
      expect(found.at(-1)?.[1]).toMatch(/^skipped: (?:cut off|damaged)/);
    }
  });

  it('with any byte changed end in an answer', async () => {
    const zip = makeZip([
      { name: 'a', data: 'text' },
      { name: 'b', data: 'more' },
    ]);
    for (let at = 4; at < zip.length; at++) {
      for (const value of [0, 0xff]) {
        const broken = Buffer.from(zip);
        broken[at] = value;
        await open(broken);
      }
    }
  });
});

describe('tar archives', () => {
  it('give their files; links, folders and devices have nothing in them', async () => {
    const tar = makeTar([
      { name: 'dir/', type: '5' },
      { name: 'a/b.txt', data: 'one' },
      { name: '../../etc/passwd', data: 'two' },
      { name: 'link', type: '2', linkTo: '/etc/shadow' },
      { name: 'device', type: '3' },
      { name: 'long', data: `${'n'.repeat(150)}\0`, type: 'L' },
      { name: 'nnn', data: 'three' },
      { name: 'pax', data: '21 path=from/the/pax\n', type: 'x' },
      { name: 'short', data: 'four' },
    ]);
    expect(await open(tar)).toEqual([
      ['a/b.txt', 'one'],
      ['../../etc/passwd', 'two'],
      ['n'.repeat(150), 'three'],
      ['from/the/pax', 'four'],
    ]);
  });

  it('go on behind their end, and tell when they are cut off or damaged', async () => {
    const tar = makeTar([{ name: 'a', data: 'one' }]);
    expect(await open(Buffer.concat([tar, tar]))).toEqual([
      ['a', 'one'],
      ['a', 'one'],
    ]);
    expect(await open(tar.subarray(0, 514))).toEqual([
      ['a', 'on'],
      ['', 'skipped: cut off: only what comes before was looked at'],
    ]);
    const broken = makeTar([{ name: 'a', data: 'one' }, { name: 'b' }]);
    broken[1024] = 99;
    expect((await open(broken)).at(-1)?.[1]).toContain('damaged');
  });

  it('may hold images of containers: layers are named', async () => {
    const layer = makeTar([{ name: 'root/.env', data: 'A=1' }]);
    const image = makeTar([
      { name: 'abc/layer.tar', data: layer },
      { name: 'blobs/sha256/def', data: gzipSync(layer) },
    ]);
    expect(await open(image, { path: 'image.tar' })).toEqual([
      ['abc/layer.tar!root/.env', 'A=1'],
      ['blobs/sha256/def!root/.env', 'A=1'],
    ]);
  });
});

describe('compressed files', () => {
  it.each([
    ['gz', gzipSync(SAMPLE_TEXT)],
    ['bz2', BZIP2],
    ['xz', XZ],
    ['zst', ZSTD],
  ])('of the format %s are unpacked, also two in a row', async (ending, bytes) => {
    expect(await open(bytes, { path: `dir/x.log.${ending}` })).toEqual([['x.log', SAMPLE_TEXT]]);
    expect(await open(Buffer.concat([bytes, bytes]))).toEqual([['content', SAMPLE_TEXT + SAMPLE_TEXT]]);
  });

  it.each([
    ['gz', gzipSync(SAMPLE_TEXT)],
    ['bz2', BZIP2],
    ['xz', XZ],
    ['zst', ZSTD],
  ])('of the format %s that are cut off or changed anywhere end in an answer', async (_, bytes) => {
    for (let length = 14; length < bytes.length; length += 7) {
      await open(bytes.subarray(0, length));
      const broken = Buffer.from(bytes);
      broken[length]! ^= 0xff;
      await open(broken);
    }
    expect((await open(bytes.subarray(0, bytes.length - 30))).at(-1)?.[1]).toMatch(/^skipped: (?:cut off|damaged)/);
  });

  it('keep what comes before a break', async () => {
    const bytes = gzipSync(SAMPLE_TEXT);
    const [first, last] = await open(bytes.subarray(0, bytes.length / 2), { path: 'x.gz' });
    expect(SAMPLE_TEXT.startsWith(first![1])).toBe(true);
    expect(first![1].length).toBeGreaterThan(100);
    expect(last).toEqual(['', 'skipped: cut off: only its start was looked at']);
  });

  it('of an archive are called like it', async () => {
    const zip = makeZip([{ name: 'b.tar.gz', data: gzipSync(makeTar([{ name: 'c.env', data: 'A=1' }])) }]);
    expect(await open(zip)).toEqual([['b.tar.gz!c.env', 'A=1']]);
  });
});
