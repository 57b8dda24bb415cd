import type { Rule } from '../../types.ts';
import { type KeyedService, keyed, keyedRules } from './keyed.ts';
import { type PrefixedToken, prefixedRules, standalone } from './prefixed.ts';
import { spoken } from './service-row.ts';

const TWILIO_KEYS = 'https://console.twilio.com/us1/account/keys-credentials/api-keys';
const X_APPS = 'https://developer.x.com/en/portal/dashboard';

// biome-ignore format: a table, one line each
const TOKENS: readonly PrefixedToken[] = [
  ['onesignal-rest-api-key', 'OneSignal', 'REST API key', 'os_v2_', '(?:app|org)_[a-z2-7]{60,120}', 'app_{{[a-z2-7]:103}}', { entropy: 3.5 }],
  ['patreon-access-token', 'Patreon', 'creator access token', 'patreon_', '[\\w-]{43}', '{{alnum:43}}', { confidence: 'likely', entropy: 3.5 }],
  ['pubnub-secret-key', 'PubNub', 'secret key', 'sec-c-', '[A-Za-z0-9+/]{48}={0,2}', '{{alnum:48}}', { entropy: 3.5 }],
  ['pubnub-publish-key', 'PubNub', 'publish key', 'pub-c-', '[0-9a-z]{8}-[0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{12}', '{{uuid}}', { severity: 'medium', entropy: 2.8 }],
  ['pubnub-subscribe-key', 'PubNub', 'subscribe key', 'sub-c-', '[0-9a-z]{8}-[0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{12}', '{{uuid}}', { severity: 'low', entropy: 2.8 }],
  ['ubidots-token', 'Ubidots', 'token', 'BBFF-', '[A-Za-z0-9]{30}', '{{alnum:30}}', { entropy: 3.5 }],
  ['ubidots-us-token', 'Ubidots', 'token', 'BBUS-', '[A-Za-z0-9]{30}', '{{alnum:30}}', { entropy: 3.5 }],
  ['teamwork-api-token', 'Teamwork', 'API token', 'tkn.v1_', '[A-Za-z0-9+/]{70,80}={0,2}', '{{alnum:71}}=', { entropy: 3.5 }],
];

// biome-ignore format: a table, one line each
const SERVICES: readonly KeyedService[] = [
  { id: 'resend-api-key', provider: 'Resend', word: 'resend', shapes: ['/re_[a-z0-9]{8}_[a-z0-9]{24}/'], example: 're_{{alnum:8}}_{{alnum:24}}', severity: 'high', entropy: 3.5, rotate: 'https://resend.com/api-keys' },
  { id: 'onesignal-api-key', provider: 'OneSignal', word: 'onesignal', shapes: ['base64:48', 'uuid'], severity: 'high' },
  { id: 'postmark-server-token', provider: 'Postmark', what: 'server token', word: 'postmark', shapes: ['uuid'], severity: 'high' },
  { id: 'sendbird-access-token', provider: 'Sendbird', what: 'API token', word: 'sendbird', shapes: ['hex:40', 'lownum:24'], severity: 'high' },
  { id: 'sendgrid-context-key', provider: 'SendGrid', word: 'sen[d]?grid', spelling: 'sendgrid', keywords: ['sendgrid', 'sengrid'], shapes: ['/SG\\.[\\w=.\\-]{60,70}/'], example: 'SG.{{alnum:22}}.{{alnum:43}}', severity: 'high', entropy: 3.5 },
  { id: 'sparkpost-api-key', provider: 'SparkPost', word: 'sparkpost', shapes: ['hex:40', 'alnum:40'], severity: 'high' },
  { id: 'telnyx-api-key', provider: 'Telnyx', word: 'telnyx', shapes: ['/KEY[\\w\\-]{55}/'], example: 'KEY{{alnum:55}}', severity: 'high', entropy: 3.5 },
  { id: 'twilio-auth-token', provider: 'Twilio', what: 'auth token', word: 'twilio', shapes: ['hex:32'], severity: 'critical', entropy: 2.8, rotate: 'https://console.twilio.com' },
  { id: 'twitch-api-token', provider: 'Twitch', what: 'token or client secret', word: 'twitch', shapes: ['lownum:30'], severity: 'high', entropy: 3, rotate: 'https://dev.twitch.tv/console/apps' },
  { id: 'twitter-api-key', provider: 'X', what: '(Twitter) API key', word: 'twitter', shapes: ['alnum:25'], entropy: 3, rotate: X_APPS },
  { id: 'twitter-secret', provider: 'X', what: '(Twitter) API or access token secret', word: 'twitter|tweepy', spelling: 'twitter', keywords: ['twitter', 'tweepy'], shapes: ['alnum:50', 'alnum:45'], severity: 'high', entropy: 3.3, rotate: X_APPS },
  { id: 'twitter-access-token', provider: 'X', what: '(Twitter) access token', word: 'twitter|tweepy', spelling: 'twitter', keywords: ['twitter', 'tweepy'], shapes: ['/[0-9]{8,25}-[a-z0-9]{20,42}/'], example: '{{digit:18}}-{{alnum:40}}', severity: 'high', entropy: 3, rotate: X_APPS },
  { id: 'twitter-context-bearer-token', provider: 'X', what: '(Twitter) bearer token', word: 'twitter', shapes: ['/(?=[a-z0-9]{0,60}%)[a-z0-9%]{70,140}/'], example: 'AAAA{{alnum:40}}%{{alnum:60}}', severity: 'high', entropy: 3.8, rotate: X_APPS },
  { id: 'vonage-api-secret', provider: 'Vonage', what: 'API secret', word: 'nexmo|vonage', spelling: 'nexmo', keywords: ['nexmo', 'vonage'], shapes: ['alnum:16'], severity: 'high', entropy: 3 },
  { id: 'webex-access-token', provider: 'Webex', what: 'access token', word: 'webex', shapes: ['/[a-z0-9]{64}_[A-Z0-9]{4}_[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/'], example: '{{alnum:64}}_P0A1_{{uuid}}', severity: 'high', entropy: 3.5 },
  { id: 'zoom-client-secret', provider: 'Zoom', what: 'client secret', word: 'zoom', strict: true, shapes: ['alnum:32'], severity: 'high', entropy: 3.5 },
  { id: 'zendesk-secret-key', provider: 'Zendesk', what: 'API token', word: 'zendesk', shapes: ['alnum:40'], severity: 'high', entropy: 3 },
  { id: 'pushover-token', provider: 'Pushover', what: 'token or user key', word: 'pushover', shapes: ['/[aug][a-z0-9]{29}/'], example: 'a{{lownum:29}}', entropy: 3 },
  { id: 'pushbullet-access-token', provider: 'Pushbullet', what: 'access token', word: 'pushbullet', shapes: ['/o\\.[a-z0-9]{32}/', 'alnum:34'], example: 'o.{{alnum:32}}', severity: 'high', entropy: 3 },
  { id: 'plivo-auth-token', provider: 'Plivo', what: 'auth token', word: 'plivo', shapes: ['alnum:40'], severity: 'high', entropy: 3.5 },
  { id: 'voodoosms-api-key', provider: 'Voodoo SMS', word: 'voodoosms', shapes: ['alnum:45-48'] },
  { id: 'tyntec-api-key', provider: 'tyntec', word: 'tyntec', shapes: ['alnum:32'] },
  { id: 'pepipost-api-key', provider: 'Pepipost', word: 'pepipost|netcore', spelling: 'pepipost', keywords: ['pepipost', 'netcore'], shapes: ['alnum:32'] },
  { id: 'omnisend-api-key', provider: 'Omnisend', word: 'omnisend', shapes: ['base64url:70-80'], entropy: 3.5 },
  { id: 'postageapp-api-key', provider: 'PostageApp', word: 'postageapp', shapes: ['alnum:32'] },
  { id: 'reachmail-api-key', provider: 'ReachMail', word: 'reachmail', shapes: ['base64url:64-90'] },
];

/** Rules for mail, chat, telephony and social networks: SendGrid, Telegram, Twilio, X, Zendesk and others. */
export const messagingRules: readonly Rule[] = [
  ...prefixedRules(TOKENS),
  ...keyedRules(SERVICES.map(spoken)),
  {
    id: 'sendgrid-api-token',
    provider: 'SendGrid',
    description: 'SendGrid API key',
    keywords: ['sg.'],
    severity: 'high',
    confidence: 'certain',
    entropy: 3.5,
    rotate: 'https://app.sendgrid.com/settings/api_keys',
    pattern: standalone('SG\\.[\\w-]{20,24}\\.[\\w-]{39,50}'),
    examples: {
      secret: ['SENDGRID_API_KEY=SG.{{alnum:22}}.{{alnum:43}}'],
      harmless: [
        'SG.{{alnum:22}}..{{alnum:43}}',
        'AG.{{alnum:22}}.{{alnum:43}}',
        `SG.${'x'.repeat(22)}.${'x'.repeat(43)}`,
        'msg.SG.{{alnum:22}}.{{alnum:9}}',
      ],
    },
  },
  {
    id: 'twilio-api-key',
    provider: 'Twilio',
    description: 'Twilio API key SID',
    keywords: [...'0123456789abcdef'].map((digit) => `sk${digit}`),
    severity: 'medium',
    confidence: 'likely',
    entropy: 3,
    rotate: TWILIO_KEYS,
    pattern: /(?<![A-Za-z0-9_])(?<secret>SK[0-9a-f]{32})(?![A-Za-z0-9_-])/,
    examples: {
      secret: ['twilioToken := "SK{{hex:32}}"', 'api_key_sid: SK{{hex:32}}', '"SK{{hex:32}}"'],
      harmless: [
        'chksum = "sk{{hex:32}}"',
        'twilioToken := "SK00000000000000000000000000000000"',
        'twilioToken := "SK{{hex:40}}"',
        'twilioToken := "TASK{{hex:32}}"',
      ],
    },
  },
  {
    id: 'twilio-account-sid',
    provider: 'Twilio',
    description: 'Twilio account SID',
    keywords: ['twilio', 'account_sid', 'accountsid'],
    severity: 'low',
    confidence: 'hint',
    entropy: 3,
    pattern: /(?:twilio|account_?sid)[\s\S]{0,80}?(?<![A-Za-z0-9_])(?<secret>AC[0-9a-f]{32})(?![A-Za-z0-9_-])/i,
    examples: {
      secret: ['TWILIO_ACCOUNT_SID=AC{{hex:32}}'],
      harmless: ['TWILIO_ACCOUNT_SID=AC{{hex:20}}', `TWILIO_ACCOUNT_SID=AC${'0'.repeat(32)}`],
    },
  },
  {
    id: 'telegram-bot-token',
    provider: 'Telegram',
    description: 'Telegram bot token',
    keywords: [':aa'],
    severity: 'high',
    confidence: 'certain',
    entropy: 3.7,
    rotate: 'https://t.me/BotFather',
    pattern:
      /(?<=api\.telegram\.org\/bot|(?<![A-Za-z0-9:]))(?<secret>[0-9]{8,11}:AA[A-Za-z0-9_-]{33})(?![A-Za-z0-9_-])/,
    examples: {
      secret: [
        'token = "{{digit:10}}:AA{{alnum:33}}"',
        'https://api.telegram.org/bot{{digit:10}}:AA{{alnum:33}}/getMe',
      ],
      harmless: [
        'arn:aws:sns:aaa:111122223333:aaaaaaaaaaaaaaaaaaassssssddddddddddddd',
        'foo:AA{{alnum:33}}',
        'token = "{{digit:4}}:AA{{alnum:33}}"',
      ],
    },
  },
  {
    id: 'telegram-context-token',
    provider: 'Telegram',
    description: 'Telegram bot token',
    keywords: ['telegr', 'tgram'],
    severity: 'high',
    confidence: 'likely',
    entropy: 3.5,
    rotate: 'https://t.me/BotFather',
    pattern:
      /(?:telegr|tgram)[^\n]{0,40}?\s{0,8}(?<![A-Za-z0-9:])(?<secret>[0-9]{5,16}:[A-Za-z0-9_-]{34,35})(?![A-Za-z0-9_:-])/i,
    examples: {
      secret: ['telegram_token: "{{digit:9}}:A{{alnum:34}}"', 'tgram://{{digit:9}}:{{alnum:35}}/'],
      harmless: [
        'telegram_token = "{{digit:4}}:A{{alnum:34}}"',
        'telegram_token = "{{digit:17}}:A{{alnum:34}}"',
        'telegram_token = "{{digit:9}}:A{{alnum:34}}-and-more"',
      ],
    },
  },
  {
    id: 'twitter-bearer-token',
    provider: 'X',
    description: 'X (Twitter) bearer token',
    keywords: ['aaaaaaaaaaaaaaaaaaaaa'],
    severity: 'high',
    confidence: 'certain',
    entropy: 3.8,
    rotate: X_APPS,
    pattern: /(?<![A-Za-z0-9%+/=])(?<secret>A{21}[A-Za-z0-9%]{55,120})(?![A-Za-z0-9%+/=])/,
    examples: {
      secret: [`bearer = "${'A'.repeat(22)}{{alnum:20}}%2B{{alnum:20}}%3D{{alnum:50}}"`],
      harmless: [`bearer = "${'A'.repeat(120)}"`, `bearer = "${'A'.repeat(10)}{{alnum:20}}%2B{{alnum:60}}"`],
    },
  },
  {
    id: 'twitch-oauth-token',
    provider: 'Twitch',
    description: 'Twitch chat OAuth token',
    keywords: ['oauth:'],
    severity: 'high',
    confidence: 'likely',
    entropy: 3.3,
    rotate: 'https://www.twitch.tv/settings/connections',
    pattern: /(?<![A-Za-z0-9_])oauth:(?<secret>[a-z0-9]{30})(?![A-Za-z0-9_-])/,
    examples: {
      secret: ['pass: oauth:{{lownum:30}}'],
      harmless: [`pass: oauth:${'x'.repeat(30)}`, 'pass: oauth:{{lownum:12}}'],
    },
  },
  {
    id: 'zapier-webhook-url',
    provider: 'Zapier',
    description: 'Zapier catch hook URL',
    keywords: ['hooks.zapier.com'],
    severity: 'medium',
    confidence: 'certain',
    rotate: 'https://zapier.com/app/zaps',
    pattern:
      /(?<secret>https?:\/\/(?:www\.)?hooks\.zapier\.com\/hooks\/catch\/[A-Za-z0-9]{5,20}(?:\/[A-Za-z0-9]{5,20})?)(?![A-Za-z0-9_-])/i,
    entropy: 3.3,
    examples: {
      secret: ['https://hooks.zapier.com/hooks/catch/{{digit:7}}/{{lownum:7}}/'],
      harmless: ['https://hooks.zapier.com/hooks/catch/', 'https://hooks.zapier.com/hooks/catch/<id>/<hook>'],
    },
  },
  {
    id: 'tines-webhook-url',
    provider: 'Tines',
    description: 'Tines webhook URL',
    keywords: ['tines.com/webhook'],
    severity: 'medium',
    confidence: 'certain',
    entropy: 3.3,
    pattern:
      /(?<secret>https?:\/\/[\w.-]{1,60}tines\.com\/webhook\/[A-Za-z0-9]{16,40}\/[A-Za-z0-9]{16,40})(?![A-Za-z0-9_-])/i,
    examples: {
      secret: ['https://team.tines.com/webhook/{{hex:32}}/{{hex:32}}'],
      harmless: ['https://team.tines.com/webhook/path/secret'],
    },
  },
  {
    id: 'zoho-oauth-token',
    provider: 'Zoho',
    description: 'Zoho OAuth access or refresh token',
    keywords: ['1000.'],
    severity: 'high',
    confidence: 'certain',
    entropy: 3,
    rotate: 'https://accounts.zoho.com/home#sessions/connectedapps',
    pattern: standalone('1000\\.[0-9a-f]{31,33}\\.[0-9a-f]{31,33}'),
    examples: {
      secret: ['refresh_token=1000.{{hex:32}}.{{hex:32}}'],
      harmless: ['refresh_token=1000.{{hex:32}}', `1000.${'0'.repeat(32)}.${'0'.repeat(32)}`],
    },
  },
  {
    id: 'voiceflow-api-key',
    provider: 'Voiceflow',
    description: 'Voiceflow API key',
    keywords: ['vf.dm.', 'vf.ws.'],
    severity: 'high',
    confidence: 'certain',
    entropy: 3,
    pattern: standalone('VF\\.(?:DM|WS)\\.[0-9a-f]{24}\\.[A-Za-z0-9]{16}'),
    examples: {
      secret: ['VF.DM.{{hex:24}}.{{alnum:16}}'],
      harmless: ['VF.DM.{{hex:24}}', 'VF.XX.{{hex:24}}.{{alnum:16}}'],
    },
  },
  {
    id: 'salesforce-session-id',
    provider: 'Salesforce',
    description: 'Salesforce access token or session id',
    keywords: ['00d'],
    severity: 'critical',
    confidence: 'certain',
    entropy: 4,
    pattern: standalone('00D[A-Za-z0-9]{12}(?:[A-Za-z0-9]{3})?![A-Za-z0-9._]{80,140}'),
    examples: {
      secret: ['Authorization: Bearer 00D{{alnum:12}}!AQ{{alnum:94}}'],
      harmless: ['org = "00D{{alnum:12}}"', '00D{{alnum:12}}!{{alnum:10}}'],
    },
  },
  {
    id: 'salesforce-client-secret',
    provider: 'Salesforce',
    description: 'Salesforce consumer secret',
    keywords: ['salesforce', 'sfdc'],
    severity: 'high',
    confidence: 'likely',
    entropy: 3,
    pattern: keyed('salesforce|sfdc', '(?:[0-9A-F]{64}|5Aep[\\w.]{80,120}|[0-9]{16,20})'),
    examples: {
      secret: ['SALESFORCE_CLIENT_SECRET={{HEX:64}}', 'sfdc_refresh_token: 5Aep{{alnum:84}}'],
      harmless: ['SALESFORCE_CLIENT_SECRET={{HEX:10}}', `SALESFORCE_CLIENT_SECRET=${'0'.repeat(64)}`],
    },
  },
];
