import { type Command, Option } from 'commander';
import { shownPath } from '../../config/index.ts';
import type { Status } from '../../findings/baseline/format.ts';
import { EXIT, UserError } from '../../util/errors.ts';
import { formatCount } from '../../util/format.ts';
import type { Added } from '../baseline/actions.ts';
import { type Finish, helpText } from '../help.ts';
import { type ScanFlags, type ScanRequest, scanRequest } from '../scan-request.ts';
import { loadSettings, rootOf, type SettingsFlags } from '../settings.ts';
import {
  BASELINE_OPTION,
  CONFIG_OPTION,
  DEVICE_OPTION,
  MODEL_OPTION,
  NO_MODEL_OPTION,
  presetOption,
} from '../settings-options.ts';
import { note, print, printable, wantsColor, warn } from '../stdio.ts';

interface AddOptions extends ScanFlags, SettingsFlags {
  status: Status;
}

interface AuditOptions extends SettingsFlags {
  history?: boolean;
  format: 'text' | 'json';
  comment?: string;
}

interface PruneOptions extends SettingsFlags {
  history?: boolean;
  dryRun?: boolean;
}

const STATUS_WORDS = ['accepted', 'false-alarm', 'to-fix'] as const satisfies readonly Status[];

/** Adds `baseline create`, `update`, `audit` and `prune`. */
export function addBaselineCommand(program: Command, finish: Finish): void {
  const baseline = program
    .command('baseline')
    .summary('keep a list of known findings, so that only new ones are reported')
    .description(
      'A file in the repository (.smart-secrets-scanner.baseline) of what is known already and not reported: hashes of ' +
        'values, without places, so that it stays the same when lines move, files are renamed and commits are rebased.',
    );
  addAdding(baseline, 'create', finish);
  addAdding(baseline, 'update', finish);
  addAudit(baseline, finish);
  addPrune(baseline, finish);
}

function addAdding(baseline: Command, name: 'create' | 'update', finish: Finish): void {
  const isNew = name === 'create';
  withJudging(
    baseline
      .command(name)
      .summary(isNew ? 'write what a scan finds to a new baseline' : 'add what a scan finds to the baseline')
      .description(
        isNew
          ? 'Scans, and writes what is found to a new baseline. A line in .gitattributes has git merge it line by line.'
          : 'Scans, and adds what is found and not known. What is there stays, comments too; lines are put in order.',
      )
      .argument('[paths...]', 'files and folders to scan instead of the whole repository')
      .option('--staged', 'what is staged')
      .option('--range <range>', 'the lines that commits have added: main..HEAD')
      .option('--history', 'everything that was ever committed')
      .option('--unreachable', 'with --history: also what git itself has forgotten')
      .addOption(
        new Option('--status <status>', 'what the new entries are').choices(STATUS_WORDS).default('accepted' as Status),
      )
      .option(...presetOption('taking it down')),
  )
    .addHelpText('after', helpText([`sss baseline ${name}`, `sss baseline ${name} --history --status to-fix`]))
    .action(async (paths: string[], options: AddOptions) => finish(await runAdding({ name, paths, options })));
}

function addAudit(baseline: Command, finish: Finish): void {
  const marks: string[] = [];
  withJudging(
    baseline
      .command('audit')
      .summary('show the entries of the baseline again, each with the line that it hides')
      .description(
        'Shows each entry with the lines that its value stands on now, masked, and what was decided about it. --mark ' +
          `decides: ${STATUS_WORDS.join(', ')}. All of them hide it; what is to be fixed is counted in every report.`,
      )
      .argument('[paths...]', 'files and folders to look in instead of the whole repository')
      .option('--history', 'look in everything that was ever committed as well')
      .option(
        '--mark <entry=status>',
        'decide about an entry, or about a finding by its fingerprint (several are possible)',
        (mark: string) => void marks.push(mark),
      )
      .option('--comment <text>', 'with --mark: why')
      .addOption(new Option('--format <format>', 'how to show it').choices(['text', 'json']).default('text')),
  )
    .addHelpText(
      'after',
      helpText([
        'sss baseline audit',
        'sss baseline audit --mark 3a9c0d1e4b=false-alarm --comment "made up for a test"',
      ]),
    )
    .action(async (paths: string[], options: AuditOptions) => {
      if (marks.length > 0) await runMark({ marks, paths, options });
      else await runAudit(paths, options);
      finish(EXIT.clean);
    });
}

function addPrune(baseline: Command, finish: Finish): void {
  withJudging(
    baseline
      .command('prune')
      .summary('drop the entries whose values are gone')
      .description(
        'Drops the entries whose values stand in no file any more, and says which. With --history those stay that are in ' +
          'the history: what was accepted for scans of the history needs it.',
      )
      .option('--history', 'keep what is in the history')
      .option('--dry-run', 'only say which'),
  )
    .addHelpText('after', helpText(['sss baseline prune --dry-run', 'sss baseline prune --history']))
    .action(async (options: PruneOptions) => {
      await runPrune(options);
      finish(EXIT.clean);
    });
}

function withJudging(command: Command): Command {
  return command
    .option(...BASELINE_OPTION)
    .option(...CONFIG_OPTION)
    .option(...MODEL_OPTION)
    .option(...NO_MODEL_OPTION)
    .option(...DEVICE_OPTION);
}

async function inputOf(options: SettingsFlags, paths: readonly string[] = []) {
  const config = await loadSettings({ cwd: process.cwd(), flags: options, paths });
  await warn(config.warnings);
  return { config, useModel: options.model !== false };
}

async function runAdding(input: {
  name: 'create' | 'update';
  paths: readonly string[];
  options: AddOptions;
}): Promise<number> {
  const { name, paths, options } = input;
  const request = scanRequest(options, paths);
  const actions = await import('../baseline/actions.ts');
  const settings = await inputOf(options);
  const work = { ...settings, request, status: options.status };
  const done = await (name === 'create' ? actions.createBaseline(work) : actions.updateBaseline(work));
  const { isIgnored, mergeAsUnion } = await import('../baseline/attributes.ts');
  const attributes = await mergeAsUnion(done.file);
  await print(`${addedLines(done, name).join('\n')}\n`);
  if (attributes.state === 'added') await print('.gitattributes: git merges it line by line now (merge=union)\n');
  if (attributes.state === 'other') {
    await note(`warning: .gitattributes sets merge=${attributes.merge} for it: merges need merge=union\n`);
  }
  if (await isIgnored(done.file)) await note('warning: git ignores the baseline: it will be in no commit\n');
  else if (done.isChanged || attributes.state === 'added') await print('Commit what has changed.\n');
  return done.isWhole ? EXIT.clean : EXIT.failed;
}

function addedLines({ file, findings, added, kept, isChanged }: Added, name: 'create' | 'update'): string[] {
  const shown = printable(shownPath(process.cwd(), file));
  const entries = formatCount(added, 'entry', 'entries');
  if (name === 'create') return [`${shown}: ${entries} for ${formatCount(findings, 'finding')}`];
  if (added === 0)
    return [`${shown}: nothing new; ${formatCount(kept, 'entry', 'entries')}${isChanged ? ', put in order' : ''}`];
  return [`${shown}: ${entries} added to ${kept}`];
}

/** Without paths all of the repository, wherever in it we are: an entry may be for any file. */
async function requestsOf(paths: readonly string[], { history }: { history?: boolean }): Promise<ScanRequest[]> {
  const wanted = paths.length > 0 ? paths : [await rootOf(process.cwd(), [])];
  return [scanRequest({}, wanted), ...(history ? [scanRequest({ history }, [])] : [])];
}

async function runAudit(paths: readonly string[], options: AuditOptions): Promise<void> {
  if (options.comment !== undefined) throw new UserError('--comment goes with --mark');
  const { auditBaseline } = await import('../baseline/actions.ts');
  const { auditJson, auditText } = await import('../baseline/show.ts');
  const { audited } = await auditBaseline({ ...(await inputOf(options)), requests: await requestsOf(paths, options) });
  if (options.format === 'json') return print(auditJson(audited));
  const where = `${paths.length > 0 ? 'what was looked at' : 'the files'}${options.history ? ' or the history' : ''}`;
  await print(auditText(audited, { where, color: wantsColor(process.stdout) }));
}

async function runMark(input: {
  marks: readonly string[];
  paths: readonly string[];
  options: AuditOptions;
}): Promise<void> {
  const { paths, options } = input;
  const { isFingerprint, markEntries, parseMark } = await import('../baseline/mark.ts');
  const { auditBaseline } = await import('../baseline/actions.ts');
  const { saveBaseline } = await import('../baseline/store.ts');
  const { nameOf } = await import('../baseline/show.ts');
  const marks = input.marks.map(parseMark);
  const comment = options.comment?.replace(/\p{C}+/gu, ' ').trim();
  // An entry needs no search.
  const requests = marks.some(isFingerprint) ? await requestsOf(paths, options) : [];
  const { file, open, before, audited } = await auditBaseline({ ...(await inputOf(options)), requests });
  const { baseline, marked } = markEntries({ baseline: open.baseline, marks, comment: comment || undefined, audited });
  await saveBaseline(file, baseline, before);
  await print(marked.map((entry) => `${nameOf(entry)}\n`).join(''));
}

async function runPrune(options: PruneOptions): Promise<void> {
  const { pruneBaseline } = await import('../baseline/actions.ts');
  const { nameOf } = await import('../baseline/show.ts');
  const dryRun = options.dryRun ?? false;
  const requests = await requestsOf([], options);
  const { file, dropped, kept } = await pruneBaseline({ ...(await inputOf(options)), requests, dryRun });
  const shown = printable(shownPath(process.cwd(), file));
  const verb = dryRun ? 'would be dropped' : 'dropped';
  await print(dropped.map((entry) => `${verb}: ${nameOf(entry)}\n`).join(''));
  await print(`${shown}: ${formatCount(dropped.length, 'entry', 'entries')} ${verb}, ${kept} kept\n`);
}
