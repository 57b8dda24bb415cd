import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { fillExample } from '../../src/rules/examples.ts';
import { installPackage, packageFolder, secretLine, sss } from './program.ts';
import { makeRepository, type TestRepository } from './repository.ts';

const OWN = '.smart-secrets-scanner.toml';
const migrate = (repo: TestRepository, ...args: string[]) => sss(['migrate', ...args], { cwd: repo.root });
const read = (repo: TestRepository, path: string) => readFileSync(join(repo.root, path), 'utf8');
const found = (repo: TestRepository): string[] => {
  const { stdout } = sss(['scan', '--no-cache', '--format', 'json'], { cwd: repo.root });
  const { findings } = JSON.parse(stdout) as { findings: { path: string; line: number }[] };
  return findings.map(({ path, line }) => `${path}:${line}`).sort();
};

describe('migrate gitleaks', () => {
  it('allows what was allowed, by value where it was by place, and finds the rest', () => {
    const repo = makeRepository();
    const old = `first = 1\n${secretLine}`;
    repo.stage('src/old.py', old);
    const commit = repo.commit();
    const teamKey = fillExample('{{lownum:32}}');
    repo.stage('src/old.py', 'first = 1\n');
    repo.stage('src/known.py', `# a\n${fillExample('api_password = "{{alnum:10}}#{{alnum:5}}!{{alnum:8}}"')}\n`);
    repo.stage('src/new.py', fillExample('mail_password = "{{alnum:10}}#{{alnum:5}}!{{alnum:8}}"\n'));
    repo.stage('src/team.py', `team_key = "${teamKey}"\n`);
    repo.stage('docs/a.md', secretLine);
    repo.write(
      '.gitleaks.toml',
      "[extend]\nuseDefault = true\n[[rules]]\nid = \"Team Key\"\nregex = '''(?i)team_key = \"([a-z0-9]{32})\"'''\n" +
        "[allowlist]\npaths = ['''(^|/)docs/''']\n",
    );
    repo.write(
      '.gitleaksignore',
      `# known\nsrc/known.py:generic-api-key:2\n${commit}:src/old.py:generic-api-key:2\nsrc/gone.py:x:1\nodd\n`,
    );
    expect(found(repo)).toEqual(['src/new.py:1', 'src/team.py:1']);
    const dry = migrate(repo);
    expect(dry.status).toBe(0);
    expect(dry.stdout).toContain('+++ b/.smart-secrets-scanner.toml');
    expect(dry.stdout).toContain('the rule "Team Key" is called Team-Key');
    expect(dry.stdout).toContain('src/gone.py:x:1: it is not there any more');
    expect(dry.stdout).toContain('.gitleaksignore:5: it is not of the form file:rule:line');
    expect(existsSync(join(repo.root, OWN))).toBe(false);
    expect(migrate(repo, '--write')).toMatchObject({ status: 0, stderr: `written: ${OWN}\n` });
    for (const name of ['.gitleaks.toml', '.gitleaksignore']) repo.git('clean', '-fq', name);
    expect(found(repo)).toEqual(['src/new.py:1', 'src/team.py:1']);
    // What has moved is still the same value.
    repo.write('src/known.py', `# a\n# b\n${read(repo, 'src/known.py')}`);
    repo.write('src/old.py', `\n\n${old}`);
    expect(found(repo)).toEqual(['src/new.py:1', 'src/team.py:1']);
    // Another secret in the same place is reported.
    repo.write(
      'src/known.py',
      `# a\n# b\n# a\n${fillExample('api_password = "{{alnum:11}}#{{alnum:6}}!{{alnum:8}}"')}\n`,
    );
    expect(found(repo)).toContain('src/known.py:4');
    expect(read(repo, OWN)).not.toContain(teamKey);
  });

  it('uses no other rules where gitleaks used none, and says so', () => {
    const repo = makeRepository();
    repo.write('.gitleaks.toml', "[[rules]]\nid = \"acme\"\nregex = '''acme_[a-z0-9]{32}'''");
    expect(migrate(repo, 'gitleaks', '--write').stdout).toContain('rules.use-builtin = false');
    expect(sss(['rules', 'list'], { cwd: repo.root }).stdout).toMatch(/^acme /m);
    expect(sss(['rules', 'list'], { cwd: repo.root }).stdout).not.toContain('github-fine-grained-pat');
  });
});

describe('migrate detect-secrets', () => {
  it('takes over filters, plugins and the options of the hook, in the pattern language of Python', () => {
    const repo = makeRepository();
    const plugins = [
      'AWSKeyDetector',
      'ArtifactoryDetector',
      'BasicAuthDetector',
      'PrivateKeyDetector',
      'StripeDetector',
      'KeywordDetector',
    ];
    repo.write(
      '.secrets.baseline',
      JSON.stringify({
        version: '1.5.0',
        plugins_used: [...plugins.map((name) => ({ name })), { name: 'Mine', path: 'file:///plugin.py' }],
        filters_used: [
          { path: 'detect_secrets.filters.heuristic.is_lock_file' },
          { path: 'detect_secrets.filters.regex.should_exclude_line', pattern: ['# made up$'] },
          { path: 'file:///filter.py::mine' },
        ],
        results: { 'a.py': [{ type: 'Secret Keyword', hashed_secret: 'x', line_number: 1 }] },
      }),
    );
    repo.write(
      '.pre-commit-config.yaml',
      "# ours\nrepos:\n- repo: https://github.com/Yelp/detect-secrets\n  rev: v1.5.0\n  hooks:\n  - id: detect-secrets\n    args: ['--baseline', '.secrets.baseline', '--exclude-files', '\\.lock\\Z', '--disable-plugin', 'StripeDetector']\n    exclude: |\n      (?x)^(\n        skipped/.*|  # all\n        one\\.py\n      )$\n# end\n",
    );
    for (const path of ['skipped/a.py', 'one.py', 'two.py', 'x.lock']) repo.stage(path, secretLine);
    repo.stage('line.py', `${secretLine.trim()} # made up\n`);
    const { status, stdout } = migrate(repo, 'detect-secrets', '--write');
    expect(status).toBe(0);
    expect(found(repo)).toEqual(['two.py:1']);
    expect(stdout).toContain('without SlackDetector → rules.disable slack-*');
    expect(stdout).toContain('without StripeDetector → rules.disable stripe-*');
    expect(stdout).toContain('the plugin Mine: no code of another scanner is run');
    expect(stdout).toContain('the filter file:///filter.py::mine: no code');
    expect(stdout).toContain('.secrets.baseline knows 1 finding by hashes');
    const hooks = read(repo, '.pre-commit-config.yaml');
    expect(hooks).toMatch(/^# ours\n/);
    expect(hooks).toMatch(/\n# end\n$/);
    expect(parse(hooks).repos).toMatchObject([
      {
        repo: 'local',
        hooks: [{ id: 'smart-secrets-scanner', entry: 'npx smart-secrets-scanner hook run pre-commit' }],
      },
    ]);
  });

  it('names a broken baseline', () => {
    const repo = makeRepository();
    repo.write('.secrets.baseline', '{"plugins_used": [');
    expect(migrate(repo)).toMatchObject({ status: 2, stdout: '' });
    expect(migrate(repo).stderr).toMatch(/^error: detect-secrets: \.secrets\.baseline:1:\d+: not valid JSON/);
  });
});

describe('migrate secretlint', () => {
  it('takes over rules, allowed values and ignored files, and runs no code', () => {
    const repo = makeRepository();
    const allowed = fillExample('{{alnum:10}}{{alnum:5}}{{alnum:8}}');
    repo.write(
      '.secretlintrc.json',
      JSON.stringify({
        rules: [
          {
            id: '@secretlint/secretlint-rule-preset-recommend',
            rules: [
              { id: '@secretlint/secretlint-rule-slack', disabled: true },
              { id: '@secretlint/secretlint-rule-npm', options: { allows: [allowed] } },
              {
                id: '@secretlint/secretlint-rule-database-connection-string',
                options: { allows: ['/postgres:\\/\\/u:[^@]+@localhost/'] },
              },
            ],
          },
          {
            id: '@secretlint/secretlint-rule-pattern',
            options: { patterns: [{ name: 'My Token', pattern: '/mytok_[a-z]{10}/i', filePathGlobs: ['**/*.ts'] }] },
          },
          { id: '@secretlint/secretlint-rule-no-homedir' },
        ],
      }),
    );
    repo.write('.secretlintrc.js', 'throw new Error("code was run")');
    repo.write('.secretlintignore', 'ignored\n!ignored/not\n');
    repo.stage('a.py', `db_password = "${allowed}"\n`);
    repo.stage('b.yml', `url: postgres://u:${fillExample('{{alnum:12}}')}@localhost/x\n`);
    repo.stage('c.ts', `x("${fillExample('MyTok_{{lower:10}}')}")\n`);
    repo.stage('c.py', `x("${fillExample('mytok_{{lower:10}}')}")\n`);
    repo.stage('ignored/a.py', secretLine);
    repo.stage('d.py', secretLine);
    const { status, stdout } = migrate(repo, '--write');
    expect(status).toBe(0);
    expect(found(repo)).toEqual(['c.ts:1', 'd.py:1']);
    expect(stdout).toContain('slack is disabled → rules.disable slack-*');
    expect(stdout).toContain('no-homedir: there is no rule for what it finds');
    expect(stdout).toContain('.secretlintrc.js: it is code, which is not run');
    expect(stdout).toContain('exceptions with ! are not supported');
    expect(stdout).toContain('remove .secretlintrc.json, .secretlintignore when');
    expect(stdout).not.toContain(allowed);
  });
});

describe('migrate trufflehog', () => {
  it('takes over custom detectors with their parts, excluded paths and detectors', () => {
    const repo = makeRepository();
    repo.write(
      '.trufflehog/config.yaml',
      "detectors:\n- name: HogToken\n  keywords: [hog]\n  regex:\n    id: '\\b(HOG[0-9A-Z]{17})\\b'\n    token: '\\b([A-Za-z0-9]{40})\\b'\n  primary_regex_name: token\n  exclude_words: [EXAMPLE]\n  verify: [{ endpoint: \"http://localhost\" }]\n",
    );
    repo.write('exclude.txt', '^vendor/\n\n_test\\.go$\n');
    repo.write(
      '.github/workflows/ci.yml',
      'on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - uses: actions/checkout@v4\n      # look\n      - name: Hog\n        uses: trufflesecurity/trufflehog@main\n        with:\n          extra_args: --only-verified --exclude-paths=exclude.txt --exclude-detectors=Slack\n      - run: echo done\n',
    );
    for (const path of ['vendor/a.py', 'a_test.go', 'b.py']) repo.stage(path, secretLine);
    const pair = fillExample('id = {{[A-Z0-9]:17}}').replace('= ', '= HOG');
    repo.stage('hog.txt', `hog ${pair}\nvalue ${fillExample('{{alnum:40}}')}\n`);
    repo.stage('alone.txt', `hog value ${fillExample('{{alnum:40}}')}\n`);
    const { status, stdout } = migrate(repo, '--write');
    expect(status).toBe(0);
    expect(found(repo)).toEqual(['b.py:1', 'hog.txt:2']);
    expect(stdout).toContain('only verified secrets counted');
    expect(stdout).toContain('verify: no server is asked');
    expect(stdout).toContain('--exclude-detectors Slack → rules.disable slack-*');
    const workflow = read(repo, '.github/workflows/ci.yml');
    expect(parse(workflow).jobs.a.steps).toMatchObject([
      { uses: 'actions/checkout@v4' },
      { name: 'Hog', run: expect.stringMatching(/^npx --yes smart-secrets-scanner@\S+ scan$/) },
      { run: 'echo done' },
    ]);
    expect(workflow).toContain('      # look\n');
  });
});

describe('migrate', () => {
  it('puts one hook in the place of several, keeps what else is there, and names what is for people', () => {
    const repo = makeRepository();
    installPackage(repo.root);
    const bin = join(packageFolder, 'bin', 'smart-secrets-scanner.js');
    symlinkSync(bin, join(repo.root, 'node_modules', '.bin', 'smart-secrets-scanner'));
    repo.write('.gitignore', 'node_modules\n');
    repo.write(
      '.husky/pre-commit',
      'npm test\nnpx secretlint "**/*"\ngitleaks protect --staged   # quick\ngitleaks git && echo ok\ngitleaks git \\\n  --staged\n',
    );
    chmodSync(join(repo.root, '.husky/pre-commit'), 0o755);
    repo.write(
      'package.json',
      '{\n  "scripts": { "a": "secretlint \\"**/*\\"", "b": "vitest" },\n  "lint-staged": { "*": "secretlint" },\n  "devDependencies": { "secretlint": "^9" }\n}\n',
    );
    repo.write('lefthook.yml', 'pre-commit:\n  commands:\n    s:\n      run: gitleaks protect\n');
    repo.git('add', '.');
    repo.git('-c', 'core.hooksPath=/dev/null', 'commit', '--quiet', '--message', 'start');
    const { stdout } = migrate(repo, '--format', 'json');
    const plan = JSON.parse(stdout);
    expect(plan.written).toBe(false);
    expect(repo.git('status', '--porcelain')).toBe('');
    const text = migrate(repo).stdout;
    const diff = text.slice(text.indexOf('--- '));
    writeFileSync(join(repo.root, '.git', 'migrate.diff'), diff);
    // What is shown is what would be written.
    repo.git('apply', '--check', '.git/migrate.diff');
    expect(migrate(repo, '--write').stdout).toContain(
      'lefthook.yml:4  by hand: npx smart-secrets-scanner hook run pre-commit',
    );
    expect(read(repo, '.husky/pre-commit')).toBe(
      'npm test\nnpx smart-secrets-scanner hook run pre-commit\ngitleaks git && echo ok\ngitleaks git \\\n  --staged\n',
    );
    expect(statSync(join(repo.root, '.husky/pre-commit')).mode & 0o777).toBe(0o755);
    expect(JSON.parse(read(repo, 'package.json'))).toMatchObject({
      scripts: { a: 'smart-secrets-scanner scan', b: 'vitest' },
      'lint-staged': { '*': 'smart-secrets-scanner hook run pre-commit' },
    });
    repo.git('diff', '--quiet', '--', 'lefthook.yml');
    // The hook that was written works.
    repo.git('config', 'core.hooksPath', '.husky');
    repo.write('.husky/pre-commit', read(repo, '.husky/pre-commit').split('\n').slice(1, 2).join('\n'));
    repo.stage('a.py', secretLine);
    expect(repo.tryGit(['commit', '-m', 'blocked']).stderr).toContain('The commit is blocked');
  });

  it('extends a configuration that is there, and never writes over one', () => {
    const repo = makeRepository();
    repo.write(OWN, '# mine\npreset = "wide"\n');
    repo.write('.gitleaks.toml', "[allowlist]\npaths = ['''^docs/''']\n[extend]\nuseDefault = true");
    expect(migrate(repo, '--write').status).toBe(0);
    expect(read(repo, OWN)).toBe('extends = "./smart-secrets-scanner.from-gitleaks.toml"\n# mine\npreset = "wide"\n');
    const { stdout } = sss(['config', 'show'], { cwd: repo.root });
    expect(stdout).toContain('preset = "wide"');
    expect(stdout).toContain('path-regexes = ["^docs/"]');
    // Again: nothing new.
    expect(migrate(repo, '--write').status).toBe(0);
    expect(read(repo, OWN).match(/extends/g)).toHaveLength(1);
  });

  it('turns off only what no scanner has looked for', () => {
    const repo = makeRepository();
    repo.write('.gitleaks.toml', '[extend]\nuseDefault = true\ndisabledRules = ["generic-api-key"]');
    repo.write('.secretlintrc.json', '{"rules": []}');
    expect(migrate(repo, '--write').stdout).toContain('not turned off, as another scanner has looked for that');
    repo.stage('a.py', secretLine);
    expect(found(repo)).toEqual(['a.py:1']);
  });

  it('says when there is nothing, and what excludes what', () => {
    const repo = makeRepository();
    expect(migrate(repo)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('there is no setup of another scanner'),
    });
    expect(migrate(repo, 'trufflehog').stderr).toContain('there is no setup of trufflehog');
    expect(migrate(repo, '--write', '--dry-run')).toMatchObject({ status: 2 });
    expect(migrate(repo, 'grep').status).toBe(2);
  });

  it('leaves no half a file when the disk is full', () => {
    const repo = makeRepository();
    const paths = Array.from({ length: 200 }, (_, i) => `'''^folder-with-a-long-name-${i}/'''`).join(', ');
    repo.write('.gitleaks.toml', `[extend]\nuseDefault = true\n[allowlist]\npaths = [${paths}]\n`);
    repo.write('.husky/pre-commit', 'gitleaks git\n');
    const program = join(packageFolder, 'bin', 'smart-secrets-scanner.js');
    const full = spawnSync('bash', ['-c', `ulimit -f 1; exec "${process.execPath}" "${program}" migrate --write`], {
      cwd: repo.root,
      encoding: 'utf8',
    });
    expect(full.status).toBe(2);
    expect(full.stderr).toContain(`cannot write`);
    expect(repo.git('status', '--porcelain', '--untracked-files=all')).toBe('?? .gitleaks.toml\n?? .husky/pre-commit');
    expect(read(repo, '.husky/pre-commit')).toBe('gitleaks git\n');
    expect(migrate(repo, '--write').status).toBe(0);
    expect(read(repo, '.husky/pre-commit')).toContain('smart-secrets-scanner');
  });
});
