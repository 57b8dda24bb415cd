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
import { withoutDoubles } from './decoded.ts';

export interface Judged {
  candidate: Candidate;
  verdict: Verdict;
}

interface Pending {
  finding: Finding;
  origin: Origin;
  member: string | undefined;
  subject: AllowSubject;
}

/** Gathers findings over a scan: builds them, looks commits up at the end, and takes out what is allowed. */
export interface Collector {
  readonly count: number;
  readonly allowed: number;
  add(chunk: TextChunk, judged: readonly Judged[]): void;
  /** The findings, and what went wrong when their commits were looked up: a finding is not lost for that. */
  finish(source: ScanSource): Promise<{ findings: Finding[]; problems: Skipped[] }>;
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
    add(chunk, judged) {
      const others = judged.map((j) => j.candidate);
      for (const { candidate, verdict } of withoutDoubles(judged)) {
        const finding = buildFinding({ candidate, verdict, rule: candidate.rules[0]!, others, show });
        pending.push({ finding, origin: chunk.origin, member: chunk.member, subject: allowSubject(candidate) });
      }
    },
    async finish(source) {
      const { located, problems } = await locate(source, pending);
      const findings: Finding[] = [];
      for (const { finding: found, origin, member, subject } of pending) {
        const info = located.get(originKey(origin));
        const values = show ? [] : [subject.value];
        const finding = info ? attachCommit({ finding: found, info, member, values }) : found;
        if (allowedBy({ allow: config.allow, subject, finding })) allowed++;
        else findings.push(finding);
      }
      // The same secret in fifty versions of a file is one finding.
      const merged = mergeFindings(findings);
      return { findings: sortFindings(source.locate ? mergeVersions(merged) : merged), problems };
    },
  };
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
