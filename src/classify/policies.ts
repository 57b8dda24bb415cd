import type { Features } from '../features/index.ts';
import type { Syntax } from '../types.ts';

/** What a password in an address is worth at least: enough for `balanced` and `wide`, not for `strict`. */
const PASSWORD_IN_URL = 0.5;

/**
 * What a candidate is worth at least, whatever gate and model say; 0 for nearly all. In `scheme://user:password@host` the
 * place itself says what the value is: unless it reads like an example it opens something, even when it is a plain word.
 */
export function leastProbability({ syntax, features }: { syntax: Syntax; features: Features }): number {
  const { value, placeholder } = features;
  const isExample = placeholder.word || placeholder.codeWords || placeholder.likeName || placeholder.monotonous;
  const isText = value.length >= 4 && value.spaces === 0 && value.kind !== 'url' && value.kind !== 'path';
  return syntax === 'url' && isText && !isExample ? PASSWORD_IN_URL : 0;
}
