import { describe, expect, it } from 'vitest';
import { revokeAdvice } from '../../src/report/words.ts';
import { builtinRules } from '../../src/rules/builtin/index.ts';
import { genericRules } from '../../src/rules/generic.ts';

describe('the advice on revoking', () => {
  it('is given for every rule, by its page, its provider or its kind', () => {
    for (const { id, provider, description, rotate } of [...builtinRules, ...genericRules]) {
      const advice = revokeAdvice({ ruleId: id, provider, description, rotate });
      expect(advice, id).toMatch(/^(?:revoke|change|make|delete|see) /);
      if (rotate !== undefined) expect(advice, id).toContain(rotate);
      expect(advice, id).not.toMatch(/at (?:Generic|Database|undefined)\b/);
    }
  });

  it.each([
    [{ ruleId: 'acme-api-key', provider: 'Acme', description: 'Acme API key' }, /revoke it at Acme/],
    [{ ruleId: 'generic-token', provider: 'Generic', description: 'Access token' }, /where it was issued/],
    [{ ruleId: 'generic-password', provider: 'Generic', description: 'Password in the clear' }, /change the password/],
    [{ ruleId: 'url-credentials', provider: 'Generic', description: 'Password in a URL' }, /change the password/],
    [{ ruleId: 'acme-webhook', provider: 'Acme', description: 'Acme webhook URL' }, /delete the webhook at Acme/],
    [{ ruleId: 'private-key', provider: 'Private key', description: 'RSA private key' }, /new pair of keys/],
    [{ ruleId: 'jwt', provider: 'JWT', description: 'JSON web token' }, /signs/],
  ])('fits what it is about: %j', (rule, expected) => {
    expect(revokeAdvice(rule)).toMatch(expected);
  });
});
