import { describe, expect, it } from 'vitest';
import { placeholderSense } from '../../src/features/placeholder.ts';
import { fillExample } from '../../src/rules/examples.ts';

const RANDOM = Array.from({ length: 12 }, (_, i) => fillExample(`{{alnum:${12 + 3 * i}}}`));

describe('placeholderSense', () => {
  it.each([
    'changeme',
    'CHANGE_ME',
    'your-api-key',
    'YOUR_TOKEN_HERE',
    'example',
    'my-secret-key',
    '<password>',
    'replace-me',
    'dummy123',
    'redacted',
    'insert token',
    '********',
    'token-goes',
    'abc123',
  ])('reads %s as an example', (value) => {
    expect(placeholderSense(value, 'x').word).toBe(true);
  });

  it.each(['xxxxxxxx', '11111111', '12345678', 'abcdefgh', '87654321', 'ababababab', 'aaaabbbb'])(
    'sees that %s runs on',
    (value) => expect(placeholderSense(value, 'x').monotonous).toBe(true),
  );

  it.each(['test-user-password', 'adminPassword', 'SECRET_KEY', 'password1', 'admin'])(
    'sees that %s is made of words of code',
    (value) => expect(placeholderSense(value, 'x').codeWords).toBe(true),
  );

  it.each([
    ['password', 'password', true],
    ['password', 'db_password', true],
    ['my-password', 'password', true],
    ['PASSWORD', 'dbPassword', true],
    ['sunflower', 'password', false],
    ['password', undefined, false],
    ['ab', 'ab', false],
    ['12345', 'password', false],
  ])('%s under the name %s: the name again is %s', (value, name, is) => {
    expect(placeholderSense(value, name).likeName).toBe(is);
  });

  it('says nothing of the kind of random values', () => {
    for (const value of RANDOM) {
      expect(placeholderSense(value, 'password')).toMatchObject({
        word: false,
        monotonous: false,
        codeWords: false,
        likeName: false,
      });
    }
  });

  it('has something to say of an empty value, and reads the beginning of long ones', () => {
    expect(placeholderSense('', 'x')).toMatchObject({ word: false, codeWords: false, likeName: false });
    expect(placeholderSense(`${fillExample('{{alnum:300}}')}changeme`, 'x').word).toBe(false);
  });
});
