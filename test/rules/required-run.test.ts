import { describe, expect, it } from 'vitest';
import { builtinRules } from '../../src/rules/builtin/index.ts';
import { fillExample } from '../../src/rules/examples.ts';
import { matchRules } from '../../src/rules/match.ts';
import { requiredRun } from '../../src/rules/required-run.ts';
import { loadRules } from '../../src/rules/rule-set.ts';
import type { Rule } from '../../src/types.ts';
import { tokenRuns } from '../../src/util/token-runs.ts';

describe('the run that a pattern requires', () => {
  it.each([
    [/[a-f]{20}/, { least: 20, longest: 20 }],
    [/[a-f]{20,30}x/, { least: 21, longest: 31 }],
    [/[a-f]{20,}/, { least: 20 }],
    [/key: [a-f]{10}[-_]\w{10}/, { least: 21, longest: 26 }],
    [/(?<secret>[a-f]{20})(?![a-f])/, { least: 20, longest: 21 }],
    [/(?:ab){8}/, { least: 16, longest: 16 }],
    [/(?:a{8}\.b{8}){2}/, { least: 16, longest: 34 }],
    [/(?:a{20}|b{18}\.)/, { least: 18, longest: 20 }],
    [/a{10}(?:b{3})?c{10}/, { least: 20, longest: 23 }],
  ])('is in %s', (pattern, run) => expect(requiredRun(pattern)).toEqual(run));

  it.each([
    [/[a-f]{15}/],
    [/[a-f.]{20}/],
    [/a{10}\.?b{10}/],
    [/(?:a{20})?b/],
    [/a{20}|b/],
    [/\S{20}/],
    [/[^"]{20}/],
    [/(?<=a{20})b/],
    [/(a{20}|b)\1/],
    // With these flags a long s and a Kelvin sign match, too.
    [/[a-z]{20}/iu],
  ])('is not worth asking for in %s', (pattern) => expect(requiredRun(pattern)).toBeUndefined());

  it('is there in what the built-in rules match', () => {
    let asked = 0;
    for (const { id, pattern, run, examples } of builtinRules) {
      for (const example of run ? (examples?.secret ?? []) : []) {
        const match = pattern.exec(fillExample(example));
        if (!match) continue;
        asked++;
        const runs = tokenRuns(match[0]);
        const longest = Math.max(0, ...runs.map((end, i) => (i % 2 === 1 ? end - runs[i - 1]! : 0)));
        expect({ id, found: longest >= run!.least, fits: match[0].length <= (run!.longest ?? Infinity) }).toEqual({
          id,
          found: true,
          fits: true,
        });
      }
    }
    expect(asked).toBeGreaterThan(500);
  });
});

describe('a rule with such a run', () => {
  const rule: Rule = {
    id: 'acme-key',
    provider: 'Acme',
    description: 'Acme key',
    keywords: ['acme'],
    pattern: /(?<![\w.])acme: ([a-z]{20})(?![a-z])/,
    severity: 'high',
    confidence: 'certain',
    run: { least: 20, longest: 26 },
  };
  const { run: _, ...without } = rule;
  const found = (text: string, tried: Rule = rule) => {
    const customRules = [tried];
    const ruleSet = loadRules({ useBuiltinRules: false, customRules, disabledRules: [] });
    return matchRules({ text, ruleSet, path: 'a' }).map(({ start }) => start);
  };
  const everywhere = { ...rule, keywords: [] };
  const value = 'abcdefghij'.repeat(2);

  it('is found as it is without', () => {
    for (const filler of ['', ' ', '中 ', '. '.repeat(400), 'x'.repeat(5000), `acme: ${value.slice(1)} `.repeat(50)]) {
      const text = `${filler}\nacme: ${value}\n${filler}acme: ${value}`;
      const expected = found(text, without);
      expect({ filler, found: found(text) }).toEqual({ filler, found: expected });
      expect(found(text, everywhere)).toEqual(expected);
    }
    expect(found(`acme: ${value} acme: ${value}`)).toEqual([6, 33]);
    expect(found(`${' '.repeat(9000)}acme: ${value}`, everywhere)).toEqual([9006]);
    expect(found(`xacme: ${value}`, everywhere)).toEqual([]);
    expect(found(`acme: ${value}k`, everywhere)).toEqual([]);
  });
});
