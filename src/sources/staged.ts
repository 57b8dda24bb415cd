import { existsSync, lstatSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { ScanSource, Skipped, SourceItem } from '../types.ts';
import { compareBytePaths } from '../util/byte-path.ts';
import { milliseconds } from '../util/clock.ts';
import { UserError } from '../util/errors.ts';
import { GitError, runShortGit, streamGit } from '../util/git-process.ts';
import type { ReadLimits } from '../util/read-limits.ts';
import { tooLarge } from './chunks.ts';
import { type ChangedFile, DIFF_OPTIONS, parseDiff } from './diff.ts';
import { itemsOfWhole } from './items.ts';
import { intersectRanges } from './line-ranges.ts';
import { looseObjects } from './loose-objects.ts';
import { type ObjectRequest, readObjects } from './objects.ts';
import { gitFailure, pathNamer, requireRepository } from './repository.ts';

const SUBMODULE = '160000';

/**
 * What the next commit would bring: the index against HEAD (against nothing before the first commit), each changed
 * file whole, with the lines that are new. The working tree is never looked at.
 *
 * - A pure rename brings nothing, a rename with edits the edited lines; a copy is a new file.
 * - In a merge a line counts if it is new to HEAD and to every commit that is merged: those are the lines that the
 *   merge itself brings; the others were scanned when they were committed.
 * - Of a symbolic link its target is the text. Submodules are skipped: their commits are their own repository's.
 * - A file for which git shows no lines (binary, `-diff` in .gitattributes, UTF-16) counts with all its lines.
 */
export async function createStagedSource(input: ReadLimits & { cwd: string }): Promise<ScanSource> {
  const { cwd, ...limits } = input;
  try {
    const { root, gitDir } = await placeOf(cwd);
    const files = await changes({ cwd, gitDir });
    const name = pathNamer({ root, cwd });
    const requests: ObjectRequest[] = [];
    const skipped: Skipped[] = [];
    for (const { status, mode, blob, path, added } of files) {
      const shown = name(path);
      const reason = whyNot({ status, mode });
      if (reason) skipped.push({ path: shown.path, reason, kind: 'policy' });
      else if (added?.length !== 0)
        requests.push({ oid: blob, source: { origin: { kind: 'staged', blob }, ...shown, added } });
    }
    return {
      description: 'staged changes',
      total: requests.length + skipped.length,
      async *items(signal?: AbortSignal): AsyncGenerator<SourceItem, void> {
        for (const one of skipped) yield { skipped: one };
        yield* contents({ cwd, gitDir, requests, limits, signal });
      },
    };
  } catch (error) {
    if (error instanceof UserError) throw error;
    // `git diff` outside a repository complains about its options: ask again in a way that is answered clearly.
    await requireRepository(cwd, { workTree: true });
    throw gitFailure(error, cwd);
  }
}

/** What was staged a moment ago is at hand. git reads the rest, from the first that is not: it is started once at most. */
async function* contents(input: {
  cwd: string;
  gitDir: string;
  requests: readonly ObjectRequest[];
  limits: ReadLimits;
  signal: AbortSignal | undefined;
}): AsyncGenerator<SourceItem, void> {
  const { gitDir, requests, limits, ...call } = input;
  const { readBlob } = looseObjects(gitDir);
  let rested = milliseconds();
  for (const [i, { oid, source }] of requests.entries()) {
    // Nothing is waited for here: signals get their turn now and then.
    if (milliseconds() - rested > 20) {
      await setImmediate();
      rested = milliseconds();
    }
    call.signal?.throwIfAborted();
    const bytes = readBlob(oid);
    if (!bytes) return yield* readObjects({ ...call, requests: requests.slice(i), limits });
    const reason = tooLarge(bytes.length, limits.maxFileSize);
    if (reason) yield { skipped: { path: source.path, reason, kind: 'policy' } };
    else yield* itemsOfWhole(source, bytes, limits);
  }
}

function whyNot({ status, mode }: Pick<ChangedFile, 'status' | 'mode'>): string | undefined {
  if (status.includes('U')) return 'has merge conflicts and cannot be committed yet';
  if (mode === SUBMODULE) return 'submodule: its commits are scanned in its own repository';
  return undefined;
}

/**
 * The root and the git directory, without starting git where the current directory is the root, as it is in hooks. A
 * subdirectory costs one process more.
 */
async function placeOf(cwd: string): Promise<{ root: string; gitDir: string }> {
  const here = join(cwd, '.git');
  if (!process.env.GIT_WORK_TREE && existsSync(here)) {
    const named = process.env.GIT_DIR;
    const link = lstatSync(here).isFile() ? /^gitdir: (.+)/.exec(readFileSync(here, 'utf8'))?.[1] : undefined;
    return { root: cwd, gitDir: named ? resolve(named) : link ? resolve(cwd, link) : here };
  }
  return requireRepository(cwd, { workTree: true });
}

async function changes({ cwd, gitDir }: { cwd: string; gitDir: string }): Promise<ChangedFile[]> {
  let files = await changesAgainst({ cwd });
  for (const commit of mergedCommits(gitDir)) {
    const theirs = await changesAgainst({ cwd, commit });
    files = new Map(
      [...files].filter(([path]) => theirs.has(path)).map(([path, file]) => [path, both(file, theirs.get(path)!)]),
    );
  }
  return [...files.values()].sort((a, b) => compareBytePaths(a.path, b.path));
}

function both(ours: ChangedFile, theirs: ChangedFile): ChangedFile {
  if (!ours.added) return theirs;
  return theirs.added ? { ...ours, added: intersectRanges(ours.added, theirs.added) } : ours;
}

async function changesAgainst({ cwd, commit }: { cwd: string; commit?: string }): Promise<Map<string, ChangedFile>> {
  // Intent-to-add entries have no content yet.
  const args = ['diff', '--cached', '--ita-invisible-in-index', ...DIFF_OPTIONS, ...(commit ? [commit] : []), '--'];
  const files = new Map<string, ChangedFile>();
  for await (const item of parseDiff(outputOf({ cwd, args }))) if ('file' in item) files.set(item.file.path, item.file);
  return files;
}

function outputOf(call: { cwd: string; args: readonly string[] }): Iterable<Buffer> | AsyncIterable<Buffer> {
  const short = runShortGit(call);
  if (!short) return streamGit(call);
  if (short.code !== 0) throw new GitError(call.args, short);
  return [short.stdout];
}

/** The commits that a merge in progress brings in. */
function mergedCommits(gitDir: string): string[] {
  const file = join(gitDir, 'MERGE_HEAD');
  if (!existsSync(file)) return [];
  const commits = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  if (commits.every((commit) => /^[0-9a-f]{40,64}$/.test(commit))) return commits;
  throw new UserError(`unreadable merge state: ${file}`, { hint: 'finish or abort the merge: git merge --abort' });
}
