import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Companion, Rule } from '../types.ts';
import { UserError } from '../util/errors.ts';
import { once } from '../util/once.ts';
import { packageFolder } from '../util/package-folder.ts';
import { listRules, type RuleList } from './rule-list.ts';

/** A regular expression as it is stored: source and flags. */
type StoredPattern = readonly [source: string, flags: string];

type Stored<T> = { [K in keyof T]: Exclude<T[K], undefined> extends RegExp ? StoredPattern : T[K] };
type StoredRule = Stored<Omit<Rule, 'companions' | 'examples'>> & { companions?: readonly Stored<Companion>[] };

/** Files in `dist/` that the build makes of the built-in rules. */
export const STORED = { keywords: 'rule-keywords.json', rules: 'rules.jsonl', examples: 'rule-examples.json' } as const;

/** Where the keywords of the rules lead, the rules themselves, each a line of JSON, and their examples. */
export function storeRules(rules: readonly Rule[]): Record<keyof typeof STORED, string> {
  const store = (_key: string, value: unknown) => (value instanceof RegExp ? [value.source, value.flags] : value);
  const { count, keywords, rulesOfKeyword, always } = listRules(rules);
  const lines = rules.map(({ examples: _, ...rule }) => JSON.stringify(rule, store));
  const first: Keywords = {
    count,
    keywords,
    rulesOfKeyword,
    always,
    inEveryText: always.map((i) => JSON.parse(lines[i]!)),
  };
  return {
    keywords: JSON.stringify(first),
    rules: lines.join('\n'),
    examples: JSON.stringify(rules.map(({ examples }) => examples ?? null)),
  };
}

/** What every text is searched with. */
interface Keywords extends Pick<RuleList, 'count' | 'keywords' | 'rulesOfKeyword' | 'always'> {
  /** The rules of `always`. */
  inEveryText: readonly StoredRule[];
}

/**
 * The rules that the build has stored. Each is made when it is first asked for, its pattern and its examples later still: a
 * hook needs a few of more than a thousand, and making all of them takes as long as the rest of it.
 */
export function readStoredRules(): RuleList {
  const { inEveryText, ...keywords } = parse<Keywords>(STORED.keywords, read(STORED.keywords));
  const lines = once(() => read(STORED.rules).split('\n'));
  const examples = once(() => parse<(Rule['examples'] | null)[]>(STORED.examples, read(STORED.examples)));
  const stored = (i: number) => inEveryText[keywords.always.indexOf(i)] ?? parse<StoredRule>(STORED.rules, lines()[i]!);
  const made: Rule[] = [];
  const rule = (i: number) => {
    made[i] ??= ruleOf(stored(i), () => examples()[i] ?? undefined);
    return made[i];
  };
  return {
    ...keywords,
    rule,
    get rules() {
      return lines().map((_, i) => rule(i));
    },
  };
}

function read(name: string): string {
  try {
    return readFileSync(join(packageFolder(), 'dist', name), 'utf8');
  } catch (cause) {
    throw unreadable(name, cause);
  }
}

function parse<T>(name: string, json: string): T {
  try {
    return JSON.parse(json);
  } catch (cause) {
    throw unreadable(name, cause);
  }
}

function unreadable(name: string, cause: unknown): UserError {
  return new UserError(`dist/${name} of the scanner cannot be read`, { hint: 'install the scanner again', cause });
}

function ruleOf({ pattern, path, companions, ...fields }: StoredRule, examples: () => Rule['examples']): Rule {
  const made = once(() => regExp(pattern));
  const rule = {
    ...fields,
    get pattern() {
      return made();
    },
    get examples() {
      return examples();
    },
  };
  const rest = {
    ...(path && { path: regExp(path) }),
    ...(companions && { companions: companions.map(companionOf) }),
  };
  return Object.assign(rule, rest) as Rule;
}

function companionOf({ pattern, ...row }: Stored<Companion>): Companion {
  return pattern ? { ...row, pattern: regExp(pattern) } : (row as Companion);
}

function regExp([source, flags]: StoredPattern): RegExp {
  return new RegExp(source, flags);
}
