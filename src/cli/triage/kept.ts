import { addAllow, editTarget } from '../../config/edit/index.ts';
import { readFeedback } from '../../feedback/read.ts';
import { alone } from '../../feedback/write.ts';
import { WORDS } from '../../triage/decisions.ts';
import type { Decision, FeedbackRecord } from '../../types.ts';
import { EXIT, UserError } from '../../util/errors.ts';
import { formatCount } from '../../util/format.ts';
import { writeFileWhole } from '../../util/write-whole.ts';
import { loadSettings } from '../settings.ts';
import { note, print, printable } from '../stdio.ts';
import { placeOf, type TriageOptions } from './options.ts';

/** Lets what was decided to be no secret pass. @returns the exit code */
export async function runAllow(options: TriageOptions): Promise<number> {
  const { cwd, root, file } = await placeOf(options, []);
  const config = await loadSettings({ cwd, flags: options });
  const allowed = new Set(config.allow.flatMap(({ fingerprints = [] }) => fingerprints));
  const records = await readFeedback(file);
  const meant = records.filter(({ decision }) => decision === 'false-alarm' || decision === 'placeholder');
  const ids = meant.map(({ id }) => id).filter((id) => !allowed.has(id));
  if (ids.length === 0) {
    await print(
      `Nothing to allow: ${formatCount(meant.length, 'false alarm or placeholder', 'false alarms or placeholders')}, all in the configuration.\n`,
    );
    return EXIT.clean;
  }
  const reason = options.reason ?? 'false alarms and placeholders, by triage';
  const edit = await alone(`${file}.configuration`, async () =>
    addAllow(await editTarget({ root, cwd, file: options.config }), { reason, fingerprints: ids.sort() }),
  );
  await print(printable(`${formatCount(ids.length, 'finding')} will pass from now on: written to ${edit.shown}\n`));
  return EXIT.clean;
}

/** Counts the decisions. @returns the exit code */
export async function runStats(options: TriageOptions): Promise<number> {
  const { file } = await placeOf(options, []);
  const records = await readFeedback(file);
  const counted = (of: (record: FeedbackRecord) => string) => {
    const counts = new Map<string, number>();
    for (const record of records) counts.set(of(record), (counts.get(of(record)) ?? 0) + 1);
    return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  };
  const byDecision = counted(({ decision }) => decision);
  const byRule = counted(({ ruleId }) => ruleId);
  const byModel = counted(({ model }) => model);
  const prompts = records.filter(({ prompt }) => prompt !== undefined).length;
  if (options.format === 'json') {
    const data = {
      ...{ file, decisions: records.length, prompts },
      byDecision: Object.fromEntries(byDecision),
      byRule: Object.fromEntries(byRule),
      byModel: Object.fromEntries(byModel),
    };
    await print(`${JSON.stringify(data, undefined, 2)}\n`);
    return EXIT.clean;
  }
  if (options.format !== 'text') {
    throw new UserError(`unknown format: ${options.format}`, { hint: 'formats are text, json' });
  }
  const rows = (title: string, counts: readonly [string, number][]) =>
    counts.length === 0 ? [] : [title, ...counts.map(([name, count]) => `  ${String(count).padStart(6)}  ${name}`)];
  const lines = [
    `${formatCount(records.length, 'decision')} in ${file}${prompts > 0 ? `, ${prompts} with a masked prompt` : ''}`,
    ...rows(
      'by what they say',
      byDecision.map(([decision, count]) => [WORDS[decision as Decision], count]),
    ),
    ...rows('by rule', byRule),
    ...rows('by the model that had judged', byModel),
  ];
  await print(printable(`${lines.join('\n')}\n`));
  return EXIT.clean;
}

/** Prints the decisions that are in force, a line each. @returns the exit code */
export async function runExport(options: TriageOptions): Promise<number> {
  const { file } = await placeOf(options, []);
  const records = await readFeedback(file);
  const text = records.map((record) => `${JSON.stringify(record)}\n`).join('');
  if (options.output === undefined || options.output === '-') await print(text);
  else {
    await writeFileWhole(options.output, text);
    await note(printable(`${formatCount(records.length, 'decision')} written to ${options.output}\n`));
  }
  return EXIT.clean;
}
