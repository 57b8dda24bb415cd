import type { Features } from '../features/index.ts';
import type { Candidate, Confidence, Preset, Verdict, VerdictLabel } from '../types.ts';
import { filter } from './filters.ts';

/** Least worth at which the match of a provider's rule is called a secret. */
const RULE_THRESHOLDS: Readonly<Record<Preset, number>> = { strict: 0.7, balanced: 0.4, wide: 0.2 };

/** What a match of a provider's rule is worth when no filter objects. */
const PROVIDER_PROBABILITY: Readonly<Record<Confidence, number>> = { certain: 0.99, likely: 0.9, hint: 0.6 };

/** The verdict on what a filter or a provider's rule settles; the rest is for the gate (and its fitting). */
export function settle(input: { candidate: Candidate; features: Features; preset: Preset }): Verdict | undefined {
  const { candidate, features: f, preset } = input;
  const filtered = filter(candidate, f);
  if (filtered) return filtered;
  if (candidate.syntax === 'provider') return byRule(candidate, f, preset);
  return undefined;
}

function byRule(candidate: Candidate, f: Features, preset: Preset): Verdict {
  const rule = candidate.rules[0]!;
  if (rule.confidence !== 'certain' && looksWritten(candidate, f)) {
    return {
      label: notSecret(f),
      probability: 0.05,
      decidedBy: 'filter',
      reason: `it has the shape of ${article(rule.description)}, but is made of words`,
    };
  }
  const probability = PROVIDER_PROBABILITY[rule.confidence];
  const checked = rule.validator ? ', and its checksum or structure is right' : '';
  return {
    label: probability >= RULE_THRESHOLDS[preset] ? 'secret' : 'harmless',
    probability,
    decidedBy: 'rule',
    reason:
      rule.confidence === 'certain'
        ? `it has the shape of ${article(rule.description)}, which nothing else has${checked}`
        : `it has the shape and the surroundings of ${article(rule.description)}${checked}`,
  };
}

/**
 * Something that a person or a programmer wrote, not something that a machine issued. A run along the alphabet is no word;
 * and where an address or a connection string has its password, people's own words are passwords as well.
 */
function looksWritten(candidate: Candidate, f: Features): boolean {
  if (f.placeholder.codeWords) return true;
  const alongAlphabet = f.placeholder.monotonous && f.placeholder.sameRun < 0.3;
  if (alongAlphabet || isPasswordByPlace(candidate)) return false;
  const { kind, digits, rarity } = f.value;
  return (kind === 'constant' && rarity < 5) || (digits === 0 && rarity < 4.2);
}

/** `scheme://user:VALUE@host` and `Password=VALUE;`. */
function isPasswordByPlace({ value, match = '' }: Candidate): boolean {
  const start = match.lastIndexOf(value);
  const [before, after] = [match.slice(0, start), match.slice(start + value.length)];
  const inAddress = /:\/\/[^\s/@]*:$/.test(before) && after.startsWith('@');
  return inAddress || (/(?:password|pwd) *= *$/i.test(before) && after.startsWith(';'));
}

function notSecret(f: Features): VerdictLabel {
  return f.placeholder.word || f.placeholder.codeWords || f.placeholder.likeName || f.placeholder.monotonous
    ? 'placeholder'
    : 'harmless';
}

function article(noun: string): string {
  if (/^(?:an?|the) |(?:credentials|keys|tokens|passwords)$/i.test(noun)) return noun;
  return `${/^(?:[aeio]|u(?!ni|s[ei]|k))/i.test(noun) ? 'an' : 'a'} ${noun}`;
}
