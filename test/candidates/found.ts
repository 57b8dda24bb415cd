import { findCandidates } from '../../src/candidates/index.ts';
import { fillExample } from '../../src/rules/examples.ts';
import { loadRules } from '../../src/rules/rule-set.ts';
import type { Candidate } from '../../src/types.ts';
import { chunkOf } from '../report/sample.ts';

/** A value that no syntax ends early and no rule of a provider knows. */
export const VALUE = fillExample('q7{{[a-z]:4}}4{{[A-Z]:4}}9{{[a-z]:3}}');

export const everyRule = loadRules({ useBuiltinRules: true, customRules: [], disabledRules: [] });
/** The generic extractor alone. */
export const genericOnly = loadRules({ useBuiltinRules: false, customRules: [], disabledRules: [] });

export function candidates(text: string, options: { path?: string; rules?: typeof everyRule } = {}): Candidate[] {
  return findCandidates(chunkOf(text, options), options.rules ?? genericOnly);
}

/** The candidate that is `value` (the first one), or undefined. */
export function candidateOfValue(text: string, value = VALUE): Candidate | undefined {
  return candidates(text).find((candidate) => candidate.value === value);
}
