import { describe, expect, it } from 'vitest';
import { applyEdits, diffOf } from '../../src/cli/migrate/diff.ts';
import { callersInPreCommit } from '../../src/config/migrate/callers-pre-commit.ts';
import { callersInWorkflow } from '../../src/config/migrate/callers-workflow.ts';
import { optionValues, peerCommand, shellWords } from '../../src/config/migrate/command-line.ts';
import { pythonPatterns } from '../../src/config/migrate/patterns.ts';
import { emptySetup } from '../../src/config/migrate/setup.ts';

describe('lines of shell', () => {
  it.each([
    ['gitleaks protect --staged', 'gitleaks', true],
    ['npx --yes secretlint@9 "**/*"', 'secretlint', true],
    ['pnpm exec secretlint .', 'secretlint', true],
    ['/usr/local/bin/trufflehog git file://. # all', 'trufflehog', true],
    ['LOG=1 detect-secrets-hook --baseline .secrets.baseline', 'detect-secrets', true],
    ['gitleaks git && npm test', 'gitleaks', false],
    ['git diff | detect-secrets-hook', 'detect-secrets', false],
    ['if ! gitleaks git; then exit 1; fi', 'gitleaks', false],
  ])('%s', (line, peer, isAlone) => expect(peerCommand(line)).toMatchObject({ peer, isAlone }));

  it.each([
    'echo gitleaks',
    '# gitleaks git',
    'npm run secretlint',
    'cat .gitleaks.toml',
    'brew install gitleaks',
    'echo "gitleaks',
    '',
  ])('no peer is started by: %s', (line) => expect(peerCommand(line)).toBeUndefined());

  it('are cut into words as a shell does, and options are found in them', () => {
    expect(shellWords(`a 'b c' "d \\"e" f\\ g h=i&&j`)).toEqual(['a', 'b c', 'd "e', 'f g', 'h=i', '&&', 'j']);
    expect(optionValues(['--x', '1', '--x=2', '--xy', '3', '-b', '4', '--x'], '--x', '-b')).toEqual(['1', '2', '4']);
  });
});

describe('patterns of Python', () => {
  it('are used where they mean the same here, and named without being quoted where not', () => {
    const setup = emptySetup('detect-secrets');
    const sources = ['(?x)^( a/ | b/ # both\n)', 'x\\Z', '(?P<q>["\']).*(?P=q)', '(a+)+hunter', '('];
    expect(pythonPatterns({ sources, what: 'f', setup })).toEqual(['^(a/|b/)', 'x\\z', '(?P<q>["\']).*\\k<q>']);
    expect(setup.left).toHaveLength(2);
    expect(setup.left.join()).not.toContain('hunter');
  });
});

describe('hooks and workflows', () => {
  const edited = async (
    text: string,
    find: (text: string) => Promise<{ edit?: { start: number; end: number; text: string } }[]>,
  ) =>
    applyEdits(
      text,
      (await find(text)).flatMap(({ edit }) => edit ?? []),
    );
  const hooks = (text: string) => edited(text, (one) => callersInPreCommit('f', one));

  it('are left to people where they are not written in lines of their own', async () => {
    for (const text of [
      'repos: [{ repo: https://github.com/gitleaks/gitleaks, rev: v8, hooks: [{ id: gitleaks }] }]\n',
      'x: &a [1]\nrepos:\n- &r\n  repo: https://github.com/gitleaks/gitleaks\n  hooks:\n  - id: gitleaks\n',
      'repos:\n- repo: https://github.com/gitleaks/gitleaks\n  hooks: &h\n  - id: gitleaks\n',
    ]) {
      expect(await hooks(text)).toBe(text);
      expect(await callersInPreCommit('f', text)).toMatchObject([
        { peer: 'gitleaks', instead: expect.stringContaining('hook run') },
      ]);
    }
    expect(await callersInPreCommit('f', 'repos: [')).toEqual([]);
  });

  it('keep line ends, comments and what follows', async () => {
    const text =
      'repos:\r\n- repo: https://github.com/gitleaks/gitleaks # why\r\n  rev: v8\r\n  hooks:\r\n  - id: gitleaks\r\n# end\r\n';
    const after = await hooks(text);
    expect(after.startsWith('repos:\r\n- repo: local\n')).toBe(true);
    expect(after.endsWith('    always_run: true\r\n# end\r\n')).toBe(true);
  });

  it('of a workflow are replaced with their name and condition, and only commands that stand alone', async () => {
    const text =
      'jobs:\n  a:\n    steps:\n      - run: |\n          gitleaks git \\\n            --config a.toml\n        if: always()\n      - run: |\n          gitleaks version\n          echo ok\n';
    const callers = await callersInWorkflow('f', text, '1.2.3');
    expect(callers).toMatchObject([{ line: 4, args: ['git', '--config', 'a.toml'] }, { line: 8 }]);
    expect(
      applyEdits(
        text,
        callers.flatMap(({ edit }) => edit ?? []),
      ),
    ).toBe(
      'jobs:\n  a:\n    steps:\n      - if: "always()"\n        run: npx --yes smart-secrets-scanner@1.2.3 scan\n      - run: |\n          gitleaks version\n          echo ok\n',
    );
  });

  it('are shown as a change of lines', () => {
    const before = `${Array.from({ length: 12 }, (_, i) => `line ${i}`).join('\n')}\n`;
    const after = before.replace('line 2\n', 'new\n').replace('line 9\n', '');
    expect(diffOf('f', before, after)).toBe(
      '--- a/f\n+++ b/f\n@@ -1,5 +1,5 @@\n line 0\n line 1\n-line 2\n+new\n line 3\n line 4\n@@ -8,5 +8,4 @@\n line 7\n line 8\n-line 9\n line 10\n line 11\n',
    );
    expect(diffOf('f', undefined, 'a\nb\n')).toBe('--- /dev/null\n+++ b/f\n@@ -0,0 +1,2 @@\n+a\n+b\n');
  });
});
