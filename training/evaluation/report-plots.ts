import type { Report } from './report.ts';
import { barPlot, linePlot, type Series } from './svg.ts';

/** Categories with fewer secrets than this are too few for a bar. */
const FEWEST = 3;

/** The plots of a report by name: precision-recall curves, reliability, thresholds, F1 by category. */
export function plots(report: Report): Record<string, string> {
  return Object.fromEntries(
    Object.keys(report.curves).flatMap((variant) => [
      [`curves-${variant}`, curves(report, variant)],
      [`reliability-${variant}`, reliabilityPlot(report, variant)],
      [`thresholds-${variant}`, thresholds(report, variant)],
      [`categories-${variant}`, categories(report, variant)],
    ]),
  );
}

function curves({ curves: all, systems }: Report, variant: string): string {
  const series = Object.entries(all[variant]!).flatMap(([name, points]): Series[] => {
    const summary = systems[name as keyof typeof systems].variants[variant]!;
    const label = `${name} (AP ${summary.averagePrecision.toFixed(3)})`;
    return [{ name: label, dots: points.length < 3, points: points.map((p) => [p.recall, p.precision] as const) }];
  });
  return linePlot({ title: `Precision and recall, ${variant} variant`, x: 'recall', y: 'precision', series });
}

function reliabilityPlot({ calibration }: Report, variant: string): string {
  const { bins, openCalibrationError } = calibration[variant]!;
  const full = bins.filter((bin) => bin.weight > 0);
  return linePlot({
    title: `Reliability, ${variant} variant (error ${openCalibrationError.toFixed(3)})`,
    x: 'probability',
    y: 'share of secrets',
    series: [
      { name: 'gate and model', points: full.map((bin) => [bin.probability, bin.share] as const) },
      {
        name: 'perfect',
        dashed: true,
        points: [
          [0, 0],
          [1, 1],
        ],
      },
    ],
  });
}

function thresholds({ curves: all, thresholds: presets }: Report, variant: string): string {
  const points = all[variant]!.model.filter((p) => p.threshold <= 1);
  const lines: Series[] = [
    { name: 'precision', points: points.map((p) => [p.threshold, p.precision] as const) },
    { name: 'recall', points: points.map((p) => [p.threshold, p.recall] as const) },
  ];
  const marks = Object.entries(presets).map(
    ([name, at]): Series => ({
      name: `${name} ${at}`,
      dashed: true,
      points: [
        [at, 0],
        [at, 1],
      ],
    }),
  );
  return linePlot({ title: `Thresholds, ${variant} variant`, x: 'threshold', y: '', series: [...lines, ...marks] });
}

function categories({ categories: all }: Report, variant: string): string {
  const bars = Object.entries(all[variant]!)
    .filter(([, summary]) => summary.secrets >= FEWEST)
    .map(([name, { f1, secrets }]) => ({ name, value: f1, note: `${f1.toFixed(3)} (${secrets} secrets)` }));
  return barPlot({ title: `F1 by category, ${variant} variant`, bars });
}
