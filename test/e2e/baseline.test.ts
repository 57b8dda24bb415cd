import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fillExample } from '../../src/rules/examples.ts';
import { secretLine, secretValue, sss } from './program.ts';
import { makeRepository, type TestRepository, temporaryDirectory } from './repository.ts';

const FILE = '.smart-secrets-scanner.baseline';
const OTHER = fillExample('{{alnum:9}}!{{alnum:7}}#{{alnum:7}}');
const otherLine = `smtp_password = "${OTHER}"\n`;

/** A repository with a secret, its baseline and its attributes committed. */
function repository(): TestRepository {
  const made = makeRepository();
  made.stage('src/app.py', `import os\n${secretLine}`);
  made.commit('secret');
  expect(baseline(made, 'create').stdout).toContain(`${FILE}: 1 entry for 1 finding`);
  made.git('add', '--all');
  made.commit('baseline');
  return made;
}
const run = (made: TestRepository, args: readonly string[], env: NodeJS.ProcessEnv = {}) =>
  sss(args, { cwd: made.root, env });
const baseline = (made: TestRepository, ...args: string[]) => run(made, ['baseline', ...args]);
const text = (made: TestRepository) => readFileSync(join(made.root, FILE), 'utf8');
const entries = (made: TestRepository) => text(made).match(/^[0-9a-f]{8} [0-9a-f]{10} .*$/gm) ?? [];
function scan(made: TestRepository, ...args: string[]) {
  const { status, stdout, stderr } = run(made, ['scan', '--format', 'json', ...args]);
  const { findings, report } = JSON.parse(stdout);
  return { status, stderr, places: findings.map((f: { path: string; line: number }) => `${f.path}:${f.line}`), report };
}

describe('a baseline', () => {
  it('hides what it knows in every kind of scan, and says so', () => {
    const made = repository();
    expect(text(made)).not.toContain(secretValue);
    expect(scan(made)).toMatchObject({ status: 0, report: { statistics: { hidden: { baseline: 1, toFix: 0 } } } });
    for (const args of [['--history'], ['--range', 'HEAD~1'], ['src'], ['--no-cache'], ['--preset', 'wide']]) {
      expect(scan(made, ...args), args.join()).toMatchObject({
        status: 0,
        report: { statistics: { hidden: { baseline: 1 } } },
      });
      expect(scan(made, ...args, '--no-baseline'), args.join()).toMatchObject({ status: 1 });
    }
    const shown = run(made, ['scan']);
    expect(shown.stdout).toContain('No new secrets in');
    expect(shown.stdout).toContain('1 finding hidden by the baseline.');
    made.stage('copy.py', secretLine);
    expect(scan(made, '--staged')).toMatchObject({ status: 0, report: { statistics: { hidden: { baseline: 1 } } } });
    const hook = run(made, ['hook', 'run', 'pre-commit']);
    expect(hook).toMatchObject({ status: 0, stderr: 'smart-secrets-scanner: 1 finding hidden by the baseline\n' });
    expect(run(made, ['hook', 'run', 'pre-commit', '--no-baseline']).status).toBe(1);
    const id = made.git('rev-parse', 'HEAD');
    const line = `refs/heads/main ${id} refs/heads/main ${'0'.repeat(40)}\n`;
    expect(sss(['hook', 'run', 'pre-push', 'origin', 'x'], { cwd: made.root, input: line }).status).toBe(0);
    expect(scan({ ...made, root: join(made.root, 'src') })).toMatchObject({ status: 0 });
  });

  it('tells another secret on the same line, and the same one never again', () => {
    const made = repository();
    made.write('src/app.py', `\n\nimport sys, os\nif x:\n    ${secretLine}`);
    expect(scan(made)).toMatchObject({ status: 0, places: [] });
    made.write('src/app.py', `import os\n${secretLine.replace(secretValue, OTHER)}`);
    expect(scan(made)).toMatchObject({ status: 1, places: ['src/app.py:2'] });
    made.write('src/app.py', `import os\n${secretLine.trim()}; ${otherLine}`);
    const { status, places, report } = scan(made);
    expect({ status, places }).toEqual({ status: 1, places: ['src/app.py:2'] });
    expect(report.statistics.hidden.baseline).toBe(1);
  });

  it('hides a pair as a whole', () => {
    const made = makeRepository();
    const id = fillExample('AKIAI{{base32:15}}');
    const secret = fillExample('{{base64:38}}a7');
    made.write('aws.ini', `aws_access_key_id = ${id}\naws_secret_access_key = ${secret}\n`);
    expect(scan(made).places).toHaveLength(1);
    baseline(made, 'create');
    expect(scan(made)).toMatchObject({ status: 0, places: [] });
  });

  it('is made once, and only added to', () => {
    const made = repository();
    const again = baseline(made, 'create');
    expect(again).toMatchObject({ status: 2 });
    expect(again.stderr).toContain('there is a baseline already');
    const before = text(made);
    expect(baseline(made, 'update').stdout).toBe(`${FILE}: nothing new; 1 entry\n`);
    expect(text(made)).toBe(before);
    // What people write is kept.
    const [entry] = entries(made);
    const noted = before.replace(entry!, `# asked Ada\n${entry!.replace('accepted', 'to-fix')} # ticket 7`);
    made.write(FILE, noted);
    made.write('other.py', otherLine);
    expect(baseline(made, 'update', '--status', 'false-alarm').stdout).toContain('1 entry added to 1');
    expect(text(made)).toContain('# asked Ada\n');
    expect(
      entries(made)
        .map((line) => line.split(' ').slice(2).join(' '))
        .sort(),
    ).toEqual(['generic-password false-alarm', 'generic-password to-fix # ticket 7']);
    expect(run(made, ['scan']).stdout).toContain('2 findings hidden by the baseline, 1 of them to be fixed.');
  });

  it('takes down what a part of the repository, a range or the history has', () => {
    const made = makeRepository();
    made.stage('a/app.py', secretLine);
    made.stage('b/app.py', otherLine);
    made.commit();
    made.stage('b/app.py', 'gone\n');
    made.commit();
    baseline(made, 'create', 'b');
    expect(entries(made)).toHaveLength(0);
    expect(baseline(made, 'update', 'a').stdout).toContain('1 entry added to 0');
    expect(baseline(made, 'update', '--history').stdout).toContain('1 entry added to 1');
    expect(scan(made, '--history').status).toBe(0);
  });

  it('is found where the configuration or the command line says', () => {
    const made = makeRepository();
    made.write('quality/x', '');
    made.write('app.py', secretLine);
    made.write('.smart-secrets-scanner.toml', 'baseline = "quality/known secrets.txt"\n');
    const { status, stderr } = run(made, ['scan']);
    expect(status).toBe(2);
    expect(stderr).toContain('there is no baseline quality/known secrets.txt');
    baseline(made, 'create');
    expect(readFileSync(join(made.root, '.gitattributes'), 'utf8')).toBe('"/quality/known secrets.txt" merge=union\n');
    expect(made.git('check-attr', 'merge', '--', 'quality/known secrets.txt')).toContain('merge: union');
    expect(scan(made).status).toBe(0);
    made.write('.smart-secrets-scanner.toml', 'baseline = false\n');
    expect(scan(made).status).toBe(1);
    expect(baseline(made, 'audit').stderr).toContain('the configuration says that there is no baseline');
    expect(scan(made, '--baseline', 'quality/known secrets.txt').status).toBe(0);
    expect(run(made, ['scan', '--baseline', 'none']).stderr).toContain('there is no baseline none');
  });

  it('leaves what is in .gitattributes', () => {
    const made = makeRepository();
    made.write('.gitattributes', '*.bin binary\r\n*.txt text');
    baseline(made, 'create');
    const attributes = readFileSync(join(made.root, '.gitattributes'), 'latin1');
    expect(attributes).toBe(`*.bin binary\r\n*.txt text\r\n/${FILE} merge=union\r\n`);
    expect(made.git('check-attr', 'merge', '--', FILE)).toContain('merge: union');
    baseline(made, 'update');
    expect(readFileSync(join(made.root, '.gitattributes'), 'latin1')).toBe(attributes);
    made.write('.gitattributes', `${FILE} merge=ours\n`);
    expect(baseline(made, 'update').stderr).toContain('merges need merge=union');
    expect(readFileSync(join(made.root, '.gitattributes'), 'latin1')).toBe(`${FILE} merge=ours\n`);
  });

  it('says when git leaves it out of commits', () => {
    const made = makeRepository();
    made.write('.gitignore', '*.baseline\n');
    const { stdout, stderr } = baseline(made, 'create');
    expect(stderr).toContain('git ignores the baseline');
    expect(stdout).not.toContain('Commit what has changed');
  });

  it('works outside of git', () => {
    const root = temporaryDirectory();
    writeFileSync(join(root, 'app.py'), secretLine);
    expect(sss(['baseline', 'create'], { cwd: root }).status).toBe(0);
    expect(existsSync(join(root, '.gitattributes'))).toBe(false);
    expect(sss(['scan'], { cwd: root }).status).toBe(0);
  });

  it.each([
    ['half a line', (all: string) => all.slice(0, -20), /baseline:4: this is no entry/],
    [
      'marks of a merge',
      (all: string) => `<<<<<<< HEAD\n${all}=======\n>>>>>>> main\n`,
      /baseline:1: a merge has left/,
    ],
    ['no salt', (all: string) => all.replace(/^salt.*\n/m, ''), /there is no line "salt/],
    ['another salt', (all: string) => all.replace(/^(salt \S+ )../m, '$1zz'), /baseline:3: this is no salt/],
  ])('with %s is an error that says where, and blocks what it could have let pass', (_, change, message) => {
    const made = repository();
    made.write(FILE, change(text(made)));
    for (const args of [['scan'], ['baseline', 'update'], ['baseline', 'audit'], ['baseline', 'prune']]) {
      const { status, stderr } = run(made, args);
      expect({ status, stderr }, args.join(' ')).toEqual({ status: 2, stderr: expect.stringMatching(message) });
    }
    expect(run(made, ['hook', 'run', 'pre-commit']).status).toBe(0);
    made.stage('new.py', otherLine);
    expect(run(made, ['hook', 'run', 'pre-commit']).status).toBe(2);
  });

  it('gives no guess away with a key of the environment, and says when that is missing', () => {
    const made = makeRepository();
    made.write('app.py', secretLine);
    const env = { SSS_FINGERPRINT_KEY: 'a text that is kept secret' };
    expect(run(made, ['baseline', 'create'], env).status).toBe(0);
    expect(text(made)).toMatch(/^salt [0-9a-f]{8} [0-9a-f]{32} with SSS_FINGERPRINT_KEY$/m);
    expect(run(made, ['scan'], env).status).toBe(0);
    for (const other of [{}, { SSS_FINGERPRINT_KEY: 'another' }]) {
      const { status, stderr } = run(made, ['scan'], other);
      expect(status).toBe(1);
      expect(stderr).toMatch(/1 entry cannot be told: made with (another )?SSS_FINGERPRINT_KEY/);
      expect(run(made, ['baseline', 'update'], other).stderr).toMatch(/is made with (another )?SSS_FINGERPRINT_KEY/);
      // What cannot be told is not dropped.
      expect(run(made, ['baseline', 'prune'], other).stdout).toContain('0 entries dropped, 1 kept');
    }
  });
});

describe('sss baseline audit', () => {
  it('shows each entry again, masked, and what is not there any more', () => {
    const made = repository();
    made.write('other.py', otherLine);
    baseline(made, 'update');
    made.write('src/app.py', 'gone\n');
    made.write('copy.py', `\n${otherLine}`);
    const { status, stdout } = baseline(made, 'audit');
    expect(status).toBe(0);
    expect(stdout).toContain('copy.py:2:18  Password in the clear (smtp_password)\n  2 | smtp_password = "********"');
    expect(stdout).toContain('also other.py:1:18');
    expect(stdout).toContain('not found in the files');
    expect(stdout).toContain('2 entries: 2 accepted; 1 not found');
    expect(stdout).not.toContain(OTHER);
    expect(baseline(made, 'audit', '--history').stdout).toMatch(/src\/app\.py:2:16 \([0-9a-f]{12}\)/);
    const data = JSON.parse(baseline(made, 'audit', '--format', 'json').stdout);
    expect(data.entries).toMatchObject([
      { status: 'accepted', found: [{ path: 'copy.py' }, { path: 'other.py', preview: 'smtp_password = "********"' }] },
      { status: 'accepted', found: [] },
    ]);
  });

  it('shows what is marked in the file by now as well', () => {
    const made = repository();
    made.write('src/app.py', `import os\n${secretLine.trim()}  # sss:allow\n`);
    expect(baseline(made, 'audit').stdout).toContain('src/app.py:2:16');
    expect(baseline(made, 'prune').stdout).toContain('0 entries dropped, 1 kept');
  });

  it('decides about entries, by their first digits or the fingerprint of a finding', () => {
    const made = repository();
    const [, hash] = entries(made)[0]!.split(' ');
    const by = (id: string, ...more: string[]) => baseline(made, 'audit', '--mark', id, ...more);
    expect(by(`${hash!.slice(0, 6)}=false-alarm`, '--comment', 'made up').stdout).toContain('false-alarm: made up');
    expect(entries(made)[0]).toMatch(/ false-alarm # made up$/);
    const [finding] = JSON.parse(run(made, ['scan', '--no-baseline', '--format', 'json']).stdout).findings;
    expect(by(`${finding.fingerprint}=to-fix`).status).toBe(0);
    expect(entries(made)[0]).toMatch(/ to-fix # made up$/);
    expect(by(`${hash}=maybe`).stderr).toContain('there is no status "maybe"');
    expect(by('0000=accepted').status).toBe(2);
    expect(by(`${'0'.repeat(32)}=accepted`).stderr).toContain('no finding of the baseline has the fingerprint');
  });
});

describe('sss baseline prune', () => {
  it('drops what is in no file, or neither there nor in the history, and says which', () => {
    const made = repository();
    made.write('other.py', otherLine);
    baseline(made, 'update');
    const before = entries(made);
    made.write('src/app.py', 'gone\n');
    made.write('other.py', 'gone\n');
    expect(baseline(made, 'prune', '--dry-run').stdout).toContain('2 entries would be dropped, 0 kept');
    expect(entries(made)).toEqual(before);
    const { stdout } = baseline(made, 'prune', '--history');
    expect(stdout).toMatch(/^dropped: [0-9a-f]{10} \(generic-password, accepted\)$/m);
    expect(entries(made)).toHaveLength(1);
    expect(scan(made, '--history').status).toBe(0);
    expect(baseline({ ...made, root: join(made.root, 'src') }, 'prune').stdout).toContain('1 entry dropped, 0 kept');
    expect(text(made)).toMatch(/^salt /m);
  });

  it('keeps what is hidden in another way by now: by a folder, or by a rule that is off', () => {
    const made = repository();
    made.write('src/.smart-secrets-scanner.toml', '[[allow]]\nnames = ["db_password"]\n');
    expect(scan(made).report.statistics).toMatchObject({ allowed: 1, hidden: { baseline: 0 } });
    expect(baseline(made, 'audit').stdout).toContain('src/app.py:2:16');
    expect(baseline(made, 'prune').stdout).toContain('0 entries dropped, 1 kept');
    made.write('src/.smart-secrets-scanner.toml', 'rules.disable = ["generic-password"]\n');
    expect(baseline(made, 'prune').stdout).toContain('0 entries dropped, 1 kept');
    made.write('.smart-secrets-scanner.toml', 'rules.disable = ["generic-*"]\n');
    expect(baseline(made, 'prune').stdout).toContain('0 entries dropped, 1 kept');
  });

  it('keeps what is elsewhere in the repository when run in a folder of it', () => {
    const made = repository();
    made.write('docs/x.md', 'x\n');
    expect(baseline({ ...made, root: join(made.root, 'docs') }, 'prune').stdout).toContain('0 entries dropped, 1 kept');
  });
});
