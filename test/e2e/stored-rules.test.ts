import { describe, expect, it } from 'vitest';
import { builtinRules } from '../../src/rules/builtin/index.ts';
import { readStoredRules } from '../../src/rules/stored-rules.ts';

describe('the rules that the build has stored', () => {
  it('are the built-in ones, with all that they have', () => {
    expect(readStoredRules()).toEqual(builtinRules);
  });

  it('can be copied, patterns included', () => {
    const [rule] = readStoredRules();
    expect({ ...rule }).toEqual(builtinRules[0]);
    expect(rule!.pattern).toBe(rule!.pattern);
  });
});
