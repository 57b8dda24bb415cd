import type { Rule } from '../../types.ts';
import { keyedRules } from './keyed.ts';
import { prefixedRules, standalone } from './prefixed.ts';
import { fromRow, JWT_LIKE, type ServiceRow } from './service-row.ts';

const JWT_EXAMPLE = 'eyJ{{alnum:33}}.eyJ{{alnum:120}}.{{alnum:43}}';

const SERVICES: readonly ServiceRow[] = [
  ['madkudu', 'MadKudu', 'hex:32'],
  ['magnetic', 'Magnetic', 'uuid', { strict: true }],
  [
    'mapbox-bound',
    'Mapbox',
    '/[pst]k\\.[a-z0-9_-]{40,240}\\.[\\w-]{20,24}/',
    { word: 'mapbox', what: 'access token', example: 'pk.{{alnum:60}}.{{alnum:22}}', entropy: 3.5 },
  ],
  ['mapquest', 'MapQuest', 'alnum:32'],
  ['maxmind-legacy', 'MaxMind', 'alnum:16', { word: 'maxmind', what: 'license key', strict: true }],
  ['mediastack', 'mediastack', 'lownum:32'],
  [
    'meistertask',
    'MeisterTask',
    'base64url:43',
    { word: 'meister_?task', spelling: 'meistertask', keywords: ['meistertask', 'meister_task'] },
  ],
  ['meraki', 'Cisco Meraki', 'hex:40', { strict: true, entropy: 3, severity: 'critical' }],
  [
    'messagebird',
    'MessageBird',
    ['alnum:25', 'uuid'],
    {
      word: 'message_?bird',
      spelling: 'messagebird',
      keywords: ['messagebird', 'message_bird'],
      what: 'access key or client id',
      severity: 'high',
      rotate: 'https://dashboard.messagebird.com/en/developers/access',
    },
  ],
  [
    'mindmeister',
    'MindMeister',
    'base64url:43',
    { word: 'mind_?meister', spelling: 'mindmeister', keywords: ['mindmeister', 'mind_meister'] },
  ],
  ['miro', 'Miro', ['alnum:26-27', 'alnum:35-37'], { strict: true }],
  ['monday', 'monday.com', JWT_LIKE, { example: JWT_EXAMPLE, severity: 'high' }],
  ['newsapi', 'News API', 'lownum:32', { word: 'news_?api', spelling: 'newsapi', keywords: ['newsapi', 'news_api'] }],
  ['newscatcher', 'NewsCatcher', 'base64url:43'],
  ['nicereply', 'Nicereply', 'hex:40'],
  ['nimble', 'Nimble', 'alnum:30', { strict: true, entropy: 3.3 }],
  [
    'notion-bound',
    'Notion',
    '/secret_[a-z0-9]{43}/',
    { word: 'notion', what: 'integration token', example: 'secret_{{alnum:43}}', entropy: 3.5 },
  ],
  [
    'nozbe',
    'Nozbe',
    '/[a-z0-9]{16}_[\\w-]{60,70}(?:==)?/',
    { word: 'nozbe(?:teams)?', spelling: 'nozbe', example: '{{alnum:16}}_{{base64url:64}}' },
  ],
];

/** Rules for other services, providers M and N. */
export const servicesMRules: readonly Rule[] = [
  ...prefixedRules([
    [
      'mercury-api-token',
      'Mercury',
      'API token',
      'secret-token:mercury_',
      '(?:production|sandbox)_[\\w-]{30,120}',
      'production_wma_{{alnum:44}}',
      { severity: 'critical' },
    ],
    [
      'ntfy-access-token',
      'ntfy',
      'access token',
      'tk_',
      '[a-z0-9]{29}',
      '{{lownum:29}}',
      { severity: 'medium', confidence: 'likely', entropy: 3.5 },
    ],
    [
      'mapbox-secret-token',
      'Mapbox',
      'secret access token',
      'sk.eyJ1Ijoi',
      '[\\w-]{40,240}\\.[\\w-]{22}',
      '{{alnum:60}}.{{base64url:22}}',
      { entropy: 3.5, rotate: 'https://console.mapbox.com/account/access-tokens/' },
    ],
    [
      'mapbox-temporary-token',
      'Mapbox',
      'temporary access token',
      'tk.eyJ1Ijoi',
      '[\\w-]{40,240}\\.[\\w-]{22}',
      '{{alnum:60}}.{{base64url:22}}',
      { entropy: 3.5, severity: 'medium' },
    ],
    [
      'mapbox-public-token',
      'Mapbox',
      'public access token',
      'pk.eyJ1Ijoi',
      '[\\w-]{40,240}\\.[\\w-]{22}',
      '{{alnum:60}}.{{base64url:22}}',
      { entropy: 3.5, severity: 'low' },
    ],
    ['nightfall-api-key', 'Nightfall', 'API key', 'NF-', '[A-Za-z0-9]{32}', '{{alnum:32}}'],
    [
      'notion-integration-token',
      'Notion',
      'integration token',
      'ntn_',
      '\\d{11}[A-Za-z0-9]{35}',
      '{{digit:11}}{{alnum:35}}',
      { entropy: 3.5, rotate: 'https://www.notion.so/profile/integrations' },
    ],
    [
      'notion-legacy-token',
      'Notion',
      'integration token',
      'secret_',
      '[A-Za-z0-9]{43}',
      '{{alnum:43}}',
      { entropy: 4, confidence: 'likely', rotate: 'https://www.notion.so/profile/integrations' },
    ],
  ]),
  {
    id: 'maxmind-license-key',
    provider: 'MaxMind',
    description: 'MaxMind license key',
    keywords: ['_mmk'],
    severity: 'high',
    confidence: 'certain',
    entropy: 2.9,
    pattern: standalone('[A-Za-z0-9]{6}_[A-Za-z0-9]{29}_mmk'),
    rotate: 'https://www.maxmind.com/en/accounts/current/license-key',
    examples: {
      secret: ['LicenseKey {{alnum:6}}_{{alnum:29}}_mmk'],
      harmless: [`LicenseKey ${'x'.repeat(6)}_${'x'.repeat(29)}_mmk`, 'LicenseKey {{alnum:6}}_{{alnum:9}}_mmk'],
    },
  },
  ...keyedRules(SERVICES.map(fromRow)),
];
