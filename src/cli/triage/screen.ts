import { editTarget } from '../../config/edit/index.ts';
import { WORDS } from '../../triage/decisions.ts';
import type { TriageItem } from '../../triage/item.ts';
import { createPerformer } from '../../triage/performer.ts';
import { runSession } from '../../triage/session.ts';
import type { Decision, FeedbackRecord } from '../../types.ts';
import { EXIT } from '../../util/errors.ts';
import { formatCount } from '../../util/format.ts';
import { note, print, printable, wantsColor } from '../stdio.ts';
import type { TriageOptions, TriagePlace } from './options.ts';
import { openTerminal } from './terminal.ts';

/** Goes through findings on the terminal. @returns the exit code */
export async function runScreen(input: {
  items: readonly TriageItem[];
  inForce: readonly FeedbackRecord[];
  where: TriagePlace;
  options: TriageOptions;
}): Promise<number> {
  const { items, inForce, where, options } = input;
  if (items.length === 0) {
    await print('Nothing is left to decide.\n');
    return EXIT.clean;
  }
  const target = () => editTarget({ root: where.root, cwd: where.cwd, file: options.config });
  const performer = createPerformer({ items, file: where.file, inForce, target });
  const terminal = await openTerminal({ color: options.color && wantsColor(process.stdout) });
  let decided: ReadonlyMap<string, Decision>;
  try {
    decided = await runSession({ items, inForce, performer, terminal });
  } finally {
    terminal.close();
    await note(printable(performer.toPaste.map((text) => `paste into ${text}\n`).join('')));
  }
  const left = items.filter(({ id }) => !decided.has(id)).length;
  await print(printable(summary(decided, left, where.file)));
  return left === 0 ? EXIT.clean : EXIT.findings;
}

function summary(decided: ReadonlyMap<string, Decision>, left: number, file: string): string {
  const counts = new Map<Decision, number>();
  for (const decision of decided.values()) counts.set(decision, (counts.get(decision) ?? 0) + 1);
  const what = [...counts].map(([decision, count]) => `${count} × ${WORDS[decision]}`).join(', ');
  const still = (counts.get('false-alarm') ?? 0) + (counts.get('placeholder') ?? 0);
  const lines = [
    decided.size === 0
      ? 'Nothing was decided.'
      : `${formatCount(decided.size, 'finding')} decided: ${what}. Kept in ${file}`,
    ...(left > 0
      ? [`${formatCount(left, 'is', 'are')} left: sss triage goes on with ${left === 1 ? 'it' : 'them'}.`]
      : []),
    ...(still > 0 ? ['Scans still report false alarms and placeholders: sss triage allow lets them pass.'] : []),
  ];
  return lines.map((line) => `${line}\n`).join('');
}
