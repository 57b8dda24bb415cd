import { describe, expect, it } from 'vitest';
import { compilePattern } from '../../src/config/go-pattern.ts';

const unsafe = (source: string) => {
  const result = compilePattern(source, { dialect: 'any' });
  if ('error' in result && !result.unsafe) throw new Error(`${source}: ${result.error}`);
  return 'error' in result;
};

describe('patterns that could hang the scanner', () => {
  it.each([
    '(a+)+$',
    '(a|a)*b',
    '(.*)*x',
    '(a*)*',
    '(?:a|ab|b)+c',
    '([a-zA-Z]+)*!',
    '(x+x+)+y',
    '(a|aa)+$',
    '(\\w+\\s?)*:',
    '([a-z]+\\.?)+@',
    '(?:a?a?)*b',
    '(?:\\d+|[0-9a-f]+)+z',
    '(?i)(?:key|[a-z])+=',
    '^(?:.*,)*(?:.*;)*[^;]x|(?:.|\\n|\\s)*z',
    '(?:\\w{1,50}-?){1,50}x',
    '(?:a(?:b?|c?))*x',
    '(?=(a+)+$)b',
    '((a{2,}){2,}){2,}b',
    '(?:"[^"]*"|.)*x',
    '\\w*\\w*\\w*\\w*!',
    '.*.*.*.*=x',
    '(?:(?:a{1,9}){1,99}){2}x',
  ])('refuses %s', (source) => expect(unsafe(source)).toBe(true));

  it.each([
    'AKIA[0-9A-Z]{16}',
    '(?:[a-z]+\\.)+com',
    '"(?:[^"\\\\]|\\\\.)*"',
    '(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==)?',
    '(?:[0-9a-f]{2}:){15}[0-9a-f]{2}',
    '(?:[^\\n]*\\n)*x',
    '-----BEGIN[ A-Z]{0,100}-----[\\s\\S]{64,}?-----END',
    '[\\w.-]{0,50}?(?i:[\\w.-]{0,50}?(?:cohere)(?:[ \\t\\w.-]{0,20})[\\s\'"]{0,3})',
    '(?:a|b)*c',
    '(?:ab|ac)+d',
    '(?:a?)*b',
    '(?:(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)(?:\\.|$)){4}',
    '.*secret.*',
    '\\s*key\\s*=\\s*\\S+\\s*',
    'curl\\b(?:.*?|.*?(?:[\\r\\n]{1,2}.*?){1,5})[ \\t]-u',
    '[A-Za-z0-9]{1,1000}',
    '(?:[a-z]{1,1000},)*x',
  ])('accepts %s', (source) => expect(unsafe(source)).toBe(false));

  it('says what to do', () => {
    const result = compilePattern('(a+)+', { dialect: 'go' });
    expect('error' in result && result.error).toMatch(/repeat inside a repeat.*required/);
  });
});
