import { type Command, Option } from 'commander';
import { nearest } from '../../config/index.ts';
import type { Companion, Config, Rule } from '../../types.ts';
import { EXIT, UserError } from '../../util/errors.ts';
import { formatCount } from '../../util/format.ts';
import { type Finish, helpText } from '../help.ts';
import { loadSettings } from '../settings.ts';
import { CONFIG_OPTION } from '../settings-options.ts';
import { print, printable } from '../stdio.ts';
import { addRulesImport } from './rules-import.ts';

interface ListOptions {
  provider?: string;
  config?: string;
  format: 'text' | 'json';
}

const formatOption = (): Option =>
  new Option('--format <format>', 'how to show it').choices(['text', 'json']).default('text');

/** Adds `rules list`, `rules show`, `rules test` and `rules import`. */
export function addRulesCommand(program: Command, finish: Finish): void {
  const rules = program
    .command('rules')
    .summary('list, show, test and import rules')
    .description('The rules in force: the built-in ones, and those of the configuration.');
  rules
    .command('list')
    .summary('list the rules')
    .description('Lists the rules in force: id, severity, what it finds.')
    .option('--provider <name>', 'only those of this provider')
    .option(...CONFIG_OPTION)
    .addOption(formatOption())
    .addHelpText('after', helpText(['sss rules list --provider github', 'sss rules list --format json']))
    .action(async (options: ListOptions) => {
      const list = ofProvider(await inForce(options.config), options.provider);
      const text = options.format === 'json' ? `${JSON.stringify(list.map(asData), null, 2)}\n` : table(list);
      await print(text);
      finish(EXIT.clean);
    });
  rules
    .command('show')
    .argument('<id>', 'id of the rule')
    .summary('show all of one rule')
    .description('Shows all of one rule.')
    .option(...CONFIG_OPTION)
    .addOption(formatOption())
    .addHelpText('after', helpText(['sss rules show github-fine-grained-pat']))
    .action(async (id: string, options: ListOptions) => {
      const rule = ruleOf(id, await inForce(options.config));
      await print(options.format === 'json' ? `${JSON.stringify(asData(rule), null, 2)}\n` : card(rule));
      finish(EXIT.clean);
    });
  rules
    .command('test')
    .argument('[file]', 'configuration with rules of your own; without it the built-in rules are tested')
    .summary('run the examples of rules')
    .description(
      'Runs the examples of every rule: each `secret` example must be found by its rule, no `harmless` one may be.\n' +
        'The exit code is 1 when an example fails.',
    )
    .addHelpText('after', helpText(['sss rules test', 'sss rules test .smart-secrets-scanner.toml']))
    .action(async (file: string | undefined) => finish(await runTests(file)));
  addRulesImport(rules, finish);
}

function configured(config: string | undefined): Promise<Config> {
  return loadSettings({ cwd: process.cwd(), flags: { config } });
}

async function inForce(file: string | undefined): Promise<readonly Rule[]> {
  const { loadRules } = await import('../../rules/rule-set.ts');
  const { rules, generic } = loadRules(await configured(file));
  return [...rules, ...generic];
}

async function runTests(file: string | undefined): Promise<number> {
  const { testRules } = await import('../../rules/test-rules.ts');
  const rules =
    file === undefined
      ? (await import('../../rules/builtin/index.ts')).builtinList.rules
      : (await configured(file)).customRules;
  if (rules.length === 0) {
    throw new UserError(file === undefined ? 'there are no built-in rules' : `${file} has no rules of its own`);
  }
  if (file !== undefined && rules.every(({ examples }) => !examples)) {
    throw new UserError(`no rule of ${file} has an example to run (${formatCount(rules.length, 'rule')})`, {
      hint: 'examples go into [rules.custom.examples] of .smart-secrets-scanner.toml; a gitleaks.toml has no place for them',
    });
  }
  const results = testRules(rules);
  const examples = results.filter(({ number }) => number > 0).length;
  const failed = results.filter(({ ok }) => !ok);
  const lines = failed.map(
    ({ ruleId, kind, number, problem }) => `${ruleId}: ${number === 0 ? '' : `${kind} example ${number} `}${problem}\n`,
  );
  const summary = `${formatCount(rules.length, 'rule')}, ${formatCount(examples, 'example')}, ${failed.length} failed\n`;
  await print(printable(lines.join('') + summary));
  return failed.length > 0 ? EXIT.findings : EXIT.clean;
}

function ofProvider(rules: readonly Rule[], provider: string | undefined): readonly Rule[] {
  if (provider === undefined) return rules;
  const wanted = provider.toLowerCase();
  const found = rules.filter((rule) => rule.provider.toLowerCase() === wanted || rule.id.startsWith(`${wanted}-`));
  if (found.length > 0) return found;
  const names = [...new Set(rules.map((rule) => rule.provider))].sort((a, b) => a.localeCompare(b, 'en'));
  throw new UserError(`no rule of a provider called ${provider}`, { hint: `providers are ${names.join(', ')}` });
}

function ruleOf(id: string, rules: readonly Rule[]): Rule {
  const rule = rules.find((r) => r.id === id);
  if (rule) return rule;

  const close = nearest(
    id,
    rules.map((r) => r.id),
  );
  throw new UserError(`there is no rule ${id}`, {
    hint: close ? `did you mean ${close}?` : '`sss rules list` shows all of them',
  });
}

function table(rules: readonly Rule[]): string {
  const width = Math.max(...rules.map((rule) => rule.id.length), 0);
  const rows = rules.map((rule) => `${rule.id.padEnd(width)}  ${rule.severity.padEnd(8)}  ${rule.description}\n`);
  return printable(`${rows.join('')}${formatCount(rules.length, 'rule')}\n`);
}

function card(rule: Rule): string {
  const rows: [string, string | undefined][] = [
    ['provider', rule.provider],
    ['severity', rule.severity],
    ['confidence', rule.confidence],
    ['keywords', rule.keywords.join(', ') || undefined],
    ['pattern', String(rule.pattern)],
    ['entropy', rule.entropy === undefined ? undefined : `at least ${rule.entropy} bits a character`],
    ['check', rule.validator],
    ['path', rule.path && String(rule.path)],
    ['stopwords', rule.stopwords?.join(', ')],
    ['with', rule.companions?.map(companionText).join('\n')],
    ['alone', rule.silent ? 'never reported by itself' : undefined],
    ['revoke', rule.rotate],
    ['finds', rule.examples?.secret.join('\n')],
    ['leaves', rule.examples?.harmless.join('\n')],
    ['from', rule.origin],
  ];
  const lines = rows.flatMap(([label, text]) =>
    (text ?? '')
      .split('\n')
      .filter(Boolean)
      .map((line, i) => `  ${(i === 0 ? label : '').padEnd(10)}  ${line}\n`),
  );
  return printable(`${rule.id}: ${rule.description}\n${lines.join('')}`);
}

function companionText({ role, rules = [], pattern, required }: Companion): string {
  const how = pattern ? String(pattern) : rules.join(', ');
  return `${role}: ${how}${required ? ' (required)' : ''}`;
}

function asData({ pattern, path, companions, ...rule }: Rule): Record<string, unknown> {
  return {
    ...rule,
    pattern: pattern.source,
    flags: pattern.flags,
    ...(path ? { path: path.source } : {}),
    ...(companions
      ? { companions: companions.map((one) => ({ ...one, ...(one.pattern ? { pattern: String(one.pattern) } : {}) })) }
      : {}),
  };
}
