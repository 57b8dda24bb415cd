import { nothingHidden } from '../../config/nothing-hidden.ts';
import { type FoundValue, type KnownFindings, openKnown } from '../../findings/known.ts';
import type { Config, Report } from '../../types.ts';
import { UserError } from '../../util/errors.ts';
import { interruptible } from '../interrupt.ts';
import { withProgress } from '../progress.ts';
import { openSource, type ScanRequest } from '../scan-request.ts';
import { warn } from '../stdio.ts';

/** What a scan has found, with the values: they go no further than to be hashed. */
export interface Looked {
  report: Report;
  found: readonly FoundValue[];
}

interface LookInput {
  request: ScanRequest;
  config: Config;
  useModel: boolean;
}

/**
 * Finds what a scan would tell if there were no baseline.
 * @throws UserError also when it was stopped
 */
export async function look(input: LookInput): Promise<Looked> {
  const known = await openKnown({ ...input.config, baseline: false });
  return lookWith(input, known);
}

/** Finds more than a scan would tell: what is allowed, marked, turned off or let pass by a folder as well, and what is less sure. */
export async function lookAtAll({ config, ...input }: LookInput): Promise<Looked> {
  const all = nothingHidden(config);
  const known = await openKnown(all);
  return lookWith({ ...input, config: all }, known);
}

async function lookWith({ request, config, useModel }: LookInput, known: KnownFindings): Promise<Looked> {
  const { scan } = await import('../../scan.ts');
  const found: FoundValue[] = [];
  const recording: KnownFindings = {
    ...known,
    async entriesOf(all) {
      found.push(...all);
      return [];
    },
  };
  const report = await interruptible(async (signal) => {
    const source = await openSource(request, config);
    return withProgress({ total: source.total }, (onProgress) =>
      scan({ source, config, signal, useModel, known: recording, onProgress }),
    );
  });
  if (report.interrupted) throw new UserError('it was stopped: the baseline is as it was');
  await tellTrouble(report);
  return { report, found };
}

/** What could not be read, and how it was judged. */
async function tellTrouble({ notes, remarks = [], skipped }: Report): Promise<void> {
  const errors = skipped.filter(({ kind }) => kind === 'error');
  await warn([...notes, ...remarks, ...errors.map(({ path, reason }) => `${path} was not read: ${reason}`)]);
}
