import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { sketch } from '../../../training/data/near-duplicates.ts';
import { type DataRecord, foldOf, recordLine } from '../../../training/data/record.ts';
import { type ValidationReport, validateRecords, validationText } from '../../../training/data/validate-dataset.ts';
import { recordsFor, tempFolder } from './corpus.ts';

const { dir, remove } = tempFolder();
afterAll(remove);
const file = join(dir, 'train.jsonl');
const limits = { near_duplicates_across_folds: 1, contradictory: 1, least_of_label: 0 };
const OTHER_FOLD = ['r2', 'r3', 'r4', 'r5'].find((repo) => foldOf(repo) !== foldOf('r1'))!;

/** Five sound records: different lines, every label. */
function sound(): DataRecord[] {
  return [
    ["db_password = 'Xk9vQ2mLw8'", 'secret'],
    ["const accessToken = 'Zt5rB7nPq1aa';", 'secret'],
    ["password = 'your-password-here'", 'placeholder'],
    ["passwordLabel: 'Enter the password'", 'harmless'],
    ["keyName = 'main-storage-key'", 'harmless'],
  ].map(([text, label], i) => ({
    ...recordsFor(text!, { label: label as DataRecord['label'] })[0]!,
    id: String(i + 1).padStart(16, '0'),
  }));
}

const check = (
  lines: (DataRecord | string | Buffer)[],
  change: Partial<typeof limits> = {},
): Promise<ValidationReport> => {
  const parts = lines.map((line) => (typeof line === 'string' || Buffer.isBuffer(line) ? line : recordLine(line)));
  writeFileSync(file, Buffer.concat(parts.flatMap((part) => [Buffer.from(part), Buffer.from('\n')])));
  return validateRecords({ file, limits: { ...limits, ...change }, allowed: ['train'] });
};

/** The sound records, the third of them changed. */
const planted = (change: { [key: string]: unknown }): DataRecord[] =>
  sound().map((record, i) => (i === 2 ? ({ ...record, ...change } as DataRecord) : record));

describe('validation', () => {
  it('passes sound records', async () => {
    const report = await check(sound());
    expect(report.findings).toEqual([]);
    expect(report.balance).toEqual({ creddata: { secret: 2, placeholder: 1, harmless: 2 } });
    expect(validationText(report)).toMatch(/^5 records: 0 errors, 0 warnings\n/);
  });

  it.each([
    ['a field of another type', { line: '3' }, 'schema', /line must be a line number/],
    ['an unknown label', { label: 'maybe' }, 'label', /label must be one of/],
    ['a weight that is no number', { weight: Number.NaN }, 'schema', /weight must/],
    ['too few features', { x: [1, 2] }, 'schema', /x must be \d+ finite numbers/],
    ['n-grams of half a number', { ngrams: { value: 'AQ==', name: '', line: '' } }, 'schema', /ngrams must/],
    ['a value that is not at its span', { span: [0, 5] }, 'span', /text at span is not the value/],
    ['a span that is too long', { span: [0, 5000] }, 'span', /text at span/],
    ['a fold of another group', { repo: OTHER_FOLD }, 'fold', /fold is not/],
    ['half a surrogate pair', { path: 'a\uD800b.py' }, 'encoding', /path has half a surrogate pair/],
    ['a NUL character', { name: 'a\0b' }, 'encoding', /name has a NUL/],
    ['a byte order mark inside', { prompt: '\uFEFFx\nverdict:' }, 'encoding', /prompt starts with a byte order mark/],
    ['a record of another split', { split: 'calib' }, 'split', /a record of calib among those of train/],
    ['the id of another record', { id: '1'.padStart(16, '0') }, 'duplicate', /the same id/],
  ])('finds %s, with its line', async (_, change, kind, what) => {
    const report = await check(planted(change));
    const [found] = report.findings.filter((finding) => finding.kind === kind);
    expect(found).toMatchObject({ level: 'error', what: expect.stringMatching(what) });
    expect(found!.lines.at(-1)).toBe(3);
  });

  it('finds unknown and missing fields: no span of a label can slip in', async () => {
    const { prompt: _, ...rest } = sound()[1]!;
    const report = await check([JSON.stringify({ ...sound()[0]!, value_start: 3 }), JSON.stringify(rest)]);
    expect(report.findings.map(({ lines, what }) => [lines, what])).toEqual(
      expect.arrayContaining([
        [[1], 'unknown field "value_start"'],
        [[2], 'prompt is missing'],
      ]),
    );
  });

  it('finds lines that are not JSON, not UTF-8, or begin with a byte order mark', async () => {
    const [first, second, third] = sound().map(recordLine);
    const broken = Buffer.concat([
      Buffer.from(second!.slice(0, 40)),
      Buffer.from([0xff, 0xfe]),
      Buffer.from(second!.slice(40)),
    ]);
    const report = await check([`\uFEFF${first}`, broken, `${third}\r`, '{"id": 1', '[]', 'null']);
    const at = (line: number) => report.findings.filter((finding) => finding.lines[0] === line).map(({ what }) => what);
    expect(at(1)).toEqual(['starts with a byte order mark']);
    expect(at(2)).toEqual(['not UTF-8']);
    expect(at(3)).toEqual(['ends with a carriage return']);
    expect(at(4)).toEqual(['not a JSON object on one line']);
    expect(at(5)).toEqual(['not an object']);
    expect(at(6)).toEqual(['not an object']);
  });

  it('finds near-duplicates across folds and splits', async () => {
    const long = "production_database_password = 'Xk9vQ2mLw8' # of the primary cluster";
    const copy = (change: Partial<DataRecord>, n: number, text = long): DataRecord => {
      const repo = change.repo ?? 'r1';
      return { ...recordsFor(text)[0]!, id: String(n).padStart(16, 'a'), repo, fold: foldOf(repo), ...change };
    };
    const other = long.replace('  ', ' ').replace('# of', '#   of');
    const across = await check([...sound(), copy({}, 6), copy({ repo: OTHER_FOLD }, 7, other)]);
    expect(across.findings).toMatchObject([{ level: 'warning', kind: 'near-duplicate', lines: [6, 7] }]);
    const over = await check([...sound(), copy({}, 6), copy({ repo: OTHER_FOLD }, 7)], {
      near_duplicates_across_folds: 0.1,
    });
    expect(over.findings[0]).toMatchObject({ level: 'error', kind: 'near-duplicate' });
    const splits = await check([...sound(), copy({}, 6), copy({ split: 'test' }, 7)]);
    expect(splits.findings).toEqual(
      expect.arrayContaining([expect.objectContaining({ level: 'error', kind: 'near-duplicate', lines: [6, 7] })]),
    );
  });

  it('finds contradictory labels for the same text', async () => {
    const one = sound()[0]!;
    const records = [...sound(), { ...one, id: 'b'.repeat(16), label: 'harmless' as const }];
    expect((await check(records)).findings).toMatchObject([{ level: 'warning', kind: 'contradiction', lines: [1, 6] }]);
    const over = await check(records, { contradictory: 0.1 });
    expect(over.findings[0]).toMatchObject({ level: 'error', kind: 'contradiction' });
  });

  it('finds labels that are missing, and an empty file', async () => {
    const lonely = await check(
      sound().filter((record) => record.label === 'secret'),
      { least_of_label: 1 },
    );
    expect(lonely.findings.filter((f) => f.level === 'error').map((f) => f.what)).toEqual([
      '0 records are placeholder, at least 1 are needed',
      '0 records are harmless, at least 1 are needed',
    ]);
    expect((await check([])).findings).toMatchObject([{ kind: 'empty' }]);
  });

  it('finds a feature that alone tells the label', async () => {
    const records = Array.from({ length: 120 }, (_, i) => {
      const label = i % 2 === 0 ? 'secret' : 'harmless';
      const record = recordsFor(`password = 'Xk9vQ2m${i}Lw8'`, { label })[0]!;
      record.x[7] = label === 'secret' ? 1 : 0;
      return { ...record, id: String(i).padStart(16, '0') };
    });
    const leaks = (await check(records)).findings.filter((finding) => finding.kind === 'leak');
    expect(leaks).toMatchObject([
      { level: 'error', what: expect.stringMatching(/^x\[7\] .* alone tells whether it is a secret/) },
    ]);
  });

  it('finds secrets whose values were not cut out by the scanner', async () => {
    const records = Array.from({ length: 140 }, (_, i) => {
      const label = i % 2 === 0 ? 'secret' : 'harmless';
      const record = recordsFor(`password = 'Xk9vQ2m${i}Lw8'`, { label })[0]!;
      if (label === 'secret') record.span = [record.span[0] + 2, record.span[1] - 1];
      return { ...record, value: record.text.slice(...record.span), id: String(i).padStart(16, '0') };
    });
    const leaks = (await check(records)).findings.filter((finding) => finding.kind === 'leak');
    expect(leaks).toMatchObject([{ what: expect.stringMatching(/do not come from the same code/) }]);
  });

  it('never shows a value', async () => {
    const report = await check([...planted({ span: [0, 5] }), '{"value": "Zt5rB7nPq1aa"']);
    expect(report.errors).toBeGreaterThan(1);
    expect(validationText(report) + JSON.stringify(report)).not.toMatch(/Xk9vQ2mLw8|Zt5rB7nPq1aa|your-password/);
  });
});

describe('sketches', () => {
  it('are equal for texts that differ in numbers and blanks, and differ for other texts', () => {
    const text = 'the quick brown fox jumps over the lazy dog 17 times';
    expect(sketch(text.replace('17', '18').replace(' fox', '   fox'))).toBe(sketch(text));
    expect(sketch('a completely different sentence about nothing at all')).not.toBe(sketch(text));
    expect(sketch('too short')).toBeUndefined();
  });
});
