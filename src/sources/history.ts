import type { CommitInfo, Origin, ReadMemory, ScanSource, Skipped, SourceItem } from '../types.ts';
import type { ReadLimits } from '../util/read-limits.ts';
import { tuneV8 } from '../util/tune-v8.ts';
import { type HistoryObject, historyStart, reachableObjects, unreachableObjects } from './history-objects.ts';
import { locateOrigins } from './locate.ts';
import { messageSource } from './message.ts';
import { type ObjectRequest, readObjects } from './objects.ts';
import { gitFailure, pathNamer, requireRepository, type ShownPath } from './repository.ts';

/**
 * Everything that was ever committed: each blob once, under a path that it has had, and the messages of commits, tags
 * and notes. Starts are all refs, HEAD of each worktree and what reflogs remember of both: commits that were reset,
 * rebased or amended away, and all stashes (with their index and untracked files). With `unreachable` also what none of
 * them leads to: commits that git does not remember, blobs that were only staged. That needs memory for the names of
 * all objects, about 100 bytes each; otherwise memory does not grow with history.
 *
 * Blobs come newest commit first, in the order of `git rev-list`.
 */
export async function createHistorySource(
  input: ReadLimits & { cwd: string; unreachable: boolean; memory?: ReadMemory | undefined },
): Promise<ScanSource> {
  tuneV8();
  const { cwd, unreachable, memory, ...limits } = input;
  const { root, bare, shallow } = await requireRepository(cwd, { workTree: false });
  const name = pathNamer({ root: bare ? cwd : root, cwd });

  async function* objects(signal?: AbortSignal): AsyncGenerator<HistoryObject[], void> {
    const reachable = new Set<string>();
    for await (const some of reachableObjects(await historyStart(cwd), signal)) {
      if (unreachable) for (const { oid } of some) reachable.add(oid);
      yield some;
    }
    if (unreachable) yield* unreachableObjects({ cwd, reachable }, signal);
  }

  return {
    description: unreachable ? 'history, with unreachable objects' : 'history',
    async *items(signal?: AbortSignal): AsyncGenerator<SourceItem, void> {
      let missing = 0;
      async function* requests(): AsyncGenerator<ObjectRequest[], void> {
        for await (const some of objects(signal)) {
          const here = some.filter(({ type }) => type !== 'missing');
          missing += some.length - here.length;
          yield here.map((object) => requestOf(object, name));
        }
      }
      try {
        yield* readObjects({ cwd, requests: requests(), limits, memory, signal });
      } catch (error) {
        throw gitFailure(error, cwd);
      }
      for (const skipped of gaps({ shallow, missing })) yield { skipped };
    },
    async locate(origins: readonly Origin[]): Promise<Map<string, CommitInfo>> {
      try {
        return await locateOrigins({ cwd, origins, unreachable, shown: (path) => name(path).path });
      } catch (error) {
        throw gitFailure(error, cwd);
      }
    },
  };
}

function requestOf({ oid, type, path, isNote }: HistoryObject, name: (path: string) => ShownPath): ObjectRequest {
  if (type === 'commit' || type === 'tag') return { oid, source: messageSource(type, oid) };
  if (isNote) return { oid, source: messageSource('note', path) };
  const shown = path === '' ? { path: `blob:${oid}`, logicalPath: 'blob' } : name(path);
  return { oid, source: { origin: { kind: 'history', blob: oid }, ...shown } };
}

function gaps({ shallow, missing }: { shallow: boolean; missing: number }): Skipped[] {
  const found: Skipped[] = [];
  if (shallow) {
    const reason = 'shallow clone: older commits are not here (git fetch --unshallow brings them)';
    found.push({ path: '.', reason, kind: 'policy' });
  }
  if (missing > 0) {
    const objects = missing === 1 ? '1 object is' : `${missing} objects are`;
    const reason = `${objects} not here: the clone is partial (git fetch --refetch without a filter brings them) or damaged`;
    found.push({ path: '.', reason, kind: 'error' });
  }
  return found;
}
