import type { Rule } from '../../types.ts';
import { type KeyedService, keyed, keyedRules } from './keyed.ts';
import { type PrefixedToken, prefixedRules } from './prefixed.ts';
import { spoken } from './service-row.ts';

const VERCEL_TOKENS = 'https://vercel.com/account/tokens';
const SUPABASE_TOKENS = 'https://supabase.com/dashboard/account/tokens';
const TAILSCALE_KEYS = 'https://login.tailscale.com/admin/settings/keys';
const YANDEX_KEYS = 'https://yandex.cloud/en/docs/iam/operations/api-key/delete';
const vercel = { rotate: VERCEL_TOKENS, severity: 'critical', entropy: 3.3 } as const;

// biome-ignore format: a table, one line each
const TOKENS: readonly PrefixedToken[] = [
  ['planetscale-password', 'PlanetScale', 'database password', 'pscale_pw_', '[\\w=.-]{32,64}', '{{alnum:43}}', { severity: 'critical', rotate: 'https://app.planetscale.com' }],
  ['planetscale-api-token', 'PlanetScale', 'service token', 'pscale_tkn_', '[\\w=.-]{30,64}', '{{alnum:43}}', { severity: 'critical', rotate: 'https://app.planetscale.com' }],
  ['planetscale-oauth-token', 'PlanetScale', 'OAuth token', 'pscale_oauth_', '[\\w=.-]{30,64}', '{{alnum:43}}', { severity: 'critical', rotate: 'https://app.planetscale.com' }],
  ['pulumi-access-token', 'Pulumi', 'access token', 'pul-', '[0-9a-f]{40}', '{{hex:40}}', { severity: 'critical', rotate: 'https://app.pulumi.com/account/tokens' }],
  ['supabase-access-token', 'Supabase', 'personal access token', 'sbp_', '(?:oauth_|v0_)?[a-z0-9]{40}', '{{hex:40}}', { severity: 'critical', rotate: SUPABASE_TOKENS }],
  ['supabase-secret-key', 'Supabase', 'secret API key', 'sb_secret_', '[\\w-]{30,42}', '{{alnum:31}}', { severity: 'critical', rotate: 'https://supabase.com/dashboard/project/_/settings/api-keys' }],
  ['vercel-personal-token', 'Vercel', 'personal access token', 'vcp_', '[A-Za-z0-9]{24,60}', '{{alnum:56}}', vercel],
  ['vercel-integration-token', 'Vercel', 'integration token', 'vci_', '[A-Za-z0-9]{24,60}', '{{alnum:56}}', vercel],
  ['vercel-app-access-token', 'Vercel', 'app access token', 'vca_', '[A-Za-z0-9]{24,60}', '{{alnum:56}}', vercel],
  ['vercel-app-refresh-token', 'Vercel', 'app refresh token', 'vcr_', '[A-Za-z0-9]{24,60}', '{{alnum:56}}', vercel],
  ['vercel-gateway-key', 'Vercel', 'AI gateway key', 'vck_', '[A-Za-z0-9]{24,60}', '{{alnum:56}}', { ...vercel, severity: 'high' }],
  ['vercel-blob-token', 'Vercel', 'Blob store token', 'vercel_blob_rw_', '[A-Za-z0-9]{12,20}_[A-Za-z0-9]{26,36}', '{{alnum:16}}_{{alnum:30}}'],
  ['scalingo-api-token', 'Scalingo', 'API token', 'tk-us-', '[\\w-]{48}', '{{alnum:48}}', { severity: 'critical', entropy: 3.3 }],
  ['settlemint-application-token', 'SettleMint', 'application access token', 'sm_aat_', '[A-Za-z0-9]{16}', '{{alnum:16}}'],
  ['settlemint-personal-token', 'SettleMint', 'personal access token', 'sm_pat_', '[A-Za-z0-9]{16}', '{{alnum:16}}'],
  ['settlemint-service-token', 'SettleMint', 'service access token', 'sm_sat_', '[A-Za-z0-9]{16}', '{{alnum:16}}'],
  ['openshift-user-token', 'OpenShift', 'user token', 'sha256~', '[\\w-]{43}', '{{alnum:43}}', { severity: 'critical', entropy: 3.5 }],
  ['render-api-key', 'Render', 'API key', 'rnd_', '[A-Za-z0-9]{28,36}', '{{alnum:32}}', { severity: 'critical', entropy: 3.3, rotate: 'https://dashboard.render.com/u/settings' }],
  ['ory-token', 'Ory', 'API key or token', 'ory_', '(?:pat|apikey|wak|st|at|rt|ac)_[\\w.-]{32,100}', 'pat_{{alnum:32}}', { entropy: 3.3 }],
  ['stytch-secret', 'Stytch', 'project secret', 'secret-', '(?:live|test)-[\\w=-]{36}', 'live-{{alnum:36}}', { severity: 'critical', entropy: 3.5, keywords: ['secret-live-', 'secret-test-'] }],
  ['upcloud-api-token', 'UpCloud', 'API token', 'ucat_01', '[0-9A-Z]{24}', '{{ALNUM:24}}', { severity: 'critical' }],
  ['xata-api-key', 'Xata', 'API key', 'xau_', '[A-Za-z0-9]{36,48}', '{{alnum:40}}', { severity: 'critical', entropy: 3.5 }],
  ['porkbun-secret-key', 'Porkbun', 'secret API key', 'sk1_', '[0-9a-f]{64}', '{{hex:64}}'],
  ['porkbun-api-key', 'Porkbun', 'API key', 'pk1_', '[0-9a-f]{64}', '{{hex:64}}', { severity: 'medium' }],
  ['scaleway-access-key', 'Scaleway', 'access key id', 'SCW', '[0-9A-Z]{17}', '{{ALNUM:17}}', { severity: 'low', confidence: 'likely', rotate: 'https://console.scaleway.com/iam/api-keys' }],
  ['yandex-api-key', 'Yandex Cloud', 'API key', 'AQVN', '[\\w-]{35,38}', '{{alnum:36}}', { severity: 'critical', entropy: 3.7, rotate: YANDEX_KEYS }],
  ['yandex-oauth-token', 'Yandex', 'OAuth token', 'y0_', '[\\w-]{54,62}', '{{alnum:56}}', { severity: 'critical', entropy: 3.7, rotate: 'https://id.yandex.ru/personal/data-access' }],
];

// biome-ignore format: a table, one line each
const SERVICES: readonly KeyedService[] = [
  { id: 'scaleway-secret-key', provider: 'Scaleway', what: 'secret key', word: 'scaleway|scw', spelling: 'scaleway', keywords: ['scaleway', 'scw'], shapes: ['uuid'], severity: 'critical', rotate: 'https://console.scaleway.com/iam/api-keys' },
  { id: 'vercel-legacy-token', provider: 'Vercel', what: 'access token', word: 'vercel', shapes: ['alnum:24'], severity: 'critical', entropy: 3.3, rotate: VERCEL_TOKENS },
  // Without a digit it may as well be the name of a function: the value has to convince by itself.
  { id: 'vercel-legacy-token-letters', provider: 'Vercel', what: 'access token', word: 'vercel', shapes: ['/[a-z]{24}/'], example: '{{alpha:24}}', severity: 'critical', confidence: 'hint', entropy: 3.7, rotate: VERCEL_TOKENS },
  { id: 'tencent-secret-key', provider: 'Tencent Cloud', what: 'secret key', word: 'tencent(?:cloud)?|qcloud|(?<![a-z])tc_secret', spelling: 'tencentcloud', keywords: ['tencent', 'qcloud', 'tc_secret'], shapes: ['/AKID[A-Za-z0-9]{32}/', 'alnum:32'], example: 'AKID{{alnum:32}}', severity: 'critical', entropy: 3.5 },
  { id: 'upstash-token', provider: 'Upstash', what: 'REST token', word: 'upstash|qstash', spelling: 'upstash', keywords: ['upstash', 'qstash'], shapes: ['/[AI][a-z0-9]{40,120}={0,2}/'], example: 'AX{{alnum:60}}', severity: 'high', entropy: 3.7 },
  { id: 'vultr-api-key', provider: 'Vultr', word: 'vultr', shapes: ['ALNUM:36'], severity: 'critical', entropy: 3, rotate: 'https://my.vultr.com/settings/#settingsapi' },
  { id: 'zerotier-api-token', provider: 'ZeroTier', what: 'API token', word: 'zerotier', shapes: ['alnum:32'], severity: 'critical', entropy: 3, rotate: 'https://my.zerotier.com/account' },
  { id: 'twingate-api-key', provider: 'Twingate', word: 'twingate', shapes: ['base64url:70-90'], severity: 'critical', entropy: 3.7 },
  { id: 'yandex-access-token', provider: 'Yandex', what: 'secret', word: 'yandex', shapes: ['/\\w{83,92}/'], example: '{{alnum:83}}', severity: 'high', entropy: 3.8 },
];

/** Rules for hosting, databases, networks and sign-in, providers O to Z: Okta, Supabase, Tailscale, Vercel, Yandex and others. */
export const cloudORules: readonly Rule[] = [
  ...prefixedRules(TOKENS),
  ...keyedRules(SERVICES.map(spoken)),
  {
    id: 'okta-access-token',
    provider: 'Okta',
    description: 'Okta API token',
    keywords: ['okta', 'ssws'],
    severity: 'critical',
    confidence: 'likely',
    entropy: 4,
    rotate: 'https://help.okta.com/okta_help.htm?id=ext_API',
    pattern:
      /(?<![A-Za-z])(?:okta(?!ble)|ssws)[^\n]{0,40}?[^A-Za-z0-9_-][ \t\n]{0,12}["'`]?(?<secret>00[A-Za-z0-9_-]{40})(?![A-Za-z0-9_-])/i,
    examples: {
      secret: [
        'oktaToken = "00{{alnum:40}}"',
        'Authorization: SSWS 00{{alnum:40}}',
        '<oktaToken>\n    00{{alnum:40}}\n</oktaToken>',
      ],
      harmless: [
        'rookTable = 00{{alnum:40}}',
        `oktaToken = 00${'0'.repeat(30)}{{alnum:10}}`,
        'oktaToken = 00{{alnum:50}}',
      ],
    },
  },
  {
    id: 'okta-client-secret',
    provider: 'Okta',
    description: 'Okta application client secret',
    keywords: ['okta'],
    severity: 'critical',
    confidence: 'likely',
    entropy: 3.7,
    pattern:
      /(?<![A-Za-z])okta[\w.-]{0,20}(?:client)?[_.-]?secret["']?[ \t]{0,4}[:=]{1,2}[ \t]{0,4}["']?(?<secret>[A-Za-z0-9_-]{40,64})(?![A-Za-z0-9_-])/i,
    examples: {
      secret: ['OKTA_CLIENT_SECRET={{alnum:40}}'],
      harmless: ['OKTA_CLIENT_SECRET={{alnum:12}}', `OKTA_CLIENT_SECRET=${'x'.repeat(40)}`],
    },
  },
  {
    id: 'yandex-iam-token',
    provider: 'Yandex Cloud',
    description: 'Yandex Cloud IAM token',
    keywords: ['t1.'],
    severity: 'high',
    confidence: 'certain',
    entropy: 3.7,
    window: { before: 64, after: 700 },
    pattern: /(?<![A-Za-z0-9_.])(?<secret>t1\.[A-Za-z0-9_-]{1,400}={0,2}\.[A-Za-z0-9_-]{86}={0,2})(?![A-Za-z0-9_=-])/,
    examples: {
      secret: ['yandex_token: t1.9eu{{alnum:120}}.{{alnum:86}}'],
      harmless: ['yandex_token: t1.9eu{{alnum:20}}', `t1.${'x'.repeat(10)}.${'x'.repeat(86)}`],
    },
  },
  {
    id: 'yandex-aws-access-token',
    provider: 'Yandex Cloud',
    description: 'Yandex Cloud static secret key',
    keywords: ['yandex', 'storage.yandexcloud', 'aws_secret'],
    severity: 'critical',
    confidence: 'likely',
    entropy: 3.7,
    rotate: YANDEX_KEYS,
    pattern:
      /(?:yandex|storage\.yandexcloud|aws_secret)[\s\S]{0,120}?(?<![A-Za-z0-9_-])(?<secret>YC[A-Za-z0-9_-]{38})(?![A-Za-z0-9_-])/i,
    examples: {
      secret: ['yandexToken = "YC{{alnum:38}}"'],
      harmless: ['yandexToken = "YC{{alnum:20}}"', `yandexToken = "YC${'x'.repeat(38)}"`],
    },
  },
  {
    id: 'tailscale-key',
    provider: 'Tailscale',
    description: 'Tailscale API, auth or OAuth client key',
    keywords: ['tskey-'],
    severity: 'critical',
    confidence: 'certain',
    rotate: TAILSCALE_KEYS,
    pattern: /(?<![A-Za-z])(?<secret>tskey-[a-z]{3,10}-[A-Za-z0-9]{6,24}-[A-Za-z0-9]{4,48})(?![A-Za-z0-9_-])/,
    examples: {
      secret: ['TS_AUTHKEY=tskey-auth-{{alnum:12}}CNTRL-{{alnum:32}}', 'key: tskey-client-{{alnum:16}}-{{alnum:32}}'],
      harmless: ['tskey-foo', 'xtskey-api-{{alnum:12}}-{{alnum:24}}', 'tskey-auth-<key>'],
    },
  },
  {
    id: 'turso-platform-token',
    provider: 'Turso',
    description: 'Turso database or platform token',
    keywords: ['turso', 'libsql'],
    severity: 'critical',
    confidence: 'likely',
    entropy: 4,
    window: { before: 128, after: 900 },
    pattern: keyed('turso|libsql', 'eyJ[\\w\\-]{20,300}\\.[\\w\\-]{20,400}\\.[\\w\\-]{60,120}'),
    examples: {
      secret: [
        'TURSO_AUTH_TOKEN={{b64url({"alg":"EdDSA","typ":"JWT"})}}.{{b64url({"a":"rw","iat":1700000000})}}.{{alnum:86}}',
      ],
      harmless: ['TURSO_AUTH_TOKEN=eyJ{{alnum:12}}'],
    },
  },
];
