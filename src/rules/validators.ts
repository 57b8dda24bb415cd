import { crc32 } from 'node:zlib';
import { entropy } from '../util/entropy.ts';
import { base62 } from './examples.ts';
import { isPrivateKey, isPrivateKeyBody, isTextInsteadOfKey } from './private-key-block.ts';
import { isStellarSeed, isWif } from './wallet-keys.ts';

/** Whether `secret` holds together as what its rule says. `match.text` is the whole match around it. Never throws. */
export type Validator = (secret: string, match: { text: string }) => boolean;

/** The checks that a rule may name: checksums, and structures that random text does not have. */
export const validators: Readonly<Record<string, Validator>> = {
  /** GitHub `gh?_`: six base-62 digits of the CRC-32 of what stands between the `_` and them. */
  'crc62-github': endsInCrc62,
  /** npm: the same construction. */
  npm: endsInCrc62,
  'pypi-macaroon': isPypiMacaroon,
  jwt: isJwt,
  'jwt-mangled': isMangledJwt,
  'base64-jwt-mangled': (secret) => isMangledJwt(fromBase64(secret).trim()),
  'aws-access-key-id': isAwsAccessKeyId,
  'private-key': (secret) => isPrivateKey(secret),
  'private-key-body': (secret) => isPrivateKeyBody(secret),
  /** The same, or text in base64, of which a filter says that it is a sample. */
  'private-key-or-sample': (secret) => isPrivateKeyBody(secret) || isTextInsteadOfKey(secret),
  slack: isSlackToken,
  discord: isDiscordToken,
  telegram: isTelegramToken,
  'base64-json': (secret) => parseObject(fromBase64(secret)) !== undefined,
  'base64-jwt': (secret) => isJwt(fromBase64(secret).trim()),
  'basic-auth': isBasicAuth,
  pkcs12: isPkcs12,
  'uuid-v4': (secret) => /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i.test(secret),
  luhn: isLuhn,
  'bitcoin-wif': (secret) => isWif(secret),
  'stellar-seed': (secret) => isStellarSeed(secret),
  /** Letters of both cases and digits: rules out identifiers, words and hashes of the same length. */
  'mixed-alnum': (secret) => /[a-z]/.test(secret) && /[A-Z]/.test(secret) && /\d/.test(secret),
  'has-digit': (secret) => /\d/.test(secret),
  /** A letter and a digit at least: rules out words and plain numbers. */
  'letters-digits': (secret) => /[A-Za-z]/.test(secret) && /\d/.test(secret),
};

function endsInCrc62(token: string): boolean {
  const [, body, checksum] = /_([0-9A-Za-z]+)([0-9A-Za-z]{6})$/.exec(token) ?? [];
  return body !== undefined && base62(crc32(body), 6) === checksum;
}

/** Base64 or base64url, as text; bytes that are no UTF-8 become U+FFFD. */
function fromBase64(text: string): string {
  return Buffer.from(text, 'base64').toString('utf8');
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** Signed (three parts, the last one may be empty or cut off) and encrypted (five parts) tokens. */
function isJwt(token: string): boolean {
  const [head = '', payload = '', ...rest] = token.split('.');
  const header = parseObject(fromBase64(head));
  if (!header) return false;
  if (rest.length === 3) return 'enc' in header;
  // With a signature the header may be anything; without one it must say that it is a token's.
  const said = ['alg', 'typ', 'kid'].some((name) => name in header) || (rest[0] ?? '').length >= 20;
  return said && rest.length <= 1 && (parseObject(fromBase64(payload)) !== undefined || 'zip' in header);
}

/** Three parts that open as JSON objects do, one of which still is one: somebody has cut or changed a token. */
function isMangledJwt(token: string): boolean {
  const [head = '', payload = '', signature = ''] = token.split('.').map((part) => part.trim());
  const texts = [fromBase64(head), fromBase64(payload)];
  return signature.length >= 10 && texts.every((text) => text.startsWith('{"')) && texts.some(isObject);
}

function isObject(text: string): boolean {
  return parseObject(text) !== undefined;
}

/** Version 2 macaroon: version, location `pypi.org` or `test.pypi.org`, and room for identifier and signature. */
function isPypiMacaroon(token: string): boolean {
  const bytes = Buffer.from(token.replace(/^pypi-/, ''), 'base64url');
  if (bytes[0] !== 2 || bytes[1] !== 1) return false;
  const location = bytes.subarray(3, 3 + (bytes[2] ?? 0)).toString('latin1');
  return /^(?:test\.)?pypi\.org$/.test(location) && bytes.length > 3 + location.length + 32;
}

/**
 * The twelve base-32 digits after the prefix of an id issued since 2019 (fifth character Q to 7) hold the account
 * number in bits 7 to 46: at most twelve decimal digits. Older ids hold nothing that can be checked.
 */
function isAwsAccessKeyId(id: string): boolean {
  const body = id.slice(4);
  if (!/^[A-Z2-7]{16}$/.test(body)) return false;
  let bits = 0n;
  for (const char of body.slice(0, 10)) bits = (bits << 5n) | BigInt('ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(char));
  const first48 = bits >> 2n;
  const issuedSince2019 = first48 >> 47n === 1n;
  return !issuedSince2019 || (first48 & 0x7fffffffff80n) >> 7n <= 999_999_999_999n;
}

/** Parts joined by `-`: numbers first, a random part last. Configuration tokens (`xoxe.xoxp-1-…`) have one number. */
function isSlackToken(token: string): boolean {
  const parts = token.split('-').slice(1);
  const last = parts.pop() ?? '';
  return (
    parts.length > 0 && parts.every((p) => /^[0-9A-Z]{1,24}$/i.test(p)) && last.length >= 16 && entropy(last) >= 2.5
  );
}

/** The first part is the decimal id of the bot (a snowflake), the second a time, the third an HMAC. */
function isDiscordToken(token: string): boolean {
  return /^\d{17,20}$/.test(fromBase64(token.split('.')[0] ?? ''));
}

/** Number of the bot, a colon, and 35 characters of which the first ones are always `AA`. */
function isTelegramToken(token: string): boolean {
  return /^\d{8,10}:AA[\w-]{33}$/.test(token);
}

/** Base64 of `user:password`, both printable. */
function isBasicAuth(value: string): boolean {
  const text = fromBase64(value);
  return (
    /^[\x20-\x39\x3b-\x7e\u00a0-\uffef]{0,128}:[\x20-\x7e\u00a0-\uffef]{1,512}$/.test(text) && !text.includes('\ufffd')
  );
}

/** PKCS #12: a DER sequence that opens with version 3 and a content of type PKCS #7. */
function isPkcs12(value: string): boolean {
  const bytes = Buffer.from(value.replace(/[^A-Za-z0-9+/=]/g, ''), 'base64');
  return bytes[0] === 0x30 && bytes.subarray(0, 24).includes(Buffer.from('0201033082', 'hex'));
}

function isLuhn(value: string): boolean {
  const digits = value.replace(/[ -]/g, '');
  if (!/^\d{12,19}$/.test(digits)) return false;
  const sum = [...digits].reverse().reduce((total, digit, i) => {
    const doubled = Number(digit) * (i % 2 === 0 ? 1 : 2);
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return sum % 10 === 0;
}
