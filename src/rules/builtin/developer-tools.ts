import type { Rule } from '../../types.ts';
import { type KeyedService, keyedRules } from './keyed.ts';
import { type PrefixedToken, prefixedRules, standalone } from './prefixed.ts';
import { spoken } from './service-row.ts';

const PYPI_TOKENS = 'https://pypi.org/manage/account/token/';
const SONAR = '[A-Za-z0-9]{40}';
const POSTMAN_KEYS = 'https://go.postman.co/settings/me/api-keys';

// biome-ignore format: a table, one line each
const TOKENS: readonly PrefixedToken[] = [
  ['postman-api-token', 'Postman', 'API key', 'PMAK-', '[0-9a-f]{24}-[0-9a-f]{34}', '{{hex:24}}-{{hex:34}}', { rotate: POSTMAN_KEYS }],
  ['postman-collection-token', 'Postman', 'collection access key', 'PMAT-', '[0-9A-Z]{26}', '{{ALNUM:26}}', { severity: 'medium', rotate: POSTMAN_KEYS }],
  ['prefect-api-token', 'Prefect', 'API key', 'pnu_', '[A-Za-z0-9]{36}', '{{alnum:36}}', { rotate: 'https://app.prefect.cloud/my/api-keys' }],
  ['prefect-bot-token', 'Prefect', 'service account key', 'pnb_', '[A-Za-z0-9]{36}', '{{alnum:36}}'],
  ['rubygems-api-token', 'RubyGems', 'API key', 'rubygems_', '[0-9a-f]{48}', '{{hex:48}}', { severity: 'critical', rotate: 'https://rubygems.org/profile/api_keys' }],
  ['readme-api-token', 'ReadMe', 'API key', 'rdme_', '[a-z0-9]{70,74}', '{{lownum:70}}'],
  ['sourcegraph-access-token', 'Sourcegraph', 'access token', 'sgp_', '(?:[0-9a-fA-F]{16}_|local_){0,2}[0-9a-fA-F]{40}', '{{hex:16}}_{{hex:40}}'],
  ['sourcegraph-dotcom-token', 'Sourcegraph', 'user gateway token', 'sgd_', '[0-9a-f]{64}', '{{hex:64}}'],
  ['sourcegraph-license-token', 'Sourcegraph', 'license key token', 'slk_', '[0-9a-f]{64}', '{{hex:64}}'],
  ['typeform-api-token', 'Typeform', 'personal access token', 'tfp_', '[\\w=.-]{40,62}', '{{alnum:44}}', { rotate: 'https://admin.typeform.com/user/tokens' }],
  ['retool-api-key', 'Retool', 'API key', 'retool_01', '[a-z0-9]{24}', '{{lownum:24}}'],
  ['rootly-api-key', 'Rootly', 'API key', 'rootly_', '[0-9a-f]{64}', '{{hex:64}}'],
  ['samsara-api-token', 'Samsara', 'API token', 'samsara_api_', '[A-Za-z0-9]{30}', '{{alnum:30}}'],
  ['packagist-token', 'Private Packagist', 'token', 'packagist_', '(?:ack|ort|orw|out|uut|uwt)_[0-9a-f]{60,72}', 'uut_{{hex:68}}'],
  ['stackhawk-api-key', 'StackHawk', 'API key', 'hawk.', '[\\w-]{20}\\.[\\w-]{20}', '{{alnum:20}}.{{alnum:20}}', { entropy: 3.5 }],
  ['tinybird-token', 'Tinybird', 'token', 'p.eyJ', '[\\w-]{40,200}\\.[\\w-]{27,60}', '{{alnum:60}}.{{alnum:43}}', { entropy: 3.5 }],
  ['trello-api-token', 'Trello', 'API token', 'ATTA', '[0-9a-f]{64}[0-9A-F]{8}', '{{hex:64}}{{HEX:8}}', { entropy: 3.3, keywords: ['atta'], rotate: 'https://trello.com/my/account' }],
  ['unkey-root-key', 'Unkey', 'root key', 'unkey_', '[A-Za-z0-9]{20,30}', '{{alnum:22}}', { severity: 'critical', entropy: 3.5 }],
  ['wakatime-api-key', 'WakaTime', 'API key', 'waka_', '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}', '{{uuid}}', { severity: 'medium' }],
  ['weblate-user-token', 'Weblate', 'user token', 'wlu_', '[A-Za-z0-9]{36,40}', '{{alnum:36}}', { entropy: 3.5 }],
  ['weblate-project-token', 'Weblate', 'project token', 'wlp_', '[A-Za-z0-9]{36,40}', '{{alnum:36}}', { entropy: 3.5 }],
  ['zuplo-consumer-key', 'Zuplo', 'consumer key', 'zpka_', '[0-9a-f]{32}_[0-9a-f]{8}', '{{hex:32}}_{{hex:8}}'],
  ['pangea-service-token', 'Pangea', 'service token', 'pts_', '[a-z2-7]{32}', '{{[a-z2-7]:32}}', { entropy: 3.3 }],
  ['pydantic-logfire-token', 'Pydantic Logfire', 'token', 'pylf_v', '\\d_(?:us|eu)_[A-Za-z0-9]{40,52}', '1_us_{{alnum:44}}', { entropy: 3.5 }],
];

// biome-ignore format: a table, one line each
const SERVICES: readonly KeyedService[] = [
  { id: 'snyk-api-token', provider: 'Snyk', what: 'API token', word: 'snyk', shapes: ['uuid'], severity: 'high', rotate: 'https://app.snyk.io/account' },
  { id: 'sonar-legacy-token', provider: 'SonarQube', what: 'token', word: 'sonar(?:(?:qube|cloud)?[._\\-]?login[ ?]{0,2})?', spelling: 'sonar', shapes: ['alnum:40'], severity: 'high', entropy: 3, rotate: 'https://sonarcloud.io/account/security' },
  { id: 'sourcegraph-legacy-token', provider: 'Sourcegraph', what: 'access token', word: 'sourcegraph', shapes: ['hex:40'], severity: 'high', entropy: 3 },
  { id: 'travisci-access-token', provider: 'Travis CI', what: 'access token', word: 'travis', shapes: ['base64url:22'], severity: 'high', entropy: 3 },
  { id: 'rapidapi-access-token', provider: 'RapidAPI', what: 'access token', word: 'rapid-?api', spelling: 'rapidapi', keywords: ['rapidapi', 'rapid-api'], shapes: ['base64url:50'], severity: 'high', entropy: 3.3 },
  { id: 'sslmate-api-key', provider: 'SSLMate', word: 'sslmate', shapes: ['alnum:36'], severity: 'high' },
  { id: 'packagecloud-api-token', provider: 'Packagecloud', what: 'API token', word: 'packagecloud', shapes: ['hex:48'], severity: 'high' },
  { id: 'percy-token', provider: 'Percy', what: 'token', word: 'percy', shapes: ['/(?:web_|app_|auto_)?[0-9a-f]{64}/'], example: 'web_{{hex:64}}', severity: 'medium' },
  { id: 'shodan-api-key', provider: 'Shodan', word: 'shodan', shapes: ['alnum:32'], entropy: 3 },
  { id: 'spotify-client-secret', provider: 'Spotify', what: 'client secret', word: 'spotify', shapes: ['lownum:32'], severity: 'high', entropy: 3, rotate: 'https://developer.spotify.com/dashboard' },
  { id: 'strava-client-secret', provider: 'Strava', what: 'client secret', word: 'strava', shapes: ['hex:40'], severity: 'high' },
  { id: 'trello-api-key', provider: 'Trello', word: 'trello', shapes: ['hex:32', 'hex:64'], rotate: 'https://trello.com/power-ups/admin' },
  { id: 'virustotal-api-key', provider: 'VirusTotal', word: 'virustotal|vt_api', spelling: 'virustotal', keywords: ['virustotal', 'vt_api'], shapes: ['hex:64'], severity: 'high' },
  { id: 'webflow-api-token', provider: 'Webflow', what: 'API token', word: 'webflow', shapes: ['hex:64'], severity: 'high' },
  { id: 'zeplin-access-token', provider: 'Zeplin', what: 'access token', word: 'zeplin', shapes: ['/[a-z0-9][\\w.\\-]{119,359}/'], example: '{{alnum:200}}', entropy: 4 },
  { id: 'octopus-context-key', provider: 'Octopus Deploy', word: 'octopus', shapes: ['/API-[A-Z0-9]{25,32}/'], example: 'API-{{ALNUM:26}}', severity: 'critical', entropy: 3.2 },
  { id: 'qase-api-token', provider: 'Qase', word: 'qase', shapes: ['alnum:40'] },
  { id: 'scrutinizer-access-token', provider: 'Scrutinizer', what: 'access token', word: 'scrutinizer', shapes: ['hex:64'] },
  { id: 'semaphore-api-token', provider: 'Semaphore CI', what: 'API token', word: 'semaphore', strict: true, shapes: ['alnum:32'], severity: 'high' },
  { id: 'shortcut-api-token', provider: 'Shortcut', what: 'API token', word: 'shortcut|clubhouse', spelling: 'shortcut', keywords: ['shortcut', 'clubhouse'], shapes: ['uuid'], severity: 'high' },
  { id: 'versioneye-api-key', provider: 'VersionEye', word: 'versioneye', shapes: ['alnum:40'] },
];

/** Rules for package registries, builds, code quality, APIs and other tools of developers. */
export const developerToolsRules: readonly Rule[] = [
  ...prefixedRules(TOKENS),
  ...keyedRules(SERVICES.map(spoken)),
  {
    id: 'pypi-upload-token',
    provider: 'PyPI',
    description: 'PyPI upload token',
    keywords: ['pypi-ageichlwas5vcmc'],
    severity: 'critical',
    confidence: 'certain',
    entropy: 3.5,
    rotate: PYPI_TOKENS,
    window: { before: 64, after: 1100 },
    // A macaroon that names pypi.org; those limited to projects are long.
    pattern: standalone('pypi-AgEIcHlwaS5vcmc[\\w-]{50,1000}'),
    examples: {
      secret: ['password = pypi-AgEIcHlwaS5vcmc{{base64url:160}}x'],
      harmless: ['password = pypi-AgEIcHlwaS5vcmc{{alnum:20}}', `password = pypi-AgEIcHlwaS5vcmc${'x'.repeat(160)}`],
    },
  },
  {
    id: 'pypi-test-upload-token',
    provider: 'PyPI',
    description: 'TestPyPI upload token',
    keywords: ['pypi-agendgvzdc5wexbplm9yz'],
    severity: 'medium',
    confidence: 'certain',
    entropy: 3.5,
    rotate: 'https://test.pypi.org/manage/account/token/',
    window: { before: 64, after: 1100 },
    pattern: standalone('pypi-AgENdGVzdC5weXBpLm9yZ[\\w-]{50,1000}'),
    examples: {
      secret: ['password = pypi-AgENdGVzdC5weXBpLm9yZ{{base64url:160}}x'],
      harmless: ['password = pypi-AgENdGVzdC5weXBpLm9yZ{{alnum:20}}'],
    },
  },
  {
    id: 'rapidapi-key',
    provider: 'RapidAPI',
    description: 'RapidAPI key',
    keywords: ['msh'],
    severity: 'high',
    confidence: 'certain',
    entropy: 3.3,
    rotate: 'https://rapidapi.com/developer/apps',
    pattern: standalone('[0-9a-z]{10}msh[0-9a-z]{15}p1[0-9a-z]{5}jsn[0-9a-z]{12}'),
    examples: {
      secret: ['"X-RapidAPI-Key": "{{hex:10}}msh{{hex:15}}p1{{hex:5}}jsn{{hex:12}}"'],
      harmless: ['"X-RapidAPI-Key": "{{hex:10}}msh{{hex:15}}"', '"{{hex:10}}msh{{hex:15}}p2{{hex:5}}json{{hex:12}}"'],
    },
  },
  {
    id: 'snyk-oauth-token',
    provider: 'Snyk',
    description: 'Snyk personal or service account token',
    keywords: ['snyk_uat.', 'snyk_sat.'],
    severity: 'high',
    confidence: 'certain',
    entropy: 3.5,
    rotate: 'https://app.snyk.io/account',
    window: { before: 64, after: 900 },
    pattern: standalone('snyk_[us]at\\.[A-Za-z0-9]{8}\\.[\\w-]{20,600}\\.[\\w-]{20,200}'),
    examples: {
      secret: ['snyk_uat.{{hex:8}}.{{alnum:80}}.{{alnum:43}}'],
      harmless: ['snyk_uat.{{hex:8}}', `snyk_uat.00000000.${'x'.repeat(80)}.${'x'.repeat(43)}`],
    },
  },
  {
    id: 'sonar-api-token',
    provider: 'SonarQube',
    description: 'SonarQube or SonarCloud token',
    keywords: ['squ_', 'sqp_', 'sqa_'],
    severity: 'high',
    confidence: 'certain',
    entropy: 3,
    rotate: 'https://sonarcloud.io/account/security',
    pattern: standalone(`sq[upa]_${SONAR}`),
    examples: {
      secret: ['sonar.login=squ_{{hex:40}}', 'SONAR_TOKEN: sqp_{{hex:40}}'],
      harmless: [`SONAR_TOKEN: sqp_${'0'.repeat(40)}`, 'SONAR_TOKEN: sqp_{{hex:32}}'],
    },
  },
  {
    id: 'octopus-deploy-api-key',
    provider: 'Octopus Deploy',
    description: 'Octopus Deploy API key',
    keywords: ['api-'],
    severity: 'critical',
    confidence: 'certain',
    entropy: 3.2,
    // A digit is asked for: upper-case words after `API-` are as long.
    pattern: /(?<![A-Za-z0-9_-])(?<secret>API-(?=[A-Z]{0,24}[0-9])[A-Z0-9]{26})(?![A-Za-z0-9_-])/,
    examples: {
      secret: ['octopus_api_key = "API-{{ALNUM:25}}7"'],
      harmless: ['GSSAPI-{{upper:26}}', 'API-{{ALNUM:32}}', 'API-{{upper:26}}'],
    },
  },
  {
    id: 'sidekiq-secret',
    provider: 'Sidekiq',
    description: 'Sidekiq Pro or Enterprise gem server credentials',
    keywords: ['contribsys__com'],
    severity: 'high',
    confidence: 'certain',
    pattern:
      /BUNDLE_(?:GEMS|ENTERPRISE)__CONTRIBSYS__COM\w{0,12}["']?[ \t]{0,5}(?:[:?]{0,3}=|:|=>)[ \t]{0,5}["']?(?<secret>[0-9a-f]{8}:[0-9a-f]{8})(?![A-Za-z0-9_-])/i,
    examples: {
      secret: [
        'export BUNDLE_GEMS__CONTRIBSYS__COM={{hex:8}}:{{hex:8}}',
        'BUNDLE_ENTERPRISE__CONTRIBSYS__COM: "{{hex:8}}:{{hex:8}}"',
      ],
      harmless: ['export BUNDLE_GEMS__CONTRIBSYS__COM=$SIDEKIQ', 'BUNDLE_GEMS__CONTRIBSYS__COM=user:password'],
    },
  },
  {
    id: 'sidekiq-url-credentials',
    provider: 'Sidekiq',
    description: 'Sidekiq Pro or Enterprise gem server URL with credentials',
    keywords: ['contribsys.com'],
    severity: 'high',
    confidence: 'certain',
    pattern: /https?:\/\/(?<secret>[0-9a-f]{8}:[0-9a-f]{8})@(?:gems|enterprise)\.contribsys\.com(?![A-Za-z0-9_-])/i,
    examples: {
      secret: ['source "https://{{hex:8}}:{{hex:8}}@gems.contribsys.com/"'],
      harmless: ['source "https://user:pass@gems.contribsys.com/"', 'source "https://gems.contribsys.com/"'],
    },
  },
];
