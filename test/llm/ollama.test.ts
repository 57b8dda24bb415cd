import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { PROMPT_VERSION } from '../../src/classify/prompt.ts';
import { LlmError, type LlmOptions, openLlm } from '../../src/llm/index.ts';
import type { Llm, Question } from '../../src/types.ts';
import { chatAnswer, type FakeOllama, fakeOllama, type Handler, OURS, ownAnswer } from './fake-ollama.ts';

const PROMPT = 'path: a.py (code)\nline: key = "«»"\nvalue: some text\ngate: 50 %\nverdict:';
const QUESTION: Question = { prompt: PROMPT, temperature: 0, seed: 7 };

async function opened(server: FakeOllama, more: Partial<LlmOptions> = {}): Promise<Llm> {
  return openLlm({ spec: 'ollama:big', url: server.url, retries: 0, ...more });
}

/** What is told when a question cannot be answered. */
async function failureOf(answer: Handler, more: Partial<LlmOptions> = {}): Promise<{ error: LlmError; asked: number }> {
  const server = await fakeOllama({ answer });
  const llm = await opened(server, more);
  const error = await llm.ask(QUESTION).then(
    () => expect.unreachable('it has answered'),
    (one: unknown) => one,
  );
  await llm.close();
  expect(error).toBeInstanceOf(LlmError);
  // What was asked holds a value.
  expect(JSON.stringify([(error as LlmError).message, (error as LlmError).hint])).not.toContain('some text');
  return { error: error as LlmError, asked: server.asked().length };
}

describe('our own model behind Ollama', () => {
  it('reads the prompt as it is, and answers with one token of known probability', async () => {
    const server = await fakeOllama({
      model: OURS,
      answer: () => ownAnswer({ ' secret': 0.6, ' placeholder': 0.1, ' harmless': 0.2, ':': 0.1 }),
    });
    const llm = await opened(server, { spec: 'ollama' });
    expect(llm).toMatchObject({ name: 'ollama:smart-secrets-scanner', isOurs: true, digest: 'd16e57' });
    const { label, probabilities } = await llm.ask(QUESTION);
    expect(label).toBe('secret');
    expect(Object.values(probabilities).map((p) => p.toFixed(4))).toEqual(['0.6667', '0.1111', '0.2222']);
    expect(server.asked()).toEqual([
      {
        path: '/api/generate',
        body: expect.objectContaining({
          ...{ prompt: PROMPT, raw: true, stream: false, logprobs: true },
          options: expect.objectContaining({ temperature: 0, seed: 7, num_predict: 1 }),
        }),
      },
    ]);
    await llm.close();
  });

  it('is refused where it was made for other prompts', async () => {
    const info = { 'smart-secrets-scanner.prompt_version': PROMPT_VERSION - 1 };
    const server = await fakeOllama({ model: { ...OURS, info }, answer: () => undefined });
    await expect(opened(server, { spec: 'ollama' })).rejects.toThrow('made for another version');
  });

  it('is told to have said nothing when it says something else', async () => {
    const server = await fakeOllama({ model: OURS, answer: () => ownAnswer({ ' the': 0.9, ' secret': 0.1 }) });
    const llm = await opened(server, { spec: 'ollama' });
    await expect(llm.ask(QUESTION)).rejects.toThrow('something that is no verdict');
    await llm.close();
  });
});

describe('another model behind Ollama', () => {
  it('is told the task, is bound to a schema, and its tokens say how sure it is', async () => {
    const choices = { pl: { pl: 0.7, s: 0.2, harm: 0.05, x: 0.05 } };
    const server = await fakeOllama({
      answer: () => ({
        message: { content: '{"verdict":"placeholder"}' },
        logprobs: ['{"', 'verdict', '":"', 'pl', 'aceholder', '"}'].map((token) => ({
          token,
          top_logprobs: Object.entries(choices[token as 'pl'] ?? { [token]: 1 }).map(([one, p]) => ({
            token: one,
            logprob: Math.log(p),
          })),
        })),
      }),
    });
    const llm = await opened(server);
    expect(llm.isOurs).toBe(false);
    const opinion = await llm.ask({ ...QUESTION, guidance: ['Keys in samples/ are made up.'] });
    expect(opinion.label).toBe('placeholder');
    expect(opinion.probabilities.placeholder).toBeCloseTo(0.7 / 0.95, 5);
    expect(opinion.probabilities.harmless).toBeCloseTo(0.05 / 0.95, 5);
    const { body } = server.asked()[0]!;
    expect(body.format.properties.verdict.enum).toEqual(['secret', 'placeholder', 'harmless']);
    expect(body.messages[0].role).toBe('system');
    expect(body.messages[0].content).toContain('- Keys in samples/ are made up.');
    expect(body.messages.at(-1).content).toContain('value: some text');
    await llm.close();
  });

  it('gives its reason when it is asked for one, without what it has copied', async () => {
    const server = await fakeOllama({
      answer: () => chatAnswer('{"verdict":"secret","reason":"the value some text opens a door"}'),
    });
    const llm = await opened(server, { withReason: true });
    const { reason, probabilities } = await llm.ask(QUESTION);
    expect(reason).toBe('the value ******** opens a door');
    expect(probabilities).toEqual({ secret: 1, placeholder: 0, harmless: 0 });
    await llm.close();
  });
});

describe('a server that cannot judge', () => {
  it('is one where none runs', async () => {
    const server = await fakeOllama({ answer: () => undefined });
    await server.close();
    const error = await opened(server).catch((one: unknown) => one);
    expect(error).toMatchObject({ message: `no server runs at ${server.url}`, hint: 'start it: ollama serve' });
  });

  it('is one without the model', async () => {
    const server = await fakeOllama({ answer: () => undefined });
    const error = await opened(server, { spec: 'ollama:other' }).catch((one: unknown) => one);
    expect(error).toMatchObject({
      message: `Ollama at ${server.url} has no model other`,
      hint: 'fetch or make it: ollama pull other',
    });
  });

  it('is one whose model only turns texts into numbers', async () => {
    const server = await fakeOllama({ model: { capabilities: ['embedding'] }, answer: () => undefined });
    await expect(opened(server)).rejects.toThrow('answers no questions (it can: embedding)');
  });

  it('is one whose model reads too little', async () => {
    const info = { 'llama.context_length': 512 };
    const server = await fakeOllama({ model: { info }, answer: () => undefined });
    await expect(opened(server)).rejects.toThrow('reads no more than 512 tokens');
  });

  it('is one that never answers', async () => {
    const { error } = await failureOf(() => undefined, { timeoutMs: 150 });
    expect(error.message).toMatch(/has not answered within 0\.15 s$/);
  });

  it('is one that begins an answer and hangs', async () => {
    const { error } = await failureOf((_, response) => void response.write('{"message":'), { timeoutMs: 150 });
    expect(error.message).toMatch(/has not answered within 0\.15 s$/);
  });

  it.each([
    ['no JSON at all', 'I think that this is a secret.'],
    ['another shape', '{"answer":"secret"}'],
    ['a verdict that there is not', '{"verdict":"maybe"}'],
    ['a verdict with more behind it', '{"verdict":"secretly harmless"}'],
    ['nothing', ''],
  ])('is one whose model answers with %s', async (_, content) => {
    const { error } = await failureOf(() => chatAnswer(content));
    expect(error.message).toBe('big answers with something that is no verdict');
  });

  it.each([
    ['half of its JSON', (_: unknown, response: import('node:http').ServerResponse) => void response.end('{"mess')],
    ['a list', () => []],
  ])('is one that sends %s', async (_, answer) => {
    const { error } = await failureOf(answer as Handler);
    expect(error.message).toMatch(/does not answer like Ollama/);
  });

  it('is one that speaks something else than HTTP', async () => {
    const server = createServer((socket) => void socket.end('hello\n'));
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const error = await openLlm({ spec: 'ollama:big', url: `http://127.0.0.1:${port}`, retries: 0 }).catch(
      (one) => one,
    );
    expect(error).toBeInstanceOf(LlmError);
    expect(error.message).toMatch(/^the connection to http:\/\/127\.0\.0\.1:\d+ has failed/);
    server.close();
  });

  it('is one that answers with more than anybody can want', async () => {
    const { error } = await failureOf(() => ({ message: { content: 'x'.repeat(5_000_000) } }));
    expect(error.message).toMatch(/answers with too much$/);
  });
});

describe('a failure that may pass', () => {
  const good = () => chatAnswer('{"verdict":"harmless"}');
  const broken: Handler = (_, response) => {
    response.statusCode = 503;
    return { error: 'busy' };
  };
  const dropped: Handler = (_, response) => void response.destroy();

  it.each([
    ['that is busy', broken],
    ['that drops the connection', dropped],
  ])('of a server %s is tried again', async (_, bad) => {
    const server = await fakeOllama({
      answer: (call, response, count) => (count === 1 ? bad : good)(call, response, count),
    });
    const llm = await opened(server, { retries: 1 });
    expect((await llm.ask(QUESTION)).label).toBe('harmless');
    expect(server.asked()).toHaveLength(2);
    await llm.close();
  });

  it('is tried so often and no more', async () => {
    const { asked, error } = await failureOf(broken, { retries: 2 });
    expect(asked).toBe(3);
    expect(error.message).toMatch(/has failed \(503\)$/);
  });

  it('is not what a hang is: that has taken its time', async () => {
    const { asked } = await failureOf(() => undefined, { timeoutMs: 100, retries: 2 });
    expect(asked).toBe(1);
  });
});

describe('where questions go', () => {
  it('a redirect is not followed', async () => {
    const other = await fakeOllama({ answer: () => chatAnswer('{"verdict":"harmless"}') });
    const { error } = await failureOf(
      (_, response) => void response.writeHead(307, { location: `${other.url}/api/chat` }).end(),
    );
    expect(error.message).toMatch(/sends elsewhere \(307\), which is not followed$/);
    expect(other.calls).toEqual([]);
  });

  it('no proxy of the environment is asked', async () => {
    const proxy = await fakeOllama({ answer: () => undefined });
    const before = { ...process.env };
    Object.assign(process.env, { HTTP_PROXY: proxy.url, http_proxy: proxy.url, NODE_USE_ENV_PROXY: '1', NO_PROXY: '' });
    try {
      const server = await fakeOllama({ answer: () => chatAnswer('{"verdict":"harmless"}') });
      const llm = await opened(server);
      await llm.ask(QUESTION);
      await llm.close();
      expect([server.asked().length, proxy.calls.length]).toEqual([1, 0]);
    } finally {
      process.env = before;
    }
  });

  it('a name is looked up, and leads to this machine', async () => {
    const server = await fakeOllama({ answer: () => chatAnswer('{"verdict":"harmless"}') });
    const llm = await openLlm({ spec: 'ollama:big', url: server.url.replace('127.0.0.1', 'localhost'), retries: 0 });
    expect((await llm.ask(QUESTION)).label).toBe('harmless');
    await llm.close();
  });
});

describe('several questions', () => {
  it('may wait for each other, on a server that takes one at a time, longer than for one answer', async () => {
    let last = Promise.resolve();
    const server = await fakeOllama({
      answer: async () => {
        last = last.then(() => new Promise((resolve) => void setTimeout(resolve, 700)));
        await last;
        return chatAnswer('{"verdict":"harmless"}');
      },
    });
    const llm = await opened(server, { parallel: 4, timeoutMs: 2000 });
    const all = Array.from({ length: 4 }, (_, i) => llm.ask({ ...QUESTION, prompt: `${PROMPT} ${i}` }));
    expect((await Promise.all(all)).map(({ label }) => label)).toEqual(Array(4).fill('harmless'));
    await llm.close();
  });

  it('are asked so many at once, and stop when they are told to', async () => {
    let [now, most] = [0, 0];
    const server = await fakeOllama({
      answer: async () => {
        most = Math.max(most, ++now);
        await new Promise((resolve) => void setTimeout(resolve, 20));
        now--;
        return chatAnswer('{"verdict":"harmless"}');
      },
    });
    const llm = await opened(server, { parallel: 3 });
    const ask = (i: number, signal?: AbortSignal) => llm.ask({ ...QUESTION, prompt: `${PROMPT} ${i}` }, signal);
    await Promise.all(Array.from({ length: 10 }, (_, i) => ask(i)));
    expect(most).toBe(3);
    const controller = new AbortController();
    const late = ask(99, controller.signal);
    controller.abort(new Error('enough'));
    await expect(late).rejects.toThrow('enough');
    await llm.close();
  });
});
