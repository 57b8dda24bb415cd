import { describe, expect, it } from 'vitest';
import { builtinRules } from '../../src/rules/builtin/index.ts';
import { fillExample } from '../../src/rules/examples.ts';
import { matchRules } from '../../src/rules/match.ts';
import { loadRules, type RuleSet } from '../../src/rules/rule-set.ts';
import { validators } from '../../src/rules/validators.ts';
import type { Rule } from '../../src/types.ts';

/** Rules of this list are searched in every text (of their path), so each costs every scan: it stays short. */
const WITHOUT_KEYWORD = ['discord-bot-token-unverified', 'rails-master-key'];

function only(rule: Rule): RuleSet {
  return loadRules({ useBuiltinRules: false, customRules: [rule], disabledRules: [] });
}

function pathFor(rule: Rule): string {
  return rule.path === undefined ? 'config/settings.txt' : PATHS.find((path) => rule.path!.test(path))!;
}

/** Enough different names that every rule with a `path` has one of its own. */
const PATHS = [
  '.npmrc',
  '.pypirc',
  '.netrc',
  '.env',
  'nuget.config',
  'settings.xml',
  'config.yaml',
  'config.json',
  'k8s/secret.yaml',
  'kubeconfig',
  'main.tf',
  'Dockerfile',
  '.docker/config.json',
  'auth.json',
  '.pgpass',
  'config/master.key',
];

describe('the built-in rules', () => {
  it('are sorted by id, and no id is there twice', () => {
    const ids = builtinRules.map((rule) => rule.id);
    expect(ids).toEqual([...new Set(ids)].sort());
  });

  it('name validators that exist', () => {
    expect(builtinRules.filter((rule) => rule.validator !== undefined && !(rule.validator in validators))).toEqual([]);
  });

  it('have keywords, but for the few that are searched everywhere', () => {
    expect(builtinRules.filter((rule) => rule.keywords.length === 0).map((rule) => rule.id)).toEqual(WITHOUT_KEYWORD);
  });

  it('leave the flags of the engine to the engine', () => {
    expect(builtinRules.filter((rule) => /[dgy]/.test(rule.pattern.flags)).map((rule) => rule.id)).toEqual([]);
  });
});

describe.each(builtinRules.map((rule) => [rule.id, rule] as const))('%s', (id, rule) => {
  const ruleSet = only(rule);

  it('is described, with lower-case keywords and examples both ways', () => {
    expect(id).toMatch(/^[a-z0-9]+(?:-[a-z0-9]+)*$/);
    expect(rule.description.length).toBeGreaterThan(5);
    for (const keyword of rule.keywords) expect(keyword).toMatch(/^[!-~ ]{3,}$/);
    for (const keyword of rule.keywords) expect(keyword).toBe(keyword.toLowerCase());
    if (rule.rotate !== undefined) expect(rule.rotate).toMatch(/^https:\/\/[\w.-]+\.[a-z]+(?:\/|$)/);
    expect(rule.examples?.secret.length).toBeGreaterThan(0);
    expect(rule.examples?.harmless.length).toBeGreaterThan(0);
  });

  it('finds its secret examples, and each match has a keyword within reach', () => {
    const { before, after } = rule.window ?? { before: 128, after: 512 };
    for (const template of rule.examples!.secret) {
      const text = fillExample(template);
      const matches = matchRules({ text, ruleSet, path: pathFor(rule) });
      expect(matches.length, template).toBeGreaterThan(0);
      for (const match of matches) {
        // A pattern may look behind or ahead for its keyword: it only has to lie within reach.
        const reach = text.slice(Math.max(0, match.matchStart - after), match.matchEnd + before).toLowerCase();
        const has = rule.keywords.length === 0 || rule.keywords.some((keyword) => reach.includes(keyword));
        expect(has, template).toBe(true);
        expect(match.end).toBeGreaterThan(match.start);
      }
    }
  });

  it('finds them in the middle of a long text as well', () => {
    const filler = 'Lorem ipsum dolor sit amet.\n'.repeat(400);
    for (const template of rule.examples!.secret) {
      const text = `${filler}${fillExample(template)}\n${filler}`;
      expect(matchRules({ text, ruleSet, path: pathFor(rule) }).length, template).toBeGreaterThan(0);
    }
  });

  it('lets its harmless examples be', () => {
    for (const template of rule.examples!.harmless) {
      const matches = matchRules({ text: fillExample(template), ruleSet, path: pathFor(rule) });
      expect(matches.length, template).toBe(0);
    }
  });

  it('takes no endless time over hostile text', () => {
    // Four times the text may take four times as long, not sixteen times. A busy machine may lie once, not three times.
    const growth = () => Math.max(10, time(rule, ruleSet, 32_768)) / Math.max(1, time(rule, ruleSet, 8192));
    expect([growth, growth, growth].some((measure) => measure() < 12)).toBe(true);
  });
});

/** CPU time in milliseconds that all hostile texts of `size` code units take. */
function time(rule: Rule, ruleSet: RuleSet, size: number): number {
  const started = process.cpuUsage();
  for (const text of hostile(rule, size)) matchRules({ text, ruleSet, path: pathFor(rule) });
  const { user, system } = process.cpuUsage(started);
  return (user + system) / 1000;
}

/**
 * Texts of `size` code units that a backtracking pattern is slow on: the beginnings of a match again and again, followed by what
 * nearly matches.
 */
function hostile(rule: Rule, size: number): string[] {
  const keyword = rule.keywords[0] ?? 'M';
  const example = fillExample(rule.examples!.secret[0]!);
  const half = example.slice(0, Math.ceil(example.length / 2));
  const long = (piece: string): string => piece.repeat(Math.ceil(size / piece.length)).slice(0, size);
  return [
    long(keyword),
    long(`${keyword} `),
    long(`${keyword}_key = `),
    long(`${keyword}key`),
    long(`"${keyword}":`),
    long(half),
    long(`${half} `),
    long(example),
    `${keyword}${long('a')}`,
    `${keyword}${long('A1')}`,
    `${keyword}=${long(' ')}`,
    `${keyword}${long('-_.')}`,
    `${keyword}${long('="\'')}`,
  ];
}
