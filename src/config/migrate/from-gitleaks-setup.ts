import { join } from 'node:path';
import type { Allow, Config, Rule } from '../../types.ts';
import { makeAllowPattern } from '../custom-rule.ts';
import { fromGitleaks } from '../import/from-gitleaks.ts';
import { type ImportedAllow, type ImportedRule, plainId } from '../import/imported.ts';
import { parseConfig, readText } from '../read-file.ts';
import { optionValues } from './command-line.ts';
import { type Caller, emptySetup, type Files, type PeerSetup } from './setup.ts';

const CONFIGS = ['.gitleaks.toml', 'gitleaks.toml'];
const IGNORE = '.gitleaksignore';

/**
 * Reads a gitleaks.toml, with what it extends, and a .gitleaksignore; undefined when there is neither.
 *
 * @param input.load reads a gitleaks.toml as the configuration that it stands for
 * @throws UserError
 */
export async function fromGitleaksSetup(input: {
  files: Files;
  callers: readonly Caller[];
  load: (path: string) => Promise<Config>;
}): Promise<PeerSetup | undefined> {
  const { files, callers, load } = input;
  const setup = emptySetup('gitleaks');
  const named = callers.flatMap(({ args }) => optionValues(args, '--config', '-c'));
  const names = [...new Set([...named, ...CONFIGS])];
  const isThere = await Promise.all(names.map(async (name) => (await files.read(name)) !== undefined));
  const [name, ...others] = names.filter((_, i) => isThere[i]);
  if (name !== undefined) await takeConfig({ name, files, load, setup });
  for (const other of others) setup.left.push(`${other}: ${name} comes first, so gitleaks does not read it`);
  const ignores = callers.flatMap(({ args }) => optionValues(args, '--gitleaks-ignore-path', '-i'));
  for (const ignore of new Set([IGNORE, ...ignores])) {
    const path = ignore.endsWith('.gitleaksignore') ? ignore : `${ignore}/${IGNORE}`;
    const text = await files.read(path);
    if (text === undefined) continue;
    setup.files.push(path);
    readIgnored({ text, name: path, setup });
  }
  const reports = callers.flatMap(({ args }) => optionValues(args, '--baseline-path', '-b'));
  for (const report of reports)
    setup.todo.push(`${report} is a baseline and no configuration: its findings are reported again`);
  return setup.files.length + callers.length === 0 ? undefined : setup;
}

async function takeConfig(input: {
  name: string;
  files: Files;
  load: (path: string) => Promise<Config>;
  setup: PeerSetup;
}): Promise<void> {
  const { name, files, load, setup } = input;
  const config = await load(join(files.root, name));
  const texts = await originalTexts(config, files);
  setup.files.push(...config.files);
  setup.useBuiltin = config.useBuiltinRules;
  setup.disable.push(...config.disabledRules);
  const renamed = new Map<string, string>();
  for (const rule of config.customRules) {
    const made = asImported(rule, texts.rules);
    if (made.id !== rule.id) setup.changed.push(`the rule "${rule.id}" is called ${made.id}`);
    renamed.set(rule.id, made.id);
    setup.rules.push(made);
  }
  for (const entry of config.allow) setup.allow.push(allowOf({ entry, renamed, texts: texts.patterns }));
  setup.left.push(...config.warnings);
  if (!config.useBuiltinRules) {
    setup.changed.push(
      'it uses none of its default rules, so rules.use-builtin = false: take that out to use those of this scanner as well',
    );
  } else setup.changed.push('the built-in rules stand in for its default ones');
}

/** How rules and patterns are written in the files; those of the configuration are translated. */
async function originalTexts(config: Config, files: Files) {
  const rules = new Map<string, ImportedRule>();
  const patterns = new Map<string, string>();
  for (const name of config.files) {
    const { data } = await parseConfig(await readText(join(files.root, name), name), name);
    const read = fromGitleaks(data);
    for (const rule of read.rules) rules.set(rule.id, rule);
    for (const source of textsIn(data)) {
      const made = makeAllowPattern(source, 'go');
      const again = makeAllowPattern(source, 'any');
      const isSame = 'pattern' in made && 'pattern' in again && String(made.pattern) === String(again.pattern);
      if (isSame) patterns.set(String(made.pattern), source);
    }
  }
  return { rules, patterns };
}

function asImported(rule: Rule, originals: ReadonlyMap<string, ImportedRule>): ImportedRule {
  const id = plainId(rule.id);
  const original = originals.get(id);
  const { description, entropy, silent, companions, stopwords } = rule;
  const flags = rule.pattern.flags.replace(/[^ims]/g, '');
  return {
    id,
    description,
    pattern: original?.pattern ?? `${flags === '' ? '' : `(?${flags})`}${rule.pattern.source}`,
    keywords: original?.keywords,
    'secret-group': original?.['secret-group'],
    entropy,
    path: rule.path && `/${rule.path.source}/`,
    silent: silent ? true : undefined,
    stopwords,
    companions: companions?.map((one) => ({ ...one, rules: one.rules!.map(plainId) })),
  };
}

function allowOf(input: {
  entry: Allow;
  renamed: ReadonlyMap<string, string>;
  texts: ReadonlyMap<string, string>;
}): ImportedAllow {
  const { entry, renamed, texts } = input;
  const write = (patterns: readonly RegExp[] | undefined) =>
    patterns?.map((pattern) => texts.get(String(pattern)) ?? withFlags(pattern));
  return {
    reason: entry.description ?? 'from gitleaks',
    rules: entry.ruleIds && [...new Set(entry.ruleIds.map((id) => renamed.get(id) ?? id))],
    condition: entry.condition === 'AND' ? 'and' : undefined,
    'path-regexes': write(entry.paths),
    regexes: write(entry.regexes),
    'regex-target':
      entry.regexTarget === 'secret' || !entry.regexes || entry.regexes.length === 0 ? undefined : entry.regexTarget,
    stopwords: entry.stopwords,
    commits: entry.commits,
  };
}

function withFlags({ source, flags }: RegExp): string {
  const kept = flags.replace(/[^ims]/g, '');
  return `${kept === '' ? '' : `(?${kept})`}${source}`;
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return value === '' ? [] : [value];
  if (typeof value !== 'object' || value === null || value instanceof Date) return [];
  return Object.values(value).flatMap(textsIn);
}

/** Lines `file:rule:line` and `commit:file:rule:line`. */
function readIgnored({ text, name, setup }: { text: string; name: string; setup: PeerSetup }): void {
  text.split(/\r?\n/).forEach((raw, i) => {
    const said = raw.trim();
    if (said === '' || said.startsWith('#')) return;
    const match = /^(?:([0-9a-f]{7,64}):)?(.+):([^:]+):(\d+)$/.exec(said.replace(/\s+#.*$/, ''));
    if (!match) {
      setup.left.push(`${name}:${i + 1}: it is not of the form file:rule:line`);
      return;
    }
    const [, commit, path, , line] = match;
    const place = { path: path!, line: Number(line), said, ...(commit === undefined ? {} : { commit }) };
    if (path!.includes('!'))
      setup.left.push(`${name}:${i + 1}: what is inside an archive is found by its path: allow that`);
    else setup.ignored.push(place);
  });
}
