// npm run bench:hook: CPU and wall time of the pre-commit hook on one staged file, without and with a candidate, beside
// `node -e 0`, and what the hook loads on the way. Makes its own repositories; needs bash. Writes bench/hook.txt.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from '../../scripts/bundle.mjs';
import { medians } from './measure.mjs';
import { bin, publish, root } from './run.mjs';

const RUNS = 21;
const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null', NODE_OPTIONS: '' };
const hook = [bin, 'hook', 'run', 'pre-commit'];

function repositoryWith(text) {
  const dir = mkdtempSync(join(tmpdir(), 'sss-hook-'));
  const git = (...args) => execFileSync('git', args, { cwd: dir, env, stdio: 'pipe' });
  git('init', '-q');
  writeFileSync(join(dir, 'settings.py'), text);
  git('add', '.');
  return dir;
}

/** Files that a hook run loads, by V8's own account, and their size in bytes. */
function loadedBy(cwd) {
  const coverage = mkdtempSync(join(tmpdir(), 'sss-loaded-'));
  spawnSync(process.execPath, hook, { cwd, env: { ...env, NODE_V8_COVERAGE: coverage }, stdio: 'ignore' });
  const files = readdirSync(coverage)
    .flatMap((name) => JSON.parse(readFileSync(join(coverage, name), 'utf8')).result)
    .map(({ url }) => url)
    .filter((url) => url.startsWith('file:'))
    .map((url) => fileURLToPath(url));
  rmSync(coverage, { recursive: true });
  return { files, bytes: files.reduce((sum, file) => sum + statSync(file).size, 0) };
}

const bundles = await bundle({ outdir: join(root, 'dist'), write: false });
const outputs = { ...bundles.modules.metafile.outputs, ...bundles.hook.metafile.outputs };
const plain = 'import os\n\n\ndef area(width, height):\n    return width * height\n';
const password = ['xK9#mQ2v', 'Lp7!wR4z'].join('');
const without = repositoryWith(plain);
const withOne = repositoryWith(`${plain}\n\npassword = "${password}"\n`);
const rows = medians(
  [
    ['node -e 0', [process.execPath, '-e', '0'], root],
    ['hook, no candidate', [process.execPath, ...hook], without],
    ['hook, one finding', [process.execPath, ...hook], withOne],
  ],
  { runs: RUNS, env },
);
const floor = rows[0].cpu;
publish('hook', [
  `One staged file; medians of ${RUNS} runs, taken in turns. The times are one machine's: compare the ratios.`,
  '',
  'run                   wall ms   CPU ms   CPU / node -e 0',
  ...rows.map(
    ({ name, wall, cpu }) =>
      `${name.padEnd(20)} ${wall.toFixed(0).padStart(8)} ${cpu.toFixed(0).padStart(8)} ${(cpu / floor).toFixed(2).padStart(17)}`,
  ),
  '',
  ...[without, withOne].flatMap((dir, i) => {
    const { files, bytes } = loadedBy(dir);
    const own = files.map((file) => relative(root, file));
    const packages = own.filter((file) => file.startsWith('node_modules') || file.startsWith('..'));
    return [
      `${rows[i + 1].name}: ${files.length} files, ${Math.round(bytes / 1000)} kB; of packages: ${packages.join(', ') || 'none'}. Made of:`,
      ...sourcesOf(own),
      '',
    ];
  }),
]);
for (const dir of [without, withOne]) rmSync(dir, { recursive: true });

/** The source files that built files are made of, a line a folder, with what they weigh in the bundle. */
function sourcesOf(built) {
  const folders = new Map();
  for (const file of built) {
    for (const [input, { bytesInOutput }] of Object.entries(outputs[file]?.inputs ?? {})) {
      const folder = folders.get(dirname(input)) ?? { names: [], bytes: 0 };
      folders.set(dirname(input), folder);
      folder.names.push(basename(input, '.ts'));
      folder.bytes += bytesInOutput;
    }
  }
  return [...folders]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([folder, { names, bytes }]) => `  ${folder} (${(bytes / 1000).toFixed(1)} kB): ${names.sort().join(' ')}`);
}
