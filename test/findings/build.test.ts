import { describe, expect, it } from 'vitest';
import { attachCommit, buildFinding, mergeFindings, mergeVersions, sortFindings } from '../../src/findings/build.ts';
import type { Finding } from '../../src/types.ts';
import {
  candidateOf,
  chunkOf,
  findingOf,
  PASSWORD,
  passwordRule,
  TOKEN,
  tokenRule,
  verdict,
} from '../report/sample.ts';

describe('buildFinding', () => {
  it('says where, what, why and how sure', () => {
    const finding = findingOf({
      text: `x\n  token: '${TOKEN}' # mine\n`,
      value: TOKEN,
      rule: tokenRule,
      name: 'token',
    });
    expect(finding).toEqual({
      path: 'src/app.ts',
      line: 2,
      endLine: 2,
      column: 11,
      endColumn: 51,
      ruleId: 'github-pat',
      provider: 'GitHub',
      description: 'GitHub personal access token',
      severity: 'critical',
      verdict: 'secret',
      probability: 0.87,
      decidedBy: 'rule',
      reason: 'looks random',
      fingerprint: expect.stringMatching(/^[0-9a-f]{32}$/),
      preview: "token: 'ghp_********' # mine",
      secret: 'ghp_********',
      name: 'token',
      rotate: 'https://github.com/settings/tokens',
      source: 'file',
    });
  });

  it('keeps a name that has a harmless value of the same text in it', () => {
    const text = `Proxy-Authorization: ${PASSWORD}; headers["Authorization"]`;
    const chunk = chunkOf(text);
    const own = candidateOf({ chunk, value: PASSWORD, name: 'Proxy-Authorization' });
    const key = candidateOf({ chunk, value: [text.lastIndexOf('Auth'), text.length - 2] });
    const named = (harmless: string[], name = own.name!) =>
      buildFinding({
        candidate: { ...own, name },
        verdict,
        others: [own, key],
        harmless: new Set(harmless),
        show: false,
      }).name;
    expect(named([key.value])).toBe('Proxy-Authorization');
    expect(named([])).toBe('Proxy-********');
    expect(named([PASSWORD], `${PASSWORD}_name`)).toBe('********_name');
  });

  it('takes the first rule of the candidate unless told', () => {
    const candidate = candidateOf({ chunk: chunkOf(PASSWORD), value: PASSWORD });
    const built = buildFinding({
      candidate: { ...candidate, rules: [tokenRule, passwordRule] },
      verdict,
      others: [],
      show: false,
    });
    expect(built.ruleId).toBe('github-pat');
    expect(buildFinding({ candidate, rule: tokenRule, verdict, others: [], show: false }).severity).toBe('critical');
    expect(() => buildFinding({ candidate: { ...candidate, rules: [] }, verdict, others: [], show: false })).toThrow();
  });

  it('keeps its fingerprint when lines move, not when the value changes', () => {
    const at = (text: string, value = TOKEN) => findingOf({ text, value }).fingerprint;
    expect(at(`a = '${TOKEN}'`)).toBe(at(`\n\nother\n  a = "${TOKEN}"`));
    expect(at(`a = '${PASSWORD}'`, PASSWORD)).not.toBe(at(`a = '${TOKEN}'`));
  });

  it('masks the values of the other candidates, on the line and elsewhere', () => {
    const text = `user: '${PASSWORD}', token: '${TOKEN}'\nlater ${PASSWORD}`;
    const chunk = chunkOf(text);
    const all = [PASSWORD, TOKEN].map((value) => candidateOf({ chunk, value }));
    const finding = buildFinding({ candidate: all[1]!, verdict, others: all, show: false });
    expect(finding.preview).toBe("user: '****', token: '********'");
    const elsewhere = `a = '${TOKEN}' // was ${PASSWORD}\nb = '${PASSWORD}x'\nc = '${PASSWORD}'`;
    const far = chunkOf(elsewhere);
    const candidates = [
      candidateOf({ chunk: far, value: TOKEN }),
      candidateOf({
        chunk: far,
        value: [elsewhere.lastIndexOf(PASSWORD), elsewhere.lastIndexOf(PASSWORD) + PASSWORD.length],
      }),
    ];
    expect(buildFinding({ candidate: candidates[0]!, verdict, others: candidates, show: false }).preview).toBe(
      "a = '********' // was ****",
    );
  });

  it('masks values in name, path and reason', () => {
    const finding = findingOf({
      text: `x = ${TOKEN}`,
      value: TOKEN,
      name: `x_${TOKEN}`,
      path: `out/${TOKEN}.log`,
      verdict: { ...verdict, reason: `because of ${TOKEN}` },
    });
    expect(JSON.stringify(finding)).not.toContain(TOKEN);
    expect(finding.path).toBe('out/********.log');
  });

  it('masks a value that was decoded in both spellings', () => {
    const encoded = Buffer.from(TOKEN).toString('base64');
    const chunk = chunkOf(`a: ${encoded} # ${TOKEN}`);
    const candidate = {
      ...candidateOf({ chunk, value: encoded, rule: tokenRule }),
      value: TOKEN,
      encodings: ['base64'],
    };
    const finding = buildFinding({ candidate, verdict, others: [candidate], show: false });
    expect(finding.preview).toBe('a: ghp_******** # ****');
  });

  it('shows the first line of a value of several lines', () => {
    const key = `-----BEGIN EC PRIVATE KEY-----\r\n${TOKEN.repeat(4)}\r\n-----END EC PRIVATE KEY-----`;
    const finding = findingOf({ text: `const key = \`${key}\`;\r\n`, value: key });
    expect(finding).toMatchObject({
      line: 1,
      endLine: 3,
      preview: 'const key = `-----BEGIN EC PRIVATE KEY----- ********',
    });
  });

  it('gives the commit where the text itself says it', () => {
    const from = (origin: Parameters<typeof findingOf>[0]['origin']) =>
      findingOf({ text: TOKEN, value: TOKEN, origin: origin! }).commit;
    expect(from({ kind: 'range', blob: 'b', commit: 'c1' })).toBe('c1');
    expect(from({ kind: 'message', of: 'tag', object: 't1' })).toBe('t1');
    expect(from({ kind: 'history', blob: 'b' })).toBeUndefined();
  });

  it('leaves everything in the clear when asked to', () => {
    const finding = findingOf({ text: `x = ${TOKEN}`, value: TOKEN, path: `${TOKEN}.txt`, name: TOKEN, show: true });
    expect(finding).toMatchObject({ secret: TOKEN, preview: `x = ${TOKEN}`, path: `${TOKEN}.txt`, name: TOKEN });
  });
});

const base = findingOf({ text: `x = ${TOKEN}`, value: TOKEN });
const at = (changes: Partial<Finding>): Finding => ({
  ...base,
  line: 1,
  endLine: 1,
  column: 1,
  endColumn: 10,
  ...changes,
});

describe('sortFindings', () => {
  it('orders by path in code units, line, column, rule and commit', () => {
    const sorted = [
      at({ path: 'B' }),
      at({ path: 'a' }),
      at({ path: 'a', column: 2 }),
      at({ path: 'a', line: 2 }),
      at({ path: 'a', line: 10 }),
      at({ path: 'a', line: 10, ruleId: 'z' }),
      at({ path: 'a', line: 10, ruleId: 'z', commit: 'c' }),
      at({ path: 'ä' }),
    ];
    expect(sortFindings([...sorted].reverse())).toEqual(sorted);
  });
});

describe('mergeFindings', () => {
  it('keeps the most severe of overlapping findings, then the most probable, then the first rule', () => {
    const low = at({ ruleId: 'a', severity: 'low', probability: 1, fingerprint: '1' });
    const high = at({
      ruleId: 'b',
      severity: 'critical',
      probability: 0.5,
      column: 5,
      endColumn: 20,
      fingerprint: '2',
    });
    expect(mergeFindings([low, high])).toEqual([high]);
    const sure = at({ ruleId: 'c', probability: 0.99, fingerprint: '3' });
    expect(mergeFindings([at({ ruleId: 'b', probability: 0.5 }), sure])).toEqual([sure]);
    expect(mergeFindings([at({ ruleId: 'q' }), at({ ruleId: 'p' })]).map((f) => f.ruleId)).toEqual(['p']);
    expect(mergeFindings([base, base])).toEqual([base]);
  });

  it('keeps what stands apart: other lines, neighbours, other paths and commits', () => {
    const findings = [
      at({ path: 'a' }),
      at({ path: 'a', column: 10, endColumn: 20 }),
      at({ path: 'a', line: 2, endLine: 2 }),
      at({ path: 'b' }),
      at({ path: 'b', commit: 'c' }),
    ];
    expect(mergeFindings(findings)).toEqual(findings);
  });

  it('keeps two values of one place, which are of two versions of the file', () => {
    expect(mergeFindings([at({ fingerprint: '1' }), at({ fingerprint: '2' })])).toHaveLength(2);
  });

  it('sees what a value of several lines covers', () => {
    const key = at({ line: 2, endLine: 9, column: 7, endColumn: 3, severity: 'critical' });
    const inside = at({ line: 5, endLine: 5, ruleId: 'x', severity: 'low' });
    const behind = at({ line: 9, endLine: 9, column: 3, endColumn: 8, ruleId: 'x', severity: 'low' });
    expect(mergeFindings([inside, behind, key])).toEqual([key, behind]);
  });
});

describe('history', () => {
  const info = {
    commit: 'c1',
    author: 'A\u202eda',
    date: '2024-01-02T03:04:05Z',
    inHead: false,
    paths: ['src/app.ts', `old/${TOKEN}`],
  };

  it('attaches commits and further paths', () => {
    const finding = attachCommit({ finding: base, info, values: [TOKEN] });
    expect(finding).toMatchObject({ commit: 'c1', author: 'A\\u202eda', date: '2024-01-02T03:04:05Z', inHead: false });
    expect(finding.related).toEqual([{ path: 'old/********', line: 1, endLine: 1, column: 5, endColumn: 45 }]);
    expect(attachCommit({ finding: base, info: { commit: 'c', author: 'a', date: 'd' } })).not.toHaveProperty(
      'related',
    );
  });

  it('makes one finding of a secret that went through many versions', () => {
    const version = (commit: string, date: string, more: Partial<Finding> = {}) =>
      at({ source: 'history', commit, date, ...more });
    const merged = mergeVersions([
      version('c3', '2024-03-01T00:00:00Z', { line: 5, endLine: 5, inHead: true }),
      version('c1', '2024-01-01T00:00:00Z'),
      version('c1', '2024-01-01T00:00:00Z', { line: 9, endLine: 9 }),
      version('c2', '2023-12-31T23:30:00-02:00', { line: 2 }),
      version('c4', '2024-04-01T00:00:00Z', { fingerprint: 'another' }),
      at({ source: 'message', commit: 'c9' }),
    ]);
    expect(merged.map((f) => [f.commit, f.line, f.inHead])).toEqual([
      ['c1', 1, true],
      ['c4', 1, undefined],
      ['c9', 1, undefined],
      ['c1', 9, true],
    ]);
  });
});
