import { smoke } from '../../review/index.ts';
import { EXIT } from '../../util/errors.ts';
import { loadSettings, rootOf } from '../settings.ts';
import { print, printable } from '../stdio.ts';
import { guidanceFile, type ReviewFlags } from './setup.ts';

/** Runs `review smoke`. @returns the exit code */
export async function runSmoke(flags: Pick<ReviewFlags, 'config' | 'guidance'>): Promise<number> {
  const cwd = process.cwd();
  const root = await rootOf(cwd, []);
  const checks = await smoke({
    loadConfig: () => loadSettings({ cwd, flags }),
    guidanceFile: (config) => guidanceFile({ flags, config, cwd, root }),
  });
  const lines = checks.map(({ ok, what, detail }) => `${(ok ? 'ok' : 'FAILED').padEnd(8)}${what}: ${detail}\n`);
  const ok = checks.every((check) => check.ok);
  const result = ok ? 'a review can be run here\n' : 'a review cannot be run here: mend what has failed\n';
  await print(printable(lines.join('') + result));
  return ok ? EXIT.clean : EXIT.failed;
}
