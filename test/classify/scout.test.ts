import { describe, expect, it } from 'vitest';
import { createJudge } from '../../src/classify/index.ts';
import { dismissed, readScout, SCOUT_FEATURES } from '../../src/classify/scout.ts';
import { features } from '../../src/features/index.ts';
import { FEATURE_NAMES } from '../../src/features/vector.ts';
import { fillExample } from '../../src/rules/examples.ts';
import type { Candidate, Syntax } from '../../src/types.ts';
import { candidateOf, chunkOf } from '../report/sample.ts';
import { scoutText, tinyModel } from './tiny-model.ts';

const RANDOM = fillExample('{{alnum:24}}');
/** Ten points for a digit, none without: what has none is dismissed. */
const NO_DIGIT = scoutText([['digits', 0.5, -10, 0]]);

function of(value: string, syntax: Syntax = 'assignment', path = 'src/app.ts'): Candidate {
  const candidate = candidateOf({ chunk: chunkOf(`key = "${value}"\n`, { path }), value, name: 'key' });
  return { ...candidate, syntax };
}

const first = (candidate: Candidate, text = NO_DIGIT) => dismissed(readScout(text), candidate, features(candidate));

describe('a scout', () => {
  it('dismisses what has too few points', () => {
    expect(first(of('sunflower'))).toMatchObject({ label: 'harmless', probability: 0, decidedBy: 'gate' });
    expect(first(of('sunflower1'))).toBeUndefined();
  });

  it('never dismisses what has just enough', () => {
    expect(first(of('sunflower'), scoutText([['digits', 0.5, -10, 0]], -10))).toBeUndefined();
  });

  it.each<Syntax>(['provider', 'url'])('leaves %s alone', (syntax) => {
    expect(first(of('sunflower', syntax))).toBeUndefined();
  });

  it('looks at name, path and value alike', () => {
    const strict = scoutText([
      ['name is key', 0.5, -10, 0],
      ['path is config', 0.5, -10, 0],
      ['first is upper', 0.5, -10, 0],
    ]);
    expect(first(of('Sunflower', 'assignment', 'a.yml'), strict)).toBeUndefined();
    expect(first(of('sunflower', 'assignment', 'a.yml'), strict)).toBeDefined();
    expect(first(of('Sunflower', 'assignment', 'a.ts'), strict)).toBeDefined();
  });

  it('sees features that the gate sees', () => {
    expect(SCOUT_FEATURES.length).toBeGreaterThan(50);
    expect(SCOUT_FEATURES.filter((name) => !FEATURE_NAMES.includes(name))).toEqual([]);
  });
});

describe('a judge with a scout', () => {
  const judgeWith = (files: Record<string, string>, explain = false) =>
    createJudge({ preset: 'wide', device: 'cpu', modelDir: tinyModel({ languageModel: false, files }), explain });

  it('asks nothing else about what is dismissed', async () => {
    // Any other candidate would fail: the gate is damaged.
    const judge = judgeWith({ 'scout.json': NO_DIGIT, 'gate.json': '{}' });
    expect((await judge.judge([of('sunflower')]))[0]).toMatchObject({ label: 'harmless', decidedBy: 'gate' });
    await expect(judge.judge([of(RANDOM)])).rejects.toThrow('gate.json');
  });

  it('explains what it dismisses as if it had not, and says the same of it', async () => {
    const candidates = [of('sunflower'), of('changeme'), of(fillExample('{{[A-Za-z]:30}}')), of(RANDOM)];
    const files = { 'scout.json': NO_DIGIT };
    const [plain, explained] = [
      await judgeWith(files).judge(candidates),
      await judgeWith(files, true).judge(candidates),
    ];
    const isSecret = (verdicts: typeof plain) => verdicts.map(({ label }) => label === 'secret');
    expect(isSecret(explained)).toEqual(isSecret(plain));
    expect(isSecret(plain)).toEqual([false, false, false, true]);
    expect(plain[1]!.reason).toMatch(/at first sight/);
    expect(explained[1]).toMatchObject({ label: 'placeholder', decidedBy: 'filter' });
  });

  it('tells what is wrong with it', async () => {
    const judge = judgeWith({ 'scout.json': '{"format":1' });
    await expect(judge.judge([of(RANDOM)])).rejects.toThrow(/scout\.json of the model cannot be used/);
  });
});

type Json = { format: number; features: string[]; least: unknown; forest: { roots: number[]; threshold: unknown[] } };

describe('a damaged scout is refused', () => {
  it.each<[what: string, damage: (json: Json) => unknown, message: RegExp]>([
    ['another format', (json) => ({ ...json, format: 2 }), /its format is 2/],
    ['other features', (json) => ({ ...json, features: json.features.slice(1) }), /made for other features/],
    ['no features', ({ features: _, ...json }) => json, /cannot be used/],
    ['no border', ({ least: _, ...json }) => json, /numbers that are none/],
    ['no trees', ({ forest: _, ...json }) => json, /cannot be used/],
    ['trees cut short', (json) => ({ ...json, forest: { ...json.forest, threshold: [] } }), /its trees are damaged/],
  ])('%s', (_, damage, message) => {
    expect(() => readScout(JSON.stringify(damage(JSON.parse(NO_DIGIT))))).toThrow(message);
  });

  it('no JSON', () => expect(() => readScout('{')).toThrow(/scout\.json of the model cannot be used/));
});
