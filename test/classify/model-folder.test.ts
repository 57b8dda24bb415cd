import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AutoTokenizer, type PreTrainedTokenizer } from '@huggingface/transformers';
import { describe, expect, it, vi } from 'vitest';
import { parseCard } from '../../src/classify/card.ts';
import { createJudge } from '../../src/classify/index.ts';
import { DEFAULT_MODEL, openModelFolder, shippedModel } from '../../src/classify/model-folder.ts';
import { verifyModel } from '../../src/classify/verify-model.ts';
import { UserError } from '../../src/util/errors.ts';
import { candidateOf, chunkOf } from '../report/sample.ts';
import { meanNetwork } from './onnx.ts';
import { type TinyOptions, tinyModel, tokenizerText } from './tiny-model.ts';

const EVERYTHING = { low: 0, high: 1 };
const one = candidateOf({ chunk: chunkOf('api_key = "sunflower83"'), value: 'sunflower83', name: 'api_key' });

/** What a user is told when a candidate is judged with a model. */
async function failure(dir: string | undefined, useModel = true): Promise<string> {
  const error = await createJudge({ preset: 'balanced', modelDir: dir, device: 'cpu', useModel })
    .judge([one])
    .then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
  expect(error).toBeInstanceOf(UserError);
  const { message, hint } = error as UserError;
  expect(hint).toMatch(/again/);
  return message;
}

/** A model of which everything is used, after `change` has been at its folder. */
async function afterwards(change: (dir: string) => void, options: TinyOptions = {}): Promise<string> {
  const dir = tinyModel({ band: EVERYTHING, ...options });
  change(dir);
  return failure(dir);
}

const swapped = (path: string) => {
  const bytes = readFileSync(path);
  bytes[bytes.length >> 1]! ^= 1;
  writeFileSync(path, bytes);
};

describe('a model folder', () => {
  it('that is whole is used', async () => {
    const dir = tinyModel({ band: EVERYTHING });
    const [verdict] = await createJudge({ preset: 'balanced', modelDir: dir, device: 'cpu' }).judge([one]);
    expect(verdict!.decidedBy).toBe('model');
  });

  it('that ships with the scanner lies in models/ of the package', () => {
    expect(shippedModel()).toBe(join(import.meta.dirname, '..', '..', 'models', DEFAULT_MODEL));
  });

  const FILES = ['gate.json', 'onnx/model_quantized.onnx', 'tokenizer.json', 'tokenizer_config.json'];

  it.each(FILES)('with a part of %s is refused', async (name) => {
    expect(await afterwards((dir) => truncateSync(join(dir, name), 20))).toMatch(
      new RegExp(`^${name} of the model in .* is damaged: it has 20 bytes and should have \\d+$`),
    );
    expect(await afterwards((dir) => appendFileSync(join(dir, name), ' '))).toContain('is damaged');
  });

  it.each(FILES)('with another %s is refused', async (name) => {
    expect(await afterwards((dir) => swapped(join(dir, name)))).toMatch(/is not the one that belongs to it/);
  });

  it.each(FILES)('without %s is refused', async (name) => {
    expect(await afterwards((dir) => rmSync(join(dir, name)))).toMatch(/is incomplete: .* is missing/);
    expect(
      await afterwards((dir) => {
        const path = join(dir, 'card.json');
        const card = JSON.parse(readFileSync(path, 'utf8'));
        delete card.files[name];
        writeFileSync(path, JSON.stringify(card));
      }),
    ).toMatch(/its card does not list/);
  });

  it('that cannot judge by its gate alone fails without its language model, too', async () => {
    const dir = tinyModel();
    truncateSync(join(dir, 'gate.json'), 20);
    expect(await failure(dir, false)).toContain('gate.json');
  });

  it('is not looked at beyond what is used', async () => {
    const dir = tinyModel({ band: EVERYTHING });
    for (const name of FILES.slice(1)) rmSync(join(dir, name));
    const judge = createJudge({ preset: 'balanced', modelDir: dir, useModel: false });
    expect(await judge.judge([one])).toMatchObject([{ decidedBy: 'gate' }]);
  });

  it('that is none is refused', async () => {
    const empty = mkdtempSync(join(tmpdir(), 'sss-none-'));
    expect(await failure(empty)).toMatch(/is no model folder: it has no card\.json$/);
    rmSync(empty, { recursive: true });
    expect(await failure(empty)).toMatch(/^there is no model in /);
    mkdirSync(join(empty, 'card.json'), { recursive: true });
    expect(await failure(empty)).toMatch(/card\.json of the model in .* cannot be read \(EISDIR\)/);
    rmSync(empty, { recursive: true });
  });

  it('of another version is refused', async () => {
    const made = (card: Record<string, unknown>) => failure(tinyModel({ band: EVERYTHING, card }));
    expect(await made({ format: 2 })).toContain('its format is 2');
    expect(await made({ featuresHash: 'f'.repeat(64) })).toContain('another version of the scanner: its features');
    expect(await made({ promptVersion: 99 })).toContain('reads prompts of version 99, not 2');
  });

  it('with a card that was cut short, or says nonsense, is refused', async () => {
    expect(await afterwards((dir) => truncateSync(join(dir, 'card.json'), 200))).toContain('it is no JSON');
    expect(await failure(tinyModel({ card: { band: { low: 'x', high: 1 } } }))).toContain('band.low must be a number');
  });

  it('whose network is none, or another kind of network, is refused', async () => {
    const made = (bytes: Uint8Array) =>
      failure(tinyModel({ band: EVERYTHING, files: { 'onnx/model_quantized.onnx': bytes } }));
    expect(await made(Buffer.from('nonsense'))).toMatch(/model_quantized\.onnx of the model in .* cannot be loaded: ./);
    const rows = Array.from({ length: 259 }, (): [number, number, number] => [0, 0, 0]);
    expect(await made(meanNetwork(rows, { input: 'pixels' }))).toContain('must turn input_ids into logits');
    // Fewer rows than there are tokens: the network itself fails.
    expect(await made(meanNetwork(rows.slice(0, 5)))).toContain('failed: ');
    expect(await made(meanNetwork(rows.map(() => [Number.NaN, 0, 0])))).toContain('no verdict');
  });

  it('with the tokenizer of another model is refused', async () => {
    const made = (text: string) => failure(tinyModel({ band: EVERYTHING, files: { 'tokenizer.json': text } }));
    expect(await made(tokenizerText([' placeholder', ' secret', ' harmless']))).toContain(
      'is not that of its language model',
    );
    expect(await made('{}')).toMatch(/tokenizer\.json of the model in .* cannot be used/);
  });
});

describe('a card', () => {
  const text = readFileSync(join(tinyModel(), 'card.json'), 'utf8');
  const having = (change: (card: Record<string, never>) => void) => {
    const card = JSON.parse(text);
    change(card);
    return () => parseCard(JSON.stringify(card));
  };

  it('may hold what this version does not know', () => {
    expect(having((card) => Object.assign(card, { later: true, policy: {} }))()).toEqual(parseCard(text));
  });

  it.each<[message: string, change: Record<string, unknown>]>([
    ['name must be a text', { name: '' }],
    ['files must be an object', { files: [] }],
    ['files names a file outside the folder', { files: { '../x': { sha256: 'a'.repeat(64), bytes: 1 } } }],
    ['files names a file outside the folder', { files: { '/x': { sha256: 'a'.repeat(64), bytes: 1 } } }],
    ['files["x"].sha256 must be a SHA-256 digest', { files: { x: { sha256: 'abc', bytes: 1 } } }],
    ['files["x"].bytes must be a whole number', { files: { x: { sha256: 'a'.repeat(64), bytes: -1 } } }],
    ['languageModel must be an object', { languageModel: undefined }],
    ['languageModel.verdictTokens must be three numbers', { languageModel: { maxTokens: 160, verdictTokens: [1] } }],
    ['languageModel.maxTokens must be 32 or more', { languageModel: { maxTokens: 3, verdictTokens: [1, 2, 3] } }],
    ['stack.model must be a number', { stack: { bias: 0, gate: 1 } }],
    ['calibration.gate must be an object', { calibration: { model: { a: 1, b: 0 } } }],
    ['thresholds must fall from strict', { thresholds: { strict: 0.1, balanced: 0.5, wide: 0.2 } }],
    ['gateThresholds must fall from strict', { gateThresholds: { strict: 1.1, balanced: 0.5, wide: 0.2 } }],
  ])('is refused: %s', (message, change) => {
    expect(having((card) => Object.assign(card, change))).toThrow(message);
  });
});

describe('verifying a model', () => {
  const checked = async (dir: string) =>
    (await verifyModel(await openModelFolder({ dir }))).map(({ what, ok }) => `${ok ? 'ok' : 'FAILED'} ${what}`);

  it('looks at every file, at the tokenizer beside the reference, and at the answers', async () => {
    expect(await checked(tinyModel())).toEqual([
      'ok gate.json',
      'ok onnx/model_quantized.onnx',
      'ok tokenizer.json',
      'ok tokenizer_config.json',
      'ok scout.json',
      'ok config.json',
      'ok gate',
      'ok scout',
      'ok language model',
      'ok tokenizer',
      'ok answers',
    ]);
  });

  it('of a gate alone has less to look at', async () => {
    expect(await checked(tinyModel({ languageModel: false }))).toEqual([
      'ok gate.json',
      'ok scout.json',
      'ok gate',
      'ok scout',
    ]);
  });

  it('tells when the reference tokenizer reads a prompt in another way', async () => {
    const reference = { encode: () => [1, 2, 3] } as unknown as PreTrainedTokenizer;
    const spy = vi.spyOn(AutoTokenizer, 'from_pretrained').mockResolvedValue(reference);
    const wrong = (await checked(tinyModel())).filter((line) => line.startsWith('FAILED'));
    spy.mockRestore();
    expect(wrong).toEqual(['FAILED tokenizer']);
  });

  it('tells all that is wrong', async () => {
    const dir = tinyModel();
    swapped(join(dir, 'tokenizer.json'));
    rmSync(join(dir, 'config.json'));
    expect((await checked(dir)).filter((line) => line.startsWith('FAILED'))).toEqual([
      'FAILED tokenizer.json',
      'FAILED config.json',
    ]);
  });
});
