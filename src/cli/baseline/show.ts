import type { Baseline, Entry, Status } from '../../findings/baseline/format.ts';
import { STATUSES } from '../../findings/baseline/format.ts';
import { plain } from '../../findings/redact.ts';
import { excerpt, painter } from '../../report/excerpt.ts';
import { place, titleOf } from '../../report/words.ts';
import type { Finding } from '../../types.ts';
import { formatCount } from '../../util/format.ts';

/** An entry with where its value stands now. */
export interface Audited {
  entry: Entry;
  findings: readonly Finding[];
}

const WIDTH = 120;
const MOST_PLACES = 5;
const WORDS: Readonly<Record<Status, string>> = {
  accepted: 'accepted',
  'false-alarm': 'marked as false alarms',
  'to-fix': 'to be fixed',
};

/** Each entry with what it hides, values masked; what is found first, in order of place. */
export function auditText(audited: readonly Audited[], { where, color }: { where: string; color: boolean }): string {
  const paint = painter(color);
  const blocks = inOrder(audited).map(({ entry, findings }) => {
    const comment = entry.comments.length > 0 ? `  # ${plain(entry.comments.join('; '))}` : '';
    const head = `${paint.bold(entry.hash)}  ${plain(entry.ruleId)}  ${entry.status}${comment}`;
    const [first, ...others] = findings;
    if (!first) return [head, `  not found in ${where}`];
    const also = others.slice(0, MOST_PLACES).map(placeOf);
    const more = others.length > MOST_PLACES ? ` and ${others.length - MOST_PLACES} more` : '';
    return [
      head,
      `  ${placeOf(first)}  ${titleOf(first)}`,
      ...excerpt({ finding: first, paint, width: WIDTH }),
      ...(also.length > 0 ? [`  also ${also.join(', ')}${more}`] : []),
    ];
  });
  return [...blocks.map((lines) => `${lines.join('\n')}\n`), `${summary(audited)}\n`].join('\n');
}

/** The same as data. */
export function auditJson(audited: readonly Audited[]): string {
  const entries = inOrder(audited).map(({ entry, findings }) => ({
    id: entry.hash,
    salt: entry.saltId,
    ruleId: entry.ruleId,
    status: entry.status,
    comment: entry.comments.length > 0 ? entry.comments.join('; ') : undefined,
    found: findings.map((finding) => ({
      path: finding.path,
      line: finding.line,
      endLine: finding.endLine,
      column: finding.column,
      endColumn: finding.endColumn,
      ruleId: finding.ruleId,
      description: finding.description,
      severity: finding.severity,
      probability: finding.probability,
      fingerprint: finding.fingerprint,
      preview: finding.preview,
      secret: finding.secret,
      name: finding.name,
      source: finding.source,
      commit: finding.commit,
    })),
  }));
  return `${JSON.stringify({ entries }, undefined, 2)}\n`;
}

function summary(audited: readonly Audited[]): string {
  const counts = STATUSES.map((status) => {
    const count = audited.filter(({ entry }) => entry.status === status).length;
    return count > 0 ? `${count} ${WORDS[status]}` : '';
  }).filter((text) => text !== '');
  const gone = audited.filter(({ findings }) => findings.length === 0).length;
  const lost = gone > 0 ? `; ${gone} not found: \`sss baseline prune\` drops what is gone for good` : '';
  const all = formatCount(audited.length, 'entry', 'entries');
  return `${all}${counts.length > 0 ? `: ${counts.join(', ')}` : ''}${lost}`;
}

/** `entry 3a9c0d1e4b (generic-password, accepted)`. */
export function nameOf({ hash, ruleId, status, comments }: Entry): string {
  const comment = comments.length > 0 ? `: ${plain(comments.join('; '))}` : '';
  return `${hash} (${plain(ruleId)}, ${status}${comment})`;
}

/** The findings of each entry of a baseline. */
export function auditOf(
  { entries: all }: Baseline,
  found: readonly { finding: Finding; entries: readonly Entry[] }[],
): Audited[] {
  const byEntry = new Map<Entry, Finding[]>(all.map((entry) => [entry, []]));
  for (const { finding, entries } of found) for (const entry of entries) byEntry.get(entry)?.push(finding);
  return [...byEntry].map(([entry, findings]) => ({ entry, findings }));
}

function inOrder(audited: readonly Audited[]): Audited[] {
  const first = ({ findings }: Audited) => findings[0];
  const found = audited.filter((one) => first(one));
  const byPlace = found.sort((a, b) => {
    const [one, other] = [first(a)!, first(b)!];
    return one.path < other.path ? -1 : one.path > other.path ? 1 : one.line - other.line || one.column - other.column;
  });
  return [...byPlace, ...audited.filter((one) => !first(one))];
}

function placeOf(finding: Finding): string {
  return `${place(finding)}${finding.commit === undefined ? '' : ` (${finding.commit.slice(0, 12)})`}`;
}
