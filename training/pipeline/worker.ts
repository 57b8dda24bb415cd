import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { UserError } from '../../src/util/errors.ts';
import { writeWithFolders } from '../../src/util/write-whole.ts';
import { Interrupted } from './errors.ts';
import type { PipelineContext } from './step.ts';

/** How much of what a worker says on standard error is shown when it fails. */
const TAIL_LINES = 15;

/** One call of a worker script. */
export interface WorkerCall {
  readonly step: string;
  /** The program and all its arguments. */
  readonly command: readonly string[];
  /** File that everything it says is added to. */
  readonly log: string;
  readonly signal: AbortSignal;
  readonly cwd?: string | undefined;
  progress(done: number, total: number, text?: string): void;
  /** Told its process id, and undefined when it is gone. */
  onProcess?(pid: number | undefined): void;
}

/**
 * Runs the worker of a step that is told nothing but `settings`, which are kept with the run.
 * @param input.worker name of its script; that of the step unless told
 */
export async function runWorkerOf(input: {
  context: PipelineContext;
  step: string;
  worker?: string;
  settings: object;
}): Promise<void> {
  const { context, step, worker = step, settings } = input;
  const { paths, runDir, signal, progress } = context;
  const file = join(runDir, 'config', `${worker}.json`);
  writeWithFolders(file, `${JSON.stringify(settings, null, 2)}\n`);
  const script = join(paths.packageRoot, 'training', 'workers', `${worker}.py`);
  await runWorker({
    ...{ step, signal, progress },
    command: [await context.ensurePython(), script, '--run', runDir, '--config', file, '--json-progress'],
    log: join(runDir, 'logs', `${step}.log`),
  });
}

/**
 * Runs a worker until it ends. Its lines of JSON on standard output are progress; all else goes to the log. An abort is
 * handed on to it as SIGINT, and waited for: it keeps a checkpoint then.
 *
 * @throws UserError with what the worker said when it fails; Interrupted when it was stopped
 */
export async function runWorker(call: WorkerCall): Promise<void> {
  const { step, command, log, signal, progress, onProcess } = call;
  if (signal.aborted) throw new Interrupted();
  const sink = createWriteStream(log, { flags: 'a', mode: 0o600 });
  sink.on('error', () => {});
  const tail: string[] = [];
  // A group of its own: Ctrl-C in a terminal goes to the whole group, and the worker would be told twice.
  const child = spawn(command[0]!, command.slice(1), {
    cwd: call.cwd,
    detached: process.platform !== 'win32',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      PYTHONUNBUFFERED: '1',
      PYTHONHASHSEED: '0',
      PYTHONDONTWRITEBYTECODE: '1',
      TOKENIZERS_PARALLELISM: 'false',
      CUBLAS_WORKSPACE_CONFIG: ':4096:8',
    },
  });
  const stop = (): void => void child.kill('SIGINT');
  const kill = (): void => void child.kill('SIGKILL');
  signal.addEventListener('abort', stop, { once: true });
  process.once('exit', kill);
  onProcess?.(child.pid);
  createInterface({ input: child.stdout }).on('line', (line) => {
    const told = parseProgress(line);
    if (told) progress(told.done, told.total, told.text);
    else sink.write(`${line}\n`);
  });
  createInterface({ input: child.stderr }).on('line', (line) => {
    sink.write(`${line}\n`);
    tail.push(line);
    if (tail.length > TAIL_LINES) tail.shift();
  });
  try {
    const { code, killedBy } = await new Promise<{ code: number | null; killedBy: string | null }>(
      (resolve, reject) => {
        child.on('error', reject);
        child.on('close', (code, killedBy) => resolve({ code, killedBy }));
      },
    ).catch((error: NodeJS.ErrnoException) => {
      throw new UserError(`${command[0]} cannot be started: ${error.code ?? error.message}`, { cause: error });
    });
    if (code === 0) return;
    if (signal.aborted || code === 130) throw new Interrupted();
    throw failure({ step, code, killedBy, tail, log });
  } finally {
    signal.removeEventListener('abort', stop);
    process.off('exit', kill);
    onProcess?.(undefined);
    sink.end();
  }
}

function parseProgress(line: string): { done: number; total: number; text: string } | undefined {
  if (!line.startsWith('{"progress"')) return undefined;
  try {
    const { done, total, text } = (JSON.parse(line) as { progress: Record<string, unknown> }).progress;
    if (typeof done !== 'number' || typeof total !== 'number') return undefined;
    return { done, total, text: typeof text === 'string' ? text : '' };
  } catch {
    return undefined;
  }
}

function failure(input: {
  step: string;
  code: number | null;
  killedBy: string | null;
  tail: readonly string[];
  log: string;
}): UserError {
  const { step, code, killedBy, tail, log } = input;
  const said = tail.findLast((line) => line.startsWith('error: '));
  const hint = tail.findLast((line) => line.startsWith('hint: '));
  if (code === 2 && said !== undefined) {
    return new UserError(`${step}: ${said.slice(7)}`, { hint: hint?.slice(6) ?? `all it said is in ${log}` });
  }
  const how = killedBy === null ? `ended with exit code ${code}` : `was ended by ${killedBy}`;
  const last = tail.length === 0 ? '' : `; the last it said:\n${tail.map((line) => `  ${line}`).join('\n')}`;
  const full = tail.some((line) => /No space left on device|Errno 28/.test(line)) ? 'the disk is full: make room' : '';
  const memory = killedBy === 'SIGKILL' ? 'perhaps for want of memory: a smaller batch size takes less' : '';
  return new UserError(`${step} ${how}${last}`, {
    hint: [full, memory, `all it said is in ${log}; the same command goes on from here`].filter(Boolean).join('; '),
  });
}
