import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { render } from '../../src/report/index.ts';
import type { Finding, Report } from '../../src/types.ts';
import { findingOf, reportOf, TOKEN, tokenRule, twoFindings } from './sample.ts';

// One pattern of the schema (for languages) is no valid pattern in Unicode mode.
const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
addFormats.default(ajv);
const validate = ajv.compile(JSON.parse(readFileSync(new URL('sarif-2.1.0.schema', import.meta.url), 'utf8')));

async function sarif(report: Report, cwd?: string) {
  const log = JSON.parse(await render('sarif', report, cwd === undefined ? {} : { cwd }));
  validate(log);
  expect(validate.errors ?? []).toEqual([]);
  return log.runs[0];
}

describe('sarif', () => {
  it('is valid for findings, skipped inputs and interrupted scans', async () => {
    await sarif(reportOf([]));
    const finding = twoFindings()[0]!;
    const located: Finding = {
      ...finding,
      commit: 'a'.repeat(40),
      author: 'Ada',
      date: '2024-01-02T03:04:05Z',
      inHead: false,
      related: [{ path: 'old name.ts', line: 1, endLine: 1, column: 2, endColumn: 9 }],
    };
    const run = await sarif(
      reportOf([located, ...twoFindings()], {
        interrupted: true,
        skipped: [
          { path: 'dir/a file', reason: 'permission denied', kind: 'error' },
          { path: 'big.bin', reason: 'larger than 10 MB', kind: 'policy' },
        ],
      }),
      '/work/here',
    );
    expect(run.tool.driver.rules.map((rule: { id: string }) => rule.id)).toEqual(['github-pat', 'generic-password']);
    expect(run.results.map((result: { ruleIndex: number }) => result.ruleIndex)).toEqual([0, 0, 1]);
    expect(run.invocations[0].executionSuccessful).toBe(false);
    expect(run.invocations[0].toolExecutionNotifications).toHaveLength(2);
    expect(run.invocations[0].toolExecutionNotifications[1].locations[0].physicalLocation.artifactLocation.uri).toBe(
      'dir/a%20file',
    );
    expect(run.properties.skippedByPolicy).toEqual([{ reason: 'larger than 10 MB', count: 1 }]);
    expect(run.originalUriBaseIds['%SRCROOT%'].uri).toBe('file:///work/here/');
  });

  it('rejects what is no SARIF, so that the test above means something', () => {
    expect(validate({ version: '2.1.0', runs: [{ results: [] }] })).toBe(false);
  });

  it('counts columns from 1, the end never before the start', async () => {
    const text = `key = "${TOKEN}"`;
    const finding = findingOf({ text, value: TOKEN, rule: tokenRule });
    const run = await sarif(
      reportOf([finding, { ...finding, endColumn: 0 }, { ...finding, endLine: 9, endColumn: 0 }]),
    );
    const regions = run.results.map(
      (r: { locations: { physicalLocation: { region: object } }[] }) => r.locations[0]!.physicalLocation.region,
    );
    expect(regions).toEqual([
      { startLine: 1, startColumn: 8, endLine: 1, endColumn: 48 },
      { startLine: 1, startColumn: 8, endLine: 1, endColumn: 8 },
      { startLine: 1, startColumn: 8, endLine: 9, endColumn: 1 },
    ]);
  });

  it.each([
    ['a b/ü%#?.ts', 'a%20b/%C3%BC%25%23%3F.ts'],
    ['line\nend:colon', 'line%0Aend%3Acolon'],
    ['half \ud800 character', 'half%20%EF%BF%BD%20character'],
  ])('escapes the path %j', async (path, uri) => {
    const run = await sarif(reportOf([findingOf({ text: `key = "${TOKEN}"`, value: TOKEN, path })]));
    expect(run.results[0].locations[0].physicalLocation.artifactLocation).toEqual({ uri, uriBaseId: '%SRCROOT%' });
  });

  it('gives paths outside the directory as whole addresses', async () => {
    const run = await sarif(reportOf([findingOf({ text: `key = "${TOKEN}"`, value: TOKEN, path: '/etc/a b' })]));
    expect(run.results[0].locations[0].physicalLocation.artifactLocation).toEqual({ uri: 'file:///etc/a%20b' });
  });

  it.each(['javascript:alert(1)', 'not an address', 'https://example.com/a b)(c'])(
    'survives the rotation page %j',
    async (rotate) => {
      const run = await sarif(reportOf([findingOf({ text: TOKEN, value: TOKEN, rule: { ...tokenRule, rotate } })]));
      const rule = run.tool.driver.rules[0];
      expect(rule.helpUri).toBe(rotate.startsWith('https:') ? 'https://example.com/a%20b)(c' : undefined);
      expect(rule.help.markdown).not.toContain('javascript:');
    },
  );

  it('carries fingerprints and severities', async () => {
    const findings = twoFindings();
    const run = await sarif(reportOf(findings));
    expect(run.columnKind).toBe('utf16CodeUnits');
    expect(run.results.map((r: { partialFingerprints: object }) => r.partialFingerprints)).toEqual(
      findings.map((f) => ({ 'smartSecretsScanner/v1': f.fingerprint })),
    );
    expect(run.tool.driver.rules[0].properties['security-severity']).toBe('9.5');
    expect(run.results[0].level).toBe('error');
  });
});
