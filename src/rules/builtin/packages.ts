import type { Rule } from '../../types.ts';
import { keyed, keyedRules } from './keyed.ts';
import { prefixedRules, standalone } from './prefixed.ts';

const NPM_TOKENS = 'https://docs.npmjs.com/revoking-access-tokens';
const JFROG = 'https://jfrog.com/help/r/jfrog-platform-administration-documentation/access-tokens';
const NUGET = 'https://www.nuget.org/account/apikeys';

/** Rules for package registries: npm, NuGet, JFrog Artifactory. */
export const packagesRules: readonly Rule[] = [
  {
    id: 'npm-registry-auth',
    provider: 'npm',
    description: 'npm registry token in .npmrc',
    keywords: ['_authtoken', '_auth=', '_auth ='],
    severity: 'critical',
    confidence: 'likely',
    entropy: 2.6,
    rotate: NPM_TOKENS,
    pattern:
      /\/\/[A-Za-z0-9][\w.\-/:]{1,200}\/:_auth(?:Token)?[ \t]{0,4}=[ \t]{0,4}["']?(?<secret>[A-Za-z0-9+/_][\w.+/-]{15,2000}={0,2})(?![\w$])/,
    examples: {
      secret: [
        '//registry.npmjs.org/:_authToken={{uuid}}',
        '//npm.example.com/repo/:_authToken = NpmToken.{{uuid}}',
        '//npm.example.com/:_auth={{b64(deployer:{{alnum:16}})}}',
      ],
      harmless: [
        '//registry.npmjs.org/:_authToken=<your token goes here>',
        '//registry.npmjs.org/:_authToken=0000000000000000',
      ],
    },
  },
  {
    id: 'npm-legacy-token',
    provider: 'npm',
    description: 'npm access token in the old UUID form',
    keywords: ['npm_token', 'npm-token', 'npmtoken', 'npmauth', 'npm_auth', '"_authtoken"', "'_authtoken'"],
    severity: 'critical',
    confidence: 'likely',
    entropy: 2.8,
    rotate: NPM_TOKENS,
    pattern: keyed(
      'npm[_-]?(?:auth[_-]?)?token|npm[_-]?auth|["\']_authToken',
      '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}',
      { roleOptional: true },
    ),
    examples: {
      secret: ['export NPM_TOKEN="{{uuid}}"', '"_authToken": "{{uuid}}"'],
      harmless: ['export NPM_TOKEN="00000000-0000-0000-0000-000000000000"', 'export NPM_TOKEN="{{hex:12}}"'],
    },
  },
  {
    id: 'nuget-config-password',
    provider: 'NuGet',
    description: 'password in a NuGet.Config file',
    keywords: ['"cleartextpassword"', 'key="password"'],
    severity: 'high',
    confidence: 'certain',
    entropy: 2.2,
    pattern:
      /<add\s{1,8}key="(?:ClearText)?Password"\s{1,8}value="(?<secret>(?!%[^"]{1,100}%"|(?:my|your)?[_-]?passw(?:or)?d")[^"\s${}<>]{6,256})"/i,
    examples: {
      secret: ['<add key="ClearTextPassword" value="{{alnum:14}}" />', '<add key="Password" value="{{alnum:32}}" />'],
      harmless: [
        '<add key="ClearTextPassword" value="%NUGET_PASSWORD%" />',
        '<add key="ClearTextPassword" value="XXXXXXXXXXX" />',
        '<add key="ClearTextPassword" value="abc" />',
        '<add key="ClearTextPassword" value="YourPassword" />',
      ],
    },
  },
  {
    id: 'jfrog-reference-token',
    provider: 'JFrog',
    description: 'JFrog Artifactory reference token',
    keywords: ['cmvmd'],
    severity: 'critical',
    confidence: 'certain',
    entropy: 3.5,
    rotate: JFROG,
    // Base64 of `reftkn:01:`; the last two bits of the fifth letter belong to the next character.
    pattern: standalone('cmVmd[A-Za-z0-9]{59}', '\\w+/=\\-'),
    examples: {
      secret: ['ARTIFACTORY_TOKEN=cmVmdGtuOjAx{{alnum:52}}'],
      harmless: [
        `ARTIFACTORY_TOKEN=cmVmd${'X'.repeat(59)}`,
        'cmVmdGtuOjAx{{alnum:42}}',
        'x = cmVmdGtuOjAx{{alnum:70}}',
      ],
    },
  },
  {
    id: 'jfrog-encrypted-password',
    provider: 'JFrog',
    description: 'JFrog Artifactory encrypted password or short API key',
    keywords: ['artifactory', 'jfrog'],
    severity: 'high',
    confidence: 'likely',
    entropy: 2.8,
    rotate: JFROG,
    pattern:
      /(?:artifactory|jfrog)[\s\S]{0,60}?[\s=:"'>](?<secret>AP[0-9A-F][A-Za-z0-9]{8,60}|AKC[A-Za-z0-9]{10,80})(?=[\s"'<&,;]|$)/i,
    examples: {
      secret: ['artifactory:_password=AP6{{alnum:32}}', 'X-JFrog-Art-Api: AKC{{alnum:30}}'],
      harmless: [
        'X-JFrog-Art-Api: $API_KEY',
        'artifactory:_password=AP6{{alnum:5}}',
        'X-JFrog-Art-Api: AKCxxxxxxxxxxxx',
      ],
    },
  },
  ...prefixedRules([
    [
      'npm-access-token',
      'npm',
      'access token',
      'npm_',
      '[A-Za-z0-9]{36}',
      '{{alnum:30}}{{crc62}}',
      { severity: 'critical', validator: 'npm', rotate: NPM_TOKENS },
    ],
    [
      'npm-access-token-unverified',
      'npm',
      'access token whose checksum does not hold',
      'npm_',
      '[A-Za-z0-9]{36}',
      '{{alnum:36}}',
      { severity: 'critical', confidence: 'likely', entropy: 3.3, rotate: NPM_TOKENS },
    ],
    [
      'nuget-api-key',
      'NuGet',
      'API key',
      'oy2',
      '[a-z0-9]{43}',
      '{{lownum:43}}',
      { severity: 'critical', entropy: 3.3, rotate: NUGET },
    ],
    [
      'jfrog-api-key',
      'JFrog',
      'Artifactory API key',
      'AKCp',
      '[A-Za-z0-9]{69}',
      '{{alnum:69}}',
      { severity: 'critical', entropy: 3.5, rotate: JFROG },
    ],
  ]),
  ...keyedRules([
    {
      id: 'jfrog-identity-token',
      provider: 'JFrog',
      word: 'jfrog|artifactory|bintray|xray',
      spelling: 'jfrog',
      keywords: ['jfrog', 'artifactory', 'bintray', 'xray'],
      what: 'identity token or API key',
      shapes: ['lownum:64', 'alnum:73'],
      severity: 'critical',
      entropy: 3.5,
      rotate: JFROG,
    },
    { id: 'bintray-api-key', provider: 'JFrog', word: 'bintray', what: 'Bintray API key', shapes: ['hex:40'] },
    {
      id: 'nuget-context-key',
      provider: 'NuGet',
      word: 'nuget',
      shapes: ['lownum:46'],
      severity: 'critical',
      entropy: 3.3,
      rotate: NUGET,
    },
    {
      id: 'gradle-enterprise-key',
      provider: 'Gradle',
      word: 'gradle[_.-]?(?:enterprise|develocity)|develocity',
      spelling: 'develocity',
      keywords: ['develocity', 'gradle'],
      what: 'Develocity access key',
      shapes: ['base32:52', 'lownum:52'],
    },
    {
      id: 'libraries-io-api-key',
      provider: 'Libraries.io',
      word: 'libraries[_.-]?io',
      spelling: 'libraries_io',
      keywords: ['libraries'],
      shapes: ['hex:32'],
    },
    {
      id: 'gemfury-token',
      provider: 'Gemfury',
      word: 'gemfury|fury[_-]',
      spelling: 'gemfury',
      keywords: ['gemfury', 'fury_'],
      what: 'deploy token',
      shapes: ['alnum:20'],
    },
  ]),
];
