import type { Rule } from '../../types.ts';
import { type PrefixedToken, prefixedRules } from './prefixed.ts';

/** `medium`: for what is half of a pair, limited to sending, or for tests only. */
const medium = { severity: 'medium' } as const;
const critical = { severity: 'critical' } as const;
const mixed = { validator: 'mixed-alnum', entropy: 3.5 } as const;
const MERCADO_PAGO = 'https://www.mercadopago.com/developers/panel/app';

// biome-ignore format: a table, one token a line
const TOKENS: readonly PrefixedToken[] = [
  ['matrix-access-token', 'Matrix', 'access token of Synapse', 'syt_', '[A-Za-z0-9]{1,120}_[A-Za-z]{20}_[A-Za-z0-9]{6}', '{{alnum:8}}_{{alpha:20}}_{{alnum:6}}', { rotate: 'https://element-hq.github.io/synapse/latest/admin_api/user_admin_api.html' }],
  ['matrix-authentication-service-token', 'Matrix', 'Authentication Service token', 'm', '(?:at|ar|ct|cr|pt)_[A-Za-z0-9]{30}_[A-Za-z0-9]{6}', 'at_{{alnum:30}}_{{alnum:6}}', { entropy: 3.5, keywords: ['mat_', 'mar_', 'mct_', 'mcr_', 'mpt_'] }],
  ['mercado-pago-access-token', 'Mercado Pago', 'access token', 'APP_USR-', '\\d{10,17}-\\d{6}-[0-9a-f]{32}(?:__[A-Z]{2}_[A-Z]{2}__)?-\\d{5,11}', '{{digit:16}}-{{digit:6}}-{{hex:32}}-{{digit:9}}', { ...critical, rotate: MERCADO_PAGO }],
  ['mercado-pago-test-token', 'Mercado Pago', 'test access token', 'TEST-', '\\d{10,17}-\\d{6}-[0-9a-f]{32}(?:__[A-Z]{2}_[A-Z]{2}__)?-\\d{5,11}', '{{digit:16}}-{{digit:6}}-{{hex:32}}-{{digit:9}}', { ...medium, rotate: MERCADO_PAGO }],
  ['netbird-access-token', 'NetBird', 'personal access token', 'nbp_', '[A-Za-z0-9]{36}', '{{alnum:36}}', { ...mixed, ...critical, rotate: 'https://app.netbird.io/team/users' }],
  ['newrelic-mobile-token', 'New Relic', 'mobile app token', 'AA', '[0-9a-f]{40}-NRMA', '{{hex:40}}-NRMA', { ...medium, keywords: ['-nrma'] }],
  ['omise-secret-key', 'Omise', 'secret key', 'skey_', '(?:test_)?[0-9a-z]{19}', '{{lownum:19}}', { ...critical, rotate: 'https://dashboard.omise.co/v2/settings/keys' }],
  ['pganalyze-api-key', 'pganalyze', 'API key', 'pgar_', '[A-Za-z0-9]{27}', '{{alnum:27}}', { ...mixed, ...medium, rotate: 'https://app.pganalyze.com/' }],
  ['phabricator-api-token', 'Phabricator', 'Conduit API token', 'api-', '[a-z0-9]{28}', '{{lownum:28}}', { validator: 'has-digit', confidence: 'likely', entropy: 3.3 }],
  ['phabricator-cli-token', 'Phabricator', 'Conduit command-line token', 'cli-', '[a-z0-9]{28}', '{{lownum:28}}', { validator: 'has-digit', confidence: 'likely', entropy: 3.3 }],
  ['photoroom-api-key', 'Photoroom', 'API key', 'sk_pr_', '[A-Za-z0-9]{1,64}_[0-9a-f]{40}', 'default_{{hex:40}}', { rotate: 'https://app.photoroom.com/api-dashboard' }],
  ['pinterest-access-token', 'Pinterest', 'access token', 'pin', '[acr]_[A-Za-z0-9]{60,140}', 'a_{{alnum:90}}', { ...mixed, keywords: ['pina_', 'pinc_', 'pinr_'], rotate: 'https://developers.pinterest.com/apps/' }],
  ['portainer-access-token', 'Portainer', 'access token', 'ptr_', '[A-Za-z0-9+/]{43}=', '{{base64:43}}=', { ...critical, entropy: 3.5, rotate: 'https://docs.portainer.io/api/access' }],
  ['rainforest-api-key', 'Rainforest', 'API key', 'apikey_', '[0-9a-f]{64}', '{{hex:64}}', { ...critical, rotate: 'https://docs.rainforestpay.com/docs/api-keys' }],
  ['rainforest-sandbox-key', 'Rainforest', 'sandbox API key', 'sbx_apikey_', '[0-9a-f]{64}', '{{hex:64}}', medium],
  ['ramp-client-secret', 'Ramp', 'client secret', 'ramp_sec_', '[A-Za-z0-9]{48}', '{{alnum:48}}', { ...critical, entropy: 3.5, rotate: 'https://app.ramp.com/developer' }],
  ['rancher-api-token', 'Rancher', 'API token', 'token-', '[a-z0-9]{5}:[a-z0-9]{54}', '{{lownum:5}}:{{lownum:54}}', { ...critical, entropy: 3.5, rotate: 'https://ranchermanager.docs.rancher.com/reference-guides/user-settings/api-keys' }],
  ['rancher-kubeconfig-token', 'Rancher', 'kubeconfig token', 'kubeconfig-', '(?:u-|user-)[a-z0-9]{5,24}:[a-z0-9]{54}', 'user-{{lownum:10}}:{{lownum:54}}', { ...critical, entropy: 3.5 }],
  ['recharge-api-token', 'Recharge', 'API token', 'sk_', '(?:test_)?(?:1|2|3|5|10)x[123]_[0-9a-f]{64}', '1x1_{{hex:64}}', { keywords: ['x1_', 'x2_', 'x3_'], rotate: 'https://docs.getrecharge.com/docs/recharge-api-key' }],
  ['salad-cloud-api-key', 'Salad', 'Cloud API key', 'salad_cloud_', '[A-Za-z0-9]{1,7}_[A-Za-z0-9]{7,235}', '{{alnum:6}}_{{alnum:60}}', { entropy: 3.5, rotate: 'https://portal.salad.com/api-key' }],
  ['socket-api-key', 'Socket', 'API token', 'sktsec_', '[A-Za-z0-9]{20,80}_api', '{{alnum:40}}_api', { entropy: 3.5, rotate: 'https://socket.dev/dashboard' }],
  ['sonar-organization-token', 'SonarQube', 'Cloud organization token', 'sqco_', '[A-Za-z0-9]{59}', '{{alnum:59}}', { ...mixed, rotate: 'https://sonarcloud.io/account/security' }],
  ['spectralops-token', 'SpectralOps', 'token', 'spu-', '[a-z0-9]{32}', '{{lownum:32}}', { validator: 'has-digit', rotate: 'https://get.spectralops.io/' }],
  ['square-sandbox-secret', 'Square', 'sandbox application secret', 'sandbox-sq0csb-', '[\\w-]{40,43}', '{{alnum:43}}', { ...medium, entropy: 3.5, rotate: 'https://developer.squareup.com/apps' }],
  ['statsig-secret-key', 'Statsig', 'server secret or console API key', '', '(?:secret|console)-[A-Za-z0-9]{40,48}', 'secret-{{alnum:43}}', { ...mixed, confidence: 'likely', keywords: ['secret-', 'console-'], rotate: 'https://console.statsig.com/api_keys' }],
  ['teamcity-access-token', 'TeamCity', 'access token', 'eyJ0eXAiOiAiVENWMiJ9.', '[\\w-]{20,80}\\.[\\w-]{30,80}', '{{alnum:36}}.{{alnum:48}}', { ...critical, entropy: 3.5, rotate: 'https://www.jetbrains.com/help/teamcity/configuring-your-user-profile.html' }],
  ['tencent-secret-id', 'Tencent Cloud', 'secret id', 'AKID', '[A-Za-z0-9]{32}', '{{alnum:32}}', { ...mixed, ...medium, rotate: 'https://console.cloud.tencent.com/cam/capi' }],
  ['tigris-secret-key', 'Tigris', 'secret access key', 'tsec_', '[\\w+-]{40,80}', '{{alnum:60}}', { ...critical, entropy: 3.5, rotate: 'https://console.tigris.dev/' }],
  ['trigger-dev-secret-key', 'Trigger.dev', 'secret key', 'tr_', '(?:dev|prod|stg|preview)_[A-Za-z0-9]{20,32}', 'prod_{{alnum:24}}', { ...mixed, keywords: ['tr_dev_', 'tr_prod_', 'tr_stg_', 'tr_preview_'], rotate: 'https://trigger.dev/docs/apikeys' }],
  ['trufflehog-enterprise-secret', 'TruffleHog', 'Enterprise secret', 'thog-secret-', '[0-9a-f]{32}', '{{hex:32}}', {}],
  ['valtown-api-token', 'Val Town', 'API token', 'vtwn_', '[A-Za-z0-9]{20,40}', '{{alnum:27}}', { ...mixed, rotate: 'https://www.val.town/settings/api' }],
  ['vk-access-token', 'VK', 'access token', 'vk1.a.', '[\\w-]{85,300}', '{{alnum:190}}', { entropy: 3.5, rotate: 'https://dev.vk.com/en/api/access-token/getting-started' }],
  ['volcengine-access-key', 'Volcengine', 'access key id', 'AKLT', '[\\w-]{40,60}', '{{alnum:44}}', { ...mixed, ...medium, rotate: 'https://console.volcengine.com/iam/keymanage/' }],
];

/** Tokens that are told by their prefix, of providers with names that begin with M to Z. */
export const tokensMRules: readonly Rule[] = [
  ...prefixedRules(TOKENS),
  {
    id: 'tableau-access-token',
    provider: 'Tableau',
    description: 'Tableau personal access token',
    keywords: ['==:'],
    severity: 'high',
    confidence: 'certain',
    entropy: 4,
    rotate: 'https://help.tableau.com/current/server/en-us/security_personal_access_tokens.htm',
    pattern: /(?<![A-Za-z0-9+/])(?<secret>[A-Za-z0-9+/]{22}==:[A-Za-z0-9]{32})(?![\w-])/,
    examples: {
      secret: ['TABLEAU_PAT_SECRET={{base64:22}}==:{{alnum:32}}'],
      harmless: ['TABLEAU_PAT_SECRET={{base64:22}}==:', `TABLEAU_PAT_SECRET=${'x'.repeat(22)}==:${'x'.repeat(32)}`],
    },
  },
  {
    id: 'unleash-api-token',
    provider: 'Unleash',
    description: 'Unleash API token',
    keywords: [':*.', ':development.', ':production.'],
    severity: 'medium',
    confidence: 'certain',
    entropy: 3.3,
    rotate: 'https://docs.getunleash.io/reference/api-tokens-and-client-keys',
    pattern: /(?<![A-Za-z0-9_])(?<secret>(?:\*|\[\]|default):(?:\*|development|production)\.[0-9a-f]{56,64})(?![\w-])/,
    examples: {
      secret: ['Authorization: *:production.{{hex:56}}', 'UNLEASH_API_TOKEN=default:development.{{hex:56}}'],
      harmless: ['Authorization: *:production.{{hex:20}}', 'Authorization: *:production.some-unleash-token'],
    },
  },
];
