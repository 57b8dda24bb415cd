import { plain } from '../../src/findings/redact.ts';
import { escapeMarkup } from '../../src/report/markup.ts';
import { LABELS } from '../data/record.ts';
import type { Summary, Tally } from './metrics.ts';
import type { Report } from './report.ts';

const STYLE = `
:root { color-scheme: light dark; --line: #8884; --soft: #8882 }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem }
table { border-collapse: collapse; margin: .5rem 0 1.5rem; font-variant-numeric: tabular-nums }
th, td { border-bottom: 1px solid var(--line); padding: .2rem .7rem; text-align: right }
th:first-child, td:first-child, td.text { text-align: left; overflow-wrap: anywhere }
code { font: 13px ui-monospace, monospace; background: var(--soft) }
.plots { display: flex; flex-wrap: wrap; gap: 1rem }
svg { max-width: 100%; height: auto }`;

/** A text of the report, safe to stand in the page. */
function safe(text: string): string {
  return escapeMarkup(plain(text));
}

/** One file that needs nothing else: no scripts, nothing loaded. `drawn` are SVGs of `plots`, which escape their texts. */
export function reportHtml(report: Report, drawn: Readonly<Record<string, string>>): string {
  const { model, data, systems, presets, inBand, calibration, cost, band } = report;
  const perVariant = (of: (variant: string) => string) => Object.keys(report.confusion).map(of).join('\n');
  const body = [
    `<h1>${safe(model.name)}</h1>`,
    `<p>Run ${safe(report.runId)}. Test: ${data.places} labelled places in ${data.files} files of ${data.repositories} repositories, ${data.secrets} of them secrets; ${data.candidates} candidates. Model: ${model.bytes} bytes. ${cost.cpuMsPerCandidate.toFixed(3)} ms of CPU a candidate over ${cost.candidates}.</p>`,
    '<h2>Results on test</h2>',
    table(
      ['system', 'variant', 'threshold', 'P', 'R', 'F1', 'strict F1', 'AP', 'calibration error'],
      Object.entries(systems).flatMap(([name, { threshold, variants }]) =>
        Object.entries(variants).map(([variant, s]) => [name, variant, String(threshold), ...numbers(s)]),
      ),
    ),
    '<p>The unit is a labelled place; strict F1 counts reported lines outside of labelled places as false alarms. The calibration error here is over places (15 bins of equal width).</p>',
    '<h2>Presets</h2>',
    table(
      ['preset', 'variant', 'P', 'R', 'F1', 'strict F1', 'missed', 'false', 'unlabelled'],
      Object.entries(presets).flatMap(([name, variants]) =>
        Object.entries(variants).map(([variant, t]) => [name, variant, ...tallied(t)]),
      ),
    ),
    `<h2>In the band (gate between ${band.low} and ${band.high})</h2>`,
    table(
      ['variant', 'judged by', 'candidates', 'secrets', 'log loss', 'AP', 'F1'],
      Object.entries(inBand).flatMap(([variant, { candidates, secrets, ...judges }]) =>
        Object.entries(judges).map(([name, j]) => [
          ...[variant, name, String(candidates), String(secrets)],
          ...[j.logLoss, j.averagePrecision, j.f1].map(rate),
        ]),
      ),
    ),
    '<h2>Calibration of candidates</h2>',
    table(
      ['variant', 'all candidates', 'error', 'judged by gate and model', 'error'],
      Object.entries(calibration).map(([variant, c]) => [
        ...[variant, String(c.candidates), rate(c.calibrationError), String(c.open), rate(c.openCalibrationError)],
      ]),
    ),
    `<div class="plots">${Object.values(drawn).join('\n')}</div>`,
    perVariant(
      (variant) =>
        `<h2>Verdicts, ${safe(variant)} variant</h2>${table(
          ['is \\ said', ...LABELS],
          report.confusion[variant]!.map((row, i) => [LABELS[i]!, ...row.map(String)]),
        )}`,
    ),
    perVariant((variant) => parts(`Categories, ${variant} variant`, report.categories[variant]!)),
    perVariant((variant) => parts(`Languages, ${variant} variant`, report.languages[variant]!)),
    ...(report.examples.length > 0
      ? [
          '<h2>The twenty examples</h2>',
          table(
            ['example', 'is', 'said', 'probability', 'decided by', ''],
            report.examples.map((e) => [
              ...[e.id, e.label, e.said, rate(e.probability), e.decidedBy, e.right ? 'right' : 'wrong'],
            ]),
          ),
        ]
      : []),
    '<h2>Surest mistakes</h2>',
    table(
      ['kind', 'variant', 'category', 'language', 'rule', 'probability', 'decided by', 'line, masked'],
      report.errors.map((e) => [
        ...[e.kind, e.variant, e.category, e.language, e.rule, rate(e.probability), e.decidedBy, e.preview],
      ]),
    ),
  ];
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${safe(model.name)}: evaluation</title>
<style>${STYLE}
</style>
</head>
<body>
${body.join('\n')}
</body>
</html>
`;
}

function parts(title: string, summaries: Readonly<Record<string, Summary>>): string {
  const rows = Object.entries(summaries).map(([name, s]) => [name, String(s.places), String(s.secrets), ...numbers(s)]);
  const head = ['', 'places', 'secrets', 'P', 'R', 'F1', 'strict F1', 'AP', 'calibration error'];
  return `<h2>${safe(title)}</h2>${table(head, rows)}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = (row: readonly string[], tag: 'th' | 'td') =>
    row.map((cell) => `<${tag}${/^-?[\d.]+$/.test(cell) ? '' : ' class="text"'}>${safe(cell)}</${tag}>`).join('');
  return `<table><tr>${cells(head, 'th')}</tr>${rows.map((row) => `<tr>${cells(row, 'td')}</tr>`).join('')}</table>`;
}

function numbers({ precision, recall, f1, strictF1, averagePrecision, calibrationError }: Summary): string[] {
  return [precision, recall, f1, strictF1, averagePrecision, calibrationError].map(rate);
}

function tallied({ precision, recall, f1, strictF1, fn, fp, unlabelled }: Tally): string[] {
  return [...[precision, recall, f1, strictF1].map(rate), ...[fn, fp, unlabelled].map(String)];
}

function rate(value: number): string {
  return value.toFixed(4);
}
