import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { type ImageInput, makeOciImage, makeOldImage, makeTar, makeZip } from './make.ts';
import { open } from './open.ts';

const INPUT: ImageInput = {
  layers: [
    [{ name: 'etc/hostname', data: 'base' }],
    [
      { name: 'app/', type: '5' },
      { name: 'app/.env', data: 'A=1' },
      { name: 'app/lib.jar', data: makeZip([{ name: 'x.txt', data: 'in the jar' }]) },
    ],
  ],
  env: ['PATH=/usr/bin', 'DB_HOST=db'],
  history: ['/bin/sh -c #(nop) ADD file:1 in /', '/bin/sh -c echo "two"'],
};
const HISTORY = INPUT.history.join('\n');

describe('images of containers', () => {
  it.each([false, true])('give the files of their layers and their configuration (compressed: %s)', async (packed) => {
    const { image, layers, config, manifest } = makeOciImage({ ...INPUT, packed });
    const found = await open(image);
    expect(found.slice(0, 5)).toEqual([
      [`layer ${layers[0]}!etc/hostname`, 'base'],
      [`layer ${layers[1]}!app/.env`, 'A=1'],
      [`layer ${layers[1]}!app/lib.jar!x.txt`, 'in the jar'],
      [`config ${config}!env`, 'PATH=/usr/bin\nDB_HOST=db'],
      [`config ${config}!history`, HISTORY],
    ]);
    const rest = found.slice(5);
    expect(rest.map(([member]) => member)).toEqual([
      `config ${config}!settings`,
      `blobs/sha256/${manifest}`,
      'index.json',
      'manifest.json',
      'oci-layout',
    ]);
    const settings = JSON.parse(rest[0]![1]);
    expect(settings.settings).toEqual([{ Cmd: ['/app/run'], Labels: { team: 'shop' } }]);
    expect(settings.rootfs.diff_ids).toHaveLength(2);
  });

  it('of older versions of docker as well', async () => {
    const { image, layers, ids, config } = makeOldImage(INPUT);
    const found = new Map(await open(gzipSync(image), { path: 'shop.tar.gz' }));
    expect(found.get(`layer ${layers[0]}!etc/hostname`)).toBe('base');
    expect(found.get(`layer ${layers[1]}!app/lib.jar!x.txt`)).toBe('in the jar');
    expect(found.get(`config ${config}!env`)).toBe('PATH=/usr/bin\nDB_HOST=db');
    expect(found.get(`config ${config}!history`)).toBe(HISTORY);
    expect(found.get(`${ids[0]}/json`)).toContain('linux');
    expect([...found.keys()].filter((member) => member.includes('layer.tar'))).toEqual([]);
  });

  it('are as deep as their layers', async () => {
    const { image, layers } = makeOciImage(INPUT);
    const found = new Map(await open(image, { maxDepth: 1 }));
    expect(found.get(`layer ${layers[1]}!app/.env`)).toBe('A=1');
    expect(found.get(`layer ${layers[1]}!app/lib.jar`)).toBe(
      'skipped: nested in more than 1 container: not looked into (max-depth)',
    );
    expect(await open(image, { maxDepth: 0 })).toEqual([
      ['', 'skipped: a container (tar): not opened (max-depth is 0)'],
    ]);
  });

  it('in layers in layers end somewhere', async () => {
    const name = `blobs/sha256/${'ab'.repeat(32)}`;
    let tar = makeTar([{ name: 'deep', data: 'at the bottom' }]);
    for (let i = 0; i < 30; i++) tar = makeTar([{ name, data: i % 2 === 0 ? tar : gzipSync(tar) }]);
    const found = await open(tar);
    expect(found).toEqual([[expect.any(String), expect.stringContaining('nested in more than 4 containers')]]);
    expect(found[0]![0].split('!').length).toBeLessThan(9);
  });

  it('that are none, or damaged, are what they are', async () => {
    const id = 'ab'.repeat(32);
    const entries = [
      { name: `blobs/sha256/${id}`, data: 'plain text' },
      { name: `${id}.json`, data: '{"config": 3}' },
      { name: `${id}/json`, data: '{broken' },
      { name: 'blobs/sha256/short', data: makeTar([{ name: 'x', data: 'y' }]) },
      { name: `${id}/layer.tar`, data: 'no tar' },
    ];
    expect(await open(makeTar(entries))).toEqual([
      [`blobs/sha256/${id}`, 'plain text'],
      [`${id}.json`, '{"config": 3}'],
      [`${id}/json`, '{broken'],
      ['blobs/sha256/short!x', 'y'],
      [`${id}/layer.tar`, 'no tar'],
    ]);
    const { image, layers } = makeOciImage(INPUT);
    for (let length = 512; length < image.length; length += 700) {
      const found = await open(image.subarray(0, length));
      for (const [member] of found)
        expect(member).toMatch(/^(?:|layer .*|config .*|blobs.*|index.*|manifest.*|oci.*)$/);
    }
    const odd = new Map(
      await open(
        makeTar([
          { name: `${id}.json`, data: '{"config": {"Env": "x", "User": 1}, "history": [3, null, {"created_by": 4}]}' },
        ]),
      ),
    );
    expect([...odd.keys()]).toEqual([`config ${id.slice(0, 12)}!settings`]);
    expect(layers).toHaveLength(2);
  });
});
