import type { Companion } from '../../types.ts';
import { optionalNumber, optionalText, tables, textList } from '../gitleaks-values.ts';
import { type KeyPath, plainTable } from '../validate.ts';
import { type Imported, plainId } from './imported.ts';
import { withoutLayout } from './layout.ts';

/** What is of no use here, by key, and why; said once for all rules. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  validation: 'no server is asked',
  revocation: 'no server is asked',
  examples: 'they look like live secrets; write your own with holes, see docs/rules.md',
  negative_examples: 'write your own as examples.harmless',
};
/** Keys of no weight for what is found. */
const QUIET = new Set([
  'name',
  'id',
  'pattern',
  'min_entropy',
  'confidence',
  'pattern_requirements',
  'visible',
  'depends_on_rule',
]);
for (const key of ['references', 'categories', 'description', 'prevalidated', 'path', 'tls_mode']) QUIET.add(key);
/** Names by which patterns call the group of the secret. */
const SECRET_NAMES = ['TOKEN', 'token', 'SECRET', 'secret'];

/** Reads rules in the form of noseyparker and kingfisher. @throws ConfigProblem */
export function fromKingfisher(data: unknown): Imported {
  const out: Imported = { rules: [], allow: [], problems: [] };
  const left = new Map<string, number>();
  tables(plainTable(data, []).rules, ['rules']).forEach((value, i) => {
    const at = ['rules', i];
    const table = plainTable(value, at);
    const name = optionalText(table.name, [...at, 'name']);
    const id = plainId(optionalText(table.id, [...at, 'id']) ?? name ?? '');
    const pattern = optionalText(table.pattern, [...at, 'pattern']);
    if (id === '' || !pattern) {
      out.problems.push(`${id || `rules[${i}]`} is not taken: it has no ${id === '' ? 'id' : 'pattern'}`);
      return;
    }
    for (const key of Object.keys(table)) if (!QUIET.has(key)) left.set(key, (left.get(key) ?? 0) + 1);
    const source = withoutLayout(pattern);
    if (/\[[^\]]*(?:&&|--|~~)/.test(source)) {
      out.problems.push(`${id} is not taken: it calculates with character classes (&&, --)`);
      return;
    }
    const named = SECRET_NAMES.find((one) => source.includes(`?P<${one}>`) || source.includes(`?<${one}>`));
    out.rules.push({
      id,
      description: name,
      pattern: source,
      'secret-group': named,
      entropy: optionalNumber(table.min_entropy, [...at, 'min_entropy']) || undefined,
      confidence: optionalText(table.confidence, [...at, 'confidence'])?.toLowerCase() === 'low' ? 'hint' : undefined,
      silent: table.visible === false || undefined,
      companions: dependencies(table.depends_on_rule, [...at, 'depends_on_rule']),
      stopwords: requirements({ value: table.pattern_requirements, id, problems: out.problems }),
    });
  });
  for (const [key, count] of left) {
    const why = LEFT_OUT[key] ?? 'there is nothing like it here';
    out.problems.push(`the ${key} of ${count === 1 ? 'a rule is' : `${count} rules are`} not taken: ${why}`);
  }
  return out;
}

/** Texts that no secret has in it; the other conditions have no counterpart. */
function requirements(input: { value: unknown; id: string; problems: string[] }): readonly string[] | undefined {
  const { value, id, problems } = input;
  if (value === undefined || value === null) return undefined;
  const { ignore_if_contains: words, ...rest } = plainTable(value, [id, 'pattern_requirements']);
  const others = Object.keys(rest);
  if (others.length > 0) problems.push(`${id} is taken without ${others.join(', ')}, so it may report more`);
  return textList(words, [id, 'ignore_if_contains']).filter((word) => word !== '');
}

/** The rules that a rule takes the rest of a credential from. It reports without them, too. */
function dependencies(value: unknown, at: KeyPath): Companion[] {
  return tables(value, at).map((one, i) => {
    const table = plainTable(one, [...at, i]);
    const id = plainId(optionalText(table.rule_id, [...at, i, 'rule_id']) ?? '');
    const role = optionalText(table.variable, [...at, i, 'variable']) ?? id;
    return { role: role.toLowerCase().replaceAll('_', ' '), rules: [id] };
  });
}
