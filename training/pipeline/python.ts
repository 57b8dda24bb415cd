import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { UserError } from '../../src/util/errors.ts';
import { Interrupted } from './errors.ts';

/** The oldest Python that the packages install on. */
const OLDEST = [3, 11] as const;
const NAMES = ['python3', 'python3.13', 'python3.12', 'python3.11', 'python3.14', 'python'];

/** A Python that can be called. */
export interface Python {
  readonly path: string;
  /** `3.12.4` */
  readonly version: string;
}

/** Asks an interpreter who it is; undefined when it cannot be started or is no Python 3. */
function askPython(command: string): Python | undefined {
  const code = 'import platform, sys; print(sys.executable); print(platform.python_version())';
  const { status, stdout } = spawnSync(command, ['-I', '-c', code], { encoding: 'utf8', timeout: 60_000 });
  if (status !== 0) return undefined;
  const [path, version] = stdout.trim().split(/\r?\n/);
  return path && version ? { path, version } : undefined;
}

/**
 * Finds a Python that is new enough: the one that is named, else the first on the PATH.
 * @throws UserError when there is none
 */
export function findPython(named: string | undefined): Python {
  const found = (named === undefined ? NAMES : [named]).flatMap((name) => askPython(name) ?? []);
  const good = found.find(({ version }) => isNewEnough(version));
  if (good) return good;
  const least = OLDEST.join('.');
  const seen = found[0];
  const problem = seen
    ? `${seen.path} is Python ${seen.version}`
    : named
      ? `${named} is no Python`
      : 'there is no Python';
  throw new UserError(`${problem}, and training needs Python ${least} or newer`, {
    hint: `install Python ${least} or newer, or name one with --python`,
  });
}

function isNewEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
}

/** The packages that a requirements file pins, and those of the files it refers to: name → version. */
export function requirementsOf(path: string): Record<string, string> {
  if (!existsSync(path)) throw new UserError(`this installation lacks ${path}`, { hint: 'install the package again' });
  const pins: Record<string, string> = {};
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    const [, other] = /^(?:-r|--requirement)[ =]+(\S+)/.exec(line) ?? [];
    if (other !== undefined) Object.assign(pins, requirementsOf(join(dirname(path), other)));
    const [, name, version] = /^([A-Za-z0-9][\w.-]*)(?:\[[^\]]*\])?\s*==\s*([^\s;#]+)/.exec(line) ?? [];
    if (name !== undefined) pins[name] = version!;
  }
  return pins;
}

/** Which versions of packages an interpreter has; null: it lacks the package. Nothing is imported. */
export function packageVersions(python: string, names: readonly string[]): Record<string, string | null> {
  const code = `import json, sys
from importlib import metadata
def version(name):
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None
print(json.dumps({name: version(name) for name in sys.argv[1:]}))`;
  const { status, stdout } = spawnSync(python, ['-I', '-c', code, ...names], { encoding: 'utf8', timeout: 120_000 });
  if (status !== 0) return Object.fromEntries(names.map((name) => [name, null]));
  return JSON.parse(stdout) as Record<string, string | null>;
}

/** What a program has said when it ended. */
export interface Said {
  readonly code: number | null;
  /** The end of standard output and standard error. */
  readonly tail: string;
}

/**
 * Runs a program to its end and hands on each line it prints.
 * @throws Interrupted when `signal` is aborted: the program is ended
 */
export async function runProgram(input: {
  command: readonly string[];
  signal: AbortSignal;
  cwd?: string | undefined;
  onLine?: (line: string) => void;
}): Promise<Said> {
  const { command, signal, cwd, onLine } = input;
  if (signal.aborted) throw new Interrupted();
  const child = spawn(command[0]!, command.slice(1), { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  const stop = (): void => void child.kill('SIGTERM');
  signal.addEventListener('abort', stop, { once: true });
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line);
      if (lines.length > 40) lines.shift();
      onLine?.(line);
    });
  }
  try {
    const code = await new Promise<number | null>((resolve) => {
      child.on('error', (error: NodeJS.ErrnoException) => {
        lines.push(`${command[0]} cannot be started: ${error.code ?? error.message}`);
        resolve(null);
      });
      child.on('close', resolve);
    });
    if (signal.aborted) throw new Interrupted();
    return { code, tail: lines.join('\n') };
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

const OFFLINE =
  /name resolution|getaddrinfo|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH|ConnectTimeout|NewConnectionError|ConnectionError|Network is unreachable|Max retries exceeded|Connection refused|Could not reach|LocalEntryNotFound|OfflineMode|ENOTCACHED/i;

/** Whether what a download tool said sounds like a machine without a network. */
export function soundsOffline(text: string): boolean {
  return OFFLINE.test(text);
}
