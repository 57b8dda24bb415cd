import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { EXIT, UserError } from '../../util/errors.ts';
import { formatCount } from '../../util/format.ts';
import { type Finish, helpText } from '../help.ts';
import { note, print, printable } from '../stdio.ts';

/** Adds `rules import` to the command `rules`. */
export function addRulesImport(rules: Command, finish: Finish): void {
  rules
    .command('import')
    .argument('<file>', 'rules of gitleaks or betterleaks (TOML), kingfisher or noseyparker (YAML)')
    .summary("make a configuration of another scanner's rules")
    .description(
      'Writes the rules of another scanner as a configuration of this one (TOML).\n' +
        'What cannot be taken over is named on standard error, with the reason.',
    )
    .option('--output <file>', 'write to this file, which must not be there yet, instead of standard output')
    .addHelpText('after', helpText(['sss rules import gitleaks.toml --output .smart-secrets-scanner.toml']))
    .action(async (file: string, { output }: { output?: string }) => finish(await runImport(file, output)));
}

async function runImport(file: string, output: string | undefined): Promise<number> {
  const { importRules } = await import('../../config/import/index.ts');
  const { toml, rules, allow, problems } = await importRules({ path: resolve(file), shown: file });
  await note(printable(problems.map((problem) => `${problem}\n`).join('')));
  if (rules + allow === 0) throw new UserError(`${file} holds nothing that can be imported`);
  if (output === undefined || output === '-') await print(toml);
  else await write(output, toml);
  await note(`imported: ${formatCount(rules, 'rule')}, ${formatCount(allow, 'allowlist')}\n`);
  return EXIT.clean;
}

async function write(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text, { flag: 'wx' });
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const isThere = code === 'EEXIST' || code === 'EISDIR';
    throw new UserError(`cannot write ${file}: ${isThere ? 'it is there already' : code}`, {
      cause,
      ...(isThere && { hint: 'name another file, or remove that one first' }),
    });
  }
}
