import { describe, expect, it } from 'vitest';
import { fillExample } from '../../src/rules/examples.ts';
import { loadRules } from '../../src/rules/rule-set.ts';
import type { Candidate, Companion, Rule } from '../../src/types.ts';
import { candidates } from './found.ts';

const [ID, OTHER_ID, SECRET] = [1, 2, 3].map((n) => fillExample(`{{lownum:${12 + n}}}`)) as [string, string, string];

function ruleOf(id: string, more: Partial<Rule> = {}): Rule {
  const pattern = new RegExp(`${id}:(?<secret>[a-z0-9]+)`);
  const fixed = { provider: 'Acme', description: id, severity: 'high', confidence: 'certain' } as const;
  return { id, keywords: [`${id}:`], pattern, ...fixed, ...more };
}

function found(text: string, companion: Companion): Candidate[] {
  const customRules = [ruleOf('acme-secret', { companions: [companion] }), ruleOf('acme-id')];
  return candidates(text, { rules: loadRules({ useBuiltinRules: false, customRules, disabledRules: [] }) });
}

/** The parts of the secret in `text`, as `role value line`. */
function parts(text: string, companion: Companion): string[] | undefined {
  const whole = found(text, companion).find(({ rules }) => rules[0]!.id === 'acme-secret');
  return whole && (whole.parts ?? []).map(({ role, start, end, line }) => `${role} ${text.slice(start, end)} ${line}`);
}

const BY_RULE: Companion = { role: 'id', rules: ['acme-id'] };

describe('companions', () => {
  it('are the nearest, before the secret or behind it', () => {
    expect(parts(`acme-id:${ID}\nacme-secret:${SECRET}\n`, BY_RULE)).toEqual([`id ${ID} 1`]);
    expect(parts(`acme-secret:${SECRET}\n\nacme-id:${ID}\n`, BY_RULE)).toEqual([`id ${ID} 3`]);
    const both = `acme-id:${ID}\n\n\nacme-secret:${SECRET}\nacme-id:${OTHER_ID}\n`;
    expect(parts(both, BY_RULE)).toEqual([`id ${OTHER_ID} 5`]);
  });

  it('stand within the lines that they are given, and eight without a word', () => {
    const apart = (lines: number) => `acme-id:${ID}${'\n'.repeat(lines)}acme-secret:${SECRET}\n`;
    expect(parts(apart(8), BY_RULE)).toHaveLength(1);
    expect(parts(apart(9), BY_RULE)).toEqual([]);
    expect(parts(apart(1), { ...BY_RULE, lines: 0 })).toEqual([]);
    expect(parts(`acme-id:${ID} acme-secret:${SECRET}`, { ...BY_RULE, lines: 0 })).toHaveLength(1);
    expect(parts(apart(5000), { ...BY_RULE, lines: 1_000_000 })).toHaveLength(1);
  });

  it('are found by a pattern of their own, never in the secret itself', () => {
    const host: Companion = { role: 'host', pattern: /(?<part>\w+)\.acme\.example/ };
    expect(parts(`https://eu.acme.example\nacme-secret:${SECRET}\n`, host)).toEqual(['host eu 1']);
    expect(parts(`acme-secret:${SECRET}\n`, { role: 'itself', pattern: /[a-z0-9]{14,}/ })).toEqual([]);
  });

  it('that are required decide whether there is a secret at all', () => {
    const required = { ...BY_RULE, required: true };
    expect(parts(`acme-secret:${SECRET}\n`, required)).toBeUndefined();
    expect(parts(`acme-secret:${SECRET}\n`, BY_RULE)).toEqual([]);
    expect(parts(`acme-id:${ID}\nacme-secret:${SECRET}\n`, required)).toHaveLength(1);
  });

  it('are looked for in time that grows with the text', () => {
    const text = `acme-id:${ID}\nacme-secret:${SECRET}\n`.repeat(5000);
    expect(found(text, BY_RULE).filter((candidate) => candidate.parts)).toHaveLength(5000);
  });
});
