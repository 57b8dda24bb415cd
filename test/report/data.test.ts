import { describe, expect, it } from 'vitest';
import { render } from '../../src/report/index.ts';
import { findingOf, reportOf, TOKEN, tokenRule, twoFindings } from './sample.ts';

const skipped = [
  { path: 'a,b.txt', reason: 'permission "denied"', kind: 'error' },
  { path: 'x', reason: 'larger than 10 MB', kind: 'policy' },
] as const;
const FIELDS = [
  'path',
  'line',
  'endLine',
  'column',
  'endColumn',
  'ruleId',
  'provider',
  'description',
  'severity',
  'verdict',
  'probability',
  'decidedBy',
  'reason',
  'fingerprint',
  'preview',
  'secret',
  'name',
  'rotate',
  'source',
];

describe('jsonl', () => {
  it('has a finding a line, in stable fields, and the report at the end', async () => {
    const [first, second] = twoFindings();
    const located = { ...second!, commit: 'c1', author: 'Ada', date: '2024-01-02T03:04:05Z', inHead: true };
    const lines = (await render('jsonl', reportOf([first!, located], { skipped }))).trimEnd().split('\n');
    expect(lines).toHaveLength(3);
    const [a, b, last] = lines.map((line) => JSON.parse(line));
    expect(Object.keys(a)).toEqual([...FIELDS, 'advice']);
    expect(Object.keys(b)).toEqual([
      ...FIELDS.filter((field) => field !== 'rotate'),
      'commit',
      'author',
      'date',
      'inHead',
      'advice',
    ]);
    expect([a.advice, b.advice]).toEqual([
      expect.stringContaining('revoke it at https://github.com/settings/tokens'),
      expect.stringContaining('change the password'),
    ]);
    expect(a).toMatchObject({ path: 'src/app.ts', line: 3, column: 16, endColumn: 56, secret: 'ghp_********' });
    expect(last).toEqual({
      path: '',
      report: {
        tool: { name: 'smart-secrets-scanner', version: '1.2.3' },
        scope: 'staged changes',
        statistics: reportOf(twoFindings()).statistics,
        notes: [],
        skipped: skipped.map((entry) => ({ ...entry })),
        interrupted: false,
      },
    });
  });

  it('keeps paths exact', async () => {
    const path = 'new\nline "quoted" \\ \u2028 \ud800.ts';
    const line = (await render('jsonl', reportOf([findingOf({ text: TOKEN, value: TOKEN, path })]))).split('\n')[0]!;
    expect(JSON.parse(line).path).toBe(path);
  });
});

describe('json', () => {
  it('is one object of the same', async () => {
    const report = reportOf(twoFindings(), { skipped });
    const lines = (await render('jsonl', report))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(JSON.parse(await render('json', report))).toEqual({
      findings: lines.slice(0, -1),
      report: lines.at(-1).report,
    });
  });
});

/** Reads RFC 4180. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  for (const [, quoted, bare, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    if (rows.length === 0 || rows.at(-1)!.at(-1) === '\r\n') rows.push([]);
    const row = rows.at(-1)!;
    row.push(quoted?.replaceAll('""', '"') ?? bare!);
    if (end === '\r\n') row.push(end);
  }
  return rows.map((row) => row.slice(0, -1));
}

describe('csv', () => {
  it('has a row for each finding and each input that could not be read', async () => {
    const rows = parseCsv(await render('csv', reportOf(twoFindings(), { skipped, interrupted: true })));
    const [header, ...body] = rows;
    expect(new Set(rows.map((row) => row.length)).size).toBe(1);
    expect(body.map((row) => row.slice(0, 5))).toEqual([
      ['finding', 'src/app.ts', '3', '3', '16'],
      ['finding', '.env', '2', '2', '13'],
      ['error', 'a,b.txt', '', '', ''],
      ['error', '', '', '', ''],
    ]);
    expect(body[0]![header!.indexOf('preview')]).toBe('const token = "ghp_********";');
    expect(body[2]![header!.indexOf('reason')]).toBe('permission "denied"');
  });

  it('says in the last column from what a value was decoded', async () => {
    const [first, second] = twoFindings();
    const [header, ...rows] = parseCsv(await render('csv', reportOf([{ ...first!, way: 'base64 → gzip' }, second!])));
    expect(header!.slice(-2)).toEqual(['date', 'way']);
    expect(rows.map((row) => row.at(-1))).toEqual(['base64 → gzip', '']);
  });

  it.each(['=1+2', '+1', '-cmd', '@SUM(1)', ' =1', '\t=1', '\r=1', '\uff1d1'])(
    'does not let %j become a formula',
    async (path) => {
      const [, row] = parseCsv(await render('csv', reportOf([findingOf({ text: TOKEN, value: TOKEN, path })])));
      expect(row![1]).not.toMatch(/^\s*[=+\-@\uff1d]/);
    },
  );
});

describe('junit', () => {
  it('has a failed test for a finding and one in error for what could not be read', async () => {
    const xml = await render('junit', reportOf(twoFindings(), { skipped, interrupted: true }));
    expect(xml).toContain('<testsuites name="smart-secrets-scanner" tests="4" failures="2" errors="2" time="0.210">');
    expect(xml.match(/<failure /g)).toHaveLength(2);
    expect(xml.match(/<error /g)).toHaveLength(2);
    expect(xml.match(/<testcase /g)).toHaveLength(4);
    expect(xml).toContain('message="permission &quot;denied&quot;"');
  });

  it('has one passed test when there is nothing', async () => {
    const xml = await render('junit', reportOf([]));
    expect(xml).toContain('tests="1" failures="0" errors="0"');
    expect(xml).toContain('<testcase classname="staged changes" name="no secrets in 12 files (34 kB, 0.2 s)"/>');
  });

  it('escapes, and holds no character that XML forbids', async () => {
    const path = '<a href="x">&\'\x00\x0b\ufffe.ts';
    const xml = await render('junit', reportOf([findingOf({ text: `</failure><x>${TOKEN}`, value: TOKEN, path })]));
    expect(xml).toContain('&lt;a href=&quot;x&quot;&gt;&amp;&#39;\\x00\\x0b\\ufffe.ts');
    expect(xml).not.toMatch(/[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/);
    expect(xml.match(/<\/failure>/g)).toHaveLength(1);
  });
});

describe('html', () => {
  it('is one file without scripts, everything in it escaped', async () => {
    const rule = { ...tokenRule, description: '<img src=x onerror=alert(1)>', rotate: 'javascript:alert(1)' };
    const finding = findingOf({ text: `<script>${TOKEN}</script>`, value: TOKEN, rule, path: '"><b>.ts', name: '<i>' });
    const page = await render(
      'html',
      reportOf([finding], { scope: '<u>', skipped: [{ path: '<p>', reason: '<q>', kind: 'error' }] }),
    );
    expect(page).not.toMatch(/<(script|img|b|i|u|q)\b/);
    expect(page).not.toMatch(/(src|href)="(?!#)/);
    expect(page).toContain('&lt;script&gt;ghp_********&lt;/script&gt;');
    expect(page).toContain("default-src 'none'");
  });

  it('groups by severity, most severe first', async () => {
    const page = await render('html', reportOf([...twoFindings()].reverse(), { interrupted: true, skipped }));
    expect(page.indexOf('critical (1)')).toBeLessThan(page.indexOf('high (1)'));
    expect(page).toContain('<a href="https://github.com/settings/tokens" rel="noreferrer">');
    expect(page).toContain('The scan was interrupted');
    expect(page).toContain('a,b.txt: permission &quot;denied&quot;');
    expect(page).toContain('1 × larger than 10 MB');
    expect(page.match(/<details/g)).toHaveLength(page.match(/<\/details>/g)!.length);
  });
});

describe('github', () => {
  const lines = async (...args: Parameters<typeof render>) => (await render(...args)).trimEnd().split('\n');

  it('annotates files', async () => {
    const [first, second, last] = await lines('github', reportOf(twoFindings()), { workspace: '' });
    expect(first).toMatch(
      /^::error file=src\/app\.ts,line=3,endLine=3,col=16,endColumn=56,title=Secret%3A GitHub personal access token \(token\)::github-pat \(critical, 87 %25 sure\): looks random\.%0Aconst token = "ghp_\*{8}";%0A/,
    );
    expect(first).toContain('revoke it at https://github.com/settings/tokens');
    expect(second).toContain('::error file=.env,line=2');
    expect(last).toBe('2 secrets in 12 files (34 kB, 0.2 s)');
  });

  it('escapes what would end a property or a line', async () => {
    const finding = findingOf({ text: `a%0A::warning::x ${TOKEN}`, value: TOKEN, path: 'a,b:c%\r\n.ts' });
    const output = await lines('github', reportOf([finding]), { workspace: '' });
    expect(output).toHaveLength(2);
    expect(output[0]).toContain('file=a%2Cb%3Ac%25\\x0d\\x0a.ts,line=1');
    expect(output[0]).toContain('%0Aa%250A::warning::x ********');
  });

  it('gives columns for single lines only, and a level by severity', async () => {
    const finding = findingOf({ text: `a ${TOKEN}`, value: TOKEN });
    const output = await lines(
      'github',
      reportOf([
        { ...finding, endLine: 4 },
        { ...finding, severity: 'medium' },
        { ...finding, severity: 'low' },
      ]),
    );
    expect(output[0]).not.toContain('col=');
    expect(output[1]).toMatch(/^::warning .*col=3/);
    expect(output[2]).toMatch(/^::notice /);
  });

  it('names files from the root of the checkout', async () => {
    const finding = findingOf({ text: TOKEN, value: TOKEN });
    const fileOf = async (path: string, options: { cwd?: string; workspace?: string }) =>
      /file=([^,]*)/.exec((await lines('github', reportOf([{ ...finding, path }]), options))[0]!)![1];
    expect(await fileOf('a.ts', { cwd: '/work/repo/packages/x', workspace: '/work/repo' })).toBe('packages/x/a.ts');
    expect(await fileOf('/work/repo/b.ts', { cwd: '/work/repo/x', workspace: '/work/repo' })).toBe('b.ts');
    expect(await fileOf('/elsewhere/b.ts', { cwd: '/work/repo', workspace: '/work/repo' })).toBe('/elsewhere/b.ts');
    expect(await fileOf('a.ts', { workspace: '/work/repo' })).toBe('a.ts');
  });

  it('reports what could not be read, and what was left out', async () => {
    const output = await lines('github', reportOf([], { skipped, interrupted: true }), { workspace: '' });
    expect(output).toEqual([
      '::warning::The scan was interrupted: this is what was found until then.',
      '::error file=a%2Cb.txt,title=Could not be read::a,b.txt could not be read: permission "denied"',
      'Skipped 1 input: larger than 10 MB',
      'No secrets in 12 files (34 kB, 0.2 s).',
    ]);
  });
});
