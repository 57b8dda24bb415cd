import { chmodSync, mkdirSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { UserError } from '../../../src/util/errors.ts';
import { ensureLlama, findQuantizer, llamaModule } from '../../../training/pipeline/llama.ts';
import { temporary } from '../temporary.ts';
import { put } from './fake.ts';

let folder: string;
let lines: string[];
const context = () => ({
  artifactRoot: join(folder, 'runs'),
  signal: new AbortController().signal,
  log: (line: string) => void lines.push(line),
});
const left = () => readdirSync(join(folder, 'runs'));

/** Puts a program into a folder that is looked in first. */
function program(name: string, text: string): void {
  const path = put(join(folder, 'bin', name), `#!/bin/sh\n${text}\n`);
  chmodSync(path, 0o755);
}

/** What `npm install` leaves behind, as far as it matters here. */
const INSTALL = `d=node_modules; mkdir -p $d/node-llama-cpp $d/@node-llama-cpp/x/bins/x
echo '{"version": "3.22.1"}' > $d/node-llama-cpp/package.json
touch $d/@node-llama-cpp/x/bins/x/libllama-common.so $d/@node-llama-cpp/x/bins/x/libllama.v1.so`;

beforeEach(() => {
  folder = temporary();
  lines = [];
  mkdirSync(join(folder, 'runs'));
  mkdirSync(join(folder, 'bin'));
  vi.stubEnv('PATH', `${join(folder, 'bin')}${delimiter}${process.env.PATH}`);
});
afterEach(() => {
  vi.unstubAllEnvs();
});

describe.skipIf(process.platform === 'win32')('llama.cpp', () => {
  it('quantizes by the program on the PATH, and nothing is fetched then', async () => {
    program('llama-quantize', 'exit 1');
    expect(await findQuantizer(context())).toEqual({ program: 'llama-quantize' });
    expect(left()).toEqual([]);
  });

  it('is fetched once for all runs, without scripts and without builds for graphics cards', async () => {
    program('npm', `echo "$@" > ${join(folder, 'told')}\n${INSTALL}`);
    const found = await findQuantizer(context());
    expect('library' in found && found.library).toMatch(/bins.x.libllama\.v1\.so$/);
    expect(lines).toHaveLength(1);
    expect(left()).toEqual(['.llama']);
    program('npm', 'exit 1');
    expect(await llamaModule(context())).toContain(join('.llama', 'node_modules', 'node-llama-cpp', 'dist'));
    expect(lines).toHaveLength(1);
  });

  it('says so when no registry answers, and leaves nothing', async () => {
    // The real npm, and nobody who listens.
    for (const key of ['npm_config_registry', 'NPM_CONFIG_REGISTRY']) vi.stubEnv(key, 'http://127.0.0.1:9/');
    vi.stubEnv('npm_config_fetch_retries', '0');
    vi.stubEnv('npm_config_cache', join(folder, 'cache'));
    const error = (await ensureLlama(context()).catch((reason: unknown) => reason)) as UserError;
    expect(error.message).toContain('node-llama-cpp 3.22.1 cannot be installed: the registry does not answer');
    expect(error.hint).toContain('llama-quantize');
    expect(left()).toEqual([]);
  });

  it.each([
    ['a full disk', 'echo "npm error nospc ENOSPC: no space left on device" >&2; exit 228', 'make room'],
    ['an installation that lacks something', 'mkdir -p node_modules/node-llama-cpp', 'go online once'],
  ])('is not left half there by %s', async (_, text, hint) => {
    program('npm', text);
    const error = (await ensureLlama(context()).catch((reason: unknown) => reason)) as UserError;
    expect(error.hint).toContain(hint);
    expect(left()).toEqual([]);
  });

  it('of another version, or half of one, is fetched again', async () => {
    const installed = join(folder, 'runs', '.llama', 'node_modules', 'node-llama-cpp', 'package.json');
    put(installed, '{"version": "1.0.0"}');
    program('npm', INSTALL);
    await ensureLlama(context());
    expect(lines).toHaveLength(1);
    put(installed, '{"vers');
    await ensureLlama(context());
    expect(lines).toHaveLength(2);
  });
});
