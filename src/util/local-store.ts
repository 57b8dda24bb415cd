import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const NAME = 'smart-secrets-scanner';

/**
 * Where a clone keeps what is its own and is never committed: `smart-secrets-scanner` in its git directory, the same one for
 * all its worktrees. Found without running git.
 * @returns undefined outside of a repository
 */
export function localStore(cwd: string): string | undefined {
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    const git = gitFolder(join(folder, '.git'));
    if (git !== undefined) return join(git, NAME);
    if (dirname(folder) === folder) return undefined;
  }
}

/** The git directory that `.git` is, or names; of a worktree the one of its repository. */
function gitFolder(path: string): string | undefined {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return undefined;
  if (stats.isDirectory()) return path;
  const named = /^gitdir: (.+)$/m.exec(readFileSync(path, 'utf8'))?.[1];
  if (named === undefined) return undefined;
  const own = resolve(dirname(path), named);
  const common = join(own, 'commondir');
  return existsSync(common) ? resolve(own, readFileSync(common, 'utf8').trim()) : own;
}
