import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { configParts, derivedRunId, loadTrainConfig } from '../../../training/pipeline/config.ts';
import { checkConfig, LIMITS } from '../../../training/pipeline/config-limits.ts';
import type { TrainConfig } from '../../../training/pipeline/context.ts';
import { preparePipeline } from '../../../training/pipeline/main.ts';
import type { TrainOptions } from '../../../training/pipeline/options.ts';
import { packageRoot } from '../../../training/pipeline/package-root.ts';
import { planPipeline, runPipeline } from '../../../training/pipeline/runner.ts';
import { STEPS } from '../../../training/pipeline/steps.ts';
import { run as validateConfig } from '../../../training/pipeline/validate-config.ts';
import { temporary } from '../temporary.ts';
import { put, task } from './fake.ts';
import { pipelineOf } from './pipeline-of.ts';

let folder: string;
beforeEach(() => {
  folder = temporary();
});
const load = (options: TrainOptions = {}) => loadTrainConfig({ packageRoot: packageRoot(), cwd: folder, options });
const file = (text: string) => {
  put(join(folder, 'own.yaml'), text);
  return { config: 'own.yaml' };
};
const failure = (promise: Promise<unknown>) => promise.then(() => undefined).catch((error) => error);

describe('the configuration', () => {
  it('lays file over synthetic over default, and options over all', async () => {
    const config = await load({
      ...file('pretrain:\n  steps: 5\nfine_tune: {epochs: 9}'),
      synthetic: true,
      epochs: 2,
      seed: 3,
    });
    expect(config.pretrain).toMatchObject({ steps: 5, hidden: 64, learning_rate: 0.002 });
    expect(config.fine_tune.epochs).toBe(2);
    expect(config.seed).toBe(3);
    expect(config.promote.models_dir).toBe('run');
  });

  it.each([
    [
      'seed: 1\nfine_tune:\n  epoch: 3',
      'own.yaml:3: fine_tune.epoch is not a setting of the training',
      'did you mean epochs?',
    ],
    ['finetune: {}', 'own.yaml:1: finetune is not', 'did you mean fine_tune?'],
    ['zzzzzzzz: 1', 'zzzzzzzz is not', 'sections are name, seed'],
    ['seed: many', 'own.yaml:1: seed must be a number, not a text', undefined],
    ['data: none', 'data must be a section, not a text', undefined],
    ['fine_tune:\n  epochs: [1]', 'own.yaml:2: fine_tune.epochs must be a number, not a list', undefined],
    ['- a', 'must be a list of sections', undefined],
    ['a: [', 'not valid YAML', undefined],
  ])('tells of mistakes with their line: %j', async (text, message, hint) => {
    const error = await failure(load(file(text)));
    expect(error?.name).toBe('UserError');
    expect(error.message).toContain(message);
    if (hint !== undefined) expect(error.hint).toContain(hint);
  });

  it('takes a band as a word or as a section', async () => {
    expect((await load(file('sweep: {band: {low: 0.1, high: 0.9}}'))).sweep.band).toEqual({ low: 0.1, high: 0.9 });
    expect((await load()).sweep.band).toBe('auto');
  });

  it('names a run by what changes the result', async () => {
    const id = derivedRunId(await load());
    expect(id).toMatch(/^run-[0-9a-f]{8}$/);
    expect(derivedRunId(await load({ python: '/usr/bin/python3' }))).toBe(id);
    expect(derivedRunId(await load({ seed: 99 }))).not.toBe(id);
  });

  it('has every setting that the steps name and that has limits', async () => {
    const config = await load();
    const named = [
      ...new Set(STEPS.flatMap((step) => step.config)),
      ...Object.keys(LIMITS).filter((key) => !/band_/.test(key)),
    ];
    const missing = named.filter((key) => key !== '*' && key !== 'base' && configParts(config, [key])[key] === null);
    expect(missing).toEqual([]);
    expect(checkConfig(config)).toEqual([]);
    expect(checkConfig(await load({ synthetic: true }))).toHaveLength(2);
  });

  it.each([
    [{ pretrain: { hidden: 250 } }, 'pretrain.hidden (250) must be a multiple of pretrain.heads (4)'],
    [{ pretrain: { kv_heads: 3 } }, 'pretrain.heads (4) must be a multiple of pretrain.kv_heads (3)'],
    [{ fine_tune: { held_fold: 5 } }, 'fine_tune.held_fold must be a whole number from 0 to 4, not 5'],
    [{ fine_tune: { hard_low: 0.99 } }, 'fine_tune.hard_low must be below'],
    [{ fine_tune: { epochs: 1.5 } }, 'fine_tune.epochs must be a whole number'],
    [{ promote: { name: '../x' } }, 'promote.name must be a plain folder name'],
  ])('is checked for what makes no sense: %j', async (changes, message) => {
    const plain = await load();
    const merged = Object.fromEntries(
      Object.entries(plain).map(([key, value]) => {
        const change = (changes as Record<string, object>)[key];
        return [key, change ? { ...(value as object), ...change } : value];
      }),
    ) as unknown as TrainConfig;
    expect(() => checkConfig(merged)).toThrow(message);
  });

  it('that cannot be stored in k-quants is warned of', async () => {
    const plain = await load();
    expect(checkConfig({ ...plain, pretrain: { ...plain.pretrain, hidden: 192 } })[0]).toContain('hidden is 192');
  });
});

describe('validate_config', () => {
  const attempt = async (data: object) => {
    const step = task('validate_config', { outputs: ['config/validated.json'] }, validateConfig);
    return failure(
      pipelineOf({
        steps: [step],
        folder,
        change: (c) => ({ data: { ...c.data, ...data }, promote: { ...c.promote, models_dir: 'run' } }),
      }).then(runPipeline),
    );
  };
  const corpus = () => {
    for (const name of ['labels.csv', 'repos.csv', 'excerpts.jsonl.gz']) put(join(folder, 'corpus', name), '');
    copyFileSync(join(packageRoot(), 'training', 'config', 'fusion.yaml'), join(folder, 'fusion.yaml'));
    mkdirSync(join(folder, 'packages'));
  };
  const good = { creddata: 'corpus', packages: 'packages', fusion: 'fusion.yaml' };

  it('passes what is complete', async () => {
    corpus();
    expect(await attempt(good)).toBeUndefined();
  });

  it.each([
    [{ creddata: 'nowhere' }, 'the labelled corpus has no labels.csv'],
    [{ packages: 'nowhere' }, 'data.packages names a folder that does not exist'],
    [{ extra: 'nowhere.jsonl' }, 'data.extra names a file that does not exist'],
    [{ fusion: 'nowhere.yaml' }, 'cannot read the fusion file'],
    [{ fusion: 'own.yaml' }, 'own.yaml'],
  ])('tells what is not there: %j', async (data, message) => {
    corpus();
    file('- 1');
    expect((await attempt({ ...good, ...data }))?.message).toContain(message);
  });
});

describe('the command', () => {
  const prepare = (options: TrainOptions) =>
    preparePipeline({ options, cwd: folder, signal: new AbortController().signal, steps: STEPS });

  it('refuses run ids that lead elsewhere', async () => {
    expect((await failure(prepare({ runId: '../x' })))?.message).toContain('plain folder name');
  });

  it('plans all steps in their order, and leaves nothing behind', async () => {
    const pipeline = await prepare({ synthetic: true });
    const plan = await planPipeline(pipeline);
    expect(plan.map(({ step }) => step)).toEqual(STEPS.map(({ name }) => name));
    expect(plan.every(({ why }) => why !== undefined)).toBe(true);
    const validate = await planPipeline({ ...pipeline, targetStep: 'validate_dataset' });
    expect(validate.map(({ step }) => step)).toEqual([
      'download',
      'validate_config',
      'fuse_datasets',
      'validate_dataset',
    ]);
  });

  it('goes on with the same run when it is given the same settings', async () => {
    const [one, two, other] = [await prepare({}), await prepare({}), await prepare({ epochs: 7 })];
    expect(one.runDir).toBe(two.runDir);
    expect(other.runDir).not.toBe(one.runDir);
  });
});
