// npm run bench:candidates [-- --shared DIR]: for how many of the labelled secrets of train and calib some candidate
// overlaps the value: what no candidate covers, no classifier can find. Writes bench/candidates.txt. `--floor N` fails
// when less than N per cent of train is covered; `--misses` lists what is not.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { findCandidates, loadRules } from '../../dist/index.js';
import { chunkOf, labelledPlaces, layOut, overlaps } from './creddata.mjs';
import { publish, sharedFolder } from './run.mjs';

const { values: arg } = parseArgs({
  options: { shared: { type: 'string' }, misses: { type: 'boolean' }, floor: { type: 'string' } },
});
const creddata = join(sharedFolder(arg.shared), 'creddata');
const laidOut = layOut(creddata);
const rules = loadRules({ useBuiltinRules: true, customRules: [], disabledRules: [] });
const lines = [
  'Labelled secrets (label T, each row) whose value some candidate overlaps, and candidates per 1,000 lines.',
  '',
];
for (const split of ['train', 'calib']) {
  for (const variant of ['random', 'human']) {
    const t = { secrets: 0, found: 0, candidates: 0, lines: 0 };
    for (const [path, places] of labelledPlaces(creddata, split)) {
      const file = join(laidOut, variant, path);
      if (!existsSync(file)) continue;
      const text = readFileSync(file, 'utf8');
      const candidates = findCandidates(chunkOf(path, text), rules);
      t.candidates += candidates.length;
      t.lines += text.split('\n').filter((line) => line !== '').length;
      for (const place of places.filter((p) => p.secret)) {
        // Each value of a place counts; a place without spans counts once.
        const wanted = place.spans.length > 0 ? place.spans.map((span) => ({ ...place, spans: [span] })) : [place];
        for (const one of wanted) {
          t.secrets++;
          if (candidates.some((c) => overlaps(c, one))) t.found++;
          else if (arg.misses) console.log(`missed ${variant} ${path}:${one.start}`);
        }
      }
    }
    const recall = ((100 * t.found) / t.secrets).toFixed(2);
    if (split === 'train' && arg.floor && recall < Number(arg.floor)) process.exitCode = 1;
    const density = ((1000 * t.candidates) / t.lines).toFixed(0);
    lines.push(
      `${split.padEnd(6)} ${variant.padEnd(7)} ${t.found} of ${t.secrets} (${recall} %)   ${density} candidates per 1,000 lines`,
    );
  }
}
publish('candidates', lines);
