import { unquotePath } from '../util/byte-path.ts';
import { lineGroups, linesOf } from '../util/byte-reader.ts';
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

/**
 * Every blob, commit and annotated tag that a ref or HEAD of a worktree leads to, or led to by its reflog, each once, as
 * many at a time as git lists together.
 */
export async function* reachableObjects(
  start: HistoryStart,
  signal?: AbortSignal,
): AsyncGenerator<HistoryObject[], void> {
  const { cwd, logged, hasNotes } = start;
  const input = logged.map((commit) => `${commit}\n`).join('');
  const others = hasNotes ? [`--exclude=${NOTES}`, '--all'] : ['--all'];
  yield* listObjects({ cwd, args: ['--stdin', ...others], input, signal });
  if (!hasNotes) return;
  const notes = listObjects({ cwd, args: [`--glob=${NOTES}`, '--not', ...others], input: '', signal });
  for await (const objects of notes) yield objects.map(asNote);
}

/** An object that only notes lead to: the path of a note is the name of what it is about, in parts. */
function asNote(object: HistoryObject): HistoryObject {
  const about = object.path.replaceAll('/', '');
  const isNote = object.type === 'blob' && /^[0-9a-f]{40,64}$/.test(about);
  return isNote ? { ...object, path: about, isNote } : object;
}

/** Every blob, commit and tag that is in the repository and not in `reachable`, as far as it can be told with a path. */
export async function* unreachableObjects(
  { cwd, reachable }: { cwd: string; reachable: ReadonlySet<string> },
  signal?: AbortSignal,
): AsyncGenerator<HistoryObject[], void> {
  const rest = new Map<string, HistoryObject['type']>();
  const args = ['cat-file', '--batch-all-objects', '--batch-check=%(objectname) %(objecttype)'];
  for await (const line of linesOf(streamGit({ cwd, args, signal }))) {
    const [oid = '', type] = line.split(' ');
    if (isText(type) && !reachable.has(oid)) rest.set(oid, type);
  }
  const commits = [...rest].filter(([, type]) => type === 'commit').map(([oid]) => `${oid}\n`);
  try {
    // Commits without their ancestors: some of those may have been pruned.
    const listed = listObjects({ cwd, args: ['--no-walk', '--stdin'], input: commits.join(''), signal });
    for await (const objects of listed) yield objects.filter(({ oid }) => rest.delete(oid));
  } catch (error) {
    // Half-pruned trees cannot be walked; their blobs come below, without paths.
    if (!(error instanceof GitError)) throw error;
  }
  yield [...rest].map(([oid, type]) => ({ oid, type, path: '', isNote: false }));
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
}): AsyncGenerator<HistoryObject[], void> {
  const { cwd, args, input, signal } = walk;
  const listed = streamGit({ cwd, args: ['rev-list', '--objects', '--missing=print', ...args], input, signal });
  const check = ['cat-file', '--buffer', '--batch-check=%(objectname) %(objecttype) %(rest)'];
  for await (const lines of lineGroups(streamGit({ cwd, args: check, input: listed, signal }))) {
    yield lines.flatMap((line) => listedObject(line) ?? []);
  }
}

/** An object by its line; undefined for trees, whose names are the paths of the blobs. */
function listedObject(line: string): HistoryObject | undefined {
  const oidEnd = line.indexOf(' ');
  const typeEnd = line.indexOf(' ', oidEnd + 1);
  const type = line.slice(oidEnd + 1, typeEnd < 0 ? undefined : typeEnd);
  if (type === 'tree') return undefined;
  const oid = line.slice(0, oidEnd);
  if (!isText(type)) return { oid: oid.replace('?', ''), type: 'missing', path: '', isNote: false };
  return { oid, type, path: typeEnd < 0 ? '' : unquotePath(line.slice(typeEnd + 1)), isNote: false };
}

/** The lines of a run of git that has to succeed. */
async function gitLines(cwd: string, args: readonly string[]): Promise<string[]> {
  const { code, stdout, stderr } = await runGit({ cwd, args });
  if (code !== 0) throw new GitError(args, { code, stderr });
  return stdout.toString('latin1').split('\n').filter(Boolean);
}
