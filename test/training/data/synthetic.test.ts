import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { randomOf } from '../../../training/data/random.ts';
import { writeSyntheticCorpus } from '../../../training/data/synthetic/corpus.ts';
import { everyTemplate, syntheticRecords } from '../../../training/data/synthetic/records.ts';
import { fillTemplate } from '../../../training/data/synthetic/template.ts';
import { humanPassword, TOKEN_KINDS, token } from '../../../training/data/synthetic/values.ts';
import { EVERY_WORD } from '../../../training/data/synthetic/words.ts';
import { tempFolder } from './corpus.ts';

// Real generation, on machines that may have better things to do.
vi.setConfig({ testTimeout: 120_000 });
const { dir, remove } = tempFolder();
afterAll(remove);
const counts = { secret: 240, placeholder: 80, harmless: 200, provider: 1 };
const made = [...syntheticRecords({ seed: 3, counts, split: 'train' })];

describe('generated records', () => {
  it('are the same for the same seed and others for another', () => {
    const few = { ...counts, provider: 0 };
    const again = [...syntheticRecords({ seed: 3, counts: few, split: 'train' })];
    expect(again).toEqual(made.slice(0, again.length));
    const other = [...syntheticRecords({ seed: 4, counts: few, split: 'train' })];
    const issued = (records: typeof made) => records.filter((r) => r.label === 'secret' && r.value.length >= 16);
    const values = new Set(issued(made).map((record) => record.value));
    expect(issued(other).length).toBeGreaterThan(50);
    expect(issued(other).filter((record) => values.has(record.value)).length).toBeLessThan(10);
  });

  it('have ids of their own, and each template in one fold', () => {
    expect(new Set(made.map((record) => record.id)).size).toBe(made.length);
    const folds = new Map<string, Set<number>>();
    for (const { template, fold } of made) folds.set(template!, (folds.get(template!) ?? new Set()).add(fold));
    expect([...folds].filter(([, of]) => of.size > 1)).toEqual([]);
  });

  it('come from nearly every template, and from nearly every provider', () => {
    const seen = new Set(made.map((record) => record.template));
    const without = everyTemplate().filter((template) => !seen.has(template.id));
    expect(without.map((template) => template.id)).toHaveLength(Math.min(without.length, 12));
    expect(new Set(made.filter((r) => r.template!.includes('/provider/')).map((r) => r.rule)).size).toBeGreaterThan(
      150,
    );
  });

  it('do not change the templates that they are made of', () => {
    const template = everyTemplate()[0]!;
    expect(Object.isFrozen(template) && Object.isFrozen(everyTemplate()[5])).toBe(true);
    const before = JSON.stringify(everyTemplate());
    fillTemplate(template, randomOf('x'));
    expect(JSON.stringify(everyTemplate())).toBe(before);
    expect(() => Object.assign(template, { text: 'y' })).toThrow();
  });
});

describe('values', () => {
  it('of people are four characters and more, some short, some of digits only', () => {
    const random = randomOf('people');
    const list = Array.from({ length: 2000 }, () => humanPassword(random));
    expect(list.every((value) => value.length >= 4 && !/[\s"'`\\<>&]/.test(value))).toBe(true);
    expect(list.filter((value) => value.length <= 7).length).toBeGreaterThan(200);
    expect(list.filter((value) => /^\d+$/.test(value)).length).toBeGreaterThan(40);
    expect(new Set(list).size).toBeGreaterThan(1500);
    expect(EVERY_WORD.length).toBeGreaterThan(450);
    const mild = Array.from({ length: 500 }, () => humanPassword(random, { mild: true }));
    expect(mild.every((value) => /^[\w.!-]+$/.test(value))).toBe(true);
  });

  it('of machines have the shape of their kind', () => {
    const random = randomOf('machines');
    expect(token(random, 'hex40')).toMatch(/^[0-9a-f]{40}$/);
    expect(token(random, 'uuid')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(token(random, 'base62', 24)).toMatch(/^[A-Za-z0-9]{24}$/);
    expect(TOKEN_KINDS.every((kind) => token(random, kind).length >= 8)).toBe(true);
  });
});

describe('the generated corpus', () => {
  it('is the same for the same seed, byte by byte', () => {
    const files = ['labels.csv', 'repos.csv', 'excerpts.jsonl.gz'];
    const bytes = (name: string, seed: number) => {
      writeSyntheticCorpus({ dir: join(dir, name), seed, repos: 7, filesPerRepo: 6 });
      return files.map((file) => readFileSync(join(dir, name, file)).toString('base64'));
    };
    expect(bytes('a', 1)).toEqual(bytes('b', 1));
    expect(bytes('c', 2)).not.toEqual(bytes('a', 1));
  });
});
