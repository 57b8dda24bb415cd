import { describe, expect, it } from 'vitest';
import { nameSense, nameWords } from '../../src/features/name.ts';

describe('nameWords', () => {
  it.each([
    ['dbPassword', 'db_password'],
    ['DBPassword', 'db_password'],
    ['DB_PASSWORD', 'db_password'],
    ['db-password', 'db_password'],
    ['spring.datasource.password', 'spring_datasource_password'],
    ['X-Api-Key', 'x_api_key'],
    ['--password', 'password'],
    ['$password', 'password'],
    ['__token__', 'token'],
    ['oauth2Token', 'oauth2_token'],
    ['AWSSecretKey', 'aws_secret_key'],
    ['clé', 'cl'],
    ['', ''],
    ['$$', ''],
  ])('%s', (name, words) => {
    expect(nameWords(name)).toBe(words);
  });
});

describe('names of any characters', () => {
  // What words are, as patterns: long names are read by these.
  const byPattern = (name: string) => nameWords(name.padEnd(300, ' '));
  it.each([
    'APIKey2Value',
    'aB9C_dE',
    '__x--Y',
    'HTTPServerURL',
    'aBCDef1GH2i',
    '9A',
    '',
    '_',
    'é_Aé',
    '\u212aey',
    'İd',
  ])('are cut alike, short or long: %s', (name) => expect(nameWords(name)).toBe(byPattern(name)));
});

describe('nameSense', () => {
  it.each([
    [
      'password',
      ['password', 'DB_PASSWORD', 'userPwd', 'passphrase', 'MYSQL_PASS', 'sshpass', 'IDENTIFIED', 'requirepass'],
    ],
    ['private-key', ['privateKey', 'PRIVATE_KEY', 'signingKey', 'encryption.key', 'master-key']],
    ['secret', ['client_secret', 'SECRET', 'secretKeyBase', 'seckey']],
    ['api-key', ['apiKey', 'X-API-Key', 'access_key', 'AccountKey', 'consumerKey']],
    ['token', ['authToken', 'JWT', 'session_id', 'csrf', 'bearer', 'webhook']],
    ['salt', ['salt', 'nonce', 'seed']],
    ['auth', ['Authorization', 'credentials', 'login', 'signature', 'otp']],
    ['key', ['key', 'someKey']],
    ['user', ['username', 'email']],
    ['id', ['id', 'request_id', 'uuid', 'commit']],
    ['other', ['color', 'width']],
  ])('%s', (kind, names) => {
    expect(names.map((name) => [name, nameSense(name).kind])).toEqual(names.map((name) => [name, kind]));
  });

  it('is nothing without a name', () => {
    const none = { kind: 'none', describes: false, harmless: false, hash: false, noCredential: false, words: [] };
    expect(nameSense(undefined)).toEqual(none);
    expect(nameSense('')).toEqual(none);
  });

  it.each(['passwordField', 'token_url', 'secretName', 'PASSWORD_FILE', 'password-hint', 'keyPrefix', 'tokenExpired'])(
    'knows that %s describes',
    (name) => expect(nameSense(name).describes).toBe(true),
  );

  it.each(['password', 'DB_PASSWORD', 'fieldPassword', 'apiKey', 'url_token', 'format'.repeat(2)])(
    'knows that %s is the thing',
    (name) => expect(nameSense(name).describes).toBe(false),
  );

  it.each([
    'publicKey',
    'password_hash',
    'cacheKey',
    'keyboard',
    'primaryKey',
    'author',
    'compass',
    'tokenizer',
    'md5',
  ])('knows that %s is harmless', (name) => expect(nameSense(name).harmless).toBe(true));

  it.each(['password', 'authorization', 'authorisation', 'privateKey', 'app_pass', 'token'])(
    'knows that %s is not harmless',
    (name) => expect(nameSense(name).harmless).toBe(false),
  );

  it.each([
    ['nextPageToken', true],
    ['continuation_token', true],
    ['syncToken', true],
    ['finishToken', true],
    ['publicKeyToken', true],
    ['secure', true],
    ['accessToken', false],
    ['auth_token', false],
    ['insecure_password', false],
  ])('of paging, synchronisation or parsing: %s is %s', (name, is) => {
    expect(nameSense(name).noCredential).toBe(is);
  });

  it('gives the words', () => {
    expect(nameSense('db.userPassword').words).toEqual(['db', 'user', 'password']);
  });
});
