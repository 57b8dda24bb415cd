import { describe, expect, it } from 'vitest';
import { MOST_CANDIDATES } from '../src/candidates/index.ts';
import { DEFAULT_CONFIG as DEFAULTS } from '../src/config/index.ts';
import { explain } from '../src/explain.ts';
import { fillExample } from '../src/rules/examples.ts';
import { type Progress, scan } from '../src/scan.ts';
import { originKey } from '../src/sources/origin-key.ts';
import type { CommitInfo, Config, Report, ScanSource, SourceItem, TextChunk } from '../src/types.ts';
import { tinyModel } from './classify/tiny-model.ts';
import { chunkOf } from './report/sample.ts';

/** A model made by hand: what is tested here is what is made of verdicts, whatever they are. */
const DEFAULT_CONFIG: Config = { ...DEFAULTS, model: tinyModel(), device: 'cpu' };
const IN_BAND: Config = { ...DEFAULTS, model: tinyModel({ band: { low: 0, high: 1 } }), device: 'cpu' };

const [A, B, C] = [1, 2, 3].map((n) => fillExample(`q${n}{{alnum:14}}7x`)) as [string, string, string];
const line = (value: string) => `password = "${value}"\n`;

function chunk(text: string, change: Partial<TextChunk> = {}): SourceItem {
  return { chunk: { ...chunkOf(text, { path: change.path ?? 'app.yml' }), ...change } };
}

function sourceOf(items: readonly SourceItem[], more: Partial<ScanSource> = {}): ScanSource {
  return {
    description: 'a test',
    async *items() {
      yield* items;
    },
    ...more,
  };
}

function run(items: readonly SourceItem[], config: Partial<Config> = {}, more: Partial<ScanSource> = {}) {
  return scan({ source: sourceOf(items, more), config: { ...DEFAULT_CONFIG, ...config } });
}

const places = ({ findings }: Report) => findings.map(({ path, line: n, column }) => `${path}:${n}:${column}`);

describe('scan', () => {
  it('keeps the findings when their commits cannot be looked up', async () => {
    const locate = () => Promise.reject(new Error('fatal: bad object'));
    const report = await run([chunk(line(A))], {}, { locate });
    expect(places(report)).toEqual(['app.yml:1:13']);
    expect(report.skipped).toEqual([{ path: '.', reason: expect.stringContaining('bad object'), kind: 'error' }]);
  });

  it('says so when a text holds more candidates than are looked at', async () => {
    const report = await run([chunk('key="changeme" '.repeat(60_000), { path: 'dense.txt' })]);
    expect(report.skipped).toEqual([
      { path: 'dense.txt', reason: expect.stringContaining('only the first were looked at'), kind: 'error' },
    ]);
    expect(report.statistics.candidates).toBe(MOST_CANDIDATES);
  });

  it('reports what is a secret, with its statistics', async () => {
    const report = await run([
      chunk(`${line(A)}${line('changeme')}name = "x"\n`),
      chunk('nothing here\n', { path: 'b.txt', bytes: 99 }),
    ]);
    expect(report).toMatchObject({ scope: 'a test', skipped: [], interrupted: false });
    expect(places(report)).toEqual(['app.yml:1:13']);
    expect(report.statistics).toEqual({
      chunks: 2,
      bytes: Buffer.byteLength(`${line(A)}${line('changeme')}name = "x"\n`) + 99,
      candidates: 2,
      verdicts: { secret: 1, placeholder: 1, harmless: 0 },
      decidedBy: { rule: 0, filter: 1, gate: 1, model: 0 },
      allowed: 0,
      hidden: { markers: 0, ignoreFiles: 0, baseline: 0, toFix: 0 },
      elapsedMs: expect.any(Number),
    });
    expect(JSON.stringify(report)).not.toContain(A);
  });

  describe('of a secret and what belongs to it', () => {
    const id = fillExample('AKIAI{{base32:15}}');
    const secret = fillExample('{{base64:38}}a7');
    const both = `aws_access_key_id = ${id}\naws_secret_access_key = ${secret}\n`;

    it('makes one finding with both places, and shows neither value', async () => {
      const { findings } = await run([chunk(both)]);
      expect(findings).toMatchObject([
        {
          ruleId: 'aws-secret-access-key',
          line: 2,
          parts: [
            { role: 'access key id', ruleId: 'aws-access-key-id', path: 'app.yml', line: 1, text: 'AKIA********' },
          ],
        },
      ]);
      expect(JSON.stringify(findings)).not.toContain(id);
      expect(JSON.stringify(findings)).not.toContain(secret);
    });

    it('tells the other part by itself where the secret is allowed', async () => {
      const { findings } = await run([chunk(both)], { allow: [{ values: [secret] }] });
      expect(findings.map(({ ruleId }) => ruleId)).toEqual(['aws-access-key-id']);
    });

    it('keeps secrets apart that only share an encoded text', async () => {
      const token = fillExample('ghp_{{alnum:30}}{{crc62}}');
      const encoded = Buffer.from(`${both}GITHUB_TOKEN=${token}\n`).toString('base64');
      const { findings } = await run([chunk(`data: "${encoded}"\n`)]);
      expect(findings.map(({ ruleId }) => ruleId).sort()).toEqual([
        'aws-secret-access-key',
        'github-personal-access-token',
      ]);
      expect(findings.flatMap(({ parts = [] }) => parts.map(({ role }) => role))).toEqual(['access key id']);
    });

    it('shows the account, but no value that stands in it', async () => {
      const text = `host = ${A}.cloud.databricks.com\ntoken = "${fillExample('dapi{{hex:32}}')}"\npassword = "${A}"\n`;
      const { findings } = await run([chunk(text)]);
      expect(findings.flatMap(({ parts = [] }) => parts)).toEqual([
        expect.objectContaining({ role: 'workspace', line: 1, text: '********.cloud.databricks.com' }),
      ]);
    });

    it('never tells what only serves other rules, and nothing that lacks a part that is required', async () => {
      const fixed = { provider: 'Acme', description: 'Acme', severity: 'high', confidence: 'certain' } as const;
      const customRules: Config['customRules'] = [
        { ...fixed, id: 'acme-id', keywords: ['acme-id:'], pattern: /acme-id:(\w+)/, silent: true },
        {
          ...fixed,
          id: 'acme-secret',
          keywords: ['acme-secret:'],
          pattern: /acme-secret:(\w+)/,
          companions: [{ role: 'id', rules: ['acme-id'], required: true }],
        },
      ];
      const config = { customRules, useBuiltinRules: false };
      const whole = await run([chunk(`acme-id:${A}\nacme-secret:${B}\n`)], config);
      expect(whole.findings).toMatchObject([{ ruleId: 'acme-secret', parts: [{ role: 'id', line: 1 }] }]);
      const alone = [chunk(`acme-id:${A}\n`), chunk(`acme-secret:${B}\n`, { path: 'b.yml' })];
      expect((await run(alone, config)).findings.filter(({ ruleId }) => ruleId.startsWith('acme'))).toEqual([]);
    });
  });

  it('tells where the language model ran, and what it is to be known of that', async () => {
    const items = [chunk(`api_key = "${A}"\n`)];
    const input = { source: sourceOf(items), config: IN_BAND };
    const report = await scan(input);
    expect(report.statistics).toMatchObject({ decidedBy: { rule: 0, filter: 0, gate: 0, model: 1 }, device: 'cpu' });
    expect(report.notes).toEqual([]);
    const without = await scan({ ...input, useModel: false });
    expect(without.statistics.decidedBy).toEqual({ rule: 0, filter: 0, gate: 1, model: 0 });
    expect(without.statistics).not.toHaveProperty('device');
  });

  it('fails when its model is not there', async () => {
    const config = { ...DEFAULT_CONFIG, model: '/nowhere' };
    await expect(scan({ source: sourceOf([chunk(line(A))]), config })).rejects.toThrow('there is no model in /nowhere');
    expect((await scan({ source: sourceOf([chunk('nothing\n')]), config })).findings).toEqual([]);
  });

  it('counts a large text that comes in pieces once', async () => {
    const origin = { kind: 'file' } as const;
    const piece = (change: Partial<TextChunk>) => chunk('nothing\n', { origin, path: 'big.txt', ...change });
    const known = await run([
      piece({ bytes: 50 }),
      piece({ bytes: 50 }),
      piece({ bytes: 50 }),
      chunk('x', { bytes: 7 }),
    ]);
    expect(known.statistics).toMatchObject({ chunks: 2, bytes: 57 });
    // Of a stream it is only known how much came so far.
    const stream = await run([piece({ bytes: 20 }), piece({ bytes: 40 }), piece({ bytes: 45 })]);
    expect(stream.statistics).toMatchObject({ chunks: 1, bytes: 45 });
    const others = await run([piece({ bytes: 5 }), piece({ bytes: 5, path: 'other.txt' })]);
    expect(others.statistics).toMatchObject({ chunks: 2, bytes: 10 });
  });

  it('shows values in the clear only when asked', async () => {
    const input = { source: sourceOf([chunk(line(A))]), config: DEFAULT_CONFIG };
    expect(JSON.stringify(await scan({ ...input, show: true }))).toContain(A);
    expect(JSON.stringify(await scan({ ...input, show: false }))).not.toContain(A);
  });

  it('takes what lies on added lines alone, with the rest as context', async () => {
    const text = line(A) + line(B) + line(C);
    const added = (...ranges: [number, number][]) => run([chunk(text, { added: ranges })]);
    expect(places(await added([2, 2]))).toEqual(['app.yml:2:13']);
    expect(places(await added([1, 1], [3, 9]))).toEqual(['app.yml:1:13', 'app.yml:3:13']);
    const none = await added();
    expect(places(none)).toEqual([]);
    expect(none.statistics).toMatchObject({ chunks: 1, candidates: 0 });
    // The name stands on an old line, the value on a new one.
    expect(places(await run([chunk(`password:\n  ${A}\n`, { added: [[2, 2]] })]))).toEqual(['app.yml:2:3']);
    // Numbers are those of the file, not of the piece.
    expect(places(await run([chunk(text, { firstLine: 100, added: [[101, 101]] })]))).toEqual(['app.yml:101:13']);
  });

  it('takes a value of several lines when one of them was added', async () => {
    const key = ['-----BEGIN RSA PRIVATE ', 'KEY-----\n', `MIIEpQIBAAKCAQEA${fillExample('{{base64:48}}')}\n`];
    const text = `${key.join('')}-----END RSA PRIVATE ${'KEY'}-----\n`;
    expect((await run([chunk(text, { added: [[2, 2]] })])).findings).toMatchObject([{ line: 1, endLine: 3 }]);
    expect((await run([chunk(text, { added: [[4, 4]] })])).findings).toEqual([]);
  });

  it('collects what was skipped, in the order it came', async () => {
    const skipped = [
      { path: 'a', reason: 'too large', kind: 'policy' },
      { path: 'b', reason: 'cannot be read', kind: 'error' },
    ] as const;
    const report = await run([{ skipped: skipped[0] }, chunk(line(A)), { skipped: skipped[1] }]);
    expect(report.skipped).toEqual(skipped);
    expect(places(report)).toEqual(['app.yml:1:13']);
    expect(report.statistics.chunks).toBe(1);
  });

  it('throws what the source throws', async () => {
    const failure = new Error('disk on fire');
    const source = sourceOf([], {
      async *items() {
        yield chunk(line(A));
        throw failure;
      },
    });
    await expect(scan({ source, config: DEFAULT_CONFIG })).rejects.toBe(failure);
  });

  it('tells how far it is', async () => {
    const seen: Progress[] = [];
    const items = [chunk(line(A), { bytes: 10 }), { skipped: { path: 'x', reason: 'y', kind: 'policy' } } as const];
    await scan({ source: sourceOf(items), config: DEFAULT_CONFIG, onProgress: (done) => seen.push({ ...done }) });
    expect(seen).toEqual([
      { items: 1, bytes: 10, findings: 1 },
      { items: 2, bytes: 10, findings: 1 },
    ]);
  });
});

describe('a scan that is stopped', () => {
  it('reports what it had found, and says so', async () => {
    const stop = new AbortController();
    const source = sourceOf([], {
      async *items() {
        yield chunk(line(A), { path: 'a.yml' });
        stop.abort();
        yield chunk(line(B), { path: 'b.yml' });
      },
    });
    const report = await scan({ source, config: DEFAULT_CONFIG, signal: stop.signal });
    expect(report.interrupted).toBe(true);
    expect(places(report)).toEqual(['a.yml:1:13']);
  });

  it('is no error when the source throws because of it', async () => {
    const stop = new AbortController();
    const source = sourceOf([], {
      async *items(signal) {
        expect(signal).toBe(stop.signal);
        yield chunk(line(A));
        stop.abort();
        signal?.throwIfAborted();
      },
    });
    const report = await scan({ source, config: DEFAULT_CONFIG, signal: stop.signal });
    expect(report).toMatchObject({ interrupted: true, findings: [{ line: 1 }] });
  });

  it('before it started scans nothing, and one that is not stopped is whole', async () => {
    const report = await scan({
      source: sourceOf([chunk(line(A))]),
      config: DEFAULT_CONFIG,
      signal: AbortSignal.abort(),
    });
    expect(report).toMatchObject({ interrupted: true, findings: [], statistics: { chunks: 0 } });
    const { signal } = new AbortController();
    expect(await scan({ source: sourceOf([chunk(line(A))]), config: DEFAULT_CONFIG, signal })).toMatchObject({
      interrupted: false,
      findings: [{ line: 1 }],
    });
  });

  it('closes the source', async () => {
    const stop = new AbortController();
    let closed = false;
    const source = sourceOf([], {
      async *items() {
        try {
          for (;;) {
            yield chunk(line(A));
            stop.abort();
          }
        } finally {
          closed = true;
        }
      },
    });
    await scan({ source, config: DEFAULT_CONFIG, signal: stop.signal });
    expect(closed).toBe(true);
  });
});

describe('allowlists', () => {
  const items = [chunk(line(A), { path: 'a.yml' }), chunk(line(B), { path: 'test/b.yml' })];

  it.each<[what: string, allow: Config['allow'][number], left: string[], allowed: number]>([
    ['values', { values: [A] }, ['test/b.yml:1:13'], 1],
    ['paths', { paths: [/^test\//] }, ['a.yml:1:13'], 1],
    ['patterns of the value', { regexes: [/^q1/] }, ['test/b.yml:1:13'], 1],
    ['patterns of the line', { regexes: [/^password = "q/], regexTarget: 'line' }, [], 2],
    ['stopwords', { stopwords: [A.slice(3, 12).toLowerCase()] }, ['test/b.yml:1:13'], 1],
    ['rules, with the rest', { ruleIds: ['generic-password'], paths: [/a\.yml/] }, ['test/b.yml:1:13'], 1],
    ['other rules', { ruleIds: ['jwt'], paths: [/./] }, ['a.yml:1:13', 'test/b.yml:1:13'], 0],
    [
      'both of two conditions',
      { condition: 'AND', values: [A], paths: [/^test/] },
      ['a.yml:1:13', 'test/b.yml:1:13'],
      0,
    ],
  ])('by %s hide findings and count them', async (_, entry, left, allowed) => {
    const report = await run(items, { allow: [entry] });
    expect([places(report), report.statistics.allowed]).toEqual([left, allowed]);
    // What is hidden was a secret nevertheless.
    expect(report.statistics.verdicts.secret).toBe(2);
  });

  it('take fingerprints of reports', async () => {
    const [{ fingerprint }] = (await run(items)).findings as [Report['findings'][number]];
    const report = await run(items, { allow: [{ fingerprints: [fingerprint] }] });
    expect([places(report), report.statistics.allowed]).toEqual([['test/b.yml:1:13'], 1]);
  });

  it('take commits, once they are known', async () => {
    const commit = '0123456789abcdef0123456789abcdef01234567';
    const origin = { kind: 'history', blob: 'f00d' } as const;
    const info: CommitInfo = { commit, author: 'Ann', date: '2024-01-01T00:00:00Z' };
    const locate = async () => new Map([[originKey(origin), info]]);
    const old = [chunk(line(A), { origin }), chunk(line(B), { path: 'b.yml' })];
    const plain = await run(old, {}, { locate });
    expect(plain.findings.map((finding) => finding.commit)).toEqual([commit, undefined]);
    const report = await run(old, { allow: [{ commits: [commit.slice(0, 7)] }] }, { locate });
    expect([places(report), report.statistics.allowed]).toEqual([['b.yml:1:13'], 1]);
  });
});

describe('the findings', () => {
  const items = [
    chunk(line(C) + line(A), { path: 'z.yml' }),
    chunk(`password: ${B}, api_key: "${fillExample('{{alnum:32}}')}"\n`, { path: 'b.yml' }),
    chunk(line(B), { path: 'a.yml' }),
  ];

  it('come in one order, in whatever order the source gives them', async () => {
    const report = await run(items);
    expect(places(report)).toEqual(['a.yml:1:13', 'b.yml:1:11', 'b.yml:1:41', 'z.yml:1:13', 'z.yml:2:13']);
    expect((await run([...items].reverse())).findings).toEqual(report.findings);
  });

  it('are the same in every scan', async () => {
    const [first, second] = await Promise.all([run(items), run(items)]);
    const timeless = (report: Report) => ({ ...report, statistics: { ...report.statistics, elapsedMs: 0 } });
    expect(timeless(first)).toEqual(timeless(second));
  });

  it('of pieces that overlap are there once', async () => {
    const filler = 'x = 1\n'.repeat(9);
    const first = `${filler}${line(A)}${line(B)}`;
    const second = `${line(B)}${filler}${line(C)}`;
    const report = await run([chunk(first), chunk(second, { firstLine: 11 })]);
    expect(places(report)).toEqual(['app.yml:10:13', 'app.yml:11:13', 'app.yml:21:13']);
  });

  it('of the same value on two lines, or in two files, stay apart', async () => {
    expect(places(await run([chunk(line(A) + line(A)), chunk(line(A), { path: 'b' })]))).toHaveLength(3);
  });

  it('depend on the preset and the rules of the configuration', async () => {
    const plain = [chunk('password: letmein\n')];
    expect((await run(plain, { preset: 'balanced' })).findings).toEqual([]);
    expect((await run(plain, { preset: 'wide' })).findings).toHaveLength(1);
    const without = (await run(items, { disabledRules: ['generic-password'] })).findings.map(({ ruleId }) => ruleId);
    expect(without).toContain('generic-api-key');
    expect(without).not.toContain('generic-password');
    expect((await run(items, { disabledRules: ['*'] })).findings).toEqual([]);
  });
});

describe('explain', () => {
  const text = `${line('changeme')}\n${line(A)}`;
  const ask = async (line?: number, config: Partial<Config> = {}) => {
    const chunk = chunkOf(text, { path: 'app.yml' });
    const more = line === undefined ? {} : { line };
    return (await explain({ chunk, config: { ...DEFAULT_CONFIG, ...config }, show: false, ...more })).candidates;
  };

  it('tells of every candidate what was thought of it, or of those of a line', async () => {
    expect((await ask()).map(({ line: n, verdict }) => [n, verdict])).toEqual([
      [1, 'placeholder'],
      [3, 'secret'],
    ]);
    expect(await ask(3)).toEqual((await ask()).slice(1));
    expect(await ask(2)).toEqual([]);
    expect(JSON.stringify(await ask())).not.toContain(A);
  });

  it('says secret of what a scan reports, and of nothing else', async () => {
    const reported = (await run([chunk(text)])).findings;
    expect((await ask()).filter(({ verdict }) => verdict === 'secret')).toEqual(reported);
    const allow = [{ values: [A] }];
    expect((await run([chunk(text)], { allow })).findings).toEqual([]);
    expect(await ask(3, { allow })).toMatchObject([{ verdict: 'harmless', decidedBy: 'allowlist' }]);
  });
});
