import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { originKey, stdinSource } from '../../src/sources/index.ts';
import { collect } from './collect.ts';

describe('stdinSource', () => {
  it('reads a stream of buffers or strings', async () => {
    const input = Readable.from([Buffer.from('a = 1\nb = '), '2\n']);
    const source = await stdinSource({ maxFileSize: 0, input });
    expect((await collect(source)).chunks).toEqual([
      {
        ...{ origin: { kind: 'stdin' }, path: '<stdin>', logicalPath: 'stdin', text: 'a = 1\nb = 2\n' },
        ...{ bytes: 12, encoding: 'utf-8', firstLine: 1 },
      },
    ]);
    expect(originKey({ kind: 'stdin' })).toBe('stdin');
  });

  it('is called what the user calls it, and may be empty', async () => {
    const source = await stdinSource({ filename: 'src/.env', maxFileSize: 0, input: Readable.from([]) });
    expect(source.description).toContain('src/.env');
    expect((await collect(source)).chunks).toMatchObject([{ path: 'src/.env', logicalPath: 'src/.env', text: '' }]);
  });

  it('says that it stopped at the limit, and only then', async () => {
    const read = async (text: string) =>
      collect(await stdinSource({ maxFileSize: 5, input: Readable.from([Buffer.from(text)]) }));
    expect(await read('12345')).toMatchObject({ chunks: [{ text: '12345' }], skipped: [] });
    expect(await read('123456')).toMatchObject({
      chunks: [{ text: '12345' }],
      skipped: [{ path: '<stdin>', kind: 'policy' }],
    });
  });

  it('stops waiting for input when it is told to', async () => {
    const source = await stdinSource({ maxFileSize: 0, input: new Readable({ read() {} }) });
    const controller = new AbortController();
    const reading = collect(source, controller.signal);
    controller.abort();
    await expect(reading).rejects.toThrow(/abort/i);
  });

  it('passes on what goes wrong with the stream', async () => {
    const input = new Readable({
      read() {
        this.destroy(new Error('broken'));
      },
    });
    await expect(collect(await stdinSource({ maxFileSize: 0, input }))).rejects.toThrow('broken');
  });
});
