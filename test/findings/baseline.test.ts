import { afterEach, describe, expect, it } from 'vitest';
import { type Baseline, baselineText, parseBaseline } from '../../src/findings/baseline/format.ts';
import { hashOf, isUsable, newSalt } from '../../src/findings/baseline/hash.ts';
import { askable } from '../../src/findings/baseline/index.ts';
import { PASSWORD, TOKEN } from '../report/sample.ts';

afterEach(() => void delete process.env.SSS_FINGERPRINT_KEY);

const SALT = `salt 0a1b2c3d ${'0123456789abcdef'.repeat(2)}`;
const OTHER = `salt 1a1b2c3d ${'fedcba9876543210'.repeat(2)}`;
const parse = (...lines: string[]) => parseBaseline(lines.join('\n'), 'the file');

describe('a baseline as a file', () => {
  it('is the same when it is written again', () => {
    const text = baselineText(
      parse(SALT, '0a1b2c3d aaaaaaaaaa generic-password accepted', '0a1b2c3d bbbbbbbbbb jwt to-fix # see ticket 7'),
    );
    expect(text.split('\n').slice(2)).toEqual([
      SALT,
      '0a1b2c3d aaaaaaaaaa generic-password accepted',
      '0a1b2c3d bbbbbbbbbb jwt to-fix # see ticket 7',
      '',
    ]);
    expect(baselineText(parseBaseline(text, 'x'))).toBe(text);
    expect(baselineText(parseBaseline(text.replaceAll('\n', '\r\n'), 'x'))).toBe(text);
  });

  it('reads what a merge leaves: any order, lines twice, two salts, decisions side by side', () => {
    const baseline = parse(
      '1a1b2c3d cccccccccc jwt accepted',
      SALT,
      '',
      '# why b is here',
      '0a1b2c3d bbbbbbbbbb jwt accepted # one',
      OTHER,
      '0a1b2c3d aaaaaaaaaa jwt false-alarm',
      '0a1b2c3d bbbbbbbbbb jwt accepted # one',
      '0a1b2c3d bbbbbbbbbb jwt to-fix # two',
      '0a1b2c3d aaaaaaaaaa jwt accepted',
      SALT,
      '# the end',
    );
    expect(baselineText(baseline).split('\n').slice(2)).toEqual([
      SALT,
      OTHER,
      '0a1b2c3d aaaaaaaaaa jwt false-alarm',
      '# why b is here',
      '0a1b2c3d bbbbbbbbbb jwt to-fix # one; two',
      '1a1b2c3d cccccccccc jwt accepted',
      '# the end',
      '',
    ]);
  });

  it.each([
    ['half a line', [SALT, '0a1b2c3d aaaa'], /the file:2: this is no entry/],
    ['a status that is none', [SALT, '0a1b2c3d aaaaaaaaaa jwt maybe'], /the file:2: there is no status "maybe"/],
    ['a cut salt', ['salt 0a1b2c3d 0123'], /the file:1: this is no salt/],
    ['a salt that is missing', ['0a1b2c3d aaaaaaaaaa jwt accepted'], /there is no line "salt 0a1b2c3d/],
    ['marks of a merge', [SALT, '<<<<<<< HEAD', '=======', '>>>>>>> b'], /the file:2: a merge has left its marks/],
    ['marks of a merge in a file with CRLF', [SALT, '=======\r'], /the file:2: a merge has left its marks/],
  ])('refuses %s, with the line', (_, lines, message) => expect(() => parse(...lines)).toThrow(message));

  it('refuses a salt that was changed', async () => {
    await expect(askable(parse(SALT), 'the file')).rejects.toThrow(/the file: the salt 0a1b2c3d is damaged/);
  });
});

describe('hashes', () => {
  it('say 40 bits of a value, with the salt; ends and indentation of lines do not count', async () => {
    const salt = await newSalt();
    expect(await hashOf(salt, PASSWORD)).toMatch(/^[0-9a-f]{10}$/);
    expect(await hashOf(salt, PASSWORD)).toBe(await hashOf(salt, PASSWORD));
    expect(await hashOf(salt, PASSWORD)).not.toBe(await hashOf(salt, TOKEN));
    expect(await hashOf(await newSalt(), PASSWORD)).not.toBe(await hashOf(salt, PASSWORD));
    expect(await hashOf(salt, 'a\nb')).toBe(await hashOf(salt, '  a\r\n\tb'));
    expect(await hashOf(salt, ' a')).not.toBe(await hashOf(salt, 'a'));
  });

  it('cannot be made without the key of the environment where it was set', async () => {
    process.env.SSS_FINGERPRINT_KEY = 'a key';
    const salt = await newSalt();
    const hash = await hashOf(salt, PASSWORD);
    const baseline: Baseline = {
      salts: [salt],
      entries: [{ saltId: salt.id, hash, ruleId: 'jwt', status: 'accepted', comments: [], above: [] }],
      below: [],
    };
    const known = async () => {
      const open = await askable(baseline, 'the file');
      return { found: (await open.entriesOf([{ value: PASSWORD }]))[0]?.hash, remarks: open.remarks() };
    };
    expect(await known()).toEqual({ found: hash, remarks: [] });
    process.env.SSS_FINGERPRINT_KEY = 'another';
    expect(await isUsable(salt)).toBe(false);
    expect(await known()).toEqual({
      found: undefined,
      remarks: ['the file: 1 entry cannot be told: made with another SSS_FINGERPRINT_KEY'],
    });
    delete process.env.SSS_FINGERPRINT_KEY;
    expect((await known()).remarks[0]).toContain('which is not set');
    expect(await hashOf(salt, PASSWORD)).not.toBe(hash);
  });
});
