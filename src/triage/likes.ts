import { matchesRuleId } from '../config/allow.ts';
import { folderOf, type TriageItem } from './item.ts';

/** What a decision is about: one finding, all with its value, or all of its rule in its folder. */
export type Scope = 'one' | 'value' | 'folder';

/** The findings that a decision on `item` is about; itself always. */
export function likeOf(items: readonly TriageItem[], item: TriageItem, scope: Scope): TriageItem[] {
  if (scope === 'one') return [item];
  if (scope === 'value') return items.filter(({ valueKey }) => valueKey === item.valueKey);
  const folder = folderOf(item);
  return items.filter((other) => other.finding.ruleId === item.finding.ruleId && folderOf(other) === folder);
}

/** The scopes that are about more than `item`, in order of size. */
export function scopesOf(items: readonly TriageItem[], item: TriageItem): Scope[] {
  return (['one', 'value', 'folder'] as const).filter(
    (scope) => scope === 'one' || likeOf(items, item, scope).length > 1,
  );
}

/**
 * Whether a finding is one of those that a filter shows. Every word of it must be in the rule, the path or the description,
 * whatever the case; a `*` in it stands for any text of a rule or a path as a whole.
 */
export function isShown({ finding, logicalPath }: TriageItem, filter: string): boolean {
  const texts = [finding.ruleId, logicalPath, finding.path, finding.description].map((text) => text.toLowerCase());
  return filter
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
    .every((word) => texts.some((text) => (word.includes('*') ? matchesRuleId(word, text) : text.includes(word))));
}
