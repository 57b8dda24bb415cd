import { basename, dirname, sep } from 'node:path';
import { AutoTokenizer, env } from '@huggingface/transformers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createJudge } from '../../src/classify/index.ts';
import { loadLanguageModel } from '../../src/classify/language-model.ts';
import { openModelFolder } from '../../src/classify/model-folder.ts';
import { renderPrompt } from '../../src/classify/prompt.ts';
import { features } from '../../src/features/index.ts';
import type { Device } from '../../src/types.ts';
import { candidateOf, chunkOf } from '../report/sample.ts';
import { tinyModel, VERDICT_TOKENS } from './tiny-model.ts';

/** What the mocked runtime does, besides what the real one does. */
const machine = vi.hoisted(() => ({ runtime: true, cuda: false, opened: [] as unknown[] }));
vi.mock('onnxruntime-node', async (original) => {
  const ort = await original<typeof import('onnxruntime-node')>();
  type Create = (network: Uint8Array, options: { executionProviders: string[] }) => unknown;
  const create: Create = (network, options) => {
    machine.opened.push(options);
    if (!machine.cuda || options.executionProviders[0] !== 'cuda') {
      return ort.InferenceSession.create(network, options as never);
    }
    return ort.InferenceSession.create(network, { ...options, executionProviders: ['cpu'] } as never);
  };
  return {
    ...ort,
    InferenceSession: { create },
    get env() {
      if (!machine.runtime)
        throw new Error("Cannot find module '../bin/napi-v6/sunos/x64/onnxruntime_binding.node'\n- x");
      return ort.env;
    },
  };
});
afterEach(() => Object.assign(machine, { runtime: true, cuda: false, opened: [] }));

const dir = tinyModel({ band: { low: 0, high: 1 } });
const one = candidateOf({ chunk: chunkOf('api_key = "sunflower83"'), value: 'sunflower83', name: 'api_key' });
const judged = async (device: Device | undefined) => {
  const judge = createJudge({ preset: 'balanced', modelDir: dir, device });
  const [verdict] = await judge.judge([one, one]);
  return { by: verdict!.decidedBy, device: judge.device(), notes: judge.notes() };
};
const providers = () =>
  machine.opened.map((options) => (options as { executionProviders: string[] }).executionProviders);

describe('the device', () => {
  it('is CUDA when that is there, unless the CPU is asked for', async () => {
    machine.cuda = true;
    expect(await judged(undefined)).toEqual({ by: 'model', device: 'cuda', notes: [] });
    expect(await judged('cuda')).toEqual({ by: 'model', device: 'cuda', notes: [] });
    expect(await judged('cpu')).toEqual({ by: 'model', device: 'cpu', notes: [] });
    expect(providers()).toEqual([['cuda'], ['cuda'], ['cpu']]);
  });

  it('is the CPU when there is no CUDA, which is said to those who asked for it', async () => {
    expect(await judged('auto')).toEqual({ by: 'model', device: 'cpu', notes: [] });
    const asked = await judged('cuda');
    expect(asked).toMatchObject({ by: 'model', device: 'cpu' });
    expect(asked.notes).toEqual([expect.stringMatching(/^CUDA is not available \(.+[^.:]\): the CPU judged$/)]);
    // One provider at a time: the runtime throws when one of several is missing.
    expect(providers()).toEqual([['cuda'], ['cpu'], ['cuda'], ['cpu']]);
  });

  it('gives it one thread', async () => {
    await judged('cpu');
    expect(machine.opened).toMatchObject([{ intraOpNumThreads: 1, interOpNumThreads: 1, executionMode: 'sequential' }]);
  });

  it('may have no runtime at all: then the gate judges, and that is said', async () => {
    machine.runtime = false;
    expect(await judged('auto')).toEqual({
      by: 'gate',
      device: undefined,
      notes: [
        expect.stringMatching(/^the language model cannot run on this machine \(Cannot find module [^\n]*\): the gate/),
      ],
    });
  });
});

describe('a prompt that is too long', () => {
  it('is cut to what the card says', async () => {
    const languageModel = { maxTokens: 40, verdictTokens: VERDICT_TOKENS };
    const folder = await openModelFolder({ dir: tinyModel({ card: { languageModel } }) });
    const { logits } = await loadLanguageModel({ folder, device: 'cpu' });
    const [a, b, c] = [0, 1, 2].map((n) => `${'a'.repeat(24 + n)}${'9'.repeat(500)}${'Z'.repeat(16)}`) as [
      string,
      string,
      string,
    ];
    // Of each, the first 24 and the last 16 tokens are read.
    expect(await logits(a)).toEqual(await logits(b));
    expect(await logits(b)).toEqual(await logits(c));
    expect(await logits(c)).not.toEqual(await logits(c.slice(3)));
  });
});

describe('the tokenizer', () => {
  it('reads prompts as the reference implementation does', async () => {
    const folder = await openModelFolder({ dir });
    const { encode } = await loadLanguageModel({ folder, device: 'cpu' });
    env.allowRemoteModels = false;
    env.localModelPath = dirname(dir) + sep;
    const reference = await AutoTokenizer.from_pretrained(basename(dir), { local_files_only: true });
    const texts = ['sunflower83', 'пароль 密码 😀', ' secret placeholder harmless', '\\x1b[0m', 'a'.repeat(300)];
    for (const value of texts) {
      const candidate = candidateOf({ chunk: chunkOf(`api_key = "${value}"`), value, name: 'api_key' });
      const prompt = renderPrompt(candidate, features(candidate));
      expect(encode(prompt)).toEqual(reference.encode(prompt));
      expect(encode(prompt).length).toBeGreaterThan(100);
    }
  });
});
