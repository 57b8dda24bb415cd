import { describe, expect, it } from 'vitest';
import { features } from '../../src/features/index.ts';
import { fillExample } from '../../src/rules/examples.ts';
import type { Candidate } from '../../src/types.ts';
import { candidateOf, chunkOf } from '../report/sample.ts';

const V = fillExample('{{alnum:20}}');

function context(text: string, options: { path?: string; name?: string; syntax?: Candidate['syntax'] } = {}) {
  const { path = 'a.yml', name, syntax = 'assignment' } = options;
  const found = candidateOf({ chunk: chunkOf(text, { path }), value: V, ...(name === undefined ? {} : { name }) });
  return features({ ...found, syntax }).context;
}

describe('features', () => {
  it('join what name, value and path say', () => {
    const found = candidateOf({ chunk: chunkOf(`apiKey: ${V}`, { path: 'test/a.json' }), value: V, name: 'apiKey' });
    expect(features(found)).toMatchObject({
      value: { length: 20 },
      name: { kind: 'api-key' },
      path: { kind: 'data', test: true },
      placeholder: { word: false },
    });
  });

  it('take the place in an address for the name', () => {
    const found = candidateOf({ chunk: chunkOf(`x://bob:${V}@h`), value: V, name: 'bob' });
    expect(features({ ...found, syntax: 'url' }).name.kind).toBe('password');
    expect(features(found).name.kind).toBe('other');
  });

  it.each([
    ['quoted', `a = "${V}"`, `a = ${V}`],
    ['quoted', `a = '${V}'`, `a = (${V})`],
    ['isTemplate', `a = ${V}\${x}`, `a = ${V}$x`],
    ['isTemplate', `a = ${V}{{ x }}`, `a = ${V} {{ x }}`],
    ['goesOn', `a = ${V}(x)`, `a = ${V} (x)`],
    ['goesOn', `a = ${V}.x`, `a = "${V}".x`],
    ['comment', `  // a = ${V}`, `a = ${V} // x`],
    ['comment', `# a = ${V}`, `x # a\na = ${V}`],
    ['inResourceName', `arn:aws:iam::123:role/${V}`, `warning: ${V}`],
    ['compared', `if (a === "${V}"`, `a = "${V}"`],
    ['compared', `expect(a, "${V}"`, `unexpected\n"${V}"`],
  ] as const)('%s: %j, and not %j', (what, yes, no) => {
    expect([context(yes)[what], context(no)[what]]).toEqual([true, false]);
  });

  it('knows unquoted values in programs', () => {
    expect(context(`a = ${V}`, { path: 'a.ts' }).bareInCode).toBe(true);
    expect(context(`a = "${V}"`, { path: 'a.ts' }).bareInCode).toBe(false);
    expect(context(`a = ${V}`, { path: 'a.env' }).bareInCode).toBe(false);
  });

  it('measures how far the name is', () => {
    expect(context(`key = ${V}`, { name: 'key' }).gap).toBe(3);
    expect(context(`key=${V}`, { name: 'key' }).gap).toBe(1);
    expect(context(`key\n${V}`, { name: 'key' }).gap).toBe(0);
    expect(context(`= ${V}`).gap).toBe(0);
  });

  it('knows a token in a block of data', () => {
    const data = fillExample('{{[,;a-z]:500}}');
    expect(context(`${data};${V};${data}`, { syntax: 'token' }).inBlock).toBe(true);
    expect(context(`${data} ${V} ${data}`, { syntax: 'token' }).inBlock).toBe(false);
    expect(context(`${data};${V};${data}`).inBlock).toBe(false);
  });

  it('reads the line of the value only, and of a long line what is near', () => {
    expect(context(`"x ===\n${V}`)).toEqual(context(V));
    expect(context(`${'"'.repeat(500)}${' '.repeat(300)}${V}`)).toEqual(context(`${' '.repeat(300)}${V}`));
  });
});
