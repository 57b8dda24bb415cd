import { isIPv4, isIPv6 } from 'node:net';
import { UserError } from '../util/errors.ts';

/** Where a server is. */
export interface Address {
  url: URL;
  /** It may be another machine: the user has said so. */
  mayLeave: boolean;
}

const USUAL = 'http://127.0.0.1:11434';
const PORT = '11434';

/**
 * The address of the Ollama server.
 * @param input.url as given; absent: that of `OLLAMA_HOST`, else the usual one on this machine
 * @param input.mayLeave the user has named it on the command line, which may be another machine
 * @throws UserError when it is none, or one on another machine that nobody has allowed
 */
export function ollamaAddress(input: {
  url?: string | undefined;
  mayLeave?: boolean | undefined;
  env?: NodeJS.ProcessEnv;
}): Address {
  const { mayLeave = false, env = process.env } = input;
  const host = env.OLLAMA_HOST?.trim();
  const given = input.url ?? (host ? withScheme(host) : USUAL);
  const from = input.url !== undefined ? 'the address of the judge' : 'OLLAMA_HOST';
  const url = URL.canParse(given) ? new URL(given) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.hostname === '') {
    throw new UserError(`${from} is no web address`, { hint: `write it like ${USUAL}` });
  }
  if (url.username !== '' || url.password !== '') {
    throw new UserError(`${from} has a name or a password in it`, { hint: 'leave them out' });
  }
  if (!mayLeave && !isLocalName(url.hostname)) {
    throw new UserError(`${from} is ${url.host}, which is another machine: what is scanned would leave this one`, {
      hint: `if you want that, say so on the command line: --judge-url ${url.origin}`,
    });
  }
  return { url, mayLeave: mayLeave && !isLocalName(url.hostname) };
}

/** As Ollama reads it: `:11434`, `127.0.0.1`, `0.0.0.0:8080` (a server for all, met on this machine). */
function withScheme(host: string): string {
  const full = /^[a-z][a-z0-9+.-]*:\/\//i.test(host)
    ? host
    : `http://${host.startsWith(':') ? `127.0.0.1${host}` : host}`;
  if (!URL.canParse(full)) return full;
  const url = new URL(full);
  if (url.hostname === '0.0.0.0' || url.hostname === '[::]') url.hostname = '127.0.0.1';
  if (url.port === '' && !/^[a-z]+:\/\//i.test(host)) url.port = PORT;
  return url.href;
}

/** Whether a host is this machine, or a name for it. Names are looked up once more when a connection is made. */
function isLocalName(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '');
  return isLoopback(host) || /^(?:[a-z0-9-]+\.)*localhost\.?$/i.test(host);
}

/** Whether an IP address is this machine's own. */
export function isLoopback(address: string): boolean {
  if (isIPv4(address)) return address.startsWith('127.');
  if (!isIPv6(address)) return false;
  const short = new URL(`http://[${address.replace(/%.*$/, '')}]`).hostname;
  return short === '[::1]' || /^\[::ffff:7f[0-9a-f]{2}:/.test(short);
}
