import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { UserError } from '../../../src/util/errors.ts';
import { Interrupted } from '../../../training/pipeline/errors.ts';
import { readManifest } from '../../../training/pipeline/manifest.ts';
import { type PipelineInput, planPipeline, runPipeline } from '../../../training/pipeline/runner.ts';
import type { Step } from '../../../training/pipeline/step.ts';
import { temporary } from '../temporary.ts';
import { fakeSetup, put, readRun, task, worker } from './fake.ts';
import { pipelineOf } from './pipeline-of.ts';

/** One line: a reads the user's file, b makes of it what the configuration says, c and d use b. */
function chain(done: string[]): Step[] {
  const copy = (name: string, from: string, parts: Partial<Step> = {}): Step =>
    task(name, { inputs: [from], outputs: [`${name}.txt`], ...parts }, ({ runDir, paths, config }) => {
      done.push(name);
      const text = from === '@extra' ? readFileSync(paths.extra!, 'utf8') : readFileSync(join(runDir, from), 'utf8');
      put(join(runDir, `${name}.txt`), name === 'b' ? `${text}${config.seed}` : text.toUpperCase());
    });
  return [
    copy('a', '@extra'),
    copy('b', 'a.txt', { needs: ['a'], config: ['seed'] }),
    copy('c', 'b.txt', { needs: ['b'] }),
    copy('d', 'b.txt', { needs: ['b'] }),
  ];
}

let folder: string;
let done: string[];
const make = (steps: readonly Step[], more: Partial<PipelineInput> = {}, changes: object = {}) =>
  pipelineOf({ steps, folder, more, change: ({ data }) => ({ data: { ...data, extra: 'own.jsonl' }, ...changes }) });

beforeEach(() => {
  folder = temporary();
  done = [];
  put(join(folder, 'own.jsonl'), 'one');
});

describe('a pipeline', () => {
  it('runs its steps in the order of what they need, whatever the order they are listed in', async () => {
    const [a, b, c, d] = chain(done);
    await runPipeline(await make([d!, c!, b!, a!]));
    expect(done.indexOf('a')).toBe(0);
    expect(done.indexOf('b')).toBe(1);
    expect([...done].sort()).toEqual(['a', 'b', 'c', 'd']);
  });

  it('does nothing the second time', async () => {
    await runPipeline(await make(chain(done)));
    const results = await runPipeline(await make(chain(done)));
    expect(done).toHaveLength(4);
    expect(results.map(({ what }) => what)).toEqual(['skipped', 'skipped', 'skipped', 'skipped']);
  });

  it.each([
    ['an input', () => put(join(folder, 'own.jsonl'), 'two'), {}, ['a', 'b', 'c', 'd']],
    ['a setting', () => '', { seed: 7 }, ['b', 'c', 'd']],
    ['an output that is gone', () => rmSync(join(folder, 'runs', 'test', 'c.txt')), {}, ['c']],
    ['an output that was edited', () => put(join(folder, 'runs', 'test', 'd.txt'), 'mine'), {}, ['d']],
  ])('runs again what %s changes, and no more', async (_, change, settings, expected) => {
    await runPipeline(await make(chain(done)));
    done.length = 0;
    change();
    await runPipeline(await make(chain(done), {}, settings));
    expect(done).toEqual(expected);
  });

  it('stops short where a step that ran again came to the same', async () => {
    await runPipeline(await make(chain(done)));
    done.length = 0;
    put(join(folder, 'own.jsonl'), 'ONE');
    await runPipeline(await make(chain(done)));
    expect(done).toEqual(['a']);
  });

  it('runs a step again whose code has changed', async () => {
    const script = put(join(folder, 'w.mjs'), 'process.exit(0)');
    const steps = [fakeSetup, worker('w', script)];
    expect((await runPipeline(await make(steps))).map(({ what }) => what)).toEqual(['ran', 'ran']);
    put(script, 'process.exit(0) // other');
    const plan = await planPipeline(await make(steps));
    expect(plan.map(({ why }) => why)).toEqual([undefined, `code ${script} has changed`]);
  });

  it('runs what a target needs and stops there', async () => {
    await runPipeline(await make(chain(done), { targetStep: 'c' }));
    expect(done).toEqual(['a', 'b', 'c']);
  });

  it('runs again from a step on, and what was asked for is kept when it is stopped', async () => {
    await runPipeline(await make(chain(done)));
    done.length = 0;
    const stop = new AbortController();
    const steps = chain(done).map((step) => (step.name === 'c' ? task('c', step, () => stop.abort()) : step));
    await expect(runPipeline(await make(steps, { from: 'b', signal: stop.signal }))).rejects.toThrow(Interrupted);
    expect(done).toEqual(['b']);
    await runPipeline(await make(chain(done)));
    expect(done).toEqual(['b', 'c', 'd']);
  });

  it('names the step that was probably meant', async () => {
    const error = await make([fakeSetup], { targetStep: 'setup-env' })
      .then(runPipeline)
      .catch((e) => e);
    expect(error).toBeInstanceOf(UserError);
    expect(error.hint).toBe('did you mean setup_env?');
    await expect(make([fakeSetup], { from: 'zzz' }).then(runPipeline)).rejects.toThrow('there is no step zzz');
  });

  it('fails when a step does not write what it says it does, and runs it again', async () => {
    const steps = [task('a', { outputs: ['a.txt'] }, () => {})];
    await expect(runPipeline(await make(steps))).rejects.toThrow('a has not written a.txt');
    expect((await planPipeline(await make(steps)))[0]!.why).toBe('failed');
  });

  it('goes on from the checkpoint after a failure, and begins anew when something has changed', async () => {
    const steps = (fail: boolean): Step[] => [
      task('a', { scratch: ['scratch'], config: ['seed'] }, ({ runDir }) => {
        const file = join(runDir, 'scratch', 'checkpoint');
        done.push(existsSync(file) ? 'went on' : 'began');
        put(file, 'x');
        if (fail) throw new UserError('no');
      }),
    ];
    await expect(runPipeline(await make(steps(true)))).rejects.toThrow('no');
    await expect(runPipeline(await make(steps(true)))).rejects.toThrow('no');
    await runPipeline(await make(steps(false), {}, { seed: 5 }));
    await runPipeline(await make(steps(false), { from: 'a' }, { seed: 5 }));
    expect(done).toEqual(['began', 'went on', 'began', 'began']);
  });
});

describe('the manifest', () => {
  it('has hash and size of what went in and came out, and the versions', async () => {
    const input = await make([fakeSetup, ...chain(done)]);
    await runPipeline(input);
    const manifest = readManifest(input.runDir)!;
    expect(manifest).toMatchObject({ schema: 1, runId: 'test', seed: 20, versions: { torch: '2.15.0' } });
    expect(manifest.versions.node).toBe(process.versions.node);
    const record = manifest.steps.b!;
    expect(record.status).toBe('done');
    const sha256 = createHash('sha256').update('ONE').digest('hex');
    expect(record.inputs['a.txt']).toEqual({ sha256, bytes: 3 });
    expect(record.outputs['b.txt']).toMatchObject({ bytes: 5 });
    expect(Object.keys(record.config)).toEqual(['seed']);
    expect(record.seconds).toBeGreaterThanOrEqual(0);
  });

  it.each([
    ['{"schema": 1, "runId"', 'is not valid JSON'],
    ['{"schema": 9}', 'has the version 9'],
    ['{"schema": 1, "runId": "x", "steps": {"a": 1}}', 'lacks what it must have'],
    ['[]', 'lacks what it must have'],
  ])('that is damaged is told of: %s', async (text, message) => {
    const input = await make(chain(done));
    put(join(input.runDir, 'manifest.json'), text);
    const error = await runPipeline(input).catch((e) => e);
    expect(error).toBeInstanceOf(UserError);
    expect(error.message).toContain(message);
    expect(error.hint).toContain('manifest.json');
    expect(done).toEqual([]);
    expect(existsSync(join(input.runDir, 'lock'))).toBe(false);
  });

  it('makes a step run again that was running when the process was killed', async () => {
    const input = await make(chain(done));
    await runPipeline(input);
    done.length = 0;
    const text = readRun(input, 'manifest.json');
    const manifest = JSON.parse(text);
    manifest.steps.c.status = 'running';
    writeFileSync(join(input.runDir, 'manifest.json'), JSON.stringify(manifest));
    await runPipeline(input);
    expect(done).toEqual(['c']);
  });
});

describe('a plan', () => {
  it('says what would run and why, and does nothing', async () => {
    const input = await make(chain(done));
    expect((await planPipeline(input)).map(({ step, why }) => `${step}: ${why}`)).toEqual([
      'a: has not run yet',
      'b: needs a',
      'c: needs b',
      'd: needs b',
    ]);
    expect(done).toEqual([]);
    expect(existsSync(input.runDir)).toBe(false);
    await runPipeline(input);
    put(join(folder, 'own.jsonl'), 'two');
    expect((await planPipeline(input)).map(({ why }) => why)).toEqual([
      'input @extra has changed',
      'needs a',
      'needs b',
      'needs b',
    ]);
  });
});
