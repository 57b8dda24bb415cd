import type { Rule } from '../../types.ts';

/** Private keys that come as a value of their own: JSON Web Keys, VPN keys, keys of wallets. */
export const specialKeysRules: readonly Rule[] = [
  {
    id: 'private-key-jwk',
    provider: 'Private key',
    description: 'Private member of a JSON Web Key',
    keywords: ['kty'],
    severity: 'critical',
    confidence: 'certain',
    entropy: 4,
    window: { before: 4096, after: 4096 },
    pattern:
      /\\?["']?kty\\?["']?\s*:\s*\\?["'](?:RSA|EC|OKP)\\?["'][^{}]{0,4000}?[^\w]d\\?["']?\s*:\s*\\?["'](?<secret>[\w-]{42,1400})/,
    examples: {
      secret: [
        '{"kty": "EC", "crv": "P-256", "x": "{{base64url:43}}", "y": "{{base64url:43}}", "d": "{{base64url:43}}"}',
      ],
      harmless: [
        '{"kty": "EC", "crv": "P-256", "x": "{{base64url:43}}", "y": "{{base64url:43}}"}',
        '{"kty": "EC", "d": "..."}',
      ],
    },
  },
  {
    id: 'private-key-jwk-d-first',
    provider: 'Private key',
    description: 'Private member of a JSON Web Key',
    keywords: ['kty'],
    severity: 'critical',
    confidence: 'certain',
    entropy: 4,
    window: { before: 4096, after: 4096 },
    pattern:
      /[^\w]d\\?["']?\s*:\s*\\?["'](?<secret>[\w-]{42,1400})\\?["'][^{}]{0,4000}?\\?["']?kty\\?["']?\s*:\s*\\?["'](?:RSA|EC|OKP)/,
    examples: {
      secret: ['{"d": "{{base64url:43}}", "kty": "OKP", "crv": "Ed25519", "x": "{{base64url:43}}"}'],
      harmless: ['{"x": "{{base64url:43}}", "kty": "OKP", "crv": "Ed25519"}'],
    },
  },
  {
    id: 'private-key-jwk-factor',
    provider: 'Private key',
    description: 'Prime factor or exponent of a private JSON Web Key',
    keywords: ['kty'],
    severity: 'critical',
    confidence: 'likely',
    entropy: 4.5,
    window: { before: 4096, after: 4096 },
    pattern: /(?<![\w-])(?:p|q|dp|dq|qi)\\?["']?\s*:\s*\\?["'](?<secret>[\w-]{80,700})(?![\w-])/,
    examples: {
      secret: ['{"kty": "RSA", "e": "AQAB", "p": "{{base64url:171}}"}', "dq: '{{base64url:86}}',\n  kty: 'RSA',"],
      harmless: ['{"kty": "RSA", "e": "AQAB", "n": "{{base64url:342}}"}', '{"p": "{{base64url:171}}"}'],
    },
  },
  {
    id: 'private-key-jwk-symmetric',
    provider: 'Private key',
    description: 'Symmetric JSON Web Key',
    keywords: ['kty'],
    severity: 'high',
    confidence: 'likely',
    entropy: 3.3,
    window: { before: 512, after: 1024 },
    pattern:
      /\\?["']?kty\\?["']?\s*:\s*\\?["']oct\\?["'][^{}]{0,800}?[^\w]k\\?["']?\s*:\s*\\?["'](?<secret>[\w-]{20,700})/,
    examples: {
      secret: ['{"kty": "oct", "alg": "HS256", "k": "{{base64url:43}}"}'],
      harmless: [
        '{"kty": "oct", "alg": "HS256", "k": "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"}',
        '{"kty": "oct", "kid": "{{base64url:43}}"}',
      ],
    },
  },
  {
    id: 'private-key-wireguard',
    provider: 'WireGuard',
    description: 'WireGuard private or preshared key',
    keywords: ['privatekey', 'presharedkey'],
    severity: 'critical',
    confidence: 'certain',
    entropy: 3.8,
    pattern:
      /(?<![A-Za-z])(?:PrivateKey|PresharedKey)[ \t]{0,8}=[ \t]{0,8}(?<secret>[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=)(?![A-Za-z0-9+/=])/,
    examples: {
      secret: ['[Interface]\nPrivateKey = {{base64:42}}A=\nAddress = 10.0.0.1/24'],
      harmless: [
        '[Peer]\nPublicKey = {{base64:42}}A=',
        '[Interface]\nPrivateKey = <private key>',
        'PrivateKey = {{base64:60}}',
      ],
    },
  },
  {
    id: 'private-key-openvpn-static',
    provider: 'OpenVPN',
    description: 'OpenVPN static key',
    keywords: ['begin openvpn static key'],
    severity: 'critical',
    confidence: 'certain',
    window: { before: 128, after: 1024 },
    pattern: /-----BEGIN OpenVPN Static key V1-----[\s\\rn]{1,8}(?<secret>[0-9a-f][0-9a-f\s\\rn]{255,700})-----END/,
    entropy: 3.4,
    examples: {
      secret: ['-----BEGIN OpenVPN Static key V1-----\n{{hex:32}}\n{{hex:256}}\n-----END OpenVPN Static key V1-----'],
      harmless: ['-----BEGIN OpenVPN Static key V1-----\n...\n-----END OpenVPN Static key V1-----'],
    },
  },
  {
    id: 'private-key-extended',
    provider: 'Bitcoin',
    description: 'Extended private key (BIP 32)',
    keywords: ['xprv', 'tprv', 'zprv', 'yprv'],
    severity: 'critical',
    confidence: 'certain',
    entropy: 4,
    pattern: /(?<![A-Za-z0-9_])(?<secret>[xtyz]prv[1-9A-HJ-NP-Za-km-z]{107,108})(?![A-Za-z0-9_])/,
    examples: {
      secret: ['root = "xprv{{[1-9A-HJ-NP-Za-km-z]:107}}"'],
      harmless: ['root = "xpub{{[1-9A-HJ-NP-Za-km-z]:107}}"', 'root = "xprv{{[1-9A-HJ-NP-Za-km-z]:60}}"'],
    },
  },
  {
    id: 'private-key-ethereum',
    provider: 'Ethereum',
    description: 'secp256k1 private key of a wallet',
    keywords: ['private', 'wallet', 'deployer', 'mnemonic', 'signer', 'eth_', 'accounts'],
    severity: 'critical',
    confidence: 'likely',
    entropy: 3,
    pattern:
      /(?:accounts["']?:\s{0,4}\[\s{0,8}["'`]|(?:priv(?:ate)?[_-]?key|wallet[_-]?(?:key|pk|priv\w{0,8})|(?:deployer|signer|eth)[_-]?(?:key|pk|priv\w{0,8}))\w{0,12}["'`\]]{0,2}\s{0,4}(?:[:=,(]|=>|:=){1,2}\s{0,4}["'`]?)(?<secret>(?:0x)?[0-9a-f]{64})(?![0-9a-z_])/i,
    examples: {
      secret: ['PRIVATE_KEY=0x{{hex:64}}', 'walletKey: "{{hex:64}}"', 'accounts: ["0x{{hex:64}}"],'],
      harmless: [
        'PRIVATE_KEY=0x{{hex:40}}',
        'accounts: ["0x{{hex:40}}"],',
        `PRIVATE_KEY=0x${'0'.repeat(64)}`,
        'PRIVATE_KEY_SHA256_OF_FILE is {{hex:64}}',
      ],
    },
  },
];
