import type { Companion } from '../../types.ts';

interface Searched {
  role: string;
  /** Regular expression for the part; case does not matter where names and hosts are searched for. */
  value: string;
  /** A text with it, with holes. */
  example: string;
}

/** A part that is told by the name that it is bound to: `words` for `client_id`, `clientId`, `CLIENT-ID`. */
function named(words: string, { role, value, example }: Searched): Companion {
  const pattern = `(?:${words})["'\`]?[ \\t]{0,4}(?:[:=]|=>|,)[ \\t]{0,4}["'\`]?(?<part>${value})(?![\\w-])`;
  return { role, pattern: new RegExp(pattern, 'i'), example };
}

/** A host name that ends in a domain of the provider. */
function host(role: string, ...domains: readonly string[]): Companion {
  const suffix = domains.map((domain) => domain.replaceAll('.', '\\.')).join('|');
  const pattern = `(?<![\\w.-])[a-z0-9](?:[a-z0-9-]{0,62}\\.){1,3}(?:${suffix})(?![\\w-])`;
  return { role, pattern: new RegExp(pattern, 'i'), example: `https://acme-1.${domains[0]}/x` };
}

/** A part with a shape of its own. */
function shaped({ role, value, example }: Searched): Companion {
  return { role, pattern: new RegExp(`(?<![\\w.-])${value}(?![\\w-])`), example };
}

const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const CLIENT_ID = named('client[_-]?id|app(?:lication)?[_-]?id', {
  role: 'client id',
  value: '[\\w.-]{6,100}',
  example: 'client_id = "{{lownum:20}}"',
});
const AWS: readonly Companion[] = [
  { role: 'access key id', rules: ['aws-access-key-id'] },
  { role: 'session token', rules: ['aws-session-token'] },
];
const GOOGLE_CLIENT = shaped({
  role: 'client id',
  value: '\\d{6,20}-[a-z0-9]{16,40}\\.apps\\.googleusercontent\\.com',
  example: '{{digit:12}}-{{lownum:32}}.apps.googleusercontent.com',
});
const AZURE: readonly Companion[] = [
  named('tenant[_-]?(?:id)?|directory[_-]?id', { role: 'tenant id', value: UUID, example: 'AZURE_TENANT_ID={{uuid}}' }),
  named('client[_-]?id|app(?:lication)?[_-]?id', { role: 'client id', value: UUID, example: '"clientId": "{{uuid}}"' }),
];
const STORAGE_ACCOUNT = named('account_?name', {
  role: 'account name',
  value: '[a-z0-9]{3,24}',
  example: 'AccountName=acmestore1;',
});
const CLOUDFLARE: readonly Companion[] = [
  named('(?:account|zone)[_-]?id', { role: 'account id', value: '[0-9a-f]{32}', example: 'account_id = "{{hex:32}}"' }),
];
const JFROG: readonly Companion[] = [host('host', 'jfrog.io')];
const GRAFANA: readonly Companion[] = [host('host', 'grafana.net')];
const OKTA = host('domain', 'okta.com', 'oktapreview.com', 'okta-emea.com');
const SALESFORCE = host('host', 'my.salesforce.com');
const ATLASSIAN: readonly Companion[] = [
  host('site', 'atlassian.net'),
  shaped({
    role: 'account',
    value: '[\\w.+-]{1,64}@(?:[\\w-]{1,63}\\.){1,4}[A-Za-z]{2,12}',
    example: 'jane.doe@acme.example',
  }),
];
const SHOPIFY: readonly Companion[] = [host('shop', 'myshopify.com')];
const DATABRICKS: readonly Companion[] = [
  host('workspace', 'cloud.databricks.com', 'azuredatabricks.net', 'gcp.databricks.com'),
];
const TWITTER: readonly Companion[] = [
  { role: 'API key', rules: ['twitter-api-key'] },
  { role: 'access token', rules: ['twitter-access-token'] },
];

/**
 * What belongs to the secret of a rule, by the id of that rule. Where the other part is one of our rules, both are one
 * finding; hosts and names of accounts say which account it is that has to be mended.
 */
export const companions: Readonly<Record<string, readonly Companion[]>> = {
  'adobe-client-secret': [CLIENT_ID],
  'algolia-api-key': [
    named('app(?:lication)?[_-]?(?:id)?', {
      role: 'application id',
      value: '[A-Z0-9]{10}',
      example: 'ALGOLIA_APP_ID={{ALNUM:10}}',
    }),
    host('host', 'algolia.net', 'algolianet.com'),
  ],
  'alibaba-secret-key': [
    { role: 'access key id', rules: ['alibaba-access-key-id'] },
    { role: 'security token', rules: ['alibaba-sts-token'] },
  ],
  'amazon-oauth-client-secret': [
    shaped({
      role: 'client id',
      value: 'amzn1\\.application-oa2-client\\.[0-9a-f]{32}',
      example: 'amzn1.application-oa2-client.{{hex:32}}',
    }),
  ],
  'asana-client-secret-api-key': [{ role: 'client id', rules: ['asana-client-id'] }],
  'atlassian-api-token': ATLASSIAN,
  'atlassian-api-token-legacy': ATLASSIAN,
  'auth0-client-secret': [host('domain', 'auth0.com'), CLIENT_ID],
  'aws-secret-access-key': AWS,
  'aws-secret-access-key-after-id': AWS,
  'aws-secret-access-key-before-id': AWS,
  'azure-ai-services-key': [host('endpoint', 'cognitiveservices.azure.com', 'openai.azure.com')],
  'azure-client-secret': AZURE,
  'azure-client-secret-legacy': AZURE,
  'azure-container-registry-key': [host('registry', 'azurecr.io')],
  'azure-openai-api-key': [host('endpoint', 'openai.azure.com')],
  'azure-redis-key': [host('host', 'redis.cache.windows.net')],
  'azure-search-api-key': [host('endpoint', 'search.windows.net')],
  'azure-storage-account-key': [STORAGE_ACCOUNT],
  'azure-storage-key-identifiable': [STORAGE_ACCOUNT],
  'bitbucket-client-secret-api-key': [{ role: 'client id', rules: ['bitbucket-client-id-api-key'] }],
  'clickhouse-cloud-secret': [{ role: 'key id', rules: ['clickhouse-cloud-key'] }],
  'cloudflare-api-token': CLOUDFLARE,
  'cloudflare-global-key': CLOUDFLARE,
  'confluent-api-secret': [{ role: 'API key', rules: ['confluent-api-key'] }],
  'confluent-cloud-secret': [{ role: 'API key', rules: ['confluent-api-key'] }],
  'databricks-oauth-secret': [...DATABRICKS, CLIENT_ID],
  'databricks-personal-access-token': DATABRICKS,
  'datadog-application-key-api-key': [{ role: 'API key', rules: ['datadog-api-key'] }],
  'digitalocean-spaces-secret': [{ role: 'access key', rules: ['digitalocean-spaces-key'] }],
  'discord-client-secret': [{ role: 'client id', rules: ['discord-client-id'] }],
  'dropbox-app-secret': [
    named('app[_-]?key', { role: 'app key', value: '[a-z0-9]{15}', example: 'app_key: "{{lownum:15}}"' }),
  ],
  'facebook-app-secret': [
    named('app[_-]?id|client[_-]?id', { role: 'app id', value: '\\d{13,17}', example: 'FACEBOOK_APP_ID={{digit:15}}' }),
  ],
  'flutterwave-secret-key': [{ role: 'public key', rules: ['flutterwave-public-key'] }],
  'freshdesk-api-key': [host('host', 'freshdesk.com')],
  'gitlab-oauth-secret': [CLIENT_ID],
  'google-hmac-secret': [shaped({ role: 'access id', value: 'GOOG[A-Z0-9]{10,60}', example: 'GOOG1E{{ALNUM:55}}' })],
  'google-oauth-client-secret': [GOOGLE_CLIENT],
  'google-oauth-client-secret-legacy': [GOOGLE_CLIENT],
  'google-oauth-refresh-token': [GOOGLE_CLIENT],
  'grafana-api-key': GRAFANA,
  'grafana-cloud-token': GRAFANA,
  'grafana-service-account-token': GRAFANA,
  'hashicorp-approle-secret-id': [
    named('role[_-]?id', { role: 'role id', value: UUID, example: 'role_id = "{{uuid}}"' }),
  ],
  'jfrog-api-key': JFROG,
  'jfrog-identity-token': JFROG,
  'jfrog-reference-token': JFROG,
  'linkedin-client-secret': [CLIENT_ID],
  'modal-token-secret': [{ role: 'token id', rules: ['modal-token-id'] }],
  'okta-access-token': [OKTA],
  'okta-client-secret': [OKTA, CLIENT_ID],
  'paypal-client-secret': [{ role: 'client id', rules: ['paypal-client-id'] }],
  'plaid-secret-key': [{ role: 'client id', rules: ['plaid-client-id'] }],
  'porkbun-secret-key': [{ role: 'API key', rules: ['porkbun-api-key'] }],
  'pubnub-secret-key': [
    { role: 'publish key', rules: ['pubnub-publish-key'] },
    { role: 'subscribe key', rules: ['pubnub-subscribe-key'] },
  ],
  'razorpay-key-secret': [{ role: 'key id', rules: ['razorpay-key-id'] }],
  'salesforce-client-secret': [CLIENT_ID, SALESFORCE],
  'salesforce-session-id': [SALESFORCE],
  'scaleway-secret-key': [{ role: 'access key', rules: ['scaleway-access-key'] }],
  'shopify-access-token': SHOPIFY,
  'shopify-custom-access-token': SHOPIFY,
  'shopify-private-app-access-token': SHOPIFY,
  'shopify-shared-secret': SHOPIFY,
  'spotify-client-secret': [CLIENT_ID],
  'square-application-secret': [{ role: 'application id', rules: ['square-application-id'] }],
  'strava-client-secret': [CLIENT_ID],
  'sumologic-access-key': [{ role: 'access id', rules: ['sumologic-access-id'] }],
  'supabase-secret-key': [host('project', 'supabase.co', 'supabase.in')],
  'tencent-secret-key': [shaped({ role: 'secret id', value: 'AKID[A-Za-z0-9]{32}', example: 'AKID{{alnum:32}}' })],
  'trello-api-token': [{ role: 'API key', rules: ['trello-api-key'] }],
  'twilio-api-key': [{ role: 'account id', rules: ['twilio-account-sid'] }],
  'twilio-auth-token': [{ role: 'account id', rules: ['twilio-account-sid'] }],
  'twitter-secret': TWITTER,
  'upstash-token': [host('host', 'upstash.io')],
  'vonage-api-secret': [
    named('api[_-]?key', { role: 'API key', value: '[0-9a-f]{8}', example: 'api_key="{{hex:8}}"' }),
  ],
  'zendesk-secret-key': [host('host', 'zendesk.com')],
  'zoom-client-secret': [CLIENT_ID],
};
