import { relative, sep } from 'node:path';
import type { Judge } from '../classify/index.ts';
import type { Config, Llm } from '../types.ts';
import { UserError } from '../util/errors.ts';
import { formatCount } from '../util/format.ts';
import { writeFileWhole } from '../util/write-whole.ts';
import { createAsker } from './ask.ts';
import { type GuidanceLine, guidanceOf, parseGuidance, printGuidance } from './guidance.ts';
import { createLooker } from './look.ts';
import { renderMarkdown } from './markdown.ts';
import { BEGIN_ANEW, type Mission } from './mission.ts';
import { type Reflected, reflect } from './reflect.ts';
import { type Memory, type RolloutTools, rollOut } from './rollout.ts';
import { expectedOf, type TicketCase, verdictOf } from './select.ts';
import { hashOf } from './settings.ts';
import { openAppender, readLines, textOf } from './state-file.ts';
import type { Chance, Rollout, Ticket, TicketEnd, TicketVerdict } from './types.ts';
import { createVoters } from './variants.ts';

/** The files of stage B in the folder of a mission. */
export const FILES = {
  tickets: 'tickets.jsonl',
  rollouts: 'rollouts.jsonl',
  reflection: 'reflection.jsonl',
  verdicts: 'verdicts.jsonl',
  report: 'report.md',
} as const;

/** What tickets are judged with. */
export interface StageBInput {
  tickets: readonly Ticket[];
  mission: Mission;
  config: Config;
  judge: Judge;
  useModel: boolean;
  chance: Chance;
  llm?: Llm | undefined;
  /** Why the large language model that was named is not asked. */
  problem?: string | undefined;
  cwd: string;
  root: string;
  /** File with the lines of guidance. */
  guidanceFile: string;
  /** Whether lines may be added to it. */
  learns: boolean;
  /** See {@link votesKey}. */
  key: string;
  force: boolean;
  /** How it is judged, for the report. */
  by: string;
  signal?: AbortSignal | undefined;
  onText?: ((bytes: number) => void) | undefined;
}

/** What came of all tickets. */
export interface StageB {
  verdicts: readonly TicketVerdict[];
  reflected?: Reflected;
  guidance: readonly GuidanceLine[];
  notes: readonly string[];
}

/**
 * Takes tickets through rollouts, selection and reflection, and writes their verdicts. Every vote is kept when it is given:
 * a run that was stopped goes on where it was.
 * @throws UserError when a file is damaged or cannot be written; the reason of `signal` when that stops it
 */
export async function judgeTickets(input: StageBInput): Promise<StageB> {
  const { tickets, mission, llm, guidanceFile, learns, signal } = input;
  const lines = readGuidance(guidanceFile);
  await writeFileWhole(
    mission.file(FILES.tickets),
    tickets.map(({ because: _, ...ticket }) => `${JSON.stringify(ticket)}\n`).join(''),
  );
  const cases = await rollOutAll(input, lines);
  signal?.throwIfAborted();
  const isOurs = llm?.isOurs ?? false;
  const isLabelled = tickets.some((ticket) => expectedOf(ticket) !== undefined);
  const reflected = isLabelled ? reflect({ cases, lines, isOurs }) : undefined;
  const learned = reflected && learns ? reflected.lines : lines;
  const guidance = guidanceOf(learned);
  const verdicts = cases.map((one) => verdictOf(one, guidance, isOurs));
  const notes = [
    ...input.judge.notes(),
    ...(input.problem === undefined ? [] : [input.problem]),
    ...failuresOf(cases, llm),
    ...(reflected && !learns ? ['what was learned is not used: --no-learn'] : []),
  ];
  const { by } = input;
  const report = renderMarkdown({ verdicts, reflected, guidance: learned, notes, by });
  await writeFileWhole(mission.file(FILES.reflection), jsonl(reflected?.reflections ?? []));
  await writeFileWhole(mission.file(FILES.verdicts), jsonl(verdicts));
  await writeFileWhole(mission.file(FILES.report), report);
  // Last: a run that is stopped before it learns the same again.
  if (printGuidance(learned) !== printGuidance(lines)) await writeGuidance(guidanceFile, learned);
  return { verdicts, ...(reflected ? { reflected } : {}), guidance: guidance.lines, notes };
}

/** On how many tickets a model has failed: a server may have gone in the middle. */
function failuresOf(cases: readonly TicketCase[], llm: Llm | undefined): string[] {
  const failures = cases
    .map(({ rollouts }) => rollouts.flatMap((rollout) => rollout.failures ?? []))
    .filter((list) => list.length > 0);
  if (!llm || failures.length === 0) return [];
  const where = `${failures.length} of ${formatCount(cases.length, 'ticket')}`;
  return [`${llm.name} has failed on ${where} (${failures[0]![0]}): the other votes count; --force asks it again`];
}

async function rollOutAll(input: StageBInput, lines: readonly GuidanceLine[]): Promise<TicketCase[]> {
  const { tickets, mission, config, judge, useModel, chance, llm, cwd, root, guidanceFile, signal } = input;
  const file = mission.file(FILES.rollouts);
  const guidance = guidanceOf(lines);
  const remembered = await openMemory(file, input.force);
  // What a model was told is part of what it was asked.
  const key = llm && !llm.isOurs ? hashOf([input.key, guidance.version]) : input.key;
  const tools: RolloutTools = {
    ...{ cwd, config, guidance, key, signal, onText: input.onText, isOurs: llm?.isOurs ?? false },
    look: createLooker(config, judge),
    voters: createVoters({ config, judge, useModel }),
    asker: llm && createAsker(llm, chance),
    guidancePath: relative(root, guidanceFile).split(sep).join('/'),
  };
  const cases: TicketCase[] = [];
  try {
    for (const ticket of tickets) {
      signal?.throwIfAborted();
      cases.push(await rollOut(ticket, tools, remembered));
    }
  } finally {
    remembered.close();
  }
  await tidy(file, cases);
  return cases;
}

/** The lines of what has been looked at, in the order of the tickets: what is of no use any more is left out. */
async function tidy(file: string, cases: readonly TicketCase[]): Promise<void> {
  const wanted = jsonl(cases.flatMap(({ rollouts, end }) => [...rollouts, end]));
  if (textOf(file) !== wanted) await writeFileWhole(file, wanted);
}

async function openMemory(file: string, force: boolean): Promise<Memory & { close(): void }> {
  const rollouts = new Map<string, Rollout>();
  const ends = new Map<string, TicketEnd>();
  const remember = (line: Rollout | TicketEnd) => {
    if ('seen' in line) rollouts.set(`${line.ticket}\0${line.key}`, line);
    else ends.set(line.ticket, line);
  };
  try {
    for (const line of readLines(file, readRollout, BEGIN_ANEW)) remember(line);
  } catch (error) {
    if (!force || !(error instanceof UserError)) throw error;
    rollouts.clear();
    ends.clear();
    await writeFileWhole(file, '');
  }
  const out = openAppender(file);
  return {
    rollout: (ticket, key) => rollouts.get(`${ticket}\0${key}`),
    end: (ticket) => ends.get(ticket),
    add(line) {
      out.append(line);
      remember(line);
    },
    close: out.close,
  };
}

function readRollout(value: unknown): Rollout | TicketEnd {
  const line = value as Partial<Rollout & TicketEnd> | null;
  const isLine = typeof line?.ticket === 'string' && typeof line.key === 'string';
  const isRollout = Array.isArray(line?.votes) && typeof line.seen?.fingerprint === 'string';
  if (isLine && (isRollout || (Array.isArray(line.voted) && Array.isArray(line.skipped)))) return line as Rollout;
  throw new Error('it is no vote on a candidate');
}

/** @throws UserError when it cannot be read, or a line is wrong */
export function readGuidance(file: string): GuidanceLine[] {
  const text = textOf(file);
  return text === undefined ? [] : parseGuidance(text, file);
}

async function writeGuidance(file: string, lines: readonly GuidanceLine[]): Promise<void> {
  const { mkdir } = await import('node:fs/promises');
  const { dirname } = await import('node:path');
  await mkdir(dirname(file), { recursive: true });
  await writeFileWhole(file, printGuidance(lines));
}

function jsonl(lines: readonly object[]): string {
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}
