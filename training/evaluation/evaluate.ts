import { join } from 'node:path';
import { createJudge } from '../../src/classify/index.ts';
import { openModelFolder } from '../../src/classify/model-folder.ts';
import { gateOf, scoutOf } from '../../src/classify/open-model.ts';
import { writeWithFolders } from '../../src/util/write-whole.ts';
import { openSplit } from '../data/creddata.ts';
import type { StepContext } from '../pipeline/context.ts';
import { findAll, scoreAll } from './corpus.ts';
import { judgeAll } from './judged.ts';
import { askFolder, askParts } from './language-models.ts';
import { makeReport, type Report } from './report.ts';
import { reportHtml } from './report-html.ts';
import { plots } from './report-plots.ts';
import { softmax } from './scored.ts';
import { mayRead } from './settings.ts';
import { examplesTable, readExamples, runExamples } from './twenty.ts';

/** The whole band of probabilities: the baseline is asked about everything that is not settled. */
const EVERYTHING = { low: 0, high: 1 };

/** Measures the finished model folder on test, beside gate, baseline and rules alone. Nothing is chosen by it. */
export async function run(context: StepContext): Promise<void> {
  const { paths, signal } = context;
  mayRead(context, 'test');
  const split = openSplit({ creddata: paths.creddata, split: 'test', purpose: 'report' });
  const folder = await openModelFolder({ dir: paths.model });
  const { card } = folder;
  const [gate, scout] = [await gateOf(folder), await scoutOf(folder)];
  context.progress(0, 1, 'candidates of test');
  const { found, places } = findAll(split, signal);

  const judge = createJudge({ preset: 'balanced', modelDir: paths.model, device: 'cpu' });
  const judged = await judgeAll({ found, judge, signal, progress: context.progress });
  const scored = await scoreAll({
    ...{ found, places, gate, scout, signal, band: card.band, progress: context.progress },
    ask: await askFolder(paths.model),
  });
  const baseline = await scoreAll({
    ...{ found, places, gate, scout: undefined, signal, band: EVERYTHING },
    ask: await askParts({
      ...{ gate: join(paths.model, 'gate.json'), scout: join(paths.model, 'scout.json') },
      ...{ network: paths.baseline, tokenizer: paths.model },
    }),
    progress: (done, total) => context.progress(done, total, 'candidates by the baseline'),
  });
  const floor = new Map(baseline.candidates.map((c) => [c.id, c.logits ? softmax(c.logits)[0] : undefined]));
  const examples = await readExamples(join(paths.packageRoot, 'fixtures', 'twenty.json'));
  const report = makeReport({
    ...{ runId: context.runId, card, files: split.files.length, scored, judged, found, baseline: floor },
    examples: examples ? await runExamples(examples, judge) : [],
  });
  writeWithFolders(join(paths.evaluation, 'report.json'), `${JSON.stringify(report, null, 2)}\n`);
  const drawn = plots(report);
  for (const [name, svg] of Object.entries(drawn)) writeWithFolders(join(paths.evaluation, `${name}.svg`), `${svg}\n`);
  writeWithFolders(join(paths.evaluation, 'report.html'), reportHtml(report, drawn));
  for (const line of summary(report)) context.log(line);
}

function summary(report: Report): string[] {
  const rows = Object.entries(report.systems).flatMap(([system, { variants }]) =>
    Object.entries(variants).map(([variant, { precision, recall, f1, strictF1, averagePrecision }]) => {
      const numbers = [precision, recall, f1, strictF1, averagePrecision].map((n) => n.toFixed(4).padStart(10));
      return `${system.padEnd(9)} ${variant.padEnd(7)}${numbers.join('')}`;
    }),
  );
  return [
    `${'system'.padEnd(9)} ${'variant'.padEnd(7)}${['P', 'R', 'F1', 'strict F1', 'AP'].map((n) => n.padStart(10)).join('')}`,
    ...rows,
    `calibration error: ${Object.entries(report.calibration)
      .map(([variant, { calibrationError }]) => `${variant} ${calibrationError.toFixed(4)}`)
      .join(', ')}; ${report.cost.cpuMsPerCandidate.toFixed(3)} ms of CPU a candidate`,
    ...(report.examples.length > 0 ? examplesTable(report.examples) : []),
  ];
}
