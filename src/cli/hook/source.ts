import type { ScanSource } from '../../types.ts';
import { UserError } from '../../util/errors.ts';
import { runGit } from '../../util/git-process.ts';
import type { ReadLimits } from '../../util/read-limits.ts';
import { note } from '../stdio.ts';
import type { RefUpdate } from './pushed.ts';
import type { HookType } from './text.ts';

/**
 * What a hook has to scan; undefined when there is nothing.
 * @param input.remote pre-push: name or URL of the remote
 */
export async function hookSource(
  input: ReadLimits & { type: HookType; remote: string; cwd: string },
): Promise<ScanSource | undefined> {
  const { type, remote, cwd, ...limits } = input;
  const sources = await import('../../sources/index.ts');
  const { PRE_COMMIT, PRE_COMMIT_FROM_REF: from, PRE_COMMIT_TO_REF: to } = process.env;
  // The framework pre-commit.com reads standard input itself and tells by variables what is pushed, or what its
  // `run --from-ref --to-ref` is asked for.
  if (PRE_COMMIT && from && to) return sources.rangeSource({ cwd, range: `${from}..${to}`, ...limits });
  if (type === 'pre-push') {
    const { pushedSource } = await import('./pushed.ts');
    return pushedSource({ cwd, updates: await refUpdates(cwd), remote, ...limits });
  }
  // `pre-commit run --all-files`, in CI above all: nothing is staged, and no commit is being made.
  if (PRE_COMMIT && !process.env.GIT_INDEX_FILE && (await nothingStaged(cwd))) {
    await note('smart-secrets-scanner: nothing is staged, so the whole working tree is scanned\n');
    return sources.worktreeSource({ cwd, paths: [], ...limits });
  }
  return sources.stagedSource({ cwd, ...limits });
}

/** What is pushed: git says it on standard input. Where it says nothing, what HEAD has and no remote. */
async function refUpdates(cwd: string): Promise<RefUpdate[]> {
  const { parseRefUpdates } = await import('./pushed.ts');
  const updates = process.stdin.isTTY ? [] : parseRefUpdates(await standardInput());
  if (updates.length > 0) return updates;
  const branch = process.env.PRE_COMMIT_LOCAL_BRANCH ?? 'HEAD';
  const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', branch];
  const { code, stdout } = await runGit({ cwd, args });
  const localId = stdout.toString('latin1').trim();
  return code === 0 ? [{ localId, remoteId: '0'.repeat(localId.length) }] : [];
}

async function standardInput(): Promise<string> {
  const parts: Buffer[] = [];
  try {
    for await (const part of process.stdin) parts.push(part as Buffer);
  } catch (cause) {
    throw new UserError('standard input, where git says what is pushed, cannot be read', { cause });
  }
  return Buffer.concat(parts).toString('latin1');
}

async function nothingStaged(cwd: string): Promise<boolean> {
  const { code } = await runGit({ cwd, args: ['diff', '--cached', '--quiet', '--no-ext-diff', '--no-textconv'] });
  return code === 0;
}
