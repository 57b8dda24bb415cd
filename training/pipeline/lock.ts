import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '../../src/util/errors.ts';
import { isProcessAlive } from '../../src/util/process-alive.ts';

interface Owner {
  readonly host: string;
  readonly pid: number;
  /** When the process began, as the system counts: another process may get the same number later. */
  readonly began: string | null;
  readonly worker?: { readonly pid: number; readonly began: string | null } | undefined;
}

/** A run folder that is ours. */
export interface Lock {
  /** Writes down which worker is at work, so that whoever takes over after a crash can end it. */
  setWorker(pid: number | undefined): void;
  release(): void;
}

/**
 * Takes the run folder, so that no other process works in it. The lock of a process that is gone is taken over, and a
 * worker that it has left behind is ended.
 * @throws UserError when somebody else is at work
 */
export async function takeLock(runDir: string): Promise<Lock> {
  mkdirSync(runDir, { recursive: true });
  const path = join(runDir, 'lock');
  const me: Owner = { host: hostname(), pid: process.pid, began: beganAt(process.pid) };
  for (let tries = 0; ; tries++) {
    if (create(path, me)) break;
    const text = readIfThere(path);
    if (text === undefined) continue;
    const owner = parseOwner(text);
    if (tries > 20 || (owner && isHeld(owner))) throw heldBy(owner, path);
    if (owner?.host === me.host) await endWorker(owner);
    // Renamed first: of two that take over at the same time only one gets it.
    const stale = `${path}.${process.pid}.stale`;
    try {
      renameSync(path, stale);
      if (readFileSync(stale, 'utf8') !== text) linkBack(stale, path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    } finally {
      rmSync(stale, { force: true });
    }
  }
  const release = (): void => rmSync(path, { force: true });
  return {
    setWorker(pid) {
      writeFileSync(`${path}.${process.pid}`, text({ ...me, ...(pid === undefined ? {} : { worker: identity(pid) }) }));
      renameSync(`${path}.${process.pid}`, path);
    },
    release,
  };
}

/** A lock that was taken away from a process that is alive: a third one had been quicker. */
function linkBack(stale: string, path: string): void {
  try {
    linkSync(stale, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

function create(path: string, owner: Owner): boolean {
  // Linked when it is complete: nobody ever reads half a lock.
  const fresh = `${path}.${process.pid}`;
  writeFileSync(fresh, text(owner));
  try {
    linkSync(fresh, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(fresh, { force: true });
  }
}

const text = (owner: Owner): string => `${JSON.stringify(owner)}\n`;
const identity = (pid: number): { pid: number; began: string | null } => ({ pid, began: beganAt(pid) });

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function parseOwner(content: string): Owner | undefined {
  try {
    const owner = JSON.parse(content) as Owner;
    return typeof owner?.pid === 'number' && typeof owner.host === 'string' ? owner : undefined;
  } catch {
    return undefined;
  }
}

function isHeld(owner: Owner): boolean {
  // Of another machine nothing can be known.
  return owner.host !== hostname() || isAlive(owner);
}

function isAlive({ pid, began }: { pid: number; began: string | null }): boolean {
  if (!isProcessAlive(pid)) return false;
  const now = beganAt(pid);
  return began === null || now === null || began === now;
}

/** Start of a process in clock ticks since boot, where the system says (Linux); null elsewhere, and for zombies. */
function beganAt(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? 'ended' : (fields[19] ?? null);
  } catch {
    return null;
  }
}

async function endWorker({ worker }: Owner): Promise<void> {
  // Without its start there is no telling whether the number is still the worker's.
  if (!worker || worker.began === null) return;
  for (const [signal, wait] of [
    ['SIGTERM', 5000],
    ['SIGKILL', 2000],
  ] as const) {
    if (!isAlive(worker)) return;
    try {
      process.kill(worker.pid, signal);
    } catch {
      return;
    }
    for (let waited = 0; waited < wait && isAlive(worker); waited += 50) await sleep(50);
  }
}

function heldBy(owner: Owner | undefined, path: string): UserError {
  const who = owner ? `process ${owner.pid}${owner.host === hostname() ? '' : ` on ${owner.host}`}` : 'another process';
  return new UserError(`${who} is at work in this run`, {
    hint: `wait for it, or use another --run-id; if there is no such process, remove ${path}`,
  });
}
