import { UserError } from '../../util/errors.ts';
import { formatCount } from '../../util/format.ts';
import { parseConfig } from '../read-file.ts';
import { optionValues } from './command-line.ts';
import { ignoreLines, pythonPatterns, rulesFor } from './patterns.ts';
import { type Caller, emptySetup, type Files, type PeerSetup } from './setup.ts';
import { listOf, tableOf } from './values.ts';

const BASELINE = '.secrets.baseline';
/** What its plugins find is found by these rules of ours. */
const PLUGINS: Readonly<Record<string, readonly string[]>> = {
  ArtifactoryDetector: ['jfrog-*'],
  AWSKeyDetector: ['aws-*'],
  AzureStorageKeyDetector: ['azure-storage-*'],
  BasicAuthDetector: ['url-credentials', 'basic-auth-header'],
  CloudantDetector: ['ibm-cloudant-*'],
  DiscordBotTokenDetector: ['discord-bot-token*'],
  GitHubTokenDetector: ['github-*'],
  GitLabTokenDetector: ['gitlab-*'],
  IbmCloudIamDetector: ['ibm-cloud-iam-key'],
  IbmCosHmacDetector: ['ibm-cos-hmac-secret'],
  JwtTokenDetector: ['jwt*'],
  MailchimpDetector: ['mailchimp-api-key'],
  NpmDetector: ['npm-*'],
  OpenAIDetector: ['openai-*'],
  PrivateKeyDetector: ['private-key-*', 'generic-private-key'],
  PypiTokenDetector: ['pypi-*'],
  SendGridDetector: ['sendgrid-*'],
  SlackDetector: ['slack-*'],
  SoftlayerDetector: ['ibm-softlayer-key'],
  SquareOAuthDetector: ['square-*'],
  StripeDetector: ['stripe-*'],
  TelegramBotTokenDetector: ['telegram-*'],
  TwilioKeyDetector: ['twilio-*'],
};
/** Plugins that there is no rule for: the strings that they find are judged by the model. */
const GENERAL = ['Base64HighEntropyString', 'HexHighEntropyString', 'KeywordDetector', 'IPPublicDetector'];
const FILTERS: Readonly<Record<string, 'files' | 'lines' | 'secrets'>> = {
  should_exclude_file: 'files',
  should_exclude_line: 'lines',
  should_exclude_secret: 'secrets',
};

/** Reads a `.secrets.baseline` and the options of the hook; undefined when there is neither. */
export async function fromDetectSecrets(input: {
  files: Files;
  callers: readonly Caller[];
  knownIds: readonly string[];
}): Promise<PeerSetup | undefined> {
  const { files, callers, knownIds } = input;
  const named = callers.flatMap(({ args }) => optionValues(args, '--baseline', '-b'));
  const setup = emptySetup('detect-secrets');
  for (const name of new Set([BASELINE, ...named])) {
    const text = await files.read(name);
    if (text === undefined) continue;
    setup.files.push(name);
    await readBaseline({ text, name, setup, knownIds });
  }
  for (const caller of callers) await readOptions({ caller, files, setup, knownIds });
  return setup.files.length + callers.length === 0 ? undefined : setup;
}

async function readBaseline(input: {
  text: string;
  name: string;
  setup: PeerSetup;
  knownIds: readonly string[];
}): Promise<void> {
  const { text, name, setup, knownIds } = input;
  const { data } = await parseConfig(text, `${name}.json`).catch((error: unknown) => {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(error.message.replace(`${name}.json`, name), { cause: error });
  });
  const { plugins_used, filters_used, exclude, results, word_list } = tableOf(data);
  readPlugins({ plugins: plugins_used, name, setup, knownIds });
  for (const filter of listOf(filters_used).map(tableOf)) {
    const path = String(filter.path ?? '');
    const kind = FILTERS[path.replace(/^.*\./, '')];
    if (path.startsWith('detect_secrets.filters.regex.') && kind) {
      addExclude({ kind, sources: listOf(filter.pattern).map(String), from: name, setup });
    } else if (path.startsWith('detect_secrets.filters.wordlist.')) {
      setup.left.push(
        `${name}: the word list ${String(filter.file_name ?? '')}: name its words in [[allow]] stopwords`,
      );
    } else if (!path.startsWith('detect_secrets.')) {
      setup.left.push(`${name}: the filter ${path}: no code of another scanner is run`);
    }
  }
  // The form before version 1.
  const { files: oldFiles, lines: oldLines } = tableOf(exclude);
  if (typeof oldFiles === 'string') addExclude({ kind: 'files', sources: [oldFiles], from: name, setup });
  if (typeof oldLines === 'string') addExclude({ kind: 'lines', sources: [oldLines], from: name, setup });
  const { file } = tableOf(word_list);
  if (typeof file === 'string')
    setup.left.push(`${name}: the word list ${file}: name its words in [[allow]] stopwords`);
  const found = Object.values(tableOf(results)).reduce<number>((sum, list) => sum + listOf(list).length, 0);
  if (found > 0) {
    setup.todo.push(
      `${name} knows ${formatCount(found, 'finding')} by hashes of their values: that is a baseline and no configuration, so leave the file until they are gone or allowed`,
    );
  }
}

function readPlugins(input: { plugins: unknown; name: string; setup: PeerSetup; knownIds: readonly string[] }): void {
  const { plugins, name, setup, knownIds } = input;
  if (!Array.isArray(plugins)) return;
  const used = new Set<string>();
  for (const plugin of plugins.map(tableOf)) {
    const id = String(plugin.name ?? '');
    used.add(id);
    if (plugin.path !== undefined) setup.left.push(`${name}: the plugin ${id}: no code of another scanner is run`);
    const { keyword_exclude: excluded } = plugin;
    if (typeof excluded === 'string' && excluded !== '') {
      addExclude({ kind: 'lines', sources: [excluded], from: name, setup, rules: ['generic-*'] });
    }
  }
  if (GENERAL.some((id) => used.has(id) && id.endsWith('EntropyString'))) {
    setup.changed.push('the limits of entropy: what looks random is judged by the model, with its name and its place');
  }
  for (const id of Object.keys(PLUGINS)) {
    // Plugins that are newer than the file are no choice of its user.
    if (!used.has(id) && !NEW.includes(id)) disable({ id, setup, knownIds, from: name });
  }
}

/** Plugins that older versions did not have. */
const NEW = [
  'AzureStorageKeyDetector',
  'CloudantDetector',
  'DiscordBotTokenDetector',
  'GitHubTokenDetector',
  'GitLabTokenDetector',
  'IbmCloudIamDetector',
  'IbmCosHmacDetector',
  'JwtTokenDetector',
  'MailchimpDetector',
  'NpmDetector',
  'OpenAIDetector',
  'PypiTokenDetector',
  'SendGridDetector',
  'SoftlayerDetector',
  'SquareOAuthDetector',
  'TelegramBotTokenDetector',
  'TwilioKeyDetector',
];

function disable(input: { id: string; setup: PeerSetup; knownIds: readonly string[]; from: string }): void {
  const { id, setup, knownIds, from } = input;
  const rules = rulesFor(PLUGINS[id] ?? [], knownIds);
  if (rules.length > 0) {
    setup.disable.push(...rules);
    setup.changed.push(`${from}: without ${id} → rules.disable ${rules.join(', ')}`);
  } else if (GENERAL.includes(id)) {
    setup.left.push(
      `${from}: without ${id}: here names and values are judged together, and most secrets have no other shape`,
    );
  } else setup.left.push(`${from}: without ${id}: there is no rule for what it finds`);
}

async function readOptions(input: {
  caller: Caller;
  files: Files;
  setup: PeerSetup;
  knownIds: readonly string[];
}): Promise<void> {
  const { caller, setup, files, knownIds } = input;
  const { args, exclude } = caller;
  const from = `${caller.file}:${caller.line}`;
  addExclude({ kind: 'files', sources: optionValues(args, '--exclude-files'), from, setup });
  addExclude({ kind: 'lines', sources: optionValues(args, '--exclude-lines'), from, setup });
  addExclude({ kind: 'secrets', sources: optionValues(args, '--exclude-secrets'), from, setup });
  if (exclude !== undefined) addExclude({ kind: 'files', sources: [exclude], from, setup });
  for (const id of optionValues(args, '--disable-plugin')) disable({ id, setup, knownIds, from });
  for (const path of optionValues(args, '-p', '--plugin')) {
    setup.left.push(`${from}: the plugin ${path}: no code of another scanner is run`);
  }
  for (const list of optionValues(args, '--word-list')) {
    const words = ignoreLines({ text: (await files.read(list)) ?? '', what: list, setup });
    if (words.length > 0) setup.allow.push({ reason: `words of ${list}`, stopwords: words });
    else setup.left.push(`${from}: the word list ${list}, which is not there`);
  }
}

function addExclude(input: {
  kind: 'files' | 'lines' | 'secrets';
  sources: readonly string[];
  from: string;
  setup: PeerSetup;
  rules?: readonly string[];
}): void {
  const { kind, sources, from, setup, rules } = input;
  const given = sources.filter((source) => source.trim() !== '' && source !== '^$');
  const patterns = pythonPatterns({ sources: given, what: from, setup });
  if (patterns.length === 0) return;
  const reason = `from detect-secrets (${from})`;
  if (kind === 'files') setup.allow.push({ reason, rules, 'path-regexes': patterns });
  else setup.allow.push({ reason, rules, regexes: patterns, ...(kind === 'lines' ? { 'regex-target': 'line' } : {}) });
}
