import { describe, expect, it } from 'vitest';
import { NGRAM_BUCKETS, NGRAM_FIELDS, NGRAM_VERSION, ngramIds } from '../../src/features/ngrams.ts';
import { fillExample } from '../../src/rules/examples.ts';
import type { Candidate } from '../../src/types.ts';
import { candidateOf, chunkOf } from '../report/sample.ts';

interface Case {
  value: string;
  text?: string;
  path?: string;
  name?: string;
}

function of({ value, name, path = 'src/app.ts', text = `key = "${value}"\n` }: Case): Candidate {
  return candidateOf({ chunk: chunkOf(text, { path }), value, ...(name === undefined ? {} : { name }) });
}

/** The hash as its definition has it, written anew: FNV-1a from the kind, mixed, folded to 16 bits. */
function hash(kind: number, text: string): number {
  const step = (h: bigint, by: number) => ((h ^ BigInt(by)) * 16777619n) & 0xffffffffn;
  let h = step(2166136261n, kind);
  for (let i = 0; i < text.length; i++) h = step(h, text.charCodeAt(i));
  const signed = BigInt.asIntN(32, h);
  h = BigInt.asUintN(32, (signed ^ (h >> 15n)) * 0x2c1b3c6dn);
  return Number(((h >> 16n) ^ h) & 0xffffn);
}

const RANDOM = fillExample('{{alnum:24}}');

describe('n-grams', () => {
  it.each<[what: string, Case]>([
    ['an ordinary value', { value: RANDOM, name: 'apiKey' }],
    ['no name', { value: RANDOM }],
    ['an empty name and path', { value: 'x', name: '', path: '', text: 'x' }],
    ['a line of a megabyte', { value: RANDOM, text: `${'ab '.repeat(350_000)}${RANDOM}${'cd '.repeat(350_000)}` }],
    ['a value of a hundred kilobytes', { value: fillExample('{{base64:2000}}').repeat(50) }],
    ['a path of a hundred kilobytes', { value: RANDOM, path: 'ab/'.repeat(33_000) }],
    ['lone surrogates', { value: 'a\ud800b\udfff', name: '\udc00', text: '\ud800"a\ud800b\udfff"\udfff' }],
    ['emoji and controls', { value: '😀\u0000\u0002\u0003\u0004', name: '🔑\n', path: '😀.ts' }],
  ])('are sorted, distinct numbers of buckets: %s', (_, input) => {
    const ids = ngramIds(of(input));
    expect(Object.keys(ids)).toEqual([...NGRAM_FIELDS]);
    for (const field of NGRAM_FIELDS) {
      const list = [...ids[field]];
      expect(list).toEqual([...new Set(list)].sort((a, b) => a - b));
      expect(list.every((id) => Number.isInteger(id) && id >= 0 && id < NGRAM_BUCKETS)).toBe(true);
      expect(list.length).toBeGreaterThan(0);
      expect(list.length).toBeLessThan(3000);
    }
    expect(ngramIds(of(input))).toEqual(ids);
  });

  it('are hashed as a gate remembers them', () => {
    const ids = ngramIds(of({ value: 'Ab1!', name: 'dbKey', path: 'conf/app.yml', text: 'dbKey: "Ab1!" # x' }));
    const has = (field: keyof typeof ids, kind: number, text: string) => ids[field].includes(hash(kind, text));
    const wanted: [keyof typeof ids, number, string][] = [
      ['value', 1, '\u0002'],
      ['value', 1, '\u0002Ab1'],
      ['value', 1, 'b1!\u0003'],
      ['value', 2, '\u0002Aa9!\u0003'],
      ['value', 3, '4'],
      ['name', 4, '\u0002db_k'],
      ['name', 5, 'key'],
      ['name', 6, 'db_key'],
      ['name', 7, 'key'],
      ['name', 8, 'assignment:key'],
      ['name', 9, 'generic-password'],
      ['line', 10, 'ey: '],
      ['line', 11, '" #'],
      ['line', 12, 'Key: "'],
      ['line', 13, '" # x'],
      ['line', 14, 'dbkey'],
      ['line', 15, ''],
      ['line', 17, 'dbkey'],
      ['line', 18, 'x'],
      ['line', 19, 'conf'],
      ['line', 20, '.yml'],
      ['line', 21, 'app.yml'],
    ];
    expect(wanted.filter(([field, kind, text]) => !has(field, kind, text))).toEqual([]);
    const strange = [has('value', 1, 'Ab1!x'), has('name', 5, 'password'), has('line', 18, 'dbkey')];
    expect(strange).toEqual([false, false, false]);
  });

  it('have the same numbers for ever, or a new version', () => {
    // A gate is made of these numbers: whoever changes them raises NGRAM_VERSION, and pins the new ones here.
    expect(NGRAM_VERSION).toBe(1);
    expect([hash(1, 'a'), hash(2, 'a'), hash(3, '24'), hash(5, 'password'), hash(20, '.yml')]).toEqual([
      61283, 41773, 43025, 27283, 46587,
    ]);
    expect([...ngramIds(of({ value: 'aZ9' })).value]).toEqual([
      3619, 4171, 4704, 6616, 13670, 15872, 36127, 37370, 42331, 42831, 47580, 51665, 54660, 55006, 57006, 57320, 59384,
      61283, 64235, 64315, 64609,
    ]);
  });

  it('depend on what they are n-grams of', () => {
    const kinds = Array.from({ length: 21 }, (_, i) => hash(i + 1, 'token'));
    expect(new Set(kinds).size).toBe(kinds.length);
    // The same letters as the value, as the name and on the line.
    const { value, name, line } = ngramIds(of({ value: 'token', name: 'token', text: 'token "token"' }));
    const share = (a: Uint16Array, b: Uint16Array) => a.filter((id) => b.includes(id)).length / a.length;
    for (const [a, b] of [
      [value, name],
      [name, line],
      [value, line],
    ] as const) {
      expect(share(a, b)).toBeLessThan(0.1);
    }
  });

  it('of a value come from its two ends', () => {
    const at = (middle: string) => ngramIds(of({ value: `${'b'.repeat(48)}${middle}${'e'.repeat(12)}` })).value;
    expect(at('x1'.repeat(40))).toEqual(at('y2'.repeat(40)));
    expect(at('x1')).not.toEqual(at('x1'.repeat(40)));
    expect(ngramIds(of({ value: `${RANDOM}1` })).value).not.toEqual(ngramIds(of({ value: `${RANDOM}2` })).value);
  });

  it('do not change with text that is further away than their reach, nor with other lines', () => {
    const wide = ';'.repeat(170);
    const at = (before: string, after: string) =>
      ngramIds(of({ value: RANDOM, name: 'a', text: `${before}"${RANDOM}"${after}` }));
    expect(at(`password ${wide}`, `${wide} token`)).toEqual(at(`docker ${wide}`, `${wide}`));
    expect(at('password\nx = ', '\ntoken')).toEqual(at('x\nx = ', '\r\nuuid'));
    expect(at('x = ', ';')).not.toEqual(at('y = ', ';'));
  });
});
