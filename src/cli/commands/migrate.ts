import { join } from 'node:path';
import { Argument, type Command, Option } from 'commander';
import { PEERS, type Peer, type PeerSetup } from '../../config/migrate/setup.ts';
import { EXIT } from '../../util/errors.ts';
import { formatCount } from '../../util/format.ts';
import { type Finish, helpText } from '../help.ts';
import type { Plan } from '../migrate/plan.ts';
import { note, print, printable } from '../stdio.ts';

interface MigrateOptions {
  write?: boolean;
  dryRun?: boolean;
  format: 'text' | 'json';
}

/** Adds `migrate`. */
export function addMigrateCommand(program: Command, finish: Finish): void {
  program
    .command('migrate')
    .summary("turn another scanner's setup into one of this scanner")
    .description(
      'Reads rules, allowlists and excluded paths of other scanners, and finds the hooks, scripts and workflows that start ' +
        'them. Shows what would be written, what changes and what cannot be taken over; writes nothing without --write.',
    )
    .addArgument(new Argument('[peer]', 'only this one (default: all that are found)').choices(PEERS))
    .option('--write', 'write the configuration, and change the hooks')
    .addOption(new Option('--dry-run', 'only show what would be done, as without --write').conflicts('write'))
    .addOption(new Option('--format <format>', 'how to show it').choices(['text', 'json']).default('text'))
    .addHelpText('after', helpText(['sss migrate', 'sss migrate gitleaks --write']))
    .action(async (peer: Peer | undefined, options: MigrateOptions) => finish(await runMigrate(peer, options)));
}

async function runMigrate(peer: Peer | undefined, options: MigrateOptions): Promise<number> {
  const { planMigration } = await import('../migrate/plan.ts');
  const plan = await planMigration({ cwd: process.cwd(), peer });
  const isWritten = options.write ?? false;
  if (options.format === 'json') {
    const { setups, callers, changes } = plan;
    await print(`${JSON.stringify({ written: isWritten, setups, callers, changes }, null, 2)}\n`);
  } else await print(printable(report(plan, isWritten)));
  if (isWritten) await write(plan);
  else if (options.format === 'text') {
    const { diffOf } = await import('../migrate/diff.ts');
    await print(plan.changes.map(({ path, before, after }) => `\n${diffOf(path, before, after)}`).join(''));
    await note('nothing is written; to do so: sss migrate --write\n');
  }
  return EXIT.clean;
}

/** One file after the other, each whole or not at all: after a failure the same command does the rest. */
async function write({ root, changes }: Plan): Promise<void> {
  const { writeFileWhole } = await import('../../util/write-whole.ts');
  for (const { path, after, mode } of changes) {
    await writeFileWhole(join(root, path), after, mode);
    await note(`written: ${printable(path)}\n`);
  }
}

function report({ setups, callers, changes, ignored }: Plan, isWritten: boolean): string {
  const parts = setups.map((setup) => describe(setup, ignored));
  const edited = new Set(changes.map(({ path }) => path));
  const places = callers.map(({ file, line, edit, instead }) => {
    if (edit && edited.has(file)) return `  ${file}:${line}  ${isWritten ? 'is' : 'would be'} replaced\n`;
    return `  ${file}:${line}  by hand: ${instead === '' ? 'goes with the entry before it' : instead.split('\n').at(-1)!.trim()}\n`;
  });
  const head = places.length === 0 ? [] : [`Places that start it\n${places.join('')}`];
  return [...parts, ...head].join('\n');
}

function describe(setup: PeerSetup, ignored: number): string {
  const { peer, files, rules, allow, disable, changed, left, todo } = setup;
  const counts = [
    formatCount(rules.length, 'rule'),
    formatCount(allow.length, 'allow entry', 'allow entries'),
    `${formatCount(disable.length, 'pattern')} of rules that are off`,
    ...(peer === 'gitleaks' && ignored > 0 ? [`${formatCount(ignored, 'fingerprint')} of ignored findings`] : []),
  ];
  const list = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? '' : `  ${title}\n${[...new Set(lines)].map((line) => `    - ${line}\n`).join('')}`;
  // A baseline is still of use, and what could not be read is not taken over.
  const spent = files.filter(
    (name) => ![...todo, ...left].some((line) => line.startsWith(`${name} `) || line.startsWith(`${name}: it is code`)),
  );
  const over =
    spent.length > 0
      ? [
          `remove ${spent.join(', ')} when you are content: this scanner does not need ${spent.length === 1 ? 'it' : 'them'}`,
        ]
      : [];
  return (
    `${peer}${files.length === 0 ? '' : `: ${files.join(', ')}`}\n  taken over: ${counts.join(', ')}\n` +
    list('changed', changed) +
    list('not taken over', left) +
    list('to do', [...todo, ...over])
  );
}
