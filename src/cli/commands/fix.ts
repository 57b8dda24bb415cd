import type { Command } from 'commander';
import type { FileChange, FixPlan } from '../../fix/index.ts';
import type { Config, Finding, Report } from '../../types.ts';
import { EXIT, UserError } from '../../util/errors.ts';
import { formatCount } from '../../util/format.ts';
import { ask, isAnswerable } from '../ask.ts';
import { type Finish, helpText } from '../help.ts';
import { interruptible } from '../interrupt.ts';
import { withProgress } from '../progress.ts';
import { openCacheFor, openSource, type ScanRequest } from '../scan-request.ts';
import { loadSettings, rootOf, type SettingsFlags } from '../settings.ts';
import {
  CONFIG_OPTION,
  DEVICE_OPTION,
  MODEL_OPTION,
  NO_BASELINE_OPTION,
  NO_MODEL_OPTION,
  presetOption,
} from '../settings-options.ts';
import { note, print, printable, wantsColor, warn } from '../stdio.ts';

interface FixOptions extends SettingsFlags {
  rule?: string[];
  fingerprint?: string[];
  mask?: boolean;
  /** Not called `env-file`: Node.js takes that option for itself, wherever it stands. */
  dotenv?: string;
  dryRun?: boolean;
  yes?: boolean;
  color: boolean;
}

/** Adds `fix`. */
export function addFixCommand(program: Command, finish: Finish): void {
  const several = (value: string, before: string[] = []) => [...before, value];
  program
    .command('fix')
    .summary('replace secrets in files by look-ups in the environment, or mask them')
    .description(
      'Replaces what a scan finds in JavaScript, TypeScript, Python, Ruby, Go, Java, shell, compose files and workflows by a ' +
        'look-up in the environment, where that is safe, and says what to do about the rest. It shows the changes, values masked, ' +
        'and asks before it writes.',
    )
    .argument('[paths...]', 'files and folders; without any, the repository or folder at hand')
    .optionsGroup('What to fix:')
    .option('--rule <id>', 'only findings of this rule (several are possible; * stands for anything)', several)
    .option('--fingerprint <fingerprint>', 'only this finding (several are possible)', several)
    .option(...NO_BASELINE_OPTION)
    .optionsGroup('How to fix it:')
    .option('--mask', 'mask values where they stand: for logs, fixtures and texts')
    .option('--dotenv <file>', 'put the values there, so that they are not lost; git has to ignore it')
    .option('--dry-run', 'show the changes, and write nothing')
    .option('--yes', 'do not ask')
    .optionsGroup('How to judge:')
    .option(...CONFIG_OPTION)
    .option(...presetOption('fixing'))
    .option(...MODEL_OPTION)
    .option(...NO_MODEL_OPTION)
    .option(...DEVICE_OPTION)
    .optionsGroup('How to show it:')
    .option('--no-color', 'no colours (NO_COLOR=1 does the same)')
    .optionsGroup('Help:')
    .addHelpText(
      'after',
      `${helpText([
        'sss fix                              the repository or folder at hand',
        'sss fix src/mailer.py --dry-run      what would be changed',
        'sss fix --dotenv .env --yes          keep the values in .env',
        'sss fix --mask test/fixtures docs    mask them instead',
      ])}
Exit codes: 0 nothing is left, 1 secrets are left, 2 the job could not be done.
`,
    )
    .action(async (paths: string[], options: FixOptions) => finish(await runFix(paths, options)));
}

async function runFix(paths: readonly string[], options: FixOptions): Promise<number> {
  const { mask = false, dotenv: envFile, dryRun = false, yes = false } = options;
  if (mask && envFile !== undefined) {
    throw new UserError('--mask and --dotenv exclude each other', { hint: 'a masked value is read from nowhere' });
  }
  const cwd = process.cwd();
  const config = await loadSettings({ cwd, flags: options, paths });
  await warn(config.warnings);
  const { planFixes, applyFixes } = await import('../../fix/index.ts');
  const useModel = options.model !== false;
  const { report, plan } = await interruptible(async (signal) => {
    try {
      const { report, seen } = await scanForFixes({ paths, config, useModel, signal });
      const decided = await decidedAgainst(cwd, paths);
      const isWanted = await selection({ report, config, options, decided });
      const common = { cwd, config, mask, envFile, useModel, signal };
      const plan = await planFixes({ ...common, findings: report.findings, isWanted, seen });
      await note(options.fingerprint ? '' : leftByTriage(report, decided));
      return { report, plan };
    } catch (error) {
      throw signal.aborted ? new UserError('stopped: nothing was changed', { cause: error }) : error;
    }
  });
  await note(printable(problemsIn(report)));
  const { renderPlan, renderRest } = await import('../fix/text.ts');
  const style = { color: options.color && wantsColor(process.stdout), width: process.stdout.columns ?? 80 };
  await print(renderPlan({ plan, report, ...style }));
  const { changes } = plan;
  const agreed = changes.length > 0 && !dryRun && (yes || (await agrees(changes)));
  if (agreed) {
    const written: FileChange[] = [];
    try {
      await applyFixes(plan, (change) => void written.push(change));
    } finally {
      await print(printable(written.map(({ path }) => `Written: ${path}\n`).join('')));
    }
  } else if (changes.length > 0) await note(dryRun ? 'Nothing was written.\n' : whyNot());
  await print(renderRest({ plan, mask, envFile, written: agreed, ...style }));
  return exitOf({ plan, report, agreed });
}

function exitOf({ plan, report, agreed }: { plan: FixPlan; report: Report; agreed: boolean }): number {
  if (plan.left.length > 0 || (plan.fixed.length > 0 && !agreed)) return EXIT.findings;
  return report.skipped.some(({ kind }) => kind === 'error') ? EXIT.failed : EXIT.clean;
}

async function scanForFixes(input: {
  paths: readonly string[];
  config: Config;
  useModel: boolean;
  signal: AbortSignal;
}) {
  const { paths, config, useModel, signal } = input;
  const [{ scan }, { remembering }] = await Promise.all([import('../../scan.ts'), import('../../fix/index.ts')]);
  const request: ScanRequest = { kind: 'worktree', paths };
  const cache = config.cache === false ? undefined : await openCacheFor(request, { config, useModel });
  const { source, seen } = remembering(await openSource(request, config, cache?.memory));
  const report = await withProgress({ total: source.total }, (onProgress) =>
    scan({ source, config, useModel, signal, memory: cache?.memory, onProgress }),
  );
  signal.throwIfAborted();
  cache?.save(report.notes);
  return { report, seen };
}

/** What was not looked at, though it should have been, and what is to be known of how it was judged. */
function problemsIn({ notes, skipped, statistics }: Report): string {
  const errors = skipped
    .filter(({ kind }) => kind === 'error')
    .map(({ path, reason }) => `${path} was not read: ${reason}`);
  const known = statistics.hidden?.baseline ?? 0;
  const hidden =
    known > 0
      ? `left alone: ${formatCount(known, 'finding')} in the baseline (--no-baseline looks at them, too)\n`
      : '';
  return [...notes, ...errors].map((text) => `warning: ${text}\n`).join('') + hidden;
}

/** The fingerprints of what was decided to be no secret. @throws UserError when the decisions cannot be read */
async function decidedAgainst(cwd: string, paths: readonly string[]): Promise<ReadonlySet<string>> {
  const [{ placeForFeedback }, { readFeedback }] = await Promise.all([
    import('../../feedback/place.ts'),
    import('../../feedback/read.ts'),
  ]);
  const file = placeForFeedback(await rootOf(cwd, paths));
  const records = file === undefined ? [] : await readFeedback(file);
  return new Set(records.filter(({ label }) => label !== 'secret').map(({ id }) => id));
}

function leftByTriage({ findings }: Report, decided: ReadonlySet<string>): string {
  const count = findings.filter(({ fingerprint }) => decided.has(fingerprint)).length;
  if (count === 0) return '';
  return `left alone: ${formatCount(count, 'finding')} decided to be no secret in sss triage (--fingerprint fixes one all the same)\n`;
}

/**
 * @param input.decided what was decided to be no secret: only fixed when it is named
 * @throws UserError when a finding or a rule that was asked for is not there
 */
async function selection(input: {
  report: Report;
  config: Config;
  options: FixOptions;
  decided: ReadonlySet<string>;
}): Promise<(finding: Finding) => boolean> {
  const { report, config, options, decided } = input;
  const { rule, fingerprint } = options;
  const [{ matchesRuleId }, { loadRules }] = await Promise.all([
    import('../../config/index.ts'),
    import('../../rules/rule-set.ts'),
  ]);
  const { rules, generic } = loadRules(config);
  const ids = [...rules, ...generic].map(({ id }) => id);
  const unknown = rule?.find((pattern) => !ids.some((id) => matchesRuleId(pattern, id)));
  if (unknown !== undefined) throw new UserError(`no rule is called ${unknown}`, { hint: 'sss rules list shows them' });
  const missing = fingerprint?.find((one) => !report.findings.some((finding) => finding.fingerprint === one));
  if (missing !== undefined) {
    throw new UserError(`no finding has the fingerprint ${missing}`, {
      hint: 'sss scan --format jsonl shows those there are',
    });
  }
  return (finding) =>
    (rule === undefined || rule.some((pattern) => matchesRuleId(pattern, finding.ruleId))) &&
    (fingerprint === undefined ? !decided.has(finding.fingerprint) : fingerprint.includes(finding.fingerprint));
}

async function agrees(changes: readonly FileChange[]): Promise<boolean> {
  return isAnswerable() && ask(`Write ${formatCount(changes.length, 'file')}? [y/N] `);
}

function whyNot(): string {
  if (isAnswerable()) return 'Nothing was written.\n';
  return 'Nothing was written: there is nobody to ask.\nhint: --yes writes without asking\n';
}
