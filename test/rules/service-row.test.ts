import { describe, expect, it } from 'vitest';
import { keyedRules } from '../../src/rules/builtin/keyed.ts';
import { fromRow, JWT_LIKE } from '../../src/rules/builtin/service-row.ts';
import { fillExample } from '../../src/rules/examples.ts';

/** What the rule of a row finds in a text with holes. */
function found(row: Parameters<typeof fromRow>[0], template: string): string | undefined {
  return keyedRules([fromRow(row)])[0]?.pattern.exec(fillExample(template))?.groups?.secret;
}

const ACME = ['acme', 'Acme', 'hex:32'] as const;

describe('rules made of one line', () => {
  it('names the rule after the service and passes on what differs', () => {
    const [rule] = keyedRules([fromRow(['acme', 'Acme', 'uuid', { severity: 'critical', what: 'token' }])]);
    expect(rule).toMatchObject({
      id: 'acme-api-key',
      severity: 'critical',
      description: 'Acme token',
      keywords: ['acme'],
    });
  });

  it.each([
    'acme_api_key = "{{hex:32}}"',
    '"acmeToken": "{{hex:32}}"',
    'ACME SECRET for tests {{hex:32}}',
    'acme\nprivate key\n\n{{hex:32}}\n',
    'System.setProperty("ACME_TOKEN", "{{hex:32}}")',
  ])('finds a value in %j', (template) => {
    expect(found(ACME, template)).toMatch(/^[0-9a-f]{32}$/);
  });

  it.each([
    'acme_api_key = "{{hex:31}}"',
    'acme_api_key = "{{hex:40}}"',
    'acme_api_key = "prefix{{hex:32}}"',
    'acme was released on a Monday; see {{hex:32}}',
    'api_key = "{{hex:32}}"',
  ])('finds nothing in %j', (template) => {
    expect(found(ACME, template)).toBeUndefined();
  });

  it('wants ordinary words in the same name as the role', () => {
    const front = ['front', 'Front', 'hex:32', { strict: true }] as const;
    expect(found(front, 'front_api_key = "{{hex:32}}"')).toBeDefined();
    expect(found(front, 'front of the house, the key is under {{hex:32}}')).toBeUndefined();
    expect(found(front, 'storefront_api_key = "{{hex:32}}"')).toBeUndefined();
  });

  it('takes tokens of two and of three parts for JWT-like ones', () => {
    const jwt = ['acme', 'Acme', JWT_LIKE, { example: 'eyJ{{alnum:40}}.{{alnum:60}}' }] as const;
    expect(found(jwt, 'acme_token = eyJ{{alnum:40}}.eyJ{{alnum:80}}')).toBeDefined();
    expect(found(jwt, 'acme_token = eyJ{{alnum:40}}.eyJ{{alnum:80}}.{{base64url:42}}x')).toMatch(/\..*\./);
    expect(found(jwt, 'acme_token = eyJ{{alnum:8}}')).toBeUndefined();
  });
});
