// What the benchmarks share: the built command line, the labelled data beside the repository, results as text files.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
export const bin = join(root, 'bin', 'smart-secrets-scanner.js');

/** The folder of the labelled data; ends the process with a clear message where there is none. */
export function sharedFolder(given = join(root, '..', 'shared')) {
  if (existsSync(join(given, 'creddata', 'labels.csv'))) return given;
  console.error(`no labelled data in ${given}: give its folder as --shared DIR`);
  process.exit(2);
}

/** The folder of released packages that `shared/bench/tree.sh` lays out. */
export function layOutTree(given) {
  const dir = join(tmpdir(), 'sss-tree');
  const script = join(sharedFolder(given), 'bench', 'tree.sh');
  execFileSync('bash', [script, dir], { stdio: ['ignore', 'ignore', 'inherit'] });
  return dir;
}

/** Runs node on `args` and returns what it printed; `ok` are the exit codes that are no failure. */
export function node(args, { ok = [0], cwd = root } = {}) {
  const { status, stdout, stderr, error } = spawnSync(process.execPath, args, {
    cwd,
    encoding: 'utf8',
    maxBuffer: 1 << 30,
  });
  if (error || !ok.includes(status)) throw new Error(`node ${args.join(' ')} ended with ${status}: ${error ?? stderr}`);
  return stdout;
}

/** Scans `folder` with default settings (and `more` arguments) and writes the findings to `output` as JSON lines. */
export function scanTo({ folder, output, more = [] }) {
  node([bin, 'scan', '.', '--no-cache', '--format', 'jsonl', '--output', output, ...more], { cwd: folder, ok: [0, 1] });
}

/** Prints the lines and keeps them in `bench/NAME.txt`. */
export function publish(name, lines) {
  const text = `${lines.join('\n').trimEnd()}\n`;
  process.stdout.write(text);
  mkdirSync(join(root, 'bench'), { recursive: true });
  writeFileSync(join(root, 'bench', `${name}.txt`), text);
}
