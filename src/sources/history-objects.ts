import { unquotePath } from '../util/byte-path.ts';
import { linesOf } from '../util/byte-reader.ts';
import { GitError, runGit, streamGit } from '../util/git-process.ts';

/** An object of the history whose text counts. */
export interface HistoryObject {
  oid: string;
  /** `missing`: something points to it, but it is not here. */
  type: 'blob' | 'commit' | 'tag' | 'missing';
  /** A byte path that the blob has had, in the repository; the object that a note is about. Empty: unknown. */
  path: string;
  isNote: boolean;
}

/** Where a walk over the history starts. */
export interface HistoryStart {
  cwd: string;
  /** What refs and HEAD once led to, as reflogs remember it: before a reset or rebase, and all stashes but the latest. */
  logged: readonly string[];
  hasNotes: boolean;
}

const NOTES = 'refs/notes/*';

/** Looks for what `--all` does not cover or does not tell apart. */
export async function historyStart(cwd: string): Promise<HistoryStart> {
  const notes = await gitLines(cwd, ['for-each-ref', '--count=1', '--format=%(refname)', 'refs/notes']);
  const logged = await gitLines(cwd, ['rev-list', '--walk-reflogs', `--exclude=${NOTES}`, '--all', '--']);
  return { cwd, logged: [...new Set(logged)], hasNotes: notes.length > 0 };
}

/** Every blob, commit and annotated tag that a ref or HEAD of a worktree leads to, or led to by its reflog, each once. */
export async function* reachableObjects(
  start: HistoryStart,
  signal?: AbortSignal,
): AsyncGenerator<HistoryObject, void> {
  const { cwd, logged, hasNotes } = start;
  const input = logged.map((commit) => `${commit}\n`).join('');
  const others = hasNotes ? [`--exclude=${NOTES}`, '--all'] : ['--all'];
  for await (const object of listObjects({ cwd, args: ['--stdin', ...others], input, signal })) {
    yield { ...object, isNote: false };
  }
  if (!hasNotes) return;
  for await (const object of listObjects({ cwd, args: [`--glob=${NOTES}`, '--not', ...others], input: '', signal })) {
    const about = object.path.replaceAll('/', '');
    const isNote = object.type === 'blob' && /^[0-9a-f]{40,64}$/.test(about);
    yield isNote ? { ...object, path: about, isNote } : { ...object, isNote };
  }
}

/** Every blob, commit and tag that is in the repository and not in `reachable`, as far as it can be told with a path. */
export async function* unreachableObjects(
  { cwd, reachable }: { cwd: string; reachable: ReadonlySet<string> },
  signal?: AbortSignal,
): AsyncGenerator<HistoryObject, void> {
  const rest = new Map<string, HistoryObject['type']>();
  const args = ['cat-file', '--batch-all-objects', '--batch-check=%(objectname) %(objecttype)'];
  for await (const line of linesOf(streamGit({ cwd, args, signal }))) {
    const [oid = '', type] = line.split(' ');
    if (isText(type) && !reachable.has(oid)) rest.set(oid, type);
  }
  const commits = [...rest].filter(([, type]) => type === 'commit').map(([oid]) => `${oid}\n`);
  try {
    // Commits without their ancestors: some of those may have been pruned.
    for await (const object of listObjects({ cwd, args: ['--no-walk', '--stdin'], input: commits.join(''), signal })) {
      if (rest.delete(object.oid)) yield { ...object, isNote: false };
    }
  } catch (error) {
    // Half-pruned trees cannot be walked; their blobs come below, without paths.
    if (!(error instanceof GitError)) throw error;
  }
  for (const [oid, type] of rest) yield { oid, type, path: '', isNote: false };
}

function isText(type: string | undefined): type is 'blob' | 'commit' | 'tag' {
  return type === 'blob' || type === 'commit' || type === 'tag';
}

/** The objects that a walk lists, with their types: what is listed flows straight into a second process of git. */
async function* listObjects(walk: {
  cwd: string;
  args: readonly string[];
  input: string;
  signal?: AbortSignal | undefined;
}): AsyncGenerator<Omit<HistoryObject, 'isNote'>, void> {
  const { cwd, args, input, signal } = walk;
  const listed = streamGit({ cwd, args: ['rev-list', '--objects', '--missing=print', ...args], input, signal });
  const check = ['cat-file', '--buffer', '--batch-check=%(objectname) %(objecttype) %(rest)'];
  for await (const line of linesOf(streamGit({ cwd, args: check, input: listed, signal }))) {
    const [oid = '', type] = line.split(' ', 2);
    const path = line.slice(oid.length + 1 + (type?.length ?? 0) + 1);
    if (isText(type)) yield { oid, type, path: unquotePath(path) };
    else if (type !== 'tree') yield { oid: oid.replace('?', ''), type: 'missing', path: '' };
  }
}

/** The lines of a run of git that has to succeed. */
export async function gitLines(cwd: string, args: readonly string[]): Promise<string[]> {
  const { code, stdout, stderr } = await runGit({ cwd, args });
  if (code !== 0) throw new GitError(args, { code, stderr });
  return stdout.toString('latin1').split('\n').filter(Boolean);
}
