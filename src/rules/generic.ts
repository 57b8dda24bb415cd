import type { Rule } from '../types.ts';

/**
 * The rules of the generic extractor, which finds values by the name that they are bound to or by their own shape.
 * A pattern here is matched against the **name** (`db_password`, `X-Api-Key`), not against text; the first that matches
 * gives a finding its rule id. Rules without a name to look at (`url-credentials`, …) are given by the syntax.
 */
export const genericRules: readonly Rule[] = [
  generic(
    'generic-password',
    /pass(?:w(?:or)?d|phrase|code)?s?(?![a-z]{3})|pwd|passw|psw|identified/i,
    'Password in the clear',
    'high',
  ),
  generic(
    'generic-private-key',
    /private[\W_]?key|priv[\W_]?key|signing[\W_]?key|encryption[\W_]?key|master[\W_]?key/i,
    'Key material',
    'critical',
  ),
  generic('generic-secret', /secret|sec?ret/i, 'Secret value', 'high'),
  generic(
    'generic-api-key',
    /api[\W_]?key|access[\W_]?key|app[\W_]?key|license[\W_]?key|account[\W_]?key|consumer[\W_]?key/i,
    'API key',
    'high',
  ),
  generic('generic-token', /token|jwt|bearer|session[\W_]?id|cookie|csrf|otp|totp/i, 'Access token', 'high'),
  generic('generic-auth', /auth|credential|cred\b|creds|login/i, 'Authentication value', 'high'),
  generic('generic-salt', /salt|nonce|seed|pepper|\biv\b/i, 'Salt, nonce or seed', 'medium'),
  generic('generic-key', /key/i, 'Key value', 'medium'),
  generic('url-credentials', /^$/, 'Password in a URL', 'high'),
  generic('command-line-credentials', /^$/, 'Password on a command line', 'high'),
  generic('storage-bucket', /^$/, 'Name of a storage bucket', 'low'),
  generic('generic-uuid', /^$/, 'UUID used as a credential', 'low'),
  generic('generic-token-shape', /^$/, 'Random-looking token', 'medium'),
];

/** Words that open the generic extractor where they stand (lower case). */
export const GENERIC_WORDS: readonly string[] = [
  'pass',
  'pwd',
  'psw',
  'secret',
  'token',
  'key',
  'auth',
  'cred',
  'bearer',
  'basic ',
  'jwt',
  'salt',
  'nonce',
  'seed',
  'otp',
  'sid',
  'session',
  'cookie',
  'csrf',
  'login',
  'identified',
  '-u ',
  '--user',
  '://',
  'sshpass',
  'webhook',
  'signature',
  'pepper',
  '.s3',
];

function generic(id: string, pattern: RegExp, description: string, severity: Rule['severity']): Rule {
  return { id, provider: 'Generic', description, keywords: [], pattern, severity, confidence: 'hint' };
}
