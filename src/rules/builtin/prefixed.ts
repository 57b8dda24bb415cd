import type { Rule } from '../../types.ts';

/**
 * A token that is told by its prefix: id of the rule, provider, what it is, prefix (plain text), pattern of the rest,
 * an example of the rest with holes, and what differs from a `high`, `certain` rule with an entropy of 3 bits or more.
 */
export type PrefixedToken = readonly [
  id: string,
  provider: string,
  what: string,
  prefix: string,
  rest: string,
  example: string,
  differs?: Partial<
    Pick<Rule, 'severity' | 'confidence' | 'entropy' | 'validator' | 'window' | 'rotate' | 'stopwords' | 'keywords'>
  >,
];

/**
 * A token that stands alone. Not glued to letters, digits or `_` on the left; nor to any of `glue` (the inside of a
 * character class, `\w-` unless told) on the right. The group `secret` is the token.
 */
export function standalone(value: string, glue = '\\w\\-'): RegExp {
  return new RegExp(`(?<![A-Za-z0-9_])(?<secret>${value})(?![${glue}])`);
}

/** Expands tokens to rules, with examples both ways: a blanked, a shortened and a glued one are harmless. */
export function prefixedRules(tokens: readonly PrefixedToken[]): Rule[] {
  return tokens.map(([id, provider, what, prefix, rest, example, differs]) => ({
    id,
    provider,
    description: `${provider} ${what}`,
    keywords: [prefix.toLowerCase()],
    pattern: standalone(prefix.replace(/[.+|$]/g, '\\$&') + rest),
    severity: 'high',
    confidence: 'certain',
    entropy: 3,
    ...differs,
    examples: {
      secret: [`token = "${prefix}${example}"`],
      harmless: [
        `token = "${prefix}${blank(example)}"`,
        `token = "${prefix}{{alnum:6}}"`,
        `token = "w${prefix}${example}"`,
      ],
    },
  }));
}

/** The example with every hole filled with as many `x`. */
export function blank(example: string): string {
  return example.replace(/\{\{[^{}]*?(?::(\d+))?\}\}/g, (_, count?: string) => 'x'.repeat(Number(count ?? 6)));
}
