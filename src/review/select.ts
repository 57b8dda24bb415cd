import type { Guidance, GuidanceLine } from './guidance.ts';
import type { Choice, Outcome, Rollout, Ticket, TicketEnd, TicketVerdict, Vote } from './types.ts';

/** How sure guidance makes a vote. */
const GUIDED = 0.98;

/**
 * What the votes on a candidate come to. Each vote weighs as much as it is sure of its label; all of the scanner weigh as much
 * as all of the large language model; a tie is a secret. What a checksum proves is one whatever is voted, and what the configuration allows is none.
 * @param isOurs the model reads no guidance: where guidance holds, its votes do not count
 */
export function choose(input: { rollout: Rollout; line: GuidanceLine | undefined; isOurs: boolean }): Choice {
  const { rollout, line, isOurs } = input;
  const { seen } = rollout;
  const all = { secret: rollout.votes.filter(isForSecret).length, all: rollout.votes.length };
  const reasons = [...new Set(rollout.votes.flatMap(({ reason }) => reason ?? []))].slice(0, 3);
  const common = { seen, votes: all, ...(reasons.length === 0 ? {} : { reasons }) };
  if (seen.proved) {
    return { ...common, isSecret: true, share: 1, probability: seen.probability, settledBy: 'checksum' };
  }
  if (seen.decidedBy === 'allowlist') {
    return { ...common, isSecret: false, share: 0, probability: seen.probability, settledBy: 'allowlist' };
  }
  const votes = rollout.votes.flatMap((vote) => {
    if (!line) return [vote];
    if (vote.by === 'llm') return isOurs ? [] : [vote];
    return [{ ...vote, label: line.treat, probability: line.treat === 'secret' ? GUIDED : 1 - GUIDED }];
  });
  const blocks = (['scanner', 'llm'] as const)
    .map((by) => votes.filter((vote) => vote.by === by))
    .filter((block) => block.length > 0);
  const share = mean(blocks.map(shareOf));
  return {
    ...common,
    isSecret: share >= 0.5,
    share: round(share),
    probability: round(mean(blocks.map((block) => mean(block.map(({ probability }) => probability))))),
    ...(line ? { settledBy: 'guidance' as const, guidance: line.id } : {}),
  };
}

function shareOf(votes: readonly Vote[]): number {
  const weight = ({ probability }: Vote) => Math.max(probability, 1 - probability);
  const sum = (some: readonly Vote[]) => some.reduce((total, vote) => total + weight(vote), 0);
  // Sums of the same votes in another order may differ in the last digits: a tie must stay one.
  return round(sum(votes.filter(isForSecret)) / sum(votes));
}

function isForSecret({ label }: Vote): boolean {
  return label === 'secret';
}

function mean(numbers: readonly number[]): number {
  return numbers.length === 0 ? 1 : numbers.reduce((sum, one) => sum + one, 0) / numbers.length;
}

function round(number: number): number {
  return Math.round(number * 1e6) / 1e6;
}

/** Everything that is known of a ticket once it was looked at. */
export interface TicketCase {
  ticket: Ticket;
  end: TicketEnd;
  /** In order of place. */
  rollouts: readonly Rollout[];
}

/** What is known to be right of a ticket. */
export function expectedOf({ label, correction }: Ticket): Outcome | undefined {
  return correction ?? label;
}

/** The choice for each candidate of a ticket. A ticket that changes the guidance cannot let itself pass by it. */
export function choicesOf(one: TicketCase, guidance: Guidance, isOurs: boolean): Choice[] {
  return one.rollouts.map((rollout) => {
    return choose({ rollout, line: one.end.changesGuidance ? undefined : guidance.of(rollout.seen), isOurs });
  });
}

/** Pass or fail: one secret, or something that could not be read, is enough to fail. */
export function verdictOf(one: TicketCase, guidance: Guidance, isOurs: boolean): TicketVerdict {
  const { ticket, end, rollouts } = one;
  const choices = choicesOf(one, guidance, isOurs);
  const surest = (a: Choice, b: Choice) => b.share - a.share || b.probability - a.probability;
  const failing = choices.filter(({ isSecret }) => isSecret).sort(surest);
  const doubtful = choices.filter(({ isSecret, votes, seen }) => {
    return !isSecret && (votes.secret > 0 || seen.label === 'secret');
  });
  const incomplete = end.skipped.some(({ kind }) => kind === 'error');
  const expected = expectedOf(ticket);
  const failures = rollouts.flatMap((rollout) => rollout.failures ?? []);
  return {
    ticket: ticket.id,
    kind: ticket.kind,
    ref: ticket.ref,
    verdict: failing.length > 0 || incomplete ? 'fail' : 'pass',
    incomplete,
    texts: end.texts,
    found: end.found,
    failing,
    doubtful: doubtful.sort(surest),
    ...(expected === undefined ? {} : { expected }),
    skipped: end.skipped,
    notes: [
      ...(end.changesGuidance ? ['it changes the guidance itself, and was judged without it'] : []),
      ...(failures.length === 0
        ? []
        : [
            `the large language model gave no usable answer ${times(failures.length)} (${failures[0]}): the other votes count`,
          ]),
    ],
  };
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}
