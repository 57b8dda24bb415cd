/** Loaded for a finding only: it takes a tenth of a start of Node. */
const crypto = () => process.getBuiltinModule('node:crypto');

const ITERATIONS = 1000;
const BYTES = 16;

/** The same secret stands in hundreds of versions of a file: fingerprints by a hash of what they are made of. */
const known = new Map<string, string>();
const MOST_KNOWN = 10_000;

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
  const parts = crypto().createHash('sha256').update(`${salt.length}\0${salt}`).update(input.value).digest('base64');
  const before = known.get(parts);
  if (before !== undefined) return before;

  const made = crypto().pbkdf2Sync(input.value, salt, ITERATIONS, BYTES, 'sha256').toString('hex');
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(parts, made);
  return made;
}
