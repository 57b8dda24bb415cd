import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Split } from './context.ts';
import { ContractError } from './errors.ts';
import type { Step } from './step.ts';

/** Any key of this name at any depth; inside a text the quotes would be escaped. */
const SPLIT_KEY = /"split"\s*:\s*("(?:[^"\\]|\\.)*"|[^,}\s]+)/g;

/**
 * Workers fit, so no worker may declare another split than `train`.
 * @throws ContractError for a step that declares what it may not
 */
export function checkDeclaration(step: Step): void {
  const other = step.reads.find((split) => split !== 'train');
  if (step.run.kind === 'worker' && other !== undefined) {
    throw new ContractError(`${step.name} is a worker and declares to read ${other}: workers read train only`);
  }
}

/**
 * Reads a file of records before a step gets it, and refuses it when a record is of a split that the step does not
 * declare. Records without a split (scores by id) pass. Values are never shown.
 * @param input.splits how the step declares what it reads
 * @throws ContractError with file and line
 */
export async function checkRecords(input: {
  step: string;
  path: string;
  shown: string;
  splits: readonly Split[];
}): Promise<void> {
  const { step, path, shown, splits } = input;
  const allowed = new Set(splits.map((split) => JSON.stringify(split)));
  const lines = createInterface({ input: createReadStream(path, { highWaterMark: 1 << 20 }), crlfDelay: Infinity });
  let number = 0;
  for await (const line of lines) {
    number++;
    for (const [, split] of line.matchAll(SPLIT_KEY)) {
      if (allowed.has(split!)) continue;
      const name = /^"[a-z]{1,20}"$/.test(split!) ? split!.slice(1, -1) : 'of an unknown name';
      throw new ContractError(
        `${step} may read ${splits.join(' and ') || 'no records'}, and line ${number} of ${shown} is of the split ${name}`,
        {
          hint: 'a step that fits never sees the data that it is judged by; run fuse_datasets again: --from fuse_datasets',
        },
      );
    }
  }
}
