import { describe, expect, it } from 'vitest';
import { createProgress, isWatched } from '../../src/cli/progress.ts';

describe('createProgress', () => {
  it('stays silent at first, is throttled, fits the terminal, and erases itself', () => {
    const written: string[] = [];
    let clock = 0;
    const progress = createProgress({ write: (text) => written.push(text), total: 10, columns: 30, now: () => clock });
    progress.update({ items: 1, bytes: 10, findings: 0 });
    progress.clear();
    expect(written).toEqual([]);
    clock = 500;
    progress.update({ items: 5, bytes: 2_000_000, findings: 1 });
    clock = 520;
    progress.update({ items: 6, bytes: 2_000_000, findings: 1 });
    expect(written).toEqual(['\rscanned 5 of 10 (50 %) · 2.0 \u001b[K']);
    progress.clear();
    expect(written.at(-1)).toBe('\r\u001b[K');
  });

  it('copes with more items than were announced', () => {
    const written: string[] = [];
    let clock = 0;
    const progress = createProgress({ write: (text) => written.push(text), total: 2, now: () => clock });
    clock = 1000;
    progress.update({ items: 3, bytes: 0, findings: 2 });
    expect(written).toEqual(['\rscanned 3 of 3 (100 %) · 0 B · 2 findings\u001b[K']);
  });
});

describe('isWatched', () => {
  it('is true on a terminal only, and not in CI', () => {
    expect(isWatched({ isTTY: true }, {})).toBe(true);
    expect(isWatched({ isTTY: true }, { CI: 'false' })).toBe(true);
    expect(isWatched({ isTTY: true }, { CI: 'true' })).toBe(false);
    expect(isWatched({ isTTY: true }, { TERM: 'dumb' })).toBe(false);
    expect(isWatched({}, {})).toBe(false);
  });
});
