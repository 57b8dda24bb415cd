import { describe, expect, it } from 'vitest';
import { testRules } from '../../src/rules/test-rules.ts';
import type { Rule } from '../../src/types.ts';

const rule: Rule = {
  id: 'acme-key',
  provider: 'Acme',
  description: 'Acme key',
  keywords: ['acme_'],
  pattern: /\bacme_[0-9]{8}\b/,
  severity: 'high',
  confidence: 'certain',
  path: /\.env$/,
  examples: { secret: ['key = acme_{{digit:8}}'], harmless: ['acme_{{digit:7}}'] },
};

describe('testRules', () => {
  it('runs the examples both ways, wherever the rule looks', () => {
    expect(testRules([rule])).toEqual([
      { ruleId: 'acme-key', kind: 'secret', number: 1, ok: true },
      { ruleId: 'acme-key', kind: 'harmless', number: 1, ok: true },
    ]);
  });

  it('tells which example fails, without its text', () => {
    const examples = { secret: ['acne_{{digit:8}}'], harmless: ['none', 'acme_{{digit:8}}', '{{digit:x}}'] };
    const failed = testRules([{ ...rule, examples }]).filter(({ ok }) => !ok);
    expect(failed.map(({ kind, number }) => `${kind} ${number}`)).toEqual(['secret 1', 'harmless 2', 'harmless 3']);
    expect(JSON.stringify(failed)).not.toContain('acne');
  });

  it('does not take the match of another rule for its own', () => {
    const other: Rule = { ...rule, id: 'acme-other', pattern: /never_[0-9]+/ };
    expect(testRules([rule, other]).find(({ ruleId, kind }) => ruleId === 'acme-other' && kind === 'secret')?.ok).toBe(
      false,
    );
  });

  it('fails a rule that nothing shows to work', () => {
    const { examples: _, ...bare } = rule;
    expect(testRules([bare])).toMatchObject([{ ruleId: 'acme-key', number: 0, ok: false }]);
  });
});
