import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fillExample } from '../../src/rules/examples.ts';
import { sss } from './program.ts';
import { makeRepository } from './repository.ts';

const line = (name: string) => fillExample(`${name}_password = "{{alnum:10}}#{{alnum:5}}!{{alnum:8}}"\n`);

/** A repository in which each file has a secret that something else lets pass, and `src/new.py` one that nothing does. */
function everything() {
  const made = makeRepository();
  const known = line('known');
  made.stage('src/known.py', known);
  made.commit();
  expect(sss(['baseline', 'create'], { cwd: made.root }).status).toBe(0);
  made.stage('src/marked.py', line('marked').replace('\n', '  # sss:allow it is a sample\n'));
  made.stage('lib/.smart-secrets-scanner.toml', '[[allow]]\nnames = ["folder_password"]\n');
  made.stage('lib/folder.py', line('folder'));
  made.stage('src/ignored.py', line('ignored'));
  made.stage('.gitleaksignore', 'src/ignored.py:generic-api-key:1\n');
  made.stage('src/new.py', line('fresh'));
  made.commit();
  return made;
}

/** Each of the files in three versions, each with its secret in the same line. */
function everythingSeveralTimes() {
  const made = everything();
  for (const version of [2, 3]) {
    for (const path of ['src/known.py', 'src/marked.py', 'lib/folder.py', 'src/ignored.py']) {
      made.stage(path, `${readFileSync(join(made.root, path), 'utf8')}version = ${version}\n`);
    }
    made.commit(`version ${version}`);
  }
  return made;
}

const EXPECTED = {
  'lib/folder.py': 'an allowlist of lib/.smart-secrets-scanner.toml lets it pass',
  'src/ignored.py': 'an ignore file of another scanner lets it pass',
  'src/known.py': 'the baseline (accepted) lets it pass',
  'src/marked.py': 'a marker in the text lets it pass',
};

describe('what lets a secret pass in a scan', () => {
  const made = everything();

  it('is what does', () => {
    const { stdout } = sss(['scan', '--format', 'json', '--no-cache'], { cwd: made.root });
    expect(JSON.parse(stdout).findings.map(({ path }: { path: string }) => path)).toEqual(['src/new.py']);
  });

  it.each(Object.entries(EXPECTED))('is named by sss explain: %s', (file, reason) => {
    const { stdout } = sss(['explain', file], { cwd: made.root });
    expect(stdout.replace(/\s+/g, ' ')).toContain(reason);
  });

  it('is counted once in every kind of scan, however many versions of a file have it', () => {
    const { root } = everythingSeveralTimes();
    const counts = (...args: string[]) => {
      const { stdout } = sss(['scan', '--format', 'json', ...args], { cwd: root });
      const { allowed, hidden } = JSON.parse(stdout).report.statistics;
      return { allowed, ...hidden };
    };
    const once = { allowed: 1, markers: 1, ignoreFiles: 1, baseline: 1, toFix: 0 };
    for (const threads of ['1', '2']) expect(counts('--threads', threads)).toEqual(once);
    for (const threads of ['1', '2']) expect(counts('--threads', threads, '--no-cache', '--history')).toEqual(once);
    expect(counts('--history')).toEqual(once);
  });

  it('counts in a review, and in no other file', () => {
    expect(sss(['review', 'stage-a', '--quiet'], { cwd: made.root }).status).toBe(0);
    const file = join(made.root, '.smart-secrets-scanner/reviews/default/summaries.jsonl');
    const lines = readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((text) => JSON.parse(text));
    const inCode = lines.filter(({ path }) => path.endsWith('.py'));
    const reasons = inCode.flatMap(({ path, candidates = [] }) =>
      candidates.map(({ decidedBy, reason }: Record<string, string>) => [path, decidedBy === 'allowlist' && reason]),
    );
    expect(Object.fromEntries(reasons)).toEqual({ ...EXPECTED, 'src/new.py': false });
  });

  it('counts again when the baseline is gone', () => {
    rmSync(join(made.root, '.smart-secrets-scanner.baseline'));
    sss(['review', 'stage-a', '--quiet', '--force'], { cwd: made.root });
    const file = join(made.root, '.smart-secrets-scanner/reviews/default/summaries.jsonl');
    expect(readFileSync(file, 'utf8')).not.toContain('the baseline');
  });
});
