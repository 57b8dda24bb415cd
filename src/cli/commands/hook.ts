import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { EXIT } from '../../util/errors.ts';
import { type Finish, helpText } from '../help.ts';
import { type HookChange, installHook, uninstallHook } from '../hook/install.ts';
import { findHookPlace, type HookManager, type HookPlace, shown } from '../hook/place.ts';
import { hookStatus } from '../hook/status.ts';
import { HOOK_TYPES, type HookType } from '../hook/text.ts';
import {
  BASELINE_OPTION,
  CONFIG_OPTION,
  DEVICE_OPTION,
  MODEL_OPTION,
  NO_BASELINE_OPTION,
  NO_MARKERS_OPTION,
  NO_MODEL_OPTION,
  presetOption,
} from '../settings-options.ts';
import { print, printable } from '../stdio.ts';

interface HookOptions {
  type: HookType | 'both';
  manager?: HookManager | 'auto';
}

const typeOption = (standard: string): Option =>
  new Option('--type <type>', 'which hook').choices([...HOOK_TYPES, 'both']).default(standard);

/** Adds `hook install`, `hook uninstall`, `hook status`, and the help of `hook run`. */
export function addHookCommand(program: Command, finish: Finish): void {
  const hook = program
    .command('hook')
    .summary('put the scanner into git hooks, look after it, take it out')
    .description(
      'Puts the scanner into the git hooks of this repository, so that a commit or a push with a secret in it is blocked.',
    );
  hook
    .command('install')
    .summary('put the scanner into a hook; what is there stays and runs afterwards')
    .description(
      'Puts the scanner into the hooks of this repository: plain git hooks, core.hooksPath, or husky. A hook that is there ' +
        'already is kept: lines are added to a shell script, anything else is renamed to <hook>.before-sss and called.',
    )
    .addOption(typeOption('pre-commit'))
    .addOption(
      new Option('--manager <manager>', 'who runs the hooks').choices(['auto', 'git', 'husky']).default('auto'),
    )
    .addHelpText('after', helpText(['sss hook install', 'sss hook install --type both']))
    .action(async ({ type, manager }: HookOptions) => {
      const cwd = process.cwd();
      const place = await findHookPlace(cwd, manager);
      const changes = typesOf(type).map((one) => installHook({ place, type: one, cwd }));
      await print(changes.map((change) => `${sentence(place, change)}\n`).join('') + advice(place, changes));
      finish(EXIT.clean);
    });
  hook
    .command('uninstall')
    .summary('take the scanner out again; hooks are what they were before')
    .description('Takes the scanner out of the hooks. A hook that was there before it is restored to the byte.')
    .addOption(typeOption('both'))
    .action(async ({ type }: HookOptions) => {
      const place = await findHookPlace(process.cwd());
      const changes = typesOf(type).map((one) => uninstallHook({ place, type: one }));
      await print(changes.map((change) => `${sentence(place, change)}\n`).join(''));
      finish(EXIT.clean);
    });
  hook
    .command('status')
    .summary('show which hooks run the scanner')
    .description('Shows which hooks run the scanner. The exit code is 0 when one does, 1 when none does.')
    .action(async () => {
      const hooks = await hookStatus(process.cwd());
      await print(hooks.map(({ type, path, words }) => `${type}: ${words}  (${printable(path)})\n`).join(''));
      finish(hooks.some(({ runs }) => runs) ? EXIT.clean : EXIT.findings);
    });
  // Only its help: main() runs `hook run` without loading this file.
  hook
    .command('run')
    .argument('[type]', 'pre-commit or pre-push', 'pre-commit')
    .argument('[remote...]', 'pre-push: name and URL of the remote, as git gives them')
    .option(...CONFIG_OPTION)
    .option(...presetOption('blocking'))
    .option(...MODEL_OPTION)
    .option(...NO_MODEL_OPTION)
    .option(...DEVICE_OPTION)
    .option(...BASELINE_OPTION)
    .option(...NO_BASELINE_OPTION)
    .option(...NO_MARKERS_OPTION)
    .summary('do what the hook does: for hooks written by hand')
    .description(
      'Scans what is staged (pre-commit), or the commits that git names on standard input (pre-push). A finding blocks, ' +
        'and so does everything that keeps the scanner from doing its job. SSS_SKIP=1 skips it.',
    )
    .addHelpText('after', helpText(['sss hook run pre-commit', 'sss hook run pre-push "$@"']));
}

function typesOf(type: HookType | 'both'): readonly HookType[] {
  return type === 'both' ? HOOK_TYPES : [type];
}

function sentence(place: HookPlace, { type, path, action, chained }: HookChange): string {
  const file = printable(shown(place.top, path));
  const words: Record<HookChange['action'], string> = {
    installed: `installed in ${file}${chained ? '; the hook that was there runs after the scanner' : ''}`,
    updated: `brought up to date in ${file}`,
    unchanged: `already installed in ${file}`,
    'by-hand': `${file} calls the scanner already, by a line of your own`,
    removed: `removed from ${file}`,
    restored: `removed; the earlier hook is back as ${file}`,
    absent: 'was not installed',
  };
  return `${type}: ${words[action]}`;
}

/** What the user should know, or do, after an installation. */
function advice(place: HookPlace, changes: readonly HookChange[]): string {
  const lines: string[] = [];
  if (!place.active) lines.push('husky is not set up in this clone: run `npx husky`, or nothing will run the hook.');
  else if (place.committed && !place.ready) {
    lines.push(
      `Commit ${changes.map((c) => printable(shown(place.top, c.path))).join(' and ')}, so that everyone has it.`,
    );
  }
  if (existsSync(join(place.top, '.pre-commit-config.yaml'))) {
    lines.push('This repository uses pre-commit.com: its configuration can name the scanner, too (see docs/hooks.md).');
  }
  return lines.map((line) => `${line}\n`).join('');
}
