import { createHash } from 'node:crypto';
import type { Judge } from '../classify/index.ts';
import { valueShape } from '../features/value.ts';
import { allowedBy, allowSubject } from '../findings/allowed.ts';
import { buildFinding } from '../findings/build.ts';
import type { Judged } from '../findings/collect.ts';
import { judgedAsRead, withoutDoubles } from '../findings/decoded.ts';
import { fingerprint } from '../findings/fingerprint.ts';
import { hide, plain } from '../findings/redact.ts';
import { loadRules } from '../rules/rule-set.ts';
import { search } from '../search.ts';
import type { Candidate, Config, Skipped, TextChunk } from '../types.ts';
import { touches } from '../util/ranges.ts';
import type { Seen } from './types.ts';

/** What is in a text: as `scan` would judge it, harmless candidates included. */
export interface Look {
  chunk: TextChunk;
  judged: readonly Judged[];
  /** All candidates: none of their values may be shown. */
  all: readonly Candidate[];
  skipped: readonly Skipped[];
}

export type Looker = (chunk: TextChunk, signal?: AbortSignal) => Promise<Look>;

/** Makes what searches a text and judges what it finds there, with one judge for all. */
export function createLooker(config: Config, judge: Judge): Looker {
  const rules = loadRules(config);
  return async (chunk, signal) => {
    const found = search(chunk, rules, config.maxDepth);
    const all = found.candidates.filter((candidate) => isNew(candidate));
    const verdicts = await judge.judge(
      all.map((candidate) => candidate.read ?? candidate),
      signal,
    );
    const judged = judgedAsRead(all.map((candidate, i) => ({ candidate, verdict: verdicts[i]! })));
    const secrets = new Set(withoutDoubles(judged));
    const told = judged.filter((one) => {
      return !one.candidate.rules[0]!.silent && (one.verdict.label !== 'secret' || secrets.has(one));
    });
    return { chunk, judged: told, all: found.candidates, skipped: found.skipped };
  };
}

function isNew({ chunk, line, endLine }: Candidate): boolean {
  return !chunk.added || touches(chunk.added, line, endLine);
}

/** A candidate without its value, allowlists of the configuration asked. */
export function seenOf({ candidate, verdict }: Judged, look: Look, config: Config): Seen {
  const finding = buildFinding({ candidate, verdict, rule: candidate.rules[0]!, others: look.all, show: false });
  const isSecret = verdict.label === 'secret';
  const allowed = isSecret ? allowedBy({ allow: config.allow, subject: allowSubject(candidate), finding }) : undefined;
  const because = allowed?.description === undefined ? '' : ` (${plain(allowed.description)})`;
  return {
    path: finding.path,
    line: finding.line,
    column: finding.column,
    logicalPath: withoutValues(look.chunk.logicalPath, [candidate.value]),
    rule: finding.ruleId,
    description: finding.description,
    severity: finding.severity,
    ...(finding.name === undefined ? {} : { name: finding.name }),
    secret: finding.secret,
    shape: valueShape((candidate.read ?? candidate).value).kind,
    fingerprint: finding.fingerprint,
    ...(finding.commit === undefined ? {} : { commit: finding.commit }),
    label: allowed ? 'harmless' : verdict.label,
    probability: verdict.probability,
    decidedBy: allowed ? 'allowlist' : verdict.decidedBy,
    reason: allowed ? `the configuration lets it pass${because}` : finding.reason,
    ...(isSecret && !allowed && isProved(candidate) ? { proved: true } : {}),
  };
}

/** Whether a checksum or a structure has been checked, and not only a shape. */
function isProved({ syntax, rules }: Candidate): boolean {
  return syntax === 'provider' && rules.some((rule) => rule.validator !== undefined);
}

/** A path or a text of the user's without `values`. */
export function withoutValues(text: string, values: readonly string[]): string {
  return hide({ text, values, unlessWord: true });
}

/**
 * Tells whether a text is still the same, in a file that others may see: short secrets cannot be guessed from it faster than
 * from a fingerprint.
 */
export function textKey({ text, logicalPath, added, firstLine }: TextChunk): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([added ?? null, firstLine]))
    .update(text)
    .digest('hex');
  return fingerprint({ ruleId: 'text', logicalPath, value: digest });
}
