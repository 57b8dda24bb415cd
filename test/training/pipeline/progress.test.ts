import { describe, expect, it } from 'vitest';
import { createStepProgress } from '../../../training/pipeline/progress.ts';
import { summaryText } from '../../../training/pipeline/summary.ts';

function shown(watched: boolean) {
  let now = 0;
  const written: string[] = [];
  const write = (text: string) => void written.push(text);
  const progress = createStepProgress({ label: 'fine_tune', write, watched, columns: 100, now: () => now });
  return { progress, written, at: (time: number) => (now = time) };
}

describe('the progress of a step', () => {
  it('is a line that is redrawn on a terminal, with the time left', () => {
    const { progress, written, at } = shown(true);
    progress.update(0, 100, 'loss 0.9');
    at(10_000);
    progress.update(25, 100, 'loss 0.4');
    expect(written.at(-1)).toMatch(/^\rfine_tune █████░+ 25 % loss 0\.4, 30 s left\u001b\[K$/);
    at(10_001);
    progress.update(26, 100);
    expect(written).toHaveLength(2);
    progress.log('a table');
    expect(written.slice(2)).toEqual(['\r\u001b[K', 'a table\n']);
  });

  it('is a line every so often elsewhere', () => {
    const { progress, written, at } = shown(false);
    progress.update(0, 100);
    at(19_000);
    progress.update(10, 100);
    expect(written).toEqual([]);
    at(40_000);
    progress.update(50, 100, 'loss 0.4');
    at(41_000);
    progress.update(52, 100);
    expect(written).toEqual(['fine_tune: 50 % (50 of 100), loss 0.4, 40 s left\n']);
    progress.clear();
    expect(written).toHaveLength(1);
  });

  it('does not count what an earlier run has done, and takes no escape sequences', () => {
    const { progress, written, at } = shown(true);
    progress.update(80, 100);
    at(10_000);
    progress.update(90, 100, 'a\u001b[31m\nb');
    expect(written.at(-1)).toContain('10 s left');
    expect(written.at(-1)!.slice(1, -3)).not.toMatch(/[\u0000-\u001f]/);
  });
});

it('the table at the end says what became of each step', () => {
  const text = summaryText([
    { step: 'a', what: 'skipped', seconds: 0 },
    { step: 'fine_tune', what: 'ran', seconds: 65 },
  ]);
  expect(text.split('\n').map((line) => line.trim().split(/\s{2,}/))).toEqual([
    ['step', 'what', 'time'],
    ['a', 'skipped'],
    ['fine_tune', 'ran', '1 min 5 s'],
    ['all', '1 min 5 s'],
    [''],
  ]);
});
