import { folderConfigs } from '../config/folders.ts';
import { ruleIds } from '../rules/rule-ids.ts';
import { loadRules } from '../rules/rule-set.ts';
import { type Found, isNew, search } from '../search.ts';
import type { Config, TextChunk } from '../types.ts';
import { once } from '../util/once.ts';

/** What is worth judging in a text, and the configuration that is in force for it. */
export interface FoundInForce extends Found {
  config: Config;
}

/**
 * Makes what searches texts by the rules in force for each: its folder may have a configuration of its own. Nobody looks for
 * one where there is nothing to judge.
 */
export function searchInForce(config: Config): (chunk: TextChunk) => Promise<FoundInForce> {
  const rules = loadRules(config);
  const folders = once(() => folderConfigs({ config, ruleIds }));
  return async (chunk) => {
    const found = search(chunk, rules, config.maxDepth);
    if (!found.candidates.some(isNew)) return { config, ...found };
    const inForce = await folders().of(chunk);
    if (inForce.disabledRules === config.disabledRules) return { config: inForce, ...found };
    return { config: inForce, ...search(chunk, loadRules(inForce), config.maxDepth) };
  };
}
