// Precision, recall and F1 of the labelled places for every threshold, on train and calib, to choose the presets by.
//
//   npm run sweep:thresholds [-- --creddata ../shared/creddata]
//
// Writes bench/thresholds.txt. Train flatters the weights that were fitted on it; calib never met them, but is small and
// has most of its UUIDs from one repository, so it is shown without UUID places as well.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { classify, findCandidates, loadRules, THRESHOLDS } from '../dist/index.js';
import { layOut } from '../test/bench/creddata.mjs';
import { publish } from '../test/bench/run.mjs';
import { chunkOf, labelledPlaces, meets } from './labelled.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const { values: arg } = parseArgs({
  options: { creddata: { type: 'string', default: join(root, '..', 'shared', 'creddata') } },
});
const rules = loadRules({ useBuiltinRules: true, customRules: [], disabledRules: [] });
const laidOut = layOut(arg.creddata);
const steps = [0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6, 0.7, 0.8];
const lines = [
  `Presets: ${Object.entries(THRESHOLDS)
    .map(([name, t]) => `${name} ${t}`)
    .join(', ')}. False: labelled places; noise: unlabelled lines.`,
];
for (const split of ['train', 'calib']) {
  for (const variant of ['random', 'human']) {
    const { places, noise } = bestOfPlaces(split, variant);
    for (const [title, list] of [
      ['all places', places],
      ['without UUID places', places.filter((p) => !p.uuid)],
    ]) {
      lines.push(
        '',
        `== ${split}, ${variant} variant, ${title}`,
        'threshold      P      R     F1  strict F1  false  noise',
      );
      for (const threshold of steps) lines.push(tally({ list, noise, threshold }));
    }
  }
}
publish('thresholds', lines);

/** The highest probability that any candidate got in each labelled place, and in each unlabelled line. */
function bestOfPlaces(split, variant) {
  const places = [];
  const noise = [];
  for (const [path, labelled] of labelledPlaces(arg.creddata, split)) {
    const here = labelled.map((place) => ({ ...place, best: 0, uuid: false }));
    places.push(...here);
    const file = join(laidOut, variant, path);
    if (!existsSync(file)) continue;
    const lineNoise = new Map();
    for (const candidate of findCandidates(
      chunkOf(path.split('/').slice(2).join('/'), readFileSync(file, 'utf8')),
      rules,
    )) {
      const { probability } = classify(candidate, 'balanced');
      const hit = here.filter((p) => meets(candidate, p));
      for (const place of hit) {
        place.best = Math.max(place.best, probability);
        if (candidate.rules[0].id === 'generic-uuid') place.uuid = true;
      }
      if (hit.length === 0) lineNoise.set(candidate.line, Math.max(lineNoise.get(candidate.line) ?? 0, probability));
    }
    noise.push(...lineNoise.values());
  }
  return { places, noise };
}

function tally({ list, noise, threshold }) {
  const said = list.filter((p) => p.best >= threshold);
  const tp = said.filter((p) => p.secret).length;
  const loud = noise.filter((p) => p >= threshold).length;
  const recall = tp / list.filter((p) => p.secret).length;
  const precision = tp / said.length;
  const strict = tp / (said.length + loud);
  const f1 = (p) => (2 * p * recall) / (p + recall);
  const numbers = [precision, recall, f1(precision)].map((n) => n.toFixed(3).padStart(7)).join('');
  return `${threshold.toFixed(2).padEnd(9)}${numbers}${f1(strict).toFixed(3).padStart(11)}${String(said.length - tp).padStart(7)}${String(loud).padStart(7)}`;
}
