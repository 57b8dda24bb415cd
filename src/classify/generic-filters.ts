import { before, type Filter, hasCredentialName } from './filter.ts';

const TO_BE_REPLACED =
  /^(?:change[-_ ]?(?:me|it|this)\W*|replace[-_ ]?(?:me|this|with).*|placeholder|(?:insert|put|enter|add|use)[-_ ]your.*|.*[-_ ](?:goes[-_ ])?here|your[-_ ].*|redacted|removed|dummy|todo|tbd|null|none|nil|undefined|n\/a)$/i;

/** What forms say where a password goes. The English word is left to the gate: it is one that people choose. */
const PASSWORD_WORDS: ReadonlySet<string> = new Set(
  'passwords passwort kennwort wachtwoord lösenord passord adgangskode salasana contraseña contrasena contrasenya contrasinal senha palavra-passe clave mot-de-passe parola hasło haslo heslo jelszó jelszo geslo lozinka zaporka şifre sifre parool slaptažodis parole пароль парола лозинка κωδικός סיסמה סיסמא 密码 密碼 口令 パスワード 暗証番号 비밀번호 암호 รหัสผ่าน mật_khẩu kata_sandi sandi'
    .split(' ')
    .map((word) => word.replace('_', ' ')),
);

/**
 * Name spaces of RFC 9562, the handshake of web sockets (RFC 6455), the class of the Flash player, the nil UUID, and those
 * that examples are written with (RFC 4122, RFC 4918, OpenAPI).
 */
const FIXED_UUIDS =
  /^(?:550e8400-e29b-41d4-a716-446655440000|f81d4fae-7dec-11d0-a765-00a0c91e6bf6|e71d4fae-5dec-22d6-fea5-00a0c91e6be4|3fa85f64-5717-4562-b3fc-2c963f66afa6|6ba7b81[0-4]-9dad-11d1-80b4-00c04fd430c8|258eafa5-e914-47da-95ca-c5ab0dc85b11|d27cdb6e-ae6d-11cf-96b8-444553540000|[0-]{36})$/i;

/** An ARN up to its last part, also one with placeholders in it. */
const RESOURCE = /\barn:(?:[a-z-]+|<[^>\s]*>|[&$]\S{0,20}):[^"'`\s]*$/;

const FOR_EXAMPLE =
  /\b(?:for example|for instance|e\.g\.|such as|an example is|eg(?=:))\b[^"'`=\n]{0,40}$|[.)] +example: $/i;

/** What settles a candidate that no provider's rule has found. The first that fits gives the reason. */
export const GENERIC_FILTERS: readonly Filter[] = [
  {
    label: 'placeholder',
    reason: 'it stands for a value that is put in elsewhere',
    when: (_, f) => f.value.kind === 'reference' || f.context.isTemplate,
  },
  {
    label: 'placeholder',
    reason: 'its characters repeat or run along the alphabet',
    when: (_, f) => f.placeholder.monotonous,
  },
  {
    label: 'harmless',
    reason: 'it is too short to protect anything',
    when: ({ value }, f) =>
      f.value.length < 4 || f.value.digits + f.value.upper + f.value.lower < 3 || /^\d{1,4}$/.test(value),
  },
  {
    label: 'harmless',
    reason: 'it is an expression of the program, not a literal',
    when: (_, f) =>
      !f.context.quoted &&
      (f.value.kind === 'code' ||
        f.value.kind === 'call' ||
        (f.context.bareInCode && (f.value.kind === 'dotted' || f.context.goesOn))),
  },
  {
    label: 'placeholder',
    reason: 'it says itself that it is an example or has to be replaced',
    when: ({ value }) => /EXAMPLE|(?:^|[-_.])example(?:$|[-_.])/.test(value) || TO_BE_REPLACED.test(value),
  },
  {
    label: 'harmless',
    reason: 'its name is one of paging, synchronisation, parsing or encrypted tokens, which open nothing',
    when: (_, f) => f.name.noCredential,
  },
  {
    label: 'harmless',
    reason: 'it is the word for a password in some language: the text of a form',
    when: ({ value }, f) => f.value.digits === 0 && PASSWORD_WORDS.has(value.toLowerCase().replace(/[\s:*.…]+$/, '')),
  },
  {
    label: 'harmless',
    reason: 'it is one of two words that the program chooses from',
    when: (candidate) =>
      /^[A-Za-z]+$/.test(candidate.value) && /\? *(?:["'`]\w*["'`] *: *)?["'`]$/.test(before(candidate, 48)),
  },
  {
    label: 'harmless',
    reason: 'it is a number in a program',
    when: ({ value }, f) =>
      (f.context.bareInCode && /^(?:0x[0-9a-f_]+|[\d_.]+)[a-z]{0,2}$/i.test(value)) ||
      /^0x[0-9a-f]{1,16}n?$/i.test(value),
  },
  {
    label: 'harmless',
    reason: 'it is part of the name of a cloud resource',
    when: (candidate, f) =>
      f.context.inResourceName || (candidate.rules[0]?.id === 'generic-uuid' && RESOURCE.test(before(candidate, 200))),
  },
  {
    label: 'harmless',
    reason: 'it is part of a block of data',
    when: ({ syntax }, f) => syntax === 'token' && f.context.inBlock,
  },
  {
    label: 'placeholder',
    reason: 'parts of it have been left out or masked',
    when: ({ value }) => /\.{3,}|…|\*{3,}/.test(value),
  },
  {
    label: 'harmless',
    reason: 'it is the hash of something, by its name',
    when: (_, f) => f.name.hash && (f.value.kind === 'hex' || f.value.kind === 'base64'),
  },
  {
    label: 'harmless',
    reason: 'it is the hash of a password, with its method and salt',
    when: ({ value }) => /^(?:\{[\w-]+\})?\$(?:argon2\w*|2[abxy]?|1|5|6|7|y|apr1|pbkdf2[\w-]*|scrypt)\$/.test(value),
  },
  {
    label: 'harmless',
    reason: 'it is a code that is good for once',
    only: 'number',
    when: ({ value, name = '' }) => /^\d{5,8}$/.test(value) && /token|otp|code/i.test(name),
  },
  {
    label: 'harmless',
    reason: 'lock files are full of hashes that are meant to be read',
    when: ({ syntax }, f) => f.path.lock && syntax !== 'url',
  },
  {
    label: 'harmless',
    reason: 'it is a node id of GitHub: the kind and the number of a thing, in base64',
    when: ({ value }) => /^MD[A-Z]/.test(value) && /^0\d+:[A-Z][A-Za-z]{3,}\d/.test(decoded(value)),
  },
  {
    label: 'harmless',
    reason: 'it is the identifier of something in a file of examples, under a name that is no credential’s',
    when: ({ rules, chunk }, f) =>
      (f.value.kind === 'uuid'
        ? f.name.kind === 'token' || f.name.kind === 'key' || !hasCredentialName(f)
        : rules[0]?.id === 'generic-token-shape' &&
          f.name.kind !== 'none' &&
          !hasCredentialName(f) &&
          f.name.kind !== 'key') && /(?:^|[/_.-])(?:examples?|samples?|demos?)[-_.]?\d*\.\w+$/i.test(chunk.logicalPath),
  },
  {
    label: 'harmless',
    reason: 'it is a UUID that a standard fixes: the same one everywhere',
    when: ({ value }) => FIXED_UUIDS.test(value),
  },
  {
    label: 'placeholder',
    reason: 'it is an example in a sentence, of something that has no credential’s name',
    only: 'shape',
    when: (candidate) => FOR_EXAMPLE.test(before(candidate, 64)),
  },
  {
    label: 'harmless',
    reason: 'it is the identifier of a key, not the key',
    when: ({ rules, name = '' }) => rules[0]?.id === 'generic-key' && /key[-_]?id$/i.test(name),
  },
  {
    label: 'harmless',
    reason: 'it names a commit',
    when: (_, f) => f.context.isCommit,
  },
  {
    label: 'harmless',
    reason: 'it is the name of the issuer or owner of a certificate',
    // The object identifiers of such names (2.5.4.x), in the three ways in which base64 can cut them.
    when: ({ value }) => /^M[A-Za-z0-9+/]*(?:BgNVBA|YDVQQ|GA1UE)/.test(value),
  },
  {
    label: 'harmless',
    reason: 'it is the next option of a command',
    when: ({ value }, f) =>
      (!f.context.quoted && /^--?[a-z][a-z-]*=?$/.test(value)) || /^--[a-z][a-z-]*=\w+$/.test(value),
  },
  {
    label: 'harmless',
    reason: 'it is a pattern that values are matched with',
    when: (_, f) => f.value.kind === 'pattern',
  },
  {
    label: 'harmless',
    reason: 'it only spells characters that are hard to type',
    when: (_, f) => f.value.kind === 'escapes',
  },
  {
    label: 'harmless',
    reason: 'it is an integrity hash or a certificate, which are public',
    when: ({ value }) =>
      /^(?:sha(?:1|256|384|512)[-:=]|LS0tLS1CRUdJTiBDRVJU|MII[A-Za-z0-9+/]{3}CC[A-Za-z])/.test(value) ||
      /^-----BEGIN (?:CERTIFICATE|PUBLIC)/.test(value),
  },
  {
    label: 'harmless',
    reason: 'the host name of a bucket is public: access is decided elsewhere',
    when: ({ rules }) => rules[0]?.id === 'storage-bucket',
  },
];

/** The first characters of what `value` holds in base64. */
function decoded(value: string): string {
  return Buffer.from(value.slice(0, 64), 'base64').toString('latin1');
}
