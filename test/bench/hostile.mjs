// npm run bench:hostile [-- WORD]: time, memory and exit code of scans of inputs that are made to harm, and what they say was
// left out. Makes its inputs itself, up to 1 GB in the temporary folder, one at a time. Writes bench/hostile.txt, unless a
// WORD picks some of the rows; ends with 1 when a row takes more than 500 MB or its exit code is wrong.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HOSTILE } from './hostile-inputs.mjs';
import { memoryWatch } from './measure.mjs';
import { bin, publish } from './run.mjs';

const MOST_MB = 500;
const MOST_MINUTES = 10;
const picked = HOSTILE.filter(({ name }) => name.includes(process.argv[2] ?? ''));
const top = mkdtempSync(join(tmpdir(), 'sss-hostile-'));
const watch = memoryWatch();

/** One scan: seconds, megabytes of the scanner at their most, exit code, and the reasons for what was skipped. */
function measure({ args = [], make }, folder) {
  const output = join(top, 'report.json');
  mkdirSync(folder);
  make(folder);
  rmSync(output, { force: true });
  const started = performance.now();
  const { status, signal, stderr } = spawnSync(
    process.execPath,
    [...watch.args, bin, 'scan', ...args, '--no-cache', '--quiet', '--format', 'json', '--output', output],
    { cwd: folder, timeout: MOST_MINUTES * 60_000, killSignal: 'SIGKILL', encoding: 'utf8' },
  );
  const seconds = (performance.now() - started) / 1000;
  const skipped = existsSync(output) ? JSON.parse(readFileSync(output, 'utf8')).report.skipped : [];
  const reasons = skipped.map(({ reason }) => reason);
  return {
    seconds,
    megabytes: watch.megabytes(),
    exit: status ?? signal,
    said: [...new Set(reasons)].map((reason) => `${reasons.filter((one) => one === reason).length} × ${reason}`),
    error: existsSync(output) ? '' : stderr.trim().split('\n')[0],
  };
}

/** Some folders are too deep for Node, which names each file from the top; `rm` goes in. */
function remove(folder) {
  execFileSync('rm', ['-rf', folder]);
}

const lines = [
  'Scans of inputs that are made to harm: seconds (of one machine), megabytes of memory of the scanner at their most, exit',
  `code, and below what was reported as skipped, how often and why. A ! stands before what is over ${MOST_MB} MB or the wrong code.`,
  '',
  `${'input'.padEnd(42)}${'seconds'.padStart(8)}${'MB'.padStart(8)}${'exit'.padStart(8)}`,
];
const mark = (wrong, text) => `${wrong ? '!' : ''}${text}`.padStart(8);
try {
  for (const [i, row] of picked.entries()) {
    const folder = join(top, String(i));
    const { seconds, megabytes, exit, said, error } = measure(row, folder);
    const heavy = !(megabytes <= MOST_MB);
    if (heavy || exit !== row.exit) process.exitCode = 1;
    lines.push(
      `${row.name.padEnd(42)}${seconds.toFixed(1).padStart(8)}${mark(heavy, megabytes?.toFixed(0) ?? '?')}${mark(exit !== row.exit, exit)}`,
      ...[...said, ...(error ? [error] : [])].map((line) => `    ${line}`),
    );
    console.error(`${i + 1} of ${picked.length}: ${row.name}`);
    remove(folder);
  }
} finally {
  watch.close();
  remove(top);
}
if (process.argv[2] === undefined) publish('hostile', lines);
else console.log(lines.join('\n'));
