import { pbkdf2Sync } from 'node:crypto';

const ITERATIONS = 1000;
const BYTES = 16;

/**
 * Names a finding so that it can be recognised later: 32 hexadecimal characters of
 * `PBKDF2-HMAC-SHA256(value, 'sss-fingerprint-v1' NUL key NUL ruleId NUL logicalPath, 1,000 iterations)`.
 *
 * It stays the same when lines move or other lines change, and changes with the value, the rule and the path: an
 * allowed fingerprint never hides another secret that takes the place of the first.
 *
 * Fingerprints end up in public configuration files. Of a random token they give nothing away. A value that can be
 * guessed (a short password) can be found by trying guesses at a thousand hashes each: the stretching makes that slower,
 * not impossible. Who has allowed such values, and publishes the configuration, sets `key`
 * (the environment variable `SSS_FINGERPRINT_KEY`) to a text that is kept secret: then no guess can be tried without it,
 * and fingerprints made with another key do not match.
 *
 * @param input.logicalPath path inside the repository
 * @param input.key `SSS_FINGERPRINT_KEY` unless told; empty for none
 */
export function fingerprint(input: { ruleId: string; logicalPath: string; value: string; key?: string }): string {
  const key = input.key ?? process.env.SSS_FINGERPRINT_KEY ?? '';
  const salt = ['sss-fingerprint-v1', key, input.ruleId, input.logicalPath].join('\0');
  return pbkdf2Sync(input.value, salt, ITERATIONS, BYTES, 'sha256').toString('hex');
}
