import { originKey } from '../sources/origin-key.ts';
import type { Candidate, Config, Finding, Origin, ScanSource, TextChunk, Verdict } from '../types.ts';
import { type AllowSubject, allowedBy, allowSubject } from './allowed.ts';
import { attachCommit, buildFinding, mergeFindings, mergeVersions, sortFindings } from './build.ts';

export interface Judged {
  candidate: Candidate;
  verdict: Verdict;
}

interface Pending {
  finding: Finding;
  origin: Origin;
  subject: AllowSubject;
}

/** Gathers findings over a scan: builds them, looks commits up at the end, and takes out what is allowed. */
export interface Collector {
  readonly count: number;
  readonly allowed: number;
  add(chunk: TextChunk, judged: readonly Judged[]): void;
  finish(source: ScanSource): Promise<Finding[]>;
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
      for (const { candidate, verdict } of judged) {
        if (verdict.label !== 'secret') continue;
        const finding = buildFinding({ candidate, verdict, rule: candidate.rules[0]!, others, show });
        pending.push({ finding, origin: chunk.origin, subject: allowSubject(candidate) });
      }
    },
    async finish(source) {
      const located = source.locate ? await source.locate(pending.map((p) => p.origin)) : new Map();
      const findings: Finding[] = [];
      for (const { finding: found, origin, subject } of pending) {
        const info = located.get(originKey(origin));
        const finding = info ? attachCommit({ finding: found, info, values: show ? [] : [subject.value] }) : found;
        if (allowedBy({ allow: config.allow, subject, finding })) allowed++;
        else findings.push(finding);
      }
      // The same secret in fifty versions of a file is one finding.
      const merged = mergeFindings(findings);
      return sortFindings(source.locate ? mergeVersions(merged) : merged);
    },
  };
}
