import { describe, expect, it } from 'vitest';
import type { Finding, Report } from '../../../src/types.ts';
import { sss } from '../program.ts';
import { historyProbes, type Place } from './history.ts';

const { repository, places } = historyProbes();
/** One scan of the history, as a user would run it. */
const run = sss(['scan', '--history', '--format', 'json'], { cwd: repository.root });
const { findings, report } = JSON.parse(run.stdout) as { findings: Finding[]; report: Omit<Report, 'findings'> };

/** Whether HEAD has it: by what git finds in its files, or by what leads to it. */
function hasHead({ token, commit, inHead }: Place): boolean {
  const args =
    inHead === 'tree'
      ? ['grep', '--quiet', '--fixed-strings', token, 'HEAD', '--']
      : ['merge-base', '--is-ancestor', commit, 'HEAD'];
  return repository.tryGit(args).status === 0;
}

describe('a GitHub token is found in a scan of the history', () => {
  it('that ends as it should', () => {
    expect(run.status).toBe(1);
    expect(report.skipped).toEqual([]);
    expect(findings.map(({ path }) => path).sort()).toEqual([...places.values()].map(({ path }) => path).sort());
    for (const { token } of places.values()) expect((run.stdout + run.stderr).includes(token)).toBe(false);
  });

  it.each([...places])('in %s', (_, place) => {
    const { path, more = [], source, commit } = place;
    const found = findings.filter((finding) => finding.path === path);
    const [author, date] = repository.git('show', '--no-patch', '--format=%an <%ae>%n%aI', commit).split('\n');
    expect(found).toMatchObject([
      {
        ...{ ruleId: 'github-personal-access-token', verdict: 'secret', source },
        ...{ commit, author, date, inHead: hasHead(place) },
      },
    ]);
    expect((found[0]!.related ?? []).map((related) => related.path)).toEqual(more);
    // The last line of each text has the token.
    expect(found[0]!.line).toBe(path.startsWith('commit:') ? 3 : 2);
  });
});
