import { type Command, Option } from 'commander';
import { EXIT } from '../../util/errors.ts';
import { formatCount } from '../../util/format.ts';
import { checkConfigs } from '../config/check.ts';
import { type ShownConfig, shownConfig } from '../config/show.ts';
import { type Finish, helpText } from '../help.ts';
import type { SettingsFlags } from '../settings.ts';
import {
  CONFIG_OPTION,
  DEVICE_OPTION,
  MAX_DEPTH_OPTION,
  MAX_FILE_SIZE_OPTION,
  MODEL_OPTION,
  presetOption,
} from '../settings-options.ts';
import { print, printable, warn } from '../stdio.ts';

interface ShowOptions extends SettingsFlags {
  origin?: boolean;
  showSecrets?: boolean;
  format: 'toml' | 'json';
}

/** Adds `config show` and `config validate`. */
export function addConfigCommand(program: Command, finish: Finish): void {
  const config = program
    .command('config')
    .summary('show what is configured and by which file, and check it')
    .description(
      'The configuration in force is put together of the defaults, what `extends` names, the configuration of the ' +
        'repository, those of folders, and the command line.',
    );
  config
    .command('show')
    .argument('[path]', 'what is in force for this file or folder (default: for the repository)')
    .summary('print the configuration in force')
    .description('Prints the configuration in force as one file. Allowed values are masked.')
    .option('--origin', 'with the file and line, or the option, that each thing comes from')
    .addOption(new Option('--format <format>', 'how to show it').choices(['toml', 'json']).default('toml'))
    .option('--show-secrets', 'show allowed values in the clear')
    .option(...CONFIG_OPTION)
    .option(...presetOption('reporting'))
    .option(...MODEL_OPTION)
    .option(...DEVICE_OPTION)
    .option(...MAX_FILE_SIZE_OPTION)
    .option(...MAX_DEPTH_OPTION)
    .addHelpText('after', helpText(['sss config show --origin', 'sss config show --origin packages/web/src/app.ts']))
    .action(async (path: string | undefined, options: ShowOptions) => {
      const shown = await shownConfig({ path, flags: options, showSecrets: options.showSecrets ?? false });
      await warn(shown.warnings);
      await print(options.format === 'json' ? asJson(shown) : await asToml(shown, options.origin ?? false));
      finish(EXIT.clean);
    });
  config
    .command('validate')
    .argument('[file]', 'only this file, and what it extends')
    .summary('check the configuration of the repository, and those of its folders')
    .description(
      'Reads every file of the configuration and names everything that is wrong. The exit code is 0 when nothing is, else 1.',
    )
    .addOption(new Option('--format <format>', 'how to show it').choices(['text', 'json']).default('text'))
    .addHelpText('after', helpText(['sss config validate', 'sss config validate org.toml']))
    .action(async (file: string | undefined, { format }: { format: 'text' | 'json' }) =>
      finish(await validate(file, format)),
    );
}

async function asToml({ files, settings }: ShownConfig, withOrigin: boolean): Promise<string> {
  const { settingsAsToml } = await import('../../config/show-toml.ts');
  const head = files.length === 0 ? 'no file: the defaults' : files.join(', ');
  return printable(`# In force, of ${head}\n${settingsAsToml(settings, { withOrigin })}`);
}

function asJson({ files, warnings, settings }: ShownConfig): string {
  return `${JSON.stringify({ files, warnings, settings }, null, 2)}\n`;
}

async function validate(file: string | undefined, format: 'text' | 'json'): Promise<number> {
  const { files, problems, warnings } = await checkConfigs({ cwd: process.cwd(), file });
  const code = problems.length > 0 ? EXIT.findings : EXIT.clean;
  if (format === 'json') {
    await print(`${JSON.stringify({ ok: problems.length === 0, files, problems, warnings }, null, 2)}\n`);
    return code;
  }
  const lines = [
    ...files.map((name) => `fine: ${name}\n`),
    ...warnings.map((warning) => `warning: ${warning}\n`),
    ...problems.map(({ message, hint }) => `error: ${message}\n${hint === undefined ? '' : `hint: ${hint}\n`}`),
  ];
  const none = lines.length === 0 ? 'there is no configuration: the defaults are in force\n' : '';
  const sum = problems.length > 0 ? `${formatCount(problems.length, 'problem')}\n` : '';
  await print(printable(lines.join('') + none + sum));
  return code;
}
