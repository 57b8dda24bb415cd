import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  averagePrecision,
  calibrationError,
  logLoss,
  precisionRecallCurve,
  reliability,
  tally,
} from '../../../training/evaluation/metrics.ts';
import { placeOutcomes, type ScoredCandidate, type ScoredPlace, weighed } from '../../../training/evaluation/scored.ts';
import { temporary } from '../temporary.ts';
import { candidate, place } from './scored.ts';

const of = (...pairs: [probability: number, secret: boolean, weight?: number][]) =>
  pairs.map(([probability, secret, weight]) => ({ probability, secret, ...(weight === undefined ? {} : { weight }) }));

describe('tally', () => {
  it('counts what is at or above the threshold', () => {
    const outcomes = of([0.9, true], [0.5, true], [0.5, false], [0.4, true], [-1, true], [0.1, false]);
    expect(tally({ outcomes, noise: [0.5, 0.49], threshold: 0.5 })).toEqual({
      ...{ places: 6, secrets: 4, tp: 2, fp: 1, fn: 2, unlabelled: 1 },
      precision: 2 / 3,
      recall: 0.5,
      f1: expect.closeTo(4 / 7, 12),
      strictPrecision: 0.5,
      strictF1: 0.5,
    });
  });

  it('is 0 and not NaN where there is nothing', () => {
    expect(tally({ outcomes: [], threshold: 0.5 })).toMatchObject({ precision: 0, recall: 0, f1: 0, strictF1: 0 });
  });

  it('weighs', () => {
    const { tp, fp, precision, recall } = tally({
      outcomes: of([0.9, true, 0.5], [0.9, false, 1.5], [0.1, true, 0.5]),
      threshold: 0.5,
    });
    expect([tp, fp, precision, recall]).toEqual([0.5, 1.5, 0.25, 0.5]);
  });
});

describe('curve and average precision', () => {
  it('are those of a list worked out by hand', () => {
    // Precision 1, 1/2, 2/3, 2/4, 3/5 at recalls 1/3, 1/3, 2/3, 2/3, 1.
    const outcomes = of([0.9, true], [0.8, false], [0.7, true], [0.6, false], [0.5, true]);
    expect(precisionRecallCurve(outcomes).map((p) => p.precision)).toEqual([1, 1 / 2, 2 / 3, 2 / 4, 3 / 5]);
    expect(averagePrecision(outcomes)).toBeCloseTo((1 + 2 / 3 + 3 / 5) / 3, 12);
  });

  it('do not depend on the order of equals', () => {
    const outcomes = of([0.5, true], [0.5, false], [0.5, false], [0.5, true]);
    expect(averagePrecision(outcomes)).toBe(0.5);
    expect(averagePrecision([...outcomes].reverse())).toBe(0.5);
  });

  it('never report what was not found', () => {
    expect(averagePrecision(of([0.9, true], [-1, true]))).toBe(0.5);
    expect(averagePrecision(of([-1, false]))).toBe(0);
  });
});

describe('calibration error', () => {
  it('is 0 where shares are as said', () => {
    expect(calibrationError(of([0.5, true], [0.5, false]))).toBe(0);
    expect(calibrationError(of([1, true], [0, false]))).toBe(0);
  });

  it('is the weighted mean distance of the bins', () => {
    // One bin at 0.9 with half of it right, one at 0.1 with nothing.
    const outcomes = of([0.9, true], [0.9, false], [0.1, false], [0.1, false]);
    expect(calibrationError(outcomes)).toBeCloseTo((2 * 0.4 + 2 * 0.1) / 4, 12);
  });

  it('takes bins of equal width, the last with its upper end', () => {
    const bins = reliability(of([1, true], [14 / 15, true], [0.0666, false], [-1, false]));
    expect(bins).toHaveLength(15);
    expect([bins[14]!.weight, bins[0]!.weight]).toEqual([2, 2]);
    expect(bins[14]!.share).toBe(1);
  });
});

it('log loss is bounded and right', () => {
  expect(logLoss(of([0.5, true], [0.5, false]))).toBeCloseTo(Math.LN2, 12);
  expect(logLoss(of([0, true]))).toBeCloseTo(-Math.log(1e-6), 9);
});

describe('places', () => {
  const places: ScoredPlace[] = [
    place('files/r1/a.py:3:3', { secret: true, category: 'Password' }),
    place('files/r1/a.py:5:9', { secret: true, category: 'API:Key' }),
    place('files/r1/a.py:7:7', { secret: false, category: 'Key' }),
    place('files/r2/b.py:1:1', { secret: false, category: 'Token', repo: 'r2' }),
    place('files/r2/b.py:4:4', { secret: true, category: 'Token', repo: 'r2' }),
  ];
  const candidates: ScoredCandidate[] = [
    candidate('1', { at: 'files/r1/a.py:3', places: ['files/r1/a.py:3:3'], gateLogit: 0.2 }),
    candidate('2', { at: 'files/r1/a.py:3', places: ['files/r1/a.py:3:3'], gateLogit: 0.8 }),
    // One candidate in two places that overlap.
    candidate('3', { at: 'files/r1/a.py:7', places: ['files/r1/a.py:5:9', 'files/r1/a.py:7:7'], gateLogit: 0.7 }),
    candidate('4', { at: 'files/r2/b.py:1', places: ['files/r2/b.py:1:1'], gateLogit: 0.4, repo: 'r2' }),
    // Two on one line without a label, and one more.
    candidate('5', { at: 'files/r2/b.py:9', places: [], gateLogit: 0.9, repo: 'r2' }),
    candidate('6', { at: 'files/r2/b.py:9', places: [], gateLogit: 0.6, repo: 'r2' }),
    candidate('7', { at: 'files/r2/b.py:12', places: [], gateLogit: 0.3, repo: 'r2' }),
  ];
  const { outcomes, noise } = placeOutcomes({ candidates, places }, (c) => c.gateLogit!);

  it('have the probability of their surest candidate', () => {
    expect(outcomes.map((o) => o.probability)).toEqual([0.8, 0.7, 0.7, 0.4, -1]);
    expect(noise).toEqual([0.9, 0.3]);
    expect(tally({ outcomes, noise, threshold: 0.5 })).toMatchObject({ tp: 2, fp: 1, fn: 1, unlabelled: 1 });
  });

  const scorer = join(import.meta.dirname, '..', '..', '..', '..', 'shared', 'bench', 'score.mjs');
  it.skipIf(!existsSync(scorer))('are counted as the scorer of findings counts them', () => {
    const dir = temporary();
    const head = 'id,repo,split,path,line_start,line_end,label,value_start,value_end,category';
    const rows = places.map(({ key, repo, secret, category }, i) => {
      const [path, from, to] = key.split(':');
      return [i, repo, 'test', path, from, to, secret ? 'T' : 'F', '', '', category].join(',');
    });
    writeFileSync(join(dir, 'labels.csv'), `${[head, ...rows].join('\n')}\n`);
    for (const threshold of [0.1, 0.35, 0.5, 0.65, 0.75, 0.95]) {
      const findings = candidates.filter((c) => c.gateLogit! >= threshold);
      const lines = findings.map(({ at }) =>
        JSON.stringify({ path: at.split(':')[0], line: Number(at.split(':')[1]) }),
      );
      writeFileSync(join(dir, 'findings.jsonl'), `${lines.join('\n')}\n`);
      const args = ['--labels', join(dir, 'labels.csv'), '--findings', join(dir, 'findings.jsonl'), '--json'];
      const theirs = JSON.parse(spawnSync(process.execPath, [scorer, ...args], { encoding: 'utf8' }).stdout);
      const ours = tally({ outcomes, noise, threshold });
      for (const key of ['places', 'secrets', 'tp', 'fp', 'fn', 'unlabelled'] as const)
        expect([threshold, key, ours[key]]).toEqual([threshold, key, theirs[key]]);
      for (const key of ['precision', 'recall', 'f1', 'strictPrecision', 'strictF1'] as const)
        expect(ours[key]).toBeCloseTo(theirs[key], 3);
    }
  });

  it('of a big repository, and UUIDs, weigh less', () => {
    const uuid = outcomes.map((o, i) => (i === 4 ? { ...o, place: { ...o.place, uuid: true } } : o));
    expect(weighed({ outcomes: uuid, repositoryCap: 2, uuidWeight: 0.25 }).map((o) => o.weight)).toEqual([
      2 / 3,
      2 / 3,
      2 / 3,
      1,
      0.25,
    ]);
  });
});
