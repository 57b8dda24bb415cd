import type { TriageItem } from '../../src/triage/item.ts';
import type { Finding, Redacted } from '../../src/types.ts';
import { record } from '../feedback/record.ts';

/** A finding to decide on; its value is known by `value` only. */
export function item(
  number: number,
  more: { path?: string; value?: string; finding?: Partial<Finding> } = {},
): TriageItem {
  const { path = `src/${number}.py`, value = String(number) } = more;
  const { id, at: _at, v: _v, label: _label, decision: _decision, ...observation } = record(number);
  const finding: Finding = {
    path,
    line: 5,
    endLine: 5,
    column: 12,
    endColumn: 20,
    ruleId: 'generic-password',
    provider: 'generic',
    description: 'Password in the clear',
    severity: 'high',
    verdict: 'secret',
    probability: 0.96,
    decidedBy: 'gate',
    reason: 'its name says a password',
    fingerprint: id,
    preview: 'password = "********"' as Redacted,
    secret: '********' as Redacted,
    source: 'file',
    ...more.finding,
  };
  return {
    id,
    finding,
    more: [],
    context: {
      before: [{ line: 4, text: 'above = 1' as Redacted }],
      after: [{ line: 6, text: 'below = 2' as Redacted }],
      indent: 0,
    },
    valueKey: value,
    logicalPath: path,
    observe: async () => observation,
    isToldBy: (text) => text.includes(`value ${value}`),
  };
}
