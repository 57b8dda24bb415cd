import { describe, expect, it } from 'vitest';
import { sss } from './program.ts';
import { makeRepository, type TestRepository } from './repository.ts';

const TOML = '.smart-secrets-scanner.toml';
const ORG = 'node_modules/@acme/conf/smart-secrets-scanner.toml';

function layered(): TestRepository {
  const repo = makeRepository();
  repo.write(
    ORG,
    'preset = "strict"\nrules.disable = ["jwt", "shopify-*"]\n[[allow]]\nreason = "docs"\npaths = ["docs/**"]\nvalues = ["s3cret-one"]\n',
  );
  repo.write(
    TOML,
    'extends = "@acme/conf"\nmax-depth = 2\nrules.enable = ["jwt"]\n[[rules.custom]]\nid = "acme-key"\npattern = \'\'\'\\bacme_[a-z0-9]{32}\'\'\'\n',
  );
  repo.write(
    'web/.smart-secrets-scanner.yaml',
    'preset: wide\nrules:\n  disable: [acme-key]\nallow:\n  - paths: [fixtures]\n',
  );
  return repo;
}
const run = (repo: TestRepository, ...args: string[]) => sss(['config', ...args], { cwd: repo.root });

describe('config show', () => {
  it('says what is in force, and which line of which file or which option says so', () => {
    const repo = layered();
    const { status, stdout } = run(repo, 'show', '--origin', '--max-depth', '3', 'web');
    expect(status).toBe(0);
    const lines = stdout.split('\n').map((line) => line.replace(/ {2,}/g, ' '));
    for (const expected of [
      'preset = "wide" # web/.smart-secrets-scanner.yaml:1',
      'max-depth = 3 # command line --max-depth',
      'device = "auto" # defaults',
      ` "shopify-*", # ${ORG}:2`,
      ' "acme-key", # web/.smart-secrets-scanner.yaml:3',
      ` "jwt", # ${TOML}:3`,
      `# ${ORG}:3`,
      '# web/.smart-secrets-scanner.yaml:5',
      '# paths are matched from web/',
    ]) {
      expect(lines).toContain(expected);
    }
    expect(stdout).not.toContain('s3cret-one');
    expect(run(repo, 'show', '--show-secrets').stdout).toContain('s3cret-one');
    expect(run(repo, 'show', '--preset', 'balanced', '--origin', 'web').stdout).toMatch(
      /^preset = "balanced" +# command line --preset$/m,
    );
  });

  it('prints a configuration that means the same', () => {
    const repo = layered();
    const ids = (...args: string[]) => sss(['rules', 'list', ...args], { cwd: repo.root }).stdout;
    const inForce = ids();
    repo.write('flat.toml', run(repo, 'show', '--show-secrets').stdout);
    expect(ids('--config', 'flat.toml')).toBe(inForce);
    expect(inForce).toContain('acme-key');
    expect(inForce).not.toContain('shopify');
    expect(inForce).toMatch(/^jwt /m);
    repo.write(
      '.gitleaks.toml',
      "[[rules]]\nid = \"team\"\nregex = '''(?i)team_[a-z]{9}\\z'''\n[allowlist]\npaths = ['''^docs/''']",
    );
    repo.write(TOML, 'extends = ".gitleaks.toml"');
    const imported = ids();
    repo.write('flat.toml', run(repo, 'show').stdout);
    expect(ids('--config', 'flat.toml')).toBe(imported);
    expect(run(repo, 'show', '--format', 'json', '--config', 'flat.toml').status).toBe(0);
  });

  it('says what it is asked for that is not there', () => {
    const repo = makeRepository();
    expect(run(repo, 'show').stdout).toContain('# In force, of no file: the defaults');
    expect(run(repo, 'show', 'nowhere')).toMatchObject({
      status: 2,
      stderr: 'error: no such file or folder: nowhere\n',
    });
    expect(run(repo, 'show', '..').stderr).toContain('is not in the folder whose configuration this is');
    repo.write(TOML, 'presset = 1');
    expect(run(repo, 'show').stderr).toContain(`${TOML}:1: presset is not a known key`);
  });
});

describe('config validate', () => {
  it('names everything that is wrong, in all files', () => {
    const repo = layered();
    expect(run(repo, 'validate')).toMatchObject({
      status: 0,
      stdout: `fine: ${ORG}\nfine: ${TOML}\nfine: web/.smart-secrets-scanner.yaml\n`,
    });
    repo.write(`a/${TOML}`, 'model = "x"');
    repo.write(`b/${TOML}`, 'preset = "loud"');
    repo.write('b/c/.smart-secrets-scanner.json', '{}');
    const broken = run(repo, 'validate');
    expect(broken.status).toBe(1);
    expect(broken.stdout).toContain(`error: a/${TOML}:1: model cannot be set for a folder\nhint: `);
    expect(broken.stdout).toContain(`error: b/${TOML}:1: preset must be one of`);
    expect(broken.stdout).toContain('2 problems\n');
    const { ok, problems } = JSON.parse(run(repo, 'validate', '--format', 'json').stdout);
    expect([ok, problems.length]).toEqual([false, 2]);
    expect(run(repo, 'validate', `web/.smart-secrets-scanner.yaml`).status).toBe(0);
    expect(run(repo, 'validate', `a/${TOML}`)).toMatchObject({ status: 1 });
    expect(run(repo, 'validate', ORG)).toMatchObject({ status: 0, stdout: `fine: ${ORG}\n` });
    expect(run(repo, 'validate', 'nowhere.toml').stdout).toContain('it does not exist');
  });

  it('works without a configuration', () => {
    const repo = makeRepository();
    expect(run(repo, 'validate').stdout).toBe('there is no configuration: the defaults are in force\n');
    repo.write(TOML, 'extends = "gone"');
    expect(run(repo, 'validate').stdout).toContain('npm install --save-dev gone');
  });
});
