import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { installPackage, secretLine, sss } from './program.ts';
import { makeRepository, type TestRepository, temporaryDirectory } from './repository.ts';

const TOML = '.smart-secrets-scanner.toml';
/** Called a secret by all presets but `strict`. */
const weakLine = `token = "${['summer', '12'].join('')}"\n`;

interface Told {
  findings: { path: string }[];
  report: {
    statistics: { allowed: number; cached?: number };
    skipped: { path: string; reason: string }[];
  };
}
const none: Told = { findings: [], report: { statistics: { allowed: 0 }, skipped: [] } };
const scan = (repo: TestRepository, ...args: string[]) => {
  const { status, stdout, stderr } = sss(['scan', '--format', 'json', ...args], { cwd: repo.root });
  const { findings, report } = stdout === '' ? none : (JSON.parse(stdout) as Told);
  return { status, stderr, report, paths: findings.map(({ path }) => path).sort() };
};

/** Two packages with a secret each; that of the first is allowed by its folder. */
function monorepo(): TestRepository {
  const repo = makeRepository();
  repo.stage('README.md', 'start\n');
  repo.commit();
  for (const name of ['a', 'b']) repo.stage(`packages/${name}/test/conf.py`, `# ${name}\n${secretLine}`);
  repo.stage(`packages/a/${TOML}`, '[[allow]]\nreason = "made up"\npaths = ["/test"]\nrules = ["generic-*"]\n');
  return repo;
}

describe('the configuration of a folder', () => {
  it('counts in every kind of scan, and in explain', () => {
    const repo = monorepo();
    const others = ['packages/b/test/conf.py'];
    expect(scan(repo).paths).toEqual(others);
    const staged = scan(repo, '--staged');
    expect([staged.status, staged.paths, staged.report.statistics.allowed]).toEqual([1, others, 1]);
    repo.commit();
    expect(scan(repo, '--range', 'HEAD~1..HEAD').paths).toEqual(others);
    expect(scan(repo, '--history').paths).toEqual(others);
    expect(sss(['scan', '--quiet'], { cwd: join(repo.root, 'packages/a/test') }).status).toBe(0);
    const { stdout } = sss(['explain', 'packages/a/test/conf.py:2'], { cwd: repo.root });
    expect(stdout).toContain(`an allowlist of packages/a/${TOML} (made up) lets it pass`);
    expect(scan(repo, '--config', '/dev/null').status).toBe(2);
    repo.write('other.toml', '');
    expect(scan(repo, '--config', 'other.toml').paths).toEqual(['packages/a/test/conf.py', ...others]);
  });

  it('counts as it is on disk, as that of the repository does', () => {
    const repo = monorepo();
    repo.write(`packages/a/${TOML}`, '');
    expect(scan(repo, '--staged').paths).toEqual(['packages/a/test/conf.py', 'packages/b/test/conf.py']);
  });

  it('counts in a hook, and blocks when it is broken', () => {
    const repo = monorepo();
    repo.git('reset', '--quiet', 'packages/b');
    installPackage(repo.root);
    expect(sss(['hook', 'install'], { cwd: repo.root }).status).toBe(0);
    const passed = repo.tryGit(['commit', '-m', 'a']);
    expect(passed.status).toBe(0);
    expect(passed.stderr).toContain('smart-secrets-scanner: 1 finding allowed by the configuration\n');
    repo.stage('packages/b/test/conf.py', secretLine);
    expect(repo.tryGit(['commit', '-m', 'b']).status).toBe(1);
    repo.write(`packages/b/${TOML}`, 'colour = 1');
    const broken = repo.tryGit(['commit', '-m', 'b']);
    expect(broken.status).toBe(1);
    expect(broken.stderr).toContain(`packages/b/${TOML}:1: colour is not a known key`);
    // Nothing is there that it could say something of.
    repo.git('reset', '--quiet');
    repo.stage('packages/b/plain.txt', 'nothing\n');
    expect(repo.tryGit(['commit', '-m', 'c']).status).toBe(0);
  });

  it('turns rules off and on, and sets the preset, for what is below it', () => {
    const repo = makeRepository();
    for (const name of ['a', 'b', 'b/c']) repo.stage(`${name}/conf.py`, secretLine);
    for (const name of ['x', 'y']) repo.stage(`${name}/weak.py`, weakLine);
    repo.write(`b/${TOML}`, 'rules.disable = ["generic-*"]');
    repo.write(`b/c/${TOML}`, 'rules.enable = ["generic-password"]');
    repo.write(TOML, 'preset = "strict"');
    repo.write(`y/${TOML}`, 'preset = "balanced"');
    expect(scan(repo).paths).toEqual(['a/conf.py', 'b/c/conf.py', 'y/weak.py']);
    expect(scan(repo, '--staged').paths).toEqual(['a/conf.py', 'b/c/conf.py', 'y/weak.py']);
    expect(scan(repo, '--staged', '--preset', 'strict').paths).toEqual(['a/conf.py', 'b/c/conf.py']);
  });

  it('leaves files unread that it allows whatever is in them', () => {
    const repo = makeRepository();
    repo.stage('vendor/conf.py', secretLine);
    repo.write(`vendor/${TOML}`, '[[allow]]\npaths = ["*.py"]');
    const { status, report } = scan(repo);
    expect(status).toBe(0);
    expect(report.skipped).toEqual([
      expect.objectContaining({ path: 'vendor/conf.py', reason: 'excluded by the configuration' }),
    ]);
  });

  it('is part of what a remembered text depends on', () => {
    const repo = makeRepository();
    for (const name of ['a', 'b']) repo.stage(`${name}/weak.py`, `# ${name}\n${weakLine}`);
    repo.stage(TOML, 'preset = "strict"');
    repo.commit();
    for (const mode of [[], ['--history']]) {
      repo.git('clean', '-fdq');
      expect(scan(repo, ...mode).paths).toEqual([]);
      expect(scan(repo, ...mode).report.statistics.cached).toBeGreaterThanOrEqual(2);
      repo.write(`b/${TOML}`, 'preset = "balanced"');
      expect(scan(repo, ...mode).paths).toEqual(['b/weak.py']);
      repo.write(`b/${TOML}`, 'preset = "strict"');
      expect(scan(repo, ...mode).paths).toEqual([]);
    }
  });

  it.skipIf(process.getuid?.() === 0)('is an error where it cannot be looked for', () => {
    const repo = monorepo();
    chmodSync(join(repo.root, 'packages/a'), 0o000);
    try {
      expect(scan(repo, '--staged').stderr).toContain('permission denied');
    } finally {
      chmodSync(join(repo.root, 'packages/a'), 0o755);
    }
  });

  it('does not count outside of the folder that is scanned', () => {
    const folder = temporaryDirectory();
    const repo = makeRepository({ at: folder });
    repo.stage('a/conf.py', secretLine);
    repo.write(`a/${TOML}`, '[[allow]]\npaths = ["*.py"]');
    const from = temporaryDirectory();
    expect(sss(['scan', '--quiet', folder], { cwd: from }).status).toBe(0);
    expect(sss(['scan', '--quiet', join(folder, 'a/conf.py'), join(folder, 'a')], { cwd: from }).status).toBe(1);
  });
});
