import { describe, expect, it } from 'vitest';
import { createJudge } from '../../src/classify/index.ts';
import { renderPrompt } from '../../src/classify/prompt.ts';
import { sigmoid } from '../../src/classify/stack.ts';
import { features } from '../../src/features/index.ts';
import { FEATURE_NAMES } from '../../src/features/vector.ts';
import { maskedPrompt } from '../../src/feedback/masked-prompt.ts';
import { createObserver } from '../../src/feedback/observe.ts';
import { candidates, VALUE } from '../candidates/found.ts';

const TEXT = `user = "u"\nmail_password = "${VALUE}" # was ${VALUE}\n`;
const OTHER = VALUE.split('').reverse().join('');

describe('createObserver', () => {
  it('sees what the judge sees', async () => {
    const all = candidates(TEXT);
    const candidate = all.find(({ value }) => value === VALUE)!;
    const observer = createObserver({ config: {}, useModel: false, keepPrompts: false });
    const observed = await (await observer.observe(candidate, all))();
    const [verdict] = await createJudge({ preset: 'balanced', useModel: false, explain: true }).judge([candidate]);
    expect(Math.round(sigmoid(observed.gate) * 1000) / 1000).toBe(verdict!.scores!.gate);
    expect(observed.features).toHaveLength(FEATURE_NAMES.length);
    expect(observed.ngrams.length).toBeGreaterThan(0);
    expect(observed.features.every(Number.isFinite)).toBe(true);
    expect(observed).toMatchObject({ ruleId: candidate.rules[0]!.id, syntax: candidate.syntax });
    expect('lm' in observed || 'prompt' in observed).toBe(false);
    expect(JSON.stringify(observed)).not.toContain(VALUE);
  });
});

describe('maskedPrompt', () => {
  const prompt = (text: string) => {
    const all = candidates(text);
    const candidate = all.find(({ value }) => value === VALUE)!;
    const f = features(candidate);
    return {
      masked: maskedPrompt({ candidate, others: all, features: f, probability: 0.5 }),
      raw: renderPrompt(candidate, f),
    };
  };

  it('is the prompt, but for values', () => {
    const { masked, raw } = prompt(`mail_password = "${VALUE}" # mine\n`);
    expect(masked.replace('********', VALUE).replace(/gate: .*\n/, '')).toBe(raw);
    expect(masked).toMatch(/\nvalue: \*{8}\ngate: 50 %\nverdict:$/);
  });

  it.each([
    TEXT,
    `db_password = "${OTHER}"; mail_password = "${VALUE}"\n`,
    `db_password = "${OTHER.repeat(40)}"; mail_password = "${VALUE}"\n`,
    `"${Buffer.from(`a:${VALUE}`).toString('base64')}"; mail_password = "${VALUE}"\n`,
  ])('has nothing of a value that stands beside: %#', (text) => {
    const { masked } = prompt(text);
    for (const value of [VALUE, OTHER, Buffer.from(`a:${VALUE}`).toString('base64')]) {
      for (let at = 0; at + 6 <= value.length; at++) expect(masked).not.toContain(value.slice(at, at + 6));
    }
    expect(masked).toContain('mail_password');
  });
});
