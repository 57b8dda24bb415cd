import type { CommitInfo, Origin, ReadMemory, ScanSource, SourceItem } from '../types.ts';
import { UserError } from '../util/errors.ts';
import { runGit, streamGit } from '../util/git-process.ts';
import type { ReadLimits } from '../util/read-limits.ts';
import { DIFF_OPTIONS, parseDiff } from './diff.ts';
import { messageSource } from './message.ts';
import { type ObjectRequest, readObjects } from './objects.ts';
import { originKey } from './origin-key.ts';
import { gitFailure, pathNamer, requireRepository } from './repository.ts';
import { describeCommits, resolveCommit } from './revisions.ts';

/**
 * What the commits of a range bring, oldest first: of each commit the message, and each changed file as it was in that
 * commit, with the lines that the commit added. Of a merge those lines count that none of its parents has.
 *
 * `range` is `A..B` (what B has and A has not), `A...B` (what only one of them has) or a single revision (what this
 * commit brought); a side left out is HEAD. An A of zeros only, which git gives to a pre-push hook for a new branch,
 * stands for everything that the remotes are known to have.
 *
 * @throws UserError when a revision does not name a commit.
 */
export async function createRangeSource(
  input: ReadLimits & { cwd: string; range: string; memory?: ReadMemory | undefined },
): Promise<ScanSource> {
  const { cwd, range, memory, ...limits } = input;
  const { root, bare } = await requireRepository(cwd, { workTree: false });
  const revisions = await revisionsOf(cwd, range);
  const commits = await listCommits(cwd, revisions);
  const name = pathNamer({ root: bare ? cwd : root, cwd });

  async function* requests(signal?: AbortSignal): AsyncGenerator<ObjectRequest, void> {
    const args = ['diff-tree', '--stdin', '--always', '-r', '--root', '-c', ...DIFF_OPTIONS];
    const diff = parseDiff(streamGit({ cwd, args, signal, input: commits.map((commit) => `${commit}\n`).join('') }));
    let commit = '';
    for await (const item of diff) {
      if ('commit' in item) {
        commit = item.commit;
        yield { oid: commit, source: messageSource('commit', commit) };
        continue;
      }
      const { mode, blob, path, added } = item.file;
      // A submodule's commits belong to its own repository.
      if (mode === '160000' || added?.length === 0) continue;
      yield { oid: blob, source: { origin: { kind: 'range', blob, commit }, ...name(path), added } };
    }
  }

  return {
    description: `${commits.length} ${commits.length === 1 ? 'commit' : 'commits'} of ${range}`,
    async *items(signal?: AbortSignal): AsyncGenerator<SourceItem, void> {
      try {
        yield* readObjects({ cwd, requests: requests(signal), limits, memory, signal });
      } catch (error) {
        throw gitFailure(error, cwd);
      }
    },
    async locate(origins: readonly Origin[]): Promise<Map<string, CommitInfo>> {
      const commitOf = (origin: Origin) =>
        origin.kind === 'range' ? origin.commit : origin.kind === 'message' ? origin.object : undefined;
      const wanted = new Set(origins.map(commitOf).filter((commit) => commit !== undefined));
      const described = await describeCommits(cwd, [...wanted]).catch((error) => {
        throw gitFailure(error, cwd);
      });
      const located = new Map<string, CommitInfo>();
      for (const origin of origins) {
        const info = described.get(commitOf(origin) ?? '');
        if (info) located.set(originKey(origin), info);
      }
      return located;
    },
  };
}

async function revisionsOf(cwd: string, range: string): Promise<string[]> {
  const sides = /^(.*?)(\.{2,3})(.*)$/s.exec(range);
  if (range.trim() === '')
    throw new UserError('the range of commits is empty', { hint: 'for example: --range main..HEAD' });
  if (!sides) return [`${await resolveCommit(cwd, range)}^!`];
  const [, from = '', dots = '', to = ''] = sides;
  const last = await resolveCommit(cwd, to || 'HEAD');
  if (dots === '..' && /^0{40,64}$/.test(from)) return [last, '--not', '--remotes'];
  const first = await resolveCommit(cwd, from || 'HEAD');
  return [`${first}${dots}${last}`];
}

async function listCommits(cwd: string, revisions: readonly string[]): Promise<string[]> {
  const { code, stdout, stderr } = await runGit({
    cwd,
    args: ['rev-list', '--topo-order', '--reverse', ...revisions, '--'],
  });
  if (code !== 0) throw new UserError(`git cannot list the commits of the range: ${stderr.trim()}`);
  return stdout.toString('latin1').split('\n').filter(Boolean);
}
