import { describe, expect, it } from 'vitest';
import { builtinList, builtinRules } from '../../src/rules/builtin/index.ts';
import { readStoredRules } from '../../src/rules/stored-rules.ts';

describe('the rules that the build has stored', () => {
  it('are the built-in ones, with all that they have', () => {
    const { rules, rule: _, ...keywords } = readStoredRules();
    expect(rules).toEqual(builtinRules);
    const { rules: __, rule: ___, ...ours } = builtinList;
    expect(keywords).toEqual(ours);
  });

  it('are each made once', () => {
    const list = readStoredRules();
    const last = builtinRules.length - 1;
    const rule = list.rule(last);
    expect(rule).toEqual(builtinRules[last]);
    expect(list.rule(last)).toBe(rule);
    expect(list.rules[last]).toBe(rule);
  });

  it('can be copied, patterns included', () => {
    const [rule] = readStoredRules().rules;
    expect({ ...rule }).toEqual(builtinRules[0]);
    expect(rule!.pattern).toBe(rule!.pattern);
  });
});
