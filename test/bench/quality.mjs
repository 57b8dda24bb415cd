// npm run bench:quality [-- --shared DIR] [--splits train,calib,test] [--out NAME]: scans the labelled code in both
// variants as a user would and scores the findings, split by split and per category. Writes bench/quality.txt.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { layOut } from './creddata.mjs';
import { node, publish, scanTo, sharedFolder } from './run.mjs';

const { values: arg } = parseArgs({
  options: {
    shared: { type: 'string' },
    splits: { type: 'string', default: 'train,calib,test' },
    out: { type: 'string', default: 'quality' },
  },
});
const shared = sharedFolder(arg.shared);
const laidOut = layOut(join(shared, 'creddata'));
const work = mkdtempSync(join(tmpdir(), 'sss-quality-'));
const lines = ['Findings of `sss scan` (balanced preset) against labelled code; the unit is a labelled place.', ''];
for (const variant of ['random', 'human']) {
  for (const preset of ['balanced', 'wide']) {
    const findings = join(work, `${variant}-${preset}.jsonl`);
    scanTo({ folder: join(laidOut, variant), output: findings, more: ['--preset', preset] });
    for (const split of arg.splits.split(',')) {
      const by = preset === 'balanced' ? ['--by', 'category'] : [];
      const labels = join(shared, 'creddata', 'labels.csv');
      const score = node([
        join(shared, 'bench', 'score.mjs'),
        '--labels',
        labels,
        '--findings',
        findings,
        '--split',
        split,
        ...by,
      ]);
      lines.push(
        `== ${variant} variant, ${split}${preset === 'balanced' ? '' : `, ${preset} preset`}`,
        score.trimEnd(),
        '',
      );
    }
  }
}
publish(arg.out, lines);
rmSync(work, { recursive: true });
