import type { Rule } from '../../types.ts';
import { type KeyedService, keyed, keyedRules } from './keyed.ts';
import { type PrefixedToken, prefixedRules } from './prefixed.ts';
import { spoken } from './service-row.ts';

const SENTRY_TOKENS = 'https://sentry.io/settings/account/api/auth-tokens/';

// biome-ignore format: a table, one line each
const TOKENS: readonly PrefixedToken[] = [
  ['posthog-personal-api-key', 'PostHog', 'personal API key', 'phx_', '[\\w-]{40,50}', '{{alnum:43}}', { entropy: 3.5, rotate: 'https://us.posthog.com/settings/user-api-keys' }],
  ['posthog-feature-flags-key', 'PostHog', 'feature flags secure key', 'phs_', '[\\w-]{40,50}', '{{alnum:43}}', { entropy: 3.5 }],
  ['segment-public-api-token', 'Segment', 'Public API token', 'sgp_', '[A-Za-z0-9]{64}', '{{alnum:64}}', { severity: 'critical', entropy: 3.7 }],
  ['sentry-user-token', 'Sentry', 'user token', 'sntryu_', '[0-9a-f]{64}', '{{hex:64}}', { rotate: SENTRY_TOKENS }],
  ['sentry-app-token', 'Sentry', 'integration token', 'sntrya_', '[0-9a-f]{64}', '{{hex:64}}', { rotate: SENTRY_TOKENS }],
  ['sentry-app-refresh-token', 'Sentry', 'integration refresh token', 'sntryr_', '[0-9a-f]{64}', '{{hex:64}}', { rotate: SENTRY_TOKENS }],
];

// biome-ignore format: a table, one line each
const SERVICES: readonly KeyedService[] = [
  { id: 'pagerduty-api-key', provider: 'PagerDuty', word: 'pagerduty|(?<![a-z])pd_(?:api|key|token)', spelling: 'pagerduty', keywords: ['pagerduty', 'pd_'], shapes: ['/[uy][+_][\\w+\\-]{18}/', '/[\\w+\\-]{20}/'], example: 'u+{{alnum:18}}', severity: 'high', entropy: 3.3 },
  { id: 'opsgenie-api-key', provider: 'Opsgenie', word: 'opsgenie', shapes: ['uuid'], severity: 'high' },
  { id: 'posthog-context-key', provider: 'PostHog', word: 'posthog', shapes: ['/ph[xsa]_[\\w\\-]{30,60}/'], example: 'phx_{{alnum:43}}', severity: 'high', entropy: 3.5 },
  { id: 'rollbar-access-token', provider: 'Rollbar', what: 'access token', word: 'rollbar', shapes: ['hex:32', 'hex:128'], severity: 'high' },
  { id: 'raygun-api-key', provider: 'Raygun', word: 'raygun', shapes: ['alnum:22'], entropy: 3.3 },
  { id: 'segment-access-token', provider: 'Segment', what: 'access token', word: 'segment', shapes: ['/[\\w\\-]{43}\\.[\\w\\-]{43}/'], example: '{{alnum:43}}.{{alnum:43}}', severity: 'critical', entropy: 3.7 },
  { id: 'segment-write-key', provider: 'Segment', what: 'write key', word: 'segment_?(?:io_?)?write_?key', spelling: 'segment_write_key', keywords: ['segment'], shapes: ['alnum:32'], entropy: 3.5 },
  { id: 'sentry-access-token', provider: 'Sentry', what: 'auth token', word: 'sentry', shapes: ['hex:64'], severity: 'high', entropy: 3, rotate: SENTRY_TOKENS },
  { id: 'splunk-token', provider: 'Splunk', what: 'token', word: 'splunk|hec_token', spelling: 'splunk', keywords: ['splunk', 'hec_token'], shapes: ['alnum:22', 'uuid'], severity: 'high', entropy: 2.8 },
  { id: 'splunk-observability-token', provider: 'Splunk Observability', what: 'access token', word: 'signalfx|sfx_|splunk_access', spelling: 'signalfx', keywords: ['signalfx', 'sfx_', 'splunk_access'], shapes: ['/[\\w\\-]{22}/'], example: '{{alnum:22}}', severity: 'high', entropy: 3.3 },
  { id: 'statuscake-api-key', provider: 'StatusCake', word: 'statuscake', shapes: ['alnum:20-30'], entropy: 3 },
  { id: 'statuspage-api-key', provider: 'Statuspage', word: 'statuspage', shapes: ['uuid', 'hex:64'] },
  { id: 'statuspal-api-key', provider: 'StatusPal', word: 'statuspal', shapes: ['alnum:32', 'alnum:20'] },
  { id: 'uptimerobot-api-key', provider: 'UptimeRobot', word: 'uptime[-_]?robot', spelling: 'uptimerobot', keywords: ['uptimerobot', 'uptime_robot', 'uptime-robot'], shapes: ['/[a-z0-9]{7,10}-[a-z0-9]{24,34}/'], example: 'u{{digit:7}}-{{hex:24}}' },
  { id: 'papertrail-api-token', provider: 'Papertrail', what: 'API token', word: 'papertrail', shapes: ['alnum:20'], entropy: 3.3 },
  { id: 'solarwinds-api-token', provider: 'SolarWinds', what: 'API token', word: 'solarwinds', shapes: ['base64url:71'], entropy: 3.7 },
  { id: 'pingdom-api-key', provider: 'Pingdom', word: 'pingdom', shapes: ['base64url:60-90', 'lownum:32'], entropy: 3.3 },
  { id: 'optimizely-api-token', provider: 'Optimizely', what: 'API token', word: 'optimizely', shapes: ['/[0-9a-z\\-]{50,60}:[a-z0-9]{1,8}/', '/2:[\\w\\-]{50,80}/'], example: '2:{{alnum:54}}', entropy: 3.3 },
  { id: 'sumologic-access-key', provider: 'Sumo Logic', what: 'access key', word: 'sumo(?:logic|[_.\\-]|(?=(?:access|token|key)))', spelling: 'sumologic', keywords: ['sumo'], shapes: ['alnum:64'], severity: 'high', entropy: 3.5 },
];

/** Rules for monitoring, logs, alerts and product analytics. */
export const monitoringRules: readonly Rule[] = [
  ...prefixedRules(TOKENS),
  ...keyedRules(SERVICES.map(spoken)),
  {
    id: 'sumologic-access-id',
    provider: 'Sumo Logic',
    description: 'Sumo Logic access id',
    keywords: ['sumo'],
    severity: 'low',
    confidence: 'likely',
    entropy: 3,
    pattern: keyed('sumo(?:logic|[_.\\-]|(?=(?:access|token|key)))', 'su[A-Za-z0-9]{12}'),
    examples: {
      secret: ['SUMO_ACCESS_ID = "su{{alnum:12}}"', 'sumologic.accessId = "su{{alnum:12}}"'],
      harmless: ['sumObj = su{{alnum:12}}', 'sumOfExposures = sumOfExposures;', 'SUMO_ACCESS_ID = "su{{alnum:20}}"'],
    },
  },
  {
    id: 'sentry-org-token',
    provider: 'Sentry',
    description: 'Sentry organization token',
    keywords: ['sntrys_'],
    severity: 'high',
    confidence: 'certain',
    entropy: 4,
    rotate: 'https://sentry.io/settings/auth-tokens/',
    window: { before: 64, after: 800 },
    pattern: /(?<![A-Za-z0-9_])(?<secret>sntrys_eyJ[A-Za-z0-9+/_-]{20,500}={0,2}_[A-Za-z0-9+/]{43})(?![A-Za-z0-9+/_-])/,
    examples: {
      secret: [
        'SENTRY_AUTH_TOKEN=sntrys_{{b64({"iat":1700000000,"url":"https://sentry.io","region_url":"https://us.sentry.io","org":"acme"})}}_{{base64:43}}',
      ],
      harmless: [
        'SENTRY_AUTH_TOKEN=sntrys_{{alnum:92}}_{{alnum:43}}',
        'sntrys_eyJ{{alnum:60}}_{{alnum:44}}',
        'sntrys_eyJ{{alnum:60}}_{{alnum:42}}',
      ],
    },
  },
  {
    id: 'sentry-dsn-secret',
    provider: 'Sentry',
    description: 'Sentry DSN with its secret part',
    keywords: ['sentry'],
    severity: 'medium',
    confidence: 'certain',
    entropy: 2.8,
    pattern: /https?:\/\/[0-9a-f]{32}:(?<secret>[0-9a-f]{32})@[\w.-]{0,60}sentry[\w.-]{0,60}\/[0-9]{1,20}(?![0-9])/i,
    examples: {
      secret: ['https://{{hex:32}}:{{hex:32}}@sentry.io/{{digit:6}}'],
      harmless: ['https://{{hex:32}}@o1.ingest.sentry.io/{{digit:6}}', 'https://public:secret@sentry.example.com/1'],
    },
  },
];
