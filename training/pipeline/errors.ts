import { UserError } from '../../src/util/errors.ts';

export { ContractError } from '../data/creddata.ts';

/** The user stopped the run. */
export class Interrupted extends Error {
  override name = 'Interrupted';
}

const DISK: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOTDIR: 'a file is where a folder should be',
  EEXIST: 'a file is where a folder should be',
};

/** Errors of the disk as something that the user can do something about; all others stay what they are. */
export function diskError(error: unknown): unknown {
  const { code, path } = (error instanceof Error ? error : {}) as NodeJS.ErrnoException;
  const why = code === undefined || error instanceof UserError ? undefined : DISK[code];
  if (why === undefined) return error;
  return new UserError(`cannot use ${path ?? 'the files of the run'}: ${why}`, {
    hint: 'make room, or name another folder with --artifact-root, and run the same command again',
    cause: error,
  });
}
