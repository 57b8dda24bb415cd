import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { inflate64 } from '../../src/containers/deflate64.ts';
import { unxz } from '../../src/containers/xz.ts';
import { instructions, makeZip } from './make.ts';
import { open } from './open.ts';
import { DEFLATE64, FAR_TEXT, SAMPLE_TEXT, XZ, XZ_FILTERED, ZIP_LZMA } from './samples.ts';

const isThere = (program: string) => spawnSync(program, ['--version']).status === 0;
const CUT_OFF = 'skipped: cut off: only its start was looked at';
/** Inflates, unpacks and so on as far as it goes. */
function all(pieces: Iterable<Buffer>): Buffer {
  return Buffer.concat([...pieces]);
}

describe('LZMA in zip archives', () => {
  const lzma = { name: 'a', data: ZIP_LZMA, method: 14 };

  it('is unpacked to its end mark, or to its size', async () => {
    expect(await open(makeZip([{ ...lzma, flags: 2, claims: 3 }]))).toEqual([['a', SAMPLE_TEXT]]);
    expect(await open(makeZip([{ ...lzma, claims: SAMPLE_TEXT.length }]))).toEqual([['a', SAMPLE_TEXT]]);
    expect(await open(makeZip([{ ...lzma, claims: 100_000 }]))).toEqual([['a', SAMPLE_TEXT]]);
  });

  it('that is cut off, damaged or wants too much says so', async () => {
    const cut = await open(makeZip([{ ...lzma, data: ZIP_LZMA.subarray(0, 150), flags: 2 }]));
    expect(cut).toEqual([
      ['a', expect.stringMatching(/^lines that repeat themselves, number 0\n/)],
      ['a', CUT_OFF],
    ]);
    expect(await open(makeZip([{ ...lzma, data: ZIP_LZMA.subarray(0, 8), flags: 2 }]))).toEqual([
      ['a', ''],
      ['a', CUT_OFF],
    ]);
    const greedy = Buffer.from(ZIP_LZMA);
    greedy.writeUInt32LE(0x7fffffff, 5);
    expect(await open(makeZip([{ ...lzma, data: greedy, flags: 2 }]))).toContainEqual([
      'a',
      'skipped: needs more memory to be unpacked than is given to it',
    ]);
    for (let at = 0; at < ZIP_LZMA.length; at++) {
      const broken = Buffer.from(ZIP_LZMA);
      broken[at]! ^= 0x55;
      await open(makeZip([{ ...lzma, data: broken, flags: 2 }]));
    }
  });

  it.runIf(isThere('python3'))('of Python, in more than one piece', async () => {
    const long = Array.from({ length: 120_000 }, (_, i) => `line number ${(i * 2654435761) >>> 0}\n`).join('');
    const script = `import io, sys, zipfile
out = io.BytesIO()
with zipfile.ZipFile(out, 'w', zipfile.ZIP_LZMA) as z:
    z.writestr('a.txt', sys.stdin.buffer.read()); z.writestr('empty', ''); z.writestr('b.txt', 'short')
sys.stdout.buffer.write(out.getvalue())`;
    const zip = execFileSync('python3', ['-c', script], { input: long, maxBuffer: 2 ** 26 });
    const found = await open(zip);
    expect(found.map(([member]) => member)).toEqual(['a.txt', 'empty', 'b.txt']);
    expect(found[0]![1] === long).toBe(true);
    expect(found.slice(1).map(([, text]) => text)).toEqual(['', 'short']);
  });
});

describe('Deflate64 in zip archives', () => {
  it('is unpacked', async () => {
    const [[, text], ...more] = (await open(makeZip([{ name: 'a', data: DEFLATE64, method: 9 }]))) as [
      [string, string],
    ];
    expect(text === FAR_TEXT).toBe(true);
    expect(more).toEqual([]);
  });

  it('reads what deflate makes, where it says the same', () => {
    // Copies of 258 bytes are told in another way; in random digits there are none.
    for (const level of [0, 1, 6, 9]) {
      for (const length of [0, 1, 100, 70_000, 1_500_000]) {
        const bytes = Buffer.from(randomBytes(length).toString('hex'));
        expect(all(inflate64(deflateRawSync(bytes, { level }))).equals(bytes)).toBe(true);
      }
    }
    const fixed = deflateRawSync(Buffer.from(SAMPLE_TEXT.slice(0, 200)), { strategy: 4 });
    expect(all(inflate64(fixed)).toString()).toBe(SAMPLE_TEXT.slice(0, 200));
  });

  it('that is cut off or damaged gives what comes before, and says so', async () => {
    const cut = await open(makeZip([{ name: 'a', data: DEFLATE64.subarray(0, 300), method: 9 }]));
    expect(cut).toEqual([
      ['a', expect.stringMatching(/^first line\n/)],
      ['a', CUT_OFF],
    ]);
    for (let at = 0; at < DEFLATE64.length; at++) {
      const broken = Buffer.from(DEFLATE64);
      broken[at]! ^= 0xff;
      await open(makeZip([{ name: 'a', data: broken, method: 9 }]));
    }
  });
});

describe('filters of xz', () => {
  const code = instructions(320);

  it.each(Object.entries(XZ_FILTERED).filter(([name]) => name !== 'IA-64'))('are undone: %s', (_, packed) => {
    expect(all(unxz(packed)).equals(code)).toBe(true);
  });

  it('that are unknown are named', async () => {
    expect(await open(XZ_FILTERED['IA-64'], { path: 'a.xz' })).toEqual([
      ['a', ''],
      ['', 'skipped: made with a filter that is not supported (IA-64)'],
    ]);
    const unknown = Buffer.from(XZ_FILTERED.x86);
    unknown[14] = 0x4f;
    expect((await open(unknown)).at(-1)).toEqual(['', 'skipped: made with a filter that is not supported']);
  });

  it('give what comes before damage', () => {
    const packed = XZ_FILTERED['x86 and delta'];
    for (let length = 12; length < packed.length; length++) {
      let got = Buffer.alloc(0);
      try {
        for (const piece of unxz(packed.subarray(0, length))) got = Buffer.concat([got, piece]);
      } catch (error) {
        expect((error as Error).message).toMatch(/^(?:cut off|damaged)/);
      }
    }
    for (let at = 12; at < packed.length; at++) {
      const broken = Buffer.from(packed);
      broken[at]! ^= 0x11;
      try {
        all(unxz(broken));
      } catch (error) {
        expect((error as Error).name).toMatch(/^(?:Refusal|RangeError)$/);
      }
    }
  });

  it
    .runIf(isThere('xz'))
    .each([
      [['--delta=dist=3']],
      [['--x86']],
      [['--powerpc']],
      [['--arm']],
      [['--armthumb']],
      [['--sparc']],
      [['--x86', '--delta=dist=256']],
      [['--delta=dist=1', '--x86=start=65536']],
    ])('are undone as xz does them, over many pieces: %s', (filters) => {
    const long = instructions(2_500_000);
    const args = ['--stdout', '--format=xz', ...filters, '--lzma2=preset=0'];
    expect(all(unxz(execFileSync('xz', args, { input: long, maxBuffer: 2 ** 26 }))).equals(long)).toBe(true);
  });

  it('are not there in what has none', () => {
    expect(all(unxz(XZ)).toString()).toBe(SAMPLE_TEXT);
  });
});
