import { basename } from 'node:path';
import type { ImportedRule } from '../import/imported.ts';
import { plainId } from '../import/imported.ts';
import { parseConfig } from '../read-file.ts';
import { optionValues } from './command-line.ts';
import { ignoreLines, literal, rulesFor, usablePatterns } from './patterns.ts';
import { type Caller, emptySetup, type Files, type PeerSetup } from './setup.ts';
import { tableOf, textsOf } from './values.ts';

const RC_FILES = ['.secretlintrc', '.secretlintrc.json', '.secretlintrc.yaml', '.secretlintrc.yml'];
const CODE_FILES = ['.secretlintrc.js', '.secretlintrc.cjs', '.secretlintrc.mjs', '.secretlintrc.ts'];
const IGNORE = '.secretlintignore';
/** What its rules find is found by these rules of ours; others begin with the name of the provider. */
const RULES: Readonly<Record<string, readonly string[]>> = {
  gcp: ['google-*'],
  privatekey: ['private-key-*', 'generic-private-key'],
  basicauth: ['url-credentials', 'basic-auth-header'],
  'database-connection-string': ['url-credentials', '*connection*', '*-uri-*'],
  'secp256k1-privatekey': ['private-key-ethereum', 'private-key-bitcoin-wif'],
  'hashicorp-vault': ['hashicorp-vault-*'],
  azure: ['azure-*'],
};

/** Reads the configuration of secretlint and what it ignores; undefined when there is neither. */
export async function fromSecretlint(input: {
  files: Files;
  callers: readonly Caller[];
  knownIds: readonly string[];
}): Promise<PeerSetup | undefined> {
  const { files, callers, knownIds } = input;
  const setup = emptySetup('secretlint');
  const named = callers.flatMap(({ args }) => optionValues(args, '--secretlintrc'));
  const isCode = (name: string) => /\.[cm]?[jt]s$/.test(name);
  for (const name of new Set([...RC_FILES, ...named.filter((one) => !isCode(one))])) {
    const text = await files.read(name);
    if (text === undefined) continue;
    setup.files.push(name);
    // The file without an ending is JSON or YAML, and JSON is YAML.
    const shown = /\.(?:json|ya?ml)$/.test(name) ? name : `${name}.yaml`;
    const { data } = await parseConfig(text, shown);
    const { rules, ...rest } = tableOf(data);
    readRules({ rules, name, setup, knownIds });
    for (const key of Object.keys(rest)) setup.left.push(`${name}: ${key}: secretlint itself does not read it`);
  }
  for (const name of new Set([...CODE_FILES, ...named.filter(isCode)])) {
    if ((await files.read(name)) === undefined) continue;
    setup.files.push(name);
    setup.left.push(`${name}: it is code, which is not run: write what it says into a .secretlintrc.json first`);
  }
  const ignores = callers.flatMap(({ args }) => optionValues(args, '--secretlintignore'));
  for (const name of new Set([IGNORE, ...ignores])) {
    const text = await files.read(name);
    if (text === undefined) continue;
    setup.files.push(name);
    const paths = ignoreLines({ text, what: name, setup });
    if (paths.length > 0) setup.allow.push({ reason: `from secretlint (${name})`, paths });
  }
  return setup.files.length + callers.length === 0 ? undefined : setup;
}

function readRules(input: { rules: unknown; name: string; setup: PeerSetup; knownIds: readonly string[] }): void {
  const { rules, name, setup, knownIds } = input;
  if (!Array.isArray(rules)) return;
  for (const rule of rules.map(tableOf)) {
    const id = shortId(String(rule.id ?? ''));
    if (/^preset-/.test(id)) {
      if (rule.disabled === true)
        setup.left.push(`${name}: ${id} is disabled, so nothing is looked for: rules.disable = ["*"]`);
      else readRules({ ...input, rules: rule.rules });
    } else if (id === 'pattern') readPatterns({ rule, name, setup });
    else if (id === 'filter-comments') setup.changed.push('its comments (secretlint-disable …) stay what they are');
    else readRule({ rule, id, name, setup, knownIds });
  }
}

function readRule(input: {
  rule: Record<string, unknown>;
  id: string;
  name: string;
  setup: PeerSetup;
  knownIds: readonly string[];
}): void {
  const { rule, id, name, setup, knownIds } = input;
  const own = rulesFor(RULES[id] ?? [id, `${id}-*`], knownIds);
  if (rule.disabled === true) {
    if (own.length === 0) setup.changed.push(`${name}: ${id} is disabled: there is no such rule here`);
    else {
      setup.disable.push(...own);
      setup.changed.push(`${name}: ${id} is disabled → rules.disable ${own.join(', ')}`);
    }
    return;
  }
  const { allows, ...others } = tableOf(rule.options);
  const messages = textsOf(rule.allowMessageIds ?? rule.disabledMessages);
  if (own.length === 0) setup.left.push(`${name}: ${id}: there is no rule for what it finds`);
  // What the rule of secretlint finds may be found by the general rules here: the value is allowed, whoever finds it.
  allowTexts({
    texts: textsOf(allows),
    reason: `from secretlint (${basename(name)}, ${id})`,
    what: `${name}: ${id}`,
    setup,
  });
  for (const message of messages) {
    const target = knownIds.filter((one) => one === kebab(message));
    if (target.length > 0) setup.disable.push(...target);
    else setup.left.push(`${name}: ${id}: the message ${message} cannot be turned off alone`);
  }
  for (const key of Object.keys(others)) {
    if (!Object.is(others[key], false)) setup.left.push(`${name}: ${id}: the option ${key} has no counterpart`);
  }
}

/** `@secretlint/secretlint-rule-pattern`: rules of the user. */
function readPatterns({ rule, name, setup }: { rule: Record<string, unknown>; name: string; setup: PeerSetup }): void {
  const { patterns, allows } = tableOf(rule.options);
  if (rule.disabled === true) return;
  for (const [i, one] of (Array.isArray(patterns) ? patterns : []).map(tableOf).entries()) {
    const title = String(one.name ?? `pattern ${i + 1}`);
    const sources = [...textsOf(one.pattern), ...textsOf(one.patterns)];
    for (const [j, source] of sources.entries()) {
      const id = `${plainId(title).toLowerCase() || 'pattern'}${sources.length > 1 ? `-${j + 1}` : ''}`;
      const made: ImportedRule = {
        id,
        description: title,
        pattern: inSlashes(source) ?? literal(source),
        'secret-group': 0,
      };
      const globs = textsOf(one.filePathGlobs);
      const plain = globs.every((glob) => !/[{},]/.test(glob));
      if (globs.length > 0 && plain) made.path = globs.length === 1 ? globs[0] : `{${globs.join(',')}}`;
      else if (globs.length > 0)
        setup.changed.push(`${name}: ${title} is looked for in all files: its filePathGlobs are not plain`);
      setup.rules.push(made);
    }
  }
  allowTexts({
    texts: textsOf(allows),
    reason: `from secretlint (${basename(name)})`,
    what: `${name}: pattern`,
    setup,
  });
}

/** Texts and patterns that a secret may have in it. Of an address secretlint takes all for the secret, and not the password in it. */
function allowTexts(input: { texts: readonly string[]; reason: string; what: string; setup: PeerSetup }): void {
  const { texts, reason, what, setup } = input;
  for (const target of ['secret', 'line']) {
    const sources = texts
      .filter((text) => (/:\\?\/\\?\//.test(text) ? 'line' : 'secret') === target)
      .map((text) => inSlashes(text) ?? literal(text));
    const regexes = usablePatterns({ sources, what, setup });
    if (regexes.length > 0)
      setup.allow.push({ reason, regexes, ...(target === 'line' ? { 'regex-target': target } : {}) });
  }
}

/** `/pattern/flags` as one pattern; undefined for other texts. */
function inSlashes(text: string): string | undefined {
  const match = /^\/(.+)\/([dgimsuvy]*)$/s.exec(text);
  if (!match) return undefined;
  const flags = match[2]!.replace(/[^ims]/g, '');
  return `${flags === '' ? '' : `(?${flags})`}${match[1]!.replace(/\\\//g, '/')}`;
}

/** `@scope/secretlint-rule-name`, `@secretlint/name` and `name` are the same. */
function shortId(id: string): string {
  return id.replace(/^@[^/]+\//, '').replace(/^secretlint-rule-/, '');
}

/** `AWSAccessKeyID` → `aws-access-key-id`. */
function kebab(text: string): string {
  return text
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1-$2')
    .replace(/_/g, '-')
    .toLowerCase();
}
