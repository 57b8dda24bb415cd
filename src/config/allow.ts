import type { Allow } from '../types.ts';

/** What is known of a candidate when the allowlists are asked. */
export interface AllowQuery {
  allow: readonly Allow[];
  /** Rules that found the candidate. */
  ruleIds: readonly string[];
  value: string;
  /** The whole match of the rule, context included. */
  match: string;
  /** The line or lines that the match stands on. */
  line: string;
  logicalPath: string;
  /** The logical path of the archive, database or notebook that the text is in. */
  container?: string | undefined;
  commit?: string | undefined;
  fingerprint?: string | undefined;
  /** What the value is bound to. */
  name?: string | undefined;
  /** Where it stands in a JSON file: `db.users.0.password`. */
  keyPath?: string | undefined;
}

/**
 * The first allowlist entry that covers the candidate. With the condition `OR` one thing given in the entry must hold,
 * with `AND` one of every kind given; an entry that gives nothing covers nothing. An entry for some rules holds when one of
 * them found the candidate; `*` in a rule id stands for any text. So does an entry for some names or keys, which need give
 * nothing else.
 */
export function isAllowed(query: AllowQuery): Allow | undefined {
  return query.allow.find((entry) => {
    if (entry.ruleIds && !entry.ruleIds.some((id) => query.ruleIds.some((found) => matchesRuleId(id, found)))) {
      return false;
    }
    if (!isForName(entry, query)) return false;
    const checks = conditions(entry, query);
    if (checks.length === 0 && (entry.names || entry.keys)) return true;
    if (entry.condition === 'AND') return checks.length > 0 && checks.every((holds) => holds());
    return checks.some((holds) => holds());
  });
}

/**
 * The first entry that covers everything in a file whatever is found there: the file need not be read.
 */
export function isPathAllowed(allow: readonly Allow[], logicalPath: string): Allow | undefined {
  return allow.find((entry) => {
    if (entry.ruleIds || entry.names || entry.keys || !matchesPath(entry, logicalPath)) return false;
    return (
      entry.condition !== 'AND' ||
      !(
        hasMany(entry.values) ||
        hasMany(entry.regexes) ||
        hasMany(entry.stopwords) ||
        hasMany(entry.fingerprints) ||
        hasMany(entry.commits)
      )
    );
  });
}

/** Whether a rule is off: the last pattern that names it counts, and one with a `!` before it turns it on again. */
export function isDisabled(disabledRules: readonly string[], id: string): boolean {
  const last = disabledRules.findLast((pattern) => matchesRuleId(pattern.replace(/^!/, ''), id));
  return last !== undefined && !last.startsWith('!');
}

/** Whether `id` is `pattern`, in which `*` stands for any text. */
export function matchesRuleId(pattern: string, id: string): boolean {
  if (!pattern.includes('*')) return pattern === id;
  const parts = pattern.split('*');
  const last = parts.pop()!;
  let at = parts[0]!.length;
  if (!id.startsWith(parts[0]!) || !id.endsWith(last)) return false;
  for (const part of parts.slice(1)) {
    const found = id.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return at <= id.length - last.length;
}

function isForName({ names, keys }: Allow, { name = '', keyPath = name }: AllowQuery): boolean {
  if (!names && !keys) return true;
  const isNamed = names?.some((pattern) => matchesRuleId(pattern, name)) ?? false;
  return isNamed || (keys?.some((pattern) => matchesRuleId(pattern, keyPath)) ?? false);
}

/** One check for each kind of condition that the entry gives. */
function conditions(entry: Allow, query: AllowQuery): (() => boolean)[] {
  const { value, match, line, logicalPath, container, commit, fingerprint } = query;
  const checks: (() => boolean)[] = [];
  if (hasMany(entry.commits)) checks.push(() => commit !== undefined && isCommitOf(entry.commits!, commit));
  if (hasMany(entry.paths)) {
    // What covers a file covers everything in it.
    const paths = container === undefined ? [logicalPath] : [logicalPath, container];
    checks.push(() => paths.some((path) => matchesPath(entry, path)));
  }
  if (hasMany(entry.values)) checks.push(() => entry.values!.includes(value));
  if (hasMany(entry.fingerprints)) {
    checks.push(() => fingerprint !== undefined && entry.fingerprints!.includes(fingerprint));
  }
  if (hasMany(entry.regexes)) {
    const target = { secret: value, match, line }[entry.regexTarget ?? 'secret'];
    checks.push(() => entry.regexes!.some((pattern) => pattern.test(target)));
  }
  if (hasMany(entry.stopwords)) {
    checks.push(() => {
      const lower = value.toLowerCase();
      return entry.stopwords!.some((word) => lower.includes(word));
    });
  }
  return checks;
}

function matchesPath({ paths = [], below = '' }: Allow, logicalPath: string): boolean {
  return logicalPath.startsWith(below) && paths.some((pattern) => pattern.test(logicalPath.slice(below.length)));
}

/** A short commit name counts when it has the seven digits that git shows. */
function isCommitOf(names: readonly string[], commit: string): boolean {
  const full = commit.toLowerCase();
  return names.some((name) => name === full || (name.length >= 7 && full.startsWith(name)));
}

function hasMany(list: readonly unknown[] | undefined): boolean {
  return list !== undefined && list.length > 0;
}
