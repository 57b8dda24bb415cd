// npm run bench:speed [-- DIR] [--runs N] [--shared DIR]: time and memory of a scan of a folder (the tree that shared/bench/tree.sh
// lays out, unless told), beside node only reading it and every peer that is on the PATH. Rows take turns; medians.
// Writes bench/speed.txt.
import { spawnSync } from 'node:child_process';
import { basename, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { medians, memoryWatch } from './measure.mjs';
import { bin, layOutTree, publish } from './run.mjs';

const { values: arg, positionals } = parseArgs({
  options: { shared: { type: 'string' }, runs: { type: 'string', default: '5' } },
  allowPositionals: true,
});
const folder = positionals[0] === undefined ? layOutTree(arg.shared) : resolve(positionals[0]);
const again = [bin, 'scan', '.', '--quiet', '--format', 'jsonl'];
const scan = [...again, '--no-cache'];

/** Node reading every file of the folder as latin1, and nothing else: what no scanner in node can be faster than. */
const READ = `const { readdirSync, readFileSync } = require('node:fs');
let n = 0;
for (const one of readdirSync('.', { recursive: true, withFileTypes: true })) {
  if (one.isFile()) n += readFileSync(one.parentPath + '/' + one.name, 'latin1').length;
}`;
/** Peers, as they scan a folder offline. */
const PEERS = [
  ['kingfisher', 'scan', '.', '--no-validate', '--no-update-check'],
  ['betterleaks', 'dir', '.', '--no-banner'],
  ['gitleaks', 'dir', '.', '--no-banner'],
  ['noseyparker', 'scan', '.'],
  ['ripsecrets', '.'],
];
const isThere = ([name]) => spawnSync(name, ['--version'], { stdio: 'ignore' }).error === undefined;

const rows = medians(
  [
    ['node, reading only', [process.execPath, '-e', READ], folder],
    ['scan, 1 thread', [process.execPath, ...scan, '--threads', '1'], folder],
    ['scan', [process.execPath, ...scan], folder],
    ['scan, a second time', [process.execPath, ...again], folder],
    ['scan --no-model', [process.execPath, ...scan, '--no-model'], folder],
    ...PEERS.filter(isThere).map((command) => [command[0], command, folder]),
  ],
  { runs: Number(arg.runs) },
);
const watch = memoryWatch();
const memory = [['--threads', '1'], []].map((more) => {
  spawnSync(process.execPath, [...watch.args, ...scan, ...more], { cwd: folder, stdio: 'ignore' });
  return watch.megabytes();
});
watch.close();
const floor = rows[0];
publish('speed', [
  `A scan of ${basename(folder)} with default settings; medians of ${arg.runs} runs, taken in turns. The times are one machine's:`,
  'compare the ratios. Peers are those that were on the PATH.',
  '',
  'run                    wall s    CPU s   wall / reading   CPU / reading',
  ...rows.map(({ name, wall, cpu }) =>
    [
      name.padEnd(20),
      (wall / 1000).toFixed(2).padStart(8),
      (cpu / 1000).toFixed(2).padStart(8),
      (wall / floor.wall).toFixed(1).padStart(16),
      (cpu / floor.cpu).toFixed(1).padStart(15),
    ].join(' '),
  ),
  '',
  `memory at its most: ${memory[0]?.toFixed(0)} MB on one thread, ${memory[1]?.toFixed(0)} MB on as many as there are processors`,
]);
