import type { Finding, Report } from '../types.ts';
import { adviceFor } from './words.ts';

/**
 * One finding as data. Names and their order are part of the interface: scorers and scripts read them. Texts are as they
 * are in the finding, values masked; `path` is exact, with anything that is no character escaped by JSON.
 */
function record(finding: Finding): Record<string, unknown> {
  return {
    path: finding.path,
    line: finding.line,
    endLine: finding.endLine,
    column: finding.column,
    endColumn: finding.endColumn,
    ruleId: finding.ruleId,
    provider: finding.provider,
    description: finding.description,
    severity: finding.severity,
    verdict: finding.verdict,
    probability: finding.probability,
    decidedBy: finding.decidedBy,
    reason: finding.reason,
    fingerprint: finding.fingerprint,
    preview: finding.preview,
    secret: finding.secret,
    // What follows is left out where it is not known.
    name: finding.name,
    rotate: finding.rotate,
    way: finding.way,
    source: finding.source,
    commit: finding.commit,
    author: finding.author,
    date: finding.date,
    inHead: finding.inHead,
    parts: finding.parts,
    related: finding.related,
    scores: finding.scores,
    advice: adviceFor(finding),
  };
}

/** Everything about the scan but its findings. */
function summary({ tool, scope, statistics, skipped, notes, remarks, interrupted }: Report): Record<string, unknown> {
  return {
    tool,
    scope,
    statistics,
    skipped: skipped.map(({ path, reason, kind }) => ({ path, reason, kind })),
    notes,
    remarks,
    interrupted,
  };
}

/** One object: `{"findings": […], "report": {…}}`. */
export function json(report: Report): string {
  return `${JSON.stringify({ findings: report.findings.map(record), report: summary(report) }, undefined, 2)}\n`;
}

/**
 * One finding a line; the last line is `{"report": {…}}`, so that a file cut short can be told. That line has an empty
 * `path` as well: programs that read `path` of every line need no special case for it.
 */
export function jsonl(report: Report): string {
  const lines = [...report.findings.map(record), { report: summary(report), path: '' }];
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}
