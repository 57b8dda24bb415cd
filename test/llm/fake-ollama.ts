import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach } from 'vitest';

/** What was asked of the server. */
export interface Call {
  path: string;
  // biome-ignore lint/suspicious/noExplicitAny: whatever JSON the client sends
  body: any;
}

/** Answers a call; what it returns is sent as JSON, unless it has answered itself. */
export type Handler = (call: Call, response: ServerResponse, count: number) => unknown;

export interface FakeOllama {
  url: string;
  calls: Call[];
  /** The questions among them. */
  asked(): Call[];
  close(): Promise<void>;
}

const open: FakeOllama[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

/**
 * A server on this machine that speaks as much of Ollama's interface as is used, closed after the test.
 * @param input.model what it has, `info` being the keys of its file
 * @param input.answer answers questions
 */
export async function fakeOllama(input: {
  answer: Handler;
  model?: { name?: string; info?: Record<string, unknown>; capabilities?: string[] };
}): Promise<FakeOllama> {
  const { answer, model = {} } = input;
  const { name = 'big:latest', info = {}, capabilities = ['completion'] } = model;
  const calls: Call[] = [];
  const isQuestion = ({ path }: Call) => path === '/api/generate' || path === '/api/chat';
  const server = createServer(async (request, response) => {
    const text = await bodyOf(request);
    const call = { path: request.url!, body: text === '' ? undefined : JSON.parse(text) };
    calls.push(call);
    let data: unknown;
    if (call.path === '/api/tags') data = { models: [{ name, digest: 'd16e57' }] };
    else if (`${call.body.model}:latest` !== name) {
      response.statusCode = 404;
      data = { error: `model '${call.body.model}' not found` };
    } else if (call.path === '/api/show') data = { model_info: info, capabilities };
    else data = await answer(call, response, calls.filter(isQuestion).length);
    if (!response.writableEnded && !response.destroyed && data !== undefined) response.end(JSON.stringify(data));
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const fake: FakeOllama = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    asked: () => calls.filter(isQuestion),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => void server.close(resolve));
    },
  };
  open.push(fake);
  return fake;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}

/** An answer to a chat, each token with those that could have come. */
export function chatAnswer(content: string, choices: Record<string, Record<string, number>> = {}) {
  const tokens = content.match(/[a-z]+|[^a-z]+/g) ?? [];
  return {
    message: { role: 'assistant', content },
    logprobs: tokens.map((token) => ({ token, logprob: 0, top_logprobs: alternatives(choices[token] ?? {}) })),
  };
}

/** An answer of our own model: the probabilities of the next token. */
export function ownAnswer(probabilities: Record<string, number>) {
  const [[token]] = Object.entries(probabilities).sort((a, b) => b[1] - a[1]) as [[string, number]];
  return { response: token, logprobs: [{ token, logprob: 0, top_logprobs: alternatives(probabilities) }] };
}

function alternatives(probabilities: Record<string, number>) {
  return Object.entries(probabilities).map(([token, p]) => ({ token, logprob: Math.log(p) }));
}

/** Keys of a file of ours. */
export const OURS = { name: 'smart-secrets-scanner:latest', info: { 'smart-secrets-scanner.prompt_version': 2 } };
