import { type Command, Option } from 'commander';
import { EXIT } from '../../util/errors.ts';
import { formatCount } from '../../util/format.ts';
import { version } from '../../util/version.ts';
import type { Check } from '../doctor/index.ts';
import { type Finish, helpText } from '../help.ts';
import { print, printable } from '../stdio.ts';

/** Adds `doctor`. */
export function addDoctorCommand(program: Command, finish: Finish): void {
  program
    .command('doctor')
    .summary('look whether everything works here, and say how to mend what does not')
    .description(
      'Looks at the installation, git, hooks, configuration, model, device and cache, and does a small scan. Nothing is ' +
        'installed or changed. The exit code is 0 when all is well, 1 when there is something to mend, 2 when it could not look.',
    )
    .addOption(new Option('--format <format>', 'how to show it').choices(['text', 'json']).default('text'))
    .addHelpText('after', helpText(['sss doctor', 'sss doctor --format json']))
    .action(async ({ format }: { format: 'text' | 'json' }) => {
      const { examine } = await import('../doctor/index.ts');
      const checks = await examine(process.cwd());
      const problems = checks.filter(({ state }) => state === 'problem').length;
      const data = { version, ok: problems === 0, checks };
      await print(format === 'json' ? `${JSON.stringify(data, null, 2)}\n` : printable(describe(checks, problems)));
      finish(problems === 0 ? EXIT.clean : EXIT.findings);
    });
}

const LABELS: Readonly<Record<Check['state'], string>> = { ok: 'ok', note: '', problem: 'MEND' };

function describe(checks: readonly Check[], problems: number): string {
  const width = Math.max(...checks.map(({ part }) => part.length));
  const lines = checks.map(({ part, state, says, mend }) => {
    const line = `${LABELS[state].padEnd(4)}  ${part.padEnd(width)}  ${says}\n`;
    return mend === undefined ? line : `${line}${' '.repeat(width + 8)}→ ${mend}\n`;
  });
  const sum = problems === 0 ? 'all is well' : `${formatCount(problems, 'thing')} to mend`;
  return `${lines.join('')}\n${sum}\n`;
}
