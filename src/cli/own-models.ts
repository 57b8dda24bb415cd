import { readFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { UserError } from '../util/errors.ts';
import { localStore } from '../util/local-store.ts';

/** Names the model that `sss model use` has chosen for a clone: a folder of `models` beside it, or an absolute path. */
const POINTER = 'model';

/** The folder that keeps the models of a clone; undefined outside of a repository. */
export function ownModels(cwd: string): string | undefined {
  const store = localStore(cwd);
  return store && join(store, 'models');
}

/** The file that names the model in use; undefined outside of a repository. */
export function modelPointer(cwd: string): string | undefined {
  const store = localStore(cwd);
  return store && join(store, POINTER);
}

/** The folder of the model that `sss model use` has chosen; undefined: none, so that the shipped one judges. */
export function chosenModel(cwd: string): string | undefined {
  const store = localStore(cwd);
  if (store === undefined) return undefined;
  try {
    const chosen = readFileSync(join(store, POINTER), 'utf8').trim();
    if (chosen === '') return undefined;
    return isAbsolute(chosen) ? chosen : join(store, 'models', chosen);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new UserError(`cannot read which model to use from ${join(store, POINTER)} (${code})`, {
      hint: 'sss model use shipped',
      cause,
    });
  }
}
