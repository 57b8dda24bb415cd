import type { Salt } from './format.ts';

/** Loaded for a finding only: see `fingerprint.ts`. */
const crypto = () => process.getBuiltinModule('node:crypto');

const VERSION = 'sss-baseline-v1';
/** A megabyte of memory and some milliseconds for each guess. */
const COST = { N: 1024, r: 8, p: 1 };
const HASH_BYTES = 5;
const ID_BYTES = 4;

/**
 * What a baseline holds of a value: 40 bits of a hash that takes memory and time, salted for the repository and keyed with
 * `SSS_FINGERPRINT_KEY` where the salt says so. More bits would not tell secrets apart any better, and would let a value
 * that somebody has guessed be confirmed for sure. The ends and the indentation of lines do not count.
 */
export async function hashOf({ salt, isKeyed }: Salt, value: string): Promise<string> {
  return stretched(normal(value), [VERSION, 'value', salt, isKeyed ? environmentKey() : ''].join('\0'), HASH_BYTES);
}

/** A salt of its own, to be used with `SSS_FINGERPRINT_KEY` where that is set. */
export async function newSalt(): Promise<Salt> {
  const salt = { salt: crypto().randomBytes(16).toString('hex'), isKeyed: environmentKey() !== '' };
  return { id: await idOf(salt), ...salt };
}

/** Whether hashes can be made with a salt here: it is whole, and the key of the environment is the one it was made with. */
export async function isUsable(salt: Salt): Promise<boolean> {
  if (salt.isKeyed && environmentKey() === '') return false;
  return (await idOf(salt)) === salt.id;
}

/** `SSS_FINGERPRINT_KEY`; empty for none. */
export function environmentKey(): string {
  return process.env.SSS_FINGERPRINT_KEY ?? '';
}

async function idOf({ salt, isKeyed }: Omit<Salt, 'id'>): Promise<string> {
  return stretched(isKeyed ? environmentKey() : '', [VERSION, 'id', salt].join('\0'), ID_BYTES);
}

function normal(value: string): string {
  return value
    .split(/\r\n|\r|\n/)
    .map((line, _, lines) => (lines.length > 1 ? line.trim() : line))
    .join('\n');
}

function stretched(text: string, salt: string, bytes: number): Promise<string> {
  return new Promise((resolve, reject) => {
    crypto().scrypt(text, salt, bytes, COST, (error, made) => {
      if (error) reject(error);
      else resolve(made.toString('hex'));
    });
  });
}
