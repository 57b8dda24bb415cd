import { place, sureness, titleOf } from '../../report/words.ts';
import type { TriageItem } from '../../triage/item.ts';
import { likeOf } from '../../triage/likes.ts';
import { EXIT, UserError } from '../../util/errors.ts';
import { formatCount } from '../../util/format.ts';
import { print } from '../stdio.ts';

/** Prints what is to be decided on. @returns the exit code */
export async function list(items: readonly TriageItem[], format: string): Promise<number> {
  if (format === 'json') {
    await print(`${JSON.stringify({ findings: items.map((item) => dataOf(items, item)) }, undefined, 2)}\n`);
  } else if (format === 'text') {
    const lines = items.map((item) => textOf(items, item));
    const summary =
      items.length === 0 ? 'Nothing is left to decide.' : `${formatCount(items.length, 'finding')} to decide.`;
    await print(`${[...lines, summary].join('\n')}\n`);
  } else throw new UserError(`unknown format: ${format}`, { hint: 'formats are text, json' });
  return items.length === 0 ? EXIT.clean : EXIT.findings;
}

function textOf(items: readonly TriageItem[], item: TriageItem): string {
  const { finding, more, id } = item;
  const same = likeOf(items, item, 'value').length;
  const facts = [
    finding.severity,
    sureness(finding.probability),
    ...(more.length > 0 ? [formatCount(more.length + 1, 'place')] : []),
    ...(same > 1 ? [`value of ${same}`] : []),
  ];
  return `${id}  ${place(finding)}  ${titleOf(finding)}  [${facts.join(', ')}]`;
}

function dataOf(items: readonly TriageItem[], item: TriageItem): Record<string, unknown> {
  const { finding, more, id } = item;
  const { path, line, column, ruleId, severity, probability, decidedBy, reason, preview, name } = finding;
  const like = (scope: 'value' | 'folder') =>
    likeOf(items, item, scope).flatMap((other) => (other === item ? [] : [other.id]));
  return {
    fingerprint: id,
    ...{ path, line, column, ruleId, severity, probability, decidedBy, reason, preview, name },
    more: more.map((other) => ({ line: other.line, column: other.column })),
    sameValue: like('value'),
    sameRuleAndFolder: like('folder'),
  };
}
