import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { checkBase } from '../../../training/pipeline/base-source.ts';
import { packageRoot } from '../../../training/pipeline/package-root.ts';
import { fetchPackages, type Package, packageFolder, readRecipe } from '../../../training/pipeline/packages.ts';
import { soundsOffline } from '../../../training/pipeline/python.ts';
import { temporary } from '../temporary.ts';
import { put } from './fake.ts';

let folder: string;
beforeEach(() => {
  folder = temporary();
});

describe('the recipe of released packages', () => {
  it('names fixed versions, each with a checksum and a folder of its own', async () => {
    const recipe = await readRecipe(join(packageRoot(), 'training', 'config', 'corpora.yaml'));
    expect(recipe).toHaveLength(58);
    expect(new Set(recipe.map(packageFolder)).size).toBe(58);
    const folders = recipe.map(packageFolder);
    expect(folders).toContain('aws-sdk-client-s3-3.823.0');
    expect(folders).toContain('django-5.2.1');
  });

  it.each([
    ['npm: [{package: "lodash@latest", integrity: "sha512-x"}]', 'is not a fixed version'],
    ['npm: [{package: "lodash@4.17.21"}]', 'has no checksum'],
    ['pypi: [{package: "requests>=2", integrity: "sha256-x"}]', 'is not a fixed version'],
    ['pypi: [{package: "--index-url==1", integrity: "sha256-x"}]', 'is not a fixed version'],
  ])('is refused when it is not exact: %s', async (text, message) => {
    await expect(readRecipe(put(join(folder, 'r.yaml'), text))).rejects.toThrow(message);
  });
});

describe('released packages', () => {
  const context = (signal = new AbortController().signal) => ({
    setup: { python: undefined, recreate: false, staged: false },
    signal,
    progress: () => {},
    log: () => {},
  });
  function archive(): { path: string; integrity: string } {
    put(join(folder, 'source', 'package', 'index.js'), 'export {};\n');
    const path = join(folder, 'one-1.0.0.tgz');
    spawnSync('tar', ['-czf', path, '-C', join(folder, 'source'), 'package']);
    return { path, integrity: `sha512-${createHash('sha512').update(readFileSync(path)).digest('base64')}` };
  }
  const get =
    (source: string, calls: string[] = []) =>
    async (one: Package, into: string) => {
      calls.push(one.spec);
      put(join(into, 'one-1.0.0.tgz'), '');
      spawnSync('cp', [source, join(into, 'one-1.0.0.tgz')]);
    };

  it('are checked, unpacked, and fetched once', async () => {
    const { path, integrity } = archive();
    const recipe: Package[] = [{ registry: 'npm', spec: '@a/one@1.0.0', integrity }];
    const calls: string[] = [];
    const target = join(folder, 'corpora');
    await fetchPackages({ recipe, folder: target, context: context(), fetch: get(path, calls) });
    await fetchPackages({ recipe, folder: target, context: context(), fetch: get(path, calls) });
    expect(calls).toHaveLength(1);
    expect(readFileSync(join(target, 'a-one-1.0.0', 'package', 'index.js'), 'utf8')).toBe('export {};\n');
    expect(readdirSync(target).filter((name) => !name.startsWith('.'))).toEqual(['a-one-1.0.0']);
  });

  it('whose archive is another are not unpacked', async () => {
    const { path, integrity } = archive();
    const other = integrity.replace(/-./, (start) => (start === '-A' ? '-B' : '-A'));
    const recipe: Package[] = [{ registry: 'npm', spec: 'one@1.0.0', integrity: other }];
    const target = join(folder, 'corpora');
    const attempt = fetchPackages({ recipe, folder: target, context: context(), fetch: get(path) });
    await expect(attempt).rejects.toThrow('is not the one that training/config/corpora.yaml names');
    expect(readdirSync(target)).toEqual([]);
  });

  it('stop when the user wants to', async () => {
    const { path, integrity } = archive();
    const stop = new AbortController();
    stop.abort();
    const recipe: Package[] = [{ registry: 'npm', spec: 'one@1.0.0', integrity }];
    await expect(
      fetchPackages({ recipe, folder: join(folder, 'c'), context: context(stop.signal), fetch: get(path) }),
    ).rejects.toThrow();
    expect(existsSync(join(folder, 'c', 'one-1.0.0'))).toBe(false);
  });

  it('know what a machine without a network says', () => {
    expect(soundsOffline('npm error code ENOTFOUND')).toBe(true);
    expect(soundsOffline('HTTPConnectionPool: Max retries exceeded with url')).toBe(true);
    expect(soundsOffline('error: invalid command bdist_wheel')).toBe(false);
  });
});

describe('a base', () => {
  function safetensors(bytes = 8): Buffer {
    const header = Buffer.from(JSON.stringify({ w: { dtype: 'F32', shape: [2], data_offsets: [0, 8] } }));
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(header.length));
    return Buffer.concat([length, header, Buffer.alloc(bytes)]);
  }
  function base(parts: Record<string, string | Buffer | undefined> = {}): string {
    const files = {
      'config.json': '{"model_type":"qwen3"}',
      'tokenizer.json': '{}',
      'model.safetensors': safetensors(),
      ...parts,
    };
    mkdirSync(join(folder, 'base'));
    for (const [name, content] of Object.entries(files)) {
      if (content !== undefined) put(join(folder, 'base', name), content as string);
    }
    return join(folder, 'base');
  }

  it('that is complete passes', () => {
    expect(() => checkBase(base(), 'my-base')).not.toThrow();
  });

  it.each([
    [{ 'config.json': undefined }, 'the base my-base has no config.json'],
    [{ 'config.json': '{' }, 'config.json that is not valid JSON'],
    [{ 'config.json': '{"model_type":"bert"}' }, 'is a bert, and only llama'],
    [{ 'tokenizer.json': undefined }, 'has no tokenizer.json'],
    [{ 'model.safetensors': undefined }, 'has no weights'],
    [{ 'model.safetensors': safetensors(4) }, 'is damaged or no safetensors file'],
    [{ 'model.safetensors': 'version https://git-lfs.github.com/spec/v1\noid sha256:0\n' }, 'is damaged'],
    [{ 'model.safetensors.index.json': '{"weight_map":{"w":"part-2.safetensors"}}' }, 'lacks part-2.safetensors'],
  ])('that cannot be used is told of: %o', (parts, message) => {
    expect(() => checkBase(base(parts), 'my-base')).toThrow(message);
  });
});
