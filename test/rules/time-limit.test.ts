import { describe, expect, it } from 'vitest';
import { makeRule } from '../../src/config/custom-rule.ts';
import { matchRules } from '../../src/rules/match.ts';
import { loadRules } from '../../src/rules/rule-set.ts';
import { withinTime } from '../../src/rules/time-limit.ts';
import type { Rule } from '../../src/types.ts';

function custom(id: string, pattern: string): Rule {
  const made = makeRule({ id, pattern, dialect: 'any', keepNames: true, origin: 'mine.toml' });
  if ('error' in made) throw new Error(made.error);
  return made.rule;
}

/** Accepted, as most texts are no trouble: the work grows with the third power of the length of a line. */
const cubic = () => custom('cubic', 'acme.*=.*=.*x!');
const HOSTILE = `acme${'='.repeat(16_000)}`;

describe('rules of users that take too long', () => {
  it('are given up for the text, and the others go on', { timeout: 60_000 }, () => {
    const customRules = [cubic(), custom('plain', 'token-[0-9]{6}')];
    const ruleSet = loadRules({ useBuiltinRules: false, customRules, disabledRules: [] });
    const slow: string[] = [];
    const search = (text: string) =>
      matchRules({ text, ruleSet, path: 'a', onSlow: ({ id }) => slow.push(id) }).map(({ rule }) => rule.id);
    expect(search(`token-123456\n${HOSTILE}\ntoken-654321`)).toEqual(['plain', 'plain']);
    expect(slow).toEqual(['cubic']);
    // The next text is another matter.
    expect(search('acme=1=2x! token-123456')).toEqual(['cubic', 'plain']);
    expect(slow).toEqual(['cubic']);
  });

  it('are not tried any more after five texts', { timeout: 60_000 }, () => {
    const rule = cubic();
    const endless = () => /(?:a+)+$/.test(`${'a'.repeat(60)}!`);
    for (let i = 0; i < 5; i++) expect(withinTime({ rule, work: endless, timeout: 100 })).toBeUndefined();
    expect(withinTime({ rule, work: () => 'quick' })).toBeUndefined();
    expect(withinTime({ rule: cubic(), work: () => 'quick' })).toBe('quick');
  });

  it('may fail for other reasons, which are not hidden', () => {
    const fail = () => {
      throw new RangeError('of another kind');
    };
    expect(() => withinTime({ rule: cubic(), work: fail })).toThrow(RangeError);
  });
});
