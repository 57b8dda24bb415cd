import type { Rule } from '../../types.ts';
import { type KeyedService, keyed, keyedRules } from './keyed.ts';
import { type PrefixedToken, prefixedRules, standalone } from './prefixed.ts';
import { spoken } from './service-row.ts';

const STRIPE_KEYS = 'https://dashboard.stripe.com/apikeys';
const SQUARE_APPS = 'https://developer.squareup.com/apps';
const HEX_UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';

// biome-ignore format: a table, one line each
const TOKENS: readonly PrefixedToken[] = [
  ['stripe-webhook-secret', 'Stripe', 'webhook signing secret', 'whsec_', '[A-Za-z0-9+/]{24,80}={0,2}', '{{alnum:32}}', { severity: 'medium', entropy: 3.5, rotate: 'https://dashboard.stripe.com/webhooks' }],
  ['square-access-token', 'Square', 'access token', 'sq0atp-', '[\\w-]{22}', '{{alnum:22}}', { severity: 'critical', rotate: SQUARE_APPS }],
  ['square-application-id', 'Square', 'application id', 'sq0idp-', '[\\w-]{22}', '{{alnum:22}}', { severity: 'low' }],
  ['square-application-secret', 'Square', 'OAuth application secret', 'sq0csp-', '[\\w\\\\-]{40,43}', '{{alnum:43}}', { severity: 'critical', rotate: SQUARE_APPS }],
  ['paddle-api-key', 'Paddle', 'API key', 'pdl_', '(?:live|sdbx)_apikey_[a-z0-9]{26}_[A-Za-z0-9]{22}_[A-Za-z0-9]{3}', 'live_apikey_{{lownum:26}}_{{alnum:22}}_{{alnum:3}}', { severity: 'critical' }],
  ['paddle-webhook-secret', 'Paddle', 'webhook secret', 'pdl_ntfset_', '[a-z0-9]{26}_[A-Za-z0-9+/]{32}', '{{lownum:26}}_{{alnum:32}}', { severity: 'medium' }],
  ['polar-access-token', 'Polar', 'access token', 'polar_', '(?:oat|pat|whs|at_u|at_o|rt)_[A-Za-z0-9]{30,60}', 'oat_{{alnum:43}}', { entropy: 3.5 }],
  ['razorpay-key-id', 'Razorpay', 'key id', 'rzp_', '(?:live|test)_[A-Za-z0-9]{14}', 'live_{{alnum:14}}', { severity: 'low', confidence: 'likely', rotate: 'https://dashboard.razorpay.com/app/keys' }],
  ['xendit-secret-key', 'Xendit', 'secret key', 'xnd_', '(?:production|development)_[A-Za-z0-9]{40,80}', 'production_{{alnum:56}}', { severity: 'critical', entropy: 3.5 }],
  ['pagarme-api-key', 'Pagar.me', 'API key', 'ak_', '(?:live|test)_[A-Za-z0-9]{30}', 'live_{{alnum:30}}', { severity: 'critical', keywords: ['ak_live_', 'ak_test_'] }],
  ['shippo-api-token', 'Shippo', 'API token', 'shippo_', '(?:live|test)_[0-9a-f]{40}', 'live_{{hex:40}}'],
  ['shopify-access-token', 'Shopify', 'access token', 'shpat_', '[A-Za-z0-9]{32,40}', '{{hex:32}}', { severity: 'critical' }],
  ['shopify-custom-access-token', 'Shopify', 'custom app access token', 'shpca_', '[A-Za-z0-9]{32,40}', '{{hex:32}}', { severity: 'critical' }],
  ['shopify-private-app-access-token', 'Shopify', 'private app access token', 'shppa_', '[A-Za-z0-9]{32,40}', '{{hex:32}}', { severity: 'critical' }],
  ['shopify-shared-secret', 'Shopify', 'app shared secret', 'shpss_', '[A-Za-z0-9]{32,40}', '{{hex:32}}'],
  ['shopify-user-access-token', 'Shopify', 'user access token', 'shpua_', '[A-Za-z0-9]{32,40}', '{{hex:32}}'],
  ['shopify-refresh-token', 'Shopify', 'refresh token', 'shprt_', '[A-Za-z0-9]{32,40}', '{{hex:32}}'],
  ['shopify-theme-access-password', 'Shopify', 'Theme Access password', 'shptka_', '[A-Za-z0-9]{32,40}', '{{hex:32}}'],
  ['shopify-cli-token', 'Shopify', 'CLI partner token', 'atkn_', '[A-Za-z0-9]{64,72}', '{{hex:64}}'],
];

// biome-ignore format: a table, one line each
const SERVICES: readonly KeyedService[] = [
  { id: 'plaid-client-id', provider: 'Plaid', what: 'client id', word: 'plaid', shapes: ['alnum:24'], severity: 'low', entropy: 3, rotate: 'https://dashboard.plaid.com/developers/keys' },
  { id: 'plaid-secret-key', provider: 'Plaid', what: 'secret key', word: 'plaid', shapes: ['lownum:30'], severity: 'critical', entropy: 3, rotate: 'https://dashboard.plaid.com/developers/keys' },
  { id: 'paypal-client-secret', provider: 'PayPal', what: 'client secret', word: 'paypal|pp_client', spelling: 'paypal', keywords: ['paypal', 'pp_client'], shapes: ['/E[\\w\\-]{60,80}/'], example: 'E{{alnum:79}}', severity: 'critical', entropy: 3.8, rotate: 'https://developer.paypal.com/dashboard/applications' },
  { id: 'paypal-client-id', provider: 'PayPal', what: 'client id', word: 'paypal', shapes: ['/A[\\w\\-]{79}/'], example: 'A{{alnum:79}}', severity: 'low', entropy: 3.8 },
  { id: 'paymongo-api-key', provider: 'PayMongo', word: 'paymongo', shapes: ['/(?:sk_(?:live|test)_)?(?=[a-z]{0,31}[0-9])[a-z0-9]{24,32}/'], example: 'sk_live_{{alnum:24}}', severity: 'critical', entropy: 3.2 },
  { id: 'paystack-secret-key', provider: 'Paystack', what: 'secret key', word: 'paystack', shapes: ['/sk_(?:live|test)_[0-9a-z]{40}/'], example: 'sk_live_{{hex:40}}', severity: 'critical', entropy: 3 },
  { id: 'razorpay-key-secret', provider: 'Razorpay', what: 'key secret', word: 'razorpay|rzp', spelling: 'razorpay', keywords: ['razorpay', 'rzp_'], shapes: ['alnum:24'], severity: 'critical', entropy: 3.3, rotate: 'https://dashboard.razorpay.com/app/keys' },
  { id: 'transferwise-api-token', provider: 'Wise', what: 'API token', word: 'transferwise|wise_api', spelling: 'transferwise', keywords: ['transferwise', 'wise_api'], shapes: ['uuid'], severity: 'critical' },
  { id: 'woocommerce-consumer-secret', provider: 'WooCommerce', what: 'consumer secret', word: 'woo(?:commerce)?|consumer', spelling: 'woocommerce', keywords: ['woo', 'consumer'], shapes: ['/cs_[0-9a-f]{40}/'], example: 'cs_{{hex:40}}', severity: 'high', entropy: 3 },
  { id: 'recurly-api-key', provider: 'Recurly', word: 'recurly', shapes: ['hex:32'], severity: 'critical' },
  { id: 'taxjar-api-key', provider: 'TaxJar', word: 'taxjar', shapes: ['lownum:32'] },
  { id: 'squarespace-api-key', provider: 'Squarespace', word: 'squarespace', shapes: ['uuid'], severity: 'high' },
  { id: 'snipcart-token', provider: 'Snipcart', word: 'snipcart', shapes: ['base64url:72-80'], entropy: 3.5 },
  { id: 'shippo-context-token', provider: 'Shippo', word: 'shippo', shapes: ['hex:40'], severity: 'high' },
  { id: 'shipstation-api-key', provider: 'ShipStation', word: 'shipstation', shapes: ['hex:32'], severity: 'high' },
  { id: 'spreedly-access-secret', provider: 'Spreedly', what: 'access secret', word: 'spreedly', shapes: ['alnum:64'], severity: 'critical', entropy: 3.8 },
];

const HARMLESS_STRIPE = [
  'sk_live_short',
  'pk_live_{{alnum:24}}',
  'task_test_{{lownum:30}}',
  `sk_live_${'A'.repeat(24)}`,
];

/** Rules for payment services and shops: Stripe, Square, PayPal, Plaid, Paddle, Shopify and others. */
export const paymentsRules: readonly Rule[] = [
  ...prefixedRules(TOKENS),
  ...keyedRules(SERVICES.map(spoken)),
  {
    id: 'stripe-live-key',
    provider: 'Stripe',
    description: 'Stripe secret or restricted key (live mode)',
    keywords: ['sk_live_', 'rk_live_', 'sk_prod_', 'rk_prod_'],
    severity: 'critical',
    confidence: 'certain',
    entropy: 3,
    rotate: STRIPE_KEYS,
    pattern: standalone('[rs]k_(?:live|prod)_[A-Za-z0-9]{15,160}'),
    examples: { secret: ['STRIPE_SECRET_KEY=sk_live_{{alnum:24}}', 'rk_live_{{alnum:99}}'], harmless: HARMLESS_STRIPE },
  },
  {
    id: 'stripe-test-key',
    provider: 'Stripe',
    description: 'Stripe secret or restricted key (test mode)',
    keywords: ['sk_test_', 'rk_test_'],
    severity: 'medium',
    confidence: 'certain',
    entropy: 3,
    rotate: STRIPE_KEYS,
    pattern: standalone('[rs]k_test_[A-Za-z0-9]{15,160}'),
    examples: {
      secret: ['stripe.api_key = "sk_test_{{alnum:24}}"', 'rk_test_{{alnum:99}}'],
      harmless: [...HARMLESS_STRIPE, 'sk_test_abc'],
    },
  },
  {
    id: 'stripe-ephemeral-or-cli-key',
    provider: 'Stripe',
    description: 'Stripe ephemeral or organization key',
    keywords: ['ek_live_', 'ek_test_', 'sk_org_'],
    severity: 'high',
    confidence: 'certain',
    entropy: 3.3,
    rotate: STRIPE_KEYS,
    pattern: standalone('(?:ek_(?:live|test)|sk_org_(?:live|test))_[A-Za-z0-9]{24,200}'),
    examples: {
      secret: ['ek_live_{{alnum:60}}', 'sk_org_live_{{alnum:60}}'],
      harmless: [`ek_live_${'x'.repeat(60)}`, 'ek_test_{{alnum:8}}'],
    },
  },
  {
    id: 'square-production-token',
    provider: 'Square',
    description: 'Square access token',
    keywords: ['eaaa'],
    severity: 'critical',
    confidence: 'likely',
    entropy: 4,
    rotate: SQUARE_APPS,
    pattern: standalone('EAAA[A-Za-z0-9_-]{58,68}'),
    examples: {
      secret: ['SQUARE_ACCESS_TOKEN=EAAA{{alnum:60}}'],
      harmless: [`SQUARE_ACCESS_TOKEN=EAAA${'x'.repeat(60)}`, 'sha256:eaaa{{hex:60}}'],
    },
  },
  {
    id: 'square-short-token',
    provider: 'Square',
    description: 'Square access token',
    keywords: ['square'],
    severity: 'critical',
    confidence: 'likely',
    entropy: 3.3,
    rotate: SQUARE_APPS,
    pattern: keyed('square', 'EAAA[\\w\\-]{22,60}', { roleOptional: true }),
    examples: {
      secret: ['square_token: "EAAA{{alnum:22}}"'],
      harmless: ['square_token: "EAAA{{alnum:8}}"', `square_token: "EAAA${'a'.repeat(22)}"`],
    },
  },
  {
    id: 'plaid-access-token',
    provider: 'Plaid',
    description: 'Plaid access token',
    keywords: ['access-sandbox-', 'access-development-', 'access-production-'],
    severity: 'critical',
    confidence: 'certain',
    entropy: 3,
    rotate: 'https://dashboard.plaid.com/developers/keys',
    pattern: standalone(`access-(?:sandbox|development|production)-${HEX_UUID}`),
    examples: {
      secret: ['plaid_token = "access-production-{{uuid}}"'],
      harmless: ['access-production-00000000', 'access-staging-{{uuid}}'],
    },
  },
];
