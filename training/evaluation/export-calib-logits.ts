import { readFile } from 'node:fs/promises';
import { readGate } from '../../src/classify/gate.ts';
import { readScout } from '../../src/classify/scout.ts';
import { openSplit } from '../data/creddata.ts';
import type { StepContext } from '../pipeline/context.ts';
import { findAll, scoreAll } from './corpus.ts';
import { askParts } from './language-models.ts';
import { writeScored } from './score-files.ts';
import { mayRead, sweepSettings, widestBand } from './settings.ts';

/**
 * Writes what the gate and the quantized language model say of calib, in both variants, and the labels beside it.
 * Reads calib and nothing else; chooses nothing.
 */
export async function run(context: StepContext): Promise<void> {
  const { paths, signal } = context;
  const { band } = sweepSettings(context.config.sweep);
  mayRead(context, 'calib');
  const split = openSplit({ creddata: paths.creddata, split: 'calib', purpose: 'calibrate' });
  const gate = readGate(await readFile(paths.gate, 'utf8'));
  const scout = readScout(await readFile(paths.scout, 'utf8'));
  const ask = await askParts({ gate: paths.gate, scout: paths.scout, network: paths.onnx, tokenizer: paths.merged });
  context.progress(0, 1, 'candidates of calib');
  const { found, places } = findAll(split, signal);
  const scored = await scoreAll({
    ...{ found, places, gate, scout, ask, signal },
    band: band === 'auto' ? widestBand(context) : band,
    progress: context.progress,
  });
  await writeScored({ scored, logits: paths.calibLogits, labels: paths.calibLabels });
  const settled = scored.candidates.filter((c) => c.settled !== null).length;
  const asked = scored.candidates.filter((c) => c.logits !== null).length;
  const met = new Set(scored.candidates.flatMap((c) => c.places.map((key) => `${c.variant} ${key}`)));
  context.log(
    `${scored.candidates.length} candidates: ${settled} settled by rules and filters, ${asked} in the band; ${places.length} places, ${places.length - met.size} of them without a candidate`,
  );
}
