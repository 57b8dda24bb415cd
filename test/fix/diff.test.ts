import { describe, expect, it } from 'vitest';
import { maskedDiff } from '../../src/fix/diff.ts';

function shown(
  text: string,
  values: readonly string[],
  changes: readonly (readonly [from: string, to: string])[],
  others: readonly string[] = [],
) {
  const span = (value: string) => ({ start: text.indexOf(value), end: text.indexOf(value) + value.length });
  const edits = changes.map(([from, to]) => ({ ...span(from), text: to })).sort((a, b) => a.start - b.start);
  return maskedDiff({ text, edits, values: values.map(span), others: others.map(span) }).map(({ kind, text: line }) =>
    kind === '@' ? line : kind + line,
  );
}

describe('a diff', () => {
  it('shows what changes, and no value', () => {
    const text = ['a', 'b', 'c', 'd', 'k = "s3cr3t"', 'e', 'f', 'g', 'h', ''].join('\n');
    expect(shown(text, ['s3cr3t'], [['"s3cr3t"', 'env']])).toEqual([
      '@@ -2,7 +2,7 @@',
      ' b',
      ' c',
      ' d',
      '-k = "********"',
      '+k = env',
      ' e',
      ' f',
      ' g',
    ]);
  });

  it('counts lines on in the second place, and shows an insertion as one', () => {
    const text = `${Array.from({ length: 20 }, (_, i) => `line ${i}`).join('\n')}\n`;
    const edits = [
      { start: 0, end: 0, text: 'import os\n' },
      { start: text.indexOf('17'), end: text.indexOf('17') + 2, text: 'x' },
    ];
    const lines = maskedDiff({ text, edits, values: [], others: [] }).map(({ kind, text: line }) => kind + line);
    expect(lines.slice(0, 3)).toEqual(['@@@ -1,4 +1,5 @@', '+import os', ' line 0']);
    expect(lines).toContain('@@@ -15,6 +16,6 @@');
  });

  it('masks what else stands in the lines around', () => {
    const text = 'a = "oth3rs3cret"\nb = "s3cr3t"\nc = "s3cr3t" # again\nd = "doubt1"\n';
    const lines = shown(text, ['oth3rs3cret', 's3cr3t'], [['"s3cr3t"', 'env']], ['doubt1']).join('\n');
    expect(lines).not.toMatch(/oth3rs3cret|s3cr3t|doubt1/);
    expect(lines).toContain('d = "****"');
  });

  it('masks values of several lines line by line', () => {
    const text = 'k = `BEGIN\nabc\nEND`\nx\n';
    expect(shown(text, ['BEGIN\nabc\nEND'], [['`BEGIN\nabc\nEND`', 'env']])).toEqual([
      '@@ -1,4 +1,2 @@',
      '-k = `********',
      '-********',
      '-********`',
      '+k = env',
      ' x',
    ]);
    expect(shown(text, ['BEGIN\nabc\nEND'], [['x', 'y']]).join('\n')).not.toMatch(/BEGIN|abc|END/);
  });

  it('cuts long lines, and spells out what acts on a terminal', () => {
    const text = `${'x'.repeat(5000)} k = "s3cr3t" \x1b[2J${'y'.repeat(5000)}`;
    const lines = shown(text, ['s3cr3t'], [['"s3cr3t"', 'env.K']]);
    for (const line of lines) expect(line.length).toBeLessThan(260);
    expect(lines.join('')).not.toContain('\x1b');
    expect(lines[2]).toContain('env.K');
  });
});
