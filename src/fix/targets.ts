import { resolve } from 'node:path';
import { fingerprint } from '../findings/fingerprint.ts';
import type { Range } from '../findings/spellings.ts';
import type { Finding, FindingPart, Location, ScanSource, SourceItem } from '../types.ts';
import { type LineTable, lineTable } from '../util/lines.ts';
import { nameFor } from './names.ts';
import type { Wish } from './plan.ts';
import { readTextFile, type TextFile } from './text-file.ts';
import type { Refusal } from './types.ts';

/** A value of a finding, or of what belongs to it, in a file that can be edited. */
export interface Target extends Wish {
  finding: Finding;
  /** What belongs to the finding, where it is that and not the finding itself. */
  part?: FindingPart;
  value: string;
}

/** A finding that stays. */
export interface Left extends Refusal {
  finding: Finding;
}

/** A file with values that may be taken out. */
export interface Subject extends TextFile {
  path: string;
  logicalPath: string;
  targets: Target[];
  /** Where anything was found in it, or belongs to what was found. */
  found: Range[];
}

/** What a scan has to remember of a text for its values to be found again. */
export interface Seen {
  logicalPath: string;
  inContainer: boolean;
}

/** A source of which is remembered what its paths are called in the repository. */
export function remembering(source: ScanSource): { source: ScanSource; seen: Map<string, Seen> } {
  const seen = new Map<string, Seen>();
  const items = async function* (signal?: AbortSignal): AsyncGenerator<SourceItem, void> {
    for await (const item of source.items(signal)) {
      if ('chunk' in item) {
        const { path, logicalPath, member } = item.chunk;
        seen.set(path, { logicalPath, inContainer: member !== undefined });
      }
      yield item;
    }
  };
  const { description, total } = source;
  return { source: { description, ...(total === undefined ? {} : { total }), items }, seen };
}

/** Of a path in which a value is masked. */
const UNKNOWN: Refusal = { refused: 'the value is in the name of the file, too', todo: 'rename the file first' };

/**
 * Where the values of findings stand in their files, and which of them cannot be taken out for where they are.
 * @param input.isWanted which findings are to be fixed; the others stay, and are known to be there
 */
export function subjectsOf(input: {
  findings: readonly Finding[];
  isWanted: (finding: Finding) => boolean;
  seen: ReadonlyMap<string, Seen>;
  cwd: string;
  root: string;
}): { subjects: Subject[]; left: Left[] } {
  const { findings, isWanted, seen, cwd, root } = input;
  const left: Left[] = [];
  const byPath = new Map<string, Finding[]>();
  for (const finding of findings) byPath.set(finding.path, [...(byPath.get(finding.path) ?? []), finding]);
  const subjects = new Map<string, Subject>();
  for (const [path, all] of byPath) {
    const here = all.filter(isWanted);
    if (here.length === 0) continue;
    const refuse = (refusal: Refusal) => left.push(...here.map((finding) => ({ finding, ...refusal })));
    const known = seen.get(path);
    if (known?.inContainer) {
      refuse({
        refused: 'it is inside of an archive or another container',
        todo: 'take it out, change it, and pack it again',
      });
      continue;
    }
    const read = known ? readTextFile({ file: resolve(cwd, path), root }) : UNKNOWN;
    if ('refused' in read) refuse(read);
    else if (subjects.has(read.file))
      refuse({ refused: 'its file is scanned by another name too', todo: 'name it once' });
    else {
      const lines = lineTable(read.text);
      const found = all.flatMap((finding) => [finding, ...(finding.parts ?? [])]).map((place) => spanOf(lines, place));
      const subject: Subject = { ...read, path, logicalPath: known!.logicalPath, targets: [], found };
      subjects.set(read.file, subject);
      for (const finding of here) {
        const values = targetsOf(subject, finding, (place) => spanOf(lines, place));
        if ('refused' in values) left.push({ finding, ...values });
        else subject.targets.push(...values.targets);
      }
    }
  }
  return { subjects: [...subjects.values()].filter(({ targets }) => targets.length > 0), left };
}

/**
 * The values of a finding, and of what belongs to it, in its file; or why they cannot be taken out.
 * @param span where a place of the finding is in the text of the file
 */
export function targetsOf(
  { text, logicalPath }: Subject,
  finding: Finding,
  span: (place: Location) => Range,
): { targets: Target[] } | Refusal {
  const { start, end } = span(finding);
  const value = text.slice(start, end);
  if (finding.way !== undefined) {
    return {
      refused: `it is encoded (${finding.way}) and cannot be changed where it stands`,
      todo: 'decode it, take the value out, and encode the rest again',
    };
  }
  if (value === '' || fingerprint({ ruleId: finding.ruleId, logicalPath, value }) !== finding.fingerprint) {
    return { refused: 'it is not written as it reads, or the file has just been changed' };
  }
  const { provider, description } = finding;
  const hints = { provider, path: logicalPath };
  const name = nameOfService(text, start) ?? nameOfAccount(finding);
  const own = { start, end, value, finding, wish: nameFor({ ...hints, name, description }) };
  const parts = (finding.parts ?? []).flatMap((part): Target[] => {
    if (part.ruleId === undefined) return [];
    const place = span(part);
    const name = nameBefore(text, place.start) ?? part.role;
    const wish = nameFor({ ...hints, name, description: part.role });
    return [{ ...place, value: text.slice(place.start, place.end), finding, part, wish }];
  });
  const apart = parts.filter((part) => part.value !== '' && (part.end <= start || part.start >= end));
  return { targets: [own, ...apart].sort((a, b) => a.start - b.start) };
}

/** The span of a place, as offsets; empty where there is no such place. */
export function spanOf(lines: LineTable, { line, endLine, column, endColumn }: Location): Range {
  const [first, last] = [lines[line - 1], lines[endLine - 1]];
  return first === undefined || last === undefined
    ? { start: 0, end: 0 }
    : { start: first + column - 1, end: last + endColumn - 1 };
}

/** Of a password in a URL, what it opens: `postgres://app:…@` to `postgres_password`. */
function nameOfService(text: string, start: number): string | undefined {
  const before = text.slice(Math.max(0, start - 200), start);
  const found = /\b([a-z][a-z0-9]*)(?:[+.-][a-z0-9+.-]+)?:\/\/([^\s:/?#"'`@]*):$/i.exec(before);
  if (!found) return undefined;
  const [, scheme, user] = found;
  if (/^postgres/i.test(scheme!)) return 'postgres_password';
  return /^(?:https?|ftps?|ssh|tcp|ws|wss)$/i.test(scheme!) ? `${user || scheme}_password` : `${scheme}_password`;
}

/** Beside a user's name stands that user's password. */
function nameOfAccount({ ruleId, name }: Finding): string | undefined {
  const isAccount = ruleId === 'command-line-credentials' || ruleId === 'url-credentials';
  return isAccount && name !== undefined && !/pass|pwd/i.test(name) ? `${name}_password` : name;
}

/** What a value is bound to, by what stands in front of it. */
function nameBefore(text: string, start: number): string | undefined {
  const line = text.slice(Math.max(text.lastIndexOf('\n', start - 1) + 1, start - 200), start);
  return /([A-Za-z_][\w.-]*)["'\]]?\s*(?::\s*\w+\s*)?(?:=>|:=|=|:)\s*[A-Za-z]{0,2}["'`]?$/.exec(line)?.[1];
}
