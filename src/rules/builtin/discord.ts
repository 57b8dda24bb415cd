import type { Rule } from '../../types.ts';
import { keyed } from './keyed.ts';

const DISCORD_APPS = 'https://discord.com/developers/applications';

/** Discord bots, applications and webhooks. */
export const discordRules: readonly Rule[] = [
  {
    id: 'discord-bot-token',
    provider: 'Discord',
    description: 'Discord bot token',
    keywords: ['discord', 'token', 'bot', 'login', 'secret'],
    pattern:
      /(?:discord|token|bot|login|secret)[\s\S]{0,120}?(?<![\w-])(?<secret>[MNO][DTjz][AEIMQUYcgk][\w-]{20,25}\.[\w-]{6}\.[\w-]{27,38})(?![\w-])/i,
    severity: 'high',
    confidence: 'certain',
    entropy: 4,
    validator: 'discord',
    rotate: DISCORD_APPS,
    examples: {
      secret: [
        "client.login('{{b64url({{[1-9]:18}})}}.{{base64url:6}}.{{base64url:27}}')",
        'DISCORD_TOKEN={{b64url({{[1-9]:19}})}}.{{base64url:6}}.{{base64url:38}}',
      ],
      harmless: [
        'DISCORD_TOKEN=<token>',
        'DISCORD_TOKEN=P{{alnum:23}}.{{alnum:6}}.{{alnum:27}}',
        'DISCORD_TOKEN={{b64url({{[1-9]:18}})}}.{{base64url:6}}.{{base64url:12}}',
      ],
    },
  },
  // A bot token has no fixed text in it: the one rule that is searched everywhere (about 1 ns a character).
  {
    id: 'discord-bot-token-unverified',
    provider: 'Discord',
    description: 'Discord bot token (by its shape)',
    keywords: [],
    pattern: /(?<![\w.-])(?<secret>[MNO][A-Za-z0-9]{23,25}\.[\w-]{6}\.[\w-]{27,38})(?![\w.-])/,
    severity: 'high',
    confidence: 'likely',
    entropy: 4,
    validator: 'mixed-alnum',
    rotate: DISCORD_APPS,
    examples: {
      secret: ['apikey: M{{alnum:23}}.{{base64url:6}}.{{base64url:26}}7'],
      harmless: [
        'apikey: P{{alnum:23}}.{{base64url:6}}.{{base64url:27}}',
        'apikey: M{{alnum:23}}.{{alnum:5}}.{{alnum:27}}',
        'apikey: M{{alnum:22}}.{{alnum:6}}.{{alnum:27}}',
      ],
    },
  },
  {
    id: 'discord-webhook',
    provider: 'Discord',
    description: 'Discord webhook URL',
    keywords: ['discord.com/api/', 'discordapp.com/api/'],
    pattern:
      /(?<secret>(?:https?:\/\/)?(?:\w{1,12}\.)?discord(?:app)?\.com\/api\/(?:v\d{1,2}\/)?webhooks\/\d{17,20}\/[\w-]{60,80})/i,
    severity: 'medium',
    confidence: 'certain',
    entropy: 4,
    rotate: 'https://support.discord.com/hc/en-us/articles/228383668-Intro-to-Webhooks',
    examples: {
      secret: [
        'https://discord.com/api/webhooks/{{[1-9]:18}}/{{base64url:68}}',
        'url = "discordapp.com/api/v10/webhooks/{{[1-9]:19}}/{{base64url:68}}"',
      ],
      harmless: [
        'https://discord.com/api/webhooks/<id>/<token>',
        'https://discord.com/api/webhooks/{{[1-9]:18}}/{{base64url:20}}',
      ],
    },
  },
  {
    id: 'discord-client-secret',
    provider: 'Discord',
    description: 'Discord client secret or application key',
    keywords: ['discord'],
    pattern: keyed('discord', '[\\w-]{32}|[0-9a-f]{64}'),
    severity: 'high',
    confidence: 'likely',
    entropy: 2.8,
    validator: 'has-digit',
    rotate: DISCORD_APPS,
    examples: {
      secret: ['DISCORD_CLIENT_SECRET="{{base64url:30}}a7"', 'discord_token: {{hex:64}}'],
      harmless: [
        'discord=00000000000000000000000000000000',
        'DISCORD_CLIENT_SECRET="{{alnum:50}}"',
        'DISCORD_CLIENT_SECRET="your_client_secret_from_the_portal"',
      ],
    },
  },
  {
    id: 'discord-client-id',
    provider: 'Discord',
    description: 'Discord client id',
    keywords: ['discord'],
    pattern: keyed('discord', '\\d{17,19}'),
    severity: 'low',
    confidence: 'hint',
    entropy: 2,
    examples: {
      secret: ['DISCORD_CLIENT_KEY = "1{{[0-9]:17}}"'],
      harmless: ['discord=000000000000000000', 'DISCORD_CLIENT_KEY = "{{digit:30}}"'],
    },
  },
];
