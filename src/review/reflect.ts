import {
  type Change,
  type Effect,
  type Guidance,
  type GuidanceLine,
  guidanceOf,
  isActive,
  matcher,
  sorted,
} from './guidance.ts';
import { narrowness, type Proposal, proposalsFor } from './propose.ts';
import { choicesOf, expectedOf, type TicketCase, verdictOf } from './select.ts';
import type { Outcome } from './types.ts';

/** Tickets that it takes to call all of a folder or of a name harmless. */
const LEAST_FOR_ALL = 3;
/** Proposals that are measured at most. */
const MOST_PROPOSALS = 3000;

/** What became of a proposed line, or of one that was there: a line of `reflection.jsonl`. */
export interface Reflection extends Proposal {
  decision: 'kept' | 'refused' | 'retired';
  why: string;
  /** Tickets that it comes from. */
  from: readonly string[];
  effect: Effect;
}

/** What a review has learnt from tickets that a person has labelled. */
export interface Reflected {
  /** All lines, retired ones included. */
  lines: readonly GuidanceLine[];
  reflections: readonly Reflection[];
  /** Labelled tickets that are wrong before and after. */
  wrongBefore: readonly string[];
  wrongAfter: readonly string[];
  /** Lines that were not measured, as there were too many. */
  left: number;
}

interface Labelled {
  one: TicketCase;
  expected: Outcome;
  fingerprints: ReadonlySet<string>;
}

/** A proposal with the labelled tickets that gave rise to it. */
interface Supported {
  proposal: Proposal;
  from: Set<Labelled>;
}

/**
 * Learns from tickets whose verdict is not what a person says: proposes lines of guidance for them, measures each on tickets
 * that it was not made from, and keeps those that help there and break nothing anywhere. Lines that are there already
 * are retired when tickets are right without them and none is wrong for it.
 *
 * Each labelled ticket is held back in turn: a line is measured on a ticket only if another ticket, which shares no secret
 * with it, has given rise to the same line.
 */
export function reflect(input: {
  cases: readonly TicketCase[];
  lines: readonly GuidanceLine[];
  isOurs: boolean;
}): Reflected {
  const { cases, isOurs } = input;
  const labelled = cases.flatMap((one): Labelled[] => {
    const expected = expectedOf(one.ticket);
    const isWhole = one.end.skipped.every(({ kind }) => kind !== 'error');
    if (expected === undefined || !isWhole) return [];
    return [{ one, expected, fingerprints: new Set(one.rollouts.map(({ seen }) => seen.fingerprint)) }];
  });
  const measure = measurer({ cases, labelled, isOurs });
  const wrong = (lines: readonly GuidanceLine[]) => namesOf(measure.wrong(guidanceOf(lines)));
  const reflections: Reflection[] = [];
  let lines = retire({ lines: input.lines, measure, reflections });
  const { supported, left } = proposals({ labelled, guidance: guidanceOf(lines), measure });
  const kept = keep({ supported, lines, measure, reflections });
  for (const { proposal, effect, because } of kept) lines = added({ lines, proposal, effect, because });
  return {
    lines: sorted(lines),
    reflections,
    wrongBefore: wrong(input.lines),
    wrongAfter: wrong(lines),
    left,
  };
}

type Measure = ReturnType<typeof measurer>;

function measurer(input: { cases: readonly TicketCase[]; labelled: readonly Labelled[]; isOurs: boolean }) {
  const { cases, labelled, isOurs } = input;
  const unlabelled = cases.filter(({ ticket }) => expectedOf(ticket) === undefined);
  /** Of what the label is about. */
  const choices = ({ one }: Labelled, guidance: Guidance) => {
    const about = one.ticket.candidates;
    return choicesOf(one, guidance, isOurs).filter(({ seen }) => about?.includes(seen.fingerprint) ?? true);
  };
  /** How wrong a ticket is: 0 when it is right. */
  const loss = (ticket: Labelled, guidance: Guidance): number => {
    const { expected } = ticket;
    const about = ticket.one.ticket.candidates;
    const all = choices(ticket, guidance);
    const secrets = all.filter(({ isSecret }) => isSecret).length;
    if (expected === 'pass') return secrets;
    // All that is named has to be found; of what is not named one is enough.
    if (about) return about.length - secrets;
    return secrets > 0 ? 0 : 1;
  };
  /** Losses of all tickets without a change: the same for every line that is measured. */
  const known = new WeakMap<Guidance, ReadonlyMap<Labelled, number>>();
  const lossesOf = (guidance: Guidance) => {
    const losses = known.get(guidance) ?? new Map(labelled.map((ticket) => [ticket, loss(ticket, guidance)]));
    known.set(guidance, losses);
    return losses;
  };
  const touchedBy = (proposal: Proposal) => {
    const holds = matcher(proposal);
    return ({ rollouts }: TicketCase) => rollouts.some(({ seen }) => holds(seen));
  };
  return {
    loss,
    choices,
    wrong: (guidance: Guidance) => labelled.filter((ticket) => loss(ticket, guidance) > 0),
    /** What a change does to tickets, as compared with before. */
    effect(change: { proposal: Proposal; from: ReadonlySet<Labelled>; before: Guidance; after: Guidance }) {
      const { proposal, from, before, after } = change;
      const isTouched = touchedBy(proposal);
      const losses = lossesOf(before);
      const changed = new Map(
        labelled.filter(({ one }) => isTouched(one)).map((ticket) => [ticket, loss(ticket, after)]),
      );
      const lossBefore = (ticket: Labelled) => losses.get(ticket)!;
      const lossAfter = (ticket: Labelled) => changed.get(ticket) ?? lossBefore(ticket);
      const held = labelled.filter((ticket) => from.size === 0 || hasOtherSource(ticket, from));
      const broken = [...changed.keys()].filter((ticket) => lossAfter(ticket) > lossBefore(ticket));
      const helped = held.filter((ticket) => lossAfter(ticket) < lossBefore(ticket));
      const turns = (one: TicketCase) =>
        verdictOf(one, before, isOurs).verdict !== verdictOf(one, after, isOurs).verdict;
      const effect: Effect = {
        held: held.length,
        wrongBefore: held.filter((ticket) => lossBefore(ticket) > 0).length,
        wrongAfter: held.filter((ticket) => lossAfter(ticket) > 0).length,
        alsoChanges: unlabelled.filter((one) => isTouched(one) && turns(one)).length,
      };
      return { effect, broken, helped };
    },
  };
}

/** Whether a ticket that shares no secret with this one has given rise to the same line. */
function hasOtherSource(ticket: Labelled, from: ReadonlySet<Labelled>): boolean {
  return [...from].some((other) => {
    return other !== ticket && ![...other.fingerprints].some((one) => ticket.fingerprints.has(one));
  });
}

/** Retires lines that only do harm. */
function retire(input: {
  lines: readonly GuidanceLine[];
  measure: Measure;
  reflections: Reflection[];
}): readonly GuidanceLine[] {
  const { measure, reflections } = input;
  let { lines } = input;
  for (const line of sorted(lines).filter(isActive)) {
    const without = lines.filter((other) => other !== line);
    const change = { proposal: line, from: new Set<Labelled>(), before: guidanceOf(lines), after: guidanceOf(without) };
    const { effect, broken, helped } = measure.effect(change);
    if (helped.length === 0 || broken.length > 0) continue;
    const why = `${count(helped.length, 'labelled ticket')} ${helped.length === 1 ? 'is' : 'are'} better off without it, and none is worse`;
    lines = [
      ...without,
      { ...line, changes: [...line.changes, { ...next(line), action: 'retired', because: why, effect }] },
    ];
    const { changes: _, ...proposal } = line;
    reflections.push({ ...proposal, decision: 'retired', why, from: namesOf(helped), effect });
  }
  return lines;
}

/** Lines for what is wrong: for each candidate that makes a ticket wrong, whatever can be said of it. */
function proposals(input: { labelled: readonly Labelled[]; guidance: Guidance; measure: Measure }) {
  const { labelled, guidance, measure } = input;
  const found = new Map<string, Supported>();
  const left = new Set<string>();
  for (const ticket of labelled) {
    if (measure.loss(ticket, guidance) === 0 || ticket.one.end.changesGuidance) continue;
    const about = ticket.one.ticket.candidates;
    const isWrong = (isSecret: boolean) => isSecret === (ticket.expected === 'pass');
    const wrong = measure.choices(ticket, guidance).filter(({ seen, isSecret, settledBy }) => {
      return isWrong(isSecret) && settledBy !== 'checksum' && (about?.includes(seen.fingerprint) ?? true);
    });
    const treat = ticket.expected === 'pass' ? 'harmless' : 'secret';
    for (const { seen } of wrong) {
      for (const proposal of proposalsFor(seen, treat)) {
        const known = found.get(proposal.id);
        if (known) known.from.add(ticket);
        else if (found.size < MOST_PROPOSALS) found.set(proposal.id, { proposal, from: new Set([ticket]) });
        else left.add(proposal.id);
      }
    }
  }
  return { supported: [...found.values()], left: left.size };
}

interface Kept {
  proposal: Proposal;
  effect: Effect;
  because: string;
}

/** Keeps what helps, the best first: a line has to add something to those before it. */
function keep(input: {
  supported: readonly Supported[];
  lines: readonly GuidanceLine[];
  measure: Measure;
  reflections: Reflection[];
}): Kept[] {
  const { supported, lines, measure, reflections } = input;
  const lineOf = (proposal: Proposal): GuidanceLine => ({ ...proposal, changes: [] });
  const active = lines.filter(isActive);
  const before = guidanceOf(active);
  const effectOf = ({ proposal, from }: Supported, others: readonly GuidanceLine[]) => {
    const after = guidanceOf([...others, lineOf(proposal)]);
    return measure.effect({ proposal, from, before: others === active ? before : guidanceOf(others), after });
  };
  const measured = supported.map((one) => ({ one, first: effectOf(one, active) }));
  measured.sort((a, b) => {
    return (
      b.first.helped.length - b.first.broken.length - (a.first.helped.length - a.first.broken.length) ||
      narrowness(b.one.proposal) - narrowness(a.one.proposal) ||
      (b.one.proposal.path?.length ?? 0) - (a.one.proposal.path?.length ?? 0) ||
      (a.one.proposal.id < b.one.proposal.id ? -1 : 1)
    );
  });
  const kept: Supported[] = [];
  const refuse = ({ proposal, from }: Supported, effect: Effect, why: string) => {
    reflections.push({ ...proposal, decision: 'refused', why, from: namesOf([...from]), effect });
  };
  const linesOf = (some: readonly Supported[]) => [...active, ...some.map(({ proposal }) => lineOf(proposal))];
  for (const { one, first } of measured) {
    const why = whyNot(first) ?? tooBroad(one) ?? whyNotBeside(effectOf(one, linesOf(kept)));
    if (why === undefined) kept.push(one);
    else refuse(one, first.effect, why);
  }
  const allWrong = (some: readonly Supported[]) => measure.wrong(guidanceOf(linesOf(some))).length;
  const enough: Supported[] = [];
  for (const [i, one] of kept.entries()) {
    const rest = [...enough, ...kept.slice(i + 1)];
    if (allWrong([...rest, one]) < allWrong(rest)) enough.push(one);
    else refuse(one, effectOf(one, linesOf(rest)).effect, 'as many tickets are right without it');
  }
  return enough.map((one) => {
    const { effect } = effectOf(one, linesOf(enough.filter((other) => other !== one)));
    const because = becauseOf([...one.from]);
    reflections.push({ ...one.proposal, decision: 'kept', why: because, from: namesOf([...one.from]), effect });
    return { proposal: one.proposal, effect, because };
  });
}

type Measured = ReturnType<Measure['effect']>;

function whyNot({ broken, helped }: Measured): string | undefined {
  if (broken.length > 0) {
    const ids = namesOf(broken).slice(0, 5).join(', ');
    return `it would make ${count(broken.length, 'ticket')} worse: ${ids}`;
  }
  return helped.length === 0 ? 'no ticket but those that it was made from gets better by it' : undefined;
}

function tooBroad({ proposal: { treat, path, rule, name, shape }, from }: Supported): string | undefined {
  const conditions = [path, rule, name, shape].filter((one) => one !== undefined);
  if (treat === 'secret' || conditions.length > 1 || from.size >= LEAST_FOR_ALL) return undefined;
  return `it looks at one thing alone: that takes ${LEAST_FOR_ALL} tickets`;
}

function whyNotBeside({ broken, helped }: Measured): string | undefined {
  if (broken.length > 0) return 'with the lines that are kept it does harm';
  return helped.length === 0 ? 'the lines that are kept do the same' : undefined;
}

/** In the words of the user where there are some. */
function becauseOf(from: readonly Labelled[]): string {
  const said = from.map(({ one }) => one.end.because).find((words) => words !== undefined);
  const ids = namesOf(from).slice(0, 5).join(', ');
  return `${said ?? 'people said so'} (${from.length === 1 ? 'ticket' : 'tickets'} ${ids})`.slice(0, 300);
}

function added(input: {
  lines: readonly GuidanceLine[];
  proposal: Proposal;
  effect: Effect;
  because: string;
}): readonly GuidanceLine[] {
  const { lines, proposal, effect, because } = input;
  const before = lines.find(({ id }) => id === proposal.id);
  const change: Change = { revision: before ? next(before).revision : 1, action: 'added', because, effect };
  const rest = lines.filter((line) => line !== before);
  return [...rest, { ...proposal, changes: [...(before?.changes ?? []), change] }];
}

function next({ changes }: GuidanceLine): Pick<Change, 'revision'> {
  return { revision: Math.max(0, ...changes.map(({ revision }) => revision)) + 1 };
}

function namesOf(tickets: readonly Labelled[]): string[] {
  return tickets.map(({ one }) => one.ticket.id);
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}
