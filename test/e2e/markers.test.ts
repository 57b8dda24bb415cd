import { describe, expect, it } from 'vitest';
import { fillExample } from '../../src/rules/examples.ts';
import { secretLine, secretValue, sss } from './program.ts';
import { makeRepository, type TestRepository } from './repository.ts';

const marked = `${secretLine.trim()}  # sss:allow of the tests\n`;
const CONFIG = '.smart-secrets-scanner.toml';
const OTHER = fillExample('{{alnum:9}}!{{alnum:7}}#{{alnum:7}}');

const run = (made: TestRepository, ...args: string[]) => sss(args, { cwd: made.root });
function scan(made: TestRepository, ...args: string[]) {
  const { status, stdout, stderr } = run(made, 'scan', '--format', 'json', ...args);
  const { findings, report } = JSON.parse(stdout);
  return {
    places: findings.map((f: { path: string; line: number }) => `${f.path}:${f.line}`),
    hidden: report.statistics.hidden.markers,
    allowed: report.statistics.allowed,
    remarks: report.remarks,
    status,
    stderr,
  };
}

describe('a marker', () => {
  it('counts in every kind of scan, as it is in the version of the text that is scanned', () => {
    const made = makeRepository();
    made.stage('app.py', marked);
    // What the next commit brings has it, the file on disk no longer.
    made.write('app.py', secretLine);
    expect(scan(made, '--staged')).toMatchObject({ places: [], hidden: 1, status: 0 });
    expect(run(made, 'hook', 'run', 'pre-commit')).toMatchObject({
      status: 0,
      stderr: 'smart-secrets-scanner: 1 finding hidden by markers\n',
    });
    expect(run(made, 'hook', 'run', 'pre-commit', '--no-markers').status).toBe(1);
    expect(scan(made)).toMatchObject({ places: ['app.py:1'], hidden: 0, status: 1 });
    made.commit('with a marker');
    expect(scan(made, '--history')).toMatchObject({ places: [], hidden: 1 });
    made.git('add', '--all');
    made.commit('without it');
    expect(scan(made, '--history')).toMatchObject({ places: ['app.py:1'], hidden: 1 });
    expect(scan(made, '--range', 'HEAD~1..HEAD').places).toEqual(['app.py:1']);
    expect(scan(made, '--no-markers').places).toEqual(['app.py:1']);
    expect(sss(['scan', '--stdin'], { cwd: made.root, input: marked }).status).toBe(0);
  });

  it('counts in a staged file where only the line of the secret is new', () => {
    const made = makeRepository();
    made.stage('app.py', '# sss:allow-start\n# sss:allow-end\n');
    made.commit();
    made.stage('app.py', `# sss:allow-start\n${secretLine}# sss:allow-end\n`);
    expect(scan(made, '--staged')).toMatchObject({ places: [], hidden: 1 });
  });

  it('is asked anew when a scan is remembered', () => {
    const made = makeRepository();
    made.write('app.py', marked);
    made.write('other.py', 'print(1)\n');
    for (let i = 0; i < 2; i++) {
      expect(scan(made)).toMatchObject({ places: [], hidden: 1 });
      expect(scan(made, '--no-markers')).toMatchObject({ places: ['app.py:1'], hidden: 0 });
    }
  });

  it('is told where it counts for nothing', () => {
    const made = makeRepository();
    made.write('app.py', `# sss:allow-start\n${secretLine}`);
    const { remarks, stderr } = scan(made);
    expect(remarks).toEqual(['app.py:1: sss:allow-start counts for nothing: there is no sss:allow-end behind it']);
    expect(stderr).toContain(`warning: ${remarks[0]}\n`);
    expect(run(made, 'scan').stdout).not.toContain('hidden by markers');
    expect(scan(made, '--no-markers').remarks).toEqual([]);
    made.stage('app.py', `# sss:allow-start\n${secretLine}`);
    expect(run(made, 'hook', 'run', 'pre-commit').stderr).toContain('there is no sss:allow-end behind it');
  });

  it('can be switched off, be it ours or that of a peer, and needs a reason where the configuration says so', () => {
    const made = makeRepository();
    made.write('ours.py', marked);
    made.write('theirs.py', `${secretLine.trim()}  # gitleaks:allow\n`);
    expect(scan(made)).toMatchObject({ places: [], hidden: 2 });
    made.write(CONFIG, '[markers]\npeers = false\n');
    expect(scan(made).places).toEqual(['theirs.py:1']);
    made.write(CONFIG, '[markers]\nown = false\npeers = ["gitleaks"]\n');
    expect(scan(made).places).toEqual(['ours.py:1']);
    made.write(CONFIG, '[markers]\nrequire-reason = true\n');
    expect(scan(made)).toMatchObject({
      places: ['theirs.py:1'],
      hidden: 1,
      remarks: [expect.stringMatching(/reason/)],
    });
    made.write(CONFIG, '[markers]\npeers = ["gitleak"]\n');
    expect(run(made, 'scan').stderr).toContain('Did you mean "gitleaks"?');
  });

  it('does not count where the secret itself says it', () => {
    const made = makeRepository();
    made.write('app.py', secretLine.replace(secretValue, `${secretValue} sss:allow`));
    made.write('x.py', `${secretLine.replace(secretValue, `gitleaks:allow${secretValue}`)}`);
    expect(scan(made).places).toContain('app.py:1');
    expect(scan(made).places).toContain('x.py:1');
  });

  it('is on the first or the last line of a private key', () => {
    const made = makeRepository();
    const label = ['RSA', 'PRIVATE', 'KEY'].join(' ');
    const body = Array.from({ length: 12 }, () => fillExample('{{base64:64}}')).join('\n');
    const key = (before: string, after: string) =>
      `${before}key = """-----BEGIN ${label}-----\n${body}\n-----END ${label}-----"""${after}\n`;
    made.write('none.py', key('', ''));
    made.write('end.py', key('', '  # pragma: allowlist secret'));
    made.write('before.py', key('# sss:allow-next-line\n', ''));
    expect(scan(made)).toMatchObject({ places: ['none.py:1'], hidden: 2 });
  });

  it('is named by sss explain', () => {
    const made = makeRepository();
    made.write('app.py', marked);
    const { stdout } = run(made, 'explain', 'app.py:1');
    expect(stdout).toContain('a marker in the text lets it pass');
  });
});

describe('what has no comments', () => {
  const json = (first: string, second: string) =>
    `${JSON.stringify({ db: { users: [{ password: first }, { password: second }] } }, undefined, 2)}\n`;

  it('is allowed by names, and in JSON by keys', () => {
    const made = makeRepository();
    made.write('config.json', json(secretValue, OTHER));
    made.write('app.py', secretLine);
    expect(scan(made).places).toEqual(['app.py:1', 'config.json:5', 'config.json:8']);
    made.write(CONFIG, '[[allow]]\npaths = ["*.json"]\nkeys = ["db.users.1.password"]\n');
    expect(scan(made)).toMatchObject({ places: ['app.py:1', 'config.json:5'], allowed: 1 });
    made.write(CONFIG, '[[allow]]\nkeys = ["db.*.password"]\n');
    expect(scan(made)).toMatchObject({ places: ['app.py:1'], allowed: 2 });
    made.write(CONFIG, '[[allow]]\nnames = ["db_*"]\n');
    expect(scan(made).places).toEqual(['config.json:5', 'config.json:8']);
    made.write(CONFIG, '[[allow]]\nnames = ["*password"]\nkeys = ["none"]\npaths = ["app.py"]\n');
    expect(scan(made).places).toEqual(['config.json:5', 'config.json:8']);
  });
});
