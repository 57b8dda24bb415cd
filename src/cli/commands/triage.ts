import type { Command } from 'commander';
import { UserError } from '../../util/errors.ts';
import { type Finish, helpText } from '../help.ts';
import {
  CONFIG_OPTION,
  DEVICE_OPTION,
  MODEL_OPTION,
  NO_BASELINE_OPTION,
  NO_CACHE_OPTION,
  NO_MODEL_OPTION,
  presetOption,
} from '../settings-options.ts';
import type { TriageOptions } from '../triage/options.ts';

/** Options of `sss triage` that go with a command below it. */
const ALLOW_TAKES = ['--reason', '--feedback', '--config'];
const STATS_TAKES = ['--format', '--feedback'];
const EXPORT_TAKES = ['--feedback'];

/** Adds `triage`, `triage allow`, `triage stats` and `triage export`. What they do is loaded when they do it. */
export function addTriageCommand(program: Command, finish: Finish): void {
  const collect = (one: string, all: string[] = []) => [...all, one];
  const triage = program
    .command('triage')
    .summary('go through the findings and decide what each is')
    .description(
      'Shows one finding after the other with the lines around it, values masked, and asks what it is. Decisions are kept ' +
        'in the git directory, and what was decided is not asked again. Nothing of a value is kept but a stretched hash and ' +
        'numbers that describe it.',
    )
    .argument('[paths...]', 'files and folders to scan; the repository or folder at hand without any')
    .optionsGroup('Which findings:')
    .option('--from <report>', 'those of a report of `sss scan --format json`, as far as they are still there')
    .option('--again', 'also what was decided before')
    .option('--filter <words>', 'whose rule, path or description has these words; * stands for any text')
    .option(...NO_BASELINE_OPTION)
    .optionsGroup('Without a terminal:')
    .option('--list', 'list what is not decided, and ask nothing')
    .option('--format <format>', 'with --list: text or json', 'text')
    .option(
      '--decide <fingerprint=decision>',
      'decide on a finding (several are possible): accept, false-alarm, placeholder, allow-here, allow-everywhere or undo',
      collect,
    )
    .option('--reason <text>', 'with --decide, or for `triage allow`: why')
    .optionsGroup('What is kept:')
    .option('--feedback <file>', 'where decisions are kept, instead of the git directory')
    .option('--keep-prompts', 'also what the language model reads of a finding, all values masked')
    .optionsGroup('How to judge:')
    .option(...CONFIG_OPTION)
    .option(...presetOption('asking'))
    .option(...MODEL_OPTION)
    .option(...NO_MODEL_OPTION)
    .option(...DEVICE_OPTION)
    .option(...NO_CACHE_OPTION)
    .option('--show-secrets', 'show values in the clear; they are kept nowhere all the same')
    .option('--no-color', 'no colours (NO_COLOR=1 does the same)')
    .optionsGroup('Help:')
    .addHelpText(
      'after',
      `${helpText([
        'sss triage                                 the repository at hand',
        'sss triage src --filter "generic-*"        the findings of some rules in a folder',
        'sss triage --from report.json',
        'sss triage --list',
        'sss triage --decide a8828d7bd36c5b6a4420ecf6eb5b0008=false-alarm --reason "made up"',
      ])}
Exit codes: 0 nothing is left to decide, 1 something is, 2 the job could not be done.
`,
    )
    .action(async (paths: string[], options: TriageOptions) => {
      const { runTriage } = await import('../triage/run.ts');
      finish(await runTriage(paths, options));
    });
  const sub = (name: string, summary: string, description: string) =>
    triage.command(name).summary(summary).description(description);
  sub(
    'allow',
    'let false alarms and placeholders pass from now on',
    'Writes the fingerprints of all findings that were decided to be false alarms or placeholders into the configuration, ' +
      'where they are not there yet. Another value in their place is still reported.',
  )
    .addHelpText('after', helpText(['sss triage allow --reason "test data"']) + alsoTaken(triage, ALLOW_TAKES))
    .action(async (_: unknown, command: Command) => {
      const { runAllow } = await import('../triage/kept.ts');
      finish(await runAllow(optionsOf(command, ALLOW_TAKES)));
    });
  sub('stats', 'count what was decided', 'Counts the decisions by what they say, and by rule.')
    .addHelpText(
      'after',
      helpText(['sss triage stats', 'sss triage stats --format json']) + alsoTaken(triage, STATS_TAKES),
    )
    .action(async (_: unknown, command: Command) => {
      const { runStats } = await import('../triage/kept.ts');
      finish(await runStats(optionsOf(command, STATS_TAKES)));
    });
  sub(
    'export',
    'print the decisions that are in force',
    'Prints the decisions that are in force as lines of JSON, to be read by `--feedback` elsewhere.',
  )
    .option('--output <file>', 'write them to a file')
    .addHelpText('after', helpText(['sss triage export --output feedback.jsonl']) + alsoTaken(triage, EXPORT_TAKES))
    .action(async (_: unknown, command: Command) => {
      const { runExport } = await import('../triage/kept.ts');
      finish(await runExport(optionsOf(command, EXPORT_TAKES)));
    });
}

function alsoTaken({ options }: Command, taken: readonly string[]): string {
  const flags = options.filter(({ long }) => taken.includes(long!)).map((option) => option.flags);
  return `\nAlso, as for \`sss triage\`: ${flags.join(', ')}\n`;
}

/** @throws UserError for an option of `sss triage` that means nothing to a command below it */
function optionsOf(command: Command, taken: readonly string[]): TriageOptions {
  const triage = command.parent!;
  const isGiven = (name: string) => triage.getOptionValueSource(name) === 'cli';
  const odd = triage.options.find((option) => isGiven(option.attributeName()) && !taken.includes(option.long!));
  if (odd) {
    throw new UserError(`${odd.long} does not go with sss triage ${command.name()}`, {
      hint: `it takes ${taken.join(', ')}`,
    });
  }
  return command.optsWithGlobals();
}
