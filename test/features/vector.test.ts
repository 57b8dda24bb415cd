import { describe, expect, it } from 'vitest';
import { features } from '../../src/features/index.ts';
import { FEATURE_NAMES, featureVector } from '../../src/features/vector.ts';
import { fillExample } from '../../src/rules/examples.ts';
import type { Candidate } from '../../src/types.ts';
import { candidates, everyRule } from '../candidates/found.ts';
import { candidateOf, chunkOf } from '../report/sample.ts';

interface Case {
  value: string;
  text?: string;
  path?: string;
  name?: string;
  syntax?: Candidate['syntax'];
}

/** A candidate of the first `value` in `text` (`name = "value"` unless told). */
function of({ value, name = 'api_key', path = 'src/app.ts', syntax = 'assignment', ...more }: Case): Candidate {
  const chunk = chunkOf(more.text ?? `${name} = "${value}"\n`, { path });
  return { ...candidateOf({ chunk, value, name }), syntax };
}

const vector = (candidate: Candidate) => featureVector({ candidate, features: features(candidate) });

/** One number of the vector, by its name. */
function column(name: string, candidate: Candidate): number {
  const at = FEATURE_NAMES.indexOf(name);
  if (at < 0) throw new Error(`no feature is called ${name}`);
  return vector(candidate)[at]!;
}

const RANDOM = fillExample('{{alnum:24}}');
const HEX = fillExample('{{hex:40}}');

describe('the names of a vector', () => {
  it('are all different, and none would break the list in a gate', () => {
    expect(new Set(FEATURE_NAMES).size).toBe(FEATURE_NAMES.length);
    expect(FEATURE_NAMES.filter((name) => !/^[a-z\d][\w :-]*$/i.test(name))).toEqual([]);
    // Scores of n-grams are appended under names of their own.
    expect(FEATURE_NAMES.filter((name) => name.startsWith('ngrams '))).toEqual([]);
    expect(FEATURE_NAMES.length).toBeGreaterThan(150);
  });
});

describe('a vector of hostile text', () => {
  const MEGABYTE = 1 << 20;
  it.each<[what: string, Case]>([
    ['an empty name', { value: RANDOM, name: '' }],
    ['a value of one character', { value: 'x' }],
    ['a value of one blank', { value: ' ' }],
    ['the whole text', { value: RANDOM, text: RANDOM }],
    ['an empty path', { value: RANDOM, path: '' }],
    ['a line of a megabyte', { value: RANDOM, text: `${'a b=1;'.repeat(MEGABYTE / 6)}${RANDOM}${'};'.repeat(1e5)}` }],
    ['a value of a hundred kilobytes', { value: fillExample('{{base64:2000}}').repeat(50) }],
    ['lone surrogates', { value: 'ab\ud800c1\udfff', name: '\udc00key', text: '\ud800"ab\ud800c1\udfff"\udfff' }],
    ['emoji', { value: '😀🔑'.repeat(30), name: '🔑', path: '😀/🔑.ts' }],
    ['control characters', { value: 'a\u0000\u001b[31m\u007f\u0085\u2028x9', name: '\u0000\n' }],
    ['line ends', { value: 'a\n\r\n\rb9', text: '\r\r\na\n\r\n\rb9\r\n' }],
    ['symbols only', { value: '$*+?^|\\/-=!' }],
    ['a name of many words', { value: RANDOM, name: 'secret_token_key_'.repeat(200) }],
    ['names of members of objects', { value: '__proto__', name: 'constructor', path: 'toString/hasOwnProperty' }],
  ])('%s', (_, input) => {
    const candidate = of(input);
    const x = vector(candidate);
    expect(x).toHaveLength(FEATURE_NAMES.length);
    const odd = FEATURE_NAMES.filter((_name, i) => !Number.isFinite(x[i]) || Math.fround(x[i]!) !== x[i]);
    expect(odd).toEqual([]);
    expect(vector(structuredClone(candidate))).toEqual(x);
  });

  it('takes every candidate that the scanner finds in such text', () => {
    const text = `password="\ud800${RANDOM}"\u0000 token: '\u202e😀${HEX}' key=${RANDOM}\r\n"secret": "${'ab'.repeat(600)}1"\nAPI_KEY=''\npassword = ""\n`;
    const found = candidates(text, { rules: everyRule });
    expect(found.length).toBeGreaterThan(2);
    for (const one of found) expect(vector(one).every(Number.isFinite)).toBe(true);
  });
});

describe('a vector', () => {
  const line = `const apiKey = connect("${RANDOM}", 1); // note`;
  const at = (before: string, after: string, path = 'src/app.ts') =>
    vector(of({ value: RANDOM, name: 'apiKey', path, text: `${before}${line}${after}` }));
  const filler = 'x = y\n'.repeat(120);

  it('does not change with text that is further away than its reach', () => {
    // 600 code units to each side are read, over line borders; this filler is longer and has no word that is looked for.
    const alone = at(`\n${filler}`, `\n${filler}`);
    const far = 'password: "changeme"\nuuid 00000000-0000-0000\n{"kty": "EC"}\nexample.com\n';
    expect(filler.length).toBeGreaterThan(600);
    expect(at(`${far}\n${filler}`, `\n${filler}${far}`)).toEqual(alone);
    expect(at(`${far.repeat(5000)}\n${filler}`, `\n${filler}${far.repeat(5000)}`)).toEqual(alone);
  });

  it('does not change with what is further away on its own line', () => {
    const wide = ' + z'.repeat(200);
    expect(at(`curl --token ${wide} `, ` ${wide}`)).toEqual(at(`docker mysql ${wide} `, ` ${wide} localhost //`));
  });

  it('does change with what is near', () => {
    expect(at(`\n${filler}`, `\nsee example.com${filler}`)).not.toEqual(at(`\n${filler}`, `\n${filler}`));
    expect(at('', '', 'test/app.ts')).not.toEqual(at('', ''));
  });

  it('is the same whatever was looked at before it', () => {
    const alone = at('', '');
    for (const value of ['changeme', HEX, 'p@ss w0rd', '😀']) vector(of({ value }));
    expect(at('', '')).toEqual(alone);
  });

  it('does not know where in its file the value stands', () => {
    const candidate = of({ value: RANDOM });
    expect(vector({ ...candidate, line: 9000, endLine: 9000, column: 77, endColumn: 101 })).toEqual(vector(candidate));
  });
});

describe('columns', () => {
  const SEED = fillExample('S{{[ACNOUX]:1}}{{[A-Z2-7]:56}}');
  const UUIDS = [1, 2, 3].map((n) => fillExample(`{{uuid}}${n}`).slice(0, 36));
  const ARGON = ['', 'argon2id', 'v=19', 'm=65536,t=3,p=4', fillExample('{{base64:22}}'), fillExample('{{base64:43}}')];
  const TEXT = Buffer.from('user:made-up words, in plain English').toString('base64');
  const NOISE = Buffer.from(fillExample('{{hex:48}}'), 'hex').toString('base64');
  const lines = (value: string, after: string) => `"a": "${value}"${after}`;

  it.each<[name: string, yes: Case, no: Case, value?: number]>([
    [
      'near: key set',
      { value: RANDOM, name: 'd', text: `{"kty": "EC", "crv": "P-256", "d": "${RANDOM}"}` },
      { value: RANDOM, name: 'd', text: `{"kind": "EC", "crv": "P-256", "d": "${RANDOM}"}` },
    ],
    [
      'line has etag',
      { value: HEX, name: 'ETag', text: `headers.put("ETag", "${HEX}")` },
      { value: HEX, name: 'Tag', text: `headers.put("Tag", "${HEX}")` },
    ],
    ['name is a file', { value: HEX, name: 'js/app.min.js' }, { value: HEX, name: 'app' }],
    ['name is a file', { value: HEX, name: 'logo.svg' }, { value: HEX, name: 'app_key' }],
    ['password hash', { value: ARGON.join('$') }, { value: ARGON.join('-') }],
    ['password hash', { value: `{SSHA}${ARGON.join('$')}` }, { value: `$${RANDOM}` }],
    ['seed of a key', { value: SEED }, { value: SEED.slice(0, -1) }],
    ['seed of a key', { value: SEED }, { value: SEED.toLowerCase() }],
    ['decodes to text', { value: TEXT }, { value: 'a b c d e f g' }],
    [
      'near: uuids',
      { value: UUIDS[0]!, text: lines(UUIDS[0]!, `\n"b": "${UUIDS[1]}"\n"c": "${UUIDS[2]}"`) },
      { value: UUIDS[0]!, text: lines(UUIDS[0]!, '') },
      2,
    ],
    [
      'near: long hex',
      { value: RANDOM, text: lines(RANDOM, `, "${fillExample('{{hex:32}}').repeat(9)}"`) },
      { value: RANDOM, text: lines(RANDOM, '') },
      5,
    ],
    ['near: same value', { value: RANDOM, text: lines(RANDOM, `, "${RANDOM}"`) }, { value: RANDOM }],
    ['length of a hash', { value: HEX }, { value: `${HEX}0` }],
    ['name upper case', { value: RANDOM, name: 'API_KEY' }, { value: RANDOM, name: 'Api_Key' }],
    ['name has token', { value: RANDOM, name: 'authToken' }, { value: RANDOM, name: 'tokenizer' }],
    ['value is uuid', { value: UUIDS[0]! }, { value: HEX }],
    ['syntax is json', { value: HEX, syntax: 'json' }, { value: HEX, syntax: 'yaml' }],
    ['path test', { value: HEX, path: 'test/app.ts' }, { value: HEX, path: 'src/app.ts' }],
    ['path depth', { value: HEX, path: 'a/b/c.ts' }, { value: HEX, path: 'c.ts' }, 2],
    ['first is digit', { value: '4everblue' }, { value: 'ever4blue' }],
    ['padding', { value: TEXT.replace(/=*$/, '=') }, { value: HEX }],
    ['camel case', { value: 'someWordHere' }, { value: 'some_word' }],
    ['non-ascii', { value: 'größer12' }, { value: 'groesser12' }],
    ['before: opens a call', { value: HEX, text: `f("${HEX}")` }, { value: HEX, text: `f = "${HEX}"` }],
    ['before: arrow', { value: HEX, text: `'k' => '${HEX}'` }, { value: HEX, text: `'k' = '${HEX}'` }],
    ['after: comment', { value: HEX, text: `"${HEX}" // x` }, { value: HEX, text: `"${HEX}" x` }],
    ['near: expect', { value: HEX, text: `expect(a, "${HEX}")` }, { value: HEX, text: `inspect(a, "${HEX}")` }],
  ])('%s', (name, yes, no, value) => {
    const told = column(name, of(yes));
    if (value === undefined) expect(told).toBeGreaterThan(0.99);
    else expect(told).toBe(value);
    expect(column(name, of(no))).toBe(0);
  });

  it('tells how much of base64 is text', () => {
    expect(column('decodes to text', of({ value: TEXT }))).toBe(1);
    expect(column('decodes to text', of({ value: NOISE }))).toBeGreaterThan(0);
    expect(column('decodes to text', of({ value: NOISE }))).toBeLessThan(0.6);
    expect(column('decodes to text', of({ value: 'QUJD' }))).toBe(0);
  });

  it('tells words from random letters', () => {
    const words = of({ value: 'yellowRiverBridge' });
    const random = of({ value: 'qzXkvwPqjzRtgqxKb' });
    expect(column('letters in words', words)).toBeGreaterThan(0.9);
    expect(column('letters in words', random)).toBeLessThan(0.3);
    expect(column('commonest piece', words)).toBeLessThan(column('commonest piece', random));
    expect(column('rarest piece', of({ value: '1234-5678' }))).toBe(0);
    expect(column('commonest piece', of({ value: '1234-5678' }))).toBe(12);
  });

  it('gives each mark beside a value a number of its own', () => {
    const marks = [...'"\'`=: /@>(,<&;)\\.{}$-_+#%'];
    const numbers = marks.map((mark) => column('before: last', of({ value: HEX, text: `x ${mark}${HEX}` })));
    expect(new Set(numbers).size).toBe(marks.length);
    expect(Math.min(...numbers)).toBeGreaterThan(2);
    expect(column('before: last', of({ value: HEX, text: HEX }))).toBe(0);
    expect(column('before: last', of({ value: HEX, text: `\n${HEX}` }))).toBe(0);
    expect(column('before: last', of({ value: HEX, text: `z${HEX}` }))).toBe(1);
    expect(column('before: last', of({ value: HEX, text: `~${HEX}` }))).toBe(2);
  });
});
