import type { CommitInfo, Origin } from '../types.ts';
import { linesOf } from '../util/byte-reader.ts';
import { GitError, runGit, streamGit } from '../util/git-process.ts';
import { parseDiff } from './diff.ts';
import { historyStart } from './history-objects.ts';
import { originKey } from './origin-key.ts';
import { describeCommits } from './revisions.ts';

/** Where a blob came from: the first commit that has it, and every path it has had. */
interface Introduction {
  commit: string;
  paths: Set<string>;
}

/**
 * Finds the commits behind blobs and messages, with one walk over the history for all of them. Of a blob the oldest
 * commit that brought it is told, all its paths in the order they came up, and whether HEAD still has it; of a message
 * the commit that carries it (of tags and notes: that they are about), and whether HEAD has that in its past.
 */
export async function locateOrigins(input: {
  cwd: string;
  origins: readonly Origin[];
  unreachable: boolean;
  /** What a byte path in the repository is called for the user. */
  shown: (bytePath: string) => string;
}): Promise<Map<string, CommitInfo>> {
  const { cwd, origins, unreachable, shown } = input;
  const blobs = new Set(origins.flatMap((origin) => (origin.kind === 'history' ? [origin.blob] : [])));
  const brought = blobs.size > 0 ? await findBlobs({ cwd, blobs, unreachable }) : new Map<string, Introduction>();
  const carriers = new Map<string, string>();
  for (const origin of origins) {
    if (origin.kind !== 'message' || carriers.has(origin.object)) continue;
    const commit = await carrierOf(cwd, origin);
    if (commit) carriers.set(origin.object, commit);
  }
  const wanted = new Set([...carriers.values(), ...[...brought.values()].map(({ commit }) => commit)]);
  const described = await describeCommits(cwd, [...wanted]);
  const headBlobs = blobs.size > 0 ? await inHeadTree(cwd, blobs) : new Set<string>();
  const headCommits = carriers.size > 0 ? await inHeadPast(cwd, new Set(carriers.values())) : new Set<string>();

  const located = new Map<string, CommitInfo>();
  for (const origin of origins) {
    if (origin.kind === 'history') {
      const found = brought.get(origin.blob);
      const info = found && described.get(found.commit);
      if (!info) continue;
      const paths = [...found.paths].map(shown);
      located.set(originKey(origin), { ...info, paths, inHead: headBlobs.has(origin.blob) });
    } else if (origin.kind === 'message') {
      const info = described.get(carriers.get(origin.object) ?? '');
      if (info) located.set(originKey(origin), { ...info, inHead: headCommits.has(info.commit) });
    }
  }
  return located;
}

/** Beyond this many blobs, all changes are read rather than having git look for so many names. */
const MOST_NAMES = 1000;

async function findBlobs(input: {
  cwd: string;
  blobs: ReadonlySet<string>;
  unreachable: boolean;
}): Promise<Map<string, Introduction>> {
  const { cwd, blobs, unreachable } = input;
  const found = await introductions({ cwd, blobs, args: ['--all'] });
  // What a rewritten history has is told by its commits, not by those that they took the place of.
  const former = await formerIntroductions({ cwd, blobs: without(blobs, found), unreachable });
  return new Map([...found, ...former]);
}

/** Where blobs came from that no ref leads to. */
async function formerIntroductions(input: {
  cwd: string;
  blobs: ReadonlySet<string>;
  unreachable: boolean;
}): Promise<Map<string, Introduction>> {
  const { cwd, blobs, unreachable } = input;
  if (blobs.size === 0) return new Map();
  const { logged } = await historyStart(cwd);
  const starts = logged.map((commit) => `${commit}\n`).join('');
  const found = await introductions({ cwd, blobs, args: ['--stdin', '--not', '--all'], input: starts });
  const rest = without(blobs, found);
  if (rest.size === 0 || !unreachable) return found;
  try {
    // Without their ancestors: some of those may have been pruned.
    const all = await introductions({
      cwd,
      blobs: rest,
      args: ['--no-walk=sorted', '--stdin'],
      input: allCommits(cwd),
    });
    return new Map([...found, ...all]);
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    return found;
  }
}

function without(blobs: ReadonlySet<string>, found: ReadonlyMap<string, unknown>): Set<string> {
  return new Set([...blobs].filter((blob) => !found.has(blob)));
}

/** What the commits that `git rev-list` lists for `args` have brought of `blobs`, the oldest first. */
async function introductions(walk: {
  cwd: string;
  blobs: ReadonlySet<string>;
  args: readonly string[];
  input?: string | AsyncIterable<string>;
}): Promise<Map<string, Introduction>> {
  const { cwd, blobs, args, input = '' } = walk;
  const oldestFirst = streamGit({ cwd, args: ['rev-list', '--date-order', '--reverse', ...args], input });
  const names = blobs.size <= MOST_NAMES ? [...blobs].map((blob) => `--find-object=${blob}`) : [];
  const diff = ['diff-tree', '--stdin', '-r', '--root', '-c', '--raw', '--no-abbrev', '--no-renames', ...names];
  const found = new Map<string, Introduction>();
  let commit = '';
  for await (const item of parseDiff(streamGit({ cwd, args: diff, input: oldestFirst }))) {
    if ('commit' in item) {
      commit = item.commit;
      continue;
    }
    const { blob, path } = item.file;
    if (!blobs.has(blob)) continue;
    const introduction = found.get(blob);
    if (introduction) introduction.paths.add(path);
    else found.set(blob, { commit, paths: new Set([path]) });
  }
  return found;
}

/** Every commit that is in the repository, a line each. */
async function* allCommits(cwd: string): AsyncGenerator<string, void> {
  const args = ['cat-file', '--batch-all-objects', '--batch-check=%(objecttype) %(objectname)'];
  for await (const line of linesOf(streamGit({ cwd, args }))) {
    if (line.startsWith('commit ')) yield `${line.slice(7)}\n`;
  }
}

/** The commit that carries a message, or that a tag or note is about; undefined when that is no commit. */
async function carrierOf(cwd: string, { of, object }: { of: string; object: string }): Promise<string | undefined> {
  if (of === 'commit') return object;
  const { code, stdout } = await runGit({ cwd, args: ['rev-parse', '--verify', '--quiet', `${object}^{commit}`] });
  return code === 0 ? stdout.toString('latin1').trim() : undefined;
}

async function inHeadTree(cwd: string, blobs: ReadonlySet<string>): Promise<Set<string>> {
  return matching(cwd, {
    args: ['ls-tree', '-r', '--full-tree', 'HEAD'],
    wanted: blobs,
    pick: (line) => line.split(/[ \t]/, 3)[2],
  });
}

async function inHeadPast(cwd: string, commits: ReadonlySet<string>): Promise<Set<string>> {
  return matching(cwd, { args: ['rev-list', 'HEAD', '--'], wanted: commits, pick: (line) => line });
}

async function matching(
  cwd: string,
  { args, wanted, pick }: { args: string[]; wanted: ReadonlySet<string>; pick(line: string): string | undefined },
): Promise<Set<string>> {
  const found = new Set<string>();
  try {
    for await (const line of linesOf(streamGit({ cwd, args }))) {
      const name = pick(line);
      if (name !== undefined && wanted.has(name)) found.add(name);
    }
  } catch (error) {
    // No HEAD, no history behind it: a repository of which only other branches have commits.
    if (!(error instanceof GitError)) throw error;
  }
  return found;
}
