import { readFeedback } from '../../feedback/read.ts';
import { plain } from '../../findings/redact.ts';
import { errorsOf, place } from '../../report/words.ts';
import { type FoundItems, findItems } from '../../triage/find-items.ts';
import { type Reported, readReport } from '../../triage/from-report.ts';
import { isShown } from '../../triage/likes.ts';
import type { Config, FeedbackRecord, ReadMemory } from '../../types.ts';
import { UserError } from '../../util/errors.ts';
import { formatCount } from '../../util/format.ts';
import { interruptible } from '../interrupt.ts';
import { type ProgressLine, terminalProgress } from '../progress.ts';
import { openCacheFor, openWorktree } from '../scan-request.ts';
import { loadSettings } from '../settings.ts';
import { note, printable } from '../stdio.ts';
import { type Decisions, decideAll, parseDecisions } from './decide.ts';
import { list } from './list.ts';
import { placeOf, type TriageOptions, type TriagePlace } from './options.ts';

/** Does what `sss triage` was told to. @returns the exit code */
export async function runTriage(paths: readonly string[], options: TriageOptions): Promise<number> {
  const decisions = parseDecisions(options);
  const isScreen = decisions.size === 0 && !options.list;
  if (isScreen && !(process.stdin.isTTY && process.stdout.isTTY && process.env.TERM !== 'dumb')) {
    throw new UserError('there is no terminal to ask on', {
      hint: 'sss triage --list shows what is to be decided, --decide FINGERPRINT=DECISION decides it',
    });
  }
  const where = await placeOf(options, paths);
  const config = await loadSettings({ cwd: where.cwd, flags: options, paths });
  const inForce = await readFeedback(where.file);
  const reported = options.from === undefined ? undefined : await readReport(options.from);
  const found = await find({ paths, options, config, where, inForce, reported, decisions });
  await tell(found, config);
  if (reported) await tellMissing(reported, found);
  if (decisions.size > 0) return decideAll({ decisions, items: found.items, inForce, where, options });
  const { filter = '' } = options;
  const items = found.items.filter((item) => isShown(item, filter));
  if (options.list) return list(items, options.format);
  const { runScreen } = await import('./screen.ts');
  return runScreen({ items, inForce, where, options });
}

async function find(input: {
  paths: readonly string[];
  options: TriageOptions;
  config: Config;
  where: TriagePlace;
  inForce: readonly FeedbackRecord[];
  reported: readonly Reported[] | undefined;
  decisions: Decisions;
}): Promise<FoundItems> {
  const { paths, options, config, where, inForce, reported, decisions } = input;
  const useModel = options.model !== false;
  const isCached = options.cache && config.cache !== false;
  const cache = isCached ? await openCacheFor({ kind: 'worktree', paths }, { config, useModel }) : undefined;
  const decided = new Set(options.again ? [] : inForce.map(({ id }) => id));
  // What is allowed everywhere is looked for everywhere.
  const needsAll = [...decisions.values()].includes('allow-everywhere');
  const isAsked = (id: string) => (decisions.size > 0 ? needsAll || decisions.has(id) : !decided.has(id));
  const ids = reported && new Set(reported.map(({ fingerprint }) => fingerprint));
  let progress: { line: ProgressLine; total: number | undefined } | undefined;
  const found = await interruptible(async (signal) => {
    try {
      return await findItems({
        config,
        useModel,
        keepPrompts: options.keepPrompts ?? false,
        show: options.showSecrets ?? false,
        memory: cache?.memory,
        signal,
        isWanted: ({ fingerprint }) => isAsked(fingerprint) && (!ids || ids.has(fingerprint)),
        open: (memory: ReadMemory) => openWorktree(paths, { config, memory, cwd: where.cwd }),
        onProgress(done, total) {
          // The scan has a total, and so has the second look at what it found.
          if (progress?.total !== total) progress?.line.clear();
          if (!progress || progress.total !== total) progress = { line: terminalProgress(total), total };
          progress.line.update(done);
        },
      });
    } catch (error) {
      throw signal.aborted ? stopped() : error;
    } finally {
      progress?.line.clear();
    }
  });
  if (found.report.interrupted) throw stopped();
  cache?.save(found.report.notes);
  const notes = [...found.report.notes, ...(cache?.notes() ?? [])];
  return { ...found, report: { ...found.report, notes } };
}

function stopped(): UserError {
  return new UserError('it was stopped before everything had been read');
}

/** What the user should know of the scan: nothing is left out in silence. */
async function tell({ report, vanished }: FoundItems, { warnings }: Config): Promise<void> {
  const errors = errorsOf(report);
  const left = report.skipped.length - errors.length;
  const lines = [
    ...[...warnings, ...report.notes].map((text) => `warning: ${text}`),
    ...errors.map(({ path, reason }) => `warning: ${plain(path)} could not be read: ${plain(reason)}`),
    ...vanished.map((finding) => `warning: ${place(finding)} was changed while it was read: it is asked the next time`),
    ...(left > 0 ? [`${formatCount(left, 'input was', 'inputs were')} left out: sss scan says which, and why`] : []),
  ];
  await note(printable(lines.map((line) => `${line}\n`).join('')));
}

async function tellMissing(reported: readonly Reported[], { report }: FoundItems): Promise<void> {
  const there = new Set(report.findings.map(({ fingerprint }) => fingerprint));
  const missing = reported.filter(({ fingerprint }) => !there.has(fingerprint));
  if (missing.length === 0) return;
  const lines = missing.map(({ path, line, ruleId }) => `  ${plain(path)}:${line}  ${plain(ruleId)}\n`);
  const what = formatCount(missing.length, 'finding of the report is', 'findings of the report are');
  await note(`${what} not there any more, or let pass by now (sss explain FILE:LINE says by what):\n${lines.join('')}`);
}
