import type { Finding, Location, Severity } from '../types.ts';

/** Most severe first. */
export const SEVERITIES: readonly Severity[] = ['critical', 'high', 'medium', 'low'];

/** Code-unit order: the same on every machine, whatever its language. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The findings in their one order: by path, line, column, rule and commit, and by end and fingerprint where these tie. */
export function sortFindings(findings: readonly Finding[]): Finding[] {
  return [...findings].sort(
    (a, b) =>
      compare(a.path, b.path) ||
      a.line - b.line ||
      a.column - b.column ||
      compare(a.ruleId, b.ruleId) ||
      compare(a.commit ?? '', b.commit ?? '') ||
      a.endLine - b.endLine ||
      a.endColumn - b.endColumn ||
      compare(a.fingerprint, b.fingerprint),
  );
}

/** The findings with the most severe first, then the most probable, then by rule id; the rest in the order given. */
export function mostSevereFirst(findings: readonly Finding[]): Finding[] {
  return [...findings].sort(
    (a, b) =>
      SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
      b.probability - a.probability ||
      compare(a.ruleId, b.ruleId),
  );
}

/**
 * One finding for one place: of findings that overlap, only the most severe stays (then the most probable, then the first
 * by rule id). The same secret on another line, different values of one rule in one place (two versions of a file in the
 * history), and different values that were decoded from one text stay apart. Returned in the order of {@link sortFindings}.
 */
export function mergeFindings(findings: readonly Finding[]): Finding[] {
  const kept = new Map<string, Finding[]>();
  for (const finding of mostSevereFirst(sortFindings(findings))) {
    // Findings overlap only if they share a line: no need to compare each with all.
    const keys = linesOf(finding).map((line) => `${finding.commit ?? ''}\0${line}\0${finding.path}`);
    if (keys.some((key) => kept.get(key)?.some((other) => isSamePlace(finding, other)))) continue;
    for (const key of keys) {
      const list = kept.get(key);
      if (list) list.push(finding);
      else kept.set(key, [finding]);
    }
  }
  return sortFindings([...new Set([...kept.values()].flat())]);
}

/**
 * For findings of the history, commits attached: a secret that went from version to version of a file is one finding, at
 * the commit that brought it (all its lines there); it counts as being in HEAD when any version of it is.
 */
export function mergeVersions(findings: readonly Finding[]): Finding[] {
  const first = new Map<string, Finding>();
  const inHead = new Set<string>();
  const isVersioned = (f: Finding) => f.source === 'history' && f.commit !== undefined;
  for (const finding of findings) {
    if (!isVersioned(finding)) continue;
    const known = first.get(finding.fingerprint);
    if (!known || isEarlier(finding, known)) first.set(finding.fingerprint, finding);
    if (finding.inHead === true) inHead.add(finding.fingerprint);
  }
  const merged = findings.filter((f) => !isVersioned(f) || first.get(f.fingerprint)!.commit === f.commit);
  return sortFindings(merged.map((f) => (isVersioned(f) && inHead.has(f.fingerprint) ? { ...f, inHead: true } : f)));
}

function isEarlier(a: Finding, b: Finding): boolean {
  const difference = Date.parse(a.date ?? '') - Date.parse(b.date ?? '');
  return Number.isNaN(difference) || difference === 0 ? compare(a.commit ?? '', b.commit ?? '') < 0 : difference < 0;
}

function linesOf(finding: Finding): number[] {
  return Array.from({ length: Math.max(1, finding.endLine - finding.line + 1) }, (_, i) => finding.line + i);
}

function isSamePlace(a: Finding, b: Finding): boolean {
  const mayDiffer = a.ruleId === b.ruleId || (a.way !== undefined && a.way === b.way);
  if (mayDiffer && a.fingerprint !== b.fingerprint && isSameSpan(a, b)) return false;
  return isBefore(a.line, a.column, b.endLine, b.endColumn) && isBefore(b.line, b.column, a.endLine, a.endColumn);
}

function isSameSpan(a: Location, b: Location): boolean {
  return a.line === b.line && a.column === b.column && a.endLine === b.endLine && a.endColumn === b.endColumn;
}

function isBefore(line: number, column: number, otherLine: number, otherColumn: number): boolean {
  return line < otherLine || (line === otherLine && column < otherColumn);
}
