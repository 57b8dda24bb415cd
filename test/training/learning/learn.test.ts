import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { openModelFolder } from '../../../src/classify/model-folder.ts';
import type { FeedbackRecord } from '../../../src/types.ts';
import { UserError } from '../../../src/util/errors.ts';
import { decide } from '../../../training/learning/decide.ts';
import { groupsOf } from '../../../training/learning/decisions.ts';
import { type LearnOptions, learn } from '../../../training/learning/learn.ts';
import { decisionMaker, judgeFiles } from '../../learning/decisions.ts';
import { madeRepository, TEAMS } from '../../learning/team.ts';
import { temporary } from '../temporary.ts';

/** Decisions of somebody who knows the team, on what was found in two of its repositories. */
let right: FeedbackRecord[];
let folder: string;
const fresh = madeRepository({ team: TEAMS[1]!, seed: 'fresh' });

beforeAll(async () => {
  folder = temporary();
  const write = await decisionMaker();
  const files = [1, 2].flatMap((i) => madeRepository({ team: TEAMS[1]!, seed: `known ${i}` }));
  right = [];
  for (const one of await judgeFiles(files)) if (one.verdict.label === 'secret') right.push(await write(one));
}, 60_000);

function fileOf(records: readonly FeedbackRecord[], name = 'feedback.jsonl'): string {
  const path = join(folder, name);
  writeFileSync(path, records.map((record) => `${JSON.stringify(record)}\n`).join(''));
  return path;
}

const learned = (records: readonly FeedbackRecord[], more: Partial<LearnOptions> = {}) =>
  learn({ files: [fileOf(records)], cwd: folder, modelsDir: 'models', quiet: true, ...more });

async function failure(records: readonly FeedbackRecord[], more: Partial<LearnOptions> = {}): Promise<string> {
  const error = await learned(records, more).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(UserError);
  return `${(error as UserError).message} (${(error as UserError).hint})`;
}

/** Marks as harmless what is a secret. */
const spoilt = (record: FeedbackRecord): FeedbackRecord => ({ ...record, label: 'harmless', decision: 'false-alarm' });

describe('learning from decisions', { timeout: 60_000 }, () => {
  it('takes half of the false alarms of a new repository away, and no secret', async () => {
    const { taken, held } = await learned(right);
    expect(taken).toBe(true);
    expect(held.after.found).toBeGreaterThanOrEqual(held.before.found - 1);
    const dir = join(folder, 'models', 'team');
    const [before, after] = [await judgeFiles(fresh), await judgeFiles(fresh, dir)];
    const alarms = (of: typeof before) => of.filter((one) => !one.isSecret && one.verdict.label === 'secret').length;
    expect(alarms(before)).toBeGreaterThan(30);
    expect(alarms(after)).toBeLessThanOrEqual(alarms(before) / 2);
    const lost = after.filter(
      (one, i) => one.isSecret && one.verdict.label !== 'secret' && before[i]!.verdict.label === 'secret',
    );
    expect(lost).toEqual([]);
  });

  it('leaves a small folder, which names the model it adds to and the figures', async () => {
    await learned(right);
    const dir = join(folder, 'models', 'team');
    expect(readdirSync(dir).sort()).toEqual(['card.json', 'team.json']);
    expect(readFileSync(join(dir, 'team.json')).length).toBeLessThan(100_000);
    const { card } = await openModelFolder({ dir });
    const base = (await openModelFolder()).card;
    expect(card.parent).toEqual({ name: base.name, version: base.version });
    expect(card.version.startsWith(`${base.version}+team.`)).toBe(true);
    const secrets = right.filter(({ label, syntax }) => label === 'secret' && syntax !== 'provider').length;
    expect(card.metrics).toMatchObject({ decisions: { secrets }, held: {}, replay: {}, parent: base.metrics });
    expect(readdirSync(join(folder, 'models')).filter((name) => /\.(?:new|old)\./.test(name))).toEqual([]);
  });

  it('gives the same bytes for the same decisions, in whatever order and in however many files', async () => {
    const text = () => readFileSync(join(folder, 'models', 'team', 'team.json'), 'utf8');
    await learned(right);
    const once = text();
    const [a, b] = [fileOf(right.slice(0, 40).reverse(), 'a.jsonl'), fileOf(right.slice(40), 'b.jsonl')];
    await learned([], { files: [b, a] });
    expect(text()).toBe(once);
  });

  it('can learn again from decisions on what its own model said', async () => {
    const { card } = await openModelFolder({ dir: join(folder, 'models', 'team') });
    const { taken } = await learned(
      right.map((record) => ({ ...record, model: card.version })),
      { model: 'models/team', name: 'next' },
    );
    expect(taken).toBe(true);
    const next = await openModelFolder({ dir: join(folder, 'models', 'next') });
    expect(next.card.parent).toEqual(card.parent);
    expect(next.card.files['team.json']).toEqual(card.files['team.json']);
  });

  it('writes nothing when it is only tried', async () => {
    expect((await learned(right, { dryRun: true, name: 'tried' })).taken).toBe(false);
    expect(readdirSync(join(folder, 'models'))).not.toContain('tried');
  });

  it('refuses what is too little', async () => {
    expect(await failure(right.slice(0, 29))).toContain('are too few to learn from (it takes 30');
    expect(await failure([])).toContain('0 decisions are too few');
    const secrets = right.filter(({ label }) => label === 'secret');
    expect(
      await failure([...secrets, ...secrets.map((one, i) => ({ ...one, id: `${i}`.padStart(32, 'a') }))]),
    ).toContain('nothing to learn');
  });

  it('refuses decisions of which none confirms a secret, as those are that mark everything as harmless', async () => {
    expect(await failure(right.map(spoilt))).toContain('nothing would show whether secrets are lost');
  });

  it('leaves out, with a count, what says nothing of this model', async () => {
    const other = right.map((record, i): FeedbackRecord => (i % 2 ? record : { ...record, model: 'run-0' }));
    expect(await failure(other.slice(0, 56))).toContain('28 decisions are too few');
    const old = right.map((record): FeedbackRecord => ({ ...record, featuresHash: '0'.repeat(64) }));
    expect(await failure(old)).toContain('0 decisions are too few');
    const cut = right.map((record): FeedbackRecord => ({ ...record, features: record.features.slice(1) }));
    expect(await failure(cut)).toContain('0 decisions are too few');
    const settled = right.map((record): FeedbackRecord => ({ ...record, syntax: 'provider' }));
    expect(await failure(settled)).toContain('0 decisions are too few');
  });

  it('leaves out decisions that contradict each other', async () => {
    const twice = right
      .slice(0, 40)
      .flatMap((record, i): FeedbackRecord[] => [
        record,
        { ...record, id: `${i}`.padStart(32, 'b'), label: record.label === 'secret' ? 'harmless' : 'secret' },
      ]);
    expect(await failure(twice)).toContain('0 decisions are too few');
  });

  it('finds no reason for a new model in labels that were drawn', async () => {
    const drawn = right.map(
      (record): FeedbackRecord => ({ ...record, label: /[0-7]$/.test(record.id) ? 'harmless' : 'secret' }),
    );
    const { taken, reasons } = await learned(drawn, { name: 'drawn' });
    expect(taken).toBe(false);
    expect(reasons.join()).toMatch(/no better on held decisions|worse on the replay/);
    expect(readdirSync(join(folder, 'models'))).not.toContain('drawn');
  });

  it('keeps the old model when the new one cannot be written', async () => {
    const place = join(folder, 'blocked');
    writeFileSync(place, 'a file');
    expect(await failure(right, { modelsDir: 'blocked' })).toContain('the model cannot be written to');
    expect(readFileSync(place, 'utf8')).toBe('a file');
  });

  it('goes on where a process was killed while it wrote', async () => {
    mkdirSync(join(folder, 'models', 'again.new.1'), { recursive: true });
    writeFileSync(join(folder, 'models', 'again.new.1', 'team.json'), '{"format"');
    expect((await learned(right, { name: 'again' })).taken).toBe(true);
    await expect(openModelFolder({ dir: join(folder, 'models', 'again') })).resolves.toBeDefined();
  });

  it('does not take names that lead elsewhere, nor that of the shipped model', async () => {
    expect(await failure(right, { name: '../x' })).toContain('a model cannot be called');
    expect(await failure(right, { name: 'shipped' })).toContain('a model cannot be called');
  });

  it('needs a model with a replay sample', async () => {
    const { tinyModel } = await import('../../classify/tiny-model.ts');
    expect(await failure(right, { model: tinyModel() })).toContain('has no replay sample');
  });
});

describe('decide', () => {
  const standing = (found: number, alarms: number) => ({
    secrets: 100,
    found,
    others: 100,
    alarms,
    loss: alarms / 100,
  });
  const guard = { before: standing(90, 10), after: standing(90, 10), faintest: { kind: 'any', shift: 0 } };
  const held = { before: standing(95, 80), after: standing(95, 30) };

  it('takes what is better on held decisions and no worse on the replay', () => {
    expect(decide({ held, guard }).promote).toBe(true);
  });

  it.each([
    [
      'hardly any false alarm is gone',
      { held: { ...held, after: standing(95, 77) }, guard },
      'no better on held decisions',
    ],
    ['the replay is worse', { held, guard: { ...guard, after: standing(88, 10) } }, 'worse on the replay sample'],
    [
      'a kind of secret fades, though it is still found',
      { held, guard: { ...guard, faintest: { kind: 'api-key', shift: -1.2 } } },
      'whose name says api-key lose 1.2',
    ],
  ])('refuses it when %s', (_, fitted, reason) => {
    const { promote, reasons } = decide(fitted);
    expect(promote).toBe(false);
    expect(reasons.join()).toContain(reason);
  });
});

describe('groupsOf', () => {
  const record = (value: number, path?: string) =>
    ({ ngrams: [value, 0, 0, 0], ...(path ? { folder: path } : {}) }) as unknown as FeedbackRecord;

  it('joins what shares a value or a folder', () => {
    const others = [3, 4, 5, 6, 7, 8].map((value) => record(value, `of ${value}`));
    const groups = groupsOf([record(1, 'a'), record(2, 'a'), record(2, 'b'), ...others]);
    expect(new Set(groups.slice(0, 3)).size).toBe(1);
    expect(new Set(groups).size).toBe(1 + others.length);
  });

  it('goes by values alone where one folder holds nearly all', () => {
    const groups = groupsOf([record(1, 'a'), record(2, 'a'), record(3, 'a'), record(1, 'b')]);
    expect(groups[0]).toBe(groups[3]);
    expect(new Set(groups).size).toBe(3);
  });
});
