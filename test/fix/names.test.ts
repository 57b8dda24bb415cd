import { describe, expect, it } from 'vitest';
import { Names, nameFor, upperSnake } from '../../src/fix/names.ts';

const name = (
  written: string | undefined,
  path = 'src/mailer.py',
  provider = 'Generic',
  description = 'Secret value',
) => nameFor({ name: written, path, provider, description });

describe('the name of a variable', () => {
  it.each([
    ['smtpPassword', 'SMTP_PASSWORD'],
    ['smtp-password', 'SMTP_PASSWORD'],
    ['DBPassword', 'DB_PASSWORD'],
    ['x.y.smtp_password', 'SMTP_PASSWORD'],
    ["headers['X-Api-Key']", 'X_API_KEY'],
  ])('is what the value is bound to: %s', (written, expected) => {
    expect(name(written)).toBe(expected);
  });

  it('says of what, where that says only what kind of value it is', () => {
    expect(name('password')).toBe('MAILER_PASSWORD');
    expect(name('db.password')).toBe('DB_PASSWORD');
    expect(name('token', 'a.py', 'GitHub')).toBe('GITHUB_TOKEN');
    expect(name('github_token', 'a.py', 'GitHub')).toBe('GITHUB_TOKEN');
    expect(name('self.password', 'billing/config.py')).toBe('BILLING_PASSWORD');
    expect(name('password', 'src/index.ts')).toBe('APP_PASSWORD');
    expect(name('Authorization', 'src/client.ts')).toBe('APP_TOKEN');
    expect(name('API_KEY')).toBe('API_KEY');
  });

  it('is made of the provider, where the value has no name', () => {
    expect(name(undefined, 'a.py', 'Stripe', 'Stripe secret key')).toBe('STRIPE_SECRET_KEY');
    expect(name(undefined, 'notes.py')).toBe('NOTES_SECRET');
    expect(name('to***en', 'notes.py')).toBe('NOTES_SECRET');
  });

  it('is none that means something already, and starts with a letter', () => {
    expect(name('pwd')).toBe('MAILER_PWD');
    expect(name('2fa_seed')).toBe('APP_2FA_SEED');
    expect(upperSnake('päss wörd')).toMatch(/^[A-Z0-9_]+$/);
  });

  it('is not endless', () => {
    expect(name('a_'.repeat(500)).length).toBeLessThan(80);
  });
});

describe('the names of a run', () => {
  it('stand for one value each', () => {
    const names = new Names([
      ['OLD', 'v0'],
      ['LISTED', undefined],
    ]);
    const choose = (wish: string, value: string, path = 'a') => {
      const chosen = names.choose({ wish, value, path });
      names.take({ name: chosen, value, path });
      return chosen;
    };
    expect(choose('A', 'v1')).toBe('A');
    expect(choose('A', 'v2')).toBe('A_2');
    expect(choose('A', 'v3')).toBe('A_3');
    expect(choose('A', 'v1', 'b')).toBe('A');
    // In one file a value has one name.
    expect(choose('B', 'v1')).toBe('A');
    expect(choose('OLD', 'v1', 'c')).toBe('OLD_2');
    expect(choose('OLD', 'v0', 'c')).toBe('OLD');
    expect(choose('LISTED', 'v9', 'c')).toBe('LISTED');
    expect(names.choose({ wish: 'C', value: 'v4', path: 'a', isTaken: (one) => one === 'C' })).toBe('C_2');
  });
});
