import type { Rule } from '../../types.ts';

const AWS_KEYS = 'https://console.aws.amazon.com/iam/home#/security_credentials';
const SECRET = '(?<![A-Za-z0-9+/])(?<secret>[A-Za-z0-9+/]{40})(?![A-Za-z0-9+/=])';
const ID = '(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}';

const secretKey = {
  provider: 'AWS',
  description: 'AWS secret access key',
  severity: 'critical',
  confidence: 'likely',
  entropy: 4,
  validator: 'mixed-alnum',
  rotate: AWS_KEYS,
} as const;

/** Amazon Web Services and other Amazon credentials. */
export const awsRules: readonly Rule[] = [
  {
    id: 'aws-access-key-id',
    provider: 'AWS',
    description: 'AWS access key id',
    keywords: ['akia', 'asia', 'abia', 'acca'],
    pattern: new RegExp(`(?<![A-Za-z0-9_])(?<secret>${ID})(?![A-Za-z0-9_])`),
    severity: 'high',
    confidence: 'certain',
    entropy: 2.6,
    validator: 'aws-access-key-id',
    stopwords: ['example'],
    rotate: AWS_KEYS,
    examples: {
      secret: ['aws_access_key_id = AKIAI{{base32:15}}', 'AccessKeyId: ASIAJ{{base32:15}}'],
      harmless: [
        'aws_access_key_id = AKIAIOSFODNN7EXAMPLE',
        'AKIAXXXXXXXXXXXXXXXX',
        'TODAYINASIAASACKOFRICEFELLOVER',
        'AKIA{{base32:20}}',
      ],
    },
  },
  {
    ...secretKey,
    id: 'aws-secret-access-key',
    keywords: ['aws', 'amazon', 'secret', 's3_', 's3-', 'boto'],
    pattern: new RegExp(
      `(?:(?:aws|amazon|amz|boto|s3)[\\w.\\- ]{0,32}?(?:secret|key|token|cred|sk|pass)|secret[_\\-. ]?(?:access[_\\-. ]?)?key|secret[_\\-]?access)\\w{0,16}[^A-Za-z0-9/+]{1,16}?(?:string[^A-Za-z0-9/+]{1,6}?)?${SECRET}`,
      'i',
    ),
    examples: {
      secret: [
        'aws_secret_access_key = {{base64:38}}a7',
        '"secretAccessKey" : "{{base64:38}}a7"',
        'spring.s3.secretKey={{base64:38}}Z3',
        'const awsSecret string = "{{base64:38}}b9"',
      ],
      harmless: [
        'aws_secret_access_key = $AWS_SECRET_ACCESS_KEY',
        'aws_secret_access_key = {{hex:40}}',
        'aws_secret_access_key = {{base64:54}}==',
        'aws_secret_access_key = {{base64:39}}',
      ],
    },
  },
  {
    ...secretKey,
    id: 'aws-secret-access-key-after-id',
    keywords: ['akia', 'asia'],
    pattern: new RegExp(`(?<![A-Za-z0-9_])${ID}(?![A-Za-z0-9_])[\\s\\S]{0,120}?${SECRET}`),
    examples: {
      secret: ['"AKIAI{{base32:15}}", "{{base64:38}}c4"', 'AKIAI{{base32:15}}\n{{base64:38}}d5\n'],
      harmless: ['"AKIAI{{base32:15}}", "{{hex:40}}"', '"AKIAI{{base32:15}}", "{{base64:64}}"'],
    },
  },
  {
    ...secretKey,
    id: 'aws-secret-access-key-before-id',
    keywords: ['akia', 'asia'],
    window: { before: 256, after: 128 },
    pattern: new RegExp(`${SECRET}[\\s\\S]{1,120}?(?<![A-Za-z0-9_])${ID}(?![A-Za-z0-9_])`),
    examples: {
      secret: ['key: {{base64:38}}e6\nid: AKIAI{{base32:15}}\n'],
      harmless: ['key: {{hex:40}}\nid: AKIAI{{base32:15}}\n'],
    },
  },
  {
    id: 'aws-session-token',
    provider: 'AWS',
    description: 'AWS session token',
    keywords: ['fwogzxivyxdz', 'iqojb3jpz2lu', 'fqogzxivyxdz'],
    window: { before: 128, after: 2048 },
    pattern:
      /(?<![A-Za-z0-9+/])(?<secret>(?:FwoGZXIvYXdz|IQoJb3JpZ2lu|FQoGZXIvYXdz)(?:[A-Za-z0-9+/]|%2[BFbf]){80,3000}(?:={0,2}|(?:%3[Dd]){1,2}))/,
    severity: 'critical',
    confidence: 'certain',
    entropy: 4,
    examples: {
      secret: ['aws_session_token = IQoJb3JpZ2luX2Vj{{base64:300}}==', 'FwoGZXIvYXdzE{{base64:260}}='],
      harmless: ['aws_session_token = IQoJb3JpZ2luX2Vj...', `FwoGZXIvYXdz${'x'.repeat(200)}`],
    },
  },
  {
    id: 'aws-bedrock-api-key',
    provider: 'AWS',
    description: 'Amazon Bedrock API key (long-term)',
    keywords: ['abskqmvkcm9ja0fqsutles1'],
    severity: 'critical',
    confidence: 'certain',
    entropy: 2.5,
    pattern: /(?<![A-Za-z0-9_])(?<secret>ABSKQmVkcm9ja0FQSUtleS1[A-Za-z0-9+/]{90,250}={0,2})(?![A-Za-z0-9+/=])/,
    rotate: AWS_KEYS,
    examples: {
      secret: ['AWS_BEARER_TOKEN_BEDROCK=ABSKQmVkcm9ja0FQSUtleS1{{base64:108}}=='],
      harmless: [
        'ABSKQmVkcm9ja0FQSUtleS1EXAMPLE',
        `ABSKQmVkcm9ja0FQSUtleS1${'x'.repeat(108)}`,
        'ABSKQmVkcm9ja0FQSUtleS1{{base64:300}}',
      ],
    },
  },
  {
    id: 'aws-bedrock-api-key-short-term',
    provider: 'AWS',
    description: 'Amazon Bedrock API key (short-term)',
    keywords: ['bedrock-api-key-ymvkcm9jay5hbwf6b25hd3muy29t'],
    severity: 'high',
    confidence: 'certain',
    pattern: /(?<![A-Za-z0-9_])(?<secret>bedrock-api-key-YmVkcm9jay5hbWF6b25hd3MuY29t[A-Za-z0-9+/=]{0,4000})/,
    examples: {
      secret: ['AWS_BEARER_TOKEN_BEDROCK=bedrock-api-key-YmVkcm9jay5hbWF6b25hd3MuY29t{{base64:200}}'],
      harmless: ['bedrock-api-key-', 'bedrock-api-key-{{base64:28}}'],
    },
  },
  {
    id: 'aws-ecr-password',
    provider: 'AWS',
    description: 'Amazon ECR login password',
    keywords: ['eyjwyxlsb2fkijoi'],
    severity: 'high',
    confidence: 'certain',
    entropy: 4,
    window: { before: 64, after: 4096 },
    pattern: /(?<![A-Za-z0-9+/])(?<secret>eyJwYXlsb2FkIjoi[A-Za-z0-9+/]{200,4000}={0,2})/,
    examples: {
      secret: ['docker login -u AWS -p eyJwYXlsb2FkIjoi{{base64:400}}=='],
      harmless: ['docker login -u AWS -p eyJwYXlsb2FkIjoi...'],
    },
  },
  {
    id: 'aws-ses-smtp-password',
    provider: 'AWS',
    description: 'Amazon SES SMTP password',
    keywords: ['ses_', 'ses-', 'email-smtp', 'smtp_pass'],
    severity: 'high',
    confidence: 'likely',
    entropy: 4,
    validator: 'mixed-alnum',
    pattern:
      /(?:(?<![A-Za-z])ses[_-][\w-]{0,24}(?:pass|secret|key|pwd)|email-smtp\.|smtp_pass)[\s\S]{0,100}?(?<![A-Za-z0-9+/])(?<secret>B[A-Za-z0-9+/]{43})(?![A-Za-z0-9+/=])/i,
    examples: {
      secret: [
        'SES_SMTP_PASSWORD=B{{base64:41}}a7',
        'host: email-smtp.us-east-1.amazonaws.com\npassword: B{{base64:41}}a7',
      ],
      harmless: [
        'SES_SMTP_PASSWORD=$SES_SMTP_PASSWORD',
        'SES_SMTP_PASSWORD=B{{base64:60}}',
        'SES_SMTP_PASSWORD=B{{base64:30}}',
      ],
    },
  },
  {
    id: 'amazon-mws-auth-token',
    provider: 'Amazon',
    description: 'Amazon MWS authorisation token',
    keywords: ['amzn.mws.'],
    severity: 'high',
    confidence: 'certain',
    entropy: 2.8,
    pattern:
      /(?<![A-Za-z0-9_])(?<secret>amzn\.mws\.[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})(?![A-Za-z0-9_-])/i,
    examples: {
      secret: ['mws_auth_token = "amzn.mws.{{uuid}}"'],
      harmless: [
        'amzn.mws.00000000-0000-0000-0000-000000000000',
        'amzn.mws.{{hex:12}}',
        'AMZN.MWS.xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx',
      ],
    },
  },
  {
    id: 'amazon-oauth-client-secret',
    provider: 'Amazon',
    description: 'Login with Amazon client secret',
    keywords: ['amzn1.oa2-cs.v1.'],
    severity: 'high',
    confidence: 'certain',
    entropy: 3,
    pattern: /(?<![A-Za-z0-9_])(?<secret>amzn1\.oa2-cs\.v1\.[0-9a-f]{64})(?![A-Za-z0-9_])/,
    examples: {
      secret: ['client_secret: amzn1.oa2-cs.v1.{{hex:64}}'],
      harmless: ['client_secret: amzn1.oa2-cs.v1.xxxx', 'client_id: amzn1.application-oa2-client.{{hex:32}}'],
    },
  },
  {
    id: 'amazon-refresh-token',
    provider: 'Amazon',
    description: 'Amazon Selling Partner or LWA token',
    keywords: ['atzr|', 'atza|'],
    severity: 'high',
    confidence: 'certain',
    entropy: 4,
    window: { before: 64, after: 1024 },
    pattern: /(?<![A-Za-z0-9_])(?<secret>Atz[ar]\|[\w-]{200,2000})/,
    examples: {
      secret: ['refresh_token = "Atzr|{{base64url:320}}"'],
      harmless: ['refresh_token = "Atzr|IwEB..."', `refresh_token = "Atzr|${'x'.repeat(300)}"`],
    },
  },
  {
    id: 'aws-appsync-api-key',
    provider: 'AWS',
    description: 'AWS AppSync API key',
    keywords: ['da2-'],
    severity: 'medium',
    confidence: 'certain',
    entropy: 3,
    pattern: /(?<![A-Za-z0-9_])(?<secret>da2-[a-z0-9]{26})(?![A-Za-z0-9_-])/,
    examples: {
      secret: ['"apiKey": "da2-{{lownum:26}}"'],
      harmless: ['"apiKey": "da2-xxxxxxxxxxxxxxxxxxxxxxxxxx"', '"apiKey": "da2-{{lownum:30}}"'],
    },
  },
];
