import { folderConfigs } from '../config/folders.ts';
import { ruleIds } from '../rules/rule-ids.ts';
import { loadRules } from '../rules/rule-set.ts';
import { type Found, search } from '../search.ts';
import type { Config, TextChunk } from '../types.ts';

/** What is worth judging in a text, and the configuration that is in force for it. */
export interface FoundInForce extends Found {
  config: Config;
}

/** Makes what searches texts by the rules in force for each: its folder may have a configuration of its own. */
export function searchInForce(config: Config): (chunk: TextChunk) => Promise<FoundInForce> {
  const rules = loadRules(config);
  const folders = folderConfigs({ config, ruleIds });
  return async (chunk) => {
    const inForce = await folders.of(chunk);
    const isAsUsual = inForce.disabledRules === config.disabledRules;
    return { config: inForce, ...search(chunk, isAsUsual ? rules : loadRules(inForce), config.maxDepth) };
  };
}
