import { matchesRuleId } from '../../config/allow.ts';
import { counterparts } from '../../config/gitleaks-ids.ts';
import { remembered } from '../../util/remembered.ts';
import type { IgnoreFile } from './index.ts';

/** One fingerprint of gitleaks. */
interface Ignored {
  commit: string | undefined;
  /** Our rules that find what its rule finds. */
  rules: readonly string[];
}

const MOST_NAMED = 5;

/**
 * Reads a `.gitleaksignore`: `file:rule:line` for all scans, `commit:file:rule:line` for what is found in a commit. Both
 * name a place, not a value: another secret on that line is hidden, too.
 */
export async function readGitleaksIgnore(text: string, shown: string): Promise<IgnoreFile> {
  const { builtinList } = await import('../../rules/builtin/index.ts');
  const { genericRules } = await import('../../rules/generic.ts');
  const ids = [...builtinList.rules, ...genericRules].map(({ id }) => id);
  // A few rules have all entries.
  const oursOf = remembered((rule) => counterparts(rule, ids));
  const byPlace = new Map<string, Ignored[]>();
  const broken: number[] = [];
  const unknown = new Set<string>();
  for (const [i, line] of text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .entries()) {
    const entry = line.trim();
    if (entry === '' || entry.startsWith('#')) continue;
    const found = /^(?:([0-9a-f]{40}|[0-9a-f]{64}):)?(.+):([^:]+):(\d+)$/.exec(entry);
    if (!found) {
      broken.push(i + 1);
      continue;
    }
    const [, commit, path, rule, number] = found;
    const ours = oursOf(rule!);
    if (ours.length === 0) unknown.add(rule!);
    const key = `${normal(path!)}\0${number}`;
    const others = byPlace.get(key) ?? [];
    // A rule of the configuration may be called the same.
    others.push({ commit, rules: [rule!, ...ours] });
    byPlace.set(key, others);
  }
  return {
    ignores({ path, line, endLine, commit }, { ruleIds, logicalPath }) {
      for (const place of new Set([logicalPath, path])) {
        for (const at of new Set([line, endLine])) {
          const isHidden = byPlace
            .get(`${place}\0${at}`)
            ?.some(
              (entry) =>
                (entry.commit === undefined || entry.commit === commit) &&
                entry.rules.some((rule) => ruleIds.some((id) => matchesRuleId(rule, id))),
            );
          if (isHidden) return true;
        }
      }
      return false;
    },
    remarks: [
      ...(broken.length > 0 ? [`${shown}: no fingerprint of gitleaks in ${listed('line', broken.map(String))}`] : []),
      ...(unknown.size > 0 ? [`${shown}: no rule here corresponds to ${listed('rule', [...unknown])}`] : []),
    ],
  };
}

function normal(path: string): string {
  return path.replaceAll('\\', '/').replace(/^\.\//, '');
}

function listed(noun: string, all: readonly string[]): string {
  const more = all.length > MOST_NAMED ? ` and ${all.length - MOST_NAMED} more` : '';
  return `${noun}${all.length === 1 ? '' : 's'} ${all.slice(0, MOST_NAMED).join(', ')}${more}`;
}
