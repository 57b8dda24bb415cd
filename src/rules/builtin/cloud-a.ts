import type { Rule } from '../../types.ts';
import { keyed, keyedRules } from './keyed.ts';
import { prefixedRules, standalone } from './prefixed.ts';

const CLOUDFLARE_TOKENS = 'https://dash.cloudflare.com/profile/api-tokens';
const DIGITALOCEAN_TOKENS = 'https://cloud.digitalocean.com/account/api/tokens';

const critical = { severity: 'critical' } as const;
const cloudflare = { severity: 'critical', rotate: CLOUDFLARE_TOKENS } as const;
const digitalOcean = { severity: 'critical', rotate: DIGITALOCEAN_TOKENS } as const;
const databricks = { severity: 'critical', rotate: 'https://docs.databricks.com/aws/en/dev-tools/auth/pat' } as const;
const docker = { rotate: 'https://app.docker.com/settings/personal-access-tokens' } as const;

/** Clouds and infrastructure services with names from A to D, but for AWS and Azure. */
export const cloudARules: readonly Rule[] = [
  // biome-ignore format: a table, one token a line
  ...prefixedRules([
    ['alibaba-access-key-id', 'Alibaba Cloud', 'access key id', 'LTAI', '(?:[A-Za-z0-9]{20}|[A-Za-z0-9]{16}|[A-Za-z0-9]{12})', '{{alnum:20}}', { entropy: 2.8, rotate: 'https://ram.console.aliyun.com/manage/ak' }],
    ['alibaba-sts-token', 'Alibaba Cloud', 'STS access key id', 'STS.', '[A-Za-z0-9]{22,32}', '{{alnum:24}}', { entropy: 3.5, confidence: 'likely', validator: 'mixed-alnum' }],
    ['aiven-service-password', 'Aiven', 'service password', 'AVNS_', '[\\w-]{19}', '{{alnum:19}}', critical],
    ['akamai-edgegrid-token', 'Akamai', 'EdgeGrid token', 'akab-', '[a-z0-9]{16}-[a-z0-9]{16}', '{{lownum:16}}-{{lownum:16}}'],
    ['axiom-api-token', 'Axiom', 'API token', 'xaat-', '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}', '{{uuid}}'],
    ['axiom-personal-token', 'Axiom', 'personal token', 'xapt-', '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}', '{{uuid}}'],
    ['cloudflare-account-token', 'Cloudflare', 'account API token', 'cfat_', '[A-Za-z0-9]{40}[0-9a-f]{8}', '{{alnum:40}}{{hex:8}}', cloudflare],
    ['cloudflare-user-token', 'Cloudflare', 'user API token', 'cfut_', '[A-Za-z0-9]{40}[0-9a-f]{8}', '{{alnum:40}}{{hex:8}}', cloudflare],
    ['cloudflare-global-key', 'Cloudflare', 'global API key', 'cfk_', '[A-Za-z0-9]{40}[0-9a-f]{8}', '{{alnum:40}}{{hex:8}}', cloudflare],
    ['cloudflare-origin-ca-key', 'Cloudflare', 'origin CA key', 'v1.0-', '[0-9a-f]{24}-[0-9a-f]{146}', '{{hex:24}}-{{hex:146}}', cloudflare],
    ['cloudflare-turnstile-secret', 'Cloudflare', 'Turnstile secret key', '0x4AAAAA', '[\\w-]{27,30}', '{{alnum:27}}', { severity: 'medium', rotate: 'https://developers.cloudflare.com/turnstile/troubleshooting/rotate-secret-key/' }],
    ['confluent-cloud-secret', 'Confluent', 'Cloud API secret', 'cflt', '[A-Za-z0-9+/]{60}', '{{alnum:60}}', { severity: 'critical', entropy: 4 }],
    ['databricks-personal-access-token', 'Databricks', 'personal access token', 'dapi', '(?:[0-9a-f]{32}|[0-9A-F]{32})(?:-\\d)?', '{{hex:32}}', { ...databricks, entropy: 2.8 }],
    ['databricks-oauth-secret', 'Databricks', 'OAuth secret', 'dose', '[0-9a-f]{32}', '{{hex:32}}', databricks],
    ['digitalocean-personal-access-token', 'DigitalOcean', 'personal access token', 'dop_v1_', '[0-9a-f]{64}', '{{hex:64}}', digitalOcean],
    ['digitalocean-oauth-token', 'DigitalOcean', 'OAuth access token', 'doo_v1_', '[0-9a-f]{64}', '{{hex:64}}', digitalOcean],
    ['digitalocean-refresh-token', 'DigitalOcean', 'OAuth refresh token', 'dor_v1_', '[0-9a-f]{64}', '{{hex:64}}', digitalOcean],
    ['digitalocean-spaces-key', 'DigitalOcean', 'Spaces access key', 'DO00', '[A-Z0-9]{16}', '{{ALNUM:16}}', { severity: 'high', confidence: 'likely', validator: 'letters-digits' }],
    ['docker-personal-access-token', 'Docker', 'Hub personal access token', 'dckr_pat_', '[\\w-]{27}', '{{alnum:27}}', docker],
    ['docker-organization-access-token', 'Docker', 'Hub organization access token', 'dckr_oat_', '[\\w-]{27,36}', '{{alnum:32}}', docker],
    ['docker-swarm-join-token', 'Docker', 'Swarm join token', 'SWMTKN-1-', '[0-9a-z]{50}-[0-9a-z]{25}', '{{lownum:50}}-{{lownum:25}}'],
    ['docker-swarm-unlock-key', 'Docker', 'Swarm unlock key', 'SWMKEY-1-', '[A-Za-z0-9+/]{43}', '{{alnum:43}}', critical],
    ['doppler-personal-token', 'Doppler', 'personal token', 'dp.pt.', '[A-Za-z0-9]{40,44}', '{{alnum:43}}', critical],
    ['doppler-cli-token', 'Doppler', 'CLI token', 'dp.ct.', '[A-Za-z0-9]{40,44}', '{{alnum:43}}', critical],
    ['doppler-service-token', 'Doppler', 'service token', 'dp.st.', '(?:[a-z0-9_-]{2,35}\\.)?[A-Za-z0-9]{40,44}', 'prod.{{alnum:43}}', critical],
    ['doppler-service-account-token', 'Doppler', 'service account token', 'dp.sa.', '[A-Za-z0-9]{40,44}', '{{alnum:43}}', critical],
    ['doppler-service-account-identity-token', 'Doppler', 'service account identity token', 'dp.said.', '[A-Za-z0-9]{40,44}', '{{alnum:43}}', critical],
    ['doppler-scim-token', 'Doppler', 'SCIM token', 'dp.scim.', '[A-Za-z0-9]{40,44}', '{{alnum:43}}', critical],
    ['doppler-audit-token', 'Doppler', 'audit token', 'dp.audit.', '[A-Za-z0-9]{40,44}', '{{alnum:43}}'],
    ['deno-deploy-token', 'Deno Deploy', 'access token', 'ddp_', '[A-Za-z0-9]{36}', '{{alnum:36}}'],
    ['deno-deploy-organization-token', 'Deno Deploy', 'organization token', 'ddo_', '[A-Za-z0-9]{36}', '{{alnum:36}}'],
    ['defined-networking-api-token', 'Defined Networking', 'API token', 'dnkey-', '[a-z0-9=_-]{26}-[a-z0-9=_-]{52}', '{{lownum:26}}-{{lownum:52}}', { keywords: ['dnkey-'], severity: 'critical' }],
  ]),
  {
    id: 'cloudflare-tunnel-token',
    provider: 'Cloudflare',
    description: 'Cloudflare Tunnel token',
    keywords: ['eyjhijoi'],
    pattern: standalone('eyJhIjoi[A-Za-z0-9+/=_-]{100,400}', '\\w'),
    ...cloudflare,
    confidence: 'certain',
    entropy: 4,
    validator: 'base64-json',
    examples: {
      secret: ['cloudflared tunnel run --token {{b64({"a":"{{hex:32}}","t":"{{uuid}}","s":"{{alnum:44}}"})}}'],
      harmless: ['cloudflared tunnel run --token eyJhIjoi...', 'eyJhIjoi{{base64:140}}'],
    },
  },
  {
    id: 'docker-config-auth',
    provider: 'Docker',
    description: 'Registry login in a Docker configuration',
    keywords: ['auth"'],
    pattern: /\\?"auth\\?"\s{0,4}:\s{0,4}\\?"(?<secret>[A-Za-z0-9+/]{8,2000}={0,2})\\?"/,
    severity: 'high',
    confidence: 'likely',
    entropy: 3,
    validator: 'basic-auth',
    examples: {
      secret: ['{"auths": {"registry.example.net": {"auth": "{{b64(deploy:{{alnum:20}})}}"}}}'],
      harmless: [
        '{"auths": {"registry.example.net": {"auth": "..."}}}',
        '{"auth": "{{base64:40}}"}',
        '{"auth": "bearer"}',
      ],
    },
  },
  {
    id: 'alibaba-secret-key',
    provider: 'Alibaba Cloud',
    description: 'Alibaba Cloud access key secret',
    keywords: ['alibaba', 'aliyun', 'alicloud', 'ltai', 'oss_'],
    pattern: keyed('alibaba|aliyun|alicloud|ltai[a-z0-9]{12,20}|(?<![a-z])oss_', '(?=[a-z]{0,29}\\d)[a-z0-9]{30}', {
      roleOptional: true,
    }),
    ...critical,
    confidence: 'likely',
    entropy: 3,
    rotate: 'https://ram.console.aliyun.com/manage/ak',
    examples: {
      secret: ['ALIYUN_ACCESS_KEY_SECRET={{alnum:29}}7', '"alibaba_secret": "{{lownum:29}}3"'],
      harmless: ['ALIYUN_ACCESS_KEY_SECRET=<secret>', 'aliyun_secret = "{{alnum:40}}"', 'aliyun_secret = "{{hex:10}}"'],
    },
  },
  {
    id: 'digitalocean-spaces-secret',
    provider: 'DigitalOcean',
    description: 'DigitalOcean Spaces secret key',
    keywords: ['spaces', 'do00', 'digitalocean'],
    pattern: keyed('spaces|digitalocean|DO00[A-Z0-9]{16}', '(?=[a-z+/]{0,42}\\d)[a-z0-9+/]{43}', {
      roleOptional: true,
    }),
    ...critical,
    confidence: 'likely',
    entropy: 4,
    validator: 'mixed-alnum',
    examples: {
      secret: ['SPACES_SECRET_KEY={{base64:41}}a7'],
      harmless: ['SPACES_SECRET_KEY=$SPACES_SECRET', 'SPACES_SECRET_KEY={{base64:64}}', 'SPACES_SECRET_KEY={{hex:43}}'],
    },
  },
  // biome-ignore format: a table, one service a line
  ...keyedRules([
    { id: 'cloudflare-api-token', provider: 'Cloudflare', what: 'API token', word: 'cloudflare|(?<![a-z])cf_', spelling: 'cloudflare', keywords: ['cloudflare', 'cf_'], shapes: ['base64url:40'], severity: 'critical', entropy: 3, rotate: CLOUDFLARE_TOKENS },
    { id: 'cloudflare-global-api-key', provider: 'Cloudflare', what: 'global API key', word: 'cloudflare|(?<![a-z])cf_', spelling: 'cloudflare', keywords: ['cloudflare', 'cf_'], shapes: ['hex:37'], severity: 'critical', entropy: 2.8, rotate: CLOUDFLARE_TOKENS },
    { id: 'confluent-api-secret', provider: 'Confluent', what: 'API secret', word: 'confluent|kafka|schema_?registry', spelling: 'confluent', keywords: ['confluent', 'kafka', 'registry'], shapes: ['base64:64'], severity: 'critical', entropy: 3.5 },
    { id: 'confluent-api-key', provider: 'Confluent', word: 'confluent', shapes: ['/(?=[a-z]{0,15}\\d)[a-z0-9]{16}/'], example: '{{alnum:15}}7', entropy: 2.9 },
    { id: 'databox-api-token', provider: 'Databox', word: 'databox', shapes: ['/[a-z0-9]{21,22}/'], example: '{{alnum:22}}', entropy: 3 },
    { id: 'clickhouse-cloud-key', provider: 'ClickHouse', word: 'clickhouse', shapes: ['alnum:20'], entropy: 3.2 },
    { id: 'drone-ci-token', provider: 'Drone CI', what: 'access token', word: 'drone(?:_?ci)?', spelling: 'droneci', keywords: ['drone'], shapes: ['alnum:32'], strict: true },
    { id: 'borgbase-api-token', provider: 'BorgBase', word: 'borgbase', shapes: ['/[\\w/+,-]{148,152}/'], example: '{{alnum:150}}', severity: 'high' },
    { id: 'buddyns-api-key', provider: 'BuddyNS', word: 'buddyns', shapes: ['lownum:40'], severity: 'high' },
  ]),
  {
    id: 'clickhouse-cloud-secret',
    provider: 'ClickHouse',
    description: 'ClickHouse Cloud API secret',
    keywords: ['4b1d'],
    severity: 'critical',
    confidence: 'certain',
    entropy: 3.5,
    pattern: standalone('4b1d[A-Za-z0-9]{38}'),
    validator: 'mixed-alnum',
    examples: {
      secret: ['CLICKHOUSE_KEY_SECRET=4b1d{{alnum:36}}aZ'],
      harmless: ['key = 4b1dXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX', 'sha = 4b1d{{hex:36}}', 'key = 4b1d{{alnum:60}}'],
    },
  },
];
