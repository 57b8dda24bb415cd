import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fuse } from '../../../training/data/fuse-datasets.ts';
import { probeRecords, probeTable } from '../../../training/data/probe-templates.ts';
import { type DataRecord, foldOf, readRecords } from '../../../training/data/record.ts';
import { writeSyntheticCorpus } from '../../../training/data/synthetic/corpus.ts';
import { validateRecords } from '../../../training/data/validate-dataset.ts';
import { fusion, recordsFor, tempFolder } from './corpus.ts';

const LINES = [
  "password = 'Xk9vQ2mLw8'",
  "token = 'Zt5rB7nPq1aa'",
  "api_key = 'aB3dE6gH9jK2mN5p'",
  "secret = 'q8W2e7R1t5'",
];
let next = 0;

/** A record with an id and a line number of its own. */
function made(change: Partial<DataRecord> = {}, line = LINES[next % LINES.length]!): DataRecord {
  const [record] = recordsFor(line);
  next++;
  const repo = change.repo ?? record!.repo;
  return { ...record!, id: String(next).padStart(16, '0'), line: next, fold: foldOf(repo), ...change };
}
const probe = (records: DataRecord[], shared = 1) => {
  const all = { creddata: shared, augmented: shared, synthetic: shared, packages: shared, extra: shared };
  return probeRecords(records, { shared: all, across_folds: all });
};
const OTHER_FOLD = ['r2', 'r3', 'r4', 'r5'].find((repo) => foldOf(repo) !== foldOf('r1'))!;

describe('the probe for shared templates', () => {
  it('passes records of which each has its own', async () => {
    const report = await probe(
      LINES.map((line) => made({}, line)),
      0,
    );
    expect(report.failures).toEqual([]);
    expect(report.sources.creddata).toEqual({ places: 4, templates: 4, shared: 0, acrossFolds: 0 });
    expect(probeTable(report)).toContain('creddata');
  });

  it('catches a line that is in two records with different values, above the limit', async () => {
    const records = [made({}, LINES[0]), made({}, LINES[0]!.replace('Xk9v', 'Mm4q')), made({}, LINES[1])];
    const report = await probe(records, 0.5);
    expect(report.sources.creddata!.shared).toBeCloseTo(2 / 3, 3);
    expect(report.failures[0]).toMatchObject({ lines: [1, 2], what: expect.stringContaining('66.7 % of creddata') });
    expect((await probe(records, 0.7)).failures).toEqual([]);
  });

  it('counts the two variants of one place once', async () => {
    const one = made({}, LINES[0]);
    const report = await probe([one, { ...structuredClone(one), id: 'f'.repeat(16), variant: 'human' }], 0);
    expect(report.sources.creddata).toMatchObject({ places: 1, shared: 0 });
  });

  it('catches a generated template in two folds and in two splits', async () => {
    const template = 'secret/python';
    const planted = (change: Partial<DataRecord>) => made({ source: 'synthetic', template, ...change });
    const folds = await probe([planted({ repo: 'r1' }), planted({ repo: OTHER_FOLD })]);
    expect(folds.failures.map((failure) => failure.what)).toContain(
      `the template ${template} is in more than one fold`,
    );
    const splits = await probe([planted({}), planted({ split: 'calib' })]);
    expect(splits.failures.map((failure) => failure.what)).toContain(
      `the template ${template} is in more than one split`,
    );
  });

  it('catches a template that kept the value of its last use', async () => {
    const planted = (line: string) => made({ source: 'synthetic', template: 'secret/x' }, line);
    const report = await probe([planted("key = 'aB3dE6gH9jK2mN5p'"), planted("token = 'aB3dE6gH9jK2mN5p'")]);
    expect(report.failures).toMatchObject([{ what: 'a generated value is in two records', lines: [1, 2] }]);
  });

  it('catches a line that was copied twice', async () => {
    const planted = () => made({ source: 'augmented', template: 'augmented/1' });
    const report = await probe([planted(), planted()]);
    expect(report.failures).toMatchObject([{ what: 'the line behind augmented/1 was copied twice' }]);
  });

  it('catches records that share a part or an id', async () => {
    const one = made({}, LINES[0]);
    const other = made({}, LINES[1]);
    const shared = await probe([one, { ...other, x: one.x }]);
    expect(shared.failures).toMatchObject([{ what: 'two records share one object', lines: [1, 2] }]);
    const same = await probe([one, { ...other, id: one.id }]);
    expect(same.failures).toMatchObject([{ what: 'two records have the same id', lines: [1, 2] }]);
  });

  it('shows no value', async () => {
    const records = [made({}, LINES[0]), made({}, LINES[0]!.replace('Xk9v', 'Mm4q'))];
    const text = JSON.stringify(await probe(records, 0));
    expect(text).toContain('********');
    expect(text).not.toMatch(/Xk9v|Mm4q/);
  });

  it('passes what the shipped fusion makes of a generated corpus', async () => {
    const { dir, remove } = tempFolder();
    try {
      writeSyntheticCorpus({ dir, seed: 20 });
      const output = join(dir, 'train.jsonl');
      await fuse({ creddata: dir, fusion, seed: 20, output });
      const probed = await probeRecords(readRecords(output), fusion.probe);
      expect(probed.failures).toEqual([]);
      expect(Object.keys(probed.sources)).toEqual(['augmented', 'creddata', 'synthetic']);
      const validated = await validateRecords({ file: output, limits: fusion.validate, allowed: ['train'] });
      expect(validated.findings.filter((finding) => finding.level === 'error')).toEqual([]);
    } finally {
      remove();
    }
  }, 120_000);

  it('has limits for every source in the shipped fusion file', () => {
    expect(Object.keys(fusion.probe.shared).sort()).toEqual([
      'augmented',
      'creddata',
      'extra',
      'packages',
      'synthetic',
    ]);
  });
});
