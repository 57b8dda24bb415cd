import { describe, expect, it } from 'vitest';
import { plain } from '../../src/findings/redact.ts';
import { formats, isFormat, render } from '../../src/report/index.ts';
import type { Finding } from '../../src/types.ts';
import { findingOf, PASSWORD, reportOf, TOKEN, tokenRule, twoFindings } from './sample.ts';

const staged = { kind: 'staged', blob: 'b' } as const;
const history = { kind: 'history', blob: 'b' } as const;
const skipped = [
  { path: 'a\nb.txt', reason: 'permission denied', kind: 'error' },
  { path: 'x', reason: 'larger than 10 MB', kind: 'policy' },
  { path: 'y', reason: 'a submodule', kind: 'policy' },
  { path: 'z', reason: 'larger than 10 MB', kind: 'policy' },
] as const;

function many(count: number): Finding[] {
  return Array.from({ length: count }, (_, i) =>
    findingOf({ text: `${'\n'.repeat(i)}token = "${TOKEN}"`, value: TOKEN, rule: tokenRule, path: `src/file-${i}.ts` }),
  );
}

describe('text', () => {
  it('shows a blocked commit on one screen of 80 columns', async () => {
    const text = await render('text', reportOf(twoFindings({ origin: staged })), { command: 'pre-commit' });
    expect(text.replace(/[0-9a-f]{32}/g, '<fingerprint>')).toMatchSnapshot();
    const lines = text.split('\n');
    expect(lines.length).toBeLessThanOrEqual(40);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it('says in one line that there is nothing', async () => {
    expect(await render('text', reportOf([]))).toBe('No secrets in 12 files (34 kB, 0.2 s).\n');
  });

  it('puts the mark under the value, also behind wide and long text', async () => {
    const lineOf = async (text: string, options: { width?: number; show?: boolean } = {}) => {
      const finding = findingOf({ text, value: PASSWORD, show: options.show === true });
      const lines = (await render('text', reportOf([finding]), options)).split('\n');
      const at = lines.findIndex((line) => line.includes('^'));
      return [lines[at - 1]!, lines[at]!] as const;
    };
    const [line, mark] = await lineOf(`${'padding '.repeat(40)}pw = "${PASSWORD}" ${'more '.repeat(40)}`, {
      width: 60,
    });
    expect(line.length).toBeLessThanOrEqual(60);
    expect(mark.indexOf('^')).toBe(line.indexOf('********'));
    expect(mark.trimEnd().length - mark.indexOf('^')).toBe(8);
    const [wide, wideMark] = await lineOf(`漢字 = "${PASSWORD}"`);
    expect(wideMark.indexOf('^')).toBe(wide.indexOf('********') + 2);
    const [shown, shownMark] = await lineOf(`pw = "${PASSWORD}"`, { show: true });
    expect(shownMark.indexOf('^')).toBe(shown.indexOf(PASSWORD));
    expect(shownMark.trimEnd().length - shownMark.indexOf('^')).toBe(PASSWORD.length);
  });

  it('marks the finding, not the other values of the line', async () => {
    const text = `a = "${TOKEN}"; b = "${PASSWORD}"; again "${PASSWORD}"`;
    const finding = findingOf({ text, value: PASSWORD });
    const lines = (await render('text', reportOf([finding]))).split('\n');
    const at = lines.findIndex((line) => line.includes('^'));
    expect(lines[at]!.indexOf('^')).toBe(lines[at - 1]!.indexOf('b = "') + 5);
  });

  it('lists many findings in a line each after the first ones', async () => {
    const text = await render('text', reportOf(many(30)));
    expect(text.match(/\^{4,}/g)).toHaveLength(3);
    for (let i = 0; i < 30; i++) expect(text).toContain(`src/file-${i}.ts:${i + 1}:10  GitHub`);
    expect(text).toContain('And 27 more:');
    expect(text.match(/\[\[allow\]\]/g)).toHaveLength(1);
    expect((await render('text', reportOf(many(4)))).match(/\^{4,}/g)).toHaveLength(4);
  });

  it('shows the worst in full, wherever they stand', async () => {
    const weak = many(8).map((finding) => ({ ...finding, severity: 'medium' as const }));
    const grave = findingOf({ text: TOKEN, value: TOKEN, path: 'z.txt', rule: tokenRule });
    const text = await render('text', reportOf([...weak, grave]));
    expect(text.indexOf('z.txt:1:1  GitHub')).toBeGreaterThan(0);
    expect(text.indexOf('z.txt:1:1  GitHub')).toBeLessThan(text.indexOf('more:'));
  });

  it('cuts what a finding is rather than break its line, never where it is', async () => {
    const long = many(9).map((finding, i) => ({
      ...finding,
      path: `${'d/'.repeat(2 * i + 1)}a.ts`,
      name: plain('n'.repeat(60)),
    }));
    const lines = (await render('text', reportOf(long))).split('\n').filter((line) => line.endsWith(' sure]'));
    expect(lines).toHaveLength(6);
    for (const line of lines) expect(line).toMatch(/^ {2}(?:d\/)+a\.ts:\d+:10 {2}GitHub personal .*… {2}\[critical, /);
    expect(lines.map((line) => line.length)).toEqual([79, 80, 80, 82, 86, 90]);
    const wide = await render('text', reportOf(long.slice(0, 5).map((f) => ({ ...f, name: plain('n') }))), {
      width: 120,
    });
    expect(wide.match(/GitHub personal access token \(n\) {2}\[/g)).toHaveLength(2);
  });

  it('counts the reasons when it has left out many', async () => {
    const more = [...skipped, { path: 'w', reason: 'a submodule', kind: 'policy' } as const];
    const text = await render('text', reportOf([], { skipped: more }));
    expect(text).toContain('Skipped 4 inputs: 2 × a submodule, 2 × larger than 10 MB.');
    const shallow = { path: '.', reason: 'shallow clone', kind: 'policy' } as const;
    expect(await render('text', reportOf([], { skipped: [shallow] }))).toContain('\nSkipped: shallow clone.\n');
  });

  it.each([
    [
      'pre-commit',
      staged,
      ['The commit is blocked', 'git restore --staged', 'SSS_SKIP=1 git commit', 'git commit --no-verify'],
    ],
    [
      'pre-push',
      { kind: 'range', blob: 'b', commit: 'c' },
      ['The push is blocked', 'git rebase -i', 'SSS_SKIP=1 git push', 'git push --no-verify'],
    ],
    ['scan', staged, ['git restore --staged']],
    ['scan', history, ['Revoke the value first', 'filter-repo']],
    ['scan', { kind: 'file' }, ['Remove the value from the file']],
  ] as const)('advises after %s of %j', async (command, origin, words) => {
    const text = (await render('text', reportOf(twoFindings({ origin })), { command })).replace(/\s+/g, ' ');
    for (const word of words) expect(text).toContain(word);
    if (command === 'scan') expect(text).not.toMatch(/SSS_SKIP|no-verify|blocked/);
  });

  it('says first that it was interrupted or could not read something', async () => {
    const text = await render('text', reportOf([], { interrupted: true, skipped }));
    expect(text).toBe(
      [
        'The scan was interrupted: this is what was found until then.',
        '',
        '1 input could not be read:',
        '  a\\x0ab.txt: permission denied',
        '',
        'No secrets in 12 files (34 kB, 0.2 s).',
        'Skipped x: larger than 10 MB.',
        'Skipped y: a submodule.',
        'Skipped z: larger than 10 MB.',
        '',
      ].join('\n'),
    );
    const blocked = await render('text', reportOf([], { skipped }), { command: 'pre-commit' });
    expect(blocked).toContain('The commit is blocked, because not everything could be checked.');
    expect(blocked).toContain('SSS_SKIP=1 git commit');
  });

  it('says where a finding of the history comes from', async () => {
    const [finding] = twoFindings({ origin: history });
    const located = {
      ...finding!,
      commit: 'c'.repeat(40),
      author: 'Ada\x1b[31m',
      date: '2024-01-02T03:04:05Z',
      inHead: false,
    };
    const text = await render(
      'text',
      reportOf([{ ...located, related: [{ ...located, path: 'old.ts' }] }], { scope: 'history' }),
    );
    expect(text).toContain('From    cccccccccccc, Ada\\x1b[31m, 2024-01-02 (no longer in HEAD)');
    expect(text).toContain('Also    old.ts:3:16');
    expect(text).toContain('Scanned 12 texts');
  });

  it('is coloured only when asked to, and says the same then', async () => {
    const report = reportOf(twoFindings(), { skipped, interrupted: true });
    const bare = await render('text', report);
    const coloured = await render('text', report, { color: true });
    expect(bare).not.toContain('\x1b');
    expect(coloured).toContain('\x1b[31m');
    expect(coloured.replace(/\x1b\[\d+m/g, '')).toBe(bare);
  });

  it('is not fooled by paths', async () => {
    const text = await render(
      'text',
      reportOf([findingOf({ text: TOKEN, value: TOKEN, path: '::error::x\r\n\x1b]0;title\x07' })]),
    );
    expect(text).toContain('./::error::x\\x0d\\x0a\\x1b]0;title\\x07:1:1');
    expect(text).not.toMatch(/^::/m);
  });

  it('never claims to be certain', async () => {
    const sure = { ...twoFindings()[0]!, probability: 1 };
    expect(await render('text', reportOf([sure]))).toContain('(over 99 % sure, severity critical)');
  });
});

describe('formats', () => {
  it('end with a line end and are valid UTF-8', async () => {
    const finding = findingOf({ text: `\ud800 ${TOKEN}`, value: TOKEN, path: 'half \udc00.ts', name: '\ud800' });
    const report = reportOf([finding], { skipped: [{ path: '\ud800', reason: '\udfff', kind: 'error' }] });
    for (const format of formats) {
      const output = await render(format, report);
      expect(output.endsWith('\n')).toBe(true);
      expect(output).not.toMatch(/\p{Cs}/u);
    }
  });

  it('are known by name', () => {
    expect(isFormat('sarif')).toBe(true);
    expect(isFormat('toString')).toBe(false);
  });
});
