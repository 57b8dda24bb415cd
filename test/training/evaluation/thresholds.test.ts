import { describe, expect, it } from 'vitest';
import { chooseBand } from '../../../training/evaluation/band.ts';
import { decide, type Standing } from '../../../training/evaluation/promote.ts';
import { sweepSettings } from '../../../training/evaluation/settings.ts';
import { chooseThresholds, GRID, type SweepGroup, sweep } from '../../../training/evaluation/threshold-choice.ts';
import { candidate } from './scored.ts';

const group = (pairs: [probability: number, secret: boolean][], variant = 'random'): SweepGroup => ({
  ...{ split: 'train', variant, noise: [] },
  outcomes: pairs.map(([probability, secret]) => ({ probability, secret })),
});
const many = (count: number, probability: number, secret: boolean) =>
  Array.from({ length: count }, (): [number, boolean] => [probability, secret]);

describe('thresholds', () => {
  const planted = [
    ...many(60, 0.9, true),
    ...many(30, 0.5, true),
    ...many(10, 0.155, true),
    ...many(25, 0.455, false),
    ...many(40, 0.1, false),
    ...many(4, 0.705, false),
  ];
  const wanted = { strictPrecision: 0.97, wideRecall: 0.97 };

  it('are found where they were planted', () => {
    const { thresholds, notes } = chooseThresholds({ rows: sweep([group(planted)]), ...wanted });
    // Between the false ones at 0.455 and the secrets at 0.5; above 0.705; up to 0.155.
    expect(thresholds.balanced).toBeGreaterThan(0.455);
    expect(thresholds.balanced).toBeLessThanOrEqual(0.5);
    expect(thresholds.strict).toBe(0.71);
    expect(thresholds.wide).toBe(0.15);
    expect(notes).toEqual([]);
  });

  it('are those of the mean, however many places a group has', () => {
    const small = group([...many(5, 0.3, true), ...many(5, 0.2, false)], 'human');
    const big = group([...many(5000, 0.9, true), ...many(5000, 0.2, false)]);
    const { thresholds } = chooseThresholds({ rows: sweep([small, big]), ...wanted });
    expect(thresholds.balanced).toBeGreaterThan(0.2);
    expect(thresholds.balanced).toBeLessThanOrEqual(0.3);
  });

  it('say what cannot be reached', () => {
    const hopeless = [...many(50, 0.8, true), ...many(50, 0.8, false)];
    const { thresholds, notes } = chooseThresholds({ rows: sweep([group(hopeless)]), ...wanted });
    expect(notes.join()).toContain('no threshold has a precision of 0.97');
    expect(thresholds.strict).toBeLessThanOrEqual(0.8);
    expect(thresholds.strict).toBeGreaterThanOrEqual(thresholds.balanced);
    expect(thresholds.balanced).toBeGreaterThanOrEqual(thresholds.wide);
  });

  it('are from 0.01 to 0.99', () => {
    expect([GRID.length, GRID[0], GRID.at(-1)]).toEqual([99, 0.01, 0.99]);
  });
});

describe('the band', () => {
  const logit = (p: number) => Math.log(p / (1 - p));
  const at = (p: number, secrets: number, others: number) =>
    Array.from({ length: secrets + others }, (_, i) =>
      candidate(`${p}-${i}`, { gateLogit: logit(p), label: i < secrets ? 'secret' : 'harmless', repo: `r${i % 20}` }),
    );

  it('begins where secrets begin to be lost, and ends where the gate is right', () => {
    const candidates = [
      ...at(0.012, 0, 500),
      ...at(0.045, 8, 300),
      ...at(0.5, 100, 100),
      ...at(0.955, 95, 8),
      ...at(0.97, 300, 2),
    ];
    expect(
      chooseBand({ scored: { candidates, places: [] }, repositoryCap: 1e6, widest: { low: 0.02, high: 0.98 } }),
    ).toEqual({ low: 0.04, high: 0.96 });
  });

  it('is as wide as can be where nothing is known', () => {
    expect(
      chooseBand({ scored: { candidates: [], places: [] }, repositoryCap: 1, widest: { low: 0.02, high: 0.98 } }).high,
    ).toBe(0.98);
  });
});

describe('settings', () => {
  it('have defaults, and refuse nonsense', () => {
    expect(sweepSettings({})).toEqual({
      ...{ band: 'auto', repositoryCap: 150, uuidWeight: 0.25, strictPrecision: 0.97, wideRecall: 0.97 },
    });
    expect(sweepSettings({ band: { low: 0.1, high: 0.9 } }).band).toEqual({ low: 0.1, high: 0.9 });
    expect(() => sweepSettings({ band: { low: 0.9, high: 0.1 } })).toThrow('sweep.band');
    expect(() => sweepSettings({ band: { low: 0.1 } })).toThrow('sweep.band');
    expect(() => sweepSettings({ repository_cap: 0 })).toThrow('repository_cap');
    expect(() => sweepSettings({ uuid_weight: 2 })).toThrow('uuid_weight');
  });
});

describe('promotion', () => {
  const standing = (name: string, f1: number): Standing => ({ name, f1, variants: {} });

  it('needs a better model than the one that is there', () => {
    const fresh = standing('new', 0.9);
    expect(decide({ fresh, incumbent: 'none' }).promote).toBe(true);
    expect(decide({ fresh, incumbent: 'unusable' }).promote).toBe(true);
    expect(decide({ fresh, incumbent: standing('old', 0.89) }).promote).toBe(true);
    expect(decide({ fresh, incumbent: standing('old', 0.9) })).toMatchObject({ promote: false });
    // Sums in another order are no progress.
    expect(decide({ fresh, incumbent: standing('old', 0.9 - 1e-15) })).toMatchObject({ promote: false });
    expect(decide({ fresh, incumbent: standing('old', 0.9) }).reason).toContain('no better');
    expect(decide({ fresh, incumbent: standing('old', 0.91) })).toMatchObject({ promote: false });
  });
});
