import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ContractError } from '../../../training/data/creddata.ts';
import { fuse, run, tableOf } from '../../../training/data/fuse-datasets.ts';
import { type FusionConfig, parseFusion } from '../../../training/data/fusion-config.ts';
import type { DataRecord } from '../../../training/data/record.ts';
import type { StepContext } from '../../../training/pipeline/context.ts';
import { fusion, smallCorpus, tempFolder } from './corpus.ts';

// Real generation, on machines that may have better things to do.
vi.setConfig({ testTimeout: 120_000 });
const { dir, remove } = tempFolder();
const packages = join(dir, 'packages');
const small: FusionConfig = structuredClone(fusion);
small.sources.synthetic.provider = 0;
small.sources.packages.ratio = 0.1;
let creddata = '';

beforeAll(() => {
  creddata = smallCorpus(join(dir, 'corpus'));
  // Written in two orders: what a folder lists first must not matter.
  for (const name of ['b-2.0.0', 'a-1.0.0']) {
    mkdirSync(join(packages, name, 'test'), { recursive: true });
    for (const n of [3, 1, 2]) {
      writeFileSync(join(packages, name, `file${n}.js`), `const authKey${n} = '${name}-value-${n}';\n`.repeat(n * 4));
    }
    writeFileSync(join(packages, name, 'test', 'x.js'), "const password = 'hunter2hunter2';\n");
  }
});
afterAll(remove);

const input = (output: string, change: Partial<FusionConfig> = {}) => ({
  creddata,
  packages,
  fusion: { ...small, ...change },
  seed: 11,
  output: join(dir, output),
});
const read = (output: string): DataRecord[] =>
  readFileSync(join(dir, output), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

describe('fusion', () => {
  it('gives the same bytes again, and others for another seed', async () => {
    await fuse(input('one.jsonl'));
    await fuse(input('two.jsonl'));
    await fuse({ ...input('three.jsonl'), seed: 12 });
    const bytes = (name: string) => readFileSync(join(dir, name), 'utf8');
    expect(bytes('two.jsonl')).toBe(bytes('one.jsonl'));
    expect(bytes('three.jsonl')).not.toBe(bytes('one.jsonl'));
    expect(readdirSync(dir).filter((name) => /spool|part/.test(name))).toEqual([]);
  });

  it('has every source, train only, with ids of their own', async () => {
    const report = await fuse(input('all.jsonl'));
    const records = read('all.jsonl');
    expect(records).toHaveLength(report.records);
    expect(new Set(records.map((record) => record.source))).toEqual(
      new Set(['creddata', 'augmented', 'packages', 'synthetic']),
    );
    expect(new Set(records.map((record) => record.split))).toEqual(new Set(['train']));
    expect(new Set(records.map((record) => record.id)).size).toBe(records.length);
    expect(new Set(records.filter((r) => r.source === 'creddata').map((r) => r.variant))).toEqual(
      new Set(['random', 'human']),
    );
    const fromPackages = records.filter((record) => record.source === 'packages');
    expect(fromPackages.every((r) => r.label === 'harmless' && r.weight === 0.5 && !r.path.startsWith('test/'))).toBe(
      true,
    );
    expect(tableOf(report)).toMatch(/^source +secret +placeholder +harmless +all +weight$/m);
  });

  it('caps the secrets of one repository, by weights or by leaving some out', async () => {
    const sum = (records: DataRecord[]) => {
      const weights = new Map<string, number>();
      for (const { label, repo, weight } of records) {
        if (label === 'secret') weights.set(repo, (weights.get(repo) ?? 0) + weight);
      }
      return weights;
    };
    const report = await fuse(input('weights.jsonl', { caps: { secrets_per_repo: 6, by: 'weights' } }));
    const weighed = read('weights.jsonl');
    expect(report.capped.length).toBeGreaterThan(3);
    expect(Math.max(...sum(weighed).values())).toBeLessThanOrEqual(6.001);
    await fuse(input('sampling.jsonl', { caps: { secrets_per_repo: 6, by: 'sampling' } }));
    const sampled = read('sampling.jsonl');
    expect(sampled.filter((r) => r.label === 'secret').length).toBeLessThan(
      weighed.filter((r) => r.label === 'secret').length,
    );
    expect(sampled.filter((r) => r.label !== 'secret')).toEqual(weighed.filter((r) => r.label !== 'secret'));
    expect(sampled.every((r) => r.label !== 'secret' || r.source !== 'creddata' || r.weight === 1)).toBe(true);
  });

  it("adds a user's own records, and says which of them the scanner does not see", async () => {
    const extra = join(dir, 'own.jsonl');
    const lines = [
      { text: "db_password = 'Wx7rTq2n'", value: 'Wx7rTq2n', label: 'secret', path: 'conf/db.py', repo: 'shop' },
      { text: 'nothing here', span: [0, 7], label: 'harmless' },
    ];
    writeFileSync(extra, `${lines.map((line) => JSON.stringify(line)).join('\n')}\n`);
    const report = await fuse({ ...input('extra.jsonl'), extra });
    expect(report.missed).toEqual([2]);
    const [record] = read('extra.jsonl').filter((r) => r.source === 'extra');
    expect(record).toMatchObject({ repo: 'extra/shop', path: 'conf/db.py', value: 'Wx7rTq2n', label: 'secret' });
  });

  it("names every bad line of a user's file before it does anything", async () => {
    const extra = join(dir, 'bad.jsonl');
    const lines = [
      '{"text": "a = 1", "value": "2", "label": "secret"}',
      '{"text": "a = 1", "value": "1", "label": "harmless"}',
      '{"text": "a = 1", "value": "1", "label": "maybe"}',
      '{"text": "1 = 1", "value": "1", "label": "secret"}',
      '{"text": "a = 1", "span": [4, 9], "label": "secret"}',
      '{"text": "a = 1", "value": "1", "label": "secret", "value_start": 4}',
    ];
    writeFileSync(extra, `${lines.join('\n')}\n`);
    const failing = fuse({ ...input('never.jsonl'), extra });
    await expect(failing).rejects.toThrow(/5 bad records/);
    await expect(failing).rejects.toThrow(
      /line 1: value does not stand in text\nline 3: label must be .*\nline 4: .* more than once.*\nline 5: span .*\nline 6: unknown field "value_start"/,
    );
    expect(readdirSync(dir)).not.toContain('never.jsonl');
  });

  it('leaves nothing behind when a source is broken', async () => {
    await expect(fuse({ ...input('broken.jsonl'), packages: join(dir, 'nowhere') })).rejects.toThrow(
      /cannot read the packages/,
    );
    expect(readdirSync(dir).filter((name) => name.startsWith('broken'))).toEqual([]);
  });

  it('stops when it is told to', async () => {
    await expect(fuse({ ...input('stopped.jsonl'), signal: AbortSignal.abort() })).rejects.toThrow(/abort/i);
    expect(readdirSync(dir).filter((name) => name.startsWith('stopped'))).toEqual([]);
  });

  it('is refused to a step that has not declared train', async () => {
    const context = { allowedSplits: ['calib'] } as unknown as StepContext;
    await expect(run(context)).rejects.toThrow(ContractError);
  });
});

describe('fusion files', () => {
  const text = readFileSync(join(import.meta.dirname, '../../../training/config/fusion.yaml'), 'utf8');
  it.each([
    [
      'an unknown key',
      text.replace('  extra:\n', '  extras:\n'),
      /unknown key sources\.extras; .*sources\.extra is missing/,
    ],
    [
      'a ratio out of range',
      text.replace('ratio: 0.2', 'ratio: -1'),
      /sources\.\w+\.ratio must be a number from 0 to 10/,
    ],
    ['variants that there are none of', text.replace('[random, human]', '[plain]'), /target\.variants must be/],
    ['shares that do not add up', text.replace('secret: 0.45', 'secret: 0.6'), /do not add up to 1/],
    ['no sections', '- a\n- b\n', /the file is no section/],
    ['broken YAML', 'a: [', /fusion\.yaml/],
  ])('with %s are refused', (_, broken, message) => {
    expect(broken).not.toBe(text);
    expect(() => parseFusion(broken, 'fusion.yaml')).toThrow(message);
  });
});
