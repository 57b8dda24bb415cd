import { randomBytes } from 'node:crypto';
import { closeSync, openSync, readFileSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import { UserError } from '../util/errors.ts';
import { isProcessAlive } from '../util/process-alive.ts';

/** A lock is held for the time of one write: one that is older has been left behind. */
const STALE_MS = 30_000;
/** One without a name is that of a process that was killed before it wrote it, or found the disk full. */
const NAMELESS_STALE_MS = 2_000;
const LONGEST_WAIT_MS = 40_000;
const LOOK_AGAIN_MS = 20;

/**
 * Does `work` while no other process that asks for the same lock does. The lock of a process that was killed is taken over.
 * @throws UserError when others hold it all the time; what the file system throws
 */
export async function withLock<T>(file: string, work: () => T | Promise<T>): Promise<T> {
  const lock = `${file}.lock`;
  const mine = `${process.pid} ${hostname()} ${randomBytes(8).toString('hex')}\n`;
  for (const until = Date.now() + LONGEST_WAIT_MS; !take(lock, mine); ) {
    if (removeStale(lock)) continue;
    if (Date.now() > until) {
      throw new UserError(`another process keeps ${lock}`, { hint: 'if none is running, remove that file' });
    }
    await setTimeout(LOOK_AGAIN_MS);
  }
  try {
    return await work();
  } finally {
    // Empty: on a full disk there was no room for the name.
    if ([mine, ''].includes(textOf(lock) ?? mine)) rmSync(lock, { force: true });
  }
}

function take(lock: string, mine: string): boolean {
  let handle: number;
  try {
    handle = openSync(lock, 'wx', 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
  try {
    writeSync(handle, mine);
  } catch {
    // On a full disk the lock stays empty: it holds all the same.
  } finally {
    closeSync(handle);
  }
  return true;
}

/** Moves a lock out of the way that nobody holds any more. True: somebody did, and it is worth trying again. */
function removeStale(lock: string): boolean {
  const text = textOf(lock);
  if (text === undefined) return true;
  const stats = statSync(lock, { throwIfNoEntry: false });
  const isOld = stats !== undefined && Date.now() - stats.mtimeMs > (text === '' ? NAMELESS_STALE_MS : STALE_MS);
  const [pid = '', host] = text.split(' ');
  if (!isOld && (host !== hostname() || isProcessAlive(Number(pid)))) return false;
  const aside = `${lock}.${randomBytes(4).toString('hex')}`;
  try {
    renameSync(lock, aside);
    // Between the look and the move it may have become somebody else's.
    if (textOf(aside) === text) rmSync(aside, { force: true });
    else renameSync(aside, lock);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  return true;
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
