import type { Judgement } from '../classify/index.ts';
import { judgedBy } from '../llm/verdict.ts';
import type { Candidate, Opinion, Verdict } from '../types.ts';
import { type JudgedText, type Pending, pendingOf } from './collect.ts';
import { asRead, type Comparable, saysAll, withoutDoubles } from './decoded.ts';
import { hide, plain } from './redact.ts';

/** A candidate of a text in which some verdicts are in doubt. Plain data, without the text that it was found in. */
export interface Unsettled extends Comparable {
  /** What to ask about it; absent where it is in no doubt. Holds the value: it goes no further than the question. */
  question?: string;
  /** It is all that is decoded where it stands. */
  saysAll: boolean;
  /** Its finding, if it can become one. */
  pending?: Pending;
}

/** What has come of a candidate that was in doubt. */
export interface Settled {
  before: Verdict;
  /** The same one where nobody has judged it. */
  after: Verdict;
}

interface Judged {
  candidate: Candidate;
  verdict: Judgement;
}

/** All that may come of a text, however its doubts are settled; in order of place. */
export function unsettledIn(input: Omit<JudgedText, 'judged'> & { judged: readonly Judged[] }): Unsettled[] {
  const { judged } = input;
  const secrets = judged.filter(({ verdict }) => verdict.label === 'secret' || verdict.question !== undefined);
  const pending = new Map(pendingOf({ ...input, secrets }).map((made, i) => [secrets[i]!, made]));
  return judged.flatMap((one) => {
    const { start, end, syntax, encodings, rules, read } = one.candidate;
    const { question, ...verdict } = one.verdict;
    const made = pending.get(one);
    const isAll = saysAll(one.candidate);
    if (!made && !(isAll && verdict.label === 'placeholder')) return [];
    return {
      candidate: { start, end, syntax, encodings, rules: [{ id: rules[0]!.id }], ...(read ? { read: true } : {}) },
      verdict,
      saysAll: isAll,
      ...(question === undefined ? {} : { question }),
      ...(made && !made.rule.silent ? { pending: made.pending } : {}),
    };
  });
}

/**
 * The findings of a text when its doubts are settled, as if the verdicts had been these from the start.
 * @param input.opinions by question; what is not in there keeps the verdict that it has
 * @param input.name who has judged
 */
export function settledIn(input: {
  unsettled: readonly Unsettled[];
  opinions: ReadonlyMap<string, Opinion>;
  name: string;
}): { found: Pending[]; doubts: Settled[] } {
  const { unsettled, opinions, name } = input;
  const doubts: Settled[] = [];
  const judged = unsettled.map((one) => {
    if (one.question === undefined) return one;
    const opinion = opinions.get(one.question);
    const verdict = opinion ? judgedBy({ verdict: one.verdict, opinion, name }) : one.verdict;
    doubts.push({ before: one.verdict, after: verdict });
    return { ...one, verdict };
  });
  const found = withoutDoubles(asRead(judged, (one) => one.saysAll)).flatMap(({ verdict, pending }) => {
    if (pending && verdict.decidedBy === 'judge') pending.finding = judgedFinding(pending, verdict);
    return pending ?? [];
  });
  // What is said of the markers of the text stays, whoever is left to say it.
  const remarks = unsettled.find(({ pending }) => pending?.remarks)?.pending?.remarks;
  if (found[0] && remarks) found[0].remarks = remarks;
  return { found, doubts };
}

function judgedFinding({ finding, subject }: Pending, verdict: Verdict): Pending['finding'] {
  const { label, probability, decidedBy, scores } = verdict;
  // What stands before it in the reason has been through this door.
  const reason = plain(hide({ text: verdict.reason, values: [subject.value], unlessWord: true }));
  return { ...finding, verdict: label, probability, decidedBy, reason, ...(scores ? { scores } : {}) };
}
