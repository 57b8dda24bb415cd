import { dirname } from 'node:path';
import type { Allow, Companion, Config, Rule } from '../types.ts';
import { makeRule } from './custom-rule.ts';
import { counterparts } from './gitleaks-ids.ts';
import type { GitleaksRule } from './gitleaks-layer.ts';
import { type Context, loadLayers, type Merged } from './gitleaks-load.ts';
import { backOn, slowRule } from './own-config.ts';
import { explained } from './read-config.ts';
import type { ParsedFile } from './read-file.ts';
import { ConfigProblem, type KeyPath } from './validate.ts';

/**
 * Takes over a gitleaks.toml: rules, allowlists and what it extends. `extend.useDefault` turns our own rules on in the
 * place of gitleaks'. Everything that could not be taken over is named in `warnings`.
 *
 * @throws UserError for what gitleaks would refuse, with file and key
 */
export async function readGitleaksConfig(input: {
  path: string;
  cwd: string;
  file: ParsedFile;
  show: (path: string) => string;
  knownIds: readonly string[] | undefined;
  defaults: Config;
}): Promise<Config> {
  const { path, cwd, file, show, knownIds, defaults } = input;
  const context: Context = { places: [dirname(path), cwd], show, files: [], warnings: [] };
  const merged = await loadLayers({ path, file, context });
  const ours = (id: string) => (merged.useDefault ? counterparts(id, knownIds) : []);
  const out = { customRules: [] as Rule[], allow: [] as Allow[], disabledRules: [] as string[] };

  for (const id of merged.disabled) {
    const ids = ours(id);
    out.disabledRules.push(...ids);
    if (ids.length === 0)
      context.warnings.push(`${show(path)}: there is no rule that corresponds to the disabled rule "${id}"`);
  }
  for (const rule of merged.rules.values()) {
    const ids = rule.regex
      ? await takeOver({ rule, ours, merged, out, context })
      : await overridden({ rule, ours, merged, context });
    for (const entry of rule.allow) if (ids.length > 0) out.allow.push({ ...entry, ruleIds: ids });
  }
  const custom = new Set(out.customRules.map((rule) => rule.id));
  for (const { targets, entry } of merged.allow) {
    const ruleIds = targets.flatMap((id) => {
      const ids = custom.has(id) ? [id] : ours(id);
      if (ids.length === 0)
        context.warnings.push(`${show(path)}: an allowlist is for the rule "${id}", which is not in use`);
      return ids;
    });
    if (targets.length === 0) out.allow.push(entry);
    else if (ruleIds.length > 0) out.allow.push({ ...entry, ruleIds });
  }
  return {
    ...defaults,
    customRules: [...defaults.customRules.filter((rule) => !custom.has(rule.id)), ...out.customRules],
    disabledRules: [...defaults.disabledRules, ...backOn(defaults, out.customRules), ...out.disabledRules],
    allow: [...out.allow.map((entry) => ({ ...entry, origin: show(path) })), ...defaults.allow],
    files: [...defaults.files, ...context.files.map((one) => show(one.path))],
    useBuiltinRules: merged.useDefault,
    warnings: [...defaults.warnings, ...context.warnings],
  };
}

/** Makes a rule of our own; the ids that its allowlists are for. */
async function takeOver(input: {
  rule: GitleaksRule;
  ours: (id: string) => readonly string[];
  merged: Merged;
  out: { customRules: Rule[]; disabledRules: string[] };
  context: Context;
}): Promise<readonly string[]> {
  const { rule, ours, merged, out, context } = input;
  const { id, description, keywords, path, entropy, shown } = rule;
  const made = makeRule({
    ...{ id, description, keywords, path, entropy, pattern: rule.regex!, origin: shown },
    companions: companionsOf({ rule, ours, merged, context }),
    silent: rule.skipReport,
    dialect: 'go',
    keepNames: false,
    secretGroup: rule.secretGroup || undefined,
  });
  if ('error' in made) {
    if (made.unsafe) {
      context.warnings.push(`${shown}: the rule "${id}" is not used: ${made.error}`);
      return [];
    }
    return fail({
      rule,
      context,
      key: ['regex'],
      message: `is no usable regular expression (rule "${id}"): ${made.error}`,
    });
  }
  out.customRules.push(made.rule);
  if (made.slow) context.warnings.push(slowRule(shown, id));
  out.disabledRules.push(...ours(id).filter((other) => other !== id));
  return [id];
}

/** What has to stand near a rule's match, by the rules that are in use. */
function companionsOf(input: {
  rule: GitleaksRule;
  ours: (id: string) => readonly string[];
  merged: Merged;
  context: Context;
}): Companion[] {
  const { rule, ours, merged, context } = input;
  return rule.required.flatMap((companion) => {
    const rules = companion.rules!.flatMap((id) => [...(merged.rules.get(id)?.regex ? [id] : []), ...ours(id)]);
    if (rules.length > 0) return [{ ...companion, rules }];
    context.warnings.push(
      `${rule.shown}: the rule "${rule.id}" is used without "${companion.role}", which it requires and which is not in use`,
    );
    return [];
  });
}

/** A rule without a pattern changes one of gitleaks' own; the ids of ours that its allowlists are for. */
async function overridden(input: {
  rule: GitleaksRule;
  ours: (id: string) => readonly string[];
  merged: Merged;
  context: Context;
}): Promise<readonly string[]> {
  const { rule, merged, context } = input;
  const warn = (message: string) => context.warnings.push(`${rule.shown}: the rule "${rule.id}" ${message}`);
  const ids = input.ours(rule.id);
  if (ids.length > 0) {
    const fields = (['path', 'entropy', 'secretGroup'] as const).filter((field) => rule[field] !== undefined);
    const changed = [...fields, ...(rule.keywords.length > 0 ? ['keywords'] : [])];
    if (changed.length > 0)
      warn(`keeps its own ${changed.join(', ')}: only allowlists are taken over to built-in rules`);
  } else if (merged.useDefault && !rule.path)
    warn('has no regex, and there is no built-in rule that corresponds to it');
  else if (rule.path) warn('is not used: it has no regex, and files are not reported by their names alone');
  else return fail({ rule, context, key: [], message: `(rule "${rule.id}") needs a regex` });
  return ids;
}

/** Throws a UserError that says where the rule stands. */
function fail(input: { rule: GitleaksRule; context: Context; key: KeyPath; message: string }): Promise<never> {
  const { shown, at } = input.rule;
  const { lineOf } = input.context.files.find((file) => input.context.show(file.path) === shown)!;
  return explained({ shown, lineOf }, () => {
    throw new ConfigProblem([...at, ...input.key], input.message);
  });
}
