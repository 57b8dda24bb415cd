import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { secretLine, secretValue, sss } from './program.ts';
import { makeRepository, type TestRepository } from './repository.ts';

const CONFIG = '.smart-secrets-scanner.toml';
const run = (made: TestRepository, ...args: string[]) => sss(args, { cwd: made.root });
function scan(made: TestRepository, ...args: string[]) {
  const { status, stdout, stderr } = run(made, 'scan', '--format', 'json', ...args);
  const { findings, report } = stdout === '' ? { findings: [], report: { statistics: {} } } : JSON.parse(stdout);
  const places = findings.map((f: { path: string; line: number }) => `${f.path}:${f.line}`);
  return { places, hidden: report.statistics.hidden?.ignoreFiles, status, stderr };
}

describe('.gitleaksignore', () => {
  it('hides a place, in all scans or in one commit', () => {
    const made = makeRepository();
    made.stage('src/app.py', `import os\n${secretLine}`);
    const commit = made.commit();
    made.write('.gitleaksignore', '# made up\nsrc/app.py:generic-api-key:2\n');
    expect(scan(made)).toMatchObject({ places: [], hidden: 1, status: 0, stderr: '' });
    expect(scan(made, '--history')).toMatchObject({ places: [], hidden: 1 });
    expect(run(made, 'scan').stdout).toContain('1 finding hidden by ignore files of other scanners.');
    made.write('.gitleaksignore', `${commit}:src/app.py:generic-api-key:2\r\n`);
    expect(scan(made)).toMatchObject({ places: ['src/app.py:2'], hidden: 0 });
    expect(scan(made, '--history')).toMatchObject({ places: [], hidden: 1 });
    made.write('.gitleaksignore', `${'0'.repeat(40)}:src/app.py:generic-api-key:2\nsrc/app.py:generic-api-key:3\n`);
    expect(scan(made, '--history').places).toEqual(['src/app.py:2']);
    made.write('.gitleaksignore', 'src/app.py:github-pat:2\n');
    expect(scan(made).places).toEqual(['src/app.py:2']);
  });

  it('says what cannot be taken over, and can be switched off', () => {
    const made = makeRepository();
    made.write('app.py', secretLine);
    made.write('.gitleaksignore', 'app.py:generic-api-key:1\nnonsense\napp.py:no-such-rule:7\n');
    const { places, stderr } = scan(made);
    expect(places).toEqual([]);
    expect(stderr).toContain('warning: .gitleaksignore: no fingerprint of gitleaks in line 2\n');
    expect(stderr).toContain('warning: .gitleaksignore: no rule here corresponds to rule no-such-rule\n');
    made.write(CONFIG, 'ignore-files = ["detect-secrets"]\n');
    expect(scan(made).places).toEqual(['app.py:1']);
    made.write(CONFIG, 'ignore-files = false\n');
    expect(scan(made).places).toEqual(['app.py:1']);
  });
});

describe('.secrets.baseline', () => {
  const sha1 = (text: string) => createHash('sha1').update(text).digest('hex');
  const file = (path: string, more: object = {}) =>
    JSON.stringify({
      version: '1.5.0',
      results: {
        [path]: [{ type: 'Secret Keyword', filename: path, hashed_secret: sha1(secretValue), line_number: 9 }],
      },
      ...more,
    });

  it('hides a value in a file, on any line', () => {
    const made = makeRepository();
    made.write('src/app.py', `\n\n${secretLine}`);
    made.write('src/copy.py', secretLine);
    made.write('.secrets.baseline', file('src/app.py'));
    expect(scan(made)).toMatchObject({ places: ['src/copy.py:1'], hidden: 1, stderr: '' });
    made.write('.secrets.baseline', file('src\\app.py'));
    expect(scan(made).places).toEqual(['src/copy.py:1']);
    made.write('src/app.py', secretLine.replace(secretValue, `${secretValue}X`));
    expect(scan(made).places).toEqual(['src/app.py:1', 'src/copy.py:1']);
  });

  it('says what cannot be taken over', () => {
    const made = makeRepository();
    made.write('app.py', secretLine);
    const results = { 'app.py': [{ type: 'Private Key', hashed_secret: sha1('x') }, { type: 'Secret Keyword' }] };
    const filters_used = [
      { path: 'detect_secrets.filters.heuristic.is_lock_file' },
      { path: 'detect_secrets.filters.regex.should_exclude_file', pattern: ['test/.*'] },
    ];
    made.write('.secrets.baseline', JSON.stringify({ results, filters_used }));
    const { stderr } = scan(made);
    expect(stderr).toContain('1 private key cannot be told by what it holds of them');
    expect(stderr).toContain('1 entry without a hash cannot be used');
    expect(stderr).toContain('its filter "should_exclude_file" is not used');
    made.write('.secrets.baseline', '{"results": ');
    expect(scan(made)).toMatchObject({ status: 2 });
    expect(scan(made).stderr).toContain('.secrets.baseline is no baseline of detect-secrets');
  });
});

describe('.secretlintignore', () => {
  it('leaves files out, and says what cannot be taken over', () => {
    const made = makeRepository();
    made.write('test/app.py', secretLine);
    made.write('src/app.py', secretLine);
    made.write('.secretlintignore', '# tests\n\ntest/\n');
    expect(scan(made)).toMatchObject({ places: ['src/app.py:1'], stderr: '' });
    made.stage('test/new.py', secretLine);
    expect(scan(made, '--staged').places).toEqual([]);
    made.write('.secretlintignore', '*\n!src/\ntest/\n');
    const { places, stderr } = scan(made);
    expect(places).toEqual(['src/app.py:1']);
    expect(stderr).toContain(
      '.secretlintignore:2: exceptions with ! are not supported: it is not used, and neither is',
    );
    made.write(CONFIG, 'ignore-files = ["gitleaks"]\n');
    expect(scan(made).places).toEqual(['src/app.py:1', 'test/app.py:1', 'test/new.py:1']);
  });
});
