// npm run bench:hook: CPU and wall time of the pre-commit hook on one staged file, without and with a candidate, beside
// `node -e 0`, and what the hook loads on the way. Makes its own repositories. Writes bench/hook.txt.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { bin, publish, root } from './run.mjs';

const RUNS = 15;
const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null', NODE_OPTIONS: '' };

function repositoryWith(text) {
  const dir = mkdtempSync(join(tmpdir(), 'sss-hook-'));
  const git = (...args) => execFileSync('git', args, { cwd: dir, env, stdio: 'pipe' });
  git('init', '-q');
  writeFileSync(join(dir, 'settings.py'), text);
  git('add', '.');
  return dir;
}

/** Median wall and CPU milliseconds of `RUNS` runs after one warm-up; CPU of the process and its children. */
function measure(args, cwd) {
  const samples = [];
  for (let i = 0; i <= RUNS; i++) {
    // `times` counts what this shell's children used, in hundredths; `perf_hooks` of a child cannot see git's share.
    const script =
      'import resource,subprocess,sys,time\nt=time.perf_counter()\nsubprocess.run(sys.argv[1:],stdout=subprocess.DEVNULL,stderr=subprocess.DEVNULL)\nw=time.perf_counter()-t\nr=resource.getrusage(resource.RUSAGE_CHILDREN)\nprint(w*1000,(r.ru_utime+r.ru_stime)*1000)';
    const { stdout } = spawnSync('python3', ['-c', script, process.execPath, ...args], { cwd, env, encoding: 'utf8' });
    if (i > 0) samples.push(stdout.trim().split(' ').map(Number));
  }
  const median = (i) => samples.map((s) => s[i]).sort((a, b) => a - b)[RUNS >> 1];
  return { wall: median(0), cpu: median(1) };
}

const plain = 'import os\n\n\ndef area(width, height):\n    return width * height\n';
const password = ['xK9#mQ2v', 'Lp7!wR4z'].join('');
const dirs = { without: repositoryWith(plain), with: repositoryWith(`${plain}\n\npassword = "${password}"\n`) };
const floor = measure(['-e', '0'], root);
const rows = [
  ['node -e 0', floor],
  ['hook, no candidate', measure([bin, 'hook', 'run', 'pre-commit'], dirs.without)],
  ['hook, one finding', measure([bin, 'hook', 'run', 'pre-commit'], dirs.with)],
];
const lines = [
  `One staged file; medians of ${RUNS} runs. Times are this machine's; compare the ratios.`,
  '',
  'run                    wall ms   CPU ms   CPU / node -e 0',
  ...rows.map(
    ([name, t]) =>
      `${name.padEnd(22)} ${t.wall.toFixed(0).padStart(7)}  ${t.cpu.toFixed(0).padStart(7)}   ${(t.cpu / floor.cpu).toFixed(2).padStart(15)}`,
  ),
  '',
];
for (const [name, dir] of Object.entries(dirs)) {
  const loaded = loadedBy(dir);
  lines.push(
    `loaded, ${name === 'without' ? 'no candidate' : 'one finding'}: ${loaded.packages.length} packages (${loaded.packages.join(', ') || 'none'}), own files ${loaded.own.length}, ${loaded.kilobytes} kB:`,
  );
  lines.push(...loaded.own.map((file) => `  ${file}`), '');
}
publish('hook', lines);
for (const dir of Object.values(dirs)) rmSync(dir, { recursive: true });

/** Files that the hook imports, by the module loader's own account. */
function loadedBy(cwd) {
  const hooks = `import{registerHooks}from'node:module';import{appendFileSync}from'node:fs';`;
  void hooks;
  const { stderr } = spawnSync(process.execPath, [bin, 'hook', 'run', 'pre-commit'], {
    cwd,
    env: { ...env, NODE_DEBUG: 'esm,module' },
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  const files = new Set(
    [...stderr.matchAll(/file:\/\/(\/[^\s'",)]+\.(?:js|mjs|cjs|json))/g)].map((m) =>
      relative(root, decodeURIComponent(m[1])),
    ),
  );
  const own = [...files]
    .filter((f) => !f.startsWith('..') && !f.startsWith('node_modules') && f !== 'package.json')
    .sort();
  const packages = [
    ...new Set([...stderr.matchAll(/node_modules\/((?:@[\w.-]+\/)?[\w.-]+)/g)].map((m) => m[1])),
  ].sort();
  const kilobytes = Math.round(
    own.reduce(
      (sum, f) =>
        sum +
        execFileSync('wc', ['-c', join(root, f)], { encoding: 'utf8' })
          .split(' ')
          .map(Number)[0],
      0,
    ) / 1000,
  );
  return { own, packages, kilobytes };
}
