import type { Rule } from '../../types.ts';
import { keyedRules } from './keyed.ts';
import { prefixedRules, standalone } from './prefixed.ts';

const CREDENTIALS = 'https://console.cloud.google.com/apis/credentials';

/** Parts (lower case) of keys that Google and Firebase print in their own public samples and test suites. */
const SAMPLE_KEYS = [
  'liylx7f0npdej',
  'sb-2pezvqmkml',
  'm6hmtmdywpgm',
  'pnrhnfe0bapf',
  'gxt4ec15vit',
  'uvh9h9bsucc',
  'oibhjyr83g',
  '2rraim4a0mo',
  'bcdefghijklmnop',
  'la7nfelquw',
  'ehvjf3pdur',
  '5_ivawfq8abu',
  '4urcgxgwqft',
  'b51jiicb6oj',
  '0123456789',
];

/** Rules for Google Cloud, Google APIs, Firebase and Looker. */
export const googleRules: readonly Rule[] = [
  {
    id: 'google-api-key',
    provider: 'Google',
    description: 'Google API key',
    keywords: ['aiza'],
    pattern: standalone('AIza[\\w-]{35}'),
    severity: 'high',
    confidence: 'certain',
    entropy: 3.5,
    stopwords: SAMPLE_KEYS,
    rotate: CREDENTIALS,
    examples: {
      secret: ['apiKey: "AIza{{base64url:35}}"', 'https://maps.googleapis.com/maps/api/js?key=AIza{{alnum:35}}&v=3'],
      harmless: [`apiKey: "AIza${'x'.repeat(35)}"`, 'apiKey: "AIza{{alnum:20}}"', 'data:AIza{{alnum:60}}'],
    },
  },
  {
    id: 'google-service-account-key',
    provider: 'Google',
    description: 'Google Cloud service account key',
    keywords: ['private_key_id'],
    severity: 'critical',
    confidence: 'certain',
    window: { before: 1024, after: 4096 },
    pattern:
      /private_key_id\\?"\s{0,8}:\s{0,8}\\?"[^"\\]{1,80}\\?",\s{0,16}\\?"private_key\\?"\s{0,8}:\s{0,8}\\?"(?<secret>-----BEGIN (?:RSA )?PRIVATE KEY-----[A-Za-z0-9+/=\\\s]{200,4000})/,
    entropy: 4,
    rotate: 'https://console.cloud.google.com/iam-admin/serviceaccounts',
    examples: {
      secret: [
        '{"type": "service_account", "private_key_id": "{{hex:40}}", "private_key": "-----BEGIN PRIVATE KEY-----\\n{{base64:300}}\\n-----END PRIVATE KEY-----\\n"}',
      ],
      harmless: [
        '{"type": "service_account", "private_key_id": "DUMMY", "private_key": "DUMMY"}',
        '{"private_key_id": "{{hex:40}}", "private_key": "-----BEGIN PRIVATE KEY-----\\n...\\n-----END PRIVATE KEY-----\\n"}',
      ],
    },
  },
  {
    id: 'google-oauth-client-secret-legacy',
    provider: 'Google',
    description: 'Google OAuth client secret without a prefix',
    keywords: ['googleusercontent.com'],
    severity: 'high',
    confidence: 'likely',
    entropy: 3.3,
    rotate: CREDENTIALS,
    window: { before: 512, after: 768 },
    pattern:
      /\.apps\.googleusercontent\.com["'][\s\S]{0,400}?client_?secret\\?["']?\s{0,4}[:=]\s{0,4}\\?["'](?<secret>(?=[A-Za-z_-]{0,23}\d)[\w-]{24})\\?["']/i,
    examples: {
      secret: [
        '{"client_id": "{{digit:12}}-{{lownum:32}}.apps.googleusercontent.com", "client_secret": "{{alnum:24}}"}',
      ],
      harmless: [
        '{"client_id": "{{digit:12}}-{{lownum:32}}.apps.googleusercontent.com", "client_secret": "YOUR_CLIENT_SECRET_HERE_"}',
        '{"client_id": "1.apps.googleusercontent.com", "client_secret": "{{alnum:12}}"}',
      ],
    },
  },
  {
    id: 'google-hmac-secret',
    provider: 'Google',
    description: 'Google Cloud Storage HMAC secret',
    keywords: ['goog'],
    severity: 'critical',
    confidence: 'likely',
    entropy: 4,
    pattern:
      /(?<![A-Za-z0-9])GOOG(?:1[A-Z0-9]{56}|[A-Z0-9]{16,20})(?![A-Za-z0-9])[\s\S]{1,120}?(?<![A-Za-z0-9+/])(?<secret>[A-Za-z0-9+/]{40})(?![A-Za-z0-9+/=])/,
    examples: {
      secret: ['access_key = "GOOG1{{ALNUM:56}}"\nsecret_key = "{{base64:40}}"'],
      harmless: [
        'access_key = "GOOG1{{ALNUM:56}}"\nsecret_key = ""',
        'access_key = "GOOG1{{ALNUM:56}}"\nsum = "{{base64:64}}"',
      ],
    },
  },
  {
    id: 'google-firebase-server-key',
    provider: 'Google',
    description: 'Firebase Cloud Messaging server key',
    keywords: ['aaaa'],
    severity: 'high',
    confidence: 'certain',
    entropy: 4.5,
    pattern: standalone('AAAA[\\w-]{7}:[\\w-]{140}'),
    rotate: 'https://console.firebase.google.com/',
    examples: {
      secret: ['Authorization: key=AAAA{{base64url:7}}:APA91b{{base64url:134}}'],
      harmless: [
        `Authorization: key=AAAA${'A'.repeat(7)}:${'A'.repeat(140)}`,
        'key=AAAA{{base64url:7}}:{{base64url:60}}',
      ],
    },
  },
  {
    id: 'google-app-password',
    provider: 'Google',
    description: 'Google app password',
    keywords: ['gmail', 'google'],
    severity: 'high',
    confidence: 'hint',
    entropy: 2.8,
    rotate: 'https://myaccount.google.com/apppasswords',
    pattern:
      /(?:gmail|google)[\s\S]{0,100}?pass(?:word|wd)?["']?\s{0,3}[=:,]\s{0,3}["'](?<secret>[a-z]{4}(?: [a-z]{4}){3}|[a-z]{16})["']/i,
    examples: {
      secret: ['gmail_password = "{{lower:4}} {{lower:4}} {{lower:4}} {{lower:4}}"'],
      harmless: ['gmail_password = "your password"', 'gmail_password = "xxxx xxxx xxxx xxxx"'],
    },
  },
  ...prefixedRules([
    [
      'google-oauth-client-secret',
      'Google',
      'OAuth client secret',
      'GOCSPX-',
      '[\\w-]{28}',
      '{{alnum:28}}',
      { rotate: CREDENTIALS },
    ],
    [
      'google-oauth-access-token',
      'Google',
      'OAuth access token',
      'ya29.',
      '(?:[a-z]{1,2}\\.)?[\\w-]{40,1024}',
      '{{base64url:120}}',
      { entropy: 3.8, window: { before: 128, after: 1280 } },
    ],
    [
      'google-oauth-refresh-token',
      'Google',
      'OAuth refresh token',
      '1//0',
      '[0-9a-zA-Z][\\w-]{40,140}',
      '4{{base64url:60}}',
      { entropy: 4, rotate: 'https://myaccount.google.com/connections' },
    ],
    [
      'google-oauth-code',
      'Google',
      'OAuth authorization code',
      '4/0A',
      '[\\w-]{50,120}',
      '{{base64url:69}}',
      { severity: 'medium', confidence: 'likely', entropy: 4 },
    ],
    [
      'google-express-api-key',
      'Google',
      'Gemini and Vertex AI express key',
      'AQ.Ab',
      '[\\w-]{40,80}',
      '{{alnum:48}}',
      { entropy: 4, rotate: 'https://aistudio.google.com/apikey' },
    ],
  ]),
  ...keyedRules([
    {
      id: 'google-recaptcha-secret',
      provider: 'Google',
      word: 'recaptcha',
      what: 'reCAPTCHA secret key',
      shapes: ['/6L[\\w-]{6}AAAAA[\\w-]{27}/'],
      example: '6L{{alnum:6}}AAAAA{{alnum:27}}',
      strict: true,
      rotate: 'https://www.google.com/recaptcha/admin',
    },
    { id: 'google-youtube-api-key', provider: 'YouTube', word: 'youtube', shapes: ['base64url:39'], entropy: 3.5 },
    {
      id: 'google-firebase-database-secret',
      provider: 'Google',
      word: 'firebase',
      what: 'Firebase database secret',
      shapes: ['alnum:40'],
      strict: true,
      entropy: 3.8,
      severity: 'critical',
      confidence: 'hint',
    },
    {
      id: 'looker-api-credentials',
      provider: 'Looker',
      word: 'looker',
      what: 'API client secret',
      shapes: ['lownum:20', 'lownum:24'],
      strict: true,
      entropy: 3,
      severity: 'high',
    },
  ]),
];
