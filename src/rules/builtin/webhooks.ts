import type { Rule } from '../../types.ts';

const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';

/**
 * An address that anyone who has it may post to: id of the rule, provider, keyword, the address up to its secret part, the
 * secret part, an example of that, and what differs. The scheme may be missing.
 */
type Webhook = readonly [
  id: string,
  provider: string,
  keyword: string,
  address: string,
  secret: string,
  example: readonly [address: string, secret: string],
  differs?: Partial<Pick<Rule, 'severity' | 'confidence' | 'rotate'>>,
];

// biome-ignore format: a table, one address a line
const WEBHOOKS: readonly Webhook[] = [
  ['bitrix24-webhook-url', 'Bitrix24', '/rest/', '[\\w.-]{1,80}\\.bitrix24\\.[a-z.]{2,8}/rest/\\d{1,8}/', '[a-z0-9]{16}', ['acme.bitrix24.com/rest/1/', '{{lownum:16}}'], { severity: 'high' }],
  ['dingtalk-webhook-url', 'DingTalk', 'oapi.dingtalk.com/robot', 'oapi\\.dingtalk\\.com/robot/send\\?access_token=', '[0-9a-f]{64}', ['oapi.dingtalk.com/robot/send?access_token=', '{{hex:64}}'], { rotate: 'https://open.dingtalk.com/document/robots/custom-robot-access' }],
  ['feishu-webhook-url', 'Feishu', '/open-apis/bot/', 'open\\.(?:feishu\\.cn|larksuite\\.com)/open-apis/bot/(?:v2/)?hook/', `(?:${UUID}|[0-9a-zA-Z]{32})`, ['open.feishu.cn/open-apis/bot/v2/hook/', '{{uuid}}'], { rotate: 'https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot' }],
  ['google-chat-webhook-url', 'Google Chat', 'chat.googleapis.com', 'chat\\.googleapis\\.com/v1/spaces/[\\w-]{5,40}/messages\\?key=[\\w-]{20,60}&(?:amp;)?token=', '[\\w-]{30,60}(?:%3D){0,2}', ['chat.googleapis.com/v1/spaces/AAAA{{alnum:7}}/messages?key={{alnum:39}}&token=', '{{alnum:42}}w%3D'], { rotate: 'https://developers.google.com/workspace/chat/quickstart/webhooks' }],
  ['ifttt-webhook-url', 'IFTTT', 'maker.ifttt.com', 'maker\\.ifttt\\.com/(?:trigger/[\\w{}%-]{1,80}/(?:json/)?with/key|use)/', '[\\w-]{20,60}', ['maker.ifttt.com/trigger/door_open/with/key/', '{{alnum:43}}'], { rotate: 'https://ifttt.com/maker_webhooks' }],
  ['make-webhook-url', 'Make', 'hook.', 'hook\\.(?:(?:eu|us)\\d\\.)?(?:make|integromat)\\.com/', '[a-z0-9]{32}', ['hook.eu1.make.com/', '{{lownum:32}}'], { rotate: 'https://help.make.com/webhooks' }],
  ['mattermost-webhook-url', 'Mattermost', '/hooks/', '[\\w.-]{0,80}mattermost[\\w.-]{0,80}(?::\\d{2,5})?/hooks/', '[a-z0-9]{26}', ['mattermost.acme.test/hooks/', '{{lownum:26}}'], { rotate: 'https://developers.mattermost.com/integrate/webhooks/incoming/' }],
  ['rocketchat-webhook-url', 'Rocket.Chat', '/hooks/', '[\\w.-]{1,120}(?::\\d{2,5})?/hooks/[A-Za-z0-9]{17,24}/', '[A-Za-z0-9]{43,68}', ['chat.acme.test/hooks/{{alnum:17}}/', '{{alnum:48}}'], { confidence: 'likely', rotate: 'https://docs.rocket.chat/docs/integrations' }],
  ['wecom-webhook-url', 'WeCom', 'qyapi.weixin.qq.com', 'qyapi\\.weixin\\.qq\\.com/cgi-bin/webhook/send\\?key=', UUID, ['qyapi.weixin.qq.com/cgi-bin/webhook/send?key=', '{{uuid}}'], { rotate: 'https://developer.work.weixin.qq.com/document/path/91770' }],
  ['zoho-cliq-webhook-url', 'Zoho', 'zapikey=', 'zoho\\.(?:com|eu|in|com\\.au|jp)/[\\w./-]{1,160}\\?zapikey=', '1001\\.[0-9a-f]{32}\\.[0-9a-f]{32}', ['cliq.zoho.com/api/v2/channelsbyname/dev/message?zapikey=', '1001.{{hex:32}}.{{hex:32}}'], { severity: 'high' }],
];

/** Addresses that messages or events are posted to, whose last part is all the protection that they have. */
export const webhooksRules: readonly Rule[] = WEBHOOKS.map(
  ([id, provider, keyword, address, secret, [where, example], differs]) => ({
    id,
    provider,
    description: `${provider} webhook URL`,
    keywords: [keyword],
    pattern: new RegExp(`(?<![\\w-])(?:https?://)?${address}(?<secret>${secret})(?![\\w-])`),
    severity: 'medium',
    confidence: 'certain',
    entropy: 2.8,
    ...differs,
    examples: {
      secret: [`curl -d @message.json "${where}${example}"`],
      harmless: [`curl "${where}$WEBHOOK_KEY"`, `curl "${where}{{hex:9}}"`],
    },
  }),
);
