import { describe, expect, it } from 'vitest';
import { painter } from '../../src/report/excerpt.ts';
import { screen } from '../../src/triage/screen.ts';
import { press, startState } from '../../src/triage/state.ts';
import type { Decision } from '../../src/types.ts';
import { displayWidth } from '../../src/util/format.ts';
import { item } from './items.ts';

const ODD = 'src/\u001b[2J\n\u202e漢字\ud800/a.py';
const ITEMS = [
  item(1, { path: ODD, value: 'same', finding: { ruleId: 'odd\u001b[31m', description: 'Odd\u0007 one' } }),
  item(2, { value: 'same' }),
  item(3),
];

function lines(keys: readonly string[], size: { columns: number; rows: number }, color = false) {
  let state = startState(ITEMS, new Map<string, Decision>([[ITEMS[0]!.id, 'placeholder']]));
  for (const key of keys) ({ state } = press(state, key));
  return screen(state, size, painter(color));
}

describe('the screen', () => {
  it('shows the finding with what is around it, what was thought of it, and the keys', () => {
    const text = lines(['s'], { columns: 80, rows: 24 }).join('\n');
    for (const part of [
      'Triage  2 of 3 · 0 decided',
      'src/2.py:5:12  Password in the clear',
      '  4 | above = 1',
      '  5 | password = "********"',
      '^^^^^^^^',
      '  6 | below = 2',
      'secret, 96 % sure, by the gate; severity high',
      'its name says a password',
      'generic-password',
      '2 findings with this value (g)',
      'h allow here',
    ])
      expect(text).toContain(part);
    expect(lines([], { columns: 80, rows: 24 }).join('\n')).toContain('decided: a placeholder');
  });

  const modes = [[], ['g'], ['?'], ['e'], ['e', '1'], ['g', 'f'], ['/', ...'漢'.repeat(100)], ['r', 'x', 'return']];
  const sizes = [80, 40, 20, 10, 1].flatMap((columns) => [50, 24, 10, 5, 1].map((rows) => ({ columns, rows })));

  it.each(modes)('fits whatever the terminal is, and acts on none: %j %j', (...keys) => {
    for (const size of sizes) {
      const shown = lines(
        keys.filter((key) => key !== undefined),
        size,
      );
      expect(shown.length).toBeLessThanOrEqual(size.rows);
      expect(shown.join('')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
      if (size.columns < 40) continue;
      for (const line of shown) expect(displayWidth(line)).toBeLessThanOrEqual(size.columns);
    }
  });

  it('has no colours but those that it was told to have', () => {
    expect(lines([], { columns: 80, rows: 24 }).join('')).not.toContain('\u001b');
    const colored = lines([], { columns: 80, rows: 24 }, true).join('');
    expect(colored).toContain('\u001b[1m');
    expect(colored.replace(/\u001b\[\d+m/g, '')).not.toContain('\u001b');
  });

  it('keeps the finding in sight where there is little room', () => {
    const shown = lines(['s'], { columns: 40, rows: 8 }).join('\n');
    expect(shown).toContain('src/2.py:5:12');
    expect(lines(['e', '1'], { columns: 80, rows: 12 }).join('\n')).toContain('y yes');
  });
});
