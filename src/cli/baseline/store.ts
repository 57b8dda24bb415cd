import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { BASELINE_FILE, shownPath } from '../../config/index.ts';
import { type Baseline, baselineText } from '../../findings/baseline/format.ts';
import { readBaselineText } from '../../findings/baseline/index.ts';
import type { Config } from '../../types.ts';
import { UserError } from '../../util/errors.ts';
import { writeFileWhole } from '../../util/write-whole.ts';
import { rootOf } from '../settings.ts';

/** What a write that was killed has left is gone after so long. */
const UNFINISHED_MS = 3_600_000;

/** Where the baseline is, or is to be: what the options and the configuration name, else in the root of the repository. */
export async function baselineFile({ baseline }: Pick<Config, 'baseline'>): Promise<string> {
  if (baseline) return baseline;
  if (baseline === false) {
    throw new UserError('the configuration says that there is no baseline', {
      hint: 'take `baseline = false` out of it, or name a file with --baseline',
    });
  }
  return join(await rootOf(process.cwd(), []), BASELINE_FILE);
}

/**
 * Writes the baseline whole, or leaves the one that is there.
 * @param before the text that it was made from; undefined: there was none
 * @returns whether there was anything to write
 * @throws UserError also when somebody else has written it meanwhile
 */
export async function saveBaseline(file: string, baseline: Baseline, before: string | undefined): Promise<boolean> {
  const now = existsSync(file) ? readBaselineText(file) : undefined;
  if (now !== before) {
    throw new UserError(`${shownPath(process.cwd(), file)} was changed by something else meanwhile`, {
      hint: 'try again',
    });
  }
  const text = baselineText(baseline);
  if (text === before) return false;
  await writeFileWhole(file, text);
  removeUnfinished(file);
  return true;
}

function removeUnfinished(file: string): void {
  const folder = dirname(file);
  const start = `.${basename(file)}.`;
  for (const name of readdirSync(folder)) {
    if (!name.startsWith(start) || !/^[0-9a-f]{8}\.tmp$/.test(name.slice(start.length))) continue;
    const stats = statSync(join(folder, name), { throwIfNoEntry: false });
    if (stats && Date.now() - stats.mtimeMs > UNFINISHED_MS) rmSync(join(folder, name), { force: true });
  }
}
