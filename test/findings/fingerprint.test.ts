import { afterEach, describe, expect, it, vi } from 'vitest';
import { fingerprint } from '../../src/findings/fingerprint.ts';

const place = { ruleId: 'generic-password', logicalPath: 'src/app.ts', value: 'a value', key: '' };

afterEach(() => vi.unstubAllEnvs());

describe('fingerprint', () => {
  it('is the same on every machine and in every version', () => {
    expect(fingerprint(place)).toBe('8fbeb2d7bf5e51289efb419315843e1b');
  });

  it('depends on rule, path, value and key', () => {
    const others = [
      { ...place, ruleId: 'generic-token' },
      { ...place, logicalPath: 'src/app.js' },
      { ...place, value: 'a value ' },
      { ...place, key: 'key' },
      // Parts do not run into each other.
      { ...place, ruleId: 'generic-password\0src', logicalPath: 'app.ts' },
    ];
    const all = [place, ...others].map(fingerprint);
    expect(new Set(all).size).toBe(all.length);
    for (const one of all) expect(one).toMatch(/^[0-9a-f]{32}$/);
  });

  it('takes the key from the environment', () => {
    const { key: _, ...keyless } = place;
    vi.stubEnv('SSS_FINGERPRINT_KEY', 'team key');
    expect(fingerprint(keyless)).toBe(fingerprint({ ...place, key: 'team key' }));
    vi.stubEnv('SSS_FINGERPRINT_KEY', undefined);
    expect(fingerprint(keyless)).toBe(fingerprint(place));
  });

  it('is worked out once for the same secret, which stands in hundreds of versions of a file', () => {
    const hundreds = (of: (i: number) => string) => {
      const start = process.cpuUsage();
      for (let i = 0; i < 500; i++) fingerprint({ ...place, value: of(i) });
      const { user, system } = process.cpuUsage(start);
      return user + system;
    };
    expect(hundreds(() => 'same')).toBeLessThan(hundreds((i) => `other ${i}`) / 3);
  });

  it('takes any value', () => {
    expect(fingerprint({ ...place, value: '\ud800' })).toMatch(/^[0-9a-f]{32}$/);
    expect(fingerprint({ ...place, value: '' })).toMatch(/^[0-9a-f]{32}$/);
  });
});
