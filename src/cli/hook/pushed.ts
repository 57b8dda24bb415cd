import { rangeSource } from '../../sources/index.ts';
import { messageSource } from '../../sources/message.ts';
import { readObjects } from '../../sources/objects.ts';
import type { ScanSource } from '../../types.ts';
import { UserError } from '../../util/errors.ts';
import { runGit } from '../../util/git-process.ts';
import type { ReadLimits } from '../../util/read-limits.ts';

/** One line that git gives a pre-push hook: what is about to become of a ref of the remote. */
export interface RefUpdate {
  /** Object that is sent; all zeros when the ref is to be deleted. */
  localId: string;
  /** Object that the ref of the remote names now; all zeros when there is no such ref. */
  remoteId: string;
}

/**
 * Reads the lines that git writes to the standard input of a pre-push hook:
 * `<local ref> <local object> <remote ref> <remote object>`.
 * @throws UserError for anything that is not such a line: a push is not let through unseen
 */
export function parseRefUpdates(text: string): RefUpdate[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.map((line) => {
    const [, localId, , remoteId, ...rest] = line.trim().split(' ');
    if (isId(localId) && isId(remoteId) && rest.length === 0) return { localId, remoteId };
    throw new UserError('standard input is not what git gives a pre-push hook', {
      hint: 'call it from a pre-push hook, before anything else reads standard input: sss hook run pre-push "$@"',
    });
  });
}

/**
 * What a push sends that no remote is known to have, one source for all refs: commits, and messages of annotated tags.
 * Undefined when nothing is sent (refs are only deleted).
 * @param input.remote name or URL of the remote
 */
export async function pushedSource(
  input: ReadLimits & {
    cwd: string;
    updates: readonly RefUpdate[];
    remote: string;
  },
): Promise<ScanSource | undefined> {
  const { cwd, updates, remote, ...limits } = input;
  const sent = updates.filter(({ localId }) => !isZero(localId));
  if (sent.length === 0) return undefined;
  const tracked = await isTracked(cwd, remote);
  const ranges = new Set<string>();
  for (const update of sent) ranges.add(await rangeOf({ cwd, update, tracked }));
  const tags = await tagsOf(cwd, sent);
  const sources: ScanSource[] = [];
  // One after the other: a push of many refs must not start as many processes at once.
  for (const range of ranges) sources.push(await rangeSource({ cwd, range, ...limits }));
  return {
    description: `commits to be pushed to ${remote}`,
    async *items(signal) {
      for (const source of sources) yield* source.items(signal);
      yield* readObjects({
        cwd,
        requests: tags.map((oid) => ({ oid, source: messageSource('tag', oid) })),
        limits,
        signal,
      });
    },
    async locate(origins) {
      const found = await Promise.all(sources.map((source) => source.locate?.(origins)));
      return new Map(found.flatMap((places) => [...(places ?? [])]));
    },
  };
}

/**
 * A remote with tracking branches tells best what is known to be there, merged branches included; of another one (a bare
 * URL) only the old commit of the ref is known, if it is here at all.
 */
async function rangeOf(input: { cwd: string; update: RefUpdate; tracked: boolean }): Promise<string> {
  const { cwd, update, tracked } = input;
  const { localId, remoteId } = update;
  const none = '0'.repeat(localId.length);
  if (tracked || isZero(remoteId)) return `${none}..${localId}`;
  const { code } = await runGit({ cwd, args: ['cat-file', '-e', `${remoteId}^{commit}`] });
  return `${code === 0 ? remoteId : none}..${localId}`;
}

async function isTracked(cwd: string, remote: string): Promise<boolean> {
  const { stdout } = await runGit({ cwd, args: ['for-each-ref', '--count=1', '--format=x', `refs/remotes/${remote}`] });
  return stdout.length > 0;
}

/** The annotated tags among what is sent: their messages are sent, too. */
async function tagsOf(cwd: string, sent: readonly RefUpdate[]): Promise<string[]> {
  const ids = [...new Set(sent.map(({ localId }) => localId))];
  const args = ['cat-file', '--batch-check=%(objectname) %(objecttype)'];
  const { stdout } = await runGit({ cwd, args, input: ids.map((id) => `${id}\n`).join('') });
  const lines = stdout.toString('latin1').split('\n');
  return lines.filter((line) => line.endsWith(' tag')).map((line) => line.slice(0, -' tag'.length));
}

function isId(text: string | undefined): text is string {
  return text !== undefined && /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(text);
}

function isZero(id: string): boolean {
  return /^0+$/.test(id);
}
