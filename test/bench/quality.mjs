// npm run bench:quality [-- --shared DIR] [--splits train,calib,test] [--floor F1,STRICT,HUMAN]: scans the labelled code in
// both variants as a user would and scores the findings, in all and per category. Writes bench/quality.txt; a run of
// some splits only prints. `--floor F1,STRICT,HUMAN` fails when, with the balanced preset, F1 or strict F1 of the random
// variant or F1 of the human variant of a split is lower.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { layOut } from './creddata.mjs';
import { node, publish, scanTo, sharedFolder } from './run.mjs';

const ALL = 'train,calib,test';
const { values: arg } = parseArgs({
  options: { shared: { type: 'string' }, splits: { type: 'string', default: ALL }, floor: { type: 'string' } },
});
const shared = sharedFolder(arg.shared);
const laidOut = layOut(join(shared, 'creddata'));
const work = mkdtempSync(join(tmpdir(), 'sss-quality-'));
const summary = [];
const details = [];
for (const variant of ['random', 'human']) {
  for (const preset of ['strict', 'balanced', 'wide']) {
    const findings = join(work, `${variant}-${preset}.jsonl`);
    scanTo({ folder: join(laidOut, variant), output: findings, more: ['--preset', preset] });
    for (const split of arg.splits.split(',')) {
      const score = scorer(findings, split);
      const result = JSON.parse(score('--json'));
      summary.push(row({ variant, split, preset, result }));
      if (preset !== 'balanced') continue;
      details.push(`== ${variant} variant, ${split}`, score('--by', 'category').trimEnd(), '');
      const [f1, strict, human] = (arg.floor ?? '0,0,0').split(',').map(Number);
      const isLow = variant === 'random' ? result.f1 < f1 || result.strictF1 < strict : result.f1 < human;
      if (isLow) {
        console.error(`below the floor: ${variant} variant, F1 ${result.f1}, strict F1 ${result.strictF1}`);
        process.exitCode = 1;
      }
    }
  }
}
const lines = [
  'Findings of `sss scan` against labelled code. The unit is a labelled place; strict precision counts findings outside',
  'of labelled places as false alarms, too. Fitted on train, thresholds from calib; test is only reported.',
  '',
  'variant  split  preset    secrets      P       R      F1  strict F1',
  ...summary,
  '',
  ...details,
];
if (arg.splits === ALL) publish('quality', lines);
else console.log(lines.join('\n'));
rmSync(work, { recursive: true });

function scorer(findings, split) {
  const labels = join(shared, 'creddata', 'labels.csv');
  const args = [join(shared, 'bench', 'score.mjs'), '--labels', labels, '--findings', findings, '--split', split];
  return (...more) => node([...args, ...more]);
}

function row({ variant, split, preset, result }) {
  const { secrets, precision, recall, f1, strictF1 } = result;
  const numbers = [precision, recall, f1].map((n) => n.toFixed(4).padStart(8)).join('');
  return `${variant.padEnd(8)} ${split.padEnd(6)} ${preset.padEnd(9)} ${String(secrets).padStart(7)}${numbers} ${strictF1.toFixed(4).padStart(10)}`;
}
