import type { Command } from 'commander';
import { formats } from '../../report/index.ts';
import type { Report } from '../../types.ts';
import { UserError } from '../../util/errors.ts';
import { formatCount } from '../../util/format.ts';
import { writeFileWhole } from '../../util/write-whole.ts';
import { exitCodeOf } from '../exit-code.ts';
import { type Finish, helpText } from '../help.ts';
import { interruptible } from '../interrupt.ts';
import { judgeFor } from '../judge.ts';
import { checkOutputs, type Output, type OutputFlag, pairOutputs } from '../outputs.ts';
import { withProgress } from '../progress.ts';
import { openCacheFor, openSource, type ScanFlags, scanRequest } from '../scan-request.ts';
import { loadSettings, type SettingsFlags, tellSettings } from '../settings.ts';
import {
  BASELINE_OPTION,
  CONFIG_OPTION,
  DEVICE_OPTION,
  JUDGE_OPTION,
  JUDGE_URL_OPTION,
  MAX_DEPTH_OPTION,
  MAX_FILE_SIZE_OPTION,
  MODEL_OPTION,
  NO_BASELINE_OPTION,
  NO_CACHE_OPTION,
  NO_JUDGE_OPTION,
  NO_MARKERS_OPTION,
  NO_MODEL_OPTION,
  presetOption,
} from '../settings-options.ts';
import { note, print, printable, wantsColor, warn } from '../stdio.ts';

interface ScanOptions extends ScanFlags, SettingsFlags {
  showSecrets?: boolean;
  color: boolean;
  quiet?: boolean;
  threads?: string;
  cache: boolean;
}

/** Adds `scan`. */
export function addScanCommand(program: Command, finish: Finish): void {
  const flags: OutputFlag[] = [];
  program
    .command('scan')
    .summary('look for secrets in files, staged changes, commits or the whole history')
    .description(
      'Looks for secrets. Without options: in the files of the repository or folder at hand, hidden ones included; inside ' +
        'git, ignored files are left out.',
    )
    .argument('[paths...]', 'files and folders to scan instead')
    .optionsGroup('What to scan:')
    .option('--staged', 'what is staged: the added lines, as they are in the index')
    .option('--range <range>', 'the lines that commits have added: main..HEAD')
    .option('--history', 'everything that was ever committed, stashed or tagged, also what was reset away')
    .option('--unreachable', 'with --history: also what git itself has forgotten, or was only staged')
    .option('--stdin', 'standard input')
    .option('--stdin-filename <name>', 'with --stdin: the name to judge it by')
    .optionsGroup('How to judge:')
    .option(...CONFIG_OPTION)
    .option(...presetOption('reporting'))
    .option(...MODEL_OPTION)
    .option(...NO_MODEL_OPTION)
    .option(...DEVICE_OPTION)
    .option(...JUDGE_OPTION)
    .option(...NO_JUDGE_OPTION)
    .option(...JUDGE_URL_OPTION)
    .option(...MAX_FILE_SIZE_OPTION)
    .option(...MAX_DEPTH_OPTION)
    .option('--threads <number>', 'threads at most; the report is the same whatever their number')
    .option(...BASELINE_OPTION)
    .option(...NO_BASELINE_OPTION)
    .option(...NO_MARKERS_OPTION)
    .option(...NO_CACHE_OPTION)
    .optionsGroup('How to report:')
    .option(
      '--format <format>',
      `${formats.join(', ')} (several are possible)`,
      (format: string) => void flags.push({ format }),
    )
    .option(
      '--output <file>',
      'write the --format before it to a file',
      (output: string) => void flags.push({ output }),
    )
    .option('--show-secrets', 'show values in the clear')
    .option('--no-color', 'no colours (NO_COLOR=1 does the same)')
    .option('--quiet', 'nothing but findings and errors')
    .optionsGroup('Help:')
    .addHelpText(
      'after',
      `${helpText([
        'sss scan                                   the repository or folder at hand',
        'sss scan src .env                          these files and folders',
        'sss scan --staged                          what the next commit would bring in',
        'sss scan --range origin/main..HEAD         what a branch has added',
        'sss scan --format text --format sarif --output out.sarif',
        'git show HEAD | sss scan --stdin',
      ])}
Exit codes: 0 nothing found, 1 secrets found, 2 the job could not be done (or was stopped).
`,
    )
    .action(async (paths: string[], options: ScanOptions) => finish(await runScan({ paths, options, flags })));
}

async function runScan(input: {
  paths: string[];
  options: ScanOptions;
  flags: readonly OutputFlag[];
}): Promise<number> {
  const { paths, options, flags } = input;
  const request = scanRequest(options, paths);
  const threads = options.threads === undefined ? {} : { threads: countOf(options.threads) };
  const outputs = pairOutputs(flags);
  await checkOutputs(outputs);
  const cwd = process.cwd();
  const config = await loadSettings({ cwd, flags: options, ...(request.kind === 'worktree' ? { paths } : {}) });
  if (!options.quiet) await tellSettings(config);
  // What is wrong with it is said before a long scan, not after it.
  if (config.baseline) await checkBaseline(config.baseline);
  const { scan } = await import('../../scan.ts');
  const show = options.showSecrets ?? false;
  const useModel = options.model !== false;
  const isCached = options.cache && config.cache !== false;
  const asked = await judgeFor({ config, isCached });
  const judge = asked?.judge;
  const cache = isCached ? await openCacheFor(request, { config, useModel, doubtful: judge?.band }) : undefined;
  const memory = cache?.memory;
  const scanned = await interruptible(async (signal) => {
    const source = await openSource(request, config, memory);
    try {
      return await withProgress({ total: source.total, quiet: options.quiet }, (onProgress) =>
        scan({ source, config, show, signal, useModel, memory, judge, onProgress, ...threads }),
      );
    } finally {
      // A scan that was stopped still waits for input, and the process would with it.
      if (request.kind === 'stdin') process.stdin.destroy();
    }
  });
  await asked?.end();
  const ofJudge = judge?.notes() ?? [];
  // What the judge could not do changes nothing in what is remembered: no text that it was asked about is.
  cache?.save(scanned.notes.filter((text) => !ofJudge.includes(text)));
  const notes = [...scanned.notes, ...(asked?.notes() ?? []), ...(cache?.notes() ?? [])];
  const report = { ...scanned, notes };
  const warnings = [...report.notes, ...(report.remarks ?? [])];
  if (!options.quiet) await warn(warnings);
  await writeReports({ report, outputs, options });
  return exitCodeOf(report);
}

async function checkBaseline(path: string): Promise<void> {
  const { openBaseline } = await import('../../findings/baseline/index.ts');
  await openBaseline(path);
}

function countOf(text: string): number {
  const count = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (count === 0) throw new UserError(`not a number of threads: ${text}`, { hint: 'write it like 1 or 4' });
  return count;
}

async function writeReports(input: {
  report: Report;
  outputs: readonly Output[];
  options: ScanOptions;
}): Promise<void> {
  const { report, outputs, options } = input;
  const { render } = await import('../../report/index.ts');
  const width = process.stdout.columns === undefined ? {} : { width: process.stdout.columns };
  const failures: UserError[] = [];
  for (const { format, file } of outputs) {
    const quiet = options.quiet ?? false;
    const color = file === undefined && options.color && wantsColor(process.stdout);
    if (file === undefined && quiet && format === 'text' && exitCodeOf(report) === 0) continue;
    const text = await render(format, report, { color, cwd: process.cwd(), ...width });
    if (file === undefined) await print(text);
    else {
      // A file that cannot be written must not keep the other reports from being.
      try {
        await writeFileWhole(file, text);
        if (!quiet) await note(`${formatCount(report.findings.length, 'finding')} written to ${printable(file)}\n`);
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        failures.push(error);
      }
    }
  }
  if (failures[0]) throw failures[0];
}
