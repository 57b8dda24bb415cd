import type { Rule } from '../../types.ts';
import { keyed, keyedRules } from './keyed.ts';
import { fromRow, type ServiceRow } from './service-row.ts';

const FACEBOOK = 'https://developers.facebook.com/apps/';

const SERVICES: readonly ServiceRow[] = [
  ['flickr', 'Flickr', ['lownum:32', 'hex:16'], { what: 'API key or secret' }],
  [
    'foursquare',
    'Foursquare',
    ['alnum:48', '/fsq3[\\w+/]{43}=/'],
    { word: 'foursquare|fsq', spelling: 'foursquare', keywords: ['foursquare', 'fsq'], example: 'fsq3{{alnum:43}}=' },
  ],
  ['gyazo', 'Gyazo', 'base64url:43-51', { entropy: 3.5 }],
  ['happyscribe', 'Happy Scribe', 'alnum:24-27'],
  ['imgur', 'Imgur', 'hex:40', { word: 'imgur', what: 'client secret', strict: true }],
  [
    'line-messaging',
    'LINE',
    ['hex:32', '/[a-z0-9+/]{171,174}=/'],
    {
      word: 'line',
      keywords: [
        'line_token',
        'line_access',
        'line_channel',
        'line_api',
        'line_key',
        'line_secret',
        'line-token',
        'linechannel',
        'linetoken',
        'line.channel',
      ],
      spelling: 'line',
      what: 'channel access token or secret',
      example: '{{base64:171}}=',
      strict: true,
      severity: 'high',
    },
  ],
  [
    'line-notify',
    'LINE',
    ['alnum:43', 'alnum:50-54'],
    {
      word: 'line[_.-]?notify',
      spelling: 'linenotify',
      keywords: ['linenotify', 'line_notify', 'line-notify'],
      what: 'Notify token',
    },
  ],
  [
    'linkedin',
    'LinkedIn',
    ['lownum:14', 'alnum:16'],
    {
      word: 'linkedin|linked[_-]in',
      spelling: 'linkedin',
      keywords: ['linkedin', 'linked_in', 'linked-in'],
      what: 'client id or secret',
      strict: true,
    },
  ],
  ['mattermost', 'Mattermost', 'lownum:26', { what: 'access token', severity: 'high' }],
  ['kakao', 'Kakao', 'hex:32', { strict: true }],
  ['mesibo', 'mesibo', 'lownum:64'],
  [
    'livestorm',
    'Livestorm',
    '/eyJ[\\w-]{10,80}\\.(?:eyJ)?[\\w-]{20,400}\\.[\\w-]{20,100}/',
    { example: 'eyJ{{alnum:17}}.eyJ{{alnum:120}}.{{alnum:43}}' },
  ],
];

/** Rules for social networks, media and chat, providers E to N. */
export const socialERules: readonly Rule[] = [
  {
    id: 'facebook-user-access-token',
    provider: 'Facebook',
    description: 'Facebook user or page access token',
    keywords: ['eaa'],
    severity: 'high',
    confidence: 'certain',
    entropy: 4.2,
    rotate: FACEBOOK,
    window: { before: 128, after: 640 },
    pattern: /(?<![A-Za-z0-9+/_-])(?<secret>EAA[A-Z](?=[A-Za-z]{0,60}\d)[A-Za-z0-9]{96,500})(?![A-Za-z0-9+/=_-])/,
    examples: {
      secret: ['fb = "EAAM{{alnum:180}}"'],
      harmless: [`fb = "EAAM${'A'.repeat(180)}"`, 'fb = "EAAM{{alnum:60}}"', 'data:;base64,EAAM{{base64:300}}=='],
    },
  },
  {
    id: 'facebook-bound-access-token',
    provider: 'Facebook',
    description: 'Facebook access token bound to a name',
    keywords: ['eaa'],
    severity: 'high',
    confidence: 'certain',
    entropy: 3.8,
    rotate: FACEBOOK,
    window: { before: 256, after: 640 },
    pattern:
      /(?:facebook|(?<![a-z])fb|instagram|whatsapp|(?<![a-z])(?:meta|access_?token))[\s\S]{0,60}?[^A-Za-z0-9+/](?<secret>EAA[A-Za-z][A-Za-z0-9]{30,500})(?![A-Za-z0-9+/=_-])/i,
    examples: {
      secret: ['fb_access_token: "EAAC{{alnum:60}}"'],
      harmless: [
        'fb_access_token: "EAACxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"',
        'fb_access_token: "EAAC{{alnum:12}}"',
      ],
    },
  },
  {
    id: 'facebook-app-access-token',
    provider: 'Facebook',
    description: 'Facebook app access token',
    keywords: ['facebook', 'fb_', 'fb-', 'access_token', 'graph'],
    severity: 'high',
    confidence: 'likely',
    entropy: 3.5,
    rotate: FACEBOOK,
    pattern:
      /(?:facebook|(?<![a-z])fb[_-]|access_token|graph)[\s\S]{0,60}?(?<!\w)(?<secret>\d{13,18}(?:\||%7C)[\w-]{27})(?![\w-])/i,
    examples: {
      secret: ['facebook {{digit:16}}|{{base64url:27}}', 'access_token={{digit:15}}%7C{{base64url:27}}'],
      harmless: ['facebook {{digit:16}}|{{alnum:9}}', `access_token=1234567890123456|${'x'.repeat(27)}`],
    },
  },
  {
    id: 'facebook-app-secret',
    provider: 'Facebook',
    description: 'Facebook app secret',
    keywords: ['facebook', 'fb_', 'fb-', 'fbapp', 'fbsecret'],
    severity: 'high',
    confidence: 'likely',
    entropy: 2.9,
    rotate: FACEBOOK,
    pattern: keyed('facebook|(?<![a-z])fb', '[0-9a-f]{32}', {}),
    examples: {
      secret: ['facebook_app_secret = "{{hex:32}}"', 'FB_SECRET={{hex:32}}'],
      harmless: [
        `facebook_app_secret = "${'0'.repeat(32)}"`,
        'facebook_app_secret = "{{hex:12}}"',
        'facebook_app_id = "{{digit:15}}"',
      ],
    },
  },
  {
    id: 'instagram-access-token',
    provider: 'Instagram',
    description: 'Instagram access token',
    keywords: ['igq', 'igaa'],
    severity: 'high',
    confidence: 'certain',
    entropy: 4,
    window: { before: 128, after: 640 },
    pattern: /(?<![A-Za-z0-9+/=_-])(?<secret>IG(?:QV|QWR|AA)[\w-]{100,400})(?![A-Za-z0-9+/=_-])/,
    examples: {
      secret: ['token: IGQV{{alnum:150}}'],
      harmless: [`token: IGQV${'A'.repeat(150)}`, 'token: IGQV{{alnum:20}}'],
    },
  },
  {
    id: 'linkedin-client-secret',
    provider: 'LinkedIn',
    description: 'LinkedIn client secret',
    keywords: ['wpl_ap'],
    severity: 'high',
    confidence: 'certain',
    entropy: 3,
    rotate: 'https://www.linkedin.com/developers/apps',
    pattern: /(?<!\w)(?<secret>WPL_AP[01]\.[A-Za-z0-9]{16}\.(?:[A-Za-z0-9+/]{6}==|\d{1,12}))(?![\w+/])/,
    examples: {
      secret: ['client_secret=WPL_AP1.{{alnum:16}}.{{base64:6}}=='],
      harmless: ['client_secret=WPL_AP1.{{alnum:6}}', 'client_secret=WPL_AP1.xxxxxxxxxxxxxxxx.xxxxxx=='],
    },
  },
  {
    id: 'microsoft-teams-webhook',
    provider: 'Microsoft Teams',
    description: 'Microsoft Teams incoming webhook address',
    keywords: ['office.com/webhook'],
    severity: 'medium',
    confidence: 'certain',
    window: { before: 128, after: 640 },
    pattern:
      /(?<secret>https:\/\/(?:[\w-]{1,64}\.webhook|outlook)\.office\.com\/webhook(?:b2)?\/[0-9a-z-]{36}@[0-9a-z-]{36}\/IncomingWebhook\/[0-9a-zA-Z]{32}\/[0-9a-z-]{36}(?:\/[\w-]{1,80})?)/i,
    entropy: 3.5,
    rotate: 'https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/add-incoming-webhook',
    examples: {
      secret: ['https://acme.webhook.office.com/webhookb2/{{uuid}}@{{uuid}}/IncomingWebhook/{{hex:32}}/{{uuid}}'],
      harmless: [
        'https://acme.webhook.office.com/webhookb2/GROUP@TENANT/IncomingWebhook/KEY/ID',
        'https://acme.webhook.office.com/webhookb2/{{uuid}}',
      ],
    },
  },
  {
    id: 'microsoft-teams-workflow-webhook',
    provider: 'Microsoft Teams',
    description: 'Power Automate workflow address with its signature',
    keywords: ['logic.azure.com', 'powerplatform.com'],
    severity: 'medium',
    confidence: 'certain',
    entropy: 3.8,
    window: { before: 128, after: 640 },
    pattern:
      /https:\/\/[\w.-]{1,120}(?:logic\.azure|powerplatform)\.com(?::\d{2,5})?\/[\w./-]{0,80}workflows\/[0-9a-f]{32}\/triggers\/[^\s"'<>]{1,200}?sig=(?<secret>[\w-]{43})(?![\w-])/,
    examples: {
      secret: [
        'https://prod-12.westus.logic.azure.com:443/workflows/{{hex:32}}/triggers/manual/paths/invoke?api-version=2016-06-01&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig={{base64url:43}}',
      ],
      harmless: [
        'https://prod-12.westus.logic.azure.com:443/workflows/{{hex:32}}/triggers/manual/paths/invoke?api-version=2016-06-01&sig=SIGNATURE',
      ],
    },
  },
  {
    id: 'line-channel-access-token',
    provider: 'LINE',
    description: 'LINE channel access token',
    keywords: ['/1o/w1cdnyilfu='],
    severity: 'high',
    confidence: 'certain',
    entropy: 4.5,
    window: { before: 256, after: 64 },
    pattern: /(?<![A-Za-z0-9+/])(?<secret>[A-Za-z0-9+/]{140,160}\/1O\/w1cDnyilFU=)/,
    rotate: 'https://developers.line.biz/console/',
    examples: {
      secret: ['CHANNEL_ACCESS_TOKEN={{base64:156}}/1O/w1cDnyilFU='],
      harmless: [
        `CHANNEL_ACCESS_TOKEN=${'x'.repeat(156)}/1O/w1cDnyilFU=`,
        'CHANNEL_ACCESS_TOKEN={{base64:40}}/1O/w1cDnyilFU=',
      ],
    },
  },
  ...keyedRules(SERVICES.map(fromRow)),
];
