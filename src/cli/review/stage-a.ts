import { resolve, sep } from 'node:path';
import { shownPath } from '../../config/index.ts';
import { createLooker, hashOf, SUMMARIES, summarize } from '../../review/index.ts';
import type { ScanSource } from '../../types.ts';
import { EXIT } from '../../util/errors.ts';
import { formatCount } from '../../util/format.ts';
import { interruptible } from '../interrupt.ts';
import { withProgress } from '../progress.ts';
import { openSource, scanRequest } from '../scan-request.ts';
import { note, print, printable } from '../stdio.ts';
import { checkStage, openFor, type ReviewFlags, type ReviewSetup, setUp } from './setup.ts';

/** Runs `review stage-a`. @returns the exit code */
export async function runStageA(paths: string[], flags: ReviewFlags): Promise<number> {
  const request = scanRequest(flags, paths);
  const setup = await setUp(flags, paths);
  const { cwd, made, config } = setup;
  const source = withoutOwn(await openSource(request, config), setup);
  const mission = await openFor(setup, flags);
  try {
    const key = hashOf([made.key, request]);
    const file = mission.file(SUMMARIES);
    const force = flags.force ?? false;
    checkStage({ mission, stage: 'stage-a', key, force, shown: shownPath(cwd, file) });
    const state = { ...made, key, settings: made.key, scope: source.description, request };
    await mission.mark('stage-a', { ...state, state: 'running' });
    const done = await interruptible((signal) =>
      withProgress({ total: source.total, quiet: flags.quiet }, (onProgress) =>
        summarize({
          ...{ source, mission, force, signal, onProgress },
          look: createLooker(config, setup.judge),
          settingsKey: made.key,
        }),
      ),
    );
    const { texts, kept, candidates, secrets, skipped, interrupted } = done;
    const notes = setup.judge.notes().map((text) => `warning: ${text}\n`);
    const told = flags.quiet ? skipped.filter(({ kind }) => kind === 'error') : skipped;
    const left = told.map(({ path, reason }) => `not read: ${path}: ${reason}\n`);
    await note(printable([...(flags.quiet ? [] : notes), ...left].join('')));
    if (interrupted) {
      await note('stopped: what is done is kept; run the same command again to go on\n');
      return EXIT.failed;
    }
    const counts = { texts, candidates, secrets, skipped: skipped.length };
    await mission.mark('stage-a', { ...state, state: 'done', ...counts });
    const already = kept > 0 ? ` (${formatCount(kept, 'text')} as before)` : '';
    await print(
      `${formatCount(texts, 'text')}${already}, ${formatCount(candidates, 'candidate')}, ${formatCount(secrets, 'likely secret')}\n` +
        `written to ${printable(shownPath(cwd, file))}\n`,
    );
    return skipped.some(({ kind }) => kind === 'error') ? EXIT.failed : EXIT.clean;
  } finally {
    mission.close();
  }
}

/** What missions hold is not looked at itself. */
function withoutOwn(source: ScanSource, { missions, folder, cwd }: ReviewSetup): ScanSource {
  const own = [missions, folder].map((place) => place + sep);
  return {
    ...source,
    async *items(signal) {
      for await (const item of source.items(signal)) {
        const isFile = 'chunk' in item && item.chunk.origin.kind === 'file';
        const path = isFile ? resolve(cwd, item.chunk.path) : undefined;
        if (path === undefined || !own.some((place) => path.startsWith(place))) yield item;
      }
    },
  };
}
