import type { Scores, Verdict, VerdictLabel } from './candidate.ts';
import type { Severity } from './rule.ts';
import type { Origin, Skipped } from './source.ts';

declare const redacted: unique symbol;
/** Text that has been through `findings/redact.ts`: the only kind of text from scanned input that may be shown. */
export type Redacted = string & { readonly [redacted]: true };

export interface Location {
  path: string;
  line: number;
  endLine: number;
  column: number;
  endColumn: number;
}

/** A companion of a secret, as the user is told of it. */
export interface FindingPart extends Location {
  /** `access key id`. */
  role: string;
  ruleId?: string;
  /** Masked where it is a secret itself. */
  text: Redacted;
}

/** What the user is told. Holds no raw value. */
export interface Finding extends Location {
  ruleId: string;
  provider: string;
  description: string;
  severity: Severity;
  verdict: VerdictLabel;
  probability: number;
  decidedBy: Verdict['decidedBy'];
  reason: string;
  scores?: Scores;
  /** Of rule, logical path and a keyed, stretched hash of the value: 32 hexadecimal characters. */
  fingerprint: string;
  /** The line of the finding, values masked, shortened to what fits a screen. */
  preview: Redacted;
  /** The value, masked: `ghp_********`. In the clear only with --show-secrets. */
  secret: Redacted;
  /** Name that the value is bound to, if it has one. */
  name?: Redacted;
  rotate?: string;
  /** The encodings that the value was decoded from, outermost first: `base64 → character escapes`. */
  way?: string;
  /** Where the text came from. */
  source: Origin['kind'];
  commit?: string;
  author?: string;
  date?: string;
  /** History: whether the blob is still in HEAD. */
  inHead?: boolean;
  /** What belongs to it: the id of a key, the host of a token. Those with a rule are no findings of their own. */
  parts?: readonly FindingPart[];
  /** Further places of the same secret: other paths of the same blob. */
  related?: readonly Location[];
}

/** Findings that are not told, by what hides them. */
export interface HiddenCounts {
  markers: number;
  ignoreFiles: number;
  baseline: number;
  /** Of those in the baseline: what it says is still to be fixed. */
  toFix: number;
}

/** What came of asking a large language model about what is in doubt. */
export interface JudgeCounts {
  /** `ollama:smart-secrets-scanner` */
  name: string;
  /** Candidates in doubt. */
  inDoubt: number;
  /** Those that it has judged. */
  judged: number;
  /** Those that are secrets by its word alone, and those that are none. */
  raised: number;
  dropped: number;
}

export interface Report {
  tool: { name: 'smart-secrets-scanner'; version: string };
  /** What was scanned, for people. */
  scope: string;
  findings: readonly Finding[];
  statistics: {
    chunks: number;
    bytes: number;
    candidates: number;
    /** Candidates by verdict label. */
    verdicts: Record<VerdictLabel, number>;
    /** Candidates by what settled them. */
    decidedBy: Readonly<Partial<Record<Verdict['decidedBy'], number>>>;
    /** Where the language model ran; absent when no candidate needed it. */
    device?: 'cpu' | 'cuda';
    /** Texts that an earlier scan had found clean, and that were not searched again; absent where no scan is remembered. */
    cached?: number;
    /** What a large language model was asked; absent where none was. */
    judge?: JudgeCounts;
    /** Findings hidden by an allowlist. */
    allowed: number;
    /** Findings hidden otherwise; absent: none. */
    hidden?: HiddenCounts;
    /** Wall time in milliseconds. Never part of anything that is compared. */
    elapsedMs: number;
  };
  skipped: readonly Skipped[];
  /** What the user should know of how it was judged: another device than the one asked for, no language model. */
  notes: readonly string[];
  /** What the user should know of what hides findings: markers that count for nothing, entries that cannot be used. */
  remarks?: readonly string[];
  /** True when the scan was stopped before its end: the findings are those found so far. */
  interrupted: boolean;
}
