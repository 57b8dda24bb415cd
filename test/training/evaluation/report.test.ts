import { describe, expect, it } from 'vitest';
import { type Report, said } from '../../../training/evaluation/report.ts';
import { reportHtml } from '../../../training/evaluation/report-html.ts';
import { plots } from '../../../training/evaluation/report-plots.ts';
import { barPlot, linePlot } from '../../../training/evaluation/svg.ts';
import { metricsCsv } from '../../../training/evaluation/sweep-csv.ts';
import { sweep } from '../../../training/evaluation/threshold-choice.ts';

const HOSTILE = `"><script>alert('1')</script>&`;

describe('plots', () => {
  it('escape every text', () => {
    const svgs = [
      linePlot({ title: HOSTILE, x: HOSTILE, y: HOSTILE, series: [{ name: HOSTILE, points: [[0, 1]] }] }),
      barPlot({ title: HOSTILE, bars: [{ name: HOSTILE, value: 1, note: HOSTILE }] }),
    ];
    for (const svg of svgs) {
      expect(svg).not.toContain('<script');
      expect(svg).toContain('&lt;script');
      expect(svg.match(/<svg/g)).toHaveLength(1);
    }
  });

  it('stay inside, whatever the numbers', () => {
    const svg = linePlot({
      ...{ title: '', x: '', y: '' },
      series: [
        {
          name: 'odd',
          points: [
            [Number.NaN, Number.POSITIVE_INFINITY],
            [-5, 7],
          ],
        },
      ],
    });
    expect(svg).not.toMatch(/NaN|Infinity/);
    expect(linePlot({ title: '', x: '', y: '', series: [{ name: 'none', points: [] }] })).toContain('</svg>');
  });

  it('draw a point where it belongs', () => {
    const svg = linePlot({ ...{ title: '', x: '', y: '' }, series: [{ name: 'one', dots: true, points: [[0, 0]] }] });
    expect(svg).toContain('<circle cx="52" cy="316"');
  });
});

describe('the page', () => {
  const counts = { places: 1, secrets: 4, tp: 1, fp: 0, fn: 0, precision: 1, recall: 1, f1: 1 };
  const summary = {
    ...counts,
    ...{ unlabelled: 0, strictPrecision: 1, strictF1: 1, averagePrecision: 1, calibrationError: 0 },
  };
  const band = { logLoss: 0, averagePrecision: 0, f1: 0 };
  const system = { threshold: 0.5, variants: { [HOSTILE]: summary } };
  const curve = [{ threshold: 0.5, precision: 1, recall: 1 }];
  const presets = { strict: 0.9, balanced: 0.5, wide: 0.1 };
  const report: Report = {
    ...{ format: 1, runId: HOSTILE, model: { name: HOSTILE, version: HOSTILE, files: {}, bytes: 1 } },
    data: { split: 'test', files: 1, repositories: 1, candidates: 1, places: 1, secrets: 1 },
    ...{ band: { low: 0, high: 1 }, thresholds: presets, gateThresholds: presets },
    systems: { model: system, gate: system, baseline: system, rules: system },
    presets: { [HOSTILE]: { [HOSTILE]: summary } },
    inBand: { [HOSTILE]: { candidates: 1, secrets: 1, gate: band, languageModel: band, stacked: band } },
    categories: { [HOSTILE]: { [HOSTILE]: summary } },
    languages: { [HOSTILE]: { [HOSTILE]: summary } },
    confusion: { [HOSTILE]: [[1], [0], [0]] },
    calibration: { [HOSTILE]: { candidates: 1, calibrationError: 0, open: 1, openCalibrationError: 0, bins: [] } },
    curves: { [HOSTILE]: { model: curve, gate: curve, baseline: curve, rules: curve } },
    ...{ decidedBy: {}, cost: { candidates: 1, cpuMsPerCandidate: 1 }, parity: 0 },
    examples: [{ id: HOSTILE, label: 'secret', said: 'secret', right: true, probability: 1, decidedBy: HOSTILE }],
    errors: [
      {
        ...{ kind: 'missed', variant: HOSTILE, category: HOSTILE, language: HOSTILE, rule: HOSTILE },
        ...{ probability: 0, decidedBy: HOSTILE, preview: `${HOSTILE}\u202e` },
      },
    ],
  };

  it('escapes every text, from wherever it comes', () => {
    const html = reportHtml(report, plots(report));
    expect(html).not.toContain('<script');
    expect(html).not.toContain('\u202e');
    expect(html).toContain('&lt;script');
    expect(html).toContain("default-src 'none'");
  });
});

describe('the probability of a verdict', () => {
  const verdict = { label: 'secret', probability: 0.43, decidedBy: 'model', reason: '' } as const;

  it('stays on the side of the threshold that its label is on', () => {
    expect(said({ ...verdict, probability: 0.429 }, 0.4294)).toBe(0.4294);
    expect(said({ ...verdict, label: 'harmless' }, 0.43)).toBeLessThan(0.43);
    expect(said({ ...verdict, label: 'harmless', probability: 0.1 }, 0.43)).toBe(0.1);
  });

  it('is beyond every threshold where rules and filters decide', () => {
    expect(said({ ...verdict, decidedBy: 'rule' }, 0.5)).toBe(1);
    expect(said({ ...verdict, label: 'placeholder', decidedBy: 'filter' }, 0.5)).toBe(-1);
  });
});

describe('the table of thresholds', () => {
  it('has a row for each threshold, split and variant, and the means', () => {
    const outcomes = [
      { probability: 0.8, secret: true },
      { probability: 0.3, secret: false },
    ];
    const rows = sweep([{ split: 'train', variant: 'human', noise: [0.5], outcomes }], [0.2, 0.6]);
    const csv = metricsCsv([{ lineage: 'gate', rows, thresholds: { strict: 0.6, balanced: 0.6, wide: 0.2 } }]);
    expect(csv.split('\n')).toEqual([
      'lineage,threshold,split,variant,precision,recall,f1,strict_precision,strict_f1,tp,fp,fn,unlabelled,preset',
      'gate,0.20,train,human,0.5,1,0.6667,0.3333,0.5,1,1,0,1,wide',
      'gate,0.20,mean,mean,0.5,1,0.6667,,,,,,,wide',
      'gate,0.60,train,human,1,1,1,1,1,1,0,0,0,strict balanced',
      'gate,0.60,mean,mean,1,1,1,,,,,,,strict balanced',
      '',
    ]);
  });
});
