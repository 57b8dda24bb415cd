import type { Features } from '../features/index.ts';
import { CREDENTIAL_KINDS } from '../features/name.ts';
import type { ValueKind } from '../features/value.ts';
import type { Preset, Verdict } from '../types.ts';

/** What a value is worth that is called a password and is what password rules ask for. */
export const CHOSEN_PASSWORD = 0.75;

/** Expressions and references of a program are no one's password, whatever stands in them. */
const NO_PASSWORD: ReadonlySet<ValueKind> = new Set<ValueKind>([
  'call',
  'code',
  'constant',
  'digits',
  'dotted',
  'hex',
  'path',
  'pattern',
  'reference',
  'url',
  'uuid',
]);

/**
 * What password rules ask for: a digit and at least three of lower case, upper case, digits and symbols, right behind a
 * name that says password. Labelled code has too few of these for the scorecard to learn them by.
 */
export function isChosenPassword({ name, value, placeholder, context }: Features): boolean {
  if (name.kind !== 'password' || name.describes || name.harmless || NO_PASSWORD.has(value.kind)) return false;
  if (placeholder.word || placeholder.codeWords || placeholder.likeName) return false;
  if (context.bareInCode || context.goesOn || context.gap > 12 || value.spaces > 0) return false;
  const classes = [value.lower, value.upper, value.digits, value.symbols].filter((n) => n > 0).length;
  // `Uint32Array`: without a symbol, words with a number inside are names of a program.
  const isName = value.symbols === 0 && value.kind === 'identifier' && value.rarity < 5;
  return value.length >= 8 && value.length <= 40 && value.digits > 0 && classes >= 3 && !isName;
}

/** A UUID that its name does not call a credential: it names a thing. The policy and its price: docs/decisions.md. */
export function isNamingUuid({ value, name }: Features): boolean {
  return (
    value.kind === 'uuid' &&
    (!CREDENTIAL_KINDS.has(name.kind) || name.harmless || name.describes || name.words.at(-1) === 'id')
  );
}

/** The verdict on such a UUID. */
export function namingUuid(preset: Preset): Verdict {
  return {
    label: preset === 'wide' ? 'secret' : 'harmless',
    probability: 0.2,
    decidedBy: 'filter',
    reason: 'a UUID names things, and its own name does not say that it opens anything',
  };
}
