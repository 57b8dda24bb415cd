import { describe, expect, it } from 'vitest';
import { parsePattern } from '../../src/config/pattern/parse.ts';
import { findRisk } from '../../src/config/pattern/risk.ts';
import type { ParsedPattern } from '../../src/config/pattern/tree.ts';
import { builtinRules } from '../../src/rules/builtin/index.ts';
import { genericRules } from '../../src/rules/generic.ts';
import { matchRules } from '../../src/rules/match.ts';
import { loadRules } from '../../src/rules/rule-set.ts';
import type { Rule } from '../../src/types.ts';
import { hostileTexts } from './hostile.ts';

/** Long enough that a pattern whose work grows with the square of the text is far beyond what is allowed. */
const SIZE = 4096;
/**
 * Steps of the regular expression engine that a rule may take for each character of the worst text made for it. The
 * slowest rules take about 900, and those that this test was written for took 8,000 and more.
 */
const MOST_STEPS = 2500;
/** Growth is asked about where there is something to measure. */
const WORTH_MEASURING = 100;
/** A text this many times as long may take this many times as many steps for each character: it is 1, or `LONGER`. */
const LONGER = 4;
const MOST_GROWTH = 2.2;
const TRIES = 4;

function parsed({ source, flags }: RegExp): ParsedPattern {
  return parsePattern(source, { dialect: 'any', flags: flags.replace(/[^ims]/g, '') });
}

function milliseconds(work: () => void): number {
  const started = performance.now();
  work();
  return performance.now() - started;
}

/** The least that `work` takes in several runs; fewer of them when one is at most `enough`. */
function least(work: () => void, enough = 0): number {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < TRIES && best > enough; i++) best = Math.min(best, milliseconds(work));
  return best;
}

/** Milliseconds of one step for each of `SIZE` characters, on this machine: a pattern that takes a thousand of them. */
function stepOnThisMachine(): number {
  const thousand = /x[^z]{0,999}z/;
  const text = 'x'.repeat(SIZE);
  return least(() => thousand.test(text)) / 1000;
}

/** The work of `rule` on the worst of its texts, in steps for each character. */
function worst(rule: Rule, step: number): { steps: number; text: string; search: (text: string) => void } {
  const { path: _, ...anywhere } = rule;
  const ruleSet = loadRules({ useBuiltinRules: false, customRules: [anywhere], disabledRules: [] });
  const search = (text: string) => void matchRules({ text, ruleSet, path: 'notes.txt' });
  let most = { steps: 0, text: '', search };
  for (const text of hostileTexts(parsed(rule.pattern).tree, SIZE)) {
    // Only a text that would be the worst so far needs to be measured well.
    const steps = least(() => search(text), most.steps * step) / step;
    if (steps > most.steps) most = { steps, text, search };
    if (steps > MOST_STEPS * 4) break;
  }
  return most;
}

/** How much more a text costs than its parts. Both are measured in turns: what else the machine does slows both down. */
function growthOf(search: (text: string) => void, text: string): number {
  const long = text.repeat(LONGER);
  const ratios = Array.from({ length: TRIES + 1 }, () => {
    const parts = milliseconds(() => {
      for (let i = 0; i < LONGER; i++) search(text);
    });
    return milliseconds(() => search(long)) / parts;
  });
  return ratios.sort((a, b) => a - b)[TRIES / 2]!;
}

/** What is wrong with the pattern of a rule, or undefined. */
function tooSlow(rule: Rule, step: number): string | undefined {
  const { steps, text, search } = worst(rule, step);
  if (steps < WORTH_MEASURING) return undefined;
  const growth = steps > MOST_STEPS ? 0 : growthOf(search, text);
  if (steps <= MOST_STEPS && growth < MOST_GROWTH) return undefined;
  const shown = JSON.stringify(text.slice(0, 80));
  return `${rule.id}: ${Math.round(steps)} steps a character, growing by ${growth.toFixed(1)}, on ${shown}`;
}

/** A busy machine may make one measurement useless, or two: a bad pattern is bad each time. */
function surelyTooSlow(rule: Rule, step: number): string | undefined {
  let problem = tooSlow(rule, step);
  for (let i = 0; i < TRIES && problem !== undefined; i++) problem = tooSlow(rule, stepOnThisMachine());
  return problem;
}

/** The patterns by which companions are found, as rules that are tried on all of a text. */
const companionRules = [
  ...new Map(
    builtinRules.flatMap(({ companions = [], ...rule }) =>
      companions.flatMap(({ role, pattern }) =>
        pattern ? [[pattern.source, { ...rule, id: `${rule.id} with ${role}`, pattern, keywords: [] }] as const] : [],
      ),
    ),
  ).values(),
];

describe('the patterns of the built-in rules', () => {
  it('have no shape that may take for ever', () => {
    const risks = [...builtinRules, ...companionRules, ...genericRules].map(({ id, pattern }) => [
      id,
      findRisk(parsed(pattern).tree),
    ]);
    expect(risks.filter(([, risk]) => risk !== undefined)).toEqual([]);
  });

  it('take a bounded number of steps for each character of hostile text', { timeout: 600_000 }, () => {
    let step = 0;
    const slow = [...builtinRules, ...companionRules].flatMap((rule, i) => {
      if (i % 100 === 0) step = stepOnThisMachine();
      return surelyTooSlow(rule, step) ?? [];
    });
    expect(slow).toEqual([]);
  });

  it.each([
    ['work that grows with the square of the text', /acme[^=]*=[a-z]{4}/],
    ['limited repeats of the same characters in a row', /acme\w{0,40}?[\w-]{0,40}?[\w.-]{0,40}?=x/],
  ])('are measured well enough to find %s', { timeout: 120_000 }, (_, pattern) => {
    const rule: Rule = { ...builtinRules[0]!, keywords: ['acme'], window: { before: 4096, after: 4096 }, pattern };
    // On a busy machine one measurement may miss it.
    const measured = Array.from({ length: TRIES }, () => tooSlow(rule, stepOnThisMachine()));
    expect(measured.some((problem) => problem?.includes('steps'))).toBe(true);
  });
});
