import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fillExample } from '../../src/rules/examples.ts';
import { sss } from './program.ts';
import { temporaryDirectory } from './repository.ts';

const RULES = `[[rules]]
id = "acme-deploy"
regex = '''\\bacme-dep-([a-z0-9]{32})\\b'''
keywords = ["acme-dep-"]
[[rules]]
id = "no-pattern"
[[allowlists]]
paths = ['''^docs/''']
`;

describe('sss rules import', () => {
  it('makes a configuration that rules list and scan work with', () => {
    const cwd = temporaryDirectory();
    writeFileSync(join(cwd, 'theirs.toml'), RULES);
    const run = sss(['rules', 'import', 'theirs.toml', '--output', 'ours.toml'], { cwd });
    expect(run).toMatchObject({ status: 0, stdout: '' });
    expect(run.stderr).toBe('no-pattern is not taken: it has no regex\nimported: 1 rule, 1 allowlist\n');
    expect(sss(['rules', 'list', '--config', 'ours.toml'], { cwd }).stdout).toContain('acme-deploy');
    const secret = fillExample('acme-dep-{{lownum:32}}');
    writeFileSync(join(cwd, 'run.sh'), `deploy --with ${secret}\n`);
    const scan = sss(['scan', '--config', 'ours.toml', '--format', 'json', 'run.sh'], { cwd });
    expect(scan.status).toBe(1);
    expect(JSON.parse(scan.stdout).findings).toMatchObject([{ ruleId: 'acme-deploy' }]);
  });

  it('writes to standard output, and never over a file', () => {
    const cwd = temporaryDirectory();
    writeFileSync(join(cwd, 'theirs.toml'), RULES);
    const run = sss(['rules', 'import', 'theirs.toml'], { cwd });
    expect(run.stdout).toContain('[[rules.custom]]\nid = "acme-deploy"');
    const again = sss(['rules', 'import', 'theirs.toml', '--output', 'theirs.toml'], { cwd });
    expect(again.status).toBe(2);
    expect(again.stderr).toContain('it is there already');
    expect(readFileSync(join(cwd, 'theirs.toml'), 'utf8')).toBe(RULES);
  });

  it('fails when there is nothing to import', () => {
    const cwd = temporaryDirectory();
    writeFileSync(join(cwd, 'none.yml'), 'rules: []\n');
    expect(sss(['rules', 'import', 'none.yml'], { cwd }).status).toBe(2);
    expect(sss(['rules', 'import', 'missing.toml'], { cwd }).status).toBe(2);
    expect(sss(['rules', 'import', '.'], { cwd }).status).toBe(2);
  });
});
