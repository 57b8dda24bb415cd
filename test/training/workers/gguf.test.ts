/**
 * GGUF files of the shipped model, made by the program itself, as llama.cpp and Ollama run them. Needs what training needs
 * (`SSS_TRAIN_PYTHON`) and the registry of npm; the part with Ollama needs an `ollama` on the PATH.
 */
import { execFileSync, type SpawnSyncReturns, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadLanguageModel } from '../../../src/classify/language-model.ts';
import { openModelFolder } from '../../../src/classify/model-folder.ts';
import { fitTokens, MAX_TOKENS, PROMPT_VERSION } from '../../../src/classify/prompt.ts';
import { UserError } from '../../../src/util/errors.ts';
import { softmax } from '../../../training/evaluation/gguf-parity.ts';
import { openLlamaModel } from '../../../training/evaluation/llama-model.ts';
import { llamaModule } from '../../../training/pipeline/llama.ts';
import { trainPython } from './python.ts';

const ROOT = join(import.meta.dirname, '../../..');
const CLI = join(ROOT, 'bin/smart-secrets-scanner.js');
const python = trainPython('gguf, numpy, onnx, safetensors');
const ollama = spawnSync('ollama', ['--version']).error === undefined;
/** Largest difference of a probability: eight-bit weights against the eight-bit weights and activations of ONNX. */
const OF_PROBABILITY = 0.1;

let runs: string;
let gguf: string;
let module: string;
const train = (...args: string[]): SpawnSyncReturns<string> =>
  spawnSync(process.execPath, [CLI, 'train', '--shipped', '--artifact-root', runs, ...args], {
    ...{ cwd: ROOT, encoding: 'utf8', timeout: 300_000 },
  });
const fileOf = (kind: string): string => join(gguf, `smart-secrets-scanner.${kind}.gguf`);

const title = 'missing' in python ? `GGUF files (skipped: ${python.missing})` : 'GGUF files of the shipped model';
describe.skipIf('missing' in python)(title, { timeout: 300_000 }, () => {
  beforeAll(async () => {
    execFileSync(process.execPath, [join(ROOT, 'scripts/build.mjs')], { cwd: ROOT });
    runs = mkdtempSync(join(tmpdir(), 'sss-gguf-'));
    const { status, stderr } = train();
    expect(`${status} ${stderr}`).toMatch(/^0 /);
    gguf = join(runs, 'gguf-sss-llama-4x256', 'gguf');
    module = await llamaModule({ artifactRoot: runs, signal: new AbortController().signal, log: () => {} });
  }, 300_000);
  // llama.cpp is thousands of files.
  afterAll(() => rmSync(runs, { recursive: true, force: true }), 300_000);

  it('are there, with a Modelfile and a prompt to try, and a second run does nothing', () => {
    const names = ['F32', 'Q4_K_M', 'Q8_0'].map((kind) => `smart-secrets-scanner.${kind}.gguf`);
    expect(readdirSync(gguf).sort()).toEqual(['Modelfile', 'files.json', 'prompt.txt', ...names]);
    expect(train('--dry-run').stdout).not.toContain(' run  ');
  });

  it('answer as the scanner does', async () => {
    const folder = await openModelFolder();
    const scanner = await loadLanguageModel({ folder, device: 'cpu' });
    const prompts = promptsToAsk();
    for (const kind of ['F32', 'Q8_0', 'Q4_K_M']) {
      const model = await openLlamaModel({ module, path: fileOf(kind) });
      for (const prompt of prompts) {
        const ids = scanner.encode(prompt);
        expect(model.tokens(prompt)).toEqual(ids);
        const ours = softmax(await scanner.logits(prompt));
        const theirs = await model.probabilities(fitTokens(ids));
        for (const [i, p] of ours.entries()) expect(Math.abs(p - theirs[i]!)).toBeLessThan(OF_PROBABILITY);
      }
      await model.close();
    }
  });

  it('are refused when they are cut off, of another model or nothing at all', async () => {
    const path = join(runs, 'bad.gguf');
    const whole = readFileSync(fileOf('Q8_0'));
    const other = Buffer.from(
      whole.toString('latin1').replaceAll('smart-secrets-scanner.', 'other-secrets-scanner.'),
      'latin1',
    );
    for (const [bytes, message] of [
      [whole.subarray(0, whole.length / 2), 'is damaged'],
      [whole.subarray(0, 100), 'is damaged'],
      [Buffer.alloc(0), 'is damaged'],
      [other, 'is no model of the scanner'],
    ] as const) {
      writeFileSync(path, bytes);
      const error = await openLlamaModel({ module, path }).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(UserError);
      expect((error as UserError).message).toContain(message);
    }
  });

  it('are made again when one is damaged', () => {
    const before = readFileSync(fileOf('Q4_K_M'));
    writeFileSync(fileOf('Q4_K_M'), before.subarray(0, 1000));
    expect(train('--dry-run').stdout).toMatch(/convert_to_gguf +run/);
    expect(train().status).toBe(0);
    expect(readFileSync(fileOf('Q4_K_M'))).toEqual(before);
  });

  describe(ollama ? 'with Ollama' : 'with Ollama (skipped: there is no ollama on the PATH)', () => {
    it.skipIf(!ollama)('answer with a verdict', async () => {
      const server = await startOllama();
      try {
        const { env } = server;
        const call = (...args: string[]) => spawnSync('ollama', args, { cwd: gguf, encoding: 'utf8', env });
        const created = call('create', 'smart-secrets-scanner', '-f', 'Modelfile');
        expect(`${created.status} ${created.stderr}`).toMatch(/^0 /);
        const prompt = readFileSync(join(gguf, 'prompt.txt'), 'utf8');
        expect(call('run', 'smart-secrets-scanner', prompt).stdout.trim()).toBe('secret');
        const shown = await server.post('show', { model: 'smart-secrets-scanner' });
        expect(shown.model_info).toMatchObject({
          'smart-secrets-scanner.prompt_version': PROMPT_VERSION,
          'smart-secrets-scanner.max_tokens': MAX_TOKENS,
        });
        const answer = { model: 'smart-secrets-scanner', prompt, stream: false };
        const [plain, raw] = [
          await server.post('generate', answer),
          await server.post('generate', { ...answer, raw: true }),
        ];
        expect(plain).toMatchObject({ response: ' secret', eval_count: 1 });
        // Neither a template nor a system prompt comes between.
        expect(plain.prompt_eval_count).toBe(raw.prompt_eval_count);
      } finally {
        await server.stop();
      }
    });
  });
});

/** Prompts of every shape: words, controls, other scripts, special tokens, the answers themselves, and one that is too long. */
function promptsToAsk(): string[] {
  const example = readFileSync(join(gguf, 'prompt.txt'), 'utf8');
  const values = [
    'changeme',
    'a secret, a  placeholder and harmless',
    'ключ 秘密 🔑',
    '\\u0000 <|im_end|> ',
    "it's 12345  67",
  ];
  const long = `${'x1Y-'.repeat(30)} ${'längst '.repeat(30)}`;
  return [example, ...[...values, long].map((value) => example.replace(/value: .*/, () => `value: ${value}`))];
}

interface Ollama {
  env: NodeJS.ProcessEnv;
  post(path: string, body: object): Promise<Record<string, unknown>>;
  stop(): Promise<void>;
}

/** A server of its own, that only this machine can reach, with its models in a folder of the test. */
async function startOllama(): Promise<Ollama> {
  const port = await new Promise<number>((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port: free } = probe.address() as { port: number };
      probe.close(() => resolve(free));
    });
  });
  const home = join(runs, 'home');
  mkdirSync(home);
  const env = { ...process.env, HOME: home, OLLAMA_HOST: `127.0.0.1:${port}`, OLLAMA_MODELS: join(home, 'models') };
  const child = spawn('ollama', ['serve'], { env, stdio: 'ignore' });
  const ended = new Promise<void>((resolve) => void child.once('exit', () => resolve()));
  const url = `http://127.0.0.1:${port}/api/`;
  const isUp = (): Promise<boolean> =>
    fetch(`${url}version`).then(
      ({ ok }) => ok,
      () => false,
    );
  while (child.exitCode === null && !(await isUp())) await wait(50);
  return {
    env,
    async post(path, body) {
      const answer = await fetch(`${url}${path}`, { method: 'POST', body: JSON.stringify(body) });
      return (await answer.json()) as Record<string, unknown>;
    },
    async stop() {
      child.kill();
      await ended;
      expect(existsSync(join(home, 'models'))).toBe(true);
    },
  };
}
