import type { Rule } from '../../types.ts';
import { keyed, keyedRules } from './keyed.ts';
import { prefixedRules } from './prefixed.ts';
import { fromRow, type ServiceRow } from './service-row.ts';

const MAILGUN = 'https://app.mailgun.com/settings/api_security';

const SERVICES: readonly ServiceRow[] = [
  ['mailgun-legacy', 'Mailgun', ['hex:32', 'lownum:72'], { word: 'mailgun', severity: 'high', rotate: MAILGUN }],
  [
    'mandrill',
    'Mandrill',
    'base64url:22',
    { severity: 'high', entropy: 3.2, rotate: 'https://mandrillapp.com/settings' },
  ],
  [
    'mailjet',
    'Mailjet',
    ['alnum:32', '/[a-z0-9]{87}=/'],
    {
      word: 'mailjet|mj_apikey',
      spelling: 'mailjet',
      keywords: ['mailjet', 'mj_apikey'],
      example: '{{lownum:87}}=',
      severity: 'high',
      rotate: 'https://app.mailjet.com/account/apikeys',
    },
  ],
  [
    'mailerlite',
    'MailerLite',
    ['alnum:32', '/eyJ[\\w-]{20,600}\\.eyJ[\\w-]{20,2000}\\.[\\w-]{20,800}/'],
    { example: 'eyJ{{alnum:40}}.eyJ{{alnum:80}}.{{alnum:43}}' },
  ],
  ['mailsac', 'Mailsac', '/k_[a-z0-9]{36,50}/', { example: 'k_{{alnum:40}}' }],
  ['mailboxlayer', 'mailboxlayer', 'alnum:32'],
  [
    'mailmodo',
    'Mailmodo',
    '/[A-Z0-9]{7}-[A-Z0-9]{7}-[A-Z0-9]{7}-[A-Z0-9]{7}/',
    { example: '{{ALNUM:7}}-{{ALNUM:7}}-{{ALNUM:7}}-{{ALNUM:7}}' },
  ],
  ['mailosaur', 'Mailosaur', ['alnum:16', 'alnum:32']],
  ['mailtrap', 'Mailtrap', 'hex:32'],
  [
    'elasticemail',
    'Elastic Email',
    ['base64url:96', 'hex:96'],
    { word: 'elastic[_-]?e?mail|elastic[_-]?(?:api[_-]?)?key', spelling: 'elasticemail', keywords: ['elastic'] },
  ],
  ['getresponse', 'GetResponse', 'alnum:32', { severity: 'high' }],
  ['getemail', 'GetEmail', 'alnum:20', { confidence: 'hint', entropy: 3 }],
  ['hunter', 'Hunter', 'lownum:40', { word: 'hunter(?:[._-]?io)?', spelling: 'hunter', strict: true }],
  ['kickbox', 'Kickbox', '/(?:live|test)_[a-z0-9]{60,68}/', { example: 'live_{{alnum:64}}' }],
  ['lemlist', 'lemlist', 'lownum:32'],
  ['moosend', 'Moosend', 'uuid'],
  ['neverbounce', 'NeverBounce', '/(?:secret|private)_[a-z0-9]{32}/', { example: 'private_{{hex:32}}' }],
  ['nylas', 'Nylas', ['lownum:30', '/nyk_v0_[a-z0-9]{64}/'], { example: 'nyk_v0_{{alnum:64}}', severity: 'critical' }],
  ['mailinator', 'Mailinator', 'lownum:32'],
];

/** Rules for services that send, receive and check mail. */
export const mailRules: readonly Rule[] = [
  {
    id: 'mailchimp-api-key',
    provider: 'Mailchimp',
    description: 'Mailchimp API key',
    keywords: ['-us'],
    severity: 'high',
    confidence: 'certain',
    entropy: 2.9,
    // The token that the mobile SDK is started with is published with the app.
    pattern: /(?<!MailchimpSDK\.initialize\(token: ?["']?)(?<![\w-])(?<secret>[0-9a-f]{32}-us[1-9]\d?)(?![\w-])/,
    rotate: 'https://admin.mailchimp.com/account/api/',
    examples: {
      secret: ['mailchimp_api_key: {{hex:32}}-us18'],
      harmless: ['{{hex:32}}-al32', '{{hex:15}}-us2', `${'0'.repeat(32)}-us2`, '{{HEX:32}}-us2'],
    },
  },
  {
    id: 'mailgun-api-key',
    provider: 'Mailgun',
    description: 'Mailgun private API key',
    keywords: ['key-'],
    severity: 'high',
    confidence: 'likely',
    entropy: 2.9,
    rotate: MAILGUN,
    pattern: /(?<![\w-])(?<secret>(?<!pub)key-[0-9a-f]{32})(?![\w-])/,
    examples: {
      secret: ['MAILGUN_API_KEY=key-{{hex:32}}', "auth: 'api:key-{{hex:32}}'"],
      harmless: [`MAILGUN_API_KEY=key-${'0'.repeat(32)}`, 'MAILGUN_API_KEY=key-{{hex:16}}', 'monkey-{{hex:32}}'],
    },
  },
  {
    id: 'mailgun-public-key',
    provider: 'Mailgun',
    description: 'Mailgun public validation key',
    keywords: ['pubkey-'],
    severity: 'low',
    confidence: 'certain',
    entropy: 2.9,
    rotate: MAILGUN,
    pattern: /(?<![\w-])(?<secret>pubkey-[0-9a-f]{32})(?![\w-])/,
    examples: {
      secret: ['mailgun_pub: pubkey-{{hex:32}}'],
      harmless: [`mailgun_pub: pubkey-${'0'.repeat(32)}`, 'mailgun_pub: pubkey-{{hex:16}}'],
    },
  },
  {
    id: 'mailgun-signing-key',
    provider: 'Mailgun',
    description: 'Mailgun sending or signing key',
    keywords: ['mailgun', 'mg_api', 'api.mailgun.net'],
    severity: 'high',
    confidence: 'certain',
    entropy: 3,
    rotate: MAILGUN,
    pattern: keyed('mailgun|mg_api', '[0-9a-f]{32}-[0-9a-f]{8}-[0-9a-f]{8}', { roleOptional: true }),
    examples: {
      secret: ['mailgun_token: "{{hex:32}}-{{hex:8}}-{{hex:8}}"'],
      harmless: [`mailgun_token: "${'0'.repeat(32)}-00000000-00000000"`, 'mailgun_token: "{{hex:32}}-{{hex:8}}"'],
    },
  },
  ...prefixedRules([
    [
      'mailersend-api-token',
      'MailerSend',
      'API token',
      'mlsn.',
      '[0-9a-f]{64}',
      '{{hex:64}}',
      { rotate: 'https://app.mailersend.com/api-tokens' },
    ],
    ['klaviyo-private-key', 'Klaviyo', 'private API key', 'pk_', '[0-9a-f]{34}', '{{hex:34}}'],
    [
      'mandrill-transactional-key',
      'Mandrill',
      'API key',
      'md-',
      '[\\w-]{22}',
      '{{alnum:22}}',
      { entropy: 3.5, confidence: 'likely', rotate: 'https://mandrillapp.com/settings' },
    ],
  ]),
  ...keyedRules(SERVICES.map(fromRow)),
];
