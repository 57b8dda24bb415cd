/**
 * Builders for the patterns of provider rules. All are linear in practice: every repeat is bounded, and the parts
 * around the value cannot match the value's own characters without end.
 */

/** A token that stands alone: not glued to other word characters. The secret is the whole token. */
export function token(value: string, flags = ''): RegExp {
  return new RegExp(`(?<![A-Za-z0-9_])(?<secret>${value})(?![A-Za-z0-9_])`, flags);
}

/**
 * A value within `distance` characters after `word`, on the same line or the next ones. For values that are told apart
 * by their shape only together with the provider's name. Case does not matter, in the value neither.
 */
export function near(word: string, value: string, distance = 60): RegExp {
  return new RegExp(
    `(?:${word})[\\s\\S]{0,${distance}}?(?<![A-Za-z0-9_\\-])(?<secret>${value})(?![A-Za-z0-9_\\-])`,
    'i',
  );
}
