import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createJudge } from '../../src/classify/index.ts';
import { openModelFolder, shippedModel } from '../../src/classify/model-folder.ts';
import {
  LEAST_SHIFT,
  MOST_SHIFT,
  readTeam,
  type StoredTeam,
  teamFeatures,
  teamShift,
} from '../../src/classify/team.ts';
import { verifyModel } from '../../src/classify/verify-model.ts';
import { fillExample } from '../../src/rules/examples.ts';
import { candidates, everyRule } from '../candidates/found.ts';
import { candidateOf, chunkOf } from '../report/sample.ts';
import { tinyModel } from './tiny-model.ts';

const FEATURES = teamFeatures([]);

/** A team that adds `points` to everything. */
function teamOf(points: number, more: Partial<StoredTeam> = {}): string {
  const forest = { bias: points, roots: [], feature: [], threshold: [], left: [], right: [], leaf: [] };
  return JSON.stringify({ format: 1, features: FEATURES, scale: 1, forest, ...more } satisfies StoredTeam);
}

const VALUE = fillExample('{{alnum:24}}');
const password = candidateOf({ chunk: chunkOf(`password = "${VALUE}"`), value: VALUE, name: 'password' });
const judged = async (modelDir: string, of = [password]) => {
  const verdicts = await createJudge({ preset: 'balanced', modelDir, device: 'cpu', useModel: false }).judge(of);
  return verdicts[0]!;
};
const withTeam = (points: number) => tinyModel({ files: { 'team.json': teamOf(points) } });

describe('a team', () => {
  it('adds to the odds of what the gate judges, and says so where that tips the scales', async () => {
    const before = await judged(tinyModel());
    expect(before.label).toBe('secret');
    const after = await judged(withTeam(-MOST_SHIFT));
    expect(after).toMatchObject({ label: 'harmless', decidedBy: 'gate', scores: before.scores });
    expect(after.reason).toContain('by what your team has decided of others like it, it is none');
    const same = await judged(withTeam(0.01));
    expect(same.label).toBe('secret');
    expect(same.reason).not.toContain('team');
  });

  it('adds to what gate and language model say together', async () => {
    const everything = { low: 0, high: 1 };
    const judge = (modelDir: string) => createJudge({ preset: 'balanced', modelDir, device: 'cpu' }).judge([password]);
    const [before] = await judge(tinyModel({ band: everything }));
    const [after] = await judge(tinyModel({ band: everything, files: { 'team.json': teamOf(-2) } }));
    expect([before!.decidedBy, after!.decidedBy]).toEqual(['model', 'model']);
    expect(after!.scores).toEqual(before!.scores);
    expect(after!.probability).toBeLessThan(before!.probability);
  });

  it('never unlearns what a rule settles: a key with a checksum stays a secret', async () => {
    const key = candidates(`key = "${fillExample('{{[g]:1}}hp_{{alnum:30}}{{crc62}}')}"`, { rules: everyRule });
    const verdict = await judged(withTeam(-1e6), key);
    expect(verdict).toMatchObject({ label: 'secret', decidedBy: 'rule', probability: 0.99 });
  });

  it('moves nothing by more than there is a bound for', () => {
    const row = new Float32Array(FEATURES.length - 1);
    expect(teamShift(readTeam(teamOf(-1e6)), row, 0)).toBe(-MOST_SHIFT);
    expect(teamShift(readTeam(teamOf(1e6)), row, 0)).toBe(MOST_SHIFT);
    expect(teamShift(readTeam(teamOf(3, { scale: 0.5 })), row, 0)).toBe(1.5 - LEAST_SHIFT);
    expect(teamShift(readTeam(teamOf(LEAST_SHIFT)), row, 0)).toBe(0);
  });

  it.each([
    ['another format', teamOf(0).replace('"format":1', '"format":2'), 'its format is 2'],
    ['other features', teamOf(0, { features: FEATURES.slice(1) }), 'other features'],
    ['a scale above 1', teamOf(0, { scale: 2 }), 'its scale is none'],
    ['half a file', teamOf(0).slice(0, 50), 'team.json of the model cannot be used'],
  ])('is refused with %s', (_, text, message) => {
    expect(() => readTeam(text)).toThrow(message);
  });
});

describe('the folder of a model that was learned', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sss-team-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const shipped = JSON.parse(readFileSync(join(shippedModel(), 'card.json'), 'utf8'));
  const text = teamOf(0, { features: teamFeatures(['value', 'name', 'line', 'all']) });
  const team = { sha256: createHash('sha256').update(text).digest('hex'), bytes: text.length };
  const write = (more: object = {}) => {
    writeFileSync(join(folder, 'team.json'), text);
    const parent = { name: shipped.name, version: shipped.version };
    const card = { ...shipped, name: 'ours', parent, files: { ...shipped.files, 'team.json': team }, ...more };
    writeFileSync(join(folder, 'card.json'), JSON.stringify(card));
  };

  it('borrows what it lacks from the shipped model', async () => {
    write();
    const checks = await verifyModel(await openModelFolder({ dir: folder }));
    expect(checks.filter(({ ok }) => !ok)).toEqual([]);
    expect(checks.find(({ what }) => what === 'team')?.detail).toBe('0 trees');
    expect(await judged(folder)).toEqual(await judged(shippedModel()));
  });

  it('says that the shipped model is another one by now, and how to go on', async () => {
    const other = { ...shipped.files['gate.json'], sha256: '0'.repeat(64) };
    write({ files: { ...shipped.files, 'team.json': team, 'gate.json': other } });
    const error = await judged(folder).catch((thrown) => thrown);
    expect(error.message).toContain(
      `was learned on top of ${shipped.name} ${shipped.version}, and another one is installed`,
    );
    expect(error.hint).toContain('sss model use shipped');
  });

  it('does not borrow without a parent, nor what the team has added', async () => {
    write({ parent: undefined });
    await expect(judged(folder)).rejects.toThrow('is missing');
    write();
    rmSync(join(folder, 'team.json'));
    await expect(judged(folder)).rejects.toThrow('is incomplete: team.json is missing');
  });
});
