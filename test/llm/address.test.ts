import { describe, expect, it } from 'vitest';
import { isLoopback, ollamaAddress } from '../../src/llm/address.ts';
import { checkLlm, LlmError, openLlm } from '../../src/llm/index.ts';
import { UserError } from '../../src/util/errors.ts';

const at = (url: string | undefined, host?: string, mayLeave = false) =>
  ollamaAddress({ url, mayLeave, env: host === undefined ? {} : { OLLAMA_HOST: host } });

describe('the address of Ollama', () => {
  it.each([
    [undefined, undefined, 'http://127.0.0.1:11434/'],
    [undefined, '127.0.0.1:9', 'http://127.0.0.1:9/'],
    [undefined, ':9', 'http://127.0.0.1:9/'],
    [undefined, '0.0.0.0', 'http://127.0.0.1:11434/'],
    [undefined, 'localhost', 'http://localhost:11434/'],
    [undefined, 'http://[::1]:9', 'http://[::1]:9/'],
    ['http://127.8.8.8:1/x', '10.0.0.1', 'http://127.8.8.8:1/x'],
  ])('%s with OLLAMA_HOST=%s is %s', (url, host, expected) => {
    const { url: found, mayLeave } = at(url, host);
    expect([found.href, mayLeave]).toEqual([expected, false]);
  });

  it.each([
    'http://192.168.1.4:11434',
    'http://example.com',
    'http://localhost.example.com',
    'http://127.0.0.1.example.com',
    'http://[::ffff:8.8.8.8]',
    'http://[fe80::1]',
    'http://2130706434.example',
  ])('%s is another machine, which the command line has to name', (url) => {
    expect(() => at(url)).toThrow(/is another machine: what is scanned would leave this one/);
    expect(at(url, undefined, true)).toMatchObject({ mayLeave: true });
    expect(() => at(undefined, url)).toThrow(/^OLLAMA_HOST is /);
  });

  it.each(['ftp://127.0.0.1', 'nonsense', 'http://', 'file:///etc/passwd'])('%s is none', (url) => {
    expect(() => at(url)).toThrow('is no web address');
  });

  it('holds no name and no password', () => {
    const url = new URL('http://127.0.0.1');
    Object.assign(url, { username: 'me', password: 'x' });
    expect(() => at(url.href)).toThrow('has a name or a password in it');
  });

  it('that was allowed to leave and does not is bound to this machine', () => {
    expect(at('http://localhost:1', undefined, true).mayLeave).toBe(false);
  });
});

describe('an IP address', () => {
  it.each([
    ['127.0.0.1', true],
    ['127.255.1.2', true],
    ['::1', true],
    ['0:0:0:0:0:0:0:1', true],
    ['::ffff:127.0.0.1', true],
    ['128.0.0.1', false],
    ['::ffff:128.0.0.1', false],
    ['::', false],
    ['localhost', false],
  ])('%s is this machine: %s', (address, expected) => {
    expect(isLoopback(address)).toBe(expected);
  });
});

describe('the name of a judge', () => {
  it.each(['gpt-4', 'ollama:', 'llama-cpp:', 'ollama:a b', 'ollama:-x', ''])('cannot be "%s"', (spec) => {
    expect(() => checkLlm({ spec })).toThrow(UserError);
  });

  it('that leads to another machine is told', () => {
    expect(checkLlm({ spec: 'ollama', url: 'http://10.1.1.1:5', mayLeave: true })).toEqual({ host: '10.1.1.1:5' });
    expect(checkLlm({ spec: 'ollama', url: 'http://localhost:5', mayLeave: true })).toEqual({ host: undefined });
  });

  it('of a file that is not there, or no GGUF, is told to be wrong', async () => {
    const spec = (file: string) => openLlm({ spec: `llama-cpp:${file}`, folder: import.meta.dirname });
    await expect(spec('missing.gguf')).rejects.toThrow(/^there is no file .*missing\.gguf$/);
    await expect(spec('address.test.ts')).rejects.toThrow(new LlmError('address.test.ts is no GGUF file'));
    await expect(openLlm({ spec: 'llama-cpp', modelFolder: import.meta.dirname })).rejects.toThrow(
      /^there is no GGUF file in /,
    );
  });
});
