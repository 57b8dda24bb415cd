import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sumOfTrees } from '../../../src/classify/forest.ts';
import { evaluateGate, type Gate, readGate } from '../../../src/classify/gate.ts';
import { readScout, SCOUT_FEATURES, type Scout } from '../../../src/classify/scout.ts';
import { NGRAM_BUCKETS, NGRAM_FIELDS, NGRAM_VERSION } from '../../../src/features/ngrams.ts';
import { FEATURE_NAMES } from '../../../src/features/vector.ts';
import { unpackIds } from '../../../training/data/candidates.ts';
import { type DataRecord, recordLine } from '../../../training/data/record.ts';
import { syntheticRecords } from '../../../training/data/synthetic/records.ts';
import { runPython, SCRIPTS, trainPython } from './python.ts';

const python = trainPython();
/** Of a logit; the sums of n-grams are added up in another order, and trees then compare in single precision. */
const TOLERANCE = 1e-5;

/** Trains a gate and a scout with the workers, on candidates that the scanner found in generated text. */
function train(dir: string, records: readonly DataRecord[], path: string): { gate: Gate; scout: Scout } {
  mkdirSync(join(dir, 'data'));
  const shape = {
    features: FEATURE_NAMES,
    scoutFeatures: SCOUT_FEATURES,
    ngramFields: NGRAM_FIELDS,
    ngramVersion: NGRAM_VERSION,
    ngramBuckets: NGRAM_BUCKETS,
  };
  writeFileSync(join(dir, 'data/features.json'), JSON.stringify(shape));
  writeFileSync(join(dir, 'data/train.jsonl'), `${records.map(recordLine).join('\n')}\n`);
  const config = { seed: 3, threads: 1, rounds: 40, placeholder_rounds: 10, min_data_in_leaf: 5, learning_rate: 0.2 };
  writeFileSync(join(dir, 'config.json'), JSON.stringify(config));
  for (const script of [SCRIPTS.trainGate, SCRIPTS.trainScout])
    runPython(path, [script, '--run', dir, '--config', join(dir, 'config.json')]);
  return {
    gate: readGate(readFileSync(join(dir, 'gate/gate.json'), 'utf8')),
    scout: readScout(readFileSync(join(dir, 'scout/scout.json'), 'utf8')),
  };
}

if ('missing' in python) console.info(`skipped: no gate is trained and compared, ${python.missing}`);
describe.skipIf('missing' in python)('a gate of the worker, in Python and in the scanner', () => {
  let dir: string;
  let gate: Gate;
  let scout: Scout;
  let records: DataRecord[];

  beforeAll(() => {
    const counts = { secret: 150, placeholder: 60, harmless: 150, provider: 0 };
    records = [...syntheticRecords({ seed: 5, counts, split: 'train' })];
    dir = mkdtempSync(join(tmpdir(), 'sss-parity-'));
    ({ gate, scout } = train(dir, records, (python as { path: string }).path));
  }, 180_000);
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  it('says the same of every record', { timeout: 120_000 }, () => {
    const told = runPython((python as { path: string }).path, [
      SCRIPTS.evaluateGate,
      join(dir, 'gate/gate.json'),
      join(dir, 'scout/scout.json'),
      join(dir, 'data/train.jsonl'),
    ])
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { logit: number; placeholder: number; scout: number });
    const columns = SCOUT_FEATURES.map((name) => FEATURE_NAMES.indexOf(name));
    expect(records.length).toBeGreaterThan(250);
    expect(told).toHaveLength(records.length);
    const apart = records.flatMap((record, i) => {
      const { value, name, line } = record.ngrams;
      const grams = { value: unpackIds(value), name: unpackIds(name), line: unpackIds(line) };
      const ours = evaluateGate(gate, record.x, grams);
      const look = sumOfTrees(
        scout.forest,
        Float32Array.from(columns, (column) => record.x[column]!),
      );
      const gaps = [ours.logit - told[i]!.logit, ours.placeholder - told[i]!.placeholder, look - told[i]!.scout];
      const gap = gaps.reduce((sum, one) => sum + Math.abs(one), 0);
      return gap <= TOLERANCE ? [] : [{ id: record.id, gap }];
    });
    expect(apart).toEqual([]);
    // Answers that are all alike would say nothing.
    expect(new Set(told.map(({ logit }) => logit.toFixed(3))).size).toBeGreaterThan(100);
    const mean = (label: string) => {
      const logits = told.filter((_, i) => records[i]!.label === label).map(({ logit }) => logit);
      return logits.reduce((sum, logit) => sum + logit, 0) / logits.length;
    };
    expect(mean('secret')).toBeGreaterThan(mean('harmless') + 1);
    const isFound = (_: unknown, i: number) => records[i]!.label === 'secret' && !records[i]!.settled;
    const lost = told.filter(isFound).filter((one) => one.scout < scout.least);
    expect(lost.length).toBeLessThan(0.05 * told.filter(isFound).length);
  });
});
