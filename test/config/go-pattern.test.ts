import { describe, expect, it } from 'vitest';
import { compilePattern, translateGoPattern } from '../../src/config/go-pattern.ts';

function translate(source: string, flags?: string): RegExp {
  const result = translateGoPattern(source, flags);
  if ('error' in result) throw new Error(`${source}: ${result.error}`);
  return result.pattern;
}

/** Pattern, texts that match (and, where it matters, what of them), texts that do not. Checked against Go 1.26. */
const TABLE: [pattern: string, matching: (string | [text: string, match: string])[], other: string[]][] = [
  ['(?i)ab', ['ab', 'aB', 'xABx'], ['b']],
  ['a(?i)b', ['ab', 'aB'], ['AB', 'Ab']],
  ['(?i:a)b', ['Ab', 'ab'], ['aB']],
  ['(?i)a(?-i:b)c', ['AbC'], ['ABC']],
  ['x(?:a(?i)b|c)d', ['xaBd', 'xCd'], ['xAbd', 'xCD']],
  ['(?i)[a-f]{2}(?-i)[0-9x]', ['AF0', 'afx'], ['AFX']],
  ['(?i)é', ['é', 'É'], ['e']],
  ['(?i)[^x]', ['y'], ['x', 'X']],
  ['a.b', ['axb', 'a\rb', 'a\u2028b'], ['a\nb']],
  ['(?s)a.b', ['a\nb'], ['ab']],
  ['(?s:a.)b.', [['a\nbc', 'a\nbc']], ['a\nb\n']],
  ['^a$', ['a'], ['a\n', 'b\na']],
  ['(?m)^a$', ['a', 'b\na', 'a\nb'], ['b\ra', 'a\r\n']],
  ['\\Aa\\z', ['a'], ['ab', 'a\n']],
  ['(?m)\\Aa\\z', ['a'], ['b\na']],
  ['(?U)a+', [['aaa', 'a']], ['b']],
  ['(?U)a+?', [['aaa', 'aaa']], ['b']],
  ['(?P<key>a)(?<value>b)', ['ab'], ['ba']],
  ['(?P<1st>a)', ['a'], ['b']],
  ['\\Qa.b*\\E+', [['a.b**', 'a.b**']], ['aXb*', 'a.bb']],
  ['\\Qa+', ['a+'], ['aa']],
  ['[[:alpha:]]+', [['1ab_', 'ab']], ['12']],
  ['[[:^digit:]x]', ['a', '\n'], ['7']],
  ['[^[:space:]]', ['a'], [' ', '\v']],
  ['[[:word:]-]+', [['.a-1_.', 'a-1_']], ['.']],
  ['\\s', [' ', '\t', '\f'], ['\v', '\u00a0']],
  ['[^\\s]', ['\v', 'a'], [' ']],
  ['\\d', ['7'], ['\u0667']],
  ['\\w+', [['éab', 'ab']], ['é']],
  ['\\bk', ['ék', 'k'], ['ak']],
  ['\\pL', ['é', 'Ω'], ['1']],
  ['\\p{Greek}', ['Ω'], ['a']],
  ['[\\p{^Greek}]', ['a'], ['Ω']],
  ['[^\\PN]', ['7'], ['a']],
  ['\\x{1F511}', ['🔑'], ['🔐']],
  ['[🔐-🔒]x', ['🔑x'], ['🔓x', '\ud83dx']],
  ['\\x41\\x{42}\\103\\07\\a', ['ABC\x07\x07'], ['ABC']],
  ['a{,2}', ['a{,2}'], ['aa']],
  ['a{2}', [['aaa', 'aa']], ['a']],
  ['a{x', ['a{x'], ['a']],
  ['{"a"}', ['{"a"}'], ['"a"']],
  ['[]a]+', [['x]a]', ']a]']], ['x']],
  ['[^]a]', ['b'], [']', 'a']],
  ['a]', ['a]'], ['a']],
  ['[a-c-]+', [['b-', 'b-']], ['d']],
  ['[\\d-z]+', [['1-z', '1-z']], ['y']],
  ['[\\w.-/]', ['/', '.', 'a'], ['-']],
  ['^*a', ['a', 'ba'], ['b']],
  ['(|a)b', ['b', 'ab'], ['a']],
  ['\\-\\_\\/\\"', ['-_/"'], ['-']],
  ['(?P<n>a)(?P<n>b)', ['ab'], ['a']],
  ['(?i)[\\w-]{3}(?-i:X)', ['A-bX'], ['A-bx']],
];

describe('translateGoPattern', () => {
  it.each(TABLE)('%s', (source, matching, other) => {
    const pattern = translate(source);
    for (const entry of matching) {
      const [text, match] = typeof entry === 'string' ? [entry, undefined] : entry;
      expect(pattern.exec(text)?.[0], `${pattern} on ${JSON.stringify(text)}`).toBeTypeOf('string');
      if (match !== undefined) expect(pattern.exec(text)![0]).toBe(match);
    }
    for (const text of other) expect(pattern.test(text), `${pattern} on ${JSON.stringify(text)}`).toBe(false);
  });

  it.each([
    ['a**', 'repeat'],
    ['a++', 'possessive'],
    ['a{2}{3}', 'repeat of a repeat'],
    ['*a', 'nothing for *'],
    ['a|+', 'nothing for +'],
    ['(a', 'no )'],
    ['a)', 'without a ('],
    ['[a', 'no ]'],
    ['[]', 'no ]'],
    ['[b-a]', 'backwards'],
    ['\\Z', '\\Z'],
    ['\\h', '\\h'],
    ['\\C', '\\C'],
    ['\\8', '\\8'],
    ['\\1', '\\1'],
    ['a\\', 'backslash'],
    ['[[:nope:]]', '[:nope:]'],
    ['\\p{Nope}', 'Nope'],
    ['\\p', 'Unicode class'],
    ['(?=a)', 'lookahead'],
    ['(?<!a)', 'lookbehind'],
    ['(?>a)', 'not supported'],
    ['(?z)a', 'not supported'],
    ['\\x{110000}', 'no character'],
    ['[a-\\d]', '\\d'],
    ['a{2,1}', 'out of range'],
    [`${'('.repeat(300)}`, 'deep'],
  ])('refuses %s', (source, reason) => {
    const result = translateGoPattern(source);
    expect('error' in result && result.error).toContain(reason);
  });

  it('takes flags from outside', () => {
    expect(translate('a.b', 'is').test('A\nB')).toBe(true);
    expect(translateGoPattern('a', 'g')).toEqual({ error: expect.stringContaining('flag g') });
  });

  it('keeps names that JavaScript can have', () => {
    expect(translate('(?P<key>a)').exec('a')!.groups).toEqual({ key: 'a' });
  });

  it('uses flags only where they are needed', () => {
    expect(translate('(?i)[a-z0-9]{20}-x').flags).toBe('i');
    expect(translate('AKIA[0-9A-Z]{16}').flags).toBe('');
    expect(translate('[^"]+').flags).toBe('');
    expect(translate('\\pL').flags).toBe('u');
    expect(translate('[\\x{1F511}]').flags).toBe('u');
  });
});

describe('compilePattern', () => {
  it('names the group that is the secret', () => {
    const secret = (secretGroup: number | string | undefined, keepNames = true) => {
      const result = compilePattern('(a)(?<secret>b)(?P<third>c)', { dialect: 'any', secretGroup, keepNames });
      if ('error' in result) throw new Error(result.error);
      return result.pattern.exec('abc')!.groups?.secret;
    };
    expect(secret(undefined)).toBe('b');
    expect(secret(undefined, false)).toBeUndefined();
    expect(secret(1)).toBe('a');
    expect(secret('third')).toBe('c');
    expect(secret(0)).toBe('abc');
    expect(compilePattern('(a)', { dialect: 'any', secretGroup: 2 })).toEqual({
      error: expect.stringContaining('only 1'),
    });
    expect(compilePattern('a', { dialect: 'any', secretGroup: 'x' })).toEqual({
      error: expect.stringContaining('named x'),
    });
  });

  it('understands what JavaScript adds', () => {
    const compile = (source: string) => {
      const result = compilePattern(source, { dialect: 'any' });
      if ('error' in result) throw new Error(result.error);
      return result.pattern;
    };
    expect(compile('(?<![a-z])(["\'])k(?!x)\\1').test('"k"')).toBe(true);
    expect(compile('(?<q>["\'])k\\k<q>').test('"k\'')).toBe(false);
    expect(compile('\\u0041\\u{42}').test('AB')).toBe(true);
    expect(compilePattern('(a)\\2', { dialect: 'any' })).toEqual({ error: expect.stringContaining('refers back') });
    const wrapped = compilePattern('(["\'])k\\1', { dialect: 'any', secretGroup: 0 });
    expect('pattern' in wrapped && wrapped.pattern.exec('"k"')!.groups!.secret).toBe('"k"');
  });
});
