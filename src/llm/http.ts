import { type LookupAddress, lookup as lookUp } from 'node:dns';
import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import { type Address, isLoopback } from './address.ts';
import { LlmError } from './errors.ts';

/** No answer is longer, in bytes. */
const MOST_BYTES = 4_000_000;

/** What a server has answered. */
export interface Answer {
  status: number;
  /** Undefined: it is no JSON. */
  data: unknown;
}

/** Talks to one server. */
export interface Client {
  /**
   * Posts JSON (gets, without a body).
   * @throws LlmError when there is no answer (`timeoutMs` from when any was heard last), the reason of `signal` when that stops it
   */
  call(path: string, options: { body?: unknown; timeoutMs: number; signal?: AbortSignal | undefined }): Promise<Answer>;
  close(): void;
}

/**
 * A client that leaves this machine only where the address may: names must lead to it, no redirect is followed, and no proxy
 * of the environment is asked. That is why it is not `fetch`, which can be told to use one from outside.
 */
export function createClient(address: Address): Client {
  const { url, mayLeave } = address;
  const isSecure = url.protocol === 'https:';
  const options = { keepAlive: true, ...(mayLeave ? {} : { lookup: lookUpLocal }) };
  const agent = isSecure ? new HttpsAgent(options) : new HttpAgent(options);
  const request = isSecure ? httpsRequest : httpRequest;
  let heard = 0;
  return {
    async call(path, { body, timeoutMs, signal }) {
      signal?.throwIfAborted();
      const text = body === undefined ? undefined : JSON.stringify(body);
      const time = patience({ timeoutMs, since: () => heard });
      const stop = signal ? AbortSignal.any([signal, time.signal]) : time.signal;
      try {
        const answer = await new Promise<Answer>((resolve, reject) => {
          const sent = request(new URL(url.pathname.replace(/\/$/, '') + path, url), {
            method: text === undefined ? 'GET' : 'POST',
            agent,
            signal: stop,
            headers:
              text === undefined
                ? {}
                : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) },
          });
          sent.on('error', reject);
          sent.on('response', (response) => {
            const parts: Buffer[] = [];
            let bytes = 0;
            response.on('data', (part: Buffer) => {
              parts.push(part);
              bytes += part.length;
              if (bytes > MOST_BYTES) sent.destroy(new LlmError(`${url.origin} answers with too much`));
            });
            response.on('error', reject);
            response.on('aborted', () => reject(Object.assign(new Error('aborted'), { code: 'ECONNRESET' })));
            response.on('end', () =>
              resolve({ status: response.statusCode ?? 0, data: parsed(Buffer.concat(parts).toString('utf8')) }),
            );
          });
          sent.end(text);
        });
        heard = performance.now();
        return answer;
      } catch (error) {
        signal?.throwIfAborted();
        throw inWords({ error, isLate: time.signal.aborted, origin: url.origin, timeoutMs });
      } finally {
        time.end();
      }
    },
    close: () => agent.destroy(),
  };
}

/**
 * A signal that stops a question when nothing was heard for so long: a server that takes one after the other and has answered
 * another one meanwhile does not hang.
 * @param input.since when something was heard last, by `performance.now()`
 */
function patience({ timeoutMs, since }: { timeoutMs: number; since: () => number }) {
  const controller = new AbortController();
  const started = performance.now();
  const wait = (): NodeJS.Timeout => {
    const left = Math.max(started, since()) + timeoutMs - performance.now();
    return setTimeout(
      () => {
        if (Math.max(started, since()) + timeoutMs > performance.now()) timer = wait();
        else controller.abort();
      },
      Math.max(1, Math.ceil(left)),
    );
  };
  let timer = wait();
  return { signal: controller.signal, end: () => clearTimeout(timer) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The addresses of a name that are this machine's own. */
const lookUpLocal: LookupFunction = (name, options, callback) => {
  lookUp(name, { ...options, all: true }, (error, found) => {
    if (error) return callback(error, '');
    const own = (found as LookupAddress[]).filter(({ address }) => isLoopback(address));
    if (own.length === 0) {
      return callback(new LlmError(`${name} is the name of another machine: what is scanned would leave this one`), '');
    }
    if (options.all) callback(null, own);
    else callback(null, own[0]!.address, own[0]!.family);
  });
};

function inWords(input: { error: unknown; isLate: boolean; origin: string; timeoutMs: number }): LlmError {
  const { error, isLate, origin, timeoutMs } = input;
  if (error instanceof LlmError) return error;
  if (isLate) {
    return new LlmError(`${origin} has not answered within ${timeoutMs / 1000} s`, {
      hint: 'judge.timeout in the configuration gives it more',
      cause: error,
    });
  }
  const { code = '', message } = error as NodeJS.ErrnoException;
  if (code === 'ECONNREFUSED') {
    return new LlmError(`no server runs at ${origin}`, { hint: 'start it: ollama serve', cause: error });
  }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return new LlmError(`${origin} cannot be found (${code})`, { cause: error });
  }
  return new LlmError(`the connection to ${origin} has failed (${code || message})`, {
    isTransient: true,
    cause: error,
  });
}
