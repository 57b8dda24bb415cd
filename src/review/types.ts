import type { ReviewSettings, Severity, Skipped, Verdict, VerdictLabel } from '../types.ts';

/** What becomes of a ticket. */
export type Outcome = 'pass' | 'fail';

/** What `sss review` goes by, nothing left out but its places. */
export type Chance = Required<Pick<ReviewSettings, 'seed' | 'samples' | 'temperature'>>;

/** A candidate as the files of a mission hold it: without its value. */
export interface Seen {
  /** As the user would open it. */
  path: string;
  line: number;
  column: number;
  /** From the root: what lines of guidance look at. */
  logicalPath: string;
  rule: string;
  description: string;
  severity: Severity;
  name?: string;
  /** Masked. */
  secret: string;
  /** What kind of text the value is: `hex`, `words`. */
  shape: string;
  fingerprint: string;
  commit?: string;
  label: VerdictLabel;
  probability: number;
  decidedBy: Verdict['decidedBy'];
  reason: string;
  /** A checksum or a structure has proved it to be a provider's key: no vote and no guidance makes it harmless. */
  proved?: boolean;
}

/** What one look at a candidate came to. */
export interface Vote {
  by: 'scanner' | 'llm';
  /** What it was shown: `whole`, `no-name`. */
  prompt: string;
  /** Of the answers to one prompt, counted from 0. */
  sample?: number;
  label: VerdictLabel;
  /** Of the label `secret`. */
  probability: number;
  /** In the words of the model, masked. */
  reason?: string;
}

/** What was thought of a candidate of a ticket: a line of `rollouts.jsonl`. */
export interface Rollout {
  ticket: string;
  key: string;
  seen: Seen;
  votes: readonly Vote[];
  /** Answers that did not come, or were none, and why. */
  failures?: readonly string[];
}

/** The last line of a ticket in `rollouts.jsonl`: all of it was looked at. */
export interface TicketEnd {
  ticket: string;
  key: string;
  /** Texts that were searched. */
  texts: number;
  /** Candidates that were found there. */
  found: number;
  /** Those that were voted on, by their keys, in order of place. */
  voted: readonly string[];
  skipped: readonly Skipped[];
  /** It changes the lines of guidance itself, and is judged without them. */
  changesGuidance: boolean;
  /** The user's reason for the label, masked. */
  because?: string;
}

/** What a ticket is about. */
export type TicketKind = 'commit' | 'pull-request' | 'file';

/** Something that passes or fails as a whole. */
export interface Ticket {
  id: string;
  kind: TicketKind;
  /** A commit, a range of commits, or a path. */
  ref: string;
  /** What `ref` stood for when the ticket came in: full names of commits. */
  resolved: string;
  /** What is known to be right. */
  label?: Outcome;
  /** What the user says against an earlier verdict: comes before `label`. */
  correction?: Outcome;
  /** Why, in the user's words. */
  because?: string;
  /** Fingerprints of what the label is about; absent: of all in the ticket. */
  candidates?: readonly string[];
}

/** What the votes on one candidate came to. */
export interface Choice {
  seen: Seen;
  isSecret: boolean;
  /** Weight of the votes for `secret` among all, 0 to 1. */
  share: number;
  /** Mean probability of being a secret. */
  probability: number;
  votes: { secret: number; all: number };
  /** What settled it where it was not the votes. */
  settledBy?: 'checksum' | 'guidance' | 'allowlist';
  /** Id of the line of guidance that held. */
  guidance?: string;
  reasons?: readonly string[];
}

/** What becomes of a ticket: a line of `verdicts.jsonl`. */
export interface TicketVerdict {
  ticket: string;
  kind: TicketKind;
  ref: string;
  verdict: Outcome;
  /** Something of it could not be read: it cannot pass. */
  incomplete: boolean;
  texts: number;
  found: number;
  /** The candidates that make it fail, the surest first. */
  failing: readonly Choice[];
  /** Those that some of the votes took for secrets. */
  doubtful: readonly Choice[];
  /** Where the label or the correction says otherwise. */
  expected?: Outcome;
  skipped: readonly Skipped[];
  notes: readonly string[];
}
