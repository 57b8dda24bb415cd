import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { Readable } from 'node:stream';
import { UserError } from './errors.ts';

/** One run of git. `args` start with the subcommand; options that make git predictable are put in front of it. */
export interface GitCall {
  cwd: string;
  args: readonly string[];
  /** What git reads from standard input; a failure of the iterable fails the call. */
  input?: string | Buffer | AsyncIterable<string | Buffer>;
  signal?: AbortSignal | undefined;
  /** Forget the repository that the environment names (set by git in hooks): `cwd` lies in another one. */
  foreign?: boolean;
  /** Called with what a run that succeeded wrote to standard error, if anything. */
  onWarnings?(text: string): void;
}

/** What a finished run of git left, whatever its exit code. */
export interface GitOutcome {
  code: number;
  stdout: Buffer;
  stderr: string;
}

/** git ran and failed. `stderr` is git's own English text, cut to a few kilobytes. */
export class GitError extends Error {
  override name = 'GitError';
  readonly code: number;
  readonly stderr: string;

  constructor(args: readonly string[], outcome: { code: number; stderr: string }) {
    // What comes before the fatal line are warnings, and its causes in git's own terms.
    const lines = outcome.stderr.split('\n').filter((line) => /\S/.test(line));
    const said = lines.find((line) => line.startsWith('fatal: ')) ?? lines[0] ?? 'without a message';
    super(`git ${args[0]} failed (exit code ${outcome.code}): ${said}`);
    this.code = outcome.code;
    this.stderr = outcome.stderr;
  }
}

// Names are always quoted, so that no path can pass for another line; replace refs could hide an object; the file
// system monitor is a program that a repository names, and listing files must not start programs.
const PREDICTABLE = ['--no-replace-objects', '-c', 'core.quotePath=true', '-c', 'core.fsmonitor=false'];
const STDERR_LIMIT = 8192;
const OVERRIDES = [
  ...['GIT_DIFF_OPTS', 'GIT_EXTERNAL_DIFF', 'GIT_LITERAL_PATHSPECS', 'GIT_GLOB_PATHSPECS'],
  ...['GIT_NOGLOB_PATHSPECS', 'GIT_ICASE_PATHSPECS'],
];
/** Variables that tie git to one repository (`git rev-parse --local-env-vars`, those that are not configuration). */
const LOCAL_VARIABLES = [
  ...['GIT_DIR', 'GIT_WORK_TREE', 'GIT_INDEX_FILE', 'GIT_PREFIX', 'GIT_COMMON_DIR', 'GIT_OBJECT_DIRECTORY'],
  ...['GIT_ALTERNATE_OBJECT_DIRECTORIES', 'GIT_GRAFT_FILE', 'GIT_SHALLOW_FILE', 'GIT_INTERNAL_SUPER_PREFIX'],
];

/**
 * Runs git and yields its standard output as it comes, with back-pressure. The process is killed when the consumer
 * stops early and when the signal fires (the signal's reason is thrown then).
 *
 * @throws GitError when git exits with a code other than 0; UserError when git is not installed.
 */
export async function* streamGit(call: GitCall): AsyncGenerator<Buffer, void> {
  const run = startGit(call);
  try {
    for await (const chunk of run.child.stdout!) yield chunk as Buffer;
    const { code, stderr } = await run.outcome();
    if (code !== 0) throw new GitError(call.args, { code, stderr });
    if (stderr) call.onWarnings?.(stderr);
  } finally {
    run.stop();
  }
}

/** Runs git to its end and returns what it left; exit codes are the caller's to judge. */
export async function runGit(call: GitCall): Promise<GitOutcome> {
  const run = startGit(call);
  try {
    const chunks: Buffer[] = [];
    for await (const chunk of run.child.stdout!) chunks.push(chunk as Buffer);
    return { ...(await run.outcome()), stdout: Buffer.concat(chunks) };
  } finally {
    run.stop();
  }
}

/** So much of its output is taken from a git that is waited for. */
const MOST_AT_ONCE = 4 << 20;

/**
 * Runs git to its end while everything else waits, which takes half the work of {@link runGit}: for what is short.
 * @returns undefined when the output is long, and when git could not be started or was stopped: ask {@link streamGit}
 */
export function runShortGit({ cwd, args }: Pick<GitCall, 'cwd' | 'args'>): GitOutcome | undefined {
  const { status, stdout, stderr, error } = spawnSync('git', [...PREDICTABLE, ...args], {
    cwd,
    env: gitEnvironment(false),
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
    maxBuffer: MOST_AT_ONCE,
  });
  if (error || status === null) return undefined;
  return { code: status, stdout, stderr: stderr.toString('utf8').slice(0, STDERR_LIMIT) };
}

interface Run {
  child: ChildProcess;
  /** Waits for the end of the process and of its input. */
  outcome(): Promise<{ code: number; stderr: string }>;
  stop(): void;
}

function startGit({ cwd, args, input, signal, foreign = false }: GitCall): Run {
  signal?.throwIfAborted();
  const child = spawn('git', [...PREDICTABLE, ...args], {
    cwd,
    env: gitEnvironment(foreign),
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    windowsHide: true,
  });
  let stderr = '';
  let failure: unknown;
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    if (stderr.length < STDERR_LIMIT) stderr += text.slice(0, STDERR_LIMIT - stderr.length);
  });
  const closed = new Promise<number>((done) => {
    child.once('error', (error) => {
      failure ??= startFailure(error, cwd);
      done(-1);
    });
    child.once('close', (code) => done(code ?? -1));
  });
  const fed = input === undefined ? Promise.resolve() : feed(child, input).catch((error) => void (failure ??= error));
  const stop = () => {
    signal?.removeEventListener('abort', stop);
    child.stdin?.destroy();
    if (child.exitCode === null && child.signalCode === null) child.kill();
  };
  signal?.addEventListener('abort', stop, { once: true });
  return {
    child,
    stop,
    async outcome() {
      const code = await closed;
      // git is gone, so whatever still waits to be written never will be.
      child.stdin?.destroy();
      await fed;
      signal?.throwIfAborted();
      if (failure !== undefined) throw failure;
      return { code, stderr };
    },
  };
}

async function feed(child: ChildProcess, input: NonNullable<GitCall['input']>): Promise<void> {
  if (typeof input === 'string' || Buffer.isBuffer(input)) {
    // A git that stopped reading says why by its exit code.
    child.stdin!.on('error', () => undefined).end(input);
    return;
  }
  const { pipeline } = await import('node:stream/promises');
  let failure: unknown;
  const items = input[Symbol.asyncIterator]();
  // Failures are noted where they arise: the stream made of the items fails, too, when git has gone away. It has no
  // `throw`, by which such an error would come back through the items.
  const noted = {
    next: () =>
      items.next().catch((error) => {
        failure = error;
        child.kill();
        throw error;
      }),
    return: async () => (await items.return?.()) ?? { done: true as const, value: undefined },
    [Symbol.asyncIterator]: () => noted,
  };
  try {
    await pipeline(Readable.from(noted), child.stdin!);
  } catch {
    // As above; only what went wrong on our side is news.
    if (failure !== undefined) throw failure;
  }
}

function gitEnvironment(foreign: boolean): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    // Messages are matched, and a scan takes no locks, asks nothing and fetches nothing.
    LC_ALL: 'C',
    LANGUAGE: '',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_TERMINAL_PROMPT: '0',
    GIT_NO_LAZY_FETCH: '1',
    // For versions that do not know the line above: no transport, no fetching.
    GIT_ALLOW_PROTOCOL: 'none',
  };
  // These change what diffs look like, and how `.` is read.
  for (const name of OVERRIDES) delete env[name];
  if (foreign) for (const name of LOCAL_VARIABLES) delete env[name];
  for (const name of ['GIT_DIR', 'GIT_WORK_TREE'] as const) if (env[name]) env[name] = resolve(env[name]);
  return env;
}

function startFailure(error: NodeJS.ErrnoException, cwd: string): Error {
  if (!existsSync(cwd)) return new UserError(`no such folder: ${cwd}`, { cause: error });
  if (error.code !== 'ENOENT') return error;
  return new UserError('git was not found', {
    hint: 'install git (https://git-scm.com/downloads) and make sure that it is on the PATH',
    cause: error,
  });
}
