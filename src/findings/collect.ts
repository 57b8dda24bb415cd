import { isAllowed } from '../config/allow.ts';
import { originKey } from '../sources/origin-key.ts';
import type { Candidate, Config, Finding, Origin, ScanSource, TextChunk, Verdict } from '../types.ts';
import { attachCommit, buildFinding, mergeFindings, mergeVersions, sortFindings } from './build.ts';

export interface Judged {
  candidate: Candidate;
  verdict: Verdict;
}

interface Pending {
  finding: Finding;
  origin: Origin;
  /** What allowlists look at besides the finding; values stay in here and go no further. */
  value: string;
  line: string;
  logicalPath: string;
  ruleIds: readonly string[];
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
      const candidates = judged.map((j) => j.candidate);
      for (const { candidate, verdict } of judged) {
        if (verdict.label !== 'secret') continue;
        const rule = candidate.rules[0]!;
        pending.push({
          finding: buildFinding({ candidate, verdict, rule, others: candidates, show }),
          origin: chunk.origin,
          value: candidate.value,
          line: linesOf(candidate),
          logicalPath: chunk.logicalPath,
          ruleIds: candidate.rules.map((r) => r.id),
        });
      }
    },
    async finish(source) {
      const located = source.locate ? await source.locate(pending.map((p) => p.origin)) : new Map();
      const findings: Finding[] = [];
      for (const p of pending) {
        const info = located.get(originKey(p.origin));
        const finding = info ? attachCommit({ finding: p.finding, info, values: show ? [] : [p.value] }) : p.finding;
        const { value, line, logicalPath, ruleIds } = p;
        const entry = isAllowed({
          allow: config.allow,
          ruleIds,
          value,
          match: value,
          line,
          logicalPath,
          commit: finding.commit,
          fingerprint: finding.fingerprint,
        });
        if (entry) allowed++;
        else findings.push(finding);
      }
      // The same secret in fifty versions of a file is one finding.
      const merged = mergeFindings(findings);
      return sortFindings(source.locate ? mergeVersions(merged) : merged);
    },
  };
}

/** The whole lines that a candidate stands on. */
function linesOf({ chunk: { text }, start, end }: Candidate): string {
  const from = text.lastIndexOf('\n', start - 1) + 1;
  const to = text.indexOf('\n', end);
  return text.slice(Math.max(from, start - 4096), Math.min(to < 0 ? text.length : to, end + 4096));
}
