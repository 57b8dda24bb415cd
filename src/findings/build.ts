import type { Candidate, CommitInfo, Finding, FindingPart, Location, Part, Redacted, Rule, Verdict } from '../types.ts';
import { fingerprint } from './fingerprint.ts';
import { neighboursOf, valuesOf } from './neighbours.ts';
import { hide, mask, plain, redactLine, VIEW } from './redact.ts';
import { joined, type Range } from './spellings.ts';

export { mergeFindings, mergeVersions, sortFindings } from './order.ts';

/** Room for a preview, in UTF-16 code units: two rows of a narrow terminal. */
const PREVIEW_WIDTH = 160;
const LONGEST_NAME = 60;
/** An escaped value is at most six times as long as it reads. */
const ESCAPED = 6;
const LARGEST_MARGIN = 65_536;

/**
 * Turns a judged candidate into what the user is told. The raw value ends here.
 *
 * @param input.rule the rule that gives the finding its id, severity and advice; the strongest of the candidate unless told
 * @param input.others every candidate whose value may not be shown beside this one: best all of the text, in an array that
 *   is passed again for its other findings
 * @param input.harmless values that were judged harmless: the name may have them in it. `headers["Authorization"]` and
 *   `Authorization: …` stand in the same file
 * @param input.show leave values in the clear (--show-secrets)
 */
export function buildFinding(input: {
  candidate: Candidate;
  verdict: Verdict;
  rule?: Rule;
  others: readonly Candidate[];
  harmless?: ReadonlySet<string>;
  show: boolean;
}): Finding {
  const { candidate, verdict, others, show } = input;
  const { chunk, value } = candidate;
  const { origin } = chunk;
  const rule = input.rule ?? candidate.rules[0];
  if (!rule) throw new Error('a candidate must have a rule');
  const neighbours = neighboursOf(others);
  const view = viewOf(candidate, neighbours.longest);
  const near = neighbours.within(view.stretch);
  // What is encoded is masked as a whole where it stands: a thousand values of it need not be looked for there.
  const encoded = near.filter((other) => other.read);
  const parts = partsOf(candidate);
  const texts = [
    without({ text: chunk.text, ...view.around, spans: encoded }),
    chunk.path,
    candidate.name ?? '',
    verdict.reason,
    ...parts.map(({ written }) => written),
  ];
  const own = show ? [] : valuesOf(candidate);
  const values = show
    ? []
    : [...own, ...near.filter((other) => !other.read).flatMap(valuesOf), ...neighbours.shownBy(texts)];
  const clean = (text: string) => hide({ text, values, unlessWord: true });
  const secret = maskedValue({ value, rule, values, show });
  const notInName = [...own, ...values.filter((other) => !input.harmless?.has(other))];
  const name = candidate.name === undefined ? undefined : shortName(hide({ text: candidate.name, values: notInName }));
  const inLine = (c: Candidate) => ({
    start: Math.max(c.start, view.line.start) - view.line.start,
    end: Math.min(c.end, view.line.end) - view.line.start,
  });
  const path = clean(chunk.path);
  const partOf = ({ part, written }: (typeof parts)[number]): FindingPart => {
    const { role, rule: own, line, endLine, column, endColumn } = part;
    const text = own ? maskedValue({ value: written, rule: own, values, show }) : shortName(clean(written));
    return { role, ...(own ? { ruleId: own.id } : {}), text, path, line, endLine, column, endColumn };
  };
  return {
    path,
    line: candidate.line,
    endLine: candidate.endLine,
    column: candidate.column,
    endColumn: candidate.endColumn,
    ruleId: rule.id,
    provider: rule.provider,
    description: rule.description,
    severity: rule.severity,
    verdict: verdict.label,
    probability: verdict.probability,
    decidedBy: verdict.decidedBy,
    reason: plain(clean(verdict.reason)),
    ...(verdict.scores === undefined ? {} : { scores: verdict.scores }),
    fingerprint: fingerprint({ ruleId: rule.id, logicalPath: chunk.logicalPath, value }),
    preview: redactLine({
      line: chunk.text.slice(view.line.start, view.line.end),
      spans: distinct(near.map(inLine)),
      values,
      show,
      width: PREVIEW_WIDTH,
      focus: inLine(candidate),
      as: secret,
    }),
    secret,
    ...(name === undefined ? {} : { name }),
    ...(parts.length === 0 ? {} : { parts: parts.map(partOf) }),
    ...(rule.rotate === undefined ? {} : { rotate: rule.rotate }),
    ...(candidate.encodings.length === 0 ? {} : { way: candidate.encodings.join(' → ') }),
    source: origin.kind,
    ...(origin.kind === 'range' ? { commit: origin.commit } : {}),
    ...(origin.kind === 'message' ? { commit: origin.object } : {}),
  };
}

/** What belongs to a candidate, where it stands in the file and as it can be read. */
function partsOf({ read, ...candidate }: Candidate): { part: Part; written: string }[] {
  const { chunk, parts = [] } = read ?? candidate;
  return parts.map(({ start, end }, i) => ({ part: candidate.parts![i]!, written: chunk.text.slice(start, end) }));
}

/** The line that a candidate starts on, without its end, the stretch of it that a preview can show, and a bit more. */
function viewOf({ chunk: { text }, start, end }: Candidate, longest: number) {
  const lineStart = start === 0 ? 0 : text.lastIndexOf('\n', start - 1) + 1;
  const newline = text.indexOf('\n', start);
  let lineEnd = newline < 0 ? text.length : newline;
  if (lineEnd > start && text[lineEnd - 1] === '\r') lineEnd--;
  const stretch = {
    start: Math.max(lineStart, start - VIEW * PREVIEW_WIDTH),
    end: Math.min(lineEnd, end + VIEW * PREVIEW_WIDTH),
  };
  // Wide enough for other values that stand half inside.
  const margin = Math.min(LARGEST_MARGIN, ESCAPED * longest);
  const around = { start: Math.max(lineStart, stretch.start - margin), end: Math.min(lineEnd, stretch.end + margin) };
  return { line: { start: lineStart, end: lineEnd }, stretch, around };
}

/** A stretch of `text`, blanks in the place of `spans`. */
function without(input: { text: string; start: number; end: number; spans: readonly Range[] }): string {
  const { text, start, end } = input;
  let out = '';
  let at = start;
  for (const span of joined(input.spans)) {
    if (span.end <= at || span.start >= end) continue;
    out += `${text.slice(at, Math.max(at, span.start))} `;
    at = Math.min(end, span.end);
  }
  return out + text.slice(at, end);
}

function distinct(ranges: readonly Range[]): Range[] {
  return [...new Map(ranges.map((range) => [`${range.start}:${range.end}`, range])).values()];
}

function maskedValue(input: { value: string; rule: Rule; values: readonly string[]; show: boolean }): Redacted {
  const { value, rule, values, show } = input;
  // Keywords that are words rather than token prefixes may well be the start of somebody's password.
  const prefixes = rule.keywords.filter((keyword) => rule.confidence === 'certain' || /[_.:-]$/.test(keyword));
  const masked = mask(value, { show, prefixes });
  return show || !values.some((other) => other.length >= 4 && masked.includes(other)) ? masked : mask(value, { show });
}

function shortName(name: string): Redacted {
  const text = plain(name);
  return text.length > LONGEST_NAME ? plain(`${text.slice(0, LONGEST_NAME - 1)}…`) : text;
}

/**
 * Adds to a finding of the history where it came from.
 *
 * @param input.member path inside the blob, where that is a container
 * @param input.values values that may not be shown in the other paths of the blob (none with --show-secrets)
 */
export function attachCommit(input: {
  finding: Finding;
  info: CommitInfo;
  member?: string | undefined;
  values?: readonly string[];
}): Finding {
  const { finding, info, member, values = [] } = input;
  const { line, endLine, column, endColumn } = finding;
  const clean = (text: string) => hide({ text, values, unlessWord: true });
  const paths = (info.paths ?? []).map((path) => clean(member === undefined ? path : `${path}!${member}`));
  // Where objects are listed, git cuts a name at a line end.
  const path = paths.length === 0 || paths.includes(finding.path) ? finding.path : paths[0]!;
  const related: Location[] = paths
    .filter((other) => other !== path)
    .map((other) => ({ path: other, line, endLine, column, endColumn }));
  return {
    ...finding,
    path,
    ...(finding.parts === undefined ? {} : { parts: finding.parts.map((part) => ({ ...part, path })) }),
    commit: info.commit,
    author: plain(clean(info.author)),
    date: info.date,
    ...(info.inHead === undefined ? {} : { inHead: info.inHead }),
    ...(related.length === 0 ? {} : { related }),
  };
}
