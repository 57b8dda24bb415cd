// npm run bench:speed [-- PATH …] [--runs N] [--shared DIR] [--profile DIR]: time and memory of scans. A folder (the tree that
// shared/bench/tree.sh lays out, unless told) beside node only reading it; a history that is made here, and every PATH that is
// a repository, beside `git log -p --all` and git only giving it away; second scans, which have the cache; trees and histories
// that grow. Peers that are on the PATH are measured, too. Rows take turns; medians. --profile leaves CPU profiles of one scan
// of each in DIR instead. Writes bench/speed.txt; the hook has a benchmark of its own (bench/hook.txt).
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { makeHistory, makeTree } from './made-data.mjs';
import { medians, memoryWatch, timed } from './measure.mjs';
import { bin, layOutTree, publish, root } from './run.mjs';

const { values: arg, positionals } = parseArgs({
  options: { shared: { type: 'string' }, runs: { type: 'string', default: '5' }, profile: { type: 'string' } },
  allowPositionals: true,
});
const runs = Number(arg.runs);
const scratch = mkdtempSync(join(tmpdir(), 'sss-speed-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));
const env = { ...process.env, SSS_CACHE_DIR: join(scratch, 'cache') };
const isRepository = (path) =>
  spawnSync('git', ['-C', path, 'rev-parse', '--git-dir'], { stdio: 'ignore' }).status === 0;
const given = positionals.map((path) => resolve(path));

/** Node reading every file of the folder as latin1, and nothing else: what no scanner in node can be faster than. */
const READ = `const { readdirSync, readFileSync } = require('node:fs');
let n = 0;
for (const one of readdirSync('.', { recursive: true, withFileTypes: true })) {
  if (one.isFile()) n += readFileSync(one.parentPath + '/' + one.name, 'latin1').length;
}`;
/** git listing the history and giving away what was written in it: no scanner that has it from git can be faster than that. */
const GIVE = `git rev-list --objects --all | git cat-file --buffer --batch-check='%(objecttype) %(objectname) %(rest)' |
awk '$1 != "tree" { print $2 }' | git cat-file --buffer --batch`;
const again = [process.execPath, bin, 'scan', '--quiet', '--format', 'jsonl'];
const scan = [...again, '--no-cache'];
/** Peers, as they scan a folder and a history offline. */
const PEERS = [
  [
    'kingfisher',
    ['scan', '.', '--git-history', 'none', '--no-validate', '--no-update-check'],
    ['scan', '.', '--git-history', 'full', '--no-validate', '--no-update-check'],
  ],
  ['betterleaks', ['dir', '.', '--no-banner'], ['git', '.', '--no-banner']],
  ['gitleaks', ['dir', '.', '--no-banner'], ['git', '.', '--no-banner']],
  ['noseyparker', ['scan', '.'], undefined],
  ['ripsecrets', ['.'], undefined],
].filter(([name]) => spawnSync(name, ['--version'], { stdio: 'ignore' }).error === undefined);

function treeRows(folder) {
  return [
    ['node, reading only', [process.execPath, '-e', READ], folder],
    ['scan, 1 thread', [...scan, '--threads', '1', '.'], folder],
    ['scan', [...scan, '.'], folder],
    ['scan, a second time', [...again, '.'], folder],
    ['scan --no-model', [...scan, '--no-model', '.'], folder],
    ...PEERS.map(([name, tree]) => [name, [name, ...tree], folder]),
  ];
}

function historyRows(folder) {
  return [
    ['git log -p --all', ['git', 'log', '-p', '--all'], folder],
    ['git, reading only', ['sh', '-c', GIVE], folder],
    ['scan, 1 thread', [...scan, '--history', '--threads', '1'], folder],
    ['scan', [...scan, '--history'], folder],
    ['scan, a second time', [...again, '--history'], folder],
    ...PEERS.flatMap(([name, , history]) => (history ? [[name, [name, ...history], folder]] : [])),
  ];
}

/** Medians of rows, beside the first. */
function table(rows, floor) {
  const measured = medians(rows, { runs, env });
  const ratio = (of, to) => (of / to).toFixed(2).padStart(12);
  return [
    `${'run'.padEnd(22)}   wall s    CPU s   wall and CPU beside ${floor}`,
    ...measured.map(({ name, wall, cpu }) => {
      const seconds = [wall, cpu].map((ms) => (ms / 1000).toFixed(2).padStart(8)).join(' ');
      return `${name.padEnd(22)} ${seconds} ${ratio(wall, measured[0].wall)} ${ratio(cpu, measured[0].cpu)}`;
    }),
    '',
  ];
}

/** Wall time and memory of one scan of what is made in each size. */
async function growth(make, args) {
  const lines = [];
  const watch = memoryWatch();
  for (const megabytes of [10, 100, 1000]) {
    const folder = join(scratch, 'made');
    mkdirSync(folder);
    await make({ folder, megabytes });
    const most = ['1', '2'].map((threads) => {
      const [node, ...rest] = scan;
      const command = [node, ...watch.args, ...rest, '--threads', threads, ...args];
      const { wall, cpu } = timed(command, { cwd: folder, env });
      return [threads, wall / 1000, cpu / 1000, watch.megabytes() ?? Number.NaN];
    });
    for (const [threads, wall, cpu, memory] of most)
      lines.push(
        `${String(megabytes).padStart(5)} MB, ${threads} threads ${wall.toFixed(1).padStart(8)} ${cpu.toFixed(1).padStart(8)} ${((1000 * cpu) / megabytes).toFixed(0).padStart(10)} ${memory.toFixed(0).padStart(8)}`,
      );
    rmSync(folder, { recursive: true });
  }
  watch.close();
  return [`${'size'.padEnd(19)}   wall s    CPU s  CPU ms/MB  most MB`, ...lines, ''];
}

const folders = given.filter((path) => !isRepository(path));
if (folders.length === 0) folders.push(layOutTree(arg.shared));
const history = join(scratch, 'history');
await makeHistory({ folder: history, megabytes: 100 });
const histories = [history, ...given.filter(isRepository)];

if (arg.profile !== undefined) {
  const to = resolve(arg.profile);
  for (const [cwd, more] of [
    ...folders.map((folder) => [folder, ['.']]),
    ...histories.map((one) => [one, ['--history']]),
  ]) {
    const profile = ['--cpu-prof', `--cpu-prof-dir=${to}`, ...scan.slice(1), '--threads', '1', ...more];
    spawnSync(process.execPath, profile, { cwd, env, stdio: 'ignore' });
  }
  console.log(`CPU profiles are in ${to}: load them in the developer tools of a browser`);
  process.exit(existsSync(to) ? 0 : 2);
}

const peers = PEERS.length === 0 ? 'none was there' : PEERS.map(([name]) => name).join(', ');
const commit = execFileSync('git', ['-C', root, 'rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
const lines = [
  `Default settings (with the model, all threads) at ${commit}; medians of ${runs} runs, taken in turns. The times are one machine's:`,
  `compare the ratios. Peers that were on the PATH: ${peers}. The hook is in bench/hook.txt.`,
  '',
];
for (const folder of folders) lines.push(`the folder ${basename(folder)}`, ...table(treeRows(folder), 'reading'));
for (const one of histories) {
  const what = one === history ? 'a history of 100 MB that is made for this' : basename(one);
  lines.push(
    `the history of ${what}`.replace('history of a history', 'history'),
    ...table(historyRows(one), 'git log'),
  );
}
lines.push('a tree that grows (one run each)', ...(await growth(async (of) => makeTree(of), ['.'])));
lines.push('a history that grows (one run each)', ...(await growth(makeHistory, ['--history'])));
publish('speed', lines);
