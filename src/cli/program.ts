import { Command, CommanderError } from 'commander';
import { EXIT } from '../util/errors.ts';
import { version } from '../util/version.ts';
import { addBaselineCommand } from './commands/baseline.ts';
import { addCacheCommand } from './commands/cache.ts';
import { addConfigCommand } from './commands/config.ts';
import { addDoctorCommand } from './commands/doctor.ts';
import { addExplainCommand } from './commands/explain.ts';
import { addFixCommand } from './commands/fix.ts';
import { addHookCommand } from './commands/hook.ts';
import { addMigrateCommand } from './commands/migrate.ts';
import { addModelCommand } from './commands/model.ts';
import { addReviewCommand } from './commands/review.ts';
import { addRulesCommand } from './commands/rules.ts';
import { addScanCommand } from './commands/scan.ts';
import { addTrainCommand } from './commands/train.ts';
import { addTriageCommand } from './commands/triage.ts';
import { type Finish, helpText } from './help.ts';

/**
 * Runs a command line, `node` and script name left out.
 * @returns the exit code
 * @throws UserError and bugs, as the commands do; mistakes in the command line itself are printed here
 */
export async function runProgram(argv: readonly string[]): Promise<number> {
  let code: number = EXIT.clean;
  const finish: Finish = (value) => {
    code = value;
  };
  const program = new Command('sss')
    .summary('finds secrets before they are committed')
    .description(
      'Finds secrets (keys, tokens, passwords) before they are committed, and those that already were.\n' +
        'Everything runs on this machine; nothing is sent anywhere.',
    )
    .version(version, '-v, --version', 'print the version')
    .helpOption('-h, --help', 'show help')
    .helpCommand('help [command]', 'show the help of a command')
    .configureOutput({
      outputError: (message, write) =>
        write(message.replace(/\((Did you mean [^\n]*)\)/, (_, guess: string) => `hint: ${guess}`)),
    })
    .showHelpAfterError('hint: `sss --help` lists the commands, `sss <command> --help` the options of one')
    .addHelpText(
      'after',
      `${helpText(['sss scan', 'sss scan --staged', 'sss hook install'])}
Exit codes: 0 nothing found, 1 secrets found, 2 the job could not be done.
`,
    )
    .exitOverride();
  addScanCommand(program, finish);
  addBaselineCommand(program, finish);
  addHookCommand(program, finish);
  addExplainCommand(program, finish);
  addFixCommand(program, finish);
  addRulesCommand(program, finish);
  addModelCommand(program, finish);
  addCacheCommand(program, finish);
  addConfigCommand(program, finish);
  addMigrateCommand(program, finish);
  addDoctorCommand(program, finish);
  addReviewCommand(program, finish);
  addTrainCommand(program, finish);
  addTriageCommand(program, finish);
  inherit(program);
  try {
    await program.parseAsync(argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Commander has printed its message. Help and version that were asked for are no mistake.
    return error.exitCode === 0 ? EXIT.clean : EXIT.failed;
  }
  return code;
}

/** Settings go to the commands that exist, not to those that come from `command()` of a command. */
function inherit(command: Command): void {
  for (const child of command.commands) {
    child.copyInheritedSettings(command);
    child.helpOption('-h, --help', 'show help');
    inherit(child);
  }
}
