import { createHash } from 'node:crypto';

const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
/** First byte of a private key of Bitcoin: of the main network, of the test network. */
const WIF_VERSIONS: readonly (number | undefined)[] = [0x80, 0xef];
/** First byte of a secret seed of Stellar: the letter S. */
const STELLAR_SEED = 0x90;

/** Whether `text` is a Bitcoin private key in wallet import format: version, 32 bytes, perhaps a mark, checksum. */
export function isWif(text: string): boolean {
  const bytes = decode(text, BASE58);
  if (!WIF_VERSIONS.includes(bytes[0]) || (bytes.length !== 37 && bytes.length !== 38)) return false;
  return wifChecksum(bytes.subarray(0, -4)).equals(bytes.subarray(-4));
}

/** Whether `text` is a secret seed of a Stellar account: version, 32 bytes, checksum. */
export function isStellarSeed(text: string): boolean {
  const bytes = decode(text, BASE32);
  if (bytes[0] !== STELLAR_SEED || bytes.length !== 35) return false;
  return crc16(bytes.subarray(0, -2)).equals(bytes.subarray(-2));
}

/** The Bitcoin private key of 32 bytes, as a wallet writes it. */
export function wifOf(key: Uint8Array): string {
  const body = Buffer.concat([Buffer.of(0x80), key, Buffer.of(0x01)]);
  return encode(Buffer.concat([body, wifChecksum(body)]), BASE58);
}

/** The Stellar secret seed of 32 bytes. */
export function stellarSeedOf(key: Uint8Array): string {
  const body = Buffer.concat([Buffer.of(STELLAR_SEED), key]);
  return encode(Buffer.concat([body, crc16(body)]), BASE32);
}

function wifChecksum(body: Uint8Array): Buffer {
  const hash = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest();
  return hash(hash(body)).subarray(0, 4);
}

/** CRC-16 of the kind called XMODEM, low byte first. */
function crc16(body: Uint8Array): Buffer {
  let crc = 0;
  for (const byte of body) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? ((crc << 1) ^ 0x1021) & 0xffff : crc << 1;
  }
  return Buffer.of(crc & 0xff, crc >> 8);
}

/** The bytes of a number written in the digits of `alphabet`; none, when there are other characters in it. */
function decode(text: string, alphabet: string): Buffer {
  let number = 0n;
  for (const char of text) {
    const digit = alphabet.indexOf(char);
    if (digit < 0) return Buffer.alloc(0);
    number = number * BigInt(alphabet.length) + BigInt(digit);
  }
  const hex = number.toString(16);
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
}

function encode(bytes: Uint8Array, alphabet: string): string {
  const base = BigInt(alphabet.length);
  let out = '';
  for (let number = BigInt(`0x${Buffer.from(bytes).toString('hex')}`); number > 0n; number /= base) {
    out = alphabet[Number(number % base)] + out;
  }
  return out;
}
