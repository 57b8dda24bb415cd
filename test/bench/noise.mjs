// npm run bench:noise [-- DIR…] [--shared DIR]: scans released packages' source, where nearly nothing is a secret, and
// counts what is raised. Without folders: the tree that shared/bench/tree.sh lays out. Writes bench/noise.txt.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { publish, scanTo, sharedFolder } from './run.mjs';

const { values: arg, positionals } = parseArgs({ options: { shared: { type: 'string' } }, allowPositionals: true });
const folders = positionals.length > 0 ? positionals : [layOutTree()];
const work = mkdtempSync(join(tmpdir(), 'sss-noise-'));
const lines = ['What `sss scan` (balanced preset) raises in released packages.', ''];
for (const folder of folders) {
  const output = join(work, 'findings.jsonl');
  scanTo({ folder, output });
  const rows = readFileSync(output, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  const { statistics } = rows.pop().report;
  const megabytes = statistics.bytes / 1e6;
  lines.push(
    `== ${basename(folder)}: ${rows.length} findings in ${megabytes.toFixed(0)} MB (${(rows.length / megabytes).toFixed(2)} per MB), ${statistics.candidates} candidates`,
    ...count(rows.map((row) => row.ruleId)),
    'by package:',
    ...count(rows.map((row) => row.path.split('/')[0])),
    '',
  );
}
publish('noise', lines);
rmSync(work, { recursive: true });

function layOutTree() {
  const dir = join(tmpdir(), 'sss-tree');
  execFileSync('bash', [join(sharedFolder(arg.shared), 'bench', 'tree.sh'), dir], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return dir;
}

/** `count value` lines, most frequent first. */
function count(values) {
  const counts = new Map();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts]
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .map(([value, n]) => `  ${String(n).padStart(4)} ${value}`);
}
