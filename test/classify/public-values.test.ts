import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { isCounted, isPublicKey, isPublished } from '../../src/classify/public-values.ts';
import { fillExample } from '../../src/rules/examples.ts';

const spki = { type: 'spki', format: 'der' } as const;
const pkcs8 = { type: 'pkcs8', format: 'der' } as const;
const base64 = (key: Buffer) => key.toString('base64');
const PAIRS = [
  [
    'RSA of 2048 bits',
    generateKeyPairSync('rsa', { modulusLength: 2048, publicKeyEncoding: spki, privateKeyEncoding: pkcs8 }),
  ],
  [
    'RSA of 1024 bits',
    generateKeyPairSync('rsa', { modulusLength: 1024, publicKeyEncoding: spki, privateKeyEncoding: pkcs8 }),
  ],
  ['P-256', generateKeyPairSync('ec', { namedCurve: 'P-256', publicKeyEncoding: spki, privateKeyEncoding: pkcs8 })],
  ['P-384', generateKeyPairSync('ec', { namedCurve: 'P-384', publicKeyEncoding: spki, privateKeyEncoding: pkcs8 })],
  ['Ed25519', generateKeyPairSync('ed25519', { publicKeyEncoding: spki, privateKeyEncoding: pkcs8 })],
  ['X25519', generateKeyPairSync('x25519', { publicKeyEncoding: spki, privateKeyEncoding: pkcs8 })],
] as const;

describe('a public key', () => {
  it.each(PAIRS)('is told from the private one: %s', (_, { publicKey, privateKey }) => {
    expect(isPublicKey(base64(publicKey))).toBe(true);
    expect(isPublicKey(base64(privateKey))).toBe(false);
  });

  it('is also known by its point alone, as browsers are given it', () => {
    const point = PAIRS[2][1].publicKey.subarray(-65);
    expect(isPublicKey(point.toString('base64url'))).toBe(true);
    expect(isPublicKey(point.toString('hex'))).toBe(true);
    expect(isPublicKey(point.subarray(1).toString('base64url'))).toBe(false);
    expect(isPublicKey(point.subarray(1).toString('hex'))).toBe(false);
  });
});

describe('a UUID', () => {
  it.each([
    '12345678-1234-1234-1234-123456789012',
    '00000000-1111-2222-3333-444444444444',
    '01234567-89ab-cdef-0123-456789abcdef',
    '97fff367-fc5a-4299-aed8-0123456789AB',
  ])('is counted out: %s', (uuid) => {
    expect(isCounted(uuid)).toBe(true);
  });

  it.each(['{{hex:8}}-{{hex:4}}-4{{hex:3}}-a{{hex:3}}-{{hex:12}}', '2{{hex:7}}-1234-1234-1234-{{hex:12}}'])(
    'is not: %s',
    (text) => {
      expect(isCounted(fillExample(text))).toBe(false);
    },
  );
});

describe('a value of a standard', () => {
  it('is known with the sign that ends it', () => {
    expect(isPublished('SplxlOBeZQQYbYS6WxSbIA')).toBe(true);
    expect(isPublished('SplxlOBeZQQYbYS6WxSbIA&')).toBe(true);
  });

  it('is known in an address', () => {
    expect(isPublished('bYT5CMsGcbgUdFHObYMEfcx6bsw%3D')).toBe(true);
    expect(isPublished('bYT5CMsGcbgUdFHObYMEfcx6bsw%3E')).toBe(false);
  });

  it('is known as a whole only', () => {
    expect(['SplxlOBeZQQYbYS6WxSbIa', 'SplxlOBeZQQYbYS6WxSb', '', 'xhdhd0244k9j7ao03'].map(isPublished)).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });
});
