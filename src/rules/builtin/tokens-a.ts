import type { Rule } from '../../types.ts';
import { type PrefixedToken, prefixedRules, standalone } from './prefixed.ts';

/** `medium`: for what is half of a pair, limited to sending, or for tests only. */
const medium = { severity: 'medium' } as const;
const critical = { severity: 'critical' } as const;
const mixed = { validator: 'mixed-alnum', entropy: 3.5 } as const;

// biome-ignore format: a table, one token a line
const TOKENS: readonly PrefixedToken[] = [
  ['asaas-api-key', 'Asaas', 'API key', '$aact_', '(?:(?:prod|hmlg)_)?[A-Za-z0-9:+/=]{80,250}(?:\\$[\\w-]{20,60})?', 'prod_{{alnum:110}}', { ...critical, rotate: 'https://docs.asaas.com/docs/authentication-2' }],
  ['baidu-cloud-api-key', 'Baidu Cloud', 'API key', 'bce-v3/ALTAK-', '[A-Za-z0-9]{18,24}/[0-9a-f]{40}', '{{alnum:21}}/{{hex:40}}', { ...critical, rotate: 'https://console.bce.baidu.com/iam/#/iam/apikey/list' }],
  ['baidu-cloud-access-key', 'Baidu Cloud', 'access key', 'ALTAK', '[A-Za-z0-9]{21}', '{{alnum:21}}', { ...mixed, ...medium, rotate: 'https://console.bce.baidu.com/iam/#/iam/accesslist' }],
  ['braintree-access-token', 'Braintree', 'access token', 'access_token$', '(?:production|sandbox)\\$[0-9a-z]{16}\\$[0-9a-f]{32}', 'production{{[$]:1}}{{lownum:16}}{{[$]:1}}{{hex:32}}', { ...critical, rotate: 'https://developer.paypal.com/braintree/articles/control-panel/important-gateway-credentials' }],
  ['browserbase-api-key', 'Browserbase', 'API key', 'bb_live_', '[\\w-]{24,40}', '{{alnum:27}}', { entropy: 3.5, rotate: 'https://www.browserbase.com/settings' }],
  ['cal-com-api-key', 'Cal.com', 'API key', 'cal_', '(?:live_|test_)?[0-9a-f]{32}', 'live_{{hex:32}}', { rotate: 'https://app.cal.com/settings/developer/api-keys' }],
  ['censys-access-token', 'Censys', 'personal access token', 'censys_', '[A-Za-z0-9]{6,16}_[A-Za-z0-9]{20,64}', '{{alnum:8}}_{{alnum:32}}', { entropy: 3.5, rotate: 'https://accounts.censys.io/settings/personal-access-tokens' }],
  ['cockroach-cloud-api-key', 'CockroachDB', 'Cloud API key', 'CCDB1_', '[A-Za-z0-9]{22}_[A-Za-z0-9]{40}', '{{alnum:22}}_{{alnum:40}}', { ...critical, entropy: 3.5, rotate: 'https://cockroachlabs.cloud/access-management' }],
  ['codesandbox-api-token', 'CodeSandbox', 'API token', 'csb_v1_', '[\\w-]{30,70}', '{{alnum:43}}', { entropy: 3.5, rotate: 'https://codesandbox.io/t/api' }],
  ['coralogix-api-key', 'Coralogix', 'API key', 'cx', '(?:tp|up|ep)_[A-Za-z0-9]{30}', 'tp_{{alnum:30}}', { ...mixed, keywords: ['cxtp_', 'cxup_', 'cxep_'], rotate: 'https://coralogix.com/docs/user-guides/account-management/api-keys/api-keys/' }],
  ['coze-access-token', 'Coze', 'personal access token', 'pat_', '[A-Za-z0-9]{64}', '{{alnum:64}}', { ...mixed, rotate: 'https://www.coze.com/open/oauth/pats' }],
  ['databento-api-key', 'Databento', 'API key', 'db-', '[A-Za-z0-9]{29}', '{{alnum:29}}', { ...mixed, ...medium, rotate: 'https://databento.com/portal/keys' }],
  ['datastax-astra-token', 'DataStax', 'Astra application token', 'AstraCS:', '[A-Za-z0-9]{24}:[0-9a-f]{64}', '{{alnum:24}}:{{hex:64}}', { ...critical, rotate: 'https://astra.datastax.com/settings/tokens' }],
  ['daytona-api-key', 'Daytona', 'API key', 'dtn_', '[0-9a-f]{64}', '{{hex:64}}', { rotate: 'https://app.daytona.io/dashboard/keys' }],
  ['dbt-cloud-token', 'dbt', 'Cloud token', 'dbt', '[cu]_[\\w-]{30,80}', 'c_{{alnum:43}}', { entropy: 3.5, keywords: ['dbtc_', 'dbtu_'], rotate: 'https://docs.getdbt.com/docs/dbt-cloud-apis/authentication' }],
  ['deepsource-access-token', 'DeepSource', 'personal access token', 'dsp_', '[0-9a-f]{40}', '{{hex:40}}', { rotate: 'https://app.deepsource.com/settings/tokens' }],
  ['dnsimple-api-token', 'DNSimple', 'API token', 'dnsimple_', '[aou]_[A-Za-z0-9]{32}', 'u_{{alnum:32}}', { ...critical, entropy: 3.5, rotate: 'https://support.dnsimple.com/articles/api-access-token/' }],
  ['e2b-api-key', 'E2B', 'API key', 'e2b_', '[0-9a-f]{40}', '{{hex:40}}', { rotate: 'https://e2b.dev/dashboard?tab=keys' }],
  ['e2b-access-token', 'E2B', 'access token', 'sk_e2b_', '[0-9a-f]{40}', '{{hex:40}}', { rotate: 'https://e2b.dev/dashboard?tab=keys' }],
  ['endor-labs-api-key', 'Endor Labs', 'API key or secret', 'endr+', '[A-Za-z0-9-]{16}', '{{alnum:16}}', { rotate: 'https://app.endorlabs.com/' }],
  ['exoscale-api-key', 'Exoscale', 'API key', 'EXO', '[0-9a-f]{24}', '{{hex:24}}', { ...medium, rotate: 'https://portal.exoscale.com/iam/keys' }],
  ['figma-oauth-access-token', 'Figma', 'OAuth access token', 'figo_', '[\\w-]{38,80}', '{{alnum:40}}', { entropy: 3.5, rotate: 'https://www.figma.com/settings' }],
  ['figma-plan-token', 'Figma', 'plan access token', 'figp_', '[\\w=-]{40,54}', '{{alnum:44}}', { entropy: 3.5, rotate: 'https://www.figma.com/settings' }],
  ['gitbook-api-token', 'GitBook', 'API token', 'gb_api_', '[A-Za-z0-9]{32,48}', '{{alnum:40}}', { entropy: 3.5, rotate: 'https://app.gitbook.com/account/developer' }],
  ['infisical-service-token', 'Infisical', 'service token', 'st.', '(?:[0-9a-f]{24}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\\.[0-9a-f]{32}\\.[0-9a-f]{32}', '{{hex:24}}.{{hex:32}}.{{hex:32}}', { ...critical, rotate: 'https://infisical.com/docs/documentation/platform/token' }],
  ['kaggle-api-token', 'Kaggle', 'API token', 'KGAT_', '[0-9a-f]{32}', '{{hex:32}}', { rotate: 'https://www.kaggle.com/settings' }],
  ['kong-access-token', 'Kong', 'Konnect access token', 'kpat_', '[A-Za-z0-9]{36,80}', '{{alnum:48}}', { entropy: 3.5, rotate: 'https://cloud.konghq.com/global/tokens' }],
  ['kong-system-account-token', 'Kong', 'Konnect system account token', 'spat_', '[A-Za-z0-9]{36,80}', '{{alnum:48}}', { entropy: 3.5, rotate: 'https://cloud.konghq.com/global/organization/system-accounts' }],
  ['liveblocks-secret-key', 'Liveblocks', 'secret key', 'sk_', '(?:dev|prod)_[\\w-]{40,90}', 'prod_{{alnum:64}}', { entropy: 3.5, keywords: ['sk_dev_', 'sk_prod_'], rotate: 'https://liveblocks.io/dashboard' }],
  ['locationiq-access-token', 'LocationIQ', 'access token', 'pk.', '[0-9a-f]{32}', '{{hex:32}}', { ...medium, rotate: 'https://my.locationiq.com/dashboard#accesstoken' }],
];

/** Tokens that are told by their prefix, of providers with names that begin with A to L. */
export const tokensARules: readonly Rule[] = [
  ...prefixedRules(TOKENS),
  {
    id: 'adyen-api-key',
    provider: 'Adyen',
    description: 'Adyen API key',
    keywords: ['aqe'],
    severity: 'critical',
    confidence: 'certain',
    entropy: 4,
    rotate: 'https://docs.adyen.com/development-resources/api-credentials/',
    pattern: standalone(
      'AQE[A-Za-z0-9+/]{50,180}={0,2}-[A-Za-z0-9+/]{43}=-[!#-&(-;?-_a-z{|}~]{8,24}',
      '!#-&(-;?-_a-z{|}~',
    ),
    examples: {
      secret: ['ADYEN_API_KEY="AQE{{alnum:93}}==-{{alnum:43}}=-{{[!#%&(-*A-Za-z]:16}}"'],
      harmless: ['ADYEN_API_KEY=AQE{{alnum:93}}', 'ADYEN_API_KEY="AQE{{alnum:93}}==-{{alnum:43}}"'],
    },
  },
  {
    id: 'convex-deploy-key',
    provider: 'Convex',
    description: 'Convex deploy key',
    keywords: ['|eyj2m'],
    severity: 'critical',
    confidence: 'certain',
    entropy: 3.5,
    rotate: 'https://docs.convex.dev/cli/deploy-key-types',
    pattern: standalone('(?:prod|dev|preview|project):[\\w:-]{3,80}\\|eyJ2M[A-Za-z0-9+/]{30,200}={0,2}', '\\w+/='),
    examples: {
      secret: ['CONVEX_DEPLOY_KEY="prod:happy-otter-123|{{b64({"v2":"{{hex:40}}"})}}"'],
      harmless: ['CONVEX_DEPLOYMENT=dev:happy-otter-123', 'CONVEX_DEPLOY_KEY="prod:happy-otter-123|eyJ2M..."'],
    },
  },
  {
    id: 'kaggle-json-key',
    provider: 'Kaggle',
    description: 'API key of a kaggle.json file',
    keywords: ['"username"'],
    severity: 'high',
    confidence: 'likely',
    entropy: 2.8,
    rotate: 'https://www.kaggle.com/settings',
    pattern:
      /\{\s{0,8}\\?"username\\?"\s{0,4}:\s{0,4}\\?"[\w.-]{1,40}\\?"\s{0,4},\s{0,8}\\?"key\\?"\s{0,4}:\s{0,4}\\?"(?<secret>[0-9a-f]{32})\\?"\s{0,8}\}/,
    examples: {
      secret: ['{"username":"alice","key":"{{hex:32}}"}'],
      harmless: ['{"username":"alice","id":"{{hex:32}}"}', '{"username":"alice","key":"{{hex:40}}"}'],
    },
  },
];
