import { describe, expect, it } from 'vitest';
import { settle } from '../../src/classify/index.ts';
import { features } from '../../src/features/index.ts';
import { fillExample } from '../../src/rules/examples.ts';
import type { Candidate, Preset, Rule, Verdict } from '../../src/types.ts';
import { candidates } from '../candidates/found.ts';
import { candidateOf, chunkOf, passwordRule } from '../report/sample.ts';

const PRESETS: readonly Preset[] = ['strict', 'balanced', 'wide'];
const RANDOM = fillExample('{{alnum:24}}');

interface Case {
  value: string;
  text?: string;
  path?: string;
  name?: string;
  syntax?: Candidate['syntax'];
  rule?: Rule;
}

/** A candidate of `value` in `text` (`name = "value"` unless told). */
function of({ value, path = 'config.yml', name = 'password', syntax = 'assignment', ...more }: Case): Candidate {
  const text = more.text ?? `${name} = "${value}"`;
  return { ...candidateOf({ chunk: chunkOf(text, { path }), value, name, rule: more.rule ?? passwordRule }), syntax };
}

function settled(candidate: Candidate, preset: Preset = 'balanced'): Verdict | undefined {
  return settle({ candidate, features: features(candidate), preset });
}

const judge = (input: Case, preset: Preset = 'balanced') => settled(of(input), preset);

describe('the filters settle', () => {
  const WRAPPED = fillExample('{{base64:64}}\n{{base64:64}}\n');
  const COMMIT = fillExample('{{hex:40}}');
  const UUID = fillExample('{{hex:8}}-{{hex:4}}-4{{hex:3}}-a{{hex:3}}-{{hex:12}}');
  const uuidRule: Rule = { ...passwordRule, id: 'generic-uuid' };
  const blob = fillExample('{{[,;a-z]:500}}');
  it.each<[what: string, label: string, yes: Case, no: Case]>([
    ['references', 'placeholder', { value: `\${DB_PASSWORD}` }, { value: `$${RANDOM}!` }],
    [
      'the beginning of a template',
      'placeholder',
      { value: RANDOM, text: `password = ${RANDOM}\${x}` },
      { value: RANDOM, text: `password = ${RANDOM}` },
    ],
    ['what is masked in part', 'placeholder', { value: 'uLdb-Yaf....2Hyl5w' }, { value: 'uLdb-Yaf.2Hyl5w' }],
    [
      'hashes, by their name',
      'harmless',
      { value: fillExample('{{hex:40}}'), name: 'hashed_secret' },
      { value: fillExample('{{hex:40}}'), name: 'shared_secret' },
    ],
    [
      'hashes of passwords',
      'harmless',
      { value: `$argon2id$v=19$m=65536,t=3,p=2$${fillExample('{{alnum:22}}$^{{alnum:43}}')}` },
      { value: fillExample('{{alnum:12}}$^{{alnum:20}}') },
    ],
    ['numbers of four digits', 'harmless', { value: '1789' }, { value: '917894' }],
    ['one-time codes', 'harmless', { value: '566155', name: 'token' }, { value: '566155', name: 'password' }],
    [
      'one of two words that a program chooses',
      'harmless',
      { value: 'text', text: "type = visible ? 'text' : 'password'", path: 'a.ts' },
      { value: 'text', text: "password = 'text'", path: 'a.ts' },
    ],
    [
      'the second of them',
      'harmless',
      { value: 'password', text: "type = visible ? 'text' : 'password'", path: 'a.ts' },
      { value: 'password', text: "type: 'password'", path: 'a.ts' },
    ],
    ['tokens of paging', 'harmless', { value: RANDOM, name: 'input_token' }, { value: RANDOM, name: 'auth_token' }],
    [
      'identifiers in examples',
      'harmless',
      { value: UUID, name: 'jobId', path: 'apis/jobs.examples.json', rule: uuidRule },
      { value: UUID, name: 'api_key', path: 'apis/jobs.examples.json', rule: uuidRule },
    ],
    [
      'identifiers in files of that name only',
      'harmless',
      { value: UUID, name: 'jobId', path: 'sample.json', rule: uuidRule },
      { value: UUID, name: 'jobId', path: 'examples/jobs.json', rule: uuidRule },
    ],
    [
      'UUIDs that a standard fixes',
      'harmless',
      { value: '6ba7b810-9dad-11d1-80b4-00c04fd430c8', name: 'DNS', rule: uuidRule },
      { value: UUID, name: 'DNS', rule: uuidRule },
    ],
    [
      'examples in sentences',
      'placeholder',
      { value: UUID, text: `Principals are GUIDs (for example, ${UUID}).`, path: 'a.d.ts', rule: uuidRule },
      { value: UUID, text: `example: ${UUID}`, rule: uuidRule },
    ],
    [
      'examples in sentences, but not of passwords',
      'placeholder',
      { value: UUID, text: `The id to look for. Example: ${UUID}`, path: 'a.d.ts', rule: uuidRule },
      { value: RANDOM, text: `The password to use. Example: ${RANDOM}`, path: 'a.d.ts' },
    ],
    [
      'names of resources with placeholders in them',
      'harmless',
      { value: UUID, text: `"taskArn": "arn:aws:ecs:<region>:<account>:task/${UUID}"`, rule: uuidRule },
      { value: UUID, text: `"task": "barn:1:<account>:task/${UUID}"`, rule: uuidRule },
    ],
    [
      'identifiers in numbered files of examples',
      'harmless',
      { value: UUID, name: 'id', path: 'ecs/examples-1.json', rule: uuidRule },
      { value: UUID, name: 'id', path: 'ecs/paginators-1.json', rule: uuidRule },
    ],
    [
      'identifiers of keys',
      'harmless',
      { value: RANDOM, name: 'TargetKeyId', rule: { ...passwordRule, id: 'generic-key' } },
      { value: RANDOM, name: 'TargetKey', rule: { ...passwordRule, id: 'generic-key' } },
    ],
    [
      'the next option of a command',
      'harmless',
      { value: '--gecos', text: '--disabled-password --gecos', path: 'Dockerfile' },
      { value: '-gEc9!os', text: '--disabled-password -gEc9!os', path: 'Dockerfile' },
    ],
    [
      'lines of wrapped base64',
      'harmless',
      { value: WRAPPED.slice(0, 64), text: WRAPPED, name: '', syntax: 'token' },
      { value: WRAPPED.slice(0, 64), text: WRAPPED.slice(0, 64), name: 'secret', syntax: 'token' },
    ],
    [
      'hashes of lock files',
      'harmless',
      { value: fillExample('{{base64:43}}='), name: 'token', path: 'go.sum' },
      { value: fillExample('{{base64:43}}='), name: 'token', path: 'go.env' },
    ],
    [
      'commits',
      'harmless',
      { value: COMMIT, text: `token = compare/${COMMIT}`, name: 'token' },
      { value: COMMIT, text: `token = ${COMMIT}`, name: 'token' },
    ],
    [
      'issuers of certificates',
      'harmless',
      { value: `MIGQ${'MQswCQYDVQQGEwJHQjEb'}${RANDOM}`, name: 'token' },
      { value: `MIGQ${'MQswCQYDVQRGEwJHQjEb'}${RANDOM}`, name: 'token' },
    ],
    ['what runs on', 'placeholder', { value: 'xxxxxxxxxxxxxxxx' }, { value: RANDOM }],
    ['short values', 'harmless', { value: 'aB3' }, { value: 'aB3x7Kq' }],
    ['values of symbols', 'harmless', { value: '##-!-#$7' }, { value: '##aB7x!Q' }],
    [
      'expressions',
      'harmless',
      { value: 'cfg.get(x)', text: 'password = cfg.get(x)', path: 'a.ts' },
      { value: 'cfg.get(x)9!' },
    ],
    [
      'members in a program',
      'harmless',
      { value: 'options.tok9Qx', text: 'password = options.tok9Qx', path: 'a.ts' },
      { value: 'options.tok9Qx', text: 'password = options.tok9Qx', path: 'a.env' },
    ],
    [
      'what is called in a program',
      'harmless',
      { value: RANDOM, text: `password = ${RANDOM}(x)`, path: 'a.ts' },
      { value: RANDOM, text: `password = ${RANDOM} (x)`, path: 'a.ts' },
    ],
    ['examples', 'placeholder', { value: `${RANDOM}EXAMPLE` }, { value: `${RANDOM}EXAMPL` }],
    ['what is to be replaced', 'placeholder', { value: 'changeme' }, { value: `changed${RANDOM}` }],
    ['what is to be replaced by you', 'placeholder', { value: 'your-password' }, { value: `yours${RANDOM}` }],
    ['tokens of paging', 'harmless', { value: RANDOM, name: 'nextPageToken' }, { value: RANDOM, name: 'accessToken' }],
    [
      'numbers in a program',
      'harmless',
      { value: '0x7f3a_99', text: 'password = 0x7f3a_99', path: 'a.rs' },
      { value: '0x7f3a_99', path: 'a.rs' },
    ],
    [
      'names of cloud resources',
      'harmless',
      { value: RANDOM, text: `secret: arn:aws:secretsmanager:eu-1:123:secret:${RANDOM}` },
      { value: RANDOM, text: `secret: warn:aws:${RANDOM}` },
    ],
    [
      'blocks of data',
      'harmless',
      { value: RANDOM, text: `${blob};${RANDOM};${blob}`, syntax: 'token' },
      { value: RANDOM, text: `${blob};${RANDOM};${blob}`, syntax: 'assignment' },
    ],
    ['patterns', 'harmless', { value: '[A-Za-z0-9]{12,}x' }, { value: 'A-Za-z0-9Qx12' }],
    ['escapes', 'harmless', { value: String.raw`\u00e9\u00e8\u00e7` }, { value: String.raw`\u00e9\u00e8Kx9` }],
    ['integrity hashes', 'harmless', { value: `sha512-${RANDOM}` }, { value: `sha9-${RANDOM}` }],
    ['certificates', 'harmless', { value: `MIIDabCCAb${RANDOM}` }, { value: `MIIDabXXAb${RANDOM}` }],
  ])('%s', (_, label, yes, no) => {
    const verdict = judge(yes);
    expect(verdict).toMatchObject({ label, probability: 0.01, decidedBy: 'filter' });
    expect(judge(no)).toBeUndefined();
    // Whatever the preset: a filter knows.
    for (const preset of PRESETS) expect(judge(yes, preset)).toEqual(verdict);
  });

  it('hosts of buckets', () => {
    const [bucket] = candidates('see my-bucket.s3.amazonaws.com for more');
    expect(settled(bucket!, 'wide')).toMatchObject({ label: 'harmless', probability: 0.01 });
  });
});

const acme: Rule = {
  id: 'acme-key',
  provider: 'Acme',
  description: 'Acme API key',
  keywords: ['acme_'],
  pattern: /acme_\w+/,
  severity: 'high',
  confidence: 'certain',
};
const matched = (value: string, change: Partial<Rule> = {}, preset: Preset = 'balanced') =>
  judge({ value, syntax: 'provider', rule: { ...acme, ...change } }, preset)!;

describe('a match of a provider', () => {
  it.each([
    ['certain', 0.99, ['secret', 'secret', 'secret']],
    ['likely', 0.9, ['secret', 'secret', 'secret']],
    ['hint', 0.6, ['harmless', 'secret', 'secret']],
  ] as const)('of a rule that is %s is worth %f', (confidence, probability, labels) => {
    const verdicts = PRESETS.map((preset) => matched(`acme_${RANDOM}`, { confidence }, preset));
    expect(verdicts.map(({ label }) => label)).toEqual(labels);
    expect(verdicts.map((verdict) => verdict.probability)).toEqual(Array(3).fill(probability));
    expect(verdicts.map(({ decidedBy }) => decidedBy)).toEqual(Array(3).fill('rule'));
  });

  it.each([
    'acme_EXAMPLEKEY12345678',
    'acme_your-key-goes-here',
    'acme_xxxxxxxxxxxxxxxx',
    'acme_****************',
    `acme_\${ACME_KEY}`,
    'acme_<your key>',
    `acme_${'7'.repeat(20)}`,
    'aaaabbbbaaaabbbb',
  ])('is a placeholder where it says so: %s', (value) => {
    expect(matched(value)).toMatchObject({ label: 'placeholder', decidedBy: 'filter', probability: 0.01 });
  });

  it('is no secret where it is the hash that a package is checked against', () => {
    const value = fillExample('{{base64:86}}==');
    const verdictOf = (text: string) => judge({ value, text, path: 'packages.yaml', syntax: 'provider', rule: acme });
    expect(verdictOf(`integrity: sha512-${value}`)).toMatchObject({ label: 'harmless', decidedBy: 'filter' });
    expect(verdictOf(`integrity: ${value}`)).toMatchObject({ label: 'secret' });
  });

  it('made of words counts only when its shape is unmistakable', () => {
    const words = 'customer-settings-service';
    expect(matched(words, { confidence: 'likely' })).toMatchObject({ decidedBy: 'filter', probability: 0.05 });
    expect(matched(words, { confidence: 'likely' }).label).not.toBe('secret');
    expect(matched(words, { confidence: 'certain' }).label).toBe('secret');
  });

  it('that runs along the alphabet is made of no words', () => {
    for (const value of ['abcdefghijklmnopqrstuvwx', 'ABCDEFGHIJKLMNOPQRSTUVWX']) {
      expect(matched(value, { confidence: 'likely' })).toMatchObject({ label: 'secret', decidedBy: 'rule' });
    }
    expect(matched(fillExample('{{upper:28}}'), { confidence: 'likely' }).label).toBe('secret');
    expect(matched('APPLICATION_SETTINGS_FILE', { confidence: 'likely' }).label).not.toBe('secret');
  });

  it('may be a word where an address has its password', () => {
    const verdictOf = (match: string, value: string) =>
      settled({ ...of({ value, syntax: 'provider', rule: { ...acme, confidence: 'likely' } }), match });
    expect(verdictOf('acme://bob:contoso@acme.test', 'contoso')).toMatchObject({ label: 'secret', decidedBy: 'rule' });
    expect(verdictOf('acme://bob:password@acme.test', 'password')?.label).not.toBe('secret');
    expect(verdictOf('Password=contoso; Encrypt=', 'contoso')).toMatchObject({ label: 'secret', decidedBy: 'rule' });
    expect(verdictOf('acme_key: contoso@acme.test', 'contoso')?.label).not.toBe('secret');
  });

  it('in the path of an address may belong to anyone’s example', () => {
    const path = `webhook/${RANDOM}`;
    expect(matched(`https://example.acme.test/${path}`)).toMatchObject({ label: 'secret' });
    expect(matched(`https://acme.test/example/${path}`)).toMatchObject({ label: 'placeholder' });
  });

  it('of a private key is none where there is text in base64 instead', () => {
    const block = (body: string) =>
      matched(fillExample(`-----BEGIN PRIVATE KEY-----\n${body}\n-----END PRIVATE KEY-----`));
    expect(block('{{b64(put the private key of the service here)}}')).toMatchObject({ label: 'placeholder' });
    expect(block('{{base64:64}}')).toMatchObject({ label: 'secret' });
  });

  it('that a documentation prints is its sample', () => {
    expect(matched('33f!!lloppa')).toMatchObject({ label: 'placeholder', decidedBy: 'filter' });
    expect(matched('33f!!lloppas')).toMatchObject({ label: 'secret' });
  });

  it('says what it looks like, and whether it was checked', () => {
    expect(matched(`acme_${RANDOM}`).reason).toBe('it has the shape of an Acme API key, which nothing else has');
    expect(matched(`acme_${RANDOM}`, { validator: 'luhn' }).reason).toMatch(/checksum or structure is right$/);
    const likely = matched(`acme_${RANDOM}`, { confidence: 'likely', description: 'Key of Acme' });
    expect(likely.reason).toBe('it has the shape and the surroundings of a Key of Acme');
  });
});
