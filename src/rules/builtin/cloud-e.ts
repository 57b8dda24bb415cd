import type { Rule } from '../../types.ts';
import { keyed, keyedRules } from './keyed.ts';
import { prefixedRules, standalone } from './prefixed.ts';
import { fromRow, type ServiceRow } from './service-row.ts';

const NETLIFY = 'https://app.netlify.com/user/applications';
const HEROKU = 'https://dashboard.heroku.com/account';
const FLY = 'https://fly.io/dashboard/personal/tokens';
const netlify = { severity: 'critical', entropy: 3.5, rotate: NETLIFY } as const;

const SERVICES: readonly ServiceRow[] = [
  [
    'fastly',
    'Fastly',
    '/[\\w=-]{32}/',
    {
      what: 'API token',
      example: '{{base64url:32}}',
      severity: 'critical',
      entropy: 3.2,
      rotate: 'https://manage.fastly.com/account/personal/tokens',
    },
  ],
  ['gandi', 'Gandi', ['alnum:24', 'hex:40'], { strict: true, severity: 'critical' }],
  [
    'godaddy',
    'GoDaddy',
    ['alnum:22', '/[a-z0-9]{11,14}_[a-z0-9]{22}/'],
    { example: '{{alnum:12}}_{{alnum:22}}', severity: 'critical', rotate: 'https://developer.godaddy.com/keys' },
  ],
  [
    'hetzner',
    'Hetzner',
    'alnum:64',
    {
      word: 'hetzner|hcloud',
      spelling: 'hcloud',
      keywords: ['hetzner', 'hcloud'],
      what: 'Cloud API token',
      severity: 'critical',
      entropy: 3.5,
    },
  ],
  [
    'huawei-cloud-secret',
    'Huawei Cloud',
    'alnum:40',
    {
      word: 'huawei(?:cloud)?|hw_(?:access|secret)',
      spelling: 'huaweicloud',
      keywords: ['huawei', 'hw_access', 'hw_secret'],
      what: 'access or secret key',
      severity: 'critical',
      entropy: 3.5,
    },
  ],
  ['imagekit', 'ImageKit', '/(?:private_)?[a-z0-9+/]{27,36}=/', { word: 'imagekit', example: 'private_{{alnum:27}}=' }],
  [
    'jumpcloud',
    'JumpCloud',
    ['hex:40', '/jca_[a-z0-9]{36}/'],
    { example: 'jca_{{alnum:36}}', severity: 'critical', rotate: 'https://console.jumpcloud.com/' },
  ],
  [
    'jenkins',
    'Jenkins',
    ['hex:32', 'hex:34', 'hex:64'],
    { what: 'API token or crumb', strict: true, severity: 'critical' },
  ],
  [
    'linode',
    'Linode',
    'hex:64',
    { what: 'API token', severity: 'critical', rotate: 'https://cloud.linode.com/profile/tokens' },
  ],
  [
    'mongodb-atlas',
    'MongoDB',
    'uuid',
    {
      word: 'atlas|mongodb',
      spelling: 'mongodb',
      keywords: ['atlas', 'mongodb'],
      what: 'Atlas private key',
      strict: true,
      severity: 'critical',
    },
  ],
  [
    'netlify',
    'Netlify',
    ['base64url:40-46', 'hex:63-64'],
    { what: 'access token', severity: 'critical', entropy: 3.2, rotate: NETLIFY },
  ],
  [
    'ngrok',
    'ngrok',
    ['/[a-z0-9]{27}_[a-z0-9]{18,24}/', '/[0-9][a-z0-9]{20,30}_[a-z0-9]{18,24}/'],
    {
      what: 'auth token or API key',
      example: '2{{alnum:26}}_{{alnum:21}}',
      severity: 'high',
      rotate: 'https://dashboard.ngrok.com/',
    },
  ],
  [
    'elastic-cloud',
    'Elastic',
    ['/[a-z0-9+/]{58}==/', '/[a-z0-9+/]{59}=/'],
    {
      word: 'elastic(?:_?search)?|kibana',
      spelling: 'elastic',
      example: '{{base64:58}}==',
      keywords: ['elastic', 'kibana'],
      severity: 'critical',
      entropy: 4,
    },
  ],
];

/** Rules for clouds, hosting and databases, providers E to N. */
export const cloudERules: readonly Rule[] = [
  {
    id: 'flyio-access-token',
    provider: 'Fly.io',
    description: 'Fly.io access token',
    keywords: ['fm1a_', 'fm1r_', 'fm2_'],
    severity: 'critical',
    confidence: 'certain',
    entropy: 4,
    rotate: FLY,
    window: { before: 128, after: 2560 },
    pattern: standalone('fm(?:1[ar]|2)_[A-Za-z0-9+/]{90,2400}={0,3}', '\\w+/=\\-'),
    examples: {
      secret: ['FLY_API_TOKEN="FlyV1 fm2_{{base64:160}}"'],
      harmless: [`FLY_API_TOKEN="FlyV1 fm2_${'x'.repeat(160)}"`, 'FLY_API_TOKEN="FlyV1 fm2_{{base64:30}}"'],
    },
  },
  {
    id: 'heroku-api-key',
    provider: 'Heroku',
    description: 'Heroku API key in UUID form',
    keywords: ['heroku'],
    severity: 'critical',
    confidence: 'likely',
    entropy: 2.8,
    rotate: HEROKU,
    pattern: keyed('heroku', '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}', {}),
    examples: {
      secret: ['HEROKU_API_KEY={{uuid}}', '"heroku_token": "{{uuid}}"'],
      harmless: [
        'HEROKU_API_KEY=00000000-0000-0000-0000-000000000000',
        'HEROKU_API_KEY=$HEROKU_API_KEY',
        'HEROKU_APP=my-app-{{hex:12}}',
      ],
    },
  },
  {
    id: 'mongodb-connection-string',
    provider: 'MongoDB',
    description: 'password in a MongoDB connection string',
    keywords: ['mongodb://', 'mongodb+srv://'],
    severity: 'critical',
    confidence: 'likely',
    entropy: 2,
    pattern:
      /mongodb(?:\+srv)?:\/\/[^\s:/@"'`<>${}]{1,128}:(?<secret>(?!(?:your[\w-]{0,40}|my[_-]?(?:secret|pass)\w{0,20}|password|passwd|pass|pwd|secret|example|changeme|x+|\*+)@)[^\s/@"'`<>${}[\]]{3,256})@(?!localhost|127\.0\.0\.1|mongo\b|mongodb\b|example\.)[A-Za-z0-9][\w.-]{0,255}/i,
    rotate: 'https://cloud.mongodb.com/',
    examples: {
      secret: ['mongodb+srv://app:{{alnum:14}}@cluster0.ab1cd.mongodb.net/db?retryWrites=true'],
      harmless: [
        'mongodb+srv://<user>:<password>@cluster0.ab1cd.mongodb.net/db',
        'mongodb://user:password@db.test/x',
        'mongodb://localhost:27017/db',
      ],
    },
  },
  ...prefixedRules([
    [
      'flyio-personal-token',
      'Fly.io',
      'personal access token',
      'fo1_',
      '[\\w-]{43}',
      '{{base64url:43}}',
      { severity: 'critical', entropy: 3.5, rotate: FLY },
    ],
    [
      'harness-api-key',
      'Harness',
      'personal access token',
      'pat.',
      '[\\w-]{22}\\.[0-9A-Za-z]{24}\\.[0-9A-Za-z]{20}',
      '{{alnum:22}}.{{alnum:24}}.{{alnum:20}}',
      { entropy: 3.5 },
    ],
    [
      'harness-service-account-key',
      'Harness',
      'service account token',
      'sat.',
      '[\\w-]{22}\\.[0-9A-Za-z]{24}\\.[0-9A-Za-z]{20}',
      '{{alnum:22}}.{{alnum:24}}.{{alnum:20}}',
      { entropy: 3.5, severity: 'critical' },
    ],
    [
      'heroku-platform-token',
      'Heroku',
      'platform API key',
      'HRKU-',
      '[\\w-]{60}',
      'AA{{base64url:58}}',
      { severity: 'critical', entropy: 3.5, rotate: HEROKU },
    ],
    [
      'heroku-platform-uuid-token',
      'Heroku',
      'platform API key',
      'HRKU-',
      '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}',
      '{{uuid}}',
      { severity: 'critical', rotate: HEROKU },
    ],
    [
      'infracost-api-token',
      'Infracost',
      'API token',
      'ico-',
      '(?![0-9a-f]{32})[A-Za-z0-9]{32}',
      '{{alnum:32}}',
      { entropy: 3.3 },
    ],
    [
      'mongodb-atlas-service-account-secret',
      'MongoDB',
      'Atlas service account secret',
      'mdb_sa_sk_',
      '[\\w-]{40}',
      '{{base64url:40}}',
      { severity: 'critical' },
    ],
    ['neon-api-key', 'Neon', 'API key', 'napi_', '[a-z0-9]{60,70}', '{{lownum:64}}', { severity: 'critical' }],
    ['netlify-personal-token', 'Netlify', 'personal access token', 'nfp_', '[A-Za-z0-9]{36}', '{{alnum:36}}', netlify],
    ['netlify-cli-token', 'Netlify', 'CLI token', 'nfc_', '[A-Za-z0-9]{36}', '{{alnum:36}}', netlify],
    ['netlify-oauth-token', 'Netlify', 'OAuth token', 'nfo_', '[A-Za-z0-9]{36}', '{{alnum:36}}', netlify],
    ['netlify-app-token', 'Netlify', 'app token', 'nfu_', '[A-Za-z0-9]{36}', '{{alnum:36}}', netlify],
    ['netlify-build-token', 'Netlify', 'build token', 'nfb_', '[A-Za-z0-9]{36}', '{{alnum:36}}', netlify],
    ['ionic-access-token', 'Ionic', 'access token', 'ion_', '[A-Za-z0-9]{42}', '{{alnum:42}}', { entropy: 3.5 }],
  ]),
  ...keyedRules(SERVICES.map(fromRow)),
];
