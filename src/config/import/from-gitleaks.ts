import { makeAllowPattern } from '../custom-rule.ts';
import { readRequired } from '../gitleaks-required.ts';
import {
  bool,
  optionalNumber,
  optionalText,
  type Table,
  tableAt,
  tables,
  textList,
  type Warn,
} from '../gitleaks-values.ts';
import type { KeyPath } from '../validate.ts';
import { type Imported, type ImportedAllow, type ImportedRule, plainId } from './imported.ts';

const TOP_KEYS = ['title', 'description', 'minversion', 'extend', 'rules', 'allowlist', 'allowlists'];
const RULE_KEYS =
  'id description regex path keywords entropy secretgroup tags allowlist allowlists required skipreport'.split(' ');
const ALLOW_KEYS = 'description condition commits paths regexes regextarget stopwords targetrules'.split(' ');

/**
 * Reads the rules and allowlists of a gitleaks or betterleaks configuration.
 *
 * @throws ConfigProblem when a value is of a kind that nothing can be made of
 */
export function fromGitleaks(data: unknown): Imported {
  const out: Imported = { rules: [], allow: [], problems: [] };
  const warn: Warn = (message) => void out.problems.push(message);
  const top = tableAt({ value: data, at: [], known: TOP_KEYS, warn });
  if (top.extend !== undefined) warn('extend is not followed: import the files that it names one by one');
  tables(top.rules, ['rules']).forEach((value, i) => {
    const at = ['rules', i];
    const unknown: string[] = [];
    const table = tableAt({ value, at, known: RULE_KEYS, warn: (message) => void unknown.push(message) });
    const id = plainId(optionalText(table.id, [...at, 'id']) ?? '');
    if (id === '') warn(`rules[${i}] is not taken: it has no id`);
    for (const message of unknown) warn(`${id || i}: ${message}`);
    const rule = id === '' ? undefined : readRule({ table, id, at, warn });
    if (!rule) return;
    out.rules.push(rule);
    out.allow.push(...readAllowlists({ table, at, only: [id], warn }));
  });
  out.allow.push(...readAllowlists({ table: top, at: [], warn }));
  return out;
}

function readRule(input: { table: Table; id: string; at: KeyPath; warn: Warn }): ImportedRule | undefined {
  const { table, id, at, warn } = input;
  const where = (key: string) => [...at, key];
  const pattern = optionalText(table.regex, where('regex'));
  const path = optionalText(table.path, where('path'));
  if (!pattern) {
    const why = path ? 'it tells files by their names alone' : 'it has no regex';
    return void warn(`${id} is not taken: ${why}`);
  }
  const required = readRequired({
    value: table.required,
    at: where('required'),
    warn: (message) => warn(`${id}: ${message}`),
  });
  const keywords = textList(table.keywords, where('keywords')).filter((keyword) => keyword !== '');
  return {
    id,
    description: optionalText(table.description, where('description')),
    pattern,
    keywords,
    'secret-group': optionalNumber(table.secretgroup, where('secretGroup')) || undefined,
    entropy: optionalNumber(table.entropy, where('entropy')) || undefined,
    path: path && `/${path}/`,
    silent: bool(table.skipreport) || undefined,
    companions: required.map((one) => ({ ...one, rules: one.rules!.map(plainId) })),
  };
}

function readAllowlists(input: { table: Table; at: KeyPath; only?: readonly string[]; warn: Warn }): ImportedAllow[] {
  const { table, at, only, warn } = input;
  return ['allowlist', 'allowlists'].flatMap((key) =>
    tables(table[key], [...at, key]).flatMap((value) => {
      const name = only ? `an allowlist of ${only[0]}` : 'an allowlist for all rules';
      const fields = tableAt({ value, at: [...at, key], known: ALLOW_KEYS, warn });
      const list = (field: string) => textList(fields[field], [...at, key, field]).filter((text) => text !== '');
      const targets = list('targetrules').map(plainId);
      const entry = {
        'path-regexes': usable(list('paths'), name, warn),
        regexes: usable(list('regexes'), name, warn),
        stopwords: list('stopwords'),
        commits: list('commits').filter((commit) => /^[0-9a-f]{7,64}$/i.test(commit.trim())),
      };
      const sources = { 'path-regexes': 'paths', regexes: 'regexes', stopwords: 'stopwords', commits: 'commits' };
      const given = Object.entries(sources).filter(([, source]) => list(source).length > 0);
      const left = given.filter(([target]) => entry[target as keyof typeof entry].length > 0);
      const isAnd = ['AND', '&&'].includes((optionalText(fields.condition, at) ?? '').toUpperCase());
      // Without one of its conditions an AND would allow more than was meant.
      if (left.length === 0 || (isAnd && left.length < given.length)) {
        warn(`${name} is not taken: too little of it can be used`);
        return [];
      }
      return [
        {
          reason: optionalText(fields.description, at),
          rules: only ?? (targets.length > 0 ? targets : undefined),
          condition: isAnd ? 'and' : undefined,
          'regex-target': list('regexes').length > 0 ? target(optionalText(fields.regextarget, at)) : undefined,
          ...entry,
        },
      ];
    }),
  );
}

/** What the patterns of an allowlist are held against, where it is not the secret. */
function target(name: string | undefined): string | undefined {
  return name === 'match' || name === 'line' ? name : undefined;
}

function usable(sources: readonly string[], name: string, warn: Warn): string[] {
  return sources.filter((source) => {
    const made = makeAllowPattern(source, 'go');
    if ('error' in made) warn(`a pattern of ${name} is not taken: ${made.error}`);
    return !('error' in made);
  });
}
