import type { Rule } from '../../types.ts';
import { keyed } from './keyed.ts';

const IBM = 'https://cloud.ibm.com/iam/apikeys';

/** Rules for IBM Cloud, Cloudant and SoftLayer. */
export const ibmRules: readonly Rule[] = [
  {
    id: 'ibm-cloud-iam-key',
    provider: 'IBM',
    description: 'IBM Cloud IAM API key',
    keywords: [
      'ibm',
      'cloud_',
      'cloud-',
      'cloudiam',
      'cloudapi',
      'cloudkey',
      'bluemix',
      'iam_',
      'iam-',
      'iamapi',
      'iamkey',
    ],
    severity: 'critical',
    confidence: 'likely',
    entropy: 3.2,
    rotate: IBM,
    pattern: keyed('ibm|cloud|bluemix|iam', '[\\w-]{44}', { strict: true }),
    examples: {
      secret: ['ibm_cloud_api_key = "{{base64url:44}}"', 'cloud-iam-key: {{alnum:44}}'],
      harmless: [
        'ibm_cloud_api_key = "insert_key_here"',
        'ibm_cloud_api_key = "{{alnum:49}}"',
        `ibm_cloud_api_key = "${'x'.repeat(44)}"`,
      ],
    },
  },
  {
    id: 'ibm-cos-hmac-secret',
    provider: 'IBM',
    description: 'IBM Cloud Object Storage HMAC secret',
    keywords: ['secret_access_key', 'secret-access-key', 'secretaccesskey', 'secret_key', 'secret-key', 'secretkey'],
    severity: 'critical',
    confidence: 'likely',
    entropy: 3,
    rotate: 'https://cloud.ibm.com/objectstorage',
    pattern:
      /secret[_-]?(?:access)?[_-]?key["'\]]{0,2}\s{0,4}(?::=|=>|[:=])\s{0,4}["']{0,2}(?<secret>[0-9a-f]{48})(?![\w-])/i,
    examples: {
      secret: ['ibm_cos_secret_access_key = "{{hex:48}}"'],
      harmless: [
        `secret_access_key = "${'0'.repeat(48)}"`,
        'secret_access_key={{hex:48}}extra',
        'secret_access_key = "{{hex:40}}"',
      ],
    },
  },
  {
    id: 'ibm-cloudant-password',
    provider: 'IBM',
    description: 'IBM Cloudant password or API key',
    keywords: ['cloudant', 'clou_', 'clou-', 'cl_'],
    severity: 'critical',
    confidence: 'likely',
    entropy: 2.9,
    pattern: keyed('cloudant|clou|cl', '(?:[0-9a-f]{64}|[a-z]{24})', { strict: true }),
    examples: {
      secret: ['cloudant_password = "{{hex:64}}"', 'cloudant_key = "{{lower:24}}"'],
      harmless: ['cloudant_password = "a-fake-tooshort-key"', `cloudant_password = "${'x'.repeat(24)}"`],
    },
  },
  {
    id: 'ibm-cloudant-url',
    provider: 'IBM',
    description: 'password in a Cloudant address',
    keywords: ['.cloudant.com'],
    severity: 'critical',
    confidence: 'certain',
    entropy: 2.9,
    pattern: /https?:\/\/[\w-]{1,64}:(?<secret>[0-9a-f]{64}|[a-z]{24})@[\w-]{1,64}\.cloudant\.com/i,
    examples: {
      secret: ['https://acct:{{hex:64}}@acct.cloudant.com/db'],
      harmless: ['https://acct:{{hex:64}}.cloudant.com', 'https://acct:password@acct.cloudant.com'],
    },
  },
  {
    id: 'ibm-softlayer-key',
    provider: 'IBM',
    description: 'IBM SoftLayer API key',
    keywords: ['softlayer', 'sl_', 'sl-', 'slapi'],
    severity: 'critical',
    confidence: 'likely',
    entropy: 2.9,
    pattern: keyed('softlayer|sl', '[0-9a-z]{64}', { strict: true }),
    examples: {
      secret: ['softlayer_api_key = "{{lownum:64}}"', '--softlayer-api-key={{hex:64}}'],
      harmless: ['softlayer_api_key = "insert_key_here"', `softlayer_api_key = "${'x'.repeat(64)}"`],
    },
  },
];
