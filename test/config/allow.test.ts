import { describe, expect, it } from 'vitest';
import { isAllowed, isPathAllowed, matchesRuleId } from '../../src/config/allow.ts';
import type { Allow } from '../../src/types.ts';

const query = {
  ruleIds: ['acme-token', 'generic-token'],
  value: 'Tr0ub4dor-Example',
  match: 'token = Tr0ub4dor-Example',
  line: 'const token = Tr0ub4dor-Example; // demo',
  logicalPath: 'docs/guide.md',
  commit: '0123456789abcdef0123456789abcdef01234567',
  fingerprint: 'f'.repeat(32),
};
const ask = (entry: Allow, over: Partial<typeof query> = {}) =>
  isAllowed({ allow: [entry], ...query, ...over }) !== undefined;

describe('isAllowed', () => {
  it.each<[what: string, entry: Allow, expected: boolean]>([
    ['path', { paths: [/^docs\//] }, true],
    ['other path', { paths: [/^src\//] }, false],
    ['exact value', { values: ['Tr0ub4dor-Example'] }, true],
    ['part of a value', { values: ['Tr0ub4dor'] }, false],
    ['regex on the secret', { regexes: [/^Tr0/] }, true],
    ['regex on the secret, not the match', { regexes: [/^token/] }, false],
    ['regex on the match', { regexes: [/^token/], regexTarget: 'match' }, true],
    ['regex on the line', { regexes: [/demo$/], regexTarget: 'line' }, true],
    ['stopword, case ignored', { stopwords: ['example'] }, true],
    ['fingerprint', { fingerprints: ['f'.repeat(32)] }, true],
    ['commit', { commits: [query.commit] }, true],
    ['short commit', { commits: ['0123456'] }, true],
    ['too short a commit', { commits: ['012345'] }, false],
    ['rule', { ruleIds: ['acme-token'], paths: [/./] }, true],
    ['rule pattern', { ruleIds: ['acme-*'], paths: [/./] }, true],
    ['other rule', { ruleIds: ['other'], paths: [/./] }, false],
    ['nothing given', {}, false],
    ['nothing given, all of it', { condition: 'AND' }, false],
    ['only empty lists', { condition: 'AND', paths: [], values: [] }, false],
    ['one of two', { paths: [/^src\//], stopwords: ['example'] }, true],
    ['all of two, one fails', { condition: 'AND', paths: [/^src\//], stopwords: ['example'] }, false],
    ['all of two', { condition: 'AND', paths: [/^src\//, /^docs\//], stopwords: ['example'] }, true],
  ])('%s', (_, entry, expected) => expect(ask(entry)).toBe(expected));

  it('holds nothing against what is not known', () => {
    expect(ask({ commits: [query.commit] }, { commit: undefined as unknown as string })).toBe(false);
    expect(
      ask(
        { condition: 'AND', commits: [query.commit], stopwords: ['example'] },
        { commit: undefined as unknown as string },
      ),
    ).toBe(false);
  });

  it('returns the entry', () => {
    const allow = [{ paths: [/^src/] }, { description: 'docs', paths: [/^docs/] }];
    expect(isAllowed({ allow, ...query })).toBe(allow[1]);
  });
});

describe('isPathAllowed', () => {
  it.each<[Allow, boolean]>([
    [{ paths: [/^docs/] }, true],
    [{ paths: [/^docs/], stopwords: ['x'] }, true],
    [{ condition: 'AND', paths: [/^docs/], stopwords: ['x'] }, false],
    [{ condition: 'AND', paths: [/^docs/], stopwords: [] }, true],
    [{ ruleIds: ['a'], paths: [/^docs/] }, false],
    [{ paths: [/^src/] }, false],
    [{ stopwords: ['docs'] }, false],
  ])('%o', (entry, expected) => expect(isPathAllowed([entry], 'docs/a.md') !== undefined).toBe(expected));
});

describe('matchesRuleId', () => {
  it.each([
    ['a', 'a', true],
    ['a', 'ab', false],
    ['a*', 'ab', true],
    ['*b', 'ab', true],
    ['*', 'x', true],
    ['a*a', 'a', false],
    ['a*b*c', 'axbxc', true],
    ['a*b*c', 'axcxb', false],
    ['a.c', 'abc', false],
  ])('%s on %s', (pattern, id, expected) => expect(matchesRuleId(pattern, id)).toBe(expected));
});
