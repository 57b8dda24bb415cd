import { hash } from 'node:crypto';
import { readFileSync, realpathSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { cacheFolder } from '../cache/folder.ts';
import { openRepository } from '../sources/repository.ts';
import { UserError } from '../util/errors.ts';

const NAME = 'feedback.jsonl';

/**
 * Where the decisions on a folder are kept: in the git directory that all its work trees share, so that they are never
 * committed; outside git in the folder of the cache.
 * @throws UserError outside git, where there is no home
 */
export async function feedbackFile(root: string): Promise<string> {
  const repository = await openRepository(root);
  if (repository) return join(commonFolder(repository.gitDir), 'smart-secrets-scanner', NAME);
  const folder = cacheFolder();
  if (folder !== undefined) return join(folder, `${hash('sha256', realpathSync(root)).slice(0, 32)}-${NAME}`);
  throw new UserError('there is no place for decisions: this is no git repository, and no home is known', {
    hint: 'name a file with --feedback FILE',
  });
}

/** The git directory of the repository, of which a further work tree has only a part of its own. */
function commonFolder(gitDir: string): string {
  try {
    return resolve(gitDir, readFileSync(join(gitDir, 'commondir'), 'utf8').trim());
  } catch {
    return gitDir;
  }
}
