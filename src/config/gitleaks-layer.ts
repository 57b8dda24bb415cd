import type { Allow, Companion } from '../types.ts';
import { makeAllowPattern } from './custom-rule.ts';
import { readRequired } from './gitleaks-required.ts';
import {
  bool,
  optionalNumber,
  optionalText,
  type Table,
  tableAt,
  tables,
  textList,
  type Warn,
} from './gitleaks-values.ts';
import { ConfigProblem, type KeyPath, showPath } from './validate.ts';

/** A rule of a gitleaks.toml, before the files that extend one another are put together. */
export interface GitleaksRule {
  id: string;
  description?: string | undefined;
  regex?: string | undefined;
  path?: RegExp | undefined;
  keywords: readonly string[];
  entropy?: number | undefined;
  secretGroup?: number | undefined;
  allow: readonly Allow[];
  /** Only serves the `required` of another rule. */
  skipReport: boolean;
  /** Rules that have to match near it. */
  required: readonly Companion[];
  at: KeyPath;
  /** File that the pattern stands in. */
  shown: string;
}

/** One gitleaks.toml. */
export interface GitleaksLayer {
  rules: Map<string, GitleaksRule>;
  allow: readonly { targets: readonly string[]; entry: Allow }[];
  extend: { useDefault: boolean; path?: string | undefined; disabledRules: readonly string[] };
}

/**
 * Reads one file. As gitleaks itself does, it ignores the case of keys and takes a text where a list is due. What is not
 * understood or cannot be used goes to `warn`.
 *
 * @throws ConfigProblem for what gitleaks would refuse as well
 */
export function readLayer(data: unknown, shown: string, warn: Warn): GitleaksLayer {
  const top = tableAt({ value: data, at: [], known: TOP_KEYS, warn });
  const extend = tableAt({ value: top.extend ?? {}, at: ['extend'], known: EXTEND_KEYS, warn });
  if (extend.url !== undefined) warn('extend.url is not supported');
  const rules = new Map<string, GitleaksRule>();
  let tagged = 0;
  tables(top.rules, ['rules']).forEach((value, i) => {
    const table = tableAt({ value, at: ['rules', i], known: RULE_KEYS, warn });
    const rule = readRule({ table, at: ['rules', i], shown, warn });
    if (rules.has(rule.id)) warn(`the rule "${rule.id}" is there twice: the last one counts`);
    if (textList(table.tags, ['rules', i, 'tags']).length > 0) tagged++;
    rules.set(rule.id, rule);
  });
  if (tagged > 0) warn(`the tags of ${tagged === 1 ? 'a rule' : `${tagged} rules`} are not used`);
  return {
    rules,
    allow: readAllowlists(top, [], warn),
    extend: {
      useDefault: bool(extend.usedefault),
      path: optionalText(extend.path, ['extend', 'path']),
      disabledRules: textList(extend.disabledrules, ['extend', 'disabledRules']),
    },
  };
}

const TOP_KEYS = ['title', 'description', 'minversion', 'extend', 'rules', 'allowlist', 'allowlists'];
const EXTEND_KEYS = ['usedefault', 'path', 'url', 'disabledrules'];
const RULE_KEYS =
  'id description regex path keywords entropy secretgroup tags allowlist allowlists required skipreport'.split(' ');
const ALLOW_KEYS = 'description condition commits paths regexes regextarget stopwords targetrules'.split(' ');

function readRule({ table, at, shown, warn }: { table: Table; at: KeyPath; shown: string; warn: Warn }): GitleaksRule {
  const id = optionalText(table.id, [...at, 'id'])?.trim();
  if (!id) throw new ConfigProblem(at, 'needs the key "id"');
  if (/\p{C}/u.test(id)) throw new ConfigProblem([...at, 'id'], 'has control characters in it');
  const where = (key: string) => [...at, key];
  const path = optionalText(table.path, where('path'));
  return {
    id,
    description: optionalText(table.description, where('description')),
    regex: optionalText(table.regex, where('regex')),
    path: path ? patterns({ sources: [path], at: where('path'), warn, single: true })[0] : undefined,
    keywords: textList(table.keywords, where('keywords')),
    entropy: optionalNumber(table.entropy, where('entropy')),
    secretGroup: optionalNumber(table.secretgroup, where('secretGroup')),
    allow: readAllowlists(table, at, warn).map(({ entry }) => entry),
    skipReport: bool(table.skipreport),
    required: readRequired({ value: table.required, at: where('required'), warn }),
    at,
    shown,
  };
}

function readAllowlists(table: Table, at: KeyPath, warn: Warn): { targets: string[]; entry: Allow }[] {
  return ['allowlist', 'allowlists'].flatMap((key) =>
    tables(table[key], [...at, key]).flatMap((value, i) => {
      const path = Array.isArray(table[key]) ? [...at, key, i] : [...at, key];
      const fields = tableAt({ value, at: path, known: ALLOW_KEYS, warn });
      const entry = readAllow(fields, path, warn);
      return entry ? [{ entry, targets: textList(fields.targetrules, [...path, 'targetRules']) }] : [];
    }),
  );
}

function readAllow(fields: Table, at: KeyPath, warn: Warn): Allow | undefined {
  const where = (key: string) => [...at, key];
  const list = (key: string) => textList(fields[key], where(key));
  const condition = optionalText(fields.condition, where('condition'))?.toUpperCase() ?? 'OR';
  const target = optionalText(fields.regextarget, where('regexTarget')) ?? 'secret';
  const isAnd = ['AND', '&&'].includes(condition);
  if (!isAnd && !['OR', '||'].includes(condition))
    throw new ConfigProblem(where('condition'), 'must be one of AND, OR');
  if (target !== 'secret' && target !== 'match' && target !== 'line') {
    throw new ConfigProblem(where('regexTarget'), 'must be one of secret, match, line');
  }
  const given = ['commits', 'paths', 'regexes', 'stopwords'].filter((key) => list(key).length > 0);
  if (given.length === 0)
    throw new ConfigProblem(at, 'names nothing that is allowed: commits, paths, regexes or stopwords');
  const entry = {
    commits: list('commits').map((commit) => commit.trim().toLowerCase()),
    paths: patterns({ sources: list('paths'), at: where('paths'), warn }),
    regexes: patterns({ sources: list('regexes'), at: where('regexes'), warn }),
    stopwords: list('stopwords').map((word) => word.toLowerCase()),
  };
  const left = given.filter((key) => entry[key as keyof typeof entry].length > 0);
  // Without one of its conditions an AND would allow more than was meant.
  if (left.length === 0 || (isAnd && left.length < given.length)) {
    warn(`${showPath(at)} is not used: none of its ${given.filter((key) => !left.includes(key)).join(' and ')} can be`);
    return undefined;
  }
  const description = optionalText(fields.description, where('description'));
  return {
    ...entry,
    condition: isAnd ? 'AND' : 'OR',
    regexTarget: target,
    ...(description && { description }),
  };
}

function patterns(input: { sources: readonly string[]; at: KeyPath; warn: Warn; single?: boolean }): RegExp[] {
  return input.sources.flatMap((source, i) => {
    const at = input.single ? input.at : [...input.at, i];
    const made = makeAllowPattern(source, 'go');
    if ('pattern' in made) return [made.pattern];
    if (!made.unsafe && source !== '') throw new ConfigProblem(at, `is no valid regular expression: ${made.error}`);
    input.warn(`${showPath(at)} is not used: ${made.error}`);
    return [];
  });
}
