import type { CommitInfo } from '../types.ts';
import { UserError } from '../util/errors.ts';
import { GitError, runGit } from '../util/git-process.ts';

/**
 * The object name of the commit that a revision of the user names.
 *
 * @throws UserError when it names none.
 */
export async function resolveCommit(cwd: string, revision: string): Promise<string> {
  // What starts with a dash would be an option to git, whatever stands in front of it in some versions.
  const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`];
  const { code, stdout } = await runGit({ cwd, args });
  const oid = /^([0-9a-f]{40,64})$/m.exec(stdout.toString('latin1'))?.[1];
  if (code === 0 && oid) return oid;
  throw new UserError(`no such commit: ${revision}`, {
    hint: 'name commits, branches or tags that are here; a shallow clone may lack them (git fetch --unshallow)',
  });
}

/** Author and date of commits, by object name. Those that are not here are left out. */
export async function describeCommits(cwd: string, commits: readonly string[]): Promise<Map<string, CommitInfo>> {
  const described = new Map<string, CommitInfo>();
  if (commits.length === 0) return described;
  const format = ['--encoding=UTF-8', '--format=%H%x00%an <%ae>%x00%aI'];
  const args = ['rev-list', '--no-walk=unsorted', '--ignore-missing', ...format, '--stdin'];
  const { code, stdout, stderr } = await runGit({ cwd, args, input: commits.map((commit) => `${commit}\n`).join('') });
  if (code !== 0) throw new GitError(args, { code, stderr });
  for (const line of stdout.toString('utf8').split('\n')) {
    const [commit, author, date] = line.split('\0');
    if (commit && author && date) described.set(commit, { commit, author, date });
  }
  return described;
}
