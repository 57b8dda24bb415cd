import { describe, expect, it } from 'vitest';
import { ownName } from '../../src/candidates/own-name.ts';
import { fillExample } from '../../src/rules/examples.ts';
import { candidates, everyRule } from './found.ts';

// Each has a letter first and last, so that the whole of it would read as a name.
const HEX = ['a1', 'b2', 'c3', 'd4'].map((ends) => fillExample(`${ends}{{hex:36}}f`));
const [ONE, TWO, THREE, FOUR] = HEX as [string, string, string, string];

/** The names of the values among `HEX`, in order of place. */
const namesIn = (text: string) =>
  candidates(text, { rules: everyRule })
    .filter(({ value }) => HEX.includes(value))
    .map(({ name }) => name);

const nameOf = (text: string, value: string) => ownName(text, text.indexOf(value));

describe('an element of a list', () => {
  it.each([
    ['JSON', `{"tokens":["${ONE}","${TWO}","${THREE}","${FOUR}"]}`],
    ['JSON with blanks', `{"tokens": [ "${ONE}", "${TWO}" , "${THREE}", "${FOUR}" ]}`],
    ['program code', `const tokens = ['${ONE}', '${TWO}', '${THREE}'];`],
  ])('of %s has the name of the list', (_, text) => {
    const names = namesIn(text);
    expect(names.length).toBeGreaterThan(0);
    expect(new Set(names)).toEqual(new Set(['tokens']));
  });

  it('takes the name from no further away than 300 characters', () => {
    const list = (blanks: number) => `{"hashes": [${' '.repeat(blanks)}"${ONE}", "${TWO}"]}`;
    expect(nameOf(list(200), TWO)).toBe('hashes');
    expect(nameOf(list(400), TWO)).not.toBe('hashes');
  });

  it('keeps what a name says before a comma', () => {
    expect(nameOf(`["apiToken", "${ONE}"]`, ONE)).toBe('apiToken');
    expect(nameOf(`set("db_key_2", "${ONE}")`, ONE)).toBe('db_key_2');
  });
});

describe('an entity tag', () => {
  it.each([
    ['strong', `headers.put('ETag', '"${ONE}"')`],
    ['weak', `headers.put('ETag', 'W/"${ONE}"')`],
    ['weak, in double quotes', `headers.put("ETag", "W/\\"${ONE}\\"")`],
    ['weak, in JSON', `{"ETag": "W/\\"${ONE}\\""}`],
    ['weak, in a header', `ETag: W/"${ONE}"`],
  ])('has its name: %s', (_, text) => {
    expect(namesIn(text)).toEqual(['ETag']);
  });

  it('at the start of a text has none', () => {
    expect(ownName(`W/"${ONE}"`, 3)).toBeUndefined();
    expect(ownName(`"${ONE}"`, 1)).toBeUndefined();
  });
});

describe('an address for a second factor', () => {
  const SEED = fillExample('{{[A-Z2-7]:32}}');
  it.each([
    ['in quotes', `const url = "otpauth://totp/ACME:ann@acme.test?secret=${SEED}&issuer=ACME";`],
    ['bare', `otpauth://totp/ACME:ann?secret=${SEED}&issuer=ACME`],
    ['with the secret last', `'otpauth://hotp/ACME?issuer=ACME&counter=1&secret=${SEED}'`],
  ])('gives the secret of its query, and nothing of its start: %s', (_, text) => {
    const found = candidates(text, { rules: everyRule });
    expect(found.map(({ value, name }) => [value, name])).toEqual([[SEED, 'secret']]);
  });

  it('is no reason to leave out what an ordinary colon binds', () => {
    const found = candidates(`otpauth: ${SEED}`, { rules: everyRule });
    expect(found.map(({ value }) => value)).toEqual([SEED]);
  });
});
