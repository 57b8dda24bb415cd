// npm run bench:hook: CPU and wall time of the installed pre-commit hook on one staged file, without a candidate, with one
// and with ten of which three go to the language model, beside `node -e 0` and those peers that are on the PATH; and what the
// hook loads on the way. Makes its own repositories; needs bash. Writes bench/hook.txt.
import { execFileSync, spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from '../../scripts/bundle.mjs';
import { textWith } from './hook-lines.mjs';
import { medians } from './measure.mjs';
import { bin, publish, root } from './run.mjs';

const RUNS = 21;
const person = (role) => ({ [`GIT_${role}_NAME`]: 'Ada', [`GIT_${role}_EMAIL`]: 'ada@example.com' });
const env = {
  ...process.env,
  ...person('AUTHOR'),
  ...person('COMMITTER'),
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_SYSTEM: '/dev/null',
  NODE_OPTIONS: '',
};
const installed = [join('.git', 'hooks', 'pre-commit')];
const PEERS = [
  ['gitleaks', ['git', '--pre-commit', '--staged', '--no-banner', '.']],
  ['kingfisher', ['scan', '.', '--staged', '--quiet', '--no-validate', '--no-update-check']],
].filter(([name]) => spawnSync(name, ['--version'], { env, stdio: 'ignore' }).status === 0);

/** A repository with one commit, the scanner as `npm install` of it and `sss hook install` leave it, and a staged file. */
function repositoryWith(text) {
  const dir = mkdtempSync(join(tmpdir(), 'sss-hook-'));
  const git = (...args) => execFileSync('git', args, { cwd: dir, env, stdio: 'pipe' });
  git('init', '-q');
  writeFileSync(join(dir, '.gitignore'), 'node_modules/\n');
  git('add', '.');
  git('commit', '-q', '-m', 'Start');
  mkdirSync(join(dir, 'node_modules'));
  symlinkSync(root, join(dir, 'node_modules', 'smart-secrets-scanner'));
  execFileSync(process.execPath, [bin, 'hook', 'install'], { cwd: dir, env, stdio: 'pipe' });
  writeFileSync(join(dir, 'settings.py'), text);
  git('add', '.');
  return dir;
}

/** Files that a hook run loads, by V8's own account, and their size in bytes. */
function loadedBy(cwd) {
  const coverage = mkdtempSync(join(tmpdir(), 'sss-loaded-'));
  spawnSync(process.execPath, [bin, 'hook', 'run', 'pre-commit'], {
    cwd,
    env: { ...env, NODE_V8_COVERAGE: coverage },
    stdio: 'ignore',
  });
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
const places = [
  ['no candidate', repositoryWith(plain)],
  ['one finding', repositoryWith(`${plain}\n\npassword = "${password}"\n`)],
  ['ten candidates', repositoryWith(textWith({ candidates: 10, inBand: 3 }))],
];
const commands = [['hook', installed], ...PEERS.map(([name, args]) => [name, [name, ...args]])];
const rows = medians(
  [
    ['node -e 0', [process.execPath, '-e', '0'], root],
    ...commands.flatMap(([name, command]) => places.map(([what, dir]) => [`${name}, ${what}`, command, dir])),
  ],
  { runs: RUNS, env },
);
const floor = rows[0].cpu;
publish('hook', [
  `The installed hook, one staged file; medians of ${RUNS} runs, taken in turns. Of the ten candidates three go to the language`,
  "model. The times are one machine's: compare the ratios. Peers are those that were on the PATH.",
  '',
  'run                           wall ms   CPU ms   CPU / node -e 0',
  ...rows.map(
    ({ name, wall, cpu }) =>
      `${name.padEnd(28)} ${wall.toFixed(0).padStart(8)} ${cpu.toFixed(0).padStart(8)} ${(cpu / floor).toFixed(2).padStart(17)}`,
  ),
  '',
  ...places.flatMap(([what, dir]) => {
    const { files, bytes } = loadedBy(dir);
    const packages = new Set(files.flatMap((file) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? []));
    return [
      `${what}: ${files.length} files, ${Math.round(bytes / 1000)} kB; of packages: ${[...packages].join(', ') || 'none'}`,
      '',
    ];
  }),
  'dist/hook.cjs is made of:',
  ...sourcesOf([join('dist', 'hook.cjs')]),
]);
for (const [, dir] of places) rmSync(dir, { recursive: true });

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
