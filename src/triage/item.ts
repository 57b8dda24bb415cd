import type { Context } from '../findings/context.ts';
import type { Finding, Location, Observation } from '../types.ts';

/** A finding to decide on: one secret in one file, at one place or several. */
export interface TriageItem {
  /** Its fingerprint. */
  id: string;
  /** Where it stands first. */
  finding: Finding;
  /** Where else it stands in the same file. */
  more: readonly Location[];
  context: Context;
  /** Equal for equal values, and of no use outside of this process. */
  valueKey: string;
  /** The path from the root that a configuration knows it by; that of the container where it is in one. */
  logicalPath: string;
  /** What a model can learn from it. */
  observe: () => Promise<Observation>;
  /** Whether a text says the value itself. */
  isToldBy: (text: string) => boolean;
}

/** `test/fixtures` of `test/fixtures/a.py`; empty at the root. */
export function folderOf({ logicalPath }: Pick<TriageItem, 'logicalPath'>): string {
  const at = logicalPath.lastIndexOf('/');
  return at < 0 ? '' : logicalPath.slice(0, at);
}

/** Those of one folder and one rule stand together, in order of path and line. */
export function sortItems(items: readonly TriageItem[]): TriageItem[] {
  const keyOf = (item: TriageItem) => [folderOf(item), item.finding.ruleId, item.finding.path];
  const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
  return [...items].sort((a, b) => {
    const [left, right] = [keyOf(a), keyOf(b)];
    const first = left.findIndex((part, i) => part !== right[i]);
    if (first >= 0) return compare(left[first]!, right[first]!);
    return a.finding.line - b.finding.line || a.finding.column - b.finding.column || compare(a.id, b.id);
  });
}
