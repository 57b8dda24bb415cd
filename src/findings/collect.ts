import { originKey } from '../sources/origin-key.ts';
import type {
  Candidate,
  CommitInfo,
  Config,
  Finding,
  Origin,
  ScanSource,
  Skipped,
  TextChunk,
  Verdict,
} from '../types.ts';
import { type AllowSubject, allowedBy, allowSubject } from './allowed.ts';
import { attachCommit, buildFinding, mergeFindings, mergeVersions, sortFindings } from './build.ts';
import { judgedAsRead, withoutDoubles } from './decoded.ts';

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
}

/** Gathers findings over a scan: looks commits up at the end, and takes out what is allowed. */
export interface Collector {
  readonly count: number;
  readonly allowed: number;
  add(found: readonly Pending[]): void;
  /** The findings, and what went wrong when their commits were looked up: a finding is not lost for that. */
  finish(source: ScanSource): Promise<{ findings: Finding[]; problems: Skipped[] }>;
}

/** What is a secret in a text, in order of place. */
export function findingsIn(input: { chunk: TextChunk; judged: readonly Judged[]; show: boolean }): Pending[] {
  const { chunk, judged, show } = input;
  const { origin, member } = chunk;
  const others = judged.map((j) => j.candidate);
  const here = withoutDoubles(judgedAsRead(judged)).map(({ candidate, verdict }) => {
    const finding = buildFinding({ candidate, verdict, rule: candidate.rules[0]!, others, show });
    const pending: Pending = { finding, origin, member, subject: allowSubject(candidate), partOf: [] };
    return { candidate, pending };
  });
  for (const whole of here.filter(({ candidate }) => candidate.parts)) {
    for (const part of here) if (isPart(part.candidate, whole.candidate)) part.pending.partOf.push(whole.pending);
  }
  return here.filter(({ candidate }) => !candidate.rules[0]!.silent).map(({ pending }) => pending);
}

export function findingsOf({ config, show }: { config: Config; show: boolean }): Collector {
  const pending: Pending[] = [];
  let allowed = 0;
  return {
    get count() {
      return pending.length;
    },
    get allowed() {
      return allowed;
    },
    add(found) {
      for (const one of found) pending.push(one);
    },
    async finish(source) {
      const { located, problems } = await locate(source, pending);
      const kept = new Map<Pending, Finding>();
      for (const one of pending) {
        const { finding: found, origin, member, subject } = one;
        const info = located.get(originKey(origin));
        const values = show ? [] : [subject.value];
        const finding = info ? attachCommit({ finding: found, info, member, values }) : found;
        if (allowedBy({ allow: config.allow, subject, finding })) allowed++;
        else kept.set(one, finding);
      }
      // What is a part of something that is a part itself is told: nothing is lost among rules that name each other.
      const isTold = ({ partOf }: Pending) => !partOf.some((whole) => kept.has(whole) && whole.partOf.length === 0);
      const findings = [...kept].flatMap(([one, finding]) => (isTold(one) ? finding : []));
      // The same secret in fifty versions of a file is one finding.
      const merged = mergeFindings(findings);
      return { findings: sortFindings(source.locate ? mergeVersions(merged) : merged), problems };
    },
  };
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
