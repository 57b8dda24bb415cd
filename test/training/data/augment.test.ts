import { afterAll, describe, expect, it, vi } from 'vitest';
import { augmentedRecords, type Base, choose, stylesFor } from '../../../training/data/augment.ts';
import { labelledCandidates } from '../../../training/data/candidates.ts';
import { type LabelledFile, openSplit, type Place } from '../../../training/data/creddata.ts';
import { randomOf } from '../../../training/data/random.ts';
import { chunkOfText } from '../../../training/data/synthetic/records.ts';
import { humanPassword, token } from '../../../training/data/synthetic/values.ts';
import { smallCorpus, tempFolder } from './corpus.ts';

// Real generation, on machines that may have better things to do.
vi.setConfig({ testTimeout: 120_000 });
const { dir, remove } = tempFolder();
afterAll(remove);
const split = openSplit({ creddata: smallCorpus(dir), split: 'train', purpose: 'fit' });

/** A file of lines, each with one labelled value. */
function fileOf(lines: readonly (readonly [text: string, label: Place['label']])[]): LabelledFile {
  const path = 'files/aa/src/config.py';
  const places = lines.map(([, label], i): Place => {
    const values = [{ label, span: null, category: 'Password' }];
    return { path, start: i + 1, end: i + 1, secret: label === 'secret', label, category: 'Password', values };
  });
  return { path, repo: 'aa', text: `${lines.map(([text]) => text).join('\n')}\n`, places };
}

function basesOf(file: LabelledFile): Base[] {
  return labelledCandidates({ chunk: chunkOfText('src/config.py', file.text), places: file.places }).flatMap(
    (found, i) => {
      const styles = stylesFor(found);
      return styles.length > 0 ? [{ file: 0, id: `${i}`, line: `${i}`, found, styles }] : [];
    },
  );
}

const random = randomOf('lines');
const file = fileOf([
  ...Array.from({ length: 80 }, () => [`db_password = '${humanPassword(random)}'`, 'secret'] as const),
  ...Array.from({ length: 80 }, () => [`api_token = '${token(random, 'hex40')}'`, 'secret'] as const),
  ...Array.from({ length: 80 }, () => [`key_label = '${humanPassword(random)}'`, 'harmless'] as const),
  ...Array.from({ length: 80 }, () => [`key_checksum = '${token(random, 'hex40')}'`, 'harmless'] as const),
]);
const bases = basesOf(file);
const make = (humanShare: number, seed = 5) =>
  augmentedRecords({ split, files: [file], bases, seed, count: 200, humanShare, perLine: 2, copies: 1 });

describe('augmentation', () => {
  it.each([0.25, 0.5, 0.75])('gives secrets and the rest the same share (%s) of human-like values', (humanShare) => {
    const chosen = choose({ bases, seed: '5', count: 200, humanShare });
    const share = (secret: boolean) => {
      const group = chosen.filter(({ base }) => (base.found.label === 'secret') === secret);
      expect(group.length).toBeGreaterThan(20);
      return group.filter(({ style }) => style === 'human').length / group.length;
    };
    expect(share(true)).toBeCloseTo(share(false), 1);
    expect(share(true)).toBeCloseTo(humanShare, 1);
  });

  it('gives words to what was random and random to what were words, on both sides', () => {
    const chosen = choose({ bases, seed: '5', count: 200, humanShare: 0.5 });
    for (const secret of [true, false]) {
      const swaps = chosen.filter(
        ({ base, style }) => (base.found.label === 'secret') === secret && style !== base.styles[0],
      );
      expect(swaps.length).toBeGreaterThan(10);
    }
  });

  it('draws other values for each copy of a line', () => {
    const records = augmentedRecords({
      split,
      files: [file],
      bases,
      seed: 5,
      count: 400,
      humanShare: 0.5,
      perLine: 2,
      copies: 2,
    });
    expect(new Set(records.map(({ id }) => id)).size).toBe(records.length);
    const values = new Map<string, string[]>();
    for (const { template, value } of records) {
      const line = template!.replace(/\/\d+$/, '');
      values.set(line, [...(values.get(line) ?? []), value]);
    }
    const twice = [...values.values()].filter((group) => group.length === 2);
    expect(twice.length).toBeGreaterThan(10);
    for (const [a, b] of twice) expect(a).not.toBe(b);
  });

  it('replaces the value and nothing else, keeps label and group, and uses every line once', () => {
    const before = file.text;
    const records = make(0.5);
    expect(file.text).toBe(before);
    expect(records.length).toBeGreaterThan(100);
    expect(new Set(records.map((record) => record.template)).size).toBe(records.length);
    const lines = before.split('\n');
    for (const record of records) {
      const old = lines[record.line - 1]!;
      const [name] = old.split(' = ');
      expect(record.text.startsWith(`${name} = '`)).toBe(true);
      expect(record.text).not.toBe(old);
      expect(record.label).toBe(/password|token/.test(name!) ? 'secret' : 'harmless');
      expect(record.repo).toBe('aa');
    }
  });

  it('shares no part between two records and makes the same ones again', () => {
    const records = make(0.5);
    expect(new Set(records.map((record) => record.x)).size).toBe(records.length);
    expect(new Set(records.map((record) => record.ngrams)).size).toBe(records.length);
    expect(make(0.5)).toEqual(records);
    expect(make(0.5, 6)).not.toEqual(records);
  });

  it('puts no password behind a name that says so when the label says that there is none', () => {
    const harmless = basesOf(
      fileOf([
        ["password = 'string'", 'harmless'],
        ["password = 'changeme'", 'placeholder'],
      ]),
    );
    expect(harmless.filter((base) => base.styles.includes('human'))).toEqual([]);
  });
});
