import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { featuresHash } from '../../../src/classify/card.ts';
import { openModelFolder } from '../../../src/classify/model-folder.ts';
import { FEATURE_NAMES } from '../../../src/features/vector.ts';
import { syntheticRecords } from '../../../training/data/synthetic/records.ts';
import { packReplay, REPLAY_FILE, type ReplayRow, unpackReplay } from '../../../training/learning/replay.ts';
import { sampleReplay } from '../../../training/learning/sample-replay.ts';
import { temporary } from '../temporary.ts';

const HASH = featuresHash();
const row = (more: Partial<ReplayRow> = {}): ReplayRow => ({
  x: [...FEATURE_NAMES.map((_, i) => i % 3), 0.5, -1.25, 0, 2],
  ...{ label: 'secret', gate: 1.5, group: 0, ...more },
});

describe('the replay sample', () => {
  it('is read as it was packed', () => {
    const rows = [
      row(),
      row({ label: 'placeholder', lm: [1, 2.5, -3], group: 4 }),
      row({ label: 'harmless', gate: -2 }),
    ];
    const packed = packReplay(rows, HASH);
    expect(unpackReplay(packed, HASH)).toEqual(rows);
    expect(packReplay(rows, HASH)).toEqual(packed);
  });

  it('is refused for other features, and when it is damaged', () => {
    const packed = packReplay([row()], HASH);
    expect(() => unpackReplay(packed, 'x')).toThrow('it was made for other features');
    expect(() => unpackReplay(packed.subarray(0, packed.length - 20), HASH)).toThrow();
  });

  it('ships with the model: thousands of rows of all kinds, of which none holds a text', async () => {
    const folder = await openModelFolder();
    const bytes = await folder.read(REPLAY_FILE);
    expect(bytes.length).toBeLessThan(1_000_000);
    const rows = unpackReplay(bytes, HASH);
    expect(rows.length).toBeGreaterThan(3000);
    for (const label of ['secret', 'placeholder', 'harmless'])
      expect(rows.filter((one) => one.label === label).length).toBeGreaterThan(200);
    expect(rows.filter(({ lm }) => lm).length).toBeGreaterThan(200);
    const texts = rows.flatMap((one) => Object.values(one).flat()).filter((part) => typeof part !== 'number');
    expect(new Set(texts)).toEqual(new Set(['secret', 'placeholder', 'harmless']));
  });
});

describe('sampleReplay', () => {
  it('draws from every kind what is not settled, with the scores out of fold', async () => {
    const folder = temporary();
    const [records, oof, held] = ['train.jsonl', 'oof.jsonl', 'held.jsonl'].map((name) => join(folder, name));
    const made = [
      ...syntheticRecords({
        seed: 3,
        counts: { secret: 60, placeholder: 20, harmless: 60, provider: 1 },
        split: 'train',
      }),
    ];
    const scores = made.map(({ id }, i) => ({ id, logit: 1, probability: 0.7, ngrams: [i, 1, 2, 3] }));
    const lines = (list: readonly object[]) => list.map((one) => `${JSON.stringify(one)}\n`).join('');
    writeFileSync(records!, lines(made));
    writeFileSync(oof!, lines(scores));
    writeFileSync(held!, lines(made.slice(0, 5).map(({ id }) => ({ id, logits: [1, 0, 0] }))));
    const draw = (seed: number) => sampleReplay({ records: records!, oof: oof!, held: held!, seed });
    const rows = await draw(1);
    expect(rows.length).toBeGreaterThan(60);
    expect(rows.length).toBeLessThanOrEqual(made.filter(({ settled }) => settled === null).length);
    expect(rows.every(({ x }) => x.length === FEATURE_NAMES.length + 4)).toBe(true);
    expect(new Set(rows.map(({ label }) => label)).size).toBe(3);
    expect(await draw(1)).toEqual(rows);
    expect(await draw(2)).not.toEqual(rows);

    writeFileSync(oof!, lines(scores.map(({ ngrams, ...rest }) => rest)));
    await expect(draw(1)).rejects.toThrow('there are no n-gram scores');
  });
});
