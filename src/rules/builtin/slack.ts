import type { Rule } from '../../types.ts';
import { keyed } from './keyed.ts';
import { standalone } from './prefixed.ts';

const APPS = 'https://api.slack.com/apps';
/** Ids of the workspace and of the user or app: numbers, of which only the oldest tokens have short ones. */
const ID = '[0-9A-Fa-f]{6,14}';

/** Rules for Slack: bot, user, app, configuration, workspace and browser tokens, webhooks, app credentials. */
export const slackRules: readonly Rule[] = [
  {
    id: 'slack-bot-token',
    provider: 'Slack',
    description: 'Slack bot token',
    keywords: ['xoxb-'],
    severity: 'high',
    confidence: 'certain',
    entropy: 2.8,
    rotate: APPS,
    pattern: standalone(`xoxb-(?:${ID}-){1,3}(?:[A-Za-z0-9]{18,36}|\\d{12,14})`),
    examples: {
      secret: ['slack_token = "xoxb-{{digit:12}}-{{digit:13}}-{{alnum:24}}"', 'token: xoxb-{{digit:12}}-{{alnum:24}}'],
      harmless: ['xoxb-xxxxxxxxxxx-xxxxxxxxxxxxxxxxxxxxxxxx', 'xoxb-xoxb-my-bot-token', 'xoxb-{{digit:5}}-{{alnum:7}}'],
    },
  },
  {
    id: 'slack-user-token',
    provider: 'Slack',
    description: 'Slack user token',
    keywords: ['xoxp-', 'xoxe-'],
    severity: 'high',
    confidence: 'certain',
    entropy: 2.8,
    rotate: APPS,
    pattern: standalone(`xox[pe]-(?:${ID}-){2,3}(?:[A-Za-z0-9]{18,64}|\\d{12,14})`),
    examples: {
      secret: ['SLACK=xoxp-{{digit:12}}-{{digit:12}}-{{digit:13}}-{{hex:32}}'],
      harmless: [
        'xoxp-XXXXXXXXXX-XXXXXXXXXX-XXXXXXXXXXX-XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX',
        'xoxp-{{digit:12}}-{{digit:12}}-####################',
      ],
    },
  },
  {
    id: 'slack-legacy-token',
    provider: 'Slack',
    description: 'Slack legacy or session token',
    keywords: ['xoxs-', 'xoxo-', 'xoxa-', 'xoxr-', 'xoxc-'],
    severity: 'high',
    confidence: 'certain',
    entropy: 2.5,
    rotate: APPS,
    pattern: standalone(`xox[sroac]-(?:\\d-)?(?:${ID}-){1,3}(?:[A-Za-z0-9]{10,64})`),
    examples: {
      secret: [
        '"xoxs-{{digit:10}}-{{digit:10}}-{{digit:10}}-{{hex:10}}"',
        'xoxa-2-{{digit:9}}-{{digit:11}}-{{digit:13}}-{{hex:18}}',
        'xoxc-{{digit:12}}-{{digit:13}}-{{digit:13}}-{{hex:64}}',
      ],
      harmless: [
        'https://example.org/images/2018-250-xoxo-indieweb-1.jpg',
        'https://github.com/xoxa-nyc/xoxa-nyc.github.io',
        'xoxs-xxxxxxxxxx-xxxxxxxxxx',
      ],
    },
  },
  {
    id: 'slack-legacy-workspace-token',
    provider: 'Slack',
    description: 'Slack legacy workspace token',
    keywords: ['xoxa-', 'xoxr-'],
    severity: 'high',
    confidence: 'likely',
    entropy: 2.8,
    rotate: APPS,
    pattern: standalone('xox[ar]-(?:\\d-)?(?=[a-z]{0,40}\\d)[0-9a-zA-Z]{8,48}'),
    examples: {
      secret: ['"xoxr-3-{{[a-z]:4}}{{digit:2}}{{lownum:8}}"', '"xoxa-1{{lownum:11}}"'],
      harmless: ['xoxa-nyc', 'xoxr-refreshtoken'],
    },
  },
  {
    id: 'slack-cookie-token',
    provider: 'Slack',
    description: 'Slack browser session cookie',
    keywords: ['xoxd-'],
    severity: 'high',
    confidence: 'certain',
    entropy: 3.5,
    pattern: /(?<![A-Za-z0-9_])xoxd-[A-Za-z0-9%/+=_-]{60,400}(?![A-Za-z0-9%/+=_-])/,
    examples: {
      secret: ['Cookie: d=xoxd-{{alnum:80}}%2B{{alnum:40}}%3D'],
      harmless: ['Cookie: d=xoxd-{{alnum:12}}', `Cookie: d=xoxd-${'x'.repeat(120)}`],
    },
  },
  {
    id: 'slack-config-token',
    provider: 'Slack',
    description: 'Slack app configuration token',
    keywords: ['xoxe.xox', 'xoxe-'],
    severity: 'high',
    confidence: 'certain',
    entropy: 3.5,
    rotate: APPS,
    pattern: standalone('xoxe(?:\\.xox[bp])?-\\d-[A-Za-z0-9]{60,320}'),
    examples: {
      secret: [
        'xoxe.xoxp-1-{{b64url(2-2-{{digit:12}}-{{digit:12}}-{{digit:13}}-{{hex:64}})}}',
        'refresh: xoxe-1-{{b64url(3-1-{{digit:12}}-{{digit:12}}-{{hex:64}})}}',
      ],
      harmless: ['xoxe.xoxp-1-SlackAppConfigurationAccessTokenHere', 'xoxe-1-xxx', `xoxe-1-${'x'.repeat(140)}`],
    },
  },
  {
    id: 'slack-app-token',
    provider: 'Slack',
    description: 'Slack app-level token',
    keywords: ['xapp-'],
    severity: 'high',
    confidence: 'certain',
    entropy: 3,
    rotate: APPS,
    pattern: standalone('xapp-\\d-[A-Z0-9]{9,13}-\\d{10,14}-[A-Za-z0-9]{40,72}'),
    examples: {
      secret: ['xapp-1-A{{ALNUM:10}}-{{digit:13}}-{{hex:64}}'],
      harmless: [
        'xapp-1-XXXXXXXXXXX-XXXXXXXXXXXXX-XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX',
        'xapp-1-A{{ALNUM:10}}-{{digit:13}}',
      ],
    },
  },
  {
    id: 'slack-app-token-long',
    provider: 'Slack',
    description: 'Slack app-level token without its last separator',
    keywords: ['xapp-'],
    severity: 'high',
    confidence: 'likely',
    entropy: 3,
    rotate: APPS,
    pattern: standalone('xapp-\\d-[A-Z0-9]{9,13}-[A-Za-z0-9-]{40,90}'),
    examples: {
      secret: ['xapp-1-A{{ALNUM:10}}-{{digit:13}}{{hex:60}}'],
      harmless: ['xapp-1-A{{ALNUM:10}}-{{digit:13}}', `xapp-1-${'X'.repeat(11)}-${'X'.repeat(60)}`],
    },
  },
  {
    id: 'slack-workflow-token',
    provider: 'Slack',
    description: 'Slack workflow token',
    keywords: ['xwfp-'],
    severity: 'high',
    confidence: 'likely',
    entropy: 3,
    pattern: standalone('xwfp-(?=[A-Za-z-]{0,40}\\d)[A-Za-z0-9-]{30,160}'),
    examples: {
      secret: ['token: xwfp-{{digit:13}}-{{digit:13}}-{{alnum:24}}'],
      harmless: [`token: xwfp-${'x'.repeat(40)}`, 'xwfp-token'],
    },
  },
  {
    id: 'slack-webhook-url',
    provider: 'Slack',
    description: 'Slack webhook URL',
    keywords: ['hooks.slack'],
    severity: 'medium',
    confidence: 'certain',
    entropy: 3.6,
    rotate: APPS,
    pattern:
      /(?<secret>(?:https?:\/\/)?hooks\.slack(?:-gov)?\.com\/(?:services|workflows|triggers)\/[A-Za-z0-9+/]{38,100})(?![A-Za-z0-9_+/-])/i,
    examples: {
      secret: [
        'https://hooks.slack.com/services/T{{ALNUM:8}}/B{{ALNUM:8}}/{{alnum:24}}',
        'https://hooks.slack.com/workflows/T{{ALNUM:10}}/A{{ALNUM:10}}/{{digit:18}}/{{alnum:24}}',
        'url: hooks.slack.com/triggers/T{{ALNUM:10}}/{{digit:13}}/{{hex:32}}',
      ],
      harmless: [
        'https://hooks.slack.com/services/Txxxxxxxx/Bxxxxxxxx/xxxxxxxxxxxxxxxxxxxxxxxx',
        'https://hooks.slack.com/services/',
        'https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX',
      ],
    },
  },
  {
    id: 'slack-app-credential',
    provider: 'Slack',
    description: 'Slack client or signing secret',
    keywords: ['slack'],
    severity: 'high',
    confidence: 'likely',
    entropy: 2.8,
    rotate: APPS,
    pattern: keyed('slack', '[0-9a-f]{32}'),
    examples: {
      secret: ['SLACK_SIGNING_SECRET={{hex:32}}', 'slack.client_secret: "{{hex:32}}"'],
      harmless: ['SLACK_SIGNING_SECRET=00000000000000000000000000000000', 'SLACK_SIGNING_SECRET={{hex:40}}'],
    },
  },
];
