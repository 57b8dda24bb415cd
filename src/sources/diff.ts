import type { LineRanges } from '../types.ts';
import { unquotePath } from '../util/byte-path.ts';
import { type Hunk, hasMark, openHunk, readHunkLine } from './hunk.ts';

/** A file that a diff says has changed. Files that are gone are not told of. */
export interface ChangedFile {
  /** `A`dded, `M`odified, `R`enamed, `T`ype changed, `U`nmerged; a letter for each parent of a merge. */
  status: string;
  /** Octal mode of the new side: `100644`, `120000` a symbolic link, `160000` a submodule. */
  mode: string;
  /** Object name of the new side. */
  blob: string;
  /** Byte path in the repository. */
  path: string;
  /** The lines of the new side that are new (to every parent of a merge); absent: git did not say, all may be. */
  added?: LineRanges;
}

/** What `parseDiff` yields: with `--stdin`, `git diff-tree` announces the commit of the files that follow. */
export type DiffItem = { commit: string } | { file: ChangedFile };

/** Options that make `git diff` and `git diff-tree` print the same whatever is configured. */
export const DIFF_OPTIONS: readonly string[] = [
  ...['--raw', '--patch', '--unified=0', '--inter-hunk-context=0', '--no-abbrev', '--full-index', '--find-renames'],
  ...['--no-color', '--no-ext-diff', '--no-textconv', '--no-relative', '--submodule=short', '--src-prefix=a/'],
];

interface Pending extends ChangedFile {
  parents: string[];
}

/**
 * Reads `--raw --patch` output, also combined (`-c`), as it streams. What the lines say is passed over. Nothing in a
 * file can pass for a header: hunks tell how long they are, or have marks in front of their lines, and unusual names are quoted.
 */
export async function* parseDiff(stream: AsyncIterable<Buffer> | Iterable<Buffer>): AsyncGenerator<DiffItem, void> {
  let files: Pending[] = [];
  let position = -1;
  let current: Pending | undefined;
  let hunk: Hunk | undefined;

  function header(line: string): string | undefined {
    if (line.startsWith('@@')) hunk = openHunk(line);
    else if (line.startsWith(':')) files.push(...rawLine(line));
    else if (line.startsWith('index ')) {
      const found = sectionFile(files, { line, after: position });
      current = found?.file;
      if (found) position = found.at;
      if (current) current.added = [];
    } else if (line.startsWith('Binary files ')) {
      if (current) delete current.added;
    } else if (/^[0-9a-f]{40,64}$/.test(line)) return line;
    return undefined;
  }

  function* flush(): Generator<DiffItem, void> {
    for (const { parents, ...file } of files) {
      // No section of its own, or none with lines: the content is that of a parent.
      yield { file: parents.includes(file.blob) ? { ...file, added: [] } : file };
    }
    files = [];
    position = -1;
    current = undefined;
  }

  let rest: Buffer = Buffer.alloc(0);
  let insideLine = false;
  for await (const chunk of stream) {
    const data: Buffer = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let at = 0;
    while (at < data.length) {
      const end = data.indexOf(10, at);
      if (hunk?.isCombined && !insideLine && !hasMark(data[at])) hunk = undefined;
      if (insideLine || (hunk && (end >= 0 || data.length - at >= hunk.old.length))) {
        if (!insideLine && hunk) {
          const { added, done } = readHunkLine(hunk, data, at);
          if (added !== undefined && current) addLine(current, added);
          if (done) hunk = undefined;
        }
        insideLine = end < 0;
        at = end < 0 ? data.length : end + 1;
        continue;
      }
      if (end < 0) break;
      const commit = header(data.toString('latin1', at, end));
      if (commit) {
        yield* flush();
        yield { commit };
      }
      at = end + 1;
    }
    rest = data.subarray(at);
  }
  if ((hunk && !hunk.isCombined) || insideLine || rest.length > 0)
    throw new Error('the output of git diff ended in the middle');
  yield* flush();
}

/** `:100644 100644 1f3… 9ac… M<TAB>path`, with a colon, mode and object name more for each further parent. */
function rawLine(line: string): Pending[] {
  const [facts = '', ...names] = line.split('\t');
  const parentCount = /^:+/.exec(facts)![0].length;
  const fields = facts.slice(parentCount).split(' ');
  const [modes, blobs] = [fields.slice(0, parentCount + 1), fields.slice(parentCount + 1, -1)];
  const status = fields.at(-1)!.replace(/\d+$/, '');
  const [mode, blob] = [modes.at(-1), blobs.at(-1)];
  if (mode === undefined || blob === undefined || names.length === 0) throw new Error('unexpected output of git diff');
  if (mode === '000000' && status !== 'U') return [];
  return [{ status, mode, blob, path: unquotePath(names.at(-1)!), parents: blobs.slice(0, -1) }];
}

/**
 * The file that a patch section with `index OLD[,OLD…]..NEW` belongs to. Sections come in the order of the raw lines,
 * but not every file has one, and a change of type has two: the deletion of the old and the creation of the new.
 */
function sectionFile(files: readonly Pending[], { line, after }: { line: string; after: number }) {
  const [, olds = '', blob = ''] = /^index ([0-9a-f,]+)\.\.([0-9a-f]+)/.exec(line) ?? [];
  if (/^0+$/.test(blob)) return undefined;
  for (let at = after + 1; at < files.length; at++) {
    const file = files[at]!;
    if (file.blob === blob && (file.status.includes('T') || file.parents.join(',') === olds)) return { file, at };
  }
  throw new Error('unexpected output of git diff');
}

function addLine(file: Pending, line: number): void {
  const ranges = file.added as [number, number][];
  const last = ranges.at(-1);
  if (last && last[1] === line - 1) last[1] = line;
  else ranges.push([line, line]);
}
