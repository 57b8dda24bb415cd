import { describe, expect, it } from 'vitest';
import { classify, THRESHOLDS } from '../../src/classify/index.ts';
import { isChosenPassword, isNamingUuid } from '../../src/classify/policies.ts';
import { INDICATORS, score } from '../../src/classify/scorecard.ts';
import { SCORECARD_WEIGHTS } from '../../src/classify/scorecard-weights.ts';
import { features } from '../../src/features/index.ts';
import { fillExample } from '../../src/rules/examples.ts';
import type { Candidate, Preset, Rule } from '../../src/types.ts';
import { candidates, everyRule } from '../candidates/found.ts';
import { candidateOf, chunkOf, passwordRule } from '../report/sample.ts';

const PRESETS: readonly Preset[] = ['strict', 'balanced', 'wide'];
const RANDOM = fillExample('{{alnum:24}}');
const UUID = fillExample('{{uuid}}');

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

const judge = (input: Case, preset: Preset = 'balanced') => classify(of(input), preset);

describe('the filters settle', () => {
  const WRAPPED = fillExample('{{base64:64}}\n{{base64:64}}\n');
  const COMMIT = fillExample('{{hex:40}}');
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
    const settled = judge(yes);
    expect(settled).toMatchObject({ label, probability: 0.01, decidedBy: 'filter' });
    const reason = judge(no).reason;
    expect(reason).not.toBe(settled.reason);
    // Whatever the preset: a filter knows.
    for (const preset of PRESETS) expect(judge(yes, preset)).toEqual(settled);
  });

  it('hosts of buckets', () => {
    const [bucket] = candidates('see my-bucket.s3.amazonaws.com for more');
    expect(classify(bucket!, 'wide')).toMatchObject({ label: 'harmless', probability: 0.01 });
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
  judge({ value, syntax: 'provider', rule: { ...acme, ...change } }, preset);

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

  it('made of words counts only when its shape is unmistakable', () => {
    const words = 'customer-settings-service';
    expect(matched(words, { confidence: 'likely' })).toMatchObject({ decidedBy: 'filter', probability: 0.05 });
    expect(matched(words, { confidence: 'likely' }).label).not.toBe('secret');
    expect(matched(words, { confidence: 'certain' }).label).toBe('secret');
  });

  it('says what it looks like, and whether it was checked', () => {
    expect(matched(`acme_${RANDOM}`).reason).toBe('it has the shape of an Acme API key, which nothing else has');
    expect(matched(`acme_${RANDOM}`, { validator: 'luhn' }).reason).toMatch(/checksum or structure is right$/);
    const likely = matched(`acme_${RANDOM}`, { confidence: 'likely', description: 'Key of Acme' });
    expect(likely.reason).toBe('it has the shape and the surroundings of a Key of Acme');
  });
});

describe('a UUID', () => {
  const labels = (name: string) => PRESETS.map((preset) => judge({ value: UUID, name }, preset).label);

  it.each(['id', 'tenant', 'requestId', 'secret_id', 'secretName', 'token_url', 'public_token'])(
    'that %s names a thing is reported by the widest preset alone',
    (name) => {
      expect(labels(name)).toEqual(['harmless', 'harmless', 'secret']);
      expect(isNamingUuid(features(of({ value: UUID, name })))).toBe(true);
    },
  );

  it.each(['clientSecret', 'api_key', 'auth_token', 'password'])('under the name %s is judged as any value', (name) => {
    expect(isNamingUuid(features(of({ value: UUID, name })))).toBe(false);
    expect(labels(name)[2]).toBe('secret');
    expect(judge({ value: UUID, name }).reason).toContain('UUID');
  });

  it('is about UUIDs alone', () => {
    expect(isNamingUuid(features(of({ value: RANDOM, name: 'id' })))).toBe(false);
  });
});

describe('a chosen password', () => {
  const chosen = (input: Case) => isChosenPassword(features(of(input)));

  it.each(['Summer2024!', 'Tr0ub4dor&3', 'c0rrect-horse', 'P4ssthrough9Zx!'])(
    '%s is a secret for every preset',
    (value) => {
      expect(chosen({ value })).toBe(true);
      expect(PRESETS.map((preset) => judge({ value }, preset).label)).toEqual(Array(3).fill('secret'));
    },
  );

  it.each<[why: string, input: Case]>([
    ['under another name', { value: 'Summer2024!', name: 'season' }],
    ['under a name that describes', { value: 'Summer2024!', name: 'passwordHint' }],
    ['as an example', { value: 'Changeme-2024' }],
    ['with blanks', { value: 'Summer 2024 !' }],
    ['short', { value: 'Ab1!' }],
    ['without a digit', { value: 'Summer-Sun!' }],
    ['of two kinds of characters', { value: 'summer2024' }],
    ['as an expression', { value: 'getPass1()', text: 'password = getPass1()' }],
  ])('is none %s', (_, input) => expect(chosen(input)).toBe(false));
});

describe('what the scorecard decides', () => {
  it.each<Case>([
    { value: RANDOM },
    { value: fillExample('{{hex:40}}'), name: 'api_key' },
    { value: 'Tr0ub4dor&3' },
    { value: fillExample('{{alnum:40}}'), name: 'clientSecret', path: 'a.json', syntax: 'json' },
  ])('is a secret: %#', (input) => expect(judge(input).label).toBe('secret'));

  it.each<Case>([
    { value: 'password', name: 'type' },
    { value: 'Bitte Passwort eingeben', path: 'locales/de.json', syntax: 'json' },
    { value: 'tokenHandlerName', name: 'key', path: 'a.ts' },
    { value: 'https://host/login', name: 'auth_url' },
  ])('is none: %#', (input) => expect(judge(input).label).not.toBe('secret'));

  it('is a placeholder, not harmless, where it reads like one', () => {
    expect(judge({ value: 'test-password', name: 'type' }).label).toBe('placeholder');
    expect(judge({ value: 'https://host/login', name: 'auth_url' }).label).toBe('harmless');
  });

  it('is reported by a wider preset when it is by a narrower one', () => {
    expect(THRESHOLDS.strict).toBeGreaterThan(THRESHOLDS.balanced);
    expect(THRESHOLDS.balanced).toBeGreaterThan(THRESHOLDS.wide);
    expect(THRESHOLDS.wide).toBeGreaterThan(0);
    const values = ['hunter2', 'sunflower83', 'Passw0rd!', RANDOM, UUID, 'abc', 'two words', fillExample('{{hex:32}}')];
    for (const name of ['password', 'key', 'token', 'id', 'salt', 'x']) {
      for (const value of values) {
        const found = PRESETS.map((preset) => Number(judge({ value, name }, preset).label === 'secret'));
        expect({ name, value, found }).toEqual({ name, value, found: [...found].sort() });
      }
    }
  });

  it('has a probability of three digits at most', () => {
    const { probability } = judge({ value: 'sunflower83' });
    expect(probability).toBe(Math.round(probability * 1000) / 1000);
    expect(probability).toBeGreaterThan(0);
    expect(probability).toBeLessThan(1);
  });
});

describe('score', () => {
  it('adds up what was observed', () => {
    const f = features(of({ value: RANDOM }));
    const { probability, parts } = score({ features: f, syntax: 'assignment', weights: SCORECARD_WEIGHTS });
    const sum = parts.reduce((total, [, part]) => total + part, SCORECARD_WEIGHTS.bias);
    expect(probability).toBeCloseTo(1 / (1 + Math.exp(-sum)), 10);
    expect(score({ features: f, syntax: 'assignment', weights: { bias: 0, weights: {} } })).toEqual({
      probability: 0.5,
      parts: [],
    });
  });

  it('has every indicator once, and no weight without one', () => {
    const ids = INDICATORS.map(([id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(Object.keys(SCORECARD_WEIGHTS.weights).filter((id) => !ids.includes(id))).toEqual([]);
  });

  it('observes a number from 0 to 1, of any value', () => {
    for (const value of ['x', RANDOM, UUID, '!!!!', ' ', '1', 'é😀', 'a'.repeat(5000)]) {
      const f = features(of({ value }));
      const odd = INDICATORS.map(([id, observe]) => [id, observe(f, 'json')] as const).filter(
        ([, n]) => !(n >= 0 && n <= 1),
      );
      expect(odd).toEqual([]);
    }
  });
});

describe('every verdict', () => {
  const texts = [
    `password = "${RANDOM}"\nkey: xxxxxxxxxxxx\napi_key = "${fillExample('{{hex:32}}')}"`,
    `curl -u bob:${RANDOM} https://h/ # token=${UUID}`,
    `x {{[g]:1}}hp_{{alnum:30}}{{crc62}} password = "changeme" secret_name = "${RANDOM}"`,
    `password = "unguessable" auth = "sunflower" login: "correcthorse"`,
  ].map(fillExample);

  it('gives a reason in words, without the value', () => {
    const all = texts.flatMap((text) => candidates(text, { rules: everyRule }));
    expect(all.length).toBeGreaterThan(8);
    for (const candidate of all) {
      for (const preset of PRESETS) {
        const { reason, probability } = classify(candidate, preset);
        expect(reason).toMatch(/^[a-z].{10,}[A-Za-z]$/);
        expect(reason).not.toContain(candidate.value);
        expect(probability).toBeGreaterThanOrEqual(0);
        expect(probability).toBeLessThanOrEqual(1);
      }
    }
  });

  it('is the same whatever else is in the text, and however often it is asked for', () => {
    const before = `// something else\nkey = "${fillExample('{{alnum:60}}')}"\n${'x'.repeat(500)}\n\n`;
    const after = `\n\nend of it "quoted" password = "other"\n`;
    for (const text of texts) {
      const alone = candidates(text, { rules: everyRule });
      const among = candidates(before + text + after, { rules: everyRule });
      for (const candidate of alone) {
        const same = among.find(({ start }) => start === candidate.start + before.length)!;
        expect(same.value).toBe(candidate.value);
        expect(classify(same, 'balanced')).toEqual(classify(candidate, 'balanced'));
      }
    }
  });
});
