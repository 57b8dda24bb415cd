import { describe, expect, it } from 'vitest';
import { builtinRules } from '../../src/rules/builtin/index.ts';
import { GENERIC_WORDS, genericRules } from '../../src/rules/generic.ts';
import { loadRules } from '../../src/rules/rule-set.ts';
import type { Rule } from '../../src/types.ts';

const rule: Rule = {
  id: 'acme-key',
  provider: 'Acme',
  description: 'Acme key',
  keywords: ['acme_', 'acme_', 'shared'],
  pattern: /acme_\d{8}/,
  severity: 'high',
  confidence: 'certain',
};
const plain = { useBuiltinRules: false, customRules: [], disabledRules: [] } as const;
const ids = (rules: readonly Rule[]) => rules.map(({ id }) => id);

describe('loadRules', () => {
  it('has the built-in rules, sorted by id, and the generic ones beside them', () => {
    const { rules, generic } = loadRules({ ...plain, useBuiltinRules: true });
    expect(ids(rules)).toEqual(ids(builtinRules));
    expect(ids(rules)).toEqual([...ids(rules)].sort());
    expect(generic).toEqual(genericRules);
  });

  it('has the generic ones alone without the built-in rules', () => {
    const { rules, generic, prefilter } = loadRules(plain);
    expect(rules).toEqual([]);
    expect(generic).toEqual(genericRules);
    expect([...prefilter.keywords].sort()).toEqual([...GENERIC_WORDS].sort());
  });

  it('lets a custom rule take the place of a built-in one, and the last of two that of the first', () => {
    const { id } = builtinRules[3]!;
    const mine = { ...rule, id };
    const { rules } = loadRules({ ...plain, useBuiltinRules: true, customRules: [{ ...mine, provider: 'X' }, mine] });
    expect(rules.filter((r) => r.id === id)).toEqual([mine]);
    expect(ids(rules)).toEqual(ids(builtinRules));
  });

  it('leaves out what is disabled: built-in, custom and generic rules, by id or with a star', () => {
    const off = (...disabledRules: string[]) =>
      loadRules({ useBuiltinRules: true, customRules: [rule], disabledRules });
    expect(ids(off('acme-key').rules)).not.toContain('acme-key');
    expect(ids(off('acme').rules)).toContain('acme-key');
    const github = ids(builtinRules).filter((id) => id.startsWith('github-'));
    expect(github.length).toBeGreaterThan(3);
    const without = off('github-*', 'generic-pass*');
    expect(ids(builtinRules).filter((id) => !ids(without.rules).includes(id))).toEqual(github);
    expect(ids(without.generic)).toEqual(ids(genericRules).filter((id) => id !== 'generic-password'));
    const nothing = off('*');
    expect([nothing.rules, nothing.generic, nothing.prefilter.keywords]).toEqual([[], [], []]);
  });

  it('finds the rules of a keyword by its number', () => {
    const second = { ...rule, id: 'beta', keywords: ['shared', 'token'] };
    const always = { ...rule, id: 'always', keywords: [] };
    const set = loadRules({ ...plain, customRules: [second, rule, always] });
    const of = (keyword: string) => set.rulesOfKeyword[set.prefilter.keywords.indexOf(keyword)];
    expect(ids(set.rules)).toEqual(['acme-key', 'always', 'beta']);
    expect([of('acme_'), of('shared'), of('token'), of('pass')]).toEqual([[0], [0, 2], [2], []]);
    expect(set.always).toEqual([1]);
    const isGeneric = (keyword: string) => set.genericKeyword[set.prefilter.keywords.indexOf(keyword)];
    expect([isGeneric('acme_'), isGeneric('token'), isGeneric('pass')]).toEqual([false, true, true]);
    expect(new Set(set.prefilter.keywords).size).toBe(set.prefilter.keywords.length);
  });

  it('takes every rule of the configuration into a set of its own', () => {
    const custom = [rule];
    loadRules({ ...plain, customRules: custom, useBuiltinRules: true });
    expect(custom).toEqual([rule]);
    expect(ids(loadRules(plain).rules)).toEqual([]);
  });
});

describe('the words of the generic extractor', () => {
  it('are lower-case ASCII, each there once', () => {
    expect(GENERIC_WORDS.filter((word) => !/^[\x20-\x7e]{3,}$/.test(word) || /[A-Z]/.test(word))).toEqual([]);
    expect(new Set(GENERIC_WORDS).size).toBe(GENERIC_WORDS.length);
  });

  it.each([
    ['generic-password', ['password', 'DB_PASSWD', 'userPwd', 'passphrase', 'IDENTIFIED']],
    ['generic-private-key', ['privateKey', 'signing_key', 'ENCRYPTION-KEY', 'master.key']],
    ['generic-secret', ['client_secret', 'SECRET']],
    ['generic-api-key', ['apiKey', 'X-Api-Key', 'access_key', 'AccountKey']],
    ['generic-token', ['auth_token', 'JWT', 'session_id', 'csrf']],
    ['generic-auth', ['Authorization', 'credentials', 'login']],
    ['generic-salt', ['salt', 'nonce', 'seed']],
    ['generic-key', ['key', 'some_key']],
  ])('lead to %s', (id, names) => {
    expect(names.map((name) => genericRules.find(({ pattern }) => pattern.test(name))?.id)).toEqual(
      names.map(() => id),
    );
    // Each name has a word in it that opens the extractor.
    expect(names.filter((name) => !GENERIC_WORDS.some((word) => name.toLowerCase().includes(word)))).toEqual([]);
  });
});
