import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Finding, Report } from '../../../src/types.ts';
import { sss } from '../program.ts';
import { makeRepository, temporaryDirectory } from '../repository.ts';
import { CONTAINED } from './contained.ts';
import { ENCODED, WIDE } from './encoded.ts';
import { PLAIN } from './plain.ts';
import { type Probe, SETTINGS, TOKEN } from './probe.ts';

const PROBES: Probe[] = [...PLAIN, ...ENCODED, ...WIDE, ...CONTAINED];
const FORMATS = ['json', 'text', 'sarif', 'html', 'csv', 'junit', 'github'];

/** One scan of a folder with all probes, as a user would run it, with a report of each format. */
const folder = temporaryDirectory();
for (const { file, content } of PROBES) {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), content);
}
const reportsAt = temporaryDirectory();
const run = sss(
  ['scan', '.', ...FORMATS.flatMap((format) => ['--format', format, '--output', join(reportsAt, format)])],
  { cwd: folder },
);
const outputs = FORMATS.map((format) => readFileSync(join(reportsAt, format), 'utf8'));
const { findings, report } = JSON.parse(outputs[0]!) as { findings: Finding[]; report: Omit<Report, 'findings'> };
const here = (file: string) => findings.filter(({ path }) => path === file || path.startsWith(`${file}!`));

/** What stands in a text where a finding points to. */
function pointed(text: string, { line, column, endLine, endColumn }: Finding): string {
  const starts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
  return text.slice(starts[line - 1]! + column - 1, starts[endLine - 1]! + endColumn - 1);
}

/** The token is found where the probe says, once, and is all that is raised there. */
function expectFound({ file, content, member, line, way, stands }: Probe): void {
  // A web token is a secret of its own.
  const found = here(file).filter(({ ruleId }) => ruleId !== 'jwt');
  expect(found).toMatchObject([
    {
      ...{ ruleId: 'github-personal-access-token', verdict: 'secret', decidedBy: 'rule', severity: 'critical' },
      ...{ path: member === undefined ? file : `${file}!${member}`, line },
    },
  ]);
  expect(found[0]!.way).toBe(way);
  if (typeof content === 'string' && member === undefined) {
    const text = content.replace(/^\ufeff/, '');
    expect(pointed(text, found[0]!)).toBe(stands ?? TOKEN);
  }
  // Neither form of it is shown.
  for (const output of outputs) expect(output.includes(stands ?? TOKEN)).toBe(false);
}

const named = (probes: readonly Probe[]) => probes.map((probe) => [probe.name, probe] as const);

describe('a GitHub token is found in a scan of a folder', () => {
  it('that ends as it should', () => {
    expect(run.status).toBe(1);
    expect(report.skipped).toEqual([]);
    for (const output of [...outputs, run.stdout, run.stderr]) expect(output.includes(TOKEN)).toBe(false);
  });

  describe('as it is, in', () => {
    it.each(named(PLAIN))('%s', (_, probe) => expectFound(probe));
  });
  describe('encoded, as', () => {
    it.each(named(ENCODED))('%s', (_, probe) => expectFound(probe));
  });
  describe('in text that is', () => {
    it.each(named(WIDE))('%s', (_, probe) => expectFound(probe));
  });
  describe('inside', () => {
    it.each(named(CONTAINED))('%s', (_, probe) => expectFound(probe));
  });
});

describe('a GitHub token is found in a repository', () => {
  const repository = makeRepository();
  repository.stage('.gitignore', 'local.env\n');
  repository.stage('conf/.env', SETTINGS);
  repository.commit();
  repository.git('bundle', 'create', '--quiet', 'all.bundle', '--all');
  repository.write('local.env', SETTINGS);
  const places = (...paths: string[]) => {
    const { stdout } = sss(['scan', '--format', 'json', ...paths], { cwd: repository.root });
    return (JSON.parse(stdout) as { findings: Finding[] }).findings.map(({ path, line }) => `${path}:${line}`);
  };

  it('in tracked files and in bundles of it, not in files that git ignores', () => {
    expect(places()).toEqual(['all.bundle!conf/.env:2', 'conf/.env:2']);
  });

  it('in a file that git ignores, when it is named', () => {
    expect(places('local.env')).toEqual(['local.env:2']);
  });
});
