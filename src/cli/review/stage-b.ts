import { existsSync } from 'node:fs';
import { shownPath } from '../../config/index.ts';
import {
  FILES,
  guidanceVersion,
  hashOf,
  judgeTickets,
  type Mission,
  missionsIn,
  readGuidance,
  readSummaries,
  readTickets,
  resolveTickets,
  SUMMARIES,
  storedTickets,
  type Ticket,
  type TicketVerdict,
  ticketsOfFiles,
  votesKey,
} from '../../review/index.ts';
import { EXIT, UserError } from '../../util/errors.ts';
import { formatCount } from '../../util/format.ts';
import { interruptible } from '../interrupt.ts';
import { withProgress } from '../progress.ts';
import { note, print, printable, warn } from '../stdio.ts';
import { openReviewJudge, type ReviewJudge } from './judge.ts';
import { chanceOf, checkStage, guidanceFile, openFor, type ReviewFlags, type ReviewSetup, setUp } from './setup.ts';

/** Runs `review stage-b`. @returns the exit code */
export async function runStageB(flags: ReviewFlags): Promise<number> {
  if (flags.tickets !== undefined && flags.range !== undefined) {
    throw new UserError('--tickets and --range exclude each other', {
      hint: 'a range can be a ticket of the file, too',
    });
  }
  const setup = await setUp(flags);
  const isNamed = flags.tickets !== undefined || flags.range !== undefined;
  if (!isNamed && !existsSync(setup.folder)) throw unknownMission(flags, setup);
  // What is wrong with the tickets is told before anything is written.
  const given = isNamed ? await givenTickets(flags, setup) : undefined;
  const opened = await openReviewJudge(setup.config);
  const mission = await openFor(setup, flags);
  try {
    const tickets = given ?? (await ticketsOf(mission, flags, setup));
    return await judgeAll({ flags, setup, mission, tickets, opened });
  } finally {
    mission.close();
    await opened.llm?.close();
  }
}

function unknownMission({ mission, out }: ReviewFlags, { cwd, missions, folder }: ReviewSetup): UserError {
  const known = missionsIn(missions);
  const shown = out === undefined ? mission : shownPath(cwd, folder);
  return new UserError(`there is no mission ${shown}, and no tickets are named`, {
    hint:
      known.length > 0
        ? `missions are ${known.join(', ')}`
        : 'name tickets with --tickets or --range, or begin with sss review stage-a',
  });
}

async function givenTickets({ tickets, range }: ReviewFlags, { cwd }: ReviewSetup): Promise<Ticket[]> {
  if (tickets !== undefined) return resolveTickets(await readTickets(tickets, cwd), cwd);
  return resolveTickets([{ id: range!, kind: 'pull-request', ref: range! }], cwd);
}

/** The tickets that the mission was begun with; else what stage A was about. */
async function ticketsOf(mission: Mission, flags: ReviewFlags, setup: ReviewSetup): Promise<Ticket[]> {
  const file = mission.file(FILES.tickets);
  if (mission.stage('stage-b') && existsSync(file)) return storedTickets(file);
  const stageA = mission.stage('stage-a');
  if (!stageA) throw unknownMission(flags, setup);
  if (stageA.state !== 'done') {
    throw new UserError(`stage A of the mission ${mission.name} is not done`, {
      hint: 'run sss review stage-a again to go on',
    });
  }
  const { kind, range } = stageA.request as { kind?: string; range?: string };
  if (kind === 'range') return givenTickets({ ...flags, range: String(range) }, setup);
  if (kind !== 'worktree') {
    throw new UserError(`what stage A was about makes no tickets: ${stageA.scope}`, {
      hint: 'name tickets with --tickets or --range',
    });
  }
  return resolveTickets(ticketsOfFiles(readSummaries(mission.file(SUMMARIES))), setup.cwd);
}

async function judgeAll(input: {
  flags: ReviewFlags;
  setup: ReviewSetup;
  mission: Mission;
  tickets: readonly Ticket[];
  opened: ReviewJudge;
}): Promise<number> {
  const { flags, setup, mission, tickets, opened } = input;
  const { llm, problem } = opened;
  const { cwd, root, config, judge, useModel, made } = setup;
  const chance = chanceOf(flags, config);
  const file = guidanceFile({ flags, config, cwd, root });
  const key = votesKey(made, chance, llm);
  const stageKey = hashOf([key, tickets.map(({ because: _, ...ticket }) => ticket)]);
  const force = flags.force ?? false;
  const report = mission.file(FILES.report);
  checkStage({ mission, stage: 'stage-b', key: stageKey, force, shown: shownPath(cwd, report) });
  const state = {
    ...{ ...made, ...chance, key: stageKey, settings: key },
    scope: formatCount(tickets.length, 'ticket'),
    judge: llm ? { name: llm.name, digest: llm.digest } : null,
    guidance: { file: shownPath(cwd, file), version: guidanceVersion(readGuidance(file)) },
  };
  await mission.mark('stage-b', { ...state, state: 'running' });
  const learns = flags.learn !== false;
  const by = [`${made.model.name}, preset ${made.preset}`, ...(llm ? [llm.name] : [])].join('; ');
  const done = await interruptible((signal) =>
    withProgress({ total: undefined, quiet: flags.quiet }, (update) => {
      const progress = { items: 0, bytes: 0, findings: 0 };
      return judgeTickets({
        ...{
          tickets,
          mission,
          config,
          judge,
          useModel,
          chance,
          llm,
          cwd,
          root,
          learns,
          key,
          force,
          by,
          signal,
          problem,
        },
        guidanceFile: file,
        onText: (bytes) => {
          progress.items++;
          progress.bytes += bytes;
          update(progress);
        },
      });
    }).catch((error) => {
      if (!signal.aborted) throw error;
      return undefined;
    }),
  );
  if (!done) {
    await note('stopped: what is done is kept; run the same command again to go on\n');
    return EXIT.failed;
  }
  const { verdicts, reflected, guidance, notes } = done;
  const now = { file: shownPath(cwd, file), version: guidanceVersion(guidance) };
  await mission.mark('stage-b', { ...state, state: 'done', guidance: now });
  if (!flags.quiet) await warn(notes);
  const learned = (reflected?.reflections ?? []).filter(({ decision }) => decision !== 'refused').length;
  await print(
    printable(
      verdicts.map(lineOf).join('') +
        (learned > 0 && learns ? `${formatCount(learned, 'line')} of guidance changed in ${now.file}\n` : '') +
        `report: ${shownPath(cwd, report)}\n`,
    ),
  );
  return exitCodeOf(verdicts);
}

/** 1 when something fails for a secret, 2 when something could only not be read. */
function exitCodeOf(verdicts: readonly TicketVerdict[]): number {
  if (verdicts.some(({ failing }) => failing.length > 0)) return EXIT.findings;
  return verdicts.some(({ incomplete }) => incomplete) ? EXIT.failed : EXIT.clean;
}

function lineOf({ ticket, verdict, failing, doubtful, incomplete, skipped }: TicketVerdict): string {
  const secrets = failing.length > 0 ? [formatCount(failing.length, 'secret')] : [];
  const first = failing[0] ? [`first at ${failing[0].seen.path}:${failing[0].seen.line}`] : [];
  const doubts = doubtful.length > 0 ? [`${doubtful.length} in doubt`] : [];
  const unread = skipped.find(({ kind }) => kind === 'error');
  const reason = incomplete && unread ? [`not read: ${unread.path}: ${unread.reason}`] : [];
  const more = [...secrets, ...first, ...doubts, ...reason].join(', ');
  return `${verdict}  ${ticket}${more === '' ? '' : `  (${more})`}\n`;
}
