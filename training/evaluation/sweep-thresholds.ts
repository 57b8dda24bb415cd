import { writeWithFolders } from '../../src/util/write-whole.ts';
import type { StepContext } from '../pipeline/context.ts';
import { assembleModel } from './assemble.ts';
import { chooseBand } from './band.ts';
import { BOTH } from './corpus.ts';
import { fitLineage } from './fit-lineage.ts';
import { readScored, readTrainScored, type SourceCounts } from './score-files.ts';
import { byGate, byModel, inVariant, type Lineage, placeOutcomes, type Scored, weighed } from './scored.ts';
import { heldFold, mayRead, type SweepSettings, sweepSettings, widestBand } from './settings.ts';
import type { StackFit } from './stacking.ts';
import { metricsCsv } from './sweep-csv.ts';
import { chooseThresholds, type SweepGroup, type SweepRow, sweep, type Thresholds } from './threshold-choice.ts';

/** phase2/thresholds.json. */
export interface ThresholdsFile extends Lineage {
  thresholds: Thresholds;
  gateThresholds: Thresholds;
  stacking: Omit<StackFit, 'stack'>;
  /** What was fitted on and chosen on. Train: labelled code only, `sources` has the rest. */
  data: { sources: SourceCounts[]; train: SplitCounts; calib: SplitCounts };
  settings: SweepSettings;
  /** Things to know, each a sentence. */
  notes: readonly string[];
  /** Means over splits and variants, weighted, at the balanced thresholds. */
  means: Record<'model' | 'gate', Pick<SweepRow, 'precision' | 'recall' | 'f1'>>;
}

/** Of one variant; the other has the same places. */
export interface SplitCounts {
  places: number;
  secrets: number;
  repositories: number;
}

/**
 * Fits the numbers between logits and verdicts (band, stack, calibration, thresholds) on out-of-fold scores of train and
 * the logits of calib, and puts the model folder together. Opens no labelled code itself: it reads what was exported.
 */
export async function run(context: StepContext): Promise<void> {
  const { paths, config, runId } = context;
  const settings = sweepSettings(config.sweep);
  mayRead(context, 'train');
  mayRead(context, 'calib');
  context.progress(0, 4, 'reading scores');
  const train = await readTrainScored({
    ...{ records: paths.trainRecords, oof: paths.oof, held: paths.held },
    heldFold: heldFold(context),
  });
  const calib = await readScored({ logits: paths.calibLogits, labels: paths.calibLabels });
  context.progress(1, 4, 'stack and calibration');
  const { repositoryCap } = settings;
  const band =
    settings.band === 'auto'
      ? chooseBand({ scored: train.all, repositoryCap, widest: widestBand(context) })
      : settings.band;
  const { lineage, stacking, notes } = fitLineage({ train, calib, band, settings });
  context.progress(2, 4, 'thresholds');
  const modelRows = sweep([
    ...groupsOf({ scored: train.held, split: 'train', of: byModel(lineage), settings }),
    ...groupsOf({ scored: calib, split: 'calib', of: byModel(lineage), settings }),
  ]);
  const gate = byGate(lineage.calibration.gate);
  const gateRows = sweep([
    ...groupsOf({ scored: train.all, split: 'train', of: gate, settings }),
    ...groupsOf({ scored: calib, split: 'calib', of: gate, settings }),
  ]);
  const alone = chooseThresholds({ rows: gateRows, ...settings });
  // Where the language model is not asked, the gate's thresholds hold: they are chosen on all of train.
  const model = stacking.note === undefined ? chooseThresholds({ rows: modelRows, ...settings }) : alone;
  const file: ThresholdsFile = {
    ...lineage,
    thresholds: model.thresholds,
    gateThresholds: alone.thresholds,
    stacking,
    data: { sources: train.sources, train: countsOf(train.all), calib: countsOf(calib) },
    settings,
    notes: [...notes, ...model.notes, ...alone.notes.map((note) => `without the language model: ${note}`)],
    means: {
      model: meansAt(stacking.note === undefined ? modelRows : gateRows, model.thresholds),
      gate: meansAt(gateRows, alone.thresholds),
    },
  };
  writeWithFolders(paths.thresholds, `${JSON.stringify(file, null, 2)}\n`);
  writeWithFolders(
    paths.thresholdsMetrics,
    metricsCsv([
      { lineage: 'model', rows: stacking.note === undefined ? modelRows : gateRows, thresholds: model.thresholds },
      { lineage: 'gate', rows: gateRows, thresholds: alone.thresholds },
    ]),
  );
  context.progress(3, 4, 'model folder');
  await assembleModel({
    dir: paths.model,
    name: config.promote.name,
    version: runId,
    parts: {
      ...{ gate: paths.gate, scout: paths.scout, replay: paths.replay },
      ...{ network: paths.onnx, tokenizer: paths.merged },
    },
    numbers: { ...lineage, thresholds: model.thresholds, gateThresholds: alone.thresholds, metrics: file.means },
  });
  context.progress(4, 4);
  for (const line of summary(file)) context.log(line);
}

/** Both variants of a split, weighted; variants without a secret say nothing and are left out. */
export function groupsOf(input: {
  scored: Scored;
  split: string;
  of: Parameters<typeof placeOutcomes>[1];
  settings: Pick<SweepSettings, 'repositoryCap' | 'uuidWeight'>;
}): SweepGroup[] {
  const { scored, split, of, settings } = input;
  return BOTH.flatMap((variant) => {
    const { outcomes, noise } = placeOutcomes(inVariant(scored, variant), of);
    if (!outcomes.some((o) => o.secret)) return [];
    const uuidWeight = split === 'calib' ? settings.uuidWeight : 1;
    return [
      { split, variant, noise, outcomes: weighed({ outcomes, repositoryCap: settings.repositoryCap, uuidWeight }) },
    ];
  });
}

function countsOf(scored: Scored): SplitCounts {
  const { places } = inVariant(scored, BOTH[0]!);
  return {
    places: places.length,
    secrets: places.filter((p) => p.secret).length,
    repositories: new Set(places.map((p) => p.repo)).size,
  };
}

function meansAt(rows: readonly SweepRow[], { balanced }: Thresholds): Pick<SweepRow, 'precision' | 'recall' | 'f1'> {
  const { precision, recall, f1 } = rows.find((row) => row.threshold === balanced)!;
  return { precision, recall, f1 };
}

function summary({ band, stack, stacking, thresholds, gateThresholds, means, notes }: ThresholdsFile): string[] {
  const of = ({ strict, balanced, wide }: Thresholds) => `strict ${strict}, balanced ${balanced}, wide ${wide}`;
  return [
    `band ${band.low} to ${band.high}; stack ${stack.bias.toFixed(3)} + ${stack.gate.toFixed(3)} × gate + ${stack.model.toFixed(3)} × model`,
    `log loss in the band, on repositories left out: gate ${stacking.gateLoss.toFixed(4)}, stacked ${stacking.stackedLoss.toFixed(4)} (${stacking.examples} candidates)`,
    `thresholds: ${of(thresholds)} (mean F1 ${means.model.f1.toFixed(4)})`,
    `without the language model: ${of(gateThresholds)} (mean F1 ${means.gate.f1.toFixed(4)})`,
    ...notes,
  ];
}
