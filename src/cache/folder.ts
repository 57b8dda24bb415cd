import { existsSync, lstatSync, mkdirSync, type Stats } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join, resolve } from 'node:path';

const NAME = 'smart-secrets-scanner';

/**
 * The folder of what is remembered: `SSS_CACHE_DIR`, else the usual place of the system; undefined where there is no home.
 */
export function cacheFolder(
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): string | undefined {
  if (env.SSS_CACHE_DIR) return resolve(env.SSS_CACHE_DIR);
  if (platform === 'win32' && env.LOCALAPPDATA) return join(env.LOCALAPPDATA, NAME, 'Cache');
  const { XDG_CACHE_HOME: usual } = env;
  // A relative one is to be ignored, says the standard.
  if (platform !== 'darwin' && usual && isAbsolute(usual)) return join(usual, NAME);
  const home = homeFolder();
  return home && join(home, platform === 'darwin' ? 'Library/Caches' : '.cache', NAME);
}

function homeFolder(): string | undefined {
  try {
    return homedir() || undefined;
  } catch {
    return undefined;
  }
}

/**
 * Makes the folder where it is missing.
 * @returns why it cannot be used, if so
 */
export function openFolder(folder: string): string | undefined {
  try {
    makeFolder(folder);
    const stats = lstatSync(folder);
    if (!stats.isDirectory()) return 'it is no folder';
    return isOurs(stats) ? undefined : 'it belongs to somebody else, or others may write to it';
  } catch (error) {
    return reasonOf(error);
  }
}

/** One folder after the other: where nothing can be made (`/proc`), `recursive` of Node.js tries for ever. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  if (dirname(folder) !== folder) makeFolder(dirname(folder));
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    // Another scan was faster.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/** What somebody else may have written could say that a secret is clean. */
export function isOurs({ uid, mode }: Pick<Stats, 'uid' | 'mode'>): boolean {
  return process.getuid === undefined || (uid === process.getuid() && (mode & 0o022) === 0);
}

/** Of a failure of the file system what people need to know. */
export function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code ?? message;
}
