import { matchesRuleId } from '../config/allow.ts';
import type { Config, Rule } from '../types.ts';
import { builtinRules } from './builtin/index.ts';
import { GENERIC_WORDS, genericRules } from './generic.ts';
import { createPrefilter, type Prefilter } from './prefilter.ts';

/** The rules in force, ready to be searched for. */
export interface RuleSet {
  /** Provider rules and custom rules, sorted by id. */
  rules: readonly Rule[];
  /** The rules of the generic extractor: their patterns are matched against names, not text. */
  generic: readonly Rule[];
  prefilter: Prefilter;
  /** For each keyword of the prefilter: the numbers of the rules it stands for. */
  rulesOfKeyword: readonly (readonly number[])[];
  /** For each keyword of the prefilter: whether it opens the generic extractor. */
  genericKeyword: readonly boolean[];
  /** Numbers of the rules without keywords: searched in every text. */
  always: readonly number[];
}

/** Built-in rules overlaid by those of the configuration (same id: the custom one wins), without the disabled ones. */
export function loadRules(config: Pick<Config, 'useBuiltinRules' | 'customRules' | 'disabledRules'>): RuleSet {
  const isOff = (id: string) => config.disabledRules.some((pattern) => matchesRuleId(pattern, id));
  const byId = new Map<string, Rule>();
  if (config.useBuiltinRules) for (const rule of builtinRules) byId.set(rule.id, rule);
  for (const rule of config.customRules) byId.set(rule.id, rule);
  const rules = [...byId.values()].filter((rule) => !isOff(rule.id)).sort((a, b) => (a.id < b.id ? -1 : 1));
  return compile(
    rules,
    genericRules.filter((rule) => !isOff(rule.id)),
  );
}

function compile(rules: readonly Rule[], generic: readonly Rule[]): RuleSet {
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
  const words = new Set(generic.length > 0 ? GENERIC_WORDS : []);
  const keywords = [...new Set([...rulesOf.keys(), ...words])];
  return {
    rules,
    generic,
    prefilter: createPrefilter(keywords),
    rulesOfKeyword: keywords.map((k) => rulesOf.get(k) ?? []),
    genericKeyword: keywords.map((k) => words.has(k)),
    always,
  };
}
