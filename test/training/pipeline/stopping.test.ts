import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { takeLock } from '../../../training/pipeline/lock.ts';
import { packageRoot } from '../../../training/pipeline/package-root.ts';
import { temporary } from '../temporary.ts';
import { put } from './fake.ts';

/** Counts in its checkpoint how often it was started, and ends when there is a file `go`. */
const SLOW = `
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
const run = process.argv[process.argv.indexOf('--run') + 1];
mkdirSync(run + '/slow', { recursive: true });
const checkpoint = run + '/slow/checkpoint';
const before = existsSync(checkpoint) ? Number(readFileSync(checkpoint, 'utf8')) : 0;
writeFileSync(checkpoint, String(before + 1));
process.on('SIGINT', () => { appendFileSync('trace.txt', 'told to stop\\n'); process.exit(130); });
appendFileSync('trace.txt', 'start ' + before + ' ' + process.pid + '\\n');
setInterval(() => {
  if (!existsSync('go')) return;
  writeFileSync(run + '/slow/out.txt', 'done');
  process.exit(0);
}, 10);
`;

/** The real steps are loaded when they run, and here none of them does. */
const withoutSteps: Plugin = {
  name: 'without-steps',
  setup(building) {
    building.onResolve({ filter: /^\.\.\/(?:data|evaluation)\// }, ({ kind }) =>
      kind === 'dynamic-import' ? { external: true } : undefined,
    );
  },
};

let bundle: string;
let folder: string;
const children: ChildProcess[] = [];

beforeAll(async () => {
  // Node finds the packages that stay outside the bundle from where it lies.
  const cache = join(packageRoot(), 'node_modules', '.cache');
  mkdirSync(cache, { recursive: true });
  bundle = mkdtempSync(join(cache, 'sss-driver-'));
  await build({
    entryPoints: { driver: join(import.meta.dirname, 'driver.ts') },
    ...{ outdir: bundle, outExtension: { '.js': '.mjs' }, bundle: true, splitting: true, logLevel: 'error' },
    ...{ format: 'esm', platform: 'node', target: 'node20.19', packages: 'external', plugins: [withoutSteps] },
  });
});
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(bundle, { recursive: true, force: true });
});
beforeEach(() => {
  folder = temporary();
  put(join(folder, 'slow.mjs'), SLOW);
});

function start() {
  const child = spawn(process.execPath, [join(bundle, 'driver.mjs'), join(folder, 'slow.mjs')], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  let said = '';
  child.stdout.on('data', (data) => (said += data));
  child.stderr.on('data', (data) => (said += data));
  const ended = new Promise<{ code: number | null; said: string }>((resolve) => {
    child.on('exit', (code) => setTimeout(() => resolve({ code, said }), 50));
  });
  return { child, ended };
}

const trace = (): string[] =>
  existsSync(join(folder, 'trace.txt')) ? readFileSync(join(folder, 'trace.txt'), 'utf8').trim().split('\n') : [];
const seen = (line: RegExp) =>
  vi.waitFor(() => expect(trace().join('\n')).toMatch(line), { timeout: 15_000, interval: 20 });
const runFile = (name: string): string => join(folder, 'runs', 'test', name);
const statusOf = (step: string) => JSON.parse(readFileSync(runFile('manifest.json'), 'utf8')).steps[step].status;

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

describe('a run', () => {
  it('that is interrupted tells the worker once, says how to go on, and goes on', async () => {
    const first = start();
    await seen(/^start 0/);
    first.child.kill('SIGINT');
    const { code, said } = await first.ended;
    expect(code).toBe(130);
    expect(said).toContain('the same command goes on from here (or name the run: --run-id test)');
    expect(trace()).toEqual([expect.stringMatching(/^start 0/), 'told to stop']);
    expect(statusOf('slow')).toBe('interrupted');
    expect(existsSync(runFile('lock'))).toBe(false);
    put(join(folder, 'go'), '');
    const second = await start().ended;
    expect(second.code).toBe(0);
    expect(second.said).toMatch(/setup_env +skipped/);
    expect(trace()[2]).toMatch(/^start 1/);
    expect(statusOf('slow')).toBe('done');
  });

  it('that is killed is taken up again, and its worker is ended first', async () => {
    const first = start();
    await seen(/^start 0/);
    first.child.kill('SIGKILL');
    await first.ended;
    const orphan = Number(trace()[0]!.split(' ')[2]);
    expect(statusOf('slow')).toBe('running');
    expect(existsSync(runFile('lock'))).toBe(true);
    const second = start();
    await seen(/^start 1/m);
    if (process.platform === 'linux') expect(isAlive(orphan)).toBe(false);
    put(join(folder, 'go'), '');
    expect((await second.ended).code).toBe(0);
    expect(existsSync(runFile('slow/out.txt'))).toBe(true);
  });

  it('keeps a second one out while it is at work', async () => {
    const first = start();
    await seen(/^start 0/);
    const second = await start().ended;
    expect(second.code).toBe(2);
    expect(second.said).toContain(`process ${first.child.pid} is at work in this run`);
    put(join(folder, 'go'), '');
    expect((await first.ended).code).toBe(0);
    expect(trace()).toHaveLength(1);
  });
});

describe('a lock', () => {
  const owner = (parts: object) =>
    put(join(folder, 'lock'), JSON.stringify({ host: hostname(), pid: 2 ** 22 + 1, began: null, ...parts }));

  it('of a process that is gone is taken over, and so is one that is damaged after a crash', async () => {
    owner({});
    const lock = await takeLock(folder);
    expect(readFileSync(join(folder, 'lock'), 'utf8')).toContain(String(process.pid));
    lock.release();
    put(join(folder, 'lock'), '{"pi');
    (await takeLock(folder)).release();
    expect(existsSync(join(folder, 'lock'))).toBe(false);
  });

  it.runIf(process.platform === 'linux')('of a process whose number another one has now is taken over', async () => {
    owner({ pid: process.ppid, began: '1' });
    (await takeLock(folder)).release();
  });

  it('of another machine, or of a living process, is left alone', async () => {
    owner({ host: 'elsewhere.invalid' });
    await expect(takeLock(folder)).rejects.toThrow('on elsewhere.invalid is at work');
    owner({ pid: process.pid });
    await expect(takeLock(folder)).rejects.toThrow(`process ${process.pid} is at work`);
  });

  it('is had by one of many that want it at the same time', async () => {
    owner({});
    const tries = await Promise.allSettled(Array.from({ length: 8 }, () => takeLock(folder)));
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });
});
