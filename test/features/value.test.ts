import { describe, expect, it } from 'vitest';
import { type ValueKind, valueShape } from '../../src/features/value.ts';
import { fillExample } from '../../src/rules/examples.ts';
import { rarity } from '../../src/util/rarity.ts';

const KINDS: readonly [ValueKind, readonly string[]][] = [
  ['pattern', ['(?<name>x)', '[A-Za-z0-9]+', '^[a-f]{8}$', String.raw`\d+-\w+`, '[a-z']],
  ['escapes', [String.raw`\u00e9\u{1F600}`, String.raw`\x41\x42`, '&nbsp;', '%20%21']],
  ['code', ['a == b', 'x && y', 'foo();', '() => 1', 'a?b:c', 'e.token,t']],
  ['uuid', [fillExample('{{uuid}}'), fillExample('{{uuid}}').toUpperCase()]],
  ['digits', ['12345678', '1.5', '10:30', '0xff', '100%']],
  ['hex', [fillExample('{{hex:40}}1'), fillExample('{{HEX:32}}1'), `0x${fillExample('{{hex:12}}1')}`]],
  [
    'reference',
    [`\${PASSWORD}`, '{{ password }}', '#{token}', '%(password)s', '$PASSWORD', '<password>', '%PASSWORD%'],
  ],
  ['call', ['config[0]', "os.getenv('x')"]],
  ['url', ['https://host/x', 'postgres://host']],
  ['path', ['/etc/passwd', './a/b', '~/.ssh/id_rsa', String.raw`C:\keys\a`, 'config/key.pem', 'key.json']],
  ['constant', ['API_KEY', 'PASSWORD', 'A1B_C2'.replace('1', 'A')]],
  ['dotted', ['process.env.TOKEN', 'Config::Token', 'self.password']],
  ['base32', [fillExample('{{[A-Z2-7]:25}}7A')]],
  ['phrase', ['two words', 'Enter your password']],
  ['word-digits', ['password1', 'hunter2', 'Summer2024!']],
  ['words', ['password', 'my-secret', 'someWord', 'one_two-three']],
  ['identifier', ['user_2_name', '_private1x', 'a1b2c3']],
  ['base64', ['4Qq+zA/kLm09sTuVwXyZ', '9AbCdEfGhIjKlMnOpQ==']],
  ['other', ['Tr0ub4dor&3', 'p@ss!w', 'é'.repeat(3)]],
];

describe('valueShape', () => {
  it('sees patterns also where brackets and dashes are many', () => {
    expect(valueShape(`${'['.repeat(200)}${'a-'.repeat(100)}]x`).kind).not.toBe('pattern');
    expect(valueShape(`${'['.repeat(200)}${'-a-'.repeat(70)}]+`).kind).not.toBe('pattern');
    expect(valueShape(`${'['.repeat(200)}${'a-b'.repeat(60)}]+`).kind).toBe('pattern');
  });

  it.each(KINDS)('sees %s', (kind, values) => {
    expect(values.map((value) => [value, valueShape(value).kind])).toEqual(values.map((value) => [value, kind]));
  });

  it('counts what there is', () => {
    expect(valueShape('abC 12-é')).toMatchObject({
      length: 8,
      digits: 2,
      upper: 1,
      lower: 3,
      symbols: 1,
      spaces: 1,
      distinct: 8,
      entropy: 3,
      longestWord: 3,
      changes: 5 / 8,
    });
  });

  it('has something to say of an empty value', () => {
    expect(valueShape('')).toMatchObject({ length: 0, distinct: 0, entropy: 0, rarity: 0, changes: 0 });
  });

  it('reads the beginning of long values only, and tells their length', () => {
    const start = fillExample('{{alnum:512}}');
    expect(valueShape(`${start}!!!`)).toEqual({ ...valueShape(start), length: 515 });
  });
});

describe('rarity', () => {
  it('of random letters is greater than that of words', () => {
    const words = ['password', 'correct horse battery staple', 'administrator', 'getUserByName', 'connection'];
    const random = Array.from({ length: 20 }, (_, i) => fillExample(`{{lower:${16 + i}}}`));
    const highest = Math.max(...words.map(rarity));
    const lowest = Math.min(...random.map(rarity));
    expect(highest).toBeLessThan(4.2);
    expect(lowest).toBeGreaterThan(5);
  });

  it('does not depend on case as such, nor on digits between words', () => {
    expect(rarity('PASSWORD')).toBe(rarity('password'));
    expect(rarity('user_name')).toBe(rarity('user name'));
    expect(rarity('userName')).toBe(rarity('user-name'));
  });

  it('is 0 without letters', () => {
    expect([rarity(''), rarity('1234'), rarity('é!')]).toEqual([0, 0, 0]);
  });
});
