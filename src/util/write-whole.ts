import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeSync,
} from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { UserError } from './errors.ts';

const NEW = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL;

/**
 * Writes a file whole or not at all: beside it, onto the disk, and then in its place. A file that is there keeps its
 * owner and permissions, a link its target; whoever is killed in between leaves the old file as it was.
 * @param how.mode of the file, whatever the umask; absent: what it has, or the usual one
 * @param how.check is asked right before the file takes its place, and may throw to leave everything as it was
 * @throws what the file system throws
 */
export function writeWhole(
  file: string,
  content: string | Uint8Array,
  how: { mode?: number | undefined; check?: () => void } = {},
): void {
  const before = statSync(file, { throwIfNoEntry: false });
  const target = before ? realpathSync(file) : file;
  const fresh = join(dirname(target), `.${basename(target)}.${randomBytes(4).toString('hex')}.tmp`);
  try {
    const handle = openSync(fresh, NEW, before ? 0o600 : 0o666);
    try {
      writeAll(handle, Buffer.from(content));
      if (before) keepOwner(handle, before);
      const mode = how.mode ?? before?.mode;
      if (mode !== undefined) fchmodSync(handle, mode & 0o7777);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    how.check?.();
    renameSync(fresh, target);
  } catch (error) {
    rmSync(fresh, { force: true });
    throw error;
  }
}

/**
 * {@link writeWhole}, where the folders above the file may be missing.
 * @throws what the file system throws
 */
export function writeWithFolders(file: string, content: string | Uint8Array, how: { mode?: number } = {}): void {
  mkdirSync(dirname(file), { recursive: true });
  writeWhole(file, content, how);
}

function keepOwner(handle: number, { uid, gid }: Stats): void {
  const own = fstatSync(handle);
  if (own.uid !== uid || own.gid !== gid) fchownSync(handle, uid, gid);
}

/**
 * {@link writeWhole} for what a user has named: pipes and devices are written to directly, and what fails is said in words.
 * @throws UserError when that fails
 */
export async function writeFileWhole(file: string, content: string | Uint8Array, mode?: number): Promise<void> {
  try {
    const isSpecial = statSync(file, { throwIfNoEntry: false })?.isFile() === false;
    if (isSpecial) await writeFile(file, content);
    else writeWhole(file, content, { mode });
  } catch (cause) {
    throw new UserError(`cannot write ${file}: ${whyNotWritten(cause)}`, { cause });
  }
}

/** Writes all of `bytes` where the file stands: a single write may take only a part. */
export function writeAll(handle: number, bytes: Buffer): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(handle, bytes, at);
}

const REASONS: Record<string, string> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'the file may not become larger',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOENT: 'the folder is not there',
  ENOTDIR: 'its folder is a file',
  EISDIR: 'it is a folder',
  ELOOP: 'it is a symbolic link',
};

/** Of a failure to write what people need to know. */
export function whyNotWritten(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  return REASONS[code ?? ''] ?? code ?? 'unknown error';
}
