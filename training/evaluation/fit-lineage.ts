import { type Band, inBand, modelLogit, stackedLogit, type VerdictLogits } from '../../src/classify/stack.ts';
import { fitCalibration } from './calibration.ts';
import type { Lineage, Scored, ScoredCandidate } from './scored.ts';
import type { SweepSettings } from './settings.ts';
import { fitStack, type StackFit } from './stacking.ts';

/** No probability lies in it. */
const NO_BAND = { low: 1, high: 0 };

/** Candidates that something is known of and that no rule and no filter has settled. */
function open(scored: Scored): (ScoredCandidate & { gateLogit: number })[] {
  return scored.candidates.filter(
    (c): c is ScoredCandidate & { gateLogit: number } => c.gateLogit !== null && c.label !== null && c.labelled,
  );
}

type InBand = ScoredCandidate & { gateLogit: number; logits: VerdictLogits };

/** Those that the language model has been asked about, in the band. */
export function openInBand(scored: Scored, band: Band): InBand[] {
  return open(scored).filter((c): c is InBand => c.logits !== null && inBand(c.gateLogit, band));
}

/**
 * Fits the stack on the fold of train that the language model never saw, and the calibrations on that (the gate's: on all
 * of train, out of fold) and calib.
 */
export function fitLineage(input: {
  train: { all: Scored; held: Scored };
  calib: Scored;
  band: Band;
  settings: Pick<SweepSettings, 'repositoryCap' | 'uuidWeight'>;
}): { lineage: Lineage; stacking: Omit<StackFit, 'stack'>; notes: string[] } {
  const { train, calib, band, settings } = input;
  const { repositoryCap, uuidWeight } = settings;
  const held = openInBand(train.held, band);
  const notes = missing({ scored: train.held, band, what: 'the held-out fold' });
  notes.push(...missing({ scored: calib, band, what: 'calib' }));

  const { stack, ...stacking } = fitStack({
    examples: held.map((c) => ({
      gateLogit: c.gateLogit,
      modelLogit: modelLogit(c.logits),
      secret: c.label === 'secret',
      repo: c.repo,
    })),
    repositoryCap,
  });
  if (stacking.note !== undefined) notes.push(stacking.note);

  const onCalib = (c: ScoredCandidate) => (c.uuid ? uuidWeight : 1);
  const example = (logit: number, c: ScoredCandidate, weight: number) => ({
    ...{ logit, weight, repo: c.repo },
    secret: c.label === 'secret',
  });
  const gate = fitCalibration({
    examples: [
      ...open(train.all).map((c) => example(c.gateLogit, c, 1)),
      ...open(calib).map((c) => example(c.gateLogit, c, onCalib(c))),
    ],
    repositoryCap,
  });
  const stacked = (c: InBand) => stackedLogit({ stack, gateLogit: c.gateLogit, modelLogit: modelLogit(c.logits) });
  const model = fitCalibration({
    examples: [
      ...held.map((c) => example(stacked(c), c, 1)),
      ...openInBand(calib, band).map((c) => example(stacked(c), c, onCalib(c))),
    ],
    repositoryCap,
  });
  if (gate.note) notes.push(`gate: ${gate.note}`);
  if (model.note) notes.push(`model: ${model.note}`);
  return {
    // A model that says nothing new is not asked.
    lineage: {
      band: stacking.note === undefined ? band : NO_BAND,
      stack,
      calibration: { model: model.calibration, gate: gate.calibration },
    },
    stacking,
    notes,
  };
}

/** Candidates in the band without logits are judged by the gate; that is worth a note. */
function missing({ scored, band, what }: { scored: Scored; band: Band; what: string }): string[] {
  const all = open(scored).filter((c) => inBand(c.gateLogit, band));
  const without = all.filter((c) => c.logits === null).length;
  return without === 0 ? [] : [`${without} of ${all.length} candidates in the band of ${what} have no logits`];
}
