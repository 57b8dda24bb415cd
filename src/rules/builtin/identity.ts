import type { Rule } from '../../types.ts';
import { keyedRules } from './keyed.ts';

const JWT_HEAD = 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9';

/** Tokens of identities and password managers, and the forms that many services share: JWT, basic authentication. */
export const identityRules: readonly Rule[] = [
  {
    id: 'jwt',
    provider: 'JWT',
    description: 'JSON Web Token',
    keywords: ['eyj'],
    severity: 'high',
    confidence: 'certain',
    pattern: /(?<![\w-])(?<secret>ey[JA][\w-]{10,2000}\.ey[JA][\w-]{8,6000}\.[\w-]{1,2000})(?![\w-])/,
    entropy: 3.5,
    validator: 'jwt',
    window: { before: 64, after: 2048 },
    examples: {
      secret: [
        'Authorization: Bearer {{b64url({"alg":"RS256","typ":"JWT"})}}.{{b64url({"iat":{{digit:10}},"sub":"{{alnum:20}}"})}}.{{base64url:43}}',
        'https://api.example.net/?jwt={{b64url({"alg":"ES256"})}}.{{b64url({"user":"{{alnum:12}}"})}}.{{base64url:86}}',
      ],
      harmless: [
        'eyJBB.eyJCC.eyJDDDD',
        JWT_HEAD,
        `${JWT_HEAD}.eyJ{{base64url:40}}`,
        'token=<header>.<payload>.<signature>',
      ],
    },
  },
  {
    id: 'jwt-unsigned',
    provider: 'JWT',
    description: 'JSON Web Token without a signature',
    keywords: ['eyj'],
    severity: 'low',
    confidence: 'hint',
    entropy: 3.5,
    validator: 'jwt',
    window: { before: 64, after: 2048 },
    pattern: /(?<![\w-])(?<secret>ey[JA][\w-]{10,2000}\.ey[JA][\w-]{8,6000}\.?)(?![\w.-])/,
    examples: {
      secret: ['token={{b64url({"alg":"none"})}}.{{b64url({"user":"{{alnum:12}}"})}}.'],
      harmless: ['token=eyJBB.eyJCC', 'token={{b64url({"user":"{{alnum:12}}"})}}.{{b64url({"alg":"none"})}}'],
    },
  },
  {
    id: 'jwt-malformed',
    provider: 'JWT',
    description: 'Something called a JWT that has the form of one',
    keywords: ['jwt'],
    severity: 'medium',
    confidence: 'likely',
    entropy: 3.5,
    pattern:
      /jwt[\w.-]{0,24}["'`\]]{0,2}\s{0,4}[:=>]{1,5}\s{0,4}["'`]?(?:bearer )?(?<secret>ey[A-Za-z0-9]{16,1000}\.ey[\w-]{16,4000}\.[\w-]{10,1000})(?![\w-])/i,
    examples: {
      secret: ['jwt_token = "ey{{alnum:20}}.ey{{alnum:24}}.{{base64url:20}}"'],
      harmless: [
        'jwt_token = "eyxxxxxxxxxxxxxxxxxx.eyxxxxxxxxxxxxxxxxxx.xxxxxxxxxxxx"',
        'jwt_token = "ey{{alnum:20}}.{{alnum:24}}"',
      ],
    },
  },
  {
    id: 'jwt-mangled',
    provider: 'JWT',
    description: 'JSON Web Token with a damaged part',
    keywords: ['eyj'],
    severity: 'medium',
    confidence: 'likely',
    entropy: 3.5,
    validator: 'jwt-mangled',
    window: { before: 64, after: 2048 },
    pattern: /(?<![\w-])(?<secret>eyJ[\w-]{10,2000}\.eyJ[\w-]{8,6000}\.[\w-]{10,2000})(?![\w-])/,
    examples: {
      secret: ['token: {{b64url({"alg":"HS256"})}}.{{b64url({"iat:{{digit:10}})}}.{{base64url:43}}'],
      harmless: [
        'token: eyJ{{base64url:30}}.eyJ{{base64url:40}}.{{base64url:43}}',
        'token: {{b64url({"alg":"HS256"})}}.{{b64url({"iat:{{digit:10}})}}',
      ],
    },
  },
  {
    id: 'jwt-base64-mangled',
    provider: 'JWT',
    description: 'JSON Web Token with a damaged part, in base64',
    keywords: ['zxlk'],
    severity: 'medium',
    confidence: 'likely',
    entropy: 3.5,
    validator: 'base64-jwt-mangled',
    window: { before: 64, after: 2048 },
    pattern: /(?<![A-Za-z0-9+/])(?<secret>ZXlK[A-Za-z0-9+/]{40,8000}={0,2})/,
    examples: {
      secret: ['token: {{b64({{b64url({"alg":"HS256"})}}.{{b64url({"iat:{{digit:10}})}}.{{base64url:43}})}}'],
      harmless: ['token: ZXlK{{base64:80}}', 'token: {{b64(eyJhbGciOiJIUzI1NiJ9.{{alnum:30}})}}'],
    },
  },
  {
    id: 'jwt-base64',
    provider: 'JWT',
    description: 'JSON Web Token in base64',
    keywords: ['zxlk'],
    severity: 'high',
    confidence: 'certain',
    entropy: 3.5,
    validator: 'base64-jwt',
    window: { before: 64, after: 2048 },
    pattern: /(?<![A-Za-z0-9+/])(?<secret>ZXlK[A-Za-z0-9+/]{40,8000}={0,2})/,
    examples: {
      secret: [
        'token: {{b64({{b64url({"alg":"HS256","typ":"JWT"})}}.{{b64url({"sub":"{{alnum:20}}","a":1})}}.{{base64url:43}})}}',
      ],
      harmless: ['token: ZXlK{{base64:80}}', 'token: {{b64(eyJ)}}'],
    },
  },
  {
    id: 'basic-auth-header',
    provider: 'Basic authentication',
    description: 'User name and password in an Authorization header',
    keywords: ['basic '],
    severity: 'high',
    confidence: 'likely',
    entropy: 3,
    validator: 'basic-auth',
    pattern: /(?<![A-Za-z])Basic[ ]{1,3}(?<secret>[A-Za-z0-9+/]{8,600}={0,2})(?![A-Za-z0-9+/=])/i,
    examples: {
      secret: [
        'Authorization: Basic {{b64(svc-{{lower:5}}:{{alnum:16}})}}',
        "-H 'Authorization: basic {{b64(api:key-{{hex:32}})}}'",
      ],
      harmless: [
        'Authorization: Basic ...',
        'Basic Authentication is off',
        'Authorization: Basic {{base64:40}}',
        'Authorization: Basic $(echo -n x:y | base64)',
      ],
    },
  },
  {
    id: '1password-secret-key',
    provider: '1Password',
    description: '1Password account secret key',
    keywords: ['a3-'],
    severity: 'critical',
    confidence: 'certain',
    entropy: 3.6,
    rotate: 'https://support.1password.com/secret-key/',
    pattern:
      /(?<![A-Za-z0-9_-])(?<secret>A3-[A-Z0-9]{6}-(?:[A-Z0-9]{11}|[A-Z0-9]{6}-[A-Z0-9]{5})-[A-Z0-9]{5}-[A-Z0-9]{5}-[A-Z0-9]{5})(?![A-Za-z0-9_-])/,
    examples: {
      secret: [
        'A3-{{ALNUM:6}}-{{ALNUM:6}}-{{ALNUM:5}}-{{ALNUM:5}}-{{ALNUM:5}}-{{ALNUM:5}}',
        'key = "A3-{{ALNUM:6}}-{{ALNUM:11}}-{{ALNUM:5}}-{{ALNUM:5}}-{{ALNUM:5}}"',
      ],
      harmless: [
        'A3-XXXXXX-XXXXXX-XXXXX-XXXXX-XXXXX-XXXXX',
        'A3-{{ALNUM:6}}-{{ALNUM:6}}-{{ALNUM:5}}',
        'A3-{{lower:6}}-{{ALNUM:6}}-{{ALNUM:5}}-{{ALNUM:5}}-{{ALNUM:5}}-{{ALNUM:5}}',
      ],
    },
  },
  {
    id: '1password-service-account-token',
    provider: '1Password',
    description: '1Password service account token',
    keywords: ['ops_eyj'],
    severity: 'critical',
    confidence: 'certain',
    entropy: 4,
    window: { before: 64, after: 2048 },
    pattern: /(?<![A-Za-z0-9_])(?<secret>ops_eyJ[A-Za-z0-9+/_-]{250,4000}={0,3})/,
    rotate: 'https://developer.1password.com/docs/service-accounts/manage-service-accounts/',
    examples: {
      secret: ['OP_SERVICE_ACCOUNT_TOKEN=ops_{{b64url({"signInAddress":"{{alnum:200}}","secretKey":"{{alnum:80}}"})}}'],
      harmless: ['OP_SERVICE_ACCOUNT_TOKEN=ops_eyJzaWduSW5B..[Redacted]', `ops_eyJ${'x'.repeat(300)}`],
    },
  },
  {
    id: 'bitwarden-access-token',
    provider: 'Bitwarden',
    description: 'Bitwarden Secrets Manager access token',
    keywords: ['bws', 'bitwarden'],
    severity: 'critical',
    confidence: 'certain',
    entropy: 3.5,
    pattern:
      /(?:bws|bitwarden)[\s\S]{0,100}?(?<![\w.-])(?<secret>0\.[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\.[A-Za-z0-9]{30}:[A-Za-z0-9+/]{22}==)/i,
    examples: {
      secret: ['export BWS_ACCESS_TOKEN="0.{{uuid}}.{{alnum:30}}:{{base64:22}}=="'],
      harmless: ['export BWS_ACCESS_TOKEN="0.xxxx.xxxx:xxxx=="', 'BWS_ACCESS_TOKEN="0.{{uuid}}"'],
    },
  },
  {
    id: 'authress-access-key',
    provider: 'Authress',
    description: 'Authress service client access key',
    keywords: ['.acc_', '.acc-'],
    severity: 'high',
    confidence: 'certain',
    entropy: 3.5,
    pattern:
      /(?<![A-Za-z0-9_])(?<secret>(?:sc|ext|scauth|authress)_[a-z0-9]{5,30}\.[a-z0-9]{4,6}\.acc[_-][a-z0-9-]{10,32}\.[a-z0-9+/_=-]{30,120})(?![A-Za-z0-9_/+=-])/i,
    examples: {
      secret: ['accessKey = sc_{{lownum:11}}.{{lownum:4}}.acc_{{lownum:10}}.{{lownum:40}}'],
      harmless: [
        'accessKey = sc_xxxxx.xxxx.acc_xxxxxxxxxx.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
        'sc_{{lownum:11}}.{{lownum:4}}.acc_{{lownum:10}}',
      ],
    },
  },
  // biome-ignore format: a table, one service a line
  ...keyedRules([
    { id: 'auth0-client-secret', provider: 'Auth0', what: 'client secret', word: 'auth0', shapes: ['base64url:64'], severity: 'critical', entropy: 3, rotate: 'https://auth0.com/docs/get-started/applications/rotate-client-secret' },
    { id: '1password-connect-token', provider: '1Password', what: 'Connect token', word: '1password|op_connect', spelling: 'op_connect', keywords: ['1password', 'op_connect'], shapes: ['base64url:43'], severity: 'critical', entropy: 4 },
  ]),
];
