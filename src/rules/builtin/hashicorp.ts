import type { Rule } from '../../types.ts';
import { keyed, keyedRules } from './keyed.ts';
import { prefixedRules, standalone } from './prefixed.ts';

const VAULT_TOKENS = 'https://developer.hashicorp.com/vault/docs/commands/token/revoke';

/** Rules for HashiCorp Vault, HCP Terraform, Vagrant Cloud, Consul and Nomad. */
export const hashicorpRules: readonly Rule[] = [
  {
    id: 'hashicorp-terraform-token',
    provider: 'HashiCorp',
    description: 'HCP Terraform or Vagrant Cloud API token',
    keywords: ['.atlasv1.'],
    severity: 'critical',
    confidence: 'certain',
    entropy: 3.5,
    pattern: standalone('[A-Za-z0-9]{14}\\.atlasv1\\.[\\w=-]{60,70}', '\\w=\\-'),
    rotate: 'https://app.terraform.io/app/settings/tokens',
    examples: {
      secret: ['token = "{{alnum:14}}.atlasv1.{{alnum:67}}"'],
      harmless: [
        `token = "${'x'.repeat(14)}.atlasv1.${'x'.repeat(67)}"`,
        'token = "{{alnum:14}}.atlasv1.{{alnum:20}}"',
      ],
    },
  },
  ...prefixedRules([
    [
      'hashicorp-vault-service-token',
      'HashiCorp',
      'Vault service token',
      'hvs.',
      '[\\w-]{24,256}',
      '{{alnum:95}}',
      { severity: 'critical', entropy: 3.5, rotate: VAULT_TOKENS },
    ],
    [
      'hashicorp-vault-batch-token',
      'HashiCorp',
      'Vault batch token',
      'hvb.',
      '[\\w-]{100,400}',
      '{{alnum:140}}',
      { severity: 'critical', entropy: 3.5 },
    ],
    [
      'hashicorp-vault-recovery-token',
      'HashiCorp',
      'Vault recovery token',
      'hvr.',
      '[\\w-]{24,256}',
      '{{alnum:40}}',
      { severity: 'critical', entropy: 3.5 },
    ],
  ]),
  {
    id: 'hashicorp-vault-legacy-token',
    provider: 'HashiCorp',
    description: 'Vault token in the form before version 1.10',
    keywords: ['vault', 'token'],
    severity: 'critical',
    confidence: 'likely',
    entropy: 3.5,
    rotate: VAULT_TOKENS,
    pattern:
      /(?:[Vv]ault|VAULT|[Tt]oken|TOKEN)[\w.\-"' \t]{0,40}?[\s=:,>"'`]{1,8}(?:[Bb]earer )?(?<secret>[sbr]\.(?=[A-Za-z]{0,23}\d)(?=[A-Z0-9]{0,23}[a-z])(?=[a-z0-9]{0,23}[A-Z])[A-Za-z0-9]{24})(?![\w(-])/,
    examples: {
      secret: ['token: s.{{alnum:24}}', 'export VAULT_TOKEN="s.{{alnum:24}}"'],
      harmless: ['token: s.{{alpha:24}}', 'token: s.{{alnum:16}}', `vault_token = "s.${'x'.repeat(24)}"`],
    },
  },
  {
    id: 'hashicorp-vault-unseal-key',
    provider: 'HashiCorp',
    description: 'Vault unseal or recovery key',
    keywords: ['unseal', 'recovery key'],
    severity: 'critical',
    confidence: 'likely',
    entropy: 3.5,
    pattern:
      /(?:unseal[ _-]?key|recovery[ _-]key)[ _-]?\d{0,2}["']?\s{0,3}[:=]\s{0,3}["']?(?<secret>[A-Za-z0-9+/]{43,44}=?|[0-9a-f]{64,66})(?![\w+/=])/i,
    examples: {
      secret: ['Unseal Key 1: {{base64:44}}', 'VAULT_UNSEAL_KEY={{base64:43}}='],
      harmless: ['Unseal Key 1: <key>', 'Unseal Key 1: {{base64:20}}'],
    },
  },
  {
    id: 'hashicorp-approle-secret-id',
    provider: 'HashiCorp',
    description: 'Vault AppRole secret id',
    keywords: ['vault', 'approle'],
    severity: 'critical',
    confidence: 'likely',
    entropy: 2.8,
    pattern: keyed(
      '(?:vault|approle)[^\\n]{0,60}?secret_?id',
      '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}',
      { strict: true, roleOptional: true },
    ),
    examples: {
      secret: ['VAULT_SECRET_ID={{uuid}}', 'vault write auth/approle/login secret_id="{{uuid}}"'],
      harmless: ['VAULT_ROLE_ID={{uuid}}', 'VAULT_SECRET_ID=00000000-0000-0000-0000-000000000000'],
    },
  },
  ...keyedRules([
    {
      id: 'hashicorp-consul-token',
      provider: 'HashiCorp',
      word: 'consul',
      what: 'Consul ACL token',
      shapes: ['uuid'],
      strict: true,
      severity: 'critical',
    },
    {
      id: 'hashicorp-nomad-token',
      provider: 'HashiCorp',
      word: 'nomad',
      what: 'Nomad ACL token',
      shapes: ['uuid'],
      strict: true,
      severity: 'critical',
    },
    {
      id: 'hashicorp-hcp-client-secret',
      provider: 'HashiCorp',
      word: 'hcp',
      what: 'HCP service principal secret',
      shapes: ['base64url:64'],
      strict: true,
      severity: 'critical',
      entropy: 4,
    },
  ]),
];
