import type { SweepRow, Thresholds } from './threshold-choice.ts';

const COLUMNS = [
  'lineage',
  'threshold',
  'split',
  'variant',
  'precision',
  'recall',
  'f1',
  'strict_precision',
  'strict_f1',
  'tp',
  'fp',
  'fn',
  'unlabelled',
  'preset',
];

/**
 * Every threshold × split × variant, and the means over them (split and variant `mean`), which the thresholds were chosen
 * by. Counts are sums of weights; `preset` names the presets that have this threshold.
 */
export function metricsCsv(
  sweeps: readonly { lineage: string; rows: readonly SweepRow[]; thresholds: Thresholds }[],
): string {
  const lines = sweeps.flatMap(({ lineage, rows, thresholds }) =>
    rows.flatMap((row) => {
      const presets = Object.entries(thresholds)
        .filter(([, threshold]) => threshold === row.threshold)
        .map(([name]) => name)
        .join(' ');
      const start = [lineage, row.threshold.toFixed(2)];
      return [
        ...row.groups.map((g) => [
          ...[...start, g.split, g.variant],
          ...[g.precision, g.recall, g.f1, g.strictPrecision, g.strictF1, g.tp, g.fp, g.fn, g.unlabelled].map(number),
          presets,
        ]),
        [
          ...start,
          'mean',
          'mean',
          number(row.precision),
          number(row.recall),
          number(row.f1),
          '',
          '',
          '',
          '',
          '',
          '',
          presets,
        ],
      ];
    }),
  );
  return `${[COLUMNS, ...lines].map((cells) => cells.join(',')).join('\n')}\n`;
}

function number(value: number): string {
  return String(Math.round(value * 10_000) / 10_000);
}
