import { createHmac, generateKeyPairSync, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { fillExample } from '../../src/rules/examples.ts';
import { isTextInsteadOfKey } from '../../src/rules/private-key-block.ts';
import { validators } from '../../src/rules/validators.ts';

function valid(name: string, secret: string): boolean {
  return validators[name]!(secret, { text: secret });
}

const b64url = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const changed = (text: string, at: number): string =>
  `${text.slice(0, at)}${text[at] === 'a' ? 'b' : 'a'}${text.slice(at + 1)}`;

describe('checksums', () => {
  it.each([
    ['crc62-github', 'ghp_{{alnum:30}}{{crc62}}'],
    ['crc62-github', 'ghs_{{alnum:30}}{{crc62}}'],
    ['npm', 'npm_{{alnum:30}}{{crc62}}'],
  ])('%s holds for %s, and for no token with one character changed', (name, template) => {
    const token = fillExample(template);
    expect(valid(name, token)).toBe(true);
    for (const at of [4, 17, 33, 34, 39]) expect(valid(name, changed(token, at))).toBe(false);
  });

  it('luhn holds for card numbers with and without separators', () => {
    expect(valid('luhn', '4111 1111 1111 1111')).toBe(true);
    expect(valid('luhn', '4111111111111112')).toBe(false);
    expect(valid('luhn', '42')).toBe(false);
  });
});

describe('jwt', () => {
  const header = { alg: 'HS256', typ: 'JWT' };
  const body = { sub: '1', iat: 1 };
  const signature = createHmac('sha256', 'k').update('x').digest('base64url');

  it.each([
    ['signed', `${b64url(header)}.${b64url(body)}.${signature}`],
    ['cut off', `${b64url(header)}.${b64url(body)}.${signature.slice(0, 10)}`],
    ['unsigned', `${b64url({ alg: 'none' })}.${b64url(body)}.`],
    ['encrypted', `${b64url({ alg: 'dir', enc: 'A256GCM' })}..aaaa.bbbb.cccc`],
  ])('accepts a %s token', (_, token) => {
    expect(valid('jwt', token)).toBe(true);
    expect(valid('base64-jwt', Buffer.from(token).toString('base64'))).toBe(true);
  });

  it.each([
    ['a header that is no JSON', `${b64url(header).slice(0, -2)}.${b64url(body)}.${signature}`],
    ['a payload that is no JSON', `${b64url(header)}.eyJub3QgSlNPTg.${signature}`],
    ['a payload that is no object', `${b64url(header)}.${b64url([1])}.${signature}`],
    ['a header alone', b64url(header)],
    ['nothing', ''],
    ['dots', '...'],
  ])('rejects %s', (_, token) => {
    expect(valid('jwt', token)).toBe(false);
  });
});

describe('aws-access-key-id', () => {
  it('accepts ids that hold a twelve-digit account number, and older ids', () => {
    // Q: the bit that marks the newer form, then zeros, is account 0.
    expect(valid('aws-access-key-id', `AKIAQ${'A'.repeat(15)}`)).toBe(true);
    expect(valid('aws-access-key-id', fillExample('AKIAI{{base32:15}}'))).toBe(true);
  });

  it('rejects account numbers of thirteen digits, other alphabets and lengths', () => {
    expect(valid('aws-access-key-id', `AKIA${'7'.repeat(16)}`)).toBe(false);
    expect(valid('aws-access-key-id', 'AKIA0123456789ABCDEF')).toBe(false);
    expect(valid('aws-access-key-id', 'AKIAQAAA')).toBe(false);
  });
});

describe('pypi-macaroon', () => {
  const macaroon = (location: string, rest = 60): string =>
    `pypi-${Buffer.concat([Buffer.from([2, 1, location.length]), Buffer.from(location), Buffer.alloc(rest, 7)]).toString('base64url')}`;

  it('accepts pypi.org and test.pypi.org, and no other place', () => {
    expect(valid('pypi-macaroon', macaroon('pypi.org'))).toBe(true);
    expect(valid('pypi-macaroon', macaroon('test.pypi.org'))).toBe(true);
    expect(valid('pypi-macaroon', macaroon('evil.org'))).toBe(false);
    expect(valid('pypi-macaroon', macaroon('pypi.org', 10))).toBe(false);
    expect(valid('pypi-macaroon', 'pypi-')).toBe(false);
  });
});

describe('private-key', () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey;
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  const ed25519 = generateKeyPairSync('ed25519').privateKey;
  const pems: [string, string][] = [
    ['PKCS #1', rsa.export({ type: 'pkcs1', format: 'pem' }) as string],
    ['PKCS #8', rsa.export({ type: 'pkcs8', format: 'pem' }) as string],
    ['SEC 1', ec.export({ type: 'sec1', format: 'pem' }) as string],
    ['Ed25519', ed25519.export({ type: 'pkcs8', format: 'pem' }) as string],
    [
      'encrypted PKCS #8',
      rsa.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-128-cbc', passphrase: 'p' }) as string,
    ],
    [
      'encrypted PKCS #1',
      rsa.export({ type: 'pkcs1', format: 'pem', cipher: 'aes-128-cbc', passphrase: 'p' }) as string,
    ],
  ];
  const notations: [string, (pem: string) => string][] = [
    ['as it is', (pem) => pem],
    ['with CRLF', (pem) => pem.replaceAll('\n', '\r\n')],
    ['indented', (pem) => pem.replaceAll('\n', '\n    ')],
    ['in JSON', (pem) => JSON.stringify(pem)],
    ['in JSON in JSON', (pem) => JSON.stringify(JSON.stringify(pem))],
    ['with escaped slashes', (pem) => JSON.stringify(pem).replaceAll('/', '\\/')],
    ['percent-encoded', (pem) => pem.replaceAll('+', '%2B').replaceAll('/', '%2F').replaceAll('\n', '%0A')],
    ['concatenated', (pem) => pem.replaceAll('\n', '\\n" +\n  "')],
    ['in a comment', (pem) => pem.replaceAll('\n', '\n# ')],
    ['on one line', (pem) => (pem.includes('DEK-Info') ? pem : pem.replaceAll('\n', ' '))],
  ];

  it.each(pems.flatMap(([kind, pem]) => notations.map(([how, write]) => [kind, how, write(pem)] as const)))(
    'accepts %s %s',
    (_kind, _how, text) => {
      expect(valid('private-key', text)).toBe(true);
      expect(valid('private-key-body', text)).toBe(true);
    },
  );

  it('accepts OpenSSH, PGP and SSH2 keys by their first bytes', () => {
    const block = (kind: string, start: Buffer): string =>
      `-----BEGIN ${kind}-----\n${Buffer.concat([start, randomBytes(90)]).toString('base64')}\n-----END ${kind}-----`;
    expect(valid('private-key', block('OPENSSH PRIVATE KEY', Buffer.from('openssh-key-v1\0')))).toBe(true);
    expect(valid('private-key', block('PGP PRIVATE KEY BLOCK', Buffer.from([0x95])))).toBe(true);
    expect(valid('private-key', block('PGP PRIVATE KEY BLOCK', Buffer.from([0x99])))).toBe(false);
    expect(valid('private-key', block('PRIVATE KEY', Buffer.from([0x04])))).toBe(false);
  });

  it.each([
    ['no body', ''],
    ['a word', 'anything'],
    ['dots', '...\n...'],
    ['the alphabet', Buffer.from('abcdefghijklmnopqrstuvwxyz').toString('base64')],
    ['one letter', 'MII'.padEnd(200, 'A')],
    ['prose', 'this is the place where you paste the key that you made with openssl'],
  ])('rejects a header with %s', (_, body) => {
    const text = `-----BEGIN PRIVATE KEY-----\n${body}\n-----END PRIVATE KEY-----`;
    expect(valid('private-key', text)).toBe(false);
    expect(valid('private-key-body', text)).toBe(false);
  });
});

describe('a block with text in base64', () => {
  it('is told from a key', () => {
    const text = fillExample('-----BEGIN PRIVATE KEY-----\n{{b64(the key of the service)}}\n-----END PRIVATE KEY-----');
    expect(valid('private-key', text)).toBe(false);
    expect(valid('private-key-body', text)).toBe(false);
    expect(valid('private-key-or-sample', text)).toBe(true);
    expect(isTextInsteadOfKey(text)).toBe(true);
    expect(isTextInsteadOfKey(fillExample(text.replace(/\n.*\n/, '\n{{base64:64}}\n')))).toBe(false);
  });
});

describe('structures', () => {
  const discordId = Buffer.from('123456789012345678').toString('base64url');
  it.each([
    ['slack', 'xoxb-123456789012-123456789012-{{alnum:24}}', 'xoxb-{{alnum:10}}'],
    ['discord', `${discordId}.{{alnum:6}}.{{alnum:27}}`, '{{alpha:24}}.{{alnum:6}}.{{alnum:27}}'],
    ['telegram', '{{[1-9]:10}}:AA{{base64url:33}}', '{{[1-9]:10}}:BB{{base64url:33}}'],
    ['base64-json', '{{b64({"a":1})}}', '{{b64([1])}}'],
    ['basic-auth', '{{b64(user:{{alnum:12}})}}', '{{base64:40}}'],
    ['uuid-v4', '{{uuid}}', '{{hex:8}}-{{hex:4}}-1{{hex:3}}-{{hex:4}}-{{hex:12}}'],
    ['pkcs12', 'MIIKPgIBAzCC{{base64:400}}', 'MIIKPgIBATCC{{base64:400}}'],
    ['mixed-alnum', 'aB3', 'ab3'],
    ['has-digit', 'a1', 'ab'],
    ['letters-digits', 'a1', '11'],
    ['bitcoin-wif', '{{wif}}', '5{{[1-9A-HJ-NP-Za-km-z]:50}}'],
    ['stellar-seed', '{{stellar}}', 'S{{base32:55}}'],
    [
      'jwt-mangled',
      '{{b64url({"alg":"HS256"})}}.{{b64url({"iat:{{digit:10}})}}.{{base64url:43}}',
      '{{b64url([1,2,3,4,5])}}.{{b64url([{{digit:10}}])}}.{{base64url:43}}',
    ],
  ])('%s tells %s from %s', (name, good, bad) => {
    expect(valid(name, fillExample(good))).toBe(true);
    expect(valid(name, fillExample(bad))).toBe(false);
  });

  it('knows the private key of the number one, in the notation of Bitcoin, and a seed of Stellar’s documentation', () => {
    const wif = ['KwDiBf89QgGbjEhK', 'nhXJuH7LrciVrZi3q', 'Yjgd9M7rFU73sVHnoWn'].join('');
    expect(valid('bitcoin-wif', wif)).toBe(true);
    expect(valid('bitcoin-wif', `${wif.slice(0, -1)}m`)).toBe(false);
    const seed = ['SBGWSG6BTNCKCOB3', 'DIFBGCVMUPQFYPA2G4O3', '4RMTB343OYPXU5DJDVMN'].join('');
    expect(valid('stellar-seed', seed)).toBe(true);
    expect(valid('stellar-seed', `${seed.slice(0, -1)}M`)).toBe(false);
  });

  it('no validator throws, whatever it is given', () => {
    const odd = [
      '',
      ' ',
      '\0',
      '=',
      '....',
      '-',
      '_',
      ':',
      '\ud800',
      '{{',
      'é'.repeat(50),
      'A'.repeat(5000),
      '-----BEGIN PRIVATE KEY-----',
    ];
    for (const [name, validator] of Object.entries(validators)) {
      for (const text of odd)
        expect(typeof validator(text, { text }), `${name} of ${JSON.stringify(text.slice(0, 20))}`).toBe('boolean');
    }
  });
});
