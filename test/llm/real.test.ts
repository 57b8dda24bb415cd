import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLlm } from '../../src/llm/index.ts';
import { temporaryDirectory } from '../e2e/repository.ts';

/**
 * With a GGUF file of ours in `SSS_TEST_GGUF` the real programs are asked: llama.cpp where `SSS_TEST_LLAMA` is a folder that has
 * `node-llama-cpp` installed, Ollama where it is on the PATH.
 */
const { SSS_TEST_GGUF: gguf, SSS_TEST_LLAMA: packageFolder } = process.env;
const hasOllama = spawnSync('ollama', ['--version']).status === 0;
const long = { timeout: 120_000 };

const PROMPT = [
  'path: deploy/settings.py (code)',
  'rule: generic-password, assignment',
  'name: DB_PASSWORD (password)',
  'shape: text, 12+, lower upper digits, random, entropy high, quoted',
  'line: DB_PASSWORD = "«»"',
  `value: ${['qZ7t', 'mVx2', 'Lb9R'].join('')}`,
  'gate: 90 %',
  'verdict:',
].join('\n');
const QUESTION = { prompt: PROMPT, temperature: 0, seed: 1 };

const without = (what: string) => `(skipped: ${what})`;

describe(`llama.cpp itself ${gguf && packageFolder ? '' : without('SSS_TEST_GGUF or SSS_TEST_LLAMA is not set')}`, () => {
  describe.skipIf(!gguf || !packageFolder)('with our own model', () => {
    const open = (file: string) => openLlm({ spec: `llama-cpp:${file}`, packageFolder, parallel: 2 });

    /** The file, changed. */
    function spoiled(change: (bytes: Buffer) => Buffer): string {
      const file = join(temporaryDirectory(), 'model.gguf');
      writeFileSync(file, change(readFileSync(gguf!)));
      return file;
    }

    it('answers, and the same each time and beside others', long, async () => {
      const llm = await open(gguf!);
      expect(llm).toMatchObject({ name: `llama-cpp:${basename(gguf!)}`, isOurs: true });
      const alone = await llm.ask(QUESTION);
      expect(alone.label).toBe('secret');
      const all = await Promise.all(
        Array.from({ length: 6 }, (_, i) => llm.ask(i % 2 ? QUESTION : { ...QUESTION, prompt: `x${PROMPT}` })),
      );
      for (const one of all.filter((_, i) => i % 2)) expect(one).toEqual(alone);
      // Beside longer and shorter ones, to the last digit.
      const prompts = Array.from(
        { length: 12 },
        (_, i) => `${'# a line\n'.repeat(i % 5)}${PROMPT.replace('90 %', `${50 + i} %`)}`,
      );
      const others = prompts.map((prompt) => ({ ...QUESTION, prompt }));
      const together = await Promise.all(others.map((one) => llm.ask(one)));
      for (const [i, one] of others.entries()) expect(await llm.ask(one)).toEqual(together[i]);
      const drawn = await Promise.all([1, 1, 2, 3].map((seed) => llm.ask({ ...QUESTION, temperature: 2, seed })));
      expect(drawn[0]).toEqual(drawn[1]);
      await llm.close();
    });

    it.each([
      ['cut in half', (bytes: Buffer) => bytes.subarray(0, bytes.length / 2), /cannot be loaded/],
      ['cut in its head', (bytes: Buffer) => bytes.subarray(0, 3000), /cannot be loaded/],
      [
        'of an architecture that is not known',
        (bytes: Buffer) => replaced(bytes, 'llama', 'xlama'),
        /cannot be loaded/,
      ],
      ['for other prompts', (bytes: Buffer) => newer(bytes), /was made for another version of the scanner/],
    ])('is refused when its file is %s', long, async (_, change, words) => {
      await expect(open(spoiled(change))).rejects.toThrow(words);
    });

    it('is refused where it is not known for ours: the task is longer than it reads', long, async () => {
      const other = spoiled((bytes) => replaced(bytes, 'smart-secrets-scanner', 'other-secrets-scanner'));
      await expect(open(other)).rejects.toThrow(/reads no more than 512 tokens/);
    });

    it('is asked like any other where it reads more, and told to answer with no verdict', long, async () => {
      const other = spoiled((bytes) => longer(replaced(bytes, 'smart-secrets-scanner', 'other-secrets-scanner')));
      const llm = await openLlm({ spec: `llama-cpp:${other}`, packageFolder, parallel: 1 });
      expect(llm.isOurs).toBe(false);
      await expect(llm.ask(QUESTION)).rejects.toThrow(/answers with something that is no verdict/);
      await llm.close();
    });
  });
});

describe(`Ollama itself ${gguf && hasOllama ? '' : without('no ollama on the PATH, or SSS_TEST_GGUF is not set')}`, () => {
  describe.skipIf(!gguf || !hasOllama)('with our own model', () => {
    let url: string;
    let stop: () => void = () => undefined;
    afterAll(() => stop());

    beforeAll(async () => {
      const folder = temporaryDirectory();
      url = `http://127.0.0.1:${await freePort()}`;
      const env = { ...process.env, OLLAMA_HOST: url, OLLAMA_MODELS: join(folder, 'models'), HOME: folder };
      const server = spawn('ollama', ['serve'], { env, stdio: 'ignore' });
      stop = () => void server.kill();
      mkdirSync(join(folder, 'made'));
      symlinkSync(gguf!, join(folder, 'made', 'model.gguf'));
      writeFileSync(
        join(folder, 'Modelfile'),
        `FROM ${join(folder, 'made', 'model.gguf')}\nTEMPLATE "{{ .Prompt }}"\n`,
      );
      let made = 1;
      for (let i = 0; made !== 0 && i < 60; i++) {
        await new Promise((resolve) => void setTimeout(resolve, 500));
        made =
          spawnSync('ollama', ['create', 'smart-secrets-scanner', '-f', 'Modelfile'], { cwd: folder, env }).status ?? 1;
      }
      expect(made).toBe(0);
    }, 120_000);

    it('answers', long, async () => {
      const llm = await openLlm({ spec: 'ollama', url });
      expect(llm).toMatchObject({ name: 'ollama:smart-secrets-scanner', isOurs: true });
      expect(llm.digest).toMatch(/^[0-9a-f]{64}$/);
      const opinion = await llm.ask(QUESTION);
      expect(opinion.label).toBe('secret');
      expect(opinion.probabilities.secret).toBeGreaterThan(0.5);
      expect(opinion.probabilities.secret).toBeLessThan(1);
      await llm.close();
    });

    it('has no other', long, async () => {
      await expect(openLlm({ spec: 'ollama:other', url })).rejects.toThrow(/has no model other/);
    });
  });
});

/** The bytes with `to` in place of each `from`, which is as long. */
function replaced(bytes: Buffer, from: string, to: string): Buffer {
  const out = Buffer.from(bytes);
  const head = out.subarray(0, 100_000);
  for (let at = head.indexOf(from); at >= 0; at = head.indexOf(from, at + 1)) head.write(to, at);
  return out;
}

/** The bytes with a version of the prompts that there is not. */
function newer(bytes: Buffer): Buffer {
  const out = Buffer.from(bytes);
  const key = 'smart-secrets-scanner.prompt_version';
  // Behind the key the type of the value, and the value.
  out.writeUInt32LE(99, out.indexOf(key) + key.length + 4);
  return out;
}

/** The bytes of a model that claims to read 8,192 tokens. */
function longer(bytes: Buffer): Buffer {
  const out = Buffer.from(bytes);
  const key = 'llama.context_length';
  out.writeUInt32LE(8192, out.indexOf(key) + key.length + 4);
  return out;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => void server.close(resolve));
  return port;
}
