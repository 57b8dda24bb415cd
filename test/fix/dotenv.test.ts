import { describe, expect, it } from 'vitest';
import { readVariables, variableLine, withPattern, withVariables } from '../../src/fix/dotenv.ts';

describe('a file of variables', () => {
  it('is read', () => {
    const text = `# note\nA=1\nexport B = 'x y' # z\r\nC="a\nb"\nD=\nE="a\\nb"\n`;
    expect([...readVariables(text)]).toEqual([
      ['A', '1'],
      ['B', 'x y'],
      ['C', 'a\nb'],
      ['D', ''],
      ['E', undefined],
    ]);
  });

  it.each(['plain', 'a b', 'a#b!$c', 'a"b', '', "it's", 'line\nline', 'a\\b', '-----BEGIN\nx\n-----END'])(
    'takes %j, and gives it back',
    (value) => {
      const line = variableLine('A', value)!;
      expect(readVariables(`B=1\n${line}\nC=2\n`).get('A')).toBe(value);
    },
  );

  it('does not take what its readers disagree on', () => {
    expect(variableLine('A', `it's $x`)).toBeUndefined();
    expect(variableLine('A', 'a\n"b"')).toBeUndefined();
  });

  it('gets new lines where they belong', () => {
    const add = (text: string, ...names: string[]) =>
      withVariables(
        text,
        names.map((name) => [name, `${name}=`] as const),
      );
    expect(add('', 'B', 'A')).toBe('B=\nA=\n');
    expect(add('A=1\nC=2\n', 'B')).toBe('A=1\nB=\nC=2\n');
    expect(add('C=1\nA=2', 'B')).toBe('C=1\nA=2\nB=\n');
    expect(add('# x\r\nA=1\r\n', 'B')).toBe('# x\r\nA=1\r\nB=\r\n');
  });
});

describe('a .gitignore', () => {
  it('gets a pattern once', () => {
    expect(withPattern('', '.env')).toBe('.env\n');
    expect(withPattern('a', '.env')).toBe('a\n.env\n');
    expect(withPattern('a\r\n', '.env')).toBe('a\r\n.env\r\n');
    expect(withPattern('.env\n', '.env')).toBeUndefined();
  });
});
