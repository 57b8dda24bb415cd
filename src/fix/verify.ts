import { nothingHidden } from '../config/nothing-hidden.ts';
import type { Range } from '../findings/spellings.ts';
import { type ScanInput, scan } from '../scan.ts';
import { itemsOfWhole } from '../sources/items.ts';
import type { Finding, Location, SourceItem } from '../types.ts';
import { lineTable } from '../util/lines.ts';
import { broken } from './parses.ts';
import { edited } from './plan.ts';
import { type Subject, spanOf } from './targets.ts';
import type { Edit } from './types.ts';

/** What is wrong with the edits of a file. */
export interface Problem {
  /** Edits at which something would be found still; none: it is not known which are to blame. */
  at: readonly Edit[];
  /** What would be found besides, now that the edits are made: their surroundings count. */
  more: readonly Finding[];
  /** Where a place of the file as it would be is in the file as it is. */
  span: (place: Location) => Range;
  refused: string;
}

/** Edits of a file that are to be tried out. */
export interface Attempt {
  subject: Subject;
  edits: readonly Edit[];
}

type Settings = Pick<ScanInput, 'config' | 'useModel' | 'signal'>;

/**
 * Tries edits out before anything is written: the files are scanned as they would be, and parsed where there is a parser.
 * @param input.known where else in a file something is found, or belongs to a finding
 * @returns what is wrong, by file
 */
export async function problemsOf(
  input: Settings & { attempts: readonly Attempt[]; known: (subject: Subject) => readonly Range[] },
): Promise<Map<Subject, Problem>> {
  const { attempts, known, config } = input;
  const problems = new Map<Subject, Problem>();
  const tried = new Map<Subject, string>();
  const editions = attempts.map(({ subject: { logicalPath: path, text }, edits }) => {
    return { path, before: text, after: edited(text, edits) };
  });
  const isBroken = await broken(editions);
  for (const [i, { subject, edits }] of attempts.entries()) {
    const span = spanBefore(editions[i]!.after, edits);
    if (isBroken[i])
      problems.set(subject, { at: [], more: [], span, refused: 'the file could not be parsed any more' });
    else tried.set(subject, editions[i]!.after);
  }
  const found = await scanTexts({ ...input, texts: tried, limits: config });
  for (const { subject, edits } of attempts) {
    const after = tried.get(subject);
    const findings = found.get(subject.path);
    if (after === undefined || !findings) continue;
    const problem = problemIn({ findings, after, edits, known: known(subject) });
    if (problem) problems.set(subject, problem);
  }
  return problems;
}

/** What anybody could take for a secret in files: let pass or not, and however sure. */
export async function doubtfulIn(input: Settings & { subjects: readonly Subject[] }): Promise<Map<Subject, Range[]>> {
  const { subjects, config, useModel, signal } = input;
  const found = await scanTexts({
    ...{ config: nothingHidden(config), useModel, ...(signal ? { signal } : {}) },
    texts: new Map(subjects.map((subject) => [subject, subject.text])),
    limits: config,
  });
  return new Map(
    subjects.map((subject) => {
      const lines = lineTable(subject.text);
      return [subject, (found.get(subject.path) ?? []).map((finding) => spanOf(lines, finding))];
    }),
  );
}

/** How many secrets a scan finds in a file that is made of these bytes. */
export async function countIn(input: Settings & { path: string; logicalPath: string; bytes: Buffer }): Promise<number> {
  const { path, logicalPath, bytes, config, useModel, signal } = input;
  const texts = new Map([[{ path, logicalPath, encode: () => bytes }, '']]);
  const found = await scanTexts({ texts, limits: config, config, useModel, ...(signal ? { signal } : {}) });
  return found.get(path)?.length ?? 0;
}

async function scanTexts(
  input: Settings & {
    texts: ReadonlyMap<Pick<Subject, 'path' | 'logicalPath' | 'encode'>, string>;
    limits: ScanInput['config'];
  },
): Promise<Map<string, Finding[]>> {
  const { texts, limits, config, useModel, signal } = input;
  const byPath = new Map<string, Finding[]>();
  if (texts.size === 0) return byPath;
  const items = async function* (): AsyncGenerator<SourceItem, void> {
    for (const [{ path, logicalPath, encode }, text] of texts) {
      yield* itemsOfWhole({ origin: { kind: 'file' }, path, logicalPath }, encode(text), limits);
    }
  };
  const report = await scan({
    source: { description: 'files as they would be', items },
    config,
    useModel,
    threads: 1,
    ...(signal ? { signal } : {}),
  });
  signal?.throwIfAborted();
  for (const finding of report.findings) byPath.set(finding.path, [...(byPath.get(finding.path) ?? []), finding]);
  return byPath;
}

function problemIn(input: {
  findings: readonly Finding[];
  after: string;
  edits: readonly Edit[];
  known: readonly Range[];
}): Problem | undefined {
  const { findings, after, edits, known } = input;
  const lines = lineTable(after);
  const at = new Set<Edit>();
  const more: Finding[] = [];
  const span = spanBefore(after, edits);
  for (const finding of findings) {
    const now = spanOf(lines, finding);
    const touched = edits.filter((edit) => {
      const start = moved(edits, edit);
      return now.start < start + edit.text.length && start < now.end;
    });
    for (const edit of touched) at.add(edit);
    const { start } = span(finding);
    if (touched.length === 0 && !known.some((one) => one.start <= start && start < one.end)) more.push(finding);
  }
  if (at.size === 0 && more.length === 0) return undefined;
  return { at: [...at], more, span, refused: 'what replaced it would be taken for a secret itself' };
}

function spanBefore(after: string, edits: readonly Edit[]): Problem['span'] {
  const lines = lineTable(after);
  return (place) => {
    const { start, end } = spanOf(lines, place);
    const first = origin(edits, start);
    return { start: first, end: first + end - start };
  };
}

/** Where the text of an edit stands when all are made. */
function moved(edits: readonly Edit[], edit: Edit): number {
  let shift = 0;
  for (const other of edits) {
    if (other === edit) break;
    shift += other.text.length - (other.end - other.start);
  }
  return edit.start + shift;
}

/** Where a place of the edited text was before. */
function origin(edits: readonly Edit[], place: number): number {
  let shift = 0;
  for (const edit of edits) {
    if (edit.start + shift + edit.text.length > place) break;
    shift += edit.text.length - (edit.end - edit.start);
  }
  return place - shift;
}
