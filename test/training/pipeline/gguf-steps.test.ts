import { describe, expect, it } from 'vitest';
import { UserError } from '../../../src/util/errors.ts';
import { preparePipeline } from '../../../training/pipeline/main.ts';
import type { TrainOptions } from '../../../training/pipeline/options.ts';
import { orderSteps } from '../../../training/pipeline/plan.ts';
import type { Step } from '../../../training/pipeline/step.ts';
import { STEPS } from '../../../training/pipeline/steps.ts';
import { temporary } from '../temporary.ts';
import { put } from './fake.ts';

const GGUF = ['convert_to_gguf', 'create_modelfile', 'compare_gguf'];

async function prepared(options: TrainOptions, settings?: string) {
  const cwd = temporary();
  if (settings !== undefined) put(`${cwd}/own.yaml`, settings);
  const config = settings === undefined ? {} : { config: 'own.yaml' };
  const input = { options: { ...config, ...options }, cwd, signal: new AbortController().signal, steps: STEPS };
  const pipeline = await preparePipeline(input);
  return { ...pipeline, names: orderSteps(pipeline.steps, pipeline.targetStep).map(({ name }) => name) };
}

describe('the steps of GGUF files', () => {
  it('are left out of a run that does not ask for them', async () => {
    const { names, steps } = await prepared({});
    expect(names.at(-1)).toBe('promote');
    expect(names.filter((name) => GGUF.includes(name))).toEqual([]);
    expect(steps).toHaveLength(STEPS.length - GGUF.length);
  });

  it.each<[string, TrainOptions, string?]>([
    ['by kinds', { quantize: ['Q8_0'] }],
    ['by the configuration', {}, 'gguf: {always: true}'],
    ['by the generated data', { synthetic: true }],
  ])('come with a run that asks for them %s', async (_, options, settings) => {
    const { names } = await prepared(options, settings);
    expect(names.slice(-4)).toEqual(['promote', ...GGUF]);
  });

  it('need no more than the merged weights', async () => {
    const { names } = await prepared({ targetStep: 'create_modelfile' });
    expect(names.slice(-3)).toEqual(['merge_adapter', 'convert_to_gguf', 'create_modelfile']);
    expect(names).not.toContain('promote');
    const compared = await prepared({ targetStep: 'compare_gguf' });
    expect(compared.names).toContain('sweep_thresholds');
    expect(compared.names).not.toContain('evaluate');
  });

  it('leave the files that are wanted, in the run of the same training', async () => {
    const { steps, runId } = await prepared({ targetStep: 'convert_to_gguf', quantize: ['Q6_K'] });
    const { outputs } = steps.find(({ name }) => name === 'convert_to_gguf')!;
    const file = (kind: string) => `gguf/smart-secrets-scanner.${kind}.gguf`;
    expect(outputs).toEqual(['gguf/files.json', file('F32'), file('Q6_K')]);
    expect(runId).toBe((await prepared({})).runId);
  });

  it('take the shipped model without any training, in a run of its own', async () => {
    const { names, runId, paths, steps } = await prepared({ shipped: true });
    expect(names).toEqual(['setup_env', 'restore_weights', 'convert_to_gguf', 'create_modelfile']);
    expect(runId).toBe('gguf-sss-llama-4x256');
    // Of Python, only what that needs; the weights themselves are run to compare.
    const setup = (all: readonly Step[]) => all.find(({ name }) => name === 'setup_env')!.code;
    expect(setup(steps)).toEqual(['training/requirements-gguf.txt']);
    expect(paths.finished).toMatch(/models[\\/]sss-llama-4x256$/);
    const compared = await prepared({ shipped: true, targetStep: 'compare_gguf' });
    expect(compared.names).toEqual(['setup_env', 'restore_weights', 'convert_to_gguf', 'compare_gguf']);
    expect(setup(compared.steps)).toContain('training/requirements.txt');
    expect((await prepared({}, 'gguf: {source: models/mine}')).runId).toBe('gguf-mine');
  });

  it.each([
    ['gguf: {quantize: [Q4_K_M, Q9]}', 'gguf.quantize has Q9, and the kinds are F16'],
    ['gguf: {quantize: []}', 'gguf.quantize names no kind of file'],
    ['gguf: {quantize: Q8_0}', 'gguf.quantize must be a list, not a text'],
    ['gguf: {least_agreement: 99}', 'gguf.least_agreement must be a number from 0 to 1'],
  ])('are asked for in a way that makes sense: %s', async (settings, message) => {
    const error = await prepared({}, settings).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(UserError);
    expect((error as UserError).message).toContain(message);
  });
});
