// What the benchmarks measure with: time as bash accounts it, memory as Linux does.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Milliseconds of one run of a program, wall and CPU: its own and that of what it starts, as bash accounts them. */
export function timed(command, { cwd, env = process.env }) {
  const script = 'TIMEFORMAT="%3R %3U %3S"; time "$@" >/dev/null 2>&1';
  const { stderr } = spawnSync('bash', ['-c', script, 'bash', ...command], { cwd, env, encoding: 'utf8' });
  const [wall, user, system] = stderr
    .trim()
    .split(' ')
    .map((seconds) => Number(seconds) * 1000);
  return { wall, cpu: user + system };
}

/** Medians of all rows `[name, command, cwd]`; the rows take turns, so that a busy machine is busy for all of them. */
export function medians(rows, { runs, env }) {
  const samples = rows.map(() => []);
  for (let run = 0; run <= runs; run++) {
    rows.forEach(([, command, cwd], i) => {
      const sample = timed(command, { cwd, env });
      // The first fills the caches of the machine.
      if (run > 0) samples[i].push(sample);
    });
  }
  const median = (list, key) => list.map((sample) => sample[key]).sort((a, b) => a - b)[runs >> 1];
  return rows.map(([name], i) => ({ name, wall: median(samples[i], 'wall'), cpu: median(samples[i], 'cpu') }));
}

/**
 * Arguments of node that have a program leave its memory at its most in a file.
 * @returns the arguments, and a function that gives the megabytes of the run before and forgets them
 */
export function memoryWatch() {
  const dir = mkdtempSync(join(tmpdir(), 'sss-memory-'));
  const memory = join(dir, 'memory.txt');
  const watch = join(dir, 'watch.mjs');
  writeFileSync(
    watch,
    // What node gives counts the process that this one was started from, too; Linux knows better.
    `import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';
const status = existsSync('/proc/self/status') ? '/proc/self/status' : undefined;
const most = () => status ? /VmHWM:\\s*(\\d+)/.exec(readFileSync(status, 'utf8'))[1] : process.resourceUsage().maxRSS;
if (isMainThread) process.on('exit', () => writeFileSync(${JSON.stringify(memory)}, String(most())));\n`,
  );
  return {
    args: ['--import', pathToFileURL(watch).href],
    megabytes() {
      const found = existsSync(memory) ? Number(readFileSync(memory, 'utf8')) / 1000 : undefined;
      rmSync(memory, { force: true });
      return found;
    },
    close: () => rmSync(dir, { recursive: true, force: true }),
  };
}
