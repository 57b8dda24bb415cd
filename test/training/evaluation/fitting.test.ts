import { describe, expect, it } from 'vitest';
import { modelLogit, sigmoid } from '../../../src/classify/stack.ts';
import { fitCalibration } from '../../../training/evaluation/calibration.ts';
import { fitLogistic, solve } from '../../../training/evaluation/logistic.ts';
import { repositoryGroups, repositoryWeights } from '../../../training/evaluation/repositories.ts';
import { byGate, byModel, candidateOutcomes } from '../../../training/evaluation/scored.ts';
import { fitStack, GATE_ALONE, type StackExample } from '../../../training/evaluation/stacking.ts';
import { random } from './corpus.ts';
import { candidate } from './scored.ts';

describe('solve', () => {
  it('solves, with a zero on the diagonal too', () => {
    expect(
      solve(
        [
          [0, 2],
          [4, 1],
        ],
        [6, 11],
      ),
    ).toEqual([2, 3]);
    expect(() =>
      solve(
        [
          [1, 2],
          [2, 4],
        ],
        [1, 2],
      ),
    ).toThrow('no single solution');
  });
});

describe('logistic regression', () => {
  it('finds the log odds of a share', () => {
    const examples = [true, true, true, false].map((secret) => ({ x: [], secret, weight: 1 }));
    expect(fitLogistic({ examples, towards: [0], ridge: 1e-9 })[0]).toBeCloseTo(Math.log(3), 6);
  });

  it('finds both log odds where one column tells two groups apart', () => {
    const group = (x: number, secrets: number, others: number) =>
      Array.from({ length: secrets + others }, (_, i) => ({ x: [x], secret: i < secrets, weight: 1 }));
    const [constant, slope] = fitLogistic({
      examples: [...group(0, 1, 4), ...group(1, 6, 2)],
      towards: [0, 0],
      ridge: 1e-9,
    });
    expect(constant).toBeCloseTo(Math.log(1 / 4), 6);
    expect(constant! + slope!).toBeCloseTo(Math.log(6 / 2), 6);
  });

  it('weighs examples, and stays where it was told without any', () => {
    const examples = [
      { x: [], secret: true, weight: 5 },
      { x: [], secret: false, weight: 1 },
    ];
    expect(fitLogistic({ examples, towards: [0], ridge: 1e-9 })[0]).toBeCloseTo(Math.log(5), 6);
    expect(fitLogistic({ examples: [], towards: [0.5, 2], ridge: 1 })).toEqual([0.5, 2]);
  });

  it('comes to an end where classes are told apart perfectly', () => {
    const examples = [-300, -200, 200, 300].map((x) => ({ x: [x], secret: x > 0, weight: 1 }));
    const [constant, slope] = fitLogistic({ examples, towards: [0, 1], ridge: 1 });
    expect(Number.isFinite(constant) && Number.isFinite(slope)).toBe(true);
    expect(slope).toBeCloseTo(1, 3);
  });
});

describe('repositories', () => {
  it('weigh at most their cap', () => {
    expect(repositoryWeights(['a', 'a', 'a', 'a', 'b'], 2)).toEqual([0.5, 0.5, 0.5, 0.5, 1]);
  });

  it('are parted by size, whatever their order', () => {
    const repos = ['a', 'a', 'a', 'b', 'b', 'c', 'd'];
    expect(repositoryGroups(repos, 2)).toEqual(repositoryGroups([...repos].reverse(), 2));
    const groups = repositoryGroups(repos, 2);
    expect(groups.get('a')).not.toBe(groups.get('b'));
  });
});

describe('the stack', () => {
  const planted = (modelKnows: number): StackExample[] => {
    const next = random(3);
    return Array.from({ length: 600 }, (_, i) => {
      const truth = next() < 0.5 ? 1 : -1;
      const noise = () => 4 * (next() - 0.5);
      return {
        gateLogit: truth * 0.8 + noise(),
        modelLogit: modelKnows * truth + noise(),
        secret: truth > 0,
        repo: `r${i % 12}`,
      };
    });
  };

  it('uses a language model that knows something', () => {
    const fit = fitStack({ examples: planted(1.5), repositoryCap: 50 });
    expect(fit.note).toBeUndefined();
    expect(fit.stackedLoss).toBeLessThan(fit.gateLoss);
    expect(fit.stack.model).toBeGreaterThan(0.5);
    expect(fit.stack.gate).toBeGreaterThan(0.1);
  });

  it('falls back to the gate where it knows nothing, or the opposite', () => {
    for (const knows of [0, -1.5]) {
      const fit = fitStack({ examples: planted(knows), repositoryCap: 50 });
      expect(fit.stack).toEqual(GATE_ALONE);
      expect(fit.note).toContain('the gate stays alone');
    }
  });

  it('falls back where there is too little to go by', () => {
    expect(fitStack({ examples: [], repositoryCap: 50 }).stack).toEqual(GATE_ALONE);
    const oneRepo = planted(2).map((e) => ({ ...e, repo: 'only' }));
    expect(fitStack({ examples: oneRepo, repositoryCap: 50 }).note).toContain('too few');
  });
});

describe('calibration', () => {
  const at = (logit: number, secrets: number, others: number, repo: string) =>
    Array.from({ length: secrets + others }, (_, i) => ({ logit, secret: i < secrets, repo }));

  it('stretches logits to the shares that are there', () => {
    // Logits of ±1 stand for shares of 1/11 and 10/11: twice and more as sure.
    const examples = [...at(-1, 100, 1000, 'a'), ...at(1, 1000, 100, 'b')];
    const { calibration } = fitCalibration({ examples, repositoryCap: 10_000 });
    expect(calibration.a).toBeCloseTo(Math.log(10), 1);
    expect(calibration.b).toBeCloseTo(0, 2);
  });

  it('is not decided by one repository', () => {
    const small = Array.from({ length: 20 }, (_, i) => at(0, 1, 9, `small${i}`)).flat();
    const examples = [...small, ...at(0, 5000, 0, 'big')];
    const capped = fitCalibration({ examples, repositoryCap: 10 }).calibration;
    const free = fitCalibration({ examples, repositoryCap: 10_000 }).calibration;
    expect(sigmoid(capped.b)).toBeLessThan(0.2);
    expect(sigmoid(free.b)).toBeGreaterThan(0.9);
  });

  it('never turns the order round', () => {
    const { calibration, note } = fitCalibration({
      examples: [...at(-2, 500, 1, 'a'), ...at(2, 1, 500, 'b')],
      repositoryCap: 1000,
    });
    expect(calibration).toEqual({ a: 1, b: 0 });
    expect(note).toContain('slope');
  });
});

describe('the probability of a candidate', () => {
  const lineage = {
    band: { low: 0.2, high: 0.8 },
    stack: { bias: 0.5, gate: 0.5, model: 2 },
    calibration: { model: { a: 2, b: -1 }, gate: { a: 1, b: 1 } },
  };

  it('is stacked in the band and calibrated apart', () => {
    const logits = [Math.log(6), Math.log(2), Math.log(1)] as const;
    expect(modelLogit(logits)).toBeCloseTo(Math.log(2), 12);
    const inside = candidate('1', { gateLogit: 1, logits });
    expect(byModel(lineage)(inside)).toBeCloseTo(sigmoid(2 * (0.5 + 0.5 + 2 * Math.log(2)) - 1), 12);
    expect(byGate(lineage.calibration.gate)(inside)).toBeCloseTo(sigmoid(2), 12);
    // Outside the band, and where the model was not asked, the gate decides.
    expect(byModel(lineage)({ ...inside, gateLogit: 3 })).toBeCloseTo(sigmoid(4), 12);
    expect(byModel(lineage)({ ...inside, logits: null })).toBeCloseTo(sigmoid(2), 12);
  });

  it('keeps the model from being too sure', () => {
    expect(modelLogit([100, 0, 0])).toBe(8);
    expect(modelLogit([-100, 0, 0])).toBe(-8);
  });

  it('of what is settled never depends on a threshold', () => {
    const settled = (label: 'secret' | 'harmless', probability: number) =>
      candidate('1', { settled: { label, probability, decidedBy: label === 'secret' ? 'rule' : 'filter' } });
    expect(byModel(lineage)(settled('secret', 0.6))).toBe(1);
    expect(byModel(lineage)(settled('harmless', 0.05))).toBe(-1);
    const [outcome] = candidateOutcomes({ candidates: [settled('harmless', 0.05)], places: [] }, () => 0.9);
    expect(outcome!.probability).toBe(0.05);
  });
});
