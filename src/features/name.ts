import { CHAR_KINDS, codeAt, DIGIT, LOWER, UPPER } from '../util/characters.ts';
import { remembered } from '../util/remembered.ts';

/** What a name says of its value. */
export interface NameSense {
  /** The strongest thing that the name means. */
  kind: NameKind;
  /** The last word says that the value describes a secret rather than being one (`password_field`, `tokenUrl`). */
  describes: boolean;
  /** The name says that the value is public, hashed or an identifier. */
  harmless: boolean;
  /** It is called a hash or a checksum: what it was made of cannot be told from it. */
  hash: boolean;
  /** It is a token of paging, synchronisation or parsing. */
  noCredential: boolean;
  words: readonly string[];
}

export type NameKind =
  | 'password'
  | 'secret'
  | 'private-key'
  | 'api-key'
  | 'token'
  | 'auth'
  | 'salt'
  | 'key'
  | 'user'
  | 'id'
  | 'other'
  | 'none';

/** Names that call their value something that opens a door. */
export const CREDENTIAL_KINDS: ReadonlySet<NameKind> = new Set<NameKind>([
  'password',
  'secret',
  'private-key',
  'api-key',
  'token',
  'auth',
]);

const KINDS: readonly [NameKind, RegExp][] = [
  [
    'password',
    /pass(?:w(?:or)?d|phrase|code|wd)|passw|pwd|(?<![a-z])psw|(?<![a-z])(?:db|my|user|usr|admin|root|smtp|imap|mail|ftp|ssh|sql|mysql|pg|ldap|proxy|http|redis|key|store|trust|require)?pass(?![a-z])|identified/,
  ],
  ['private-key', /priv(?:ate)?_?key|signing_?key|encrypt(?:ion|ed)?_?key|master_?key|ssh_?key/],
  ['secret', /secret|sec_?key/],
  [
    'api-key',
    /api_?key|access_?key|app_?key|account_?key|auth_?key|consumer_?key|client_?key|license_?key|shared_?key|_key_?id|access_?id/,
  ],
  ['token', /token|jwt|bearer|csrf|cookie|session_?id|(?<![a-z])sid(?![a-z])|webhook/],
  ['salt', /salt|nonce|seed|pepper|(?<![a-z])iv(?![a-z])/],
  ['auth', /auth|credential|(?<![a-z])creds?(?![a-z])|login|otp|signature|(?<![a-z])pin(?![a-z])/],
  ['key', /key/],
  ['user', /user|account|client|email|owner|admin/],
  ['id', /(?<![a-z])id$|^id(?![a-z])|uuid|guid|hash|digest|sha\d|md5|checksum|etag|revision|commit/],
];

const DESCRIBES =
  /(?:^|_)(?:file|path|dir|folder|url|uri|endpoint|link|host|name|field|label|title|text|message|msg|error|err|type|kind|format|length|len|size|count|max|min|limit|expir\w*|ttl|timeout|prefix|suffix|regexp?|pattern|param|params|parameter|header|column|attr|attribute|property|prop|placeholder|hint|help|description|desc|policy|rule|strength|status|state|enabled|disabled|required|valid|invalid|changed|confirm|reset|forgot|input|form|page|view|button|icon|class|mode|method|algorithm|alg|provider|manager|service|store|storage|factory|handler|helper|util|utils|config|option|options|settings?|schema|template|map|list|set|index|idx|code|codes|pos|start|end|line|char|word|words|board|frame|event|press|down|up|stroke|bind(?:ing)?s?|tag|test|spec|mock|version|date|time|at|by|from|to|is|has|can|should|get|put|cb|fn|func|callback|fragment|node|element|ref|separator|delimiter|issuer|audience|scope|env|var|variable|usage|manage|required|generator|encoder|parser|validator|checker|reader|writer|provider)$/;

const HARMLESS =
  /public|object_key|serial(?:_|$)|(?:render|depth|samples?|stencil|first|second|time|tests?)_pass(?![a-z])|passed|cert(?:_|ificate|$)|cl(?:as)?sid|pub_?key|hash|digest|checksum|integrity|fingerprint|thumb_?print|md5|sha_?\d|foreign|primary|partition|sort_?key|cache_?key|row_?key|map_?key|i18n|locale|translation|keyboard|key_?code|hot_?key|short_?cut|author(?!i[sz])|keywords?|(?:monkey|turkey|donkey|hockey)(?![a-z])|passive|passenger|passage|compass|bypass|encompass|surpass|tokeniz|tokenis|keyframe|passthrough|pass_through/;

/** Tokens of paging, synchronisation and parsing, and what a CI service has encrypted: they open nothing. */
const NO_CREDENTIAL =
  /(?:next|input|output|page|paging|pagination|continuation|continue|cursor|starting?|resume|sync|change|request|idempotency|upload|lock|cancellation|cancel|colon|comma|equals|dot|question|keyword|brace|paren|end_of_file|current|previous|prev|first|last|open|close|abstract|async|stop|syntax|lex\w*|parser?|finish|create|get)_(?:token|marker)$|public_key_token|^result_key$|^secure$|web_?socket_(?:key|accept)|_token_(?:count|kind|type|pos|id|index|list|ids)$/;

const HASH = /(?:^|_)(?:hash|hashed|sha\d*|md5|digest|checksum|fingerprint|etag)(?:_|$)/;

/** Splits a name into lower-case words joined by `_`: `dbPassword` → `db_password`. */
export function nameWords(name: string): string {
  return asciiWords(name) ?? anyWords(name);
}

function anyWords(name: string): string {
  return name
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1_$2')
    .toLowerCase()
    .replace(/[^a-z\d]+/g, '_')
    .replace(/^_+|_+$/g, '');
}

const words = Buffer.alloc(512);

/** The same in one pass. Undefined for what is long or no ASCII. */
function asciiWords(name: string): string | undefined {
  if (name.length > words.length / 2) return undefined;
  let length = 0;
  let before = 0;
  for (let i = 0; i < name.length; i++) {
    const code = name.charCodeAt(i);
    if (code >= 128) return undefined;
    const kind = CHAR_KINDS[code]!;
    if (kind === LOWER || kind === DIGIT) words[length++] = code;
    else if (kind === UPPER) {
      const starts = before === LOWER || before === DIGIT || (before === UPPER && isLower(codeAt(name, i + 1)));
      if (starts) words[length++] = UNDERSCORE;
      words[length++] = code + 32;
    } else if (length > 0 && words[length - 1] !== UNDERSCORE) words[length++] = UNDERSCORE;
    before = kind;
  }
  if (length > 0 && words[length - 1] === UNDERSCORE) length--;
  return words.toString('latin1', 0, length);
}

const UNDERSCORE = 0x5f;
const isLower = (code: number): boolean => code >= 97 && code <= 122;

const NOTHING = { describes: false, harmless: false, hash: false, noCredential: false, words: [] };
const NONE: NameSense = { kind: 'none', ...NOTHING };
const sense = remembered(senseOf);

export function nameSense(name: string | undefined): NameSense {
  return name === undefined || name === '' ? NONE : sense(name);
}

function senseOf(name: string): NameSense {
  const words = nameWords(name);
  return {
    kind: KINDS.find(([, pattern]) => pattern.test(words))?.[0] ?? 'other',
    describes: DESCRIBES.test(words),
    harmless: HARMLESS.test(words),
    hash: HASH.test(words),
    noCredential: NO_CREDENTIAL.test(words),
    words: words.split('_'),
  };
}
