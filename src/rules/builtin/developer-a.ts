import type { Rule } from '../../types.ts';
import { keyed, keyedRules } from './keyed.ts';
import { prefixedRules, standalone } from './prefixed.ts';
import { fromRow, type ServiceRow } from './service-row.ts';

const ATLASSIAN_TOKENS = 'https://id.atlassian.com/manage-profile/security/api-tokens';
const BITBUCKET_APPS = 'https://bitbucket.org/account/settings/app-passwords/';
const BUILDKITE_TOKENS = 'https://buildkite.com/user/api-access-tokens';
const CIRCLECI_TOKENS = 'https://app.circleci.com/settings/user/tokens';
const DATADOG_KEYS = 'https://app.datadoghq.com/organization-settings/api-keys';

const atlassian = { rotate: ATLASSIAN_TOKENS } as const;

/** Services whose tokens have no shape of their own. */
// biome-ignore format: a table, one service a line
const ROWS: readonly ServiceRow[] = [
  ['airbrake', 'Airbrake', ['hex:32', 'lownum:40']],
  ['apimetrics', 'APImetrics', 'lownum:32'],
  ['apollo', 'Apollo', 'lownum:22', { strict: true }],
  ['appoptics', 'AppOptics', '/[\\w-]{71}/', { example: '{{alnum:71}}' }],
  ['asana-client-secret', 'Asana', 'lownum:32', { word: 'asana', spelling: 'asana', what: 'client secret' }],
  ['bitbar', 'Bitbar', 'lownum:32'],
  ['bitbucket-client-id', 'Bitbucket', ['lownum:30', 'lownum:32'], { word: 'bitbucket(?:[._-]?client)?(?:[._-]?id)?', spelling: 'bitbucket', what: 'client id', severity: 'low' }],
  ['bitbucket-client-secret', 'Bitbucket', ['base64url:44', '/[\\w=-]{64}/'], { word: 'bitbucket', spelling: 'bitbucket', what: 'client secret', example: '{{alnum:64}}', severity: 'high', rotate: BITBUCKET_APPS }],
  ['blazemeter', 'BlazeMeter', '/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/', { word: 'blazemeter|runscope', spelling: 'blazemeter', keywords: ['blazemeter', 'runscope'], example: '{{uuid}}' }],
  ['browserstack', 'BrowserStack', 'alnum:20', { strict: true, entropy: 3.2, severity: 'high' }],
  ['bugherd', 'BugHerd', 'lownum:20-22'],
  ['bugsnag', 'Bugsnag', ['uuid', 'hex:32']],
  ['checkly', 'Checkly', 'hex:32', { word: 'checkly(?:hq)?', spelling: 'checklyhq', keywords: ['checkly'] }],
  ['circleci', 'CircleCI', 'hex:40', { word: 'circle_?ci|circle_token', spelling: 'circleci', keywords: ['circleci', 'circle_'], severity: 'high', rotate: CIRCLECI_TOKENS }],
  ['cloudsmith', 'Cloudsmith', 'hex:40', { severity: 'high' }],
  ['codacy', 'Codacy', ['lownum:20', 'hex:32']],
  ['codecov', 'Codecov', ['lownum:32', 'uuid'], { strict: true }],
  ['codemagic', 'Codemagic', 'base64url:43'],
  ['codequiry', 'Codequiry', 'hex:64'],
  ['coveralls', 'Coveralls', ['lownum:32-33', 'lownum:37'], { word: 'coveralls' }],
  ['crowdin', 'Crowdin', ['lownum:80', 'alnum:70-92']],
  ['cypress', 'Cypress', 'uuid', { word: 'cypress_record', spelling: 'cypress_record', what: 'record key' }],
  ['dareboost', 'Dareboost', 'alnum:62', { severity: 'low' }],
  ['datadog', 'Datadog', ['hex:32', 'lownum:32'], { word: 'datadog|(?<![a-z])dd[_-](?:api|client)', spelling: 'datadog', keywords: ['datadog', 'dd_', 'dd-'], severity: 'high', rotate: DATADOG_KEYS }],
  ['datadog-application-key', 'Datadog', ['hex:40', 'lownum:40'], { word: 'datadog|(?<![a-z])dd[_-](?:app|secret|api|access)', spelling: 'datadog', keywords: ['datadog', 'dd_', 'dd-'], what: 'application key', severity: 'high', rotate: DATADOG_KEYS }],
  ['detectify', 'Detectify', 'lownum:32'],
  ['deployhq', 'DeployHQ', 'lownum:40'],
  ['dotcom-monitor', 'Dotcom-Monitor', 'lownum:32', { word: 'dotcom[_-]?monitor', spelling: 'dotcom_monitor', keywords: ['dotcom'] }],
];

/** Tools that developers and operators use, with names from A to D. */
export const developerARules: readonly Rule[] = [
  // biome-ignore format: a table, one token a line
  ...prefixedRules([
    ['atlassian-api-token', 'Atlassian', 'API token', 'ATATT3', '[\\w=-]{100,260}', '{{alnum:180}}={{HEX:8}}', { ...atlassian, entropy: 3.5 }],
    ['atlassian-scoped-token', 'Atlassian', 'access token of an organisation, workspace or repository', 'ATCTT3', '[\\w=-]{100,260}', '{{alnum:180}}={{HEX:8}}', { ...atlassian, entropy: 3.5 }],
    ['atlassian-service-token', 'Atlassian', 'service token', 'ATSTT3', '[\\w=-]{100,260}', '{{alnum:180}}={{HEX:8}}', { ...atlassian, entropy: 3.5 }],
    ['bitbucket-app-password', 'Bitbucket', 'app password', 'ATBB', '[A-Za-z0-9]{24,36}', '{{alnum:32}}', { rotate: BITBUCKET_APPS, validator: 'mixed-alnum', entropy: 3.3 }],
    ['bitbucket-data-center-token', 'Bitbucket', 'Data Center access token', 'BBDC-', '[A-Za-z0-9+/]{40,50}', 'MDM0{{alnum:40}}', { severity: 'critical' }],
    ['buildkite-api-token', 'Buildkite', 'API access token', 'bkua_', '[a-z0-9]{40}', '{{lownum:40}}', { rotate: BUILDKITE_TOKENS }],
    ['buildkite-cluster-token', 'Buildkite', 'cluster agent token', 'bkct_', '[A-Za-z0-9_-]{32,160}', '{{alnum:48}}'],
    ['buildkite-job-token', 'Buildkite', 'agent job token', 'bkaj_', '[A-Za-z0-9._-]{32,900}', '{{alnum:48}}', { severity: 'medium' }],
    ['buildkite-package-token', 'Buildkite', 'package registry token', 'bkpt_', '[A-Za-z0-9_-]{32,160}', '{{alnum:48}}'],
    ['circleci-personal-token', 'CircleCI', 'personal access token', 'CCIPAT_', '[A-Za-z0-9]{18,26}_[a-z0-9]{40}', '{{alnum:22}}_{{hex:40}}', { rotate: CIRCLECI_TOKENS }],
    ['circleci-project-token', 'CircleCI', 'project token', 'CCIPRJ_', '[A-Za-z0-9]{18,26}_[a-z0-9]{40}', '{{alnum:22}}_{{hex:40}}', { rotate: 'https://circleci.com/docs/guides/toolkit/managing-api-tokens/' }],
    ['clickup-personal-token', 'ClickUp', 'personal API token', 'pk_', '\\d{5,10}_[A-Z0-9]{32}', '{{digit:8}}_{{ALNUM:32}}'],
    ['clojars-deploy-token', 'Clojars', 'deploy token', 'CLOJARS_', '[a-z0-9]{60}', '{{lownum:60}}', { rotate: 'https://clojars.org/tokens' }],
    ['chromatic-project-token', 'Chromatic', 'project token', 'chpt_', '[0-9a-f]{12,40}', '{{hex:15}}', { severity: 'medium' }],
    ['cargo-registry-token', 'crates.io', 'API token', 'cio', '[A-Za-z0-9]{32}', '{{alnum:32}}', { rotate: 'https://crates.io/settings/tokens', validator: 'mixed-alnum', entropy: 3.8 }],
    ['codemagic-token', 'Codemagic', 'access token', 'codemagic_', '[\\w-]{32,60}', '{{alnum:43}}'],
    ['depot-access-token', 'Depot', 'access token', 'depot_', '(?:project|org|user)_[0-9a-z]{40,70}', 'org_{{hex:64}}'],
    ['devcycle-server-key', 'DevCycle', 'server SDK key', 'dvc_server_', '[A-Za-z0-9_]{20,80}', '{{alnum:40}}', { severity: 'medium' }],
    ['dynatrace-api-token', 'Dynatrace', 'API token', 'dt0', '[a-z]\\d{2}\\.(?:[A-Z0-9]{24}|[a-z0-9]{24}|[A-Z0-9]{8})\\.(?:[A-Z0-9]{64}|[a-z0-9]{64})', 'c01.{{ALNUM:24}}.{{ALNUM:64}}', { rotate: 'https://docs.dynatrace.com/docs/manage/identity-access-management/access-tokens-and-oauth-clients/access-tokens' }],
  ]),
  {
    id: 'asana-personal-access-token',
    provider: 'Asana',
    description: 'Asana personal access token',
    keywords: ['asana'],
    pattern: keyed(
      'asana(?:_pat)?',
      '[0-2]\\/(?:\\d{12,20}(?:\\/\\d{12,20})?:)?[a-z0-9]{32}|(?=[a-z]{0,35}\\d)[a-z0-9]{34,36}|(?=[a-z:\\/]{0,50}\\d)[a-z0-9:\\/]{51}',
      { roleOptional: true },
    ),
    severity: 'high',
    confidence: 'likely',
    entropy: 2.8,
    rotate: 'https://app.asana.com/0/my-apps',
    examples: {
      secret: [
        'asana_pat = 1/{{digit:16}}:{{hex:32}}',
        'ASANA_TOKEN="2/{{digit:16}}/{{digit:16}}:{{hex:32}}"',
        "asana: '0/{{hex:32}}'",
        'asana_key: {{hex:34}}',
      ],
      harmless: [
        'asana_pat = 1/{{digit:16}}:<token>',
        'https://app.asana.com/0/{{digit:16}}/{{digit:16}}',
        `asana_pat = 0/${'x'.repeat(32)}`,
      ],
    },
  },
  {
    id: 'asana-client-id',
    provider: 'Asana',
    description: 'Asana client id',
    keywords: ['asana'],
    pattern: keyed('asana', '\\d{16}'),
    severity: 'low',
    confidence: 'hint',
    entropy: 2.4,
    examples: {
      secret: ['asana_client = "1{{[2-9]:15}}"'],
      harmless: ['asana_client = "{{digit:30}}"', 'asana_client = "1111111111111111"'],
    },
  },
  {
    id: 'atlassian-api-token-legacy',
    provider: 'Atlassian',
    description: 'Atlassian API token (older form)',
    keywords: ['atlassian', 'jira', 'confluence'],
    pattern: keyed('atlassian|jira|confluence', '[a-z0-9]{24}', { roleOptional: true }),
    severity: 'high',
    confidence: 'likely',
    entropy: 3.3,
    rotate: ATLASSIAN_TOKENS,
    examples: {
      secret: ['JIRA_API_TOKEN={{alnum:24}}', 'Here is my Jira token: {{alnum:24}}'],
      harmless: [
        'JIRA_API_TOKEN=xxxxxxxxxxxxxxxxxxxxxxxx',
        'JIRA_API_TOKEN={{alnum:30}}',
        'getPagesInConfluenceSpace,searchConfluenceUsingCql',
      ],
    },
  },
  {
    id: 'atlassian-data-center-token',
    provider: 'Atlassian',
    description: 'Personal access token of Jira or Confluence Data Center',
    keywords: ['jira', 'confluence', 'atlassian', 'bearer'],
    severity: 'high',
    confidence: 'likely',
    entropy: 3.8,
    validator: 'mixed-alnum',
    pattern:
      /(?:jira|confluence|atlassian|bearer)[^\n]{0,80}?(?<![A-Za-z0-9+/])(?<secret>[MNO][DTjz][AEIMQUYcgk][w-z0-5][A-Za-z0-9+/]{40})(?![A-Za-z0-9+/=])/i,
    examples: {
      secret: ['JIRA_PAT=MDM0{{alnum:38}}a7', 'Authorization: Bearer NTYz{{alnum:38}}a7'],
      harmless: ['JIRA_PAT=MDM0xxxx', 'JIRA_PAT=MDM0{{alnum:60}}', 'JIRA_PAT={{hex:44}}'],
    },
  },
  {
    id: 'apollo-graph-key',
    provider: 'Apollo GraphOS',
    description: 'Apollo GraphOS key',
    keywords: ['service:', 'user:gh.'],
    pattern: standalone('(?:service:[\\w-]{1,64}|user:gh\\.[\\w-]{1,64}):[\\w-]{22}'),
    severity: 'high',
    confidence: 'certain',
    entropy: 3.5,
    examples: {
      secret: ['APOLLO_KEY=service:my-graph:{{base64url:22}}'],
      harmless: [
        'APOLLO_KEY=service:my-graph:<key>',
        'service:api:{{base64url:40}}',
        `service:my-graph:${'x'.repeat(22)}`,
      ],
    },
  },
  {
    id: 'datadog-client-token',
    provider: 'Datadog',
    description: 'Datadog client token',
    keywords: ['datadog', 'dd_', 'clienttoken', 'client_token'],
    pattern:
      /(?:datadog|(?<![a-z])dd_|client_?token)[^\n]{0,60}?(?<![A-Za-z0-9_])(?<secret>pub[0-9a-f]{32})(?![A-Za-z0-9_-])/i,
    severity: 'low',
    confidence: 'certain',
    entropy: 2.8,
    rotate: DATADOG_KEYS,
    examples: {
      secret: ["datadogRum.init({ clientToken: 'pub{{hex:32}}' })"],
      harmless: ["clientToken: 'pubxxxxxxxx'", "clientToken: 'pub{{hex:40}}'"],
    },
  },
  {
    id: 'django-secret-key',
    provider: 'Django',
    description: 'Django SECRET_KEY',
    keywords: ['secret_key', 'django-insecure-'],
    pattern:
      /SECRET_KEY["']?\]?\s{0,4}(?:[=,:]|or)\s{0,4}(?:[\w.]{1,40}\(\s{0,4}["']\w{1,40}["'],\s{0,4}(?:default\s{0,4}=\s{0,4})?)?[rub]?["'](?<secret>django-insecure-[^\s"']{40,60}|[a-z0-9!@#$%^&*(\-_=+)]{48,60})["']/i,
    severity: 'high',
    confidence: 'likely',
    entropy: 3.8,
    examples: {
      secret: [
        "SECRET_KEY = '{{lownum:20}}#&{{lownum:26}}!9'",
        "SECRET_KEY = 'django-insecure-{{lownum:50}}'",
        "os.environ.get('DJANGO_SECRET_KEY','{{lownum:24}}!{{lownum:25}}')",
      ],
      harmless: [
        "SECRET_KEY = 'change-me'",
        "SECRET_KEY = os.environ['DJANGO_SECRET_KEY']",
        `SECRET_KEY = '${'x'.repeat(50)}'`,
      ],
    },
  },
  ...keyedRules(ROWS.map(fromRow)),
];
