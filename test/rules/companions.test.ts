import { describe, expect, it } from 'vitest';
import { companions } from '../../src/rules/builtin/companions.ts';
import { builtinRules } from '../../src/rules/builtin/index.ts';
import { fillExample } from '../../src/rules/examples.ts';
import { candidates, everyRule } from '../candidates/found.ts';

const byId = new Map(builtinRules.map((rule) => [rule.id, rule]));
const pairs = Object.entries(companions).flatMap(([id, list]) => list.map((companion) => ({ id, companion })));

describe('the companions of built-in rules', () => {
  it('belong to rules that are there, and name some that are', () => {
    expect(Object.keys(companions).filter((id) => !byId.has(id))).toEqual([]);
    expect(pairs.flatMap(({ companion }) => companion.rules ?? []).filter((id) => !byId.has(id))).toEqual([]);
  });

  it('never have companions by rule themselves: of two that name each other none would be a part', () => {
    const parts = new Set(pairs.flatMap(({ companion }) => companion.rules ?? []));
    expect(pairs.filter(({ id, companion }) => companion.rules && parts.has(id))).toEqual([]);
  });

  it.each(pairs)('of $id: its $companion.role is found beside it', ({ id, companion }) => {
    const { role, rules, example } = companion;
    const part = fillExample(example ?? byId.get(rules![0]!)!.examples!.secret[0]!);
    const secret = fillExample(byId.get(id)!.examples!.secret[0]!);
    const found = candidates(`${part}\n${secret}\n`, { rules: everyRule });
    const whole = found.find((candidate) => candidate.rules.some((rule) => rule.id === id));
    expect(whole?.parts?.map((one) => one.role)).toContain(role);
  });
});
