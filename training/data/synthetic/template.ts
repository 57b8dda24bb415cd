import type { VerdictLabel } from '../../../src/types.ts';
import type { Random } from '../random.ts';
import { TRANSLATIONS } from './translations.ts';
import { anyToken, humanPassword, placeholderValue, TOKEN_KINDS, type TokenKind, token, uuid } from './values.ts';
import { EVERY_WORD, GIVEN_NAMES, PROJECT_WORDS } from './words.ts';

/**
 * A text with holes that is filled anew for every use. Frozen: nothing that is made from it can change it.
 *
 * | hole | becomes |
 * | --- | --- |
 * | `<<value>>` | the value that the label is about |
 * | `<<pw.STYLE>>`, `<<key.STYLE>>`, `<<id.STYLE>>`, `<<plain.STYLE>>` | a name for a password, an issued credential, an identifier, anything else |
 * | `<<user>> <<given>> <<word>> <<Word>> <<project>> <<host>> <<port>> <<n>> <<hex>> <<uuid>>` | what they say |
 *
 * Styles are `snake camel Pascal CONST kebab dot`.
 */
export interface Template {
  readonly id: string;
  readonly label: VerdictLabel;
  readonly path: string;
  readonly text: string;
  readonly value: ValueChoice;
}

/** What is put into `<<value>>`; `mild-…` keeps to characters that URLs and shells do not read. */
export type ValueChoice =
  | 'any-password'
  | 'mild-password'
  | 'human'
  | 'mild-human'
  | 'issued'
  | 'mild-issued'
  | 'secret-key'
  | 'placeholder'
  | 'word'
  | 'phrase'
  | 'either'
  | 'pin'
  /** Code that fetches a credential from elsewhere. */
  | 'expression'
  /** The name of a setting that holds one. */
  | 'config-key'
  /** A text of a form in that language. */
  | `ui:${string}`
  | TokenKind;

/** A template that was filled: a text with one marked value. */
export interface Snippet {
  template: string;
  label: VerdictLabel;
  path: string;
  text: string;
  start: number;
  end: number;
}

/** One row for each template: id, path, text, value. */
export type Row = readonly [id: string, path: string, text: string, value: ValueChoice];

export function templatesOf(label: VerdictLabel, rows: readonly Row[]): readonly Template[] {
  return Object.freeze(
    rows.map(([id, path, text, value]) => Object.freeze({ id: `${label}/${id}`, label, path, text, value })),
  );
}

/** Fills a template. The same template and the same numbers give the same snippet. */
export function fillTemplate(template: Template, random: Random): Snippet {
  const value = valueFor(template.value, random);
  const path = fill(template.path, random, value).text;
  const { text, start } = fill(template.text, random, value);
  if (start < 0) throw new Error(`template ${template.id} has no <<value>>`);
  return { template: template.id, label: template.label, path, text: `${text}\n`, start, end: start + value.length };
}

function fill(text: string, random: Random, value: string): { text: string; start: number } {
  let out = '';
  let start = -1;
  let at = 0;
  for (const hole of text.matchAll(/<<([\w.]+)>>/g)) {
    out += text.slice(at, hole.index);
    at = hole.index + hole[0].length;
    if (hole[1] === 'value') {
      start = out.length;
      out += value;
    } else out += wordFor(hole[1]!, random);
  }
  return { text: out + text.slice(at), start };
}

function valueFor(choice: ValueChoice, random: Random): string {
  switch (choice) {
    case 'any-password':
      return random.chance(0.65) ? humanPassword(random) : anyToken(random);
    case 'mild-password':
      return random.chance(0.65) ? humanPassword(random, { mild: true }) : mildToken(random);
    case 'human':
      return humanPassword(random);
    case 'mild-human':
      return humanPassword(random, { mild: true });
    case 'issued':
      return anyToken(random);
    case 'mild-issued':
      return mildToken(random);
    case 'secret-key':
      return random.chance(0.2) ? humanPassword(random, { mild: true }) : mildToken(random);
    case 'placeholder':
      return placeholderValue(random);
    case 'word':
      return random.pick(EVERY_WORD);
    case 'expression':
      return expression(random);
    case 'config-key':
      return `${random.pick(PROJECT_WORDS)}${random.pick(['.', '-', '_', ':'])}${random.pick(NAMES.pw!).replaceAll('_', random.pick(['.', '-', '_']))}`;
    case 'phrase':
      return Array.from({ length: 2 + random.int(4) }, () => random.pick(EVERY_WORD)).join(' ');
    case 'either':
      return random.chance(0.5) ? humanPassword(random, { mild: true }) : mildToken(random);
    case 'pin':
      return token(random, 'digits', 4 + random.int(5));
    default:
      return isText(choice) ? random.pick(TRANSLATIONS[choice.slice(3)]!) : token(random, choice);
  }
}

const EXPRESSIONS = [
  "os.environ['CONST']",
  'os.getenv("CONST")',
  'process.env.CONST',
  'config.camel',
  'settings.CONST',
  'getCamel()',
  'options.camel || null',
  'var.snake',
  'random_password.snake.result',
  '\x24{CONST}',
  '$CONST',
  '{{ snake }}',
  '%(snake)s',
  '@@CONST@@',
  'req.body.camel',
  'System.getenv("CONST")',
  'vault_snake',
  'user.camel',
  'env("CONST")',
  'decrypt(camel)',
];

function expression(random: Random): string {
  const name = `${random.pick(PROJECT_WORDS)}_${random.pick([...NAMES.pw!, ...NAMES.key!])}`;
  return random
    .pick(EXPRESSIONS)
    .replace('CONST', name.toUpperCase())
    .replace('snake', name)
    .replace('Camel', STYLES.Pascal!(name))
    .replace('camel', STYLES.camel!(name));
}

function isText(choice: ValueChoice): choice is `ui:${string}` {
  return choice.startsWith('ui:');
}

function mildToken(random: Random): string {
  return token(random, random.pick(TOKEN_KINDS.filter((kind) => kind !== 'mixed' && kind !== 'base64')));
}

const NAMES: Readonly<Record<string, readonly string[]>> = {
  pw: 'password passwd pwd pass db_password db_pass database_password user_password admin_password root_password smtp_password mail_password ftp_password redis_password mysql_password postgres_password ldap_password ssh_password proxy_password keystore_password truststore_password ssl_key_password login_password default_password master_password service_password rabbitmq_password mongo_password passphrase key_passphrase sudo_password wifi_password vpn_password basic_auth_password sonar_password'.split(
    ' ',
  ),
  key: 'api_key apikey api_token access_token auth_token secret secret_key client_secret app_secret consumer_secret access_key access_key_secret private_key signing_key encryption_key master_key jwt_secret session_secret cookie_secret webhook_secret token bearer_token refresh_token bot_token deploy_token service_token license_key shared_key account_key app_key oauth_client_secret github_token slack_token django_secret_key rails_secret secret_key_base hmac_secret storage_key maps_api_key sendgrid_api_key push_token registry_token'.split(
    ' ',
  ),
  id: 'key_id object_key id user_id client_id tenant_id app_id request_id trace_id session_uuid guid resource_id commit_hash revision checksum sha256 md5 digest etag content_hash key_hash build_id correlation_id partition_key cache_key row_key public_key_token key_fingerprint'.split(
    ' ',
  ),
  plain:
    'title name label display_name city team product category description nickname username project owner hostname author theme locale message caption heading column_name password_label password_hint token_type key_name secret_name auth_type token_name password_field key_prefix login_title password_message'.split(
      ' ',
    ),
};

const STYLES: Readonly<Record<string, (words: string) => string>> = {
  snake: (words) => words,
  camel: (words) => words.replace(/_(\w)/g, (_, c: string) => c.toUpperCase()),
  Pascal: (words) => words.replace(/(?:^|_)(\w)/g, (_, c: string) => c.toUpperCase()),
  CONST: (words) => words.toUpperCase(),
  kebab: (words) => words.replaceAll('_', '-'),
  dot: (words) => words.replaceAll('_', '.'),
};

function wordFor(hole: string, random: Random): string {
  const [kind = '', style = ''] = hole.split('.');
  if (Object.hasOwn(NAMES, kind)) {
    const name = random.pick(NAMES[kind]!);
    // Most names of real code say what they belong to.
    return STYLES[style]!(random.chance(0.45) ? `${random.pick(PROJECT_WORDS)}_${name}` : name);
  }
  switch (kind) {
    case 'user':
      return random.chance(0.5)
        ? random.pick(['admin', 'root', 'app', 'deploy', 'svc', 'sa', 'postgres', 'backup'])
        : random.pick(GIVEN_NAMES);
    case 'given':
      return random.pick(GIVEN_NAMES);
    case 'word':
      return random.pick(EVERY_WORD);
    case 'Word': {
      const word = random.pick(EVERY_WORD);
      return word.charAt(0).toUpperCase() + word.slice(1);
    }
    case 'project':
      return random.pick(PROJECT_WORDS);
    case 'host':
      return `${random.pick(['db', 'api', 'mail', 'cache', 'mq', 'auth', 'ftp', 'node'])}${random.chance(0.3) ? random.int(9) : ''}.${random.pick(PROJECT_WORDS)}.${random.pick(['com', 'net', 'io', 'internal', 'org', 'dev'])}`;
    case 'port':
      return String(random.pick([3306, 5432, 6379, 5672, 8080, 9200, 27017, 443, 1433, 8443]));
    case 'n':
      return String(random.int(10_000));
    case 'hex':
      return random.text('0123456789abcdef', 8);
    case 'uuid':
      return uuid(random);
    default:
      throw new Error(`unknown hole <<${hole}>>`);
  }
}
