import { randomBytes } from 'node:crypto';
import { rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openFolder, reasonOf } from '../../cache/folder.ts';
import { cacheFiles, cacheFolder } from '../../cache/index.ts';
import type { Config } from '../../types.ts';
import { formatBytes, formatCount } from '../../util/format.ts';
import { checkConfigs } from '../config/check.ts';
import { type Check, note, ok, problem } from './check.ts';

/** Room that a file of the cache takes at least. */
const SAMPLE_BYTES = 65_536;

/** Where scans are remembered: a file is written there, and removed again. */
export function checkCache({ cache }: Pick<Config, 'cache'>): Check[] {
  if (cache === false) return [note('cache', 'not used: cache = false in the configuration')];
  const folder = cacheFolder();
  const mend = 'name another folder with SSS_CACHE_DIR, or go without: cache = false';
  if (folder === undefined) return [problem('cache', 'there is no folder for it: no home is known', mend)];
  const reason = openFolder(folder) ?? unwritable(folder);
  if (reason !== undefined) return [problem('cache', `${folder} cannot be used (${reason})`, mend)];
  const sizes = cacheFiles(folder).map((name) => statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0);
  const size = sizes.reduce((sum, bytes) => sum + bytes, 0);
  return [ok('cache', `${folder}: ${formatCount(sizes.length, 'file')}, ${formatBytes(size)}`)];
}

function unwritable(folder: string): string | undefined {
  const file = join(folder, `doctor.${process.pid}.${randomBytes(4).toString('hex')}.tmp`);
  try {
    writeFileSync(file, randomBytes(SAMPLE_BYTES), { flag: 'wx', mode: 0o600 });
    return undefined;
  } catch (error) {
    return reasonOf(error);
  } finally {
    rmSync(file, { force: true });
  }
}

/** The layers of the configuration, and what is wrong in them. */
export async function checkConfiguration(cwd: string): Promise<Check[]> {
  const part = 'configuration';
  const { files, problems, warnings } = await checkConfigs({ cwd, file: undefined });
  return [
    ...files.map((name) => ok(part, name)),
    ...(files.length + problems.length === 0 ? [ok(part, 'none: the defaults are in force')] : []),
    ...warnings.map((warning) => note(part, warning)),
    ...problems.map(({ message, hint }) =>
      problem(part, message, hint ?? 'correct that line; sss config validate looks again'),
    ),
  ];
}
