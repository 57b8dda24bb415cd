import { originKey } from '../sources/origin-key.ts';
import type {
  Allow,
  Candidate,
  CommitInfo,
  Config,
  Finding,
  HiddenCounts,
  Origin,
  Rule,
  ScanSource,
  Skipped,
  TextChunk,
  Verdict,
} from '../types.ts';
import { type AllowSubject, allowedBy, allowSubject } from './allowed.ts';
import { attachCommit, buildFinding, mergeFindings, mergeVersions, sortFindings } from './build.ts';
import { judgedAsRead, withoutDoubles } from './decoded.ts';
import { askedKeyPaths } from './json-keys.ts';
import type { KnownFindings } from './known.ts';
import { markedIn } from './markers/index.ts';
import { plain } from './redact.ts';

export interface Judged {
  candidate: Candidate;
  verdict: Verdict;
}

/** A finding before its commit is known and allowlists are asked. Plain data, without the text that it was found in. */
export interface Pending {
  finding: Finding;
  origin: Origin;
  member: string | undefined;
  subject: AllowSubject;
  /** Of whose findings it is a part: it is not told by itself when one of them is. */
  partOf: Pending[];
  /** A marker in the text hides it. */
  isMarked: boolean;
  /** What the user should know of the markers of the text; at one of its findings. */
  remarks?: { line: number; text: string }[];
}

/** Gathers findings over a scan: looks commits up at the end, and takes out what is allowed. */
export interface Collector {
  readonly count: number;
  readonly allowed: number;
  /** Findings hidden by something else than allowlists; known when it has finished. */
  readonly hidden: HiddenCounts;
  add(found: readonly Pending[]): void;
  /**
   * The findings; what went wrong when their commits were looked up (a finding is not lost for that); and what the user
   * should know of what hides findings.
   * @throws UserError when the baseline or an ignore file cannot be used
   */
  finish(source: ScanSource): Promise<{ findings: Finding[]; problems: Skipped[]; remarks: string[] }>;
}

/** So much is said of markers. */
const MOST_REMARKS = 50;

/** What is a secret in a text, in order of place. */
export function findingsIn(input: JudgedText): Pending[] {
  const { judged } = input;
  const here = pendingOf({ ...input, secrets: withoutDoubles(judgedAsRead(judged)) });
  return here.flatMap(({ rule, pending }) => (rule.silent ? [] : pending));
}

/** A text, and what was thought of all its candidates. */
export interface JudgedText {
  chunk: TextChunk;
  judged: readonly Judged[];
  show: boolean;
  /** What is in force for the text. */
  config: Pick<Config, 'allow' | 'markers'>;
  /** What its folder allows, besides what the configuration of the scan does. */
  allowHere?: readonly Allow[] | undefined;
}

/** Findings of `secrets`, each with those that it is a part of. Those of silent rules are only there for their parts. */
export function pendingOf(input: JudgedText & { secrets: readonly Judged[] }): { rule: Rule; pending: Pending }[] {
  const { chunk, judged, secrets, show, config, allowHere } = input;
  if (secrets.length === 0) return [];
  const { origin, member } = chunk;
  const others = judged.map((j) => j.candidate);
  const found = secrets.map(({ candidate }) => candidate);
  const { hidden, remarks } = markedIn({ chunk, secrets: found, settings: config.markers });
  const keyPaths = askedKeyPaths({ chunk, candidates: found, allow: config.allow });
  const here = secrets.map(({ candidate, verdict }, i) => {
    const rule = candidate.rules[0]!;
    const finding = buildFinding({ candidate, verdict, rule, others, show });
    const subject = allowSubject(candidate, { keyPath: keyPaths.get(candidate.start), allowHere });
    const isMarked = hidden.has(candidate);
    const pending: Pending = { finding, origin, member, subject, partOf: [], isMarked };
    if (i === 0 && remarks.length > 0) pending.remarks = remarks;
    return { candidate, rule, pending };
  });
  for (const whole of here.filter(({ candidate }) => candidate.parts)) {
    for (const part of here) if (isPart(part.candidate, whole.candidate)) part.pending.partOf.push(whole.pending);
  }
  return here;
}

/** @param input.known what is known from before; what the configuration names unless given */
export function findingsOf(input: { config: Config; show: boolean; known?: KnownFindings | undefined }): Collector {
  const { config, show } = input;
  const pending: Pending[] = [];
  const hidden: HiddenCounts = { markers: 0, ignoreFiles: 0, baseline: 0, toFix: 0 };
  let allowed = 0;
  return {
    get count() {
      return pending.length;
    },
    get allowed() {
      return allowed;
    },
    hidden,
    add(found) {
      for (const one of found) pending.push(one);
    },
    async finish(source) {
      const { located, problems } = await locate(source, pending);
      const known = input.known ?? (await openKnownFor(config, pending));
      const kept = new Map<Pending, Finding>();
      const passed = { markers: [] as Finding[], allowed: [] as Finding[], ignoreFiles: [] as Finding[] };
      for (const one of pending) {
        const { finding: found, origin, member, subject } = one;
        const info = located.get(originKey(origin));
        const values = show ? [] : [subject.value];
        const finding = info ? attachCommit({ finding: found, info, member, values }) : found;
        if (one.isMarked) passed.markers.push(finding);
        else if (allowedBy({ allow: config.allow, subject, finding })) passed.allowed.push(finding);
        else if (known?.ignores(finding, subject)) passed.ignoreFiles.push(finding);
        else kept.set(one, finding);
      }
      // The same secret in fifty versions of a file is one finding.
      const merge = (all: readonly Finding[]) =>
        source.locate ? mergeVersions(mergeFindings(all)) : mergeFindings(all);
      hidden.markers = merge(passed.markers).length;
      hidden.ignoreFiles = merge(passed.ignoreFiles).length;
      allowed = merge(passed.allowed).length;
      // What is a part of something that is a part itself is told: nothing is lost among rules that name each other.
      const isTold = ({ partOf }: Pending) => !partOf.some((whole) => kept.has(whole) && whole.partOf.length === 0);
      const told = [...kept].filter(([one]) => isTold(one));
      const merged = sortFindings(merge(told.map(([, finding]) => finding)));
      const values = new Map(told.map(([{ subject }, { fingerprint }]) => [fingerprint, subject.value]));
      const entries = await known?.entriesOf(
        merged.map((finding) => ({ finding, value: values.get(finding.fingerprint)! })),
      );
      const findings = merged.filter((_, i) => !entries?.[i]);
      hidden.baseline = merged.length - findings.length;
      hidden.toFix = entries?.filter((entry) => entry?.status === 'to-fix').length ?? 0;
      return { findings, problems, remarks: [...remarksOf(pending), ...(known?.remarks() ?? [])] };
    },
  };
}

/** What the configuration names, where something was found that it could hide. */
async function openKnownFor(config: Config, pending: readonly Pending[]): Promise<KnownFindings | undefined> {
  if (pending.length === 0) return undefined;
  const { openKnownOf } = await import('./known.ts');
  return openKnownOf(config);
}

function remarksOf(pending: readonly Pending[]): string[] {
  const all = pending.flatMap(({ finding, remarks = [] }) =>
    remarks.map(({ line, text }) => `${plain(finding.path)}:${line}: ${text}`),
  );
  const distinct = [...new Set(all)];
  const more = distinct.length - MOST_REMARKS;
  return more > 0
    ? [...distinct.slice(0, MOST_REMARKS), `and ${more} more markers of which the like is true`]
    : distinct;
}

/** Whether `candidate` is what was found of a companion of `whole`. What is encoded is compared where it can be read. */
function isPart(candidate: Candidate, whole: Candidate): boolean {
  if (candidate === whole) return false;
  const { chunk, start, end } = candidate.read ?? candidate;
  const { chunk: sameChunk, parts = [] } = whole.read ?? whole;
  return chunk === sameChunk && parts.some((part) => part.rule && start < part.end && end > part.start);
}

async function locate(source: ScanSource, pending: readonly Pending[]) {
  const nowhere = new Map<string, CommitInfo>();
  if (!source.locate || pending.length === 0) return { located: nowhere, problems: [] };
  try {
    return { located: await source.locate(pending.map(({ origin }) => origin)), problems: [] };
  } catch (error) {
    // What git says of a damaged repository; commits named by allowlists cannot be told, so nothing is let pass.
    const reason = `the commits of the findings could not be looked up: ${error instanceof Error ? error.message : error}`;
    const problem: Skipped = { path: '.', reason, kind: 'error' };
    return { located: nowhere, problems: [problem] };
  }
}
