import type { Rule } from '../../types.ts';

/** What may stand between `BEGIN` or `END` and `PRIVATE KEY`: `RSA`, `ENCRYPTED`, `OPENSSH`, `PGP`, `TSS2` … */
const KIND = '(?:[A-Z0-9]{2,10} ){0,3}';
const BEGIN = `-----BEGIN ${KIND}PRIVATE KEY(?: BLOCK)?-----`;
const END = `-----END ${KIND}PRIVATE KEY(?: BLOCK)?-----`;
/** A whole block in whatever notation, or the first lines of one whose end is missing. */
const PEM = new RegExp(`${BEGIN}(?:(?:[^-]|-(?!----)){24,20000}${END}|[A-Za-z0-9+/=\\s\\\\"'+,]{100,8000})`);
const PEM_WINDOW = { before: 128, after: 6144 };
/** A seed such as openssl writes it: 32 bytes of an Ed25519 key in a PKCS #8 wrapper. */
const ED25519 = 'MC4CAQAwBQYDK2VwBCIEI{{base64:43}}';
const RSA_LINES = 'MIIEpQIBAAKCAQEA{{base64:48}}\n{{base64:64}}\n{{base64:64}}';

const pem = {
  provider: 'Private key',
  keywords: ['private key-----', 'private key block-----'],
  pattern: PEM,
  severity: 'critical',
  window: PEM_WINDOW,
} as const;

/** Private keys in the forms that files, code and configuration hold them. */
export const privateKeysRules: readonly Rule[] = [
  {
    ...pem,
    id: 'private-key-pem',
    description: 'Private key in PEM form',
    confidence: 'certain',
    validator: 'private-key',
    examples: {
      secret: [
        `-----BEGIN RSA PRIVATE KEY-----\n${RSA_LINES}\n-----END RSA PRIVATE KEY-----`,
        `{"private_key": "-----BEGIN PRIVATE KEY-----\\n${ED25519}\\n-----END PRIVATE KEY-----\\n"}`,
        `String key = "-----BEGIN PRIVATE KEY-----\\n" +\n    "${ED25519}\\n" +\n    "-----END PRIVATE KEY-----";`,
        '-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,{{HEX:32}}\n\n{{base64:64}}\n-----END RSA PRIVATE KEY-----',
        '  -----BEGIN OPENSSH PRIVATE KEY-----\n  b3BlbnNzaC1rZXktdjEA{{base64:50}}\n  {{base64:60}}==\n  -----END OPENSSH PRIVATE KEY-----',
      ],
      harmless: [
        '-----BEGIN PRIVATE KEY-----\nxxx\n-----END PRIVATE KEY-----',
        '-----BEGIN PRIVATE KEY-----\\n...\\n-----END PRIVATE KEY-----\\n',
        '-----BEGIN OPENSSH PRIVATE KEY----------END OPENSSH PRIVATE KEY-----',
        'if (text.startsWith("-----BEGIN PRIVATE KEY-----")) {\n  return parseTheKeyThatFollowsTheHeaderLineOfTheFile(text);\n}',
        '-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA{{base64:43}}=\n-----END PUBLIC KEY-----',
      ],
    },
  },
  {
    ...pem,
    id: 'private-key-pem-unverified',
    description: 'Private key in PEM form, damaged or of unknown structure',
    confidence: 'likely',
    validator: 'private-key-or-sample',
    examples: {
      secret: [
        '-----BEGIN ENCRYPTED PRIVATE KEY-----\n{{base64:64}}\n{{base64:24}}\n-----END ENCRYPTED PRIVATE KEY-----',
      ],
      harmless: [
        '-----BEGIN PRIVATE KEY-----\nanything\n-----END PRIVATE KEY-----',
        `-----BEGIN PRIVATE KEY-----\n${'MIIabc'.repeat(20)}\n-----END PRIVATE KEY-----`,
      ],
    },
  },
  {
    id: 'private-key-ssh2',
    provider: 'Private key',
    description: 'SSH2 (ssh.com) private key',
    keywords: ['private key ----'],
    severity: 'critical',
    confidence: 'certain',
    validator: 'private-key',
    window: PEM_WINDOW,
    pattern:
      /---- BEGIN SSH2 (?:ENCRYPTED )?PRIVATE KEY ----(?:[^-]|-(?!---)){40,20000}---- END SSH2 (?:ENCRYPTED )?PRIVATE KEY ----/,
    examples: {
      secret: [
        '---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\nP2/56w{{base64:64}}\n{{base64:60}}\n---- END SSH2 ENCRYPTED PRIVATE KEY ----',
      ],
      harmless: [
        '---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\n(key goes here, in as many lines as it takes)\n---- END SSH2 ENCRYPTED PRIVATE KEY ----',
      ],
    },
  },
  {
    id: 'private-key-putty',
    provider: 'Private key',
    description: 'PuTTY private key file',
    keywords: ['putty-user-key-file-'],
    severity: 'critical',
    confidence: 'certain',
    window: PEM_WINDOW,
    pattern:
      /PuTTY-User-Key-File-[1-3]: [\w@.-]{4,60}(?![\w@.-])(?:(?!Private-Lines|PuTTY-User)[\s\S]){20,6000}Private-Lines: \d{1,3}[\r\n\\rn]{1,8}[A-Za-z0-9+/=\s\\]{40,8000}(?:Private-MAC: [0-9a-f]{40,64})?/,
    examples: {
      secret: [
        'PuTTY-User-Key-File-2: ssh-rsa\nEncryption: none\nComment: me\nPublic-Lines: 1\n{{base64:64}}\nPrivate-Lines: 2\n{{base64:64}}\n{{base64:30}}\nPrivate-MAC: {{hex:40}}',
      ],
      harmless: [
        'PuTTY-User-Key-File-2: ssh-rsa\nEncryption: none\nComment: me\nPublic-Lines: 1\n{{base64:64}}\nPrivate-Lines: 1\nxxxx',
      ],
    },
  },
  {
    id: 'private-key-age',
    provider: 'age',
    description: 'age secret key',
    keywords: ['age-secret-key-'],
    severity: 'critical',
    confidence: 'certain',
    pattern: /(?<![A-Za-z0-9_])(?<secret>AGE-SECRET-KEY-(?:PQ-)?1[02-9AC-HJ-NP-Z]{58})(?![A-Za-z0-9])/,
    examples: {
      secret: [
        'identity = "AGE-SECRET-KEY-1{{[02-9AC-HJ-NP-Z]:58}}"',
        '# key\nAGE-SECRET-KEY-PQ-1{{[02-9AC-HJ-NP-Z]:58}}\n',
      ],
      harmless: ['AGE-SECRET-KEY-1...', 'AGE-SECRET-KEY-1{{[02-9AC-HJ-NP-Z]:40}}', 'age1{{[02-9ac-hj-np-z]:58}}'],
    },
  },
  {
    id: 'private-key-pkcs12',
    provider: 'Private key',
    description: 'PKCS #12 key store in base64',
    keywords: ['ibazcc'],
    severity: 'critical',
    confidence: 'likely',
    entropy: 4,
    validator: 'pkcs12',
    window: { before: 128, after: 8192 },
    pattern: /(?<![A-Za-z0-9+/])(?<secret>MI[I-L][A-Za-z0-9+/]{2}[AQgw]IBAzCC[A-Za-z0-9+/]{200,20000}={0,2})/,
    examples: {
      secret: ['P12_BASE64=MIIKPgIBAzCC{{base64:400}}=='],
      harmless: ['MIIKPgIBAzCC{{base64:40}}', 'MIIDXTCCAkWgAwIBAgIJ{{base64:400}}'],
    },
  },
  {
    id: 'private-key-java-keystore',
    provider: 'Private key',
    description: 'Java key store in base64',
    keywords: ['/u3+7qaaaa'],
    severity: 'critical',
    confidence: 'likely',
    entropy: 3.5,
    window: { before: 128, after: 8192 },
    pattern: /(?<![A-Za-z0-9+/])(?<secret>\/u3\+7QAAAA[IE][A-Za-z0-9+/]{200,20000}={0,2})/,
    examples: {
      secret: ['KEYSTORE=/u3+7QAAAAIAAAAB{{base64:300}}='],
      harmless: ['KEYSTORE=/u3+7QAAAAI', `/u3+7QAAAAI${'A'.repeat(300)}`],
    },
  },
  {
    id: 'private-key-minisign',
    provider: 'Minisign',
    description: 'Minisign secret key',
    keywords: ['rwrty0iy'],
    severity: 'critical',
    confidence: 'certain',
    entropy: 4,
    pattern: /(?<![A-Za-z0-9+/])(?<secret>RWRTY0Iy[A-Za-z0-9+/]{200,208}={0,2})(?![A-Za-z0-9+/=])/,
    examples: {
      secret: ['untrusted comment: minisign encrypted secret key\nRWRTY0Iy{{base64:204}}'],
      harmless: ['untrusted comment: minisign public key\nRWQf6LRC{{base64:48}}', 'RWRTY0Iy{{base64:20}}'],
    },
  },
];
