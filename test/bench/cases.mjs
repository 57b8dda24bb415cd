// npm run bench:cases [-- --shared DIR] [--floor R] [--errors FILE]: scans the rule cases and scores the findings. Writes
// bench/cases.txt. `--floor` fails when the recall over all cases is lower; `--errors` lists what is missed and raised.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { node, publish, scanTo, sharedFolder } from './run.mjs';

const { values: arg } = parseArgs({
  options: { shared: { type: 'string' }, errors: { type: 'string' }, floor: { type: 'string' } },
});
const shared = sharedFolder(arg.shared);
const work = mkdtempSync(join(tmpdir(), 'sss-cases-'));
const cases = ['--cases', join(shared, 'cases', 'cases.jsonl')];
const scorer = join(shared, 'bench', 'score_cases.mjs');
const lines = ['Findings of `sss scan` (balanced preset) in the rule cases.', ''];
for (const least of ['1', '3']) {
  const folder = join(work, `from-${least}`);
  node([scorer, ...cases, '--materialise', folder, '--min-sources', least]);
  const findings = join(work, `${least}.jsonl`);
  scanTo({ folder, output: findings });
  const errors = arg.errors && least === '1' ? ['--errors', arg.errors] : [];
  const score = node([scorer, ...cases, '--findings', findings, '--by', 'source', '--min-sources', least, ...errors]);
  const recall = Number(/recall ([\d.]+)/.exec(score)[1]);
  if (least === '1' && recall < Number(arg.floor ?? 0)) {
    console.error(`below the floor: recall ${recall}`);
    process.exitCode = 1;
  }
  lines.push(
    least === '1' ? '== all providers' : `== providers that at least ${least} scanners know`,
    score.trimEnd(),
    '',
  );
}
publish('cases', lines);
rmSync(work, { recursive: true });
