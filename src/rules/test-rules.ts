import type { Rule } from '../types.ts';
import { fillExample } from './examples.ts';
import { matchRules } from './match.ts';
import { loadRules } from './rule-set.ts';

/** What came of one example of a rule, or of a rule that has none. The text of an example is not in it. */
export interface RuleTestResult {
  ruleId: string;
  /** Which examples: those that must match, or those that must not. */
  kind: 'secret' | 'harmless';
  /** Place in the list of the rule, from 1; 0 when the list is empty. */
  number: number;
  ok: boolean;
  /** In words, when it is not ok. */
  problem?: string;
}

/**
 * Runs the examples of every rule through the engine: each `secret` one must be matched by its own rule, no `harmless`
 * one may be. A rule without a `secret` example fails, as nothing shows that it works. Paths of rules are left aside.
 */
export function testRules(rules: readonly Rule[]): RuleTestResult[] {
  const anywhere = rules.map(({ path: _, ...rule }) => rule);
  const ruleSet = loadRules({ useBuiltinRules: false, customRules: anywhere, disabledRules: [] });
  const matches = (ruleId: string, text: string): boolean =>
    matchRules({ text, ruleSet, path: 'example' }).some(({ rule }) => rule.id === ruleId);

  const results: RuleTestResult[] = [];
  for (const { id: ruleId, examples } of rules) {
    if (!examples?.secret.length) {
      results.push({ ruleId, kind: 'secret', number: 0, ok: false, problem: 'has no example that it must find' });
    }
    for (const kind of ['secret', 'harmless'] as const) {
      examples?.[kind].forEach((example, i) => {
        const test = { ruleId, kind, number: i + 1 };
        const problem = problemOf({ kind, example, matches: (text) => matches(ruleId, text) });
        results.push(problem === undefined ? { ...test, ok: true } : { ...test, ok: false, problem });
      });
    }
  }
  return results;
}

function problemOf(input: {
  kind: 'secret' | 'harmless';
  example: string;
  matches(text: string): boolean;
}): string | undefined {
  const { kind, example, matches } = input;
  let text: string;
  try {
    text = fillExample(example);
  } catch {
    return 'has a hole that cannot be filled';
  }
  if (matches(text) === (kind === 'secret')) return undefined;
  return kind === 'secret' ? 'is not found' : 'is found, but must not be';
}
