import { limitsOf } from '../config/index.ts';
import { CREDENTIAL_KINDS, nameSense } from '../features/name.ts';
import type { Judged } from '../findings/collect.ts';
import { hide } from '../findings/redact.ts';
import { rangeSource, worktreeSource } from '../sources/index.ts';
import type { Config, ScanSource, Skipped } from '../types.ts';
import type { Asker } from './ask.ts';
import { MOST_TOLD } from './ask.ts';
import { type Guidance, inWords } from './guidance.ts';
import { type Look, type Looker, seenOf, textKey } from './look.ts';
import { expectedOf, type TicketCase } from './select.ts';
import { hashOf } from './settings.ts';
import type { Rollout, Seen, Ticket, TicketEnd, Vote } from './types.ts';
import type { Voters } from './variants.ts';

/** What is less probable is not voted on, unless guidance calls it a secret. */
const LEAST_VOTED = 0.05;
/** Candidates of a ticket that are voted on at most. Of the others a secret stays what the first look says. */
const MOST_VOTED = 500;
/** Candidates of a ticket that a large language model is asked about at most. */
const MOST_ASKED = 20;
/** Candidates of a ticket that are kept to learn from, where it should fail and nothing makes it. */
const MOST_TO_LEARN = 200;
/** Between these probabilities a large language model is asked. */
const DOUBT = { low: 0.02, high: 0.98 };

/** What rollouts need of the rest. */
export interface RolloutTools {
  cwd: string;
  config: Config;
  look: Looker;
  voters: Voters;
  /** Absent: no large language model is asked. */
  asker?: Asker | undefined;
  /** The model that is asked reads no guidance. */
  isOurs: boolean;
  guidance: Guidance;
  /** Logical path of the file with the guidance. */
  guidancePath: string;
  /** Changes with everything that votes depend on. */
  key: string;
  signal?: AbortSignal | undefined;
  /** Told of every text that was searched. */
  onText?: ((bytes: number) => void) | undefined;
}

/** What a mission remembers of votes. */
export interface Memory {
  rollout(ticket: string, key: string): Rollout | undefined;
  end(ticket: string): TicketEnd | undefined;
  add(line: Rollout | TicketEnd): void;
}

/** Looks at all of a ticket and gathers votes on what might be a secret. What is remembered is not done again. */
export async function rollOut(ticket: Ticket, tools: RolloutTools, memory: Memory): Promise<TicketCase> {
  const key = endKey(ticket, tools.key);
  const known = memory.end(ticket.id);
  // What commits bring never changes; where the model failed it may answer now.
  if (known?.key === key && ticket.kind !== 'file') {
    const rollouts = known.voted.map((one) => memory.rollout(ticket.id, one));
    if (rollouts.every((one): one is Rollout => one !== undefined && !one.failures))
      return { ticket, end: known, rollouts };
  }
  const work = startTicket(ticket, tools, memory);
  const source = await openTicket(ticket, tools);
  for await (const item of source.items(tools.signal)) {
    tools.signal?.throwIfAborted();
    if ('skipped' in item) work.skip(item.skipped);
    else {
      await work.add(await tools.look(item.chunk, tools.signal));
      tools.onText?.(item.chunk.bytes);
    }
  }
  tools.signal?.throwIfAborted();
  const made = work.finish(key);
  if (JSON.stringify(known) !== JSON.stringify(made.end)) memory.add(made.end);
  return made;
}

function endKey({ id, kind, resolved, label, correction }: Ticket, key: string): string {
  return hashOf([key, id, kind, resolved, label ?? null, correction ?? null]).slice(0, 24);
}

function openTicket({ kind, ref, resolved }: Ticket, { cwd, config }: RolloutTools): Promise<ScanSource> {
  const limits = limitsOf(config);
  if (kind === 'file') return worktreeSource({ cwd, paths: [ref], ...limits });
  return rangeSource({ cwd, range: resolved, ...limits });
}

function startTicket(ticket: Ticket, tools: RolloutTools, memory: Memory) {
  const { voters, guidance, signal } = tools;
  const mustFail = expectedOf(ticket) === 'fail';
  const skipped: Skipped[] = [];
  const rollouts: Rollout[] = [];
  const fingerprints = new Set<string>();
  let { because } = ticket;
  let texts = 0;
  let found = 0;
  let asked = 0;
  let toLearn = 0;
  let changesGuidance = false;

  /** Whether there is a reason to vote on a candidate, without the work that it takes to mask it. */
  const isWorth = ({ candidate, verdict }: Judged): boolean => {
    if (verdict.label === 'secret' || verdict.probability >= LEAST_VOTED) return true;
    if (!mustFail || toLearn >= MOST_TO_LEARN) return false;
    return CREDENTIAL_KINDS.has(nameSense((candidate.read ?? candidate).name).kind);
  };

  const votesOn = async (one: Judged, seen: Seen, look: Look) => {
    if (seen.proved || seen.decidedBy === 'allowlist' || rollouts.length >= MOST_VOTED)
      return { votes: [plainVote(one)] };
    const votes = await voters.vote(one.candidate, signal);
    const line = guidance.of(seen);
    if (!tools.asker || asked >= MOST_ASKED || (line && tools.isOurs) || !isDoubted(one, votes)) return { votes };
    asked++;
    const first = line ? [line] : [];
    const lines = [...first, ...guidance.lines.filter((other) => other !== line)].slice(0, MOST_TOLD);
    const others = look.all.map(({ value }) => value);
    const answer = await tools.asker.ask({ ...one, guidance: lines.map(inWords), others, signal });
    const { failures } = answer;
    return { votes: [...votes, ...answer.votes], ...(failures.length === 0 ? {} : { failures }) };
  };

  const vote = async (input: { one: Judged; seen: Seen; textId: string; look: Look }) => {
    const { one, seen, textId, look } = input;
    if (fingerprints.has(seen.fingerprint)) return;
    fingerprints.add(seen.fingerprint);
    const { start, end } = one.candidate;
    const key = hashOf([tools.key, ticket.id, textId, start, end, seen.rule]).slice(0, 24);
    const known = memory.rollout(ticket.id, key);
    // Where the model failed it may answer now.
    if (known && !known.failures) {
      // It counts as asked, so that a run that was stopped ends as one that was not.
      if (known.votes.some(({ by }) => by === 'llm')) asked++;
      rollouts.push(known);
      return;
    }
    const rollout: Rollout = { ticket: ticket.id, key, seen, ...(await votesOn(one, seen, look)) };
    memory.add(rollout);
    rollouts.push(rollout);
  };

  return {
    skip: (one: Skipped) => void skipped.push(one),
    async add(look: Look) {
      const { chunk, judged } = look;
      texts++;
      found += judged.length;
      skipped.push(...look.skipped);
      if (ticket.kind !== 'file' && chunk.logicalPath === tools.guidancePath) changesGuidance = true;
      if (because !== undefined) because = withoutAny(because, look);
      const textId = textKey(chunk);
      const mayBeNamed = guidance.lines.some(({ treat }) => treat === 'secret');
      for (const one of judged) {
        const isLikely = isWorth(one);
        if (!isLikely && !mayBeNamed) continue;
        if (rollouts.length >= MOST_VOTED && one.verdict.label !== 'secret') continue;
        const seen = seenOf(one, look);
        if (!isLikely && guidance.of(seen)?.treat !== 'secret') continue;
        if (one.verdict.label !== 'secret' && one.verdict.probability < LEAST_VOTED) toLearn++;
        await vote({ one, seen, textId, look });
      }
    },
    finish(key: string): TicketCase {
      const voted = rollouts.map((rollout) => rollout.key);
      const common = { ticket: ticket.id, key, texts, found, voted, skipped, changesGuidance };
      return { ticket, rollouts, end: { ...common, ...(because === undefined ? {} : { because }) } };
    },
  };
}

function plainVote({ verdict: { label, probability } }: Judged): Vote {
  return { by: 'scanner', prompt: 'whole', label, probability };
}

function isDoubted({ verdict }: Judged, votes: readonly Vote[]): boolean {
  const secret = votes.filter(({ label }) => label === 'secret').length;
  const isSplit = secret > 0 && secret < votes.length;
  return isSplit || (verdict.probability > DOUBT.low && verdict.probability < DOUBT.high);
}

/** What a person says of a ticket, without the values that are in it. */
function withoutAny(words: string, { judged, all }: Look): string {
  const secrets = judged.filter(({ verdict }) => verdict.label === 'secret').map(({ candidate }) => candidate.value);
  const others = all.map(({ value }) => value);
  return hide({ text: hide({ text: words, values: secrets }), values: others, unlessWord: true });
}
