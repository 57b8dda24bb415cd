import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../../src/util/errors.ts';
import { ContractError } from '../../../training/pipeline/errors.ts';
import { runPipeline } from '../../../training/pipeline/runner.ts';
import { STEPS } from '../../../training/pipeline/steps.ts';
import { temporary } from '../temporary.ts';
import { fakeSetup, put, readRun, task, worker } from './fake.ts';
import { pipelineOf } from './pipeline-of.ts';

describe('a worker', () => {
  it('is told its settings, and its progress and its words are kept apart', async () => {
    const folder = temporary();
    const script = put(
      join(folder, 'w.mjs'),
      `import { readFileSync, writeFileSync } from 'node:fs';
      const at = (name) => process.argv[process.argv.indexOf(name) + 1];
      const { epochs, seed, data } = JSON.parse(readFileSync(at('--config'), 'utf8'));
      console.log(JSON.stringify({ progress: { step: 'w', done: 1, total: 2, unit: 'batches', text: 'loss 0.5' } }));
      console.log('a plain line');
      console.error('a warning');
      writeFileSync(at('--run') + '/out.txt', [epochs, seed, data.packages, process.argv.includes('--json-progress')].join());`,
    );
    const updates: string[] = [];
    const display = () => ({
      update: (...update: unknown[]) => void updates.push(update.join(' ')),
      log: () => {},
      clear: () => {},
    });
    const steps = [fakeSetup, worker('fine_tune', script, { outputs: ['out.txt'] })];
    const input = await pipelineOf({ steps, folder, more: { display } });
    await runPipeline(input);
    expect(readRun(input, 'out.txt')).toBe('2,20,auto,true');
    expect(updates).toContain('1 2 loss 0.5');
    expect(readRun(input, 'logs/fine_tune.log').split('\n').sort()).toEqual(['', 'a plain line', 'a warning']);
  });

  it.each([
    [`console.error('error: no records\\nhint: run fuse'); process.exit(2)`, 'w: no records', 'run fuse'],
    [`console.error('Traceback\\nValueError: 7'); process.exit(1)`, 'ValueError: 7', 'w.log'],
    [
      `console.error('OSError: [Errno 28] No space left on device'); process.exit(1)`,
      'ended with exit code 1',
      'disk is full',
    ],
    [`process.kill(process.pid, 'SIGKILL'); setInterval(() => {}, 1000)`, 'was ended by SIGKILL', 'want of memory'],
  ])('that fails is quoted: %s', async (code, message, hint) => {
    const folder = temporary();
    const script = put(join(folder, 'w.mjs'), code);
    const error = await runPipeline(await pipelineOf({ steps: [fakeSetup, worker('w', script)], folder })).catch(
      (e) => e,
    );
    expect(error).toBeInstanceOf(UserError);
    expect(error.message).toContain(message);
    expect(error.hint).toContain(hint);
  });

  it('needs the environment only when it runs', async () => {
    const folder = temporary();
    const script = put(join(folder, 'w.mjs'), '');
    let setups = 0;
    const counted = task('setup_env', { outputs: ['env.json'] }, async (context) => {
      setups++;
      await (await (fakeSetup.run as { load: () => Promise<{ run(c: unknown): Promise<void> }> }).load()).run(context);
    });
    const steps = [counted, worker('w', script)];
    await runPipeline(await pipelineOf({ steps, folder }));
    const input = await pipelineOf({ steps, folder });
    // A run that was moved to a machine without that interpreter.
    const elsewhere = JSON.stringify({ ...JSON.parse(readRun(input, 'env.json')), python: '/nowhere/python' });
    put(join(input.runDir, 'env.json'), elsewhere);
    const manifest = JSON.parse(readRun(input, 'manifest.json'));
    const sha256 = createHash('sha256').update(elsewhere).digest('hex');
    manifest.steps.setup_env.outputs['env.json'] = { sha256, bytes: elsewhere.length };
    put(join(input.runDir, 'manifest.json'), JSON.stringify(manifest));
    await runPipeline(input);
    expect(setups).toBe(1);
    put(script, '// changed');
    await runPipeline(input);
    expect(setups).toBe(2);
  });
});

describe('the contract on splits', () => {
  const record = (split: string) => `${JSON.stringify({ id: 'x', split, text: 'a "split":"test" in a text' })}\n`;
  const fill = (text: string) =>
    task('fill', { outputs: ['data/train.jsonl'] }, ({ runDir }) => void put(join(runDir, 'data/train.jsonl'), text));
  const needs = { needs: ['setup_env', 'fill'], inputs: ['data/train.jsonl'] };

  it.each(['calib', 'test', 'Train', ''])('keeps a record of %j from a worker', async (split) => {
    const folder = temporary();
    const script = put(
      join(folder, 'w.mjs'),
      `import { writeFileSync } from 'node:fs'; writeFileSync('${folder}/ran', '')`,
    );
    const steps = [
      fakeSetup,
      fill(record('train') + record(split)),
      worker('w', script, { ...needs, reads: ['train'] }),
    ];
    const error = await runPipeline(await pipelineOf({ steps, folder })).catch((e) => e);
    expect(error).toBeInstanceOf(ContractError);
    expect(error.message).toContain('line 2 of data/train.jsonl');
    expect(() => readFileSync(join(folder, 'ran'))).toThrow();
  });

  it('lets records of train pass, whatever their texts say', async () => {
    const folder = temporary();
    const script = put(join(folder, 'w.mjs'), '');
    const steps = [fakeSetup, fill(record('train')), worker('w', script, { ...needs, reads: ['train'] })];
    expect((await runPipeline(await pipelineOf({ steps, folder }))).at(-1)!.what).toBe('ran');
  });

  it('sees a split behind blanks, deeper, and said twice', async () => {
    for (const text of [
      '{"split" : "test"}',
      '{"a":{"split":"test"}}',
      '{"split":"train","split":"test"}',
      '{"split":1}',
    ]) {
      const folder = temporary();
      const script = put(join(folder, 'w.mjs'), '');
      const steps = [fakeSetup, fill(`${text}\n`), worker('w', script, { ...needs, reads: ['train'] })];
      await expect(pipelineOf({ steps, folder }).then(runPipeline)).rejects.toThrow(ContractError);
    }
  });

  it('keeps records from a step that declares none, and a worker from declaring more than train', async () => {
    const folder = temporary();
    const script = put(join(folder, 'w.mjs'), '');
    const none = [fakeSetup, fill(record('train')), worker('w', script, needs)];
    await expect(pipelineOf({ steps: none, folder }).then(runPipeline)).rejects.toThrow('may read no records');
    const more = [fakeSetup, worker('w', script, { reads: ['train', 'calib'] })];
    await expect(pipelineOf({ steps: more, folder: temporary() }).then(runPipeline)).rejects.toThrow(
      'workers read train only',
    );
  });

  it('holds for the steps there are: only some open calib, one opens test, what fits opens neither', () => {
    const readers = (split: 'calib' | 'test') =>
      STEPS.filter(({ reads }) => reads.includes(split)).map(({ name }) => name);
    expect(readers('test')).toEqual(['evaluate']);
    expect(readers('calib')).toEqual(['export_calib_logits', 'sweep_thresholds', 'promote', 'compare_gguf']);
    for (const step of STEPS) if (step.run.kind === 'worker') expect(step.reads).toEqual(['train']);
    const opening = STEPS.filter(({ inputs }) => inputs.includes('@creddata')).map(({ name }) => name);
    expect(opening).toEqual(['fuse_datasets', 'export_calib_logits', 'evaluate', 'promote', 'compare_gguf']);
  });

  it('tells a task what it may read', async () => {
    const seen: unknown[] = [];
    const steps = [task('t', { reads: ['calib'] }, ({ allowedSplits }) => void seen.push(allowedSplits))];
    await runPipeline(await pipelineOf({ steps }));
    expect(seen).toEqual([['calib']]);
  });
});

describe('the steps', () => {
  it('read only what comes from a step they need, or from outside', () => {
    const before = new Map<string, Set<string>>();
    for (const { name, needs } of STEPS) {
      before.set(name, new Set(needs.flatMap((need) => [need, ...(before.get(need) ?? [])])));
    }
    for (const { name, inputs } of STEPS) {
      for (const place of inputs.filter((one) => !one.startsWith('@') && !one.startsWith('base-source'))) {
        const maker = STEPS.find(({ outputs }) => outputs.some((out) => place === out || place.startsWith(`${out}/`)));
        expect(`${name} ← ${place}: ${maker && before.get(name)!.has(maker.name)}`).toBe(`${name} ← ${place}: true`);
      }
    }
  });
});

it('tells of a folder that cannot be written', async () => {
  const folder = temporary();
  // A file where the folder of runs should be: nobody can write below it, root included.
  put(join(folder, 'runs'), '');
  const error = await runPipeline(await pipelineOf({ steps: [fakeSetup], folder })).catch((e) => e);
  expect(error).toBeInstanceOf(UserError);
  expect(error.message).toContain('a file is where a folder should be');
});
