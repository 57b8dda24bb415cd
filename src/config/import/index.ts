import { makeAllowPattern, makeRule } from '../custom-rule.ts';
import { explained } from '../read-config.ts';
import { parseConfig, readText } from '../read-file.ts';
import { fromGitleaks } from './from-gitleaks.ts';
import { fromKingfisher } from './from-kingfisher.ts';
import type { Imported, ImportedRule } from './imported.ts';
import { writeToml } from './write-toml.ts';

/** The configuration that was made, how many rules are in it, and what could not be taken, one line each. */
export interface ImportResult {
  toml: string;
  rules: number;
  allow: number;
  problems: readonly string[];
}

/**
 * Reads a file of rules of gitleaks or betterleaks (TOML) or of kingfisher or noseyparker (YAML), and writes what can be
 * used as a configuration of our own. Every rule in it has been tried: patterns that cannot be used are left out.
 *
 * @throws UserError when the file cannot be read or parsed
 */
export async function importRules(input: { path: string; shown: string }): Promise<ImportResult> {
  const { path, shown } = input;
  const { data, lineOf } = await parseConfig(await readText(path, shown), shown);
  const read = await explained({ shown, lineOf }, () =>
    hasPatterns(data) ? fromKingfisher(data) : fromGitleaks(data),
  );
  const { rules, allow, problems } = checked(read);
  return { toml: writeToml({ rules, allow, shown }), rules: rules.length, allow: allow.length, problems };
}

/** Kingfisher and noseyparker say `pattern` where gitleaks says `regex`. */
function hasPatterns(data: unknown): boolean {
  const rules = typeof data === 'object' && data !== null ? (data as { rules?: unknown }).rules : undefined;
  return Array.isArray(rules) && rules.some((rule) => typeof rule === 'object' && rule !== null && 'pattern' in rule);
}

/** What our configuration would refuse is left out here, with the reason. */
function checked({ rules, allow, problems }: Imported): Imported {
  const byId = new Map<string, ImportedRule>();
  const said = [...problems];
  for (const rule of rules) {
    const problem = problemOf(rule);
    if (problem !== undefined) said.push(`${rule.id} is not taken: ${problem}`);
    else if (byId.has(rule.id)) said.push(`${rule.id} is there twice: the last one counts`);
    if (problem === undefined) byId.set(rule.id, rule);
  }
  for (const [id, rule] of byId) byId.set(id, withKnown({ rule, byId, said }));
  const entries = allow.flatMap((entry) => {
    const ids = entry.rules?.filter((id) => byId.has(id));
    if (!ids || ids.length > 0) return [{ ...entry, rules: ids }];
    // Its rule was named already if it is one of this file.
    const unknown = entry.rules!.filter((id) => !rules.some((rule) => rule.id === id));
    if (unknown.length > 0) said.push(`an allowlist is not taken: it is for ${unknown.join(', ')}, not in this file`);
    return [];
  });
  return { rules: [...byId.values()], allow: entries, problems: said };
}

/** Companions by rules of the same file: of others it is not known what they are called here. */
function withKnown(input: {
  rule: ImportedRule;
  byId: ReadonlyMap<string, ImportedRule>;
  said: string[];
}): ImportedRule {
  const { rule, byId, said } = input;
  const companions = rule.companions?.filter(({ role, rules = [], required }) => {
    const isKnown = rules.every((id) => byId.has(id));
    if (!isKnown)
      said.push(`${rule.id} is taken without ${role}, not in this file${required ? ': it reports more' : ''}`);
    return isKnown;
  });
  return { ...rule, companions };
}

function problemOf(rule: ImportedRule): string | undefined {
  const { id, pattern, 'secret-group': secretGroup, keywords, entropy } = rule;
  if (entropy !== undefined && (entropy < 0 || entropy > 16)) return 'its entropy is out of range';
  const made = makeRule({ id, pattern, secretGroup, keywords, dialect: 'any', keepNames: true, origin: 'import' });
  if ('error' in made) return made.error;
  const path = rule.path === undefined ? undefined : makeAllowPattern(rule.path.slice(1, -1), 'any');
  return path && 'error' in path ? `its path: ${path.error}` : undefined;
}
