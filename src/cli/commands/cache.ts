import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { EXIT, UserError } from '../../util/errors.ts';
import { formatCount } from '../../util/format.ts';
import { type Finish, helpText } from '../help.ts';
import { print, printable } from '../stdio.ts';

/** Adds `cache path` and `cache clear`. */
export function addCacheCommand(program: Command, finish: Finish): void {
  const cache = program
    .command('cache')
    .summary('show where scans are remembered, and forget them')
    .description(
      'What scans remember of texts that came out clean, so that the next one need not read them again: no value, no ' +
        'line and no name of a file.',
    );
  cache
    .command('path')
    .summary('print the folder')
    .description('Prints the folder, whether it is there or not. The variable SSS_CACHE_DIR names another one.')
    .addHelpText('after', helpText(['sss cache path']))
    .action(async () => {
      await print(`${printable(await folder())}\n`);
      finish(EXIT.clean);
    });
  cache
    .command('clear')
    .summary('forget all scans')
    .description('Removes the files of all scans from the folder, and nothing else.')
    .addHelpText('after', helpText(['sss cache clear']))
    .action(async () => {
      await print(`${formatCount(await clear(await folder()), 'file')} removed\n`);
      finish(EXIT.clean);
    });
}

async function folder(): Promise<string> {
  const { cacheFolder } = await import('../../cache/index.ts');
  const found = cacheFolder();
  if (found !== undefined) return found;
  throw new UserError('there is no folder for it: no home is known', { hint: 'name one with SSS_CACHE_DIR' });
}

async function clear(place: string): Promise<number> {
  const { cacheFiles } = await import('../../cache/index.ts');
  try {
    const names = cacheFiles(place);
    for (const name of names) await rm(join(place, name), { force: true });
    return names.length;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return 0;
    throw new UserError(`cannot remove what is remembered in ${place} (${code})`, { cause: error });
  }
}
