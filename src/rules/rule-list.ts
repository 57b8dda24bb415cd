import type { Rule } from '../types.ts';

/** Rules, and which of them a keyword stands for. */
export interface RuleList {
  count: number;
  /** All of them, sorted by id. Stored rules are made for this, which takes a while. */
  readonly rules: readonly Rule[];
  /** One of them by its place. */
  rule(number: number): Rule;
  keywords: readonly string[];
  /** For each keyword: the places of the rules it stands for. */
  rulesOfKeyword: readonly (readonly number[])[];
  /** Places of the rules without keywords: searched in every text. */
  always: readonly number[];
}

export function listRules(rules: readonly Rule[]): RuleList {
  const rulesOf = new Map<string, number[]>();
  const always: number[] = [];
  rules.forEach((rule, number) => {
    if (rule.keywords.length === 0) always.push(number);
    for (const keyword of new Set(rule.keywords)) {
      const list = rulesOf.get(keyword);
      if (list) list.push(number);
      else rulesOf.set(keyword, [number]);
    }
  });
  return {
    count: rules.length,
    rules,
    rule: (number) => rules[number]!,
    keywords: [...rulesOf.keys()],
    rulesOfKeyword: [...rulesOf.values()],
    always,
  };
}
