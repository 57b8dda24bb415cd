import { describe, expect, it } from 'vitest';
import { hexRuns } from '../../src/features/hex-runs.ts';

/** What it stands for. */
function byPattern(text: string) {
  const count = (pattern: RegExp) => Math.min(5, text.match(pattern)?.length ?? 0);
  return { uuids: count(/[\da-f]{8}-[\da-f]{4}-[\da-f]{4}/gi), long: count(/[\da-f]{32}/gi) };
}

describe('runs of hexadecimal digits', () => {
  const run = (digits: number) => 'a1F0'.repeat(20).slice(0, digits);
  const uuid = [8, 4, 4, 4, 12].map(run).join('-');

  it.each([
    '',
    uuid,
    `${uuid}\n${uuid} ${uuid}-${uuid}`,
    `${uuid} `.repeat(9),
    `${run(9)}-${run(4)}-${run(4)}`,
    `${run(7)}-${run(4)}-${run(4)}`,
    `${run(8)}-${run(5)}-${run(4)}`,
    `${run(8)}-${run(4)}-${run(3)}`,
    `${run(8)}-${run(4)}-${run(12)}-${run(4)}-${run(4)}`,
    `${run(8)}--${run(4)}-${run(4)}`,
    [8, 4, 4, 4, 4, 8, 4, 4].map(run).join('-'),
    run(31),
    run(64),
    `${run(40)}g${run(32)}é${run(33)}`,
    `${run(8)}-${run(4)}-${run(64)}`,
  ])('are counted as the patterns do: %j', (text) => {
    expect(hexRuns(text)).toEqual(byPattern(text));
  });
});
