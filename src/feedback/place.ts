import { hash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from '../cache/folder.ts';
import { UserError } from '../util/errors.ts';
import { localStore } from '../util/local-store.ts';

const NAME = 'feedback.jsonl';

/**
 * Where the decisions on a folder are kept: in the git directory that all its work trees share, so that they are never
 * committed; outside git in the folder of the cache.
 * @throws UserError outside git, where there is no home
 */
export function feedbackFile(root: string): string {
  const file = placeForFeedback(root);
  if (file !== undefined) return file;
  throw new UserError('there is no place for decisions: this is no git repository, and no home is known', {
    hint: 'name a file with --feedback FILE',
  });
}

/** {@link feedbackFile} for those who only read it; undefined where there is no place for it. */
export function placeForFeedback(root: string): string | undefined {
  const store = localStore(root);
  if (store !== undefined) return join(store, NAME);
  const folder = cacheFolder();
  return folder && join(folder, `${hash('sha256', realpathSync(root)).slice(0, 32)}-${NAME}`);
}
