import { describe, expect, it } from 'vitest';
import { keyed, keyedRules } from '../../../src/rules/builtin/keyed.ts';
import { prefixedRules, standalone } from '../../../src/rules/builtin/prefixed.ts';
import { fillExample } from '../../../src/rules/examples.ts';
import { testRules } from '../../../src/rules/test-rules.ts';

const found = (pattern: RegExp, text: string): string | undefined => pattern.exec(text)?.groups?.secret;

describe('keyed', () => {
  const value = fillExample('{{hex:32}}');
  const pattern = keyed('acme', '[0-9a-f]{32}', { roleOptional: true });

  it.each([
    `acme_api_key = "${value}"`,
    `"acmeToken" => "${value}"`,
    `acme_TOKEN ::= "${value}"`,
    `System.setProperty("ACME_TOKEN", "${value}")`,
    `<acmeToken>\n    ${value}\n</acmeToken>`,
    `var acmeToken string = "${value}"`,
    `acme SECRET ${value}`,
    `acmeKEY-${value}`,
    `https://api.acme.test/v1/me?access_token=${value}`,
    `acme_auth: Bearer ${value}`,
  ])('finds the value in %j', (text) => {
    expect(found(pattern, text)).toBe(value);
  });

  it.each([
    ['longer on the right', `acme_key = "${value}0"`],
    ['a path', `https://github.test/acme/${value}`],
    ['too far away', `acme ${'word '.repeat(12)}key ${value}`],
    ['another line, no name', `acme\n\n\n# something else: ${value}`],
  ])('leaves alone: %s', (_, text) => {
    expect(found(pattern, text)).toBeUndefined();
  });

  it('wants an ordinary word to stand in the name of the value', () => {
    const strict = keyed('front', '[0-9a-f]{32}', { strict: true });
    expect(found(strict, `FRONT_API_KEY=${value}`)).toBe(value);
    expect(found(strict, `in front of the key: ${value}`)).toBeUndefined();
    expect(found(strict, `storefrontKey=${value}`)).toBeUndefined();
  });
});

describe('standalone', () => {
  it('finds no token inside a longer run', () => {
    const token = fillExample('acme_{{alnum:20}}');
    const pattern = standalone('acme_[A-Za-z0-9]{20}');
    expect(found(pattern, `x ${token}.`)).toBe(token);
    for (const glued of [`w${token}`, `_${token}`, `${token}A`, `${token}-`, `${token}_`]) {
      expect(found(pattern, glued)).toBeUndefined();
    }
  });
});

describe('the tables', () => {
  it('make rules whose examples hold', () => {
    const rules = [
      ...keyedRules([
        { id: 'acme-api-key', provider: 'Acme', word: 'acme', shapes: ['lownum:20-24', 'uuid'] },
        {
          id: 'acme-signing-key',
          provider: 'Acme',
          word: 'acme',
          shapes: ['/sig_[0-9a-f]{32}/'],
          example: 'sig_{{hex:32}}',
        },
      ]),
      ...prefixedRules([['acme-token', 'Acme', 'token', 'acme.', '[A-Za-z0-9]{20}', '{{alnum:20}}']]),
    ];
    expect(testRules(rules).filter(({ ok }) => !ok)).toEqual([]);
  });

  it('escape the prefix', () => {
    const [rule] = prefixedRules([['acme-token', 'Acme', 'token', 'acme.', '[A-Za-z0-9]{20}', '{{alnum:20}}']]);
    expect(rule!.pattern.test(fillExample('acme.{{alnum:20}}'))).toBe(true);
    expect(rule!.pattern.test(fillExample('acme_{{alnum:20}}'))).toBe(false);
  });

  it('tell a key without a digit from an identifier of the same length', () => {
    const [rule] = keyedRules([{ id: 'acme-api-key', provider: 'Acme', word: 'acme', shapes: ['alnum:24'] }]);
    const letters = fillExample('{{alpha:10}}{{[b-df-hj-np-tv-xz]:5}}{{alpha:9}}');
    expect(found(rule!.pattern, `acme_key = "${letters}"`)).toBe(letters);
    expect(found(rule!.pattern, 'acme_key = "acmeKeyOfThisEnvironment"')).toBeUndefined();
    expect(found(rule!.pattern, 'acme_key = "acmeKeyOfThisEnvironme7t"')).toBe('acmeKeyOfThisEnvironme7t');
  });

  it('refuse a shape that they do not know', () => {
    expect(() => keyedRules([{ id: 'a-key', provider: 'A', word: 'aaa', shapes: ['hexx:3'] }])).toThrow(
      'unknown shape',
    );
  });
});
