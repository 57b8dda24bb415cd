import type { Rule } from '../../types.ts';
import { keyed, keyedRules } from './keyed.ts';
import { type PrefixedToken, prefixedRules, standalone } from './prefixed.ts';

const GITHUB_TOKENS = 'https://github.com/settings/tokens';
const GITLAB_TOKENS = 'https://docs.gitlab.com/security/tokens/';

/** Prefixed GitHub tokens of 36 characters; the last six are a checksum. */
const GITHUB_FAMILY = [
  ['github-personal-access-token', 'ghp', 'personal access token (classic)', GITHUB_TOKENS],
  ['github-oauth-token', 'gho', 'OAuth access token', 'https://github.com/settings/applications'],
  ['github-app-user-token', 'ghu', 'App user access token', 'https://github.com/settings/apps/authorizations'],
  ['github-app-installation-token', 'ghs', 'App installation token', undefined],
  ['github-refresh-token', 'ghr', 'App refresh token', 'https://github.com/settings/apps/authorizations'],
] as const;

const githubFamilyRules: readonly Rule[] = GITHUB_FAMILY.flatMap(([id, prefix, what, rotate]): Rule[] => {
  const shared = {
    provider: 'GitHub',
    keywords: [`${prefix}_`],
    severity: 'critical',
    ...(rotate ? { rotate } : {}),
    examples: {
      secret: [`token = "${prefix}_{{alnum:30}}{{crc62}}"`],
      harmless: [
        `token = "${prefix}_${'x'.repeat(36)}"`,
        `token = "${prefix}_{{alnum:20}}"`,
        `a${prefix}_{{alnum:30}}{{crc62}}`,
      ],
    },
  } as const;
  return [
    {
      ...shared,
      id,
      description: `GitHub ${what}`,
      pattern: standalone(`${prefix}_[A-Za-z0-9]{36}`),
      confidence: 'certain',
      entropy: 3,
      validator: 'crc62-github',
    },
    {
      ...shared,
      id: `${id}-unverified`,
      description: `GitHub ${what} whose checksum does not hold`,
      pattern: standalone(`${prefix}_(?:[A-Za-z0-9]{36}|[A-Za-z0-9]{76})`),
      confidence: 'likely',
      entropy: 3.3,
    },
  ];
});

/** The body of the longer tokens that newer GitLab versions issue: payload, version, length and checksum. */
const ROUTABLE = '[\\w-]{27,300}\\.(?:[0-9a-z]{2}\\.)?[0-9a-z]{9}';
const SHORT = '[\\w-]{20}';
const EITHER = `(?:${SHORT}|${ROUTABLE})`;
const gitlab = { rotate: GITLAB_TOKENS, entropy: 3.2 } as const;

const GITLAB_FAMILY: readonly PrefixedToken[] = [
  [
    'gitlab-personal-access-token',
    'GitLab',
    'personal access token',
    'glpat-',
    EITHER,
    '{{alnum:20}}',
    { ...gitlab, severity: 'critical' },
  ],
  ['gitlab-deploy-token', 'GitLab', 'deploy token', 'gldt-', EITHER, '{{alnum:20}}', gitlab],
  [
    'gitlab-runner-token',
    'GitLab',
    'runner authentication token',
    'glrt-',
    `(?:${SHORT}|t\\w_${ROUTABLE})`,
    '{{alnum:20}}',
    gitlab,
  ],
  ['gitlab-runner-registration-token', 'GitLab', 'runner registration token', 'glrtr-', EITHER, '{{alnum:20}}', gitlab],
  [
    'gitlab-ci-job-token',
    'GitLab',
    'CI job token',
    'glcbt-',
    `(?:[0-9a-zA-Z]{1,5}_)?${SHORT}`,
    '{{alnum:2}}_{{alnum:20}}',
    { ...gitlab, severity: 'medium' },
  ],
  [
    'gitlab-trigger-token',
    'GitLab',
    'pipeline trigger token',
    'glptt-',
    `(?:[\\w-]{40}|${ROUTABLE})`,
    '{{hex:40}}',
    gitlab,
  ],
  [
    'gitlab-feed-token',
    'GitLab',
    'feed token',
    'glft-',
    `(?:${SHORT}|[0-9a-f]{64}-\\d{1,10})`,
    '{{alnum:20}}',
    { ...gitlab, severity: 'medium' },
  ],
  [
    'gitlab-incoming-mail-token',
    'GitLab',
    'incoming mail token',
    'glimt-',
    '[\\w-]{25}',
    '{{lownum:25}}',
    { ...gitlab, severity: 'medium' },
  ],
  [
    'gitlab-scim-token',
    'GitLab',
    'SCIM token',
    'glsoat-',
    '[\\w-]{20,50}',
    '{{alnum:20}}',
    { ...gitlab, severity: 'critical' },
  ],
  [
    'gitlab-agent-token',
    'GitLab',
    'agent for Kubernetes token',
    'glagent-',
    '[\\w-]{50,1024}',
    '{{alnum:50}}',
    { ...gitlab, severity: 'critical', window: { before: 128, after: 1280 } },
  ],
  ['gitlab-oauth-secret', 'GitLab', 'OAuth application secret', 'gloas-', '[\\w-]{64}', '{{hex:64}}', gitlab],
  [
    'gitlab-feature-flag-token',
    'GitLab',
    'feature flags client token',
    'glffct-',
    SHORT,
    '{{alnum:20}}',
    { ...gitlab, severity: 'medium' },
  ],
  ['gitlab-workspace-token', 'GitLab', 'workspace token', 'glwt-', '[\\w-]{20,64}', '{{alnum:20}}', gitlab],
  [
    'gitlab-legacy-runner-registration-token',
    'GitLab',
    'runner registration token',
    'GR1348941',
    '[\\w-]{20,50}',
    '{{alnum:20}}',
    gitlab,
  ],
];

/** Rules for places where source code is hosted: GitHub, GitLab, Gitea and Forgejo, Gitter. */
export const sourceHostingRules: readonly Rule[] = [
  ...githubFamilyRules,
  ...prefixedRules(GITLAB_FAMILY),
  {
    id: 'github-fine-grained-pat',
    provider: 'GitHub',
    description: 'GitHub fine-grained personal access token',
    keywords: ['github_pat_'],
    severity: 'critical',
    confidence: 'certain',
    entropy: 3.5,
    pattern: standalone('github_pat_(?:[A-Za-z0-9]{22}_[A-Za-z0-9]{59}|\\w{82})'),
    rotate: 'https://github.com/settings/personal-access-tokens',
    examples: {
      secret: ['GITHUB_TOKEN=github_pat_{{alnum:22}}_{{alnum:59}}'],
      harmless: [`GITHUB_TOKEN=github_pat_${'x'.repeat(22)}_${'x'.repeat(59)}`, 'GITHUB_TOKEN=github_pat_{{alnum:22}}'],
    },
  },
  {
    id: 'github-app-installation-jwt',
    provider: 'GitHub',
    description: 'GitHub App installation token in JWT form',
    keywords: ['ghs_'],
    severity: 'critical',
    confidence: 'certain',
    window: { before: 128, after: 2048 },
    pattern: standalone('ghs_\\d{1,12}_eyJ[\\w-]{10,512}\\.eyJ[\\w-]{10,1024}\\.[\\w-]{20,512}'),
    examples: {
      secret: ['token: ghs_{{digit:5}}_eyJ{{alnum:30}}.eyJ{{alnum:60}}.{{base64url:43}}'],
      harmless: ['token: ghs_{{digit:5}}_eyJ{{alnum:30}}', 'token: ghs_APPID_JWT'],
    },
  },
  {
    id: 'github-legacy-token',
    provider: 'GitHub',
    description: 'GitHub token or client secret in the old 40-digit form',
    keywords: ['github'],
    severity: 'critical',
    confidence: 'likely',
    entropy: 3,
    rotate: GITHUB_TOKENS,
    pattern: keyed('github[\\w.\\-]{0,20}(?:token|secret|password|oauth|pat|auth)', '(?:v1\\.)?[0-9a-f]{40}', {
      strict: true,
      roleOptional: true,
    }),
    stopwords: ['0000000000'],
    examples: {
      secret: ['GITHUB_TOKEN={{hex:40}}', 'github_client_secret: "{{hex:40}}"', 'githubToken = "v1.{{hex:40}}"'],
      harmless: ['GITHUB_SHA={{hex:40}}', `GITHUB_TOKEN=${'0'.repeat(40)}`, 'github_token: "{{hex:64}}"'],
    },
  },
  {
    id: 'github-url-token',
    provider: 'GitHub',
    description: 'GitHub token in the address of a repository',
    keywords: ['@github.com', '@gitlab.com', '@raw.githubusercontent.com'],
    severity: 'critical',
    confidence: 'likely',
    pattern:
      /https?:\/\/(?:[\w.-]{1,40}:)?(?<secret>(?=[A-Za-z_-]{0,64}\d)[A-Za-z0-9_-]{30,255})(?::x-oauth-basic|:)?@(?:github\.com|gitlab\.com|raw\.githubusercontent\.com)(?=[/:])/,
    entropy: 2.8,
    rotate: GITHUB_TOKENS,
    examples: {
      secret: ['git+https://{{hex:40}}:x-oauth-basic@github.com/example/private.git'],
      harmless: [
        'git+https://git@github.com/example/private.git',
        `https://\${GITHUB_TOKEN}:x-oauth-basic@github.com/a/b.git`,
      ],
    },
  },
  {
    id: 'github-runner-registration-token',
    provider: 'GitHub',
    description: 'GitHub Actions runner registration token',
    keywords: ['config.sh', 'config.cmd'],
    severity: 'high',
    confidence: 'likely',
    entropy: 3,
    pattern: /\bconfig\.(?:sh|cmd)\b[^\n]{0,300}--token[ =]["']?(?<secret>A[A-Z2-7]{28})(?!\w)/,
    examples: {
      secret: ['./config.sh --url https://github.com/octo/repo --token A{{base32:28}}'],
      harmless: [
        './config.sh --url https://github.com/octo/repo --token $RUNNER_TOKEN',
        './config.sh --token A{{base32:14}}',
      ],
    },
  },
  {
    id: 'gitlab-session-cookie',
    provider: 'GitLab',
    description: 'GitLab session cookie',
    keywords: ['_gitlab_session='],
    severity: 'high',
    confidence: 'certain',
    entropy: 2.8,
    pattern: /_gitlab_session=(?<secret>[0-9a-z]{32})(?![\w-])/,
    examples: {
      secret: ['Cookie: _gitlab_session={{hex:32}}; path=/'],
      harmless: [`Cookie: _gitlab_session=${'0'.repeat(32)}`, 'Cookie: _gitlab_session={{hex:20}}'],
    },
  },
  ...keyedRules([
    {
      id: 'gitlab-legacy-token',
      provider: 'GitLab',
      word: 'gitlab',
      what: 'access token without a prefix',
      shapes: ['base64url:20'],
      strict: true,
      severity: 'high',
      confidence: 'hint',
      entropy: 3.4,
      rotate: GITLAB_TOKENS,
    },
    {
      id: 'gitea-token',
      provider: 'Gitea',
      word: 'gitea|forgejo|gogs',
      spelling: 'gitea',
      keywords: ['gitea', 'forgejo', 'gogs'],
      what: 'access token',
      shapes: ['hex:40'],
      strict: true,
      severity: 'high',
      rotate: 'https://docs.gitea.com/development/api-usage',
    },
    { id: 'gitter-access-token', provider: 'Gitter', word: 'gitter', what: 'access token', shapes: ['base64url:40'] },
  ]),
];
