import { createHash } from 'node:crypto';
import type { Judge } from '../classify/index.ts';
import { valueShape } from '../features/value.ts';
import { buildFinding } from '../findings/build.ts';
import type { Judged } from '../findings/collect.ts';
import { judgedAsRead, withoutDoubles } from '../findings/decoded.ts';
import { fingerprint } from '../findings/fingerprint.ts';
import { openKnownOf } from '../findings/known.ts';
import { whatLetsPass } from '../findings/let-pass.ts';
import { hide, plain } from '../findings/redact.ts';
import { searchInForce } from '../inspect/in-force.ts';
import { isNew } from '../search.ts';
import type { Candidate, Config, Finding, Skipped, TextChunk } from '../types.ts';
import { once } from '../util/once.ts';
import type { Seen } from './types.ts';

/** What is in a text: as `scan` would judge it, harmless candidates included. */
export interface Look {
  chunk: TextChunk;
  judged: readonly Judged[];
  /** All candidates: none of their values may be shown. */
  all: readonly Candidate[];
  skipped: readonly Skipped[];
  /** What lets secrets of it pass, in words. */
  passes: ReadonlyMap<Candidate, string>;
}

/** Searches a text and judges what it finds there. */
export type Looker = (chunk: TextChunk, signal?: AbortSignal) => Promise<Look>;

/** Makes what searches a text and judges what it finds there, with one judge for all. */
export function createLooker(config: Config, judge: Judge): Looker {
  const searched = searchInForce(config);
  const known = once(() => openKnownOf(config));
  return async (chunk, signal) => {
    const found = await searched(chunk);
    const all = found.candidates.filter(isNew);
    const verdicts = await judge.judge(
      all.map((candidate) => candidate.read ?? candidate),
      signal,
    );
    const judged = judgedAsRead(all.map((candidate, i) => ({ candidate, verdict: verdicts[i]! })));
    const secrets = new Set(withoutDoubles(judged));
    const told = judged.filter((one) => {
      return !one.candidate.rules[0]!.silent && (one.verdict.label !== 'secret' || secrets.has(one));
    });
    const passes = await whatLetsPass({
      chunk,
      secrets: told
        .filter(({ verdict }) => verdict.label === 'secret')
        .map((one) => ({ candidate: one.candidate, finding: findingOf(one, found.candidates) })),
      config: found.config,
      known,
    });
    return { chunk, judged: told, all: found.candidates, skipped: found.skipped, passes };
  };
}

function findingOf({ candidate, verdict }: Judged, others: readonly Candidate[]): Finding {
  return buildFinding({ candidate, verdict, rule: candidate.rules[0]!, others, show: false });
}

/** A candidate without its value, and whether something lets it pass. */
export function seenOf(judged: Judged, look: Look): Seen {
  const { candidate, verdict } = judged;
  const finding = findingOf(judged, look.all);
  const isSecret = verdict.label === 'secret';
  const allowed = look.passes.get(candidate);
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
    reason: allowed ? `${plain(allowed)} lets it pass` : finding.reason,
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
