import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { openContainer } from '../../src/containers/index.ts';
import { MOST_MEMBERS } from '../../src/containers/limits.ts';
import { makeTar, makeZip } from './make.ts';
import { open } from './open.ts';

const megabytes = (count: number) => Buffer.alloc(count * 1_000_000);

describe('bounds', () => {
  it('of depth: 50 archives in each other', async () => {
    let zip = makeZip([{ name: 'deep.txt', data: 'at the bottom' }]);
    for (let i = 1; i < 50; i++) zip = makeZip([{ name: `${i}.zip`, data: zip, method: 0 }]);
    const found = await open(zip);
    expect(found).toEqual([
      ['49.zip!48.zip!47.zip!46.zip', 'skipped: nested in more than 4 containers: not looked into (max-depth)'],
    ]);
    expect((await open(zip, { maxDepth: 60 })).at(-1)?.[1]).toBe('at the bottom');
    expect(await open(makeZip([{ name: 'a', data: makeZip([]) }]), { maxDepth: 1 })).toHaveLength(1);
    let gz = Buffer.from('text');
    for (let i = 0; i < 50; i++) gz = gzipSync(gz);
    expect((await open(gz)).at(-1)?.[1]).toContain('nested in more than 4 containers');
  });

  it('of depth 0: nothing is opened, and a notebook is the text that it is', async () => {
    const closed = (kind: string) => [['', `skipped: a container (${kind}): not opened (max-depth is 0)`]];
    expect(await open(makeZip([{ name: 'a', data: 'x' }]), { maxDepth: 0 })).toEqual(closed('zip'));
    expect(await open(gzipSync('x'), { maxDepth: 0 })).toEqual(closed('gzip'));
    expect(await open(Buffer.from('{"cells": [{"source": "x"}]}'), { path: 'a.ipynb', maxDepth: 0 })).toEqual([
      ['', '{"cells": [{"source": "x"}]}'],
    ]);
  });

  it('of the size of a member', async () => {
    const limit = 'skipped: larger than the limit of 1.0 kB (max-file-size)';
    const options = { maxFileSize: 1000 };
    const big = Buffer.alloc(1001, 'x');
    expect(await open(makeZip([{ name: 'a', data: big }]), options)).toEqual([['a', limit]]);
    expect(
      await open(
        makeTar([
          { name: 'a', data: big },
          { name: 'b', data: 'x' },
        ]),
        options,
      ),
    ).toEqual([
      ['a', limit],
      ['b', 'x'],
    ]);
    expect(await open(gzipSync(big), options)).toEqual([['content', limit]]);
  });

  it('of the ratio: what unpacks to a thousand times its size', async () => {
    const bomb = makeZip([
      { name: 'zeros', data: megabytes(9) },
      { name: 'b', data: 'fine' },
    ]);
    expect(await open(bomb)).toEqual([
      ['zeros', expect.stringContaining('more than 1000 times')],
      ['b', 'fine'],
    ]);
    const deep = gzipSync(megabytes(20), { level: 9 });
    expect(await open(deep, { maxFileSize: 0 })).toContainEqual(['', expect.stringContaining('more than 1000 times')]);
  });

  it('of all bytes of one file: many members that each are allowed', async () => {
    // A little noise, so that the ratio is fine.
    const noisy = Buffer.alloc(9_000_000);
    for (let i = 0; i < noisy.length; i += 3000) noisy.writeUInt32LE((i * 2654435761) >>> 0, i);
    const [entry] = [makeZip([{ name: 'a', data: noisy }])];
    const entries = Array.from({ length: 40 }, (_, i) => ({ name: `${i}`, data: entry!, method: 0 }));
    let bytes = 0;
    const reasons: string[] = [];
    const read = ((all) => {
      let at = 0;
      return async (length: number) => all.subarray(at, (at += length));
    })(makeZip(entries));
    for await (const found of openContainer({ read, path: 'a.zip', maxFileSize: 10_000_000 })) {
      if ('bytes' in found) bytes += found.bytes.length;
      if ('reason' in found) reasons.push(`${found.member}: ${found.reason}`);
    }
    expect(bytes).toBeGreaterThan(200_000_000);
    expect(bytes).toBeLessThan(256_000_000);
    expect(reasons).toEqual([': unpacks to more than 256 MB: only what comes first was looked at']);
  });

  it('of members', async () => {
    const entries = Array.from({ length: MOST_MEMBERS + 5 }, (_, i) => ({ name: `${i}`, data: '', type: '0' }));
    const found = await open(makeTar(entries));
    expect(found).toHaveLength(MOST_MEMBERS + 1);
    expect(found.at(-1)).toEqual(['', 'skipped: has more than 10,000 files inside: only the first were looked at']);
  });
});

describe('a failure of what a container is read from', () => {
  it('is thrown, and no damage of the container', async () => {
    const bytes = gzipSync(makeTar([{ name: 'a', data: Buffer.alloc(100_000, 'ab') }]));
    let at = 0;
    const read = async (length: number) => {
      if (at >= 100) throw new Error('the disk is gone');
      return bytes.subarray(at, (at += Math.min(length, 100)));
    };
    const all = async () => {
      for await (const _ of openContainer({ read, path: 'a', maxFileSize: 0 }));
    };
    await expect(all()).rejects.toThrow('the disk is gone');
  });
});
