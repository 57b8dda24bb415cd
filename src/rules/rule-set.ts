import { isDisabled } from '../config/allow.ts';
import type { Config, Rule } from '../types.ts';
import { builtinList } from './builtin/index.ts';
import { GENERIC_WORDS, genericRules } from './generic.ts';
import { createPrefilter, type Prefilter } from './prefilter.ts';
import { listRules, type RuleList } from './rule-list.ts';

/** The rules in force, ready to be searched for: provider rules and custom rules, sorted by id. */
export interface RuleSet extends Omit<RuleList, 'keywords'> {
  /** The rules of the generic extractor: their patterns are matched against names, not text. */
  generic: readonly Rule[];
  prefilter: Prefilter;
  /** For each keyword of the prefilter: the numbers of the rules it stands for. */
  rulesOfKeyword: readonly (readonly number[])[];
  /** For each keyword of the prefilter: whether it opens the generic extractor. */
  genericKeyword: readonly boolean[];
}

/** Built-in rules overlaid by those of the configuration (same id: the custom one wins), without the disabled ones. */
export function loadRules(config: Pick<Config, 'useBuiltinRules' | 'customRules' | 'disabledRules'>): RuleSet {
  const { useBuiltinRules, customRules, disabledRules } = config;
  if (useBuiltinRules && customRules.length === 0 && disabledRules.length === 0) {
    return searchable(builtinList, genericRules);
  }
  const isOff = (id: string) => isDisabled(disabledRules, id);
  const byId = new Map<string, Rule>();
  if (useBuiltinRules) for (const rule of builtinList.rules) byId.set(rule.id, rule);
  for (const rule of customRules) byId.set(rule.id, rule);
  const rules = [...byId.values()].filter((rule) => !isOff(rule.id)).sort((a, b) => (a.id < b.id ? -1 : 1));
  return searchable(
    listRules(rules),
    genericRules.filter((rule) => !isOff(rule.id)),
  );
}

function searchable(list: RuleList, generic: readonly Rule[]): RuleSet {
  const words = new Set(generic.length > 0 ? GENERIC_WORDS : []);
  const own = new Set(list.keywords);
  const keywords = [...list.keywords, ...[...words].filter((word) => !own.has(word))];
  const none: readonly number[] = [];
  return {
    count: list.count,
    get rules() {
      return list.rules;
    },
    rule: (number) => list.rule(number),
    generic,
    prefilter: createPrefilter(keywords),
    rulesOfKeyword: keywords.map((_, i) => list.rulesOfKeyword[i] ?? none),
    genericKeyword: keywords.map((keyword) => words.has(keyword)),
    always: list.always,
  };
}
