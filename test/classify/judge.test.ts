import { describe, expect, it, vi } from 'vitest';
import { createJudge, type JudgeOptions } from '../../src/classify/index.ts';
import { fillExample } from '../../src/rules/examples.ts';
import type { Candidate, Preset } from '../../src/types.ts';
import { UserError } from '../../src/util/errors.ts';
import { candidates, everyRule } from '../candidates/found.ts';
import { candidateOf, chunkOf } from '../report/sample.ts';
import { tinyModel } from './tiny-model.ts';

const runs = vi.hoisted(() => ({ count: 0 }));
vi.mock('onnxruntime-node', async (original) => {
  const ort = await original<typeof import('onnxruntime-node')>();
  const create = async (...args: Parameters<typeof ort.InferenceSession.create>) => {
    const session = await ort.InferenceSession.create(...args);
    const run = session.run.bind(session);
    session.run = ((...given: Parameters<typeof run>) => {
      runs.count++;
      return run(...given);
    }) as typeof session.run;
    return session;
  };
  return { ...ort, InferenceSession: { create } };
});

const PRESETS: readonly Preset[] = ['strict', 'balanced', 'wide'];
const EVERYTHING = { low: 0, high: 1 };
const NOTHING = { low: 1, high: 0 };
const RANDOM = fillExample('{{alnum:24}}');

function of(value: string, name = 'password', text = `${name} = "${value}"\n`): Candidate {
  return candidateOf({ chunk: chunkOf(text, { path: 'config.yml' }), value, name });
}

const judgeWith = (options: Partial<JudgeOptions> & { modelDir: string }) =>
  createJudge({ preset: 'balanced', device: 'cpu', ...options });

const TEXTS = [
  `password = "${RANDOM}"\nkey: xxxxxxxxxxxx\napi_key = "${fillExample('{{hex:32}}')}"`,
  `curl -u bob:${RANDOM} https://h/ # token=${fillExample('{{uuid}}')}`,
  `x {{[g]:1}}hp_{{alnum:30}}{{crc62}} password = "changeme" secret_name = "${RANDOM}"`,
  `password = "unguessable" auth = "sunflower" login: "correcthorse" token = "sunflower83"`,
].map(fillExample);
const found = (text: string) => candidates(text, { rules: everyRule });
const ALL = TEXTS.flatMap(found);

describe('a candidate that needs no model', () => {
  it('is judged where there is no model at all', async () => {
    const judge = judgeWith({ modelDir: '/nowhere' });
    const verdicts = await judge.judge(found(`k ${fillExample('{{[g]:1}}hp_{{alnum:30}}{{crc62}}')}`));
    expect(verdicts.map(({ decidedBy }) => decidedBy)).toEqual(['rule']);
    expect([judge.notes(), judge.device()]).toEqual([[], undefined]);
  });

  it('is the only one: any other fails, every time', async () => {
    const judge = judgeWith({ modelDir: '/nowhere' });
    for (let i = 0; i < 2; i++) await expect(judge.judge([of(RANDOM)])).rejects.toThrow(UserError);
  });
});

describe('outside the band', () => {
  it('the gate decides, and nothing of the language model is read', async () => {
    // All that belongs to the language model is missing from the card: reading it would fail.
    const dir = tinyModel({ band: NOTHING, languageModel: false });
    const judge = judgeWith({ modelDir: dir });
    const [verdict] = await judge.judge([of(RANDOM)]);
    expect(verdict).toMatchObject({ label: 'secret', decidedBy: 'gate' });
    expect(verdict!.scores).toEqual({ gate: verdict!.probability });
    expect(verdict!.reason).toMatch(/^its name says a password; .*; the gate takes it for a secret$/);
    expect(judge.device()).toBeUndefined();
  });

  it.each(['calibration', 'thresholds'])('follows the %s of the card', async (what) => {
    const card = {
      calibration: { gate: { a: 0.5, b: -9 }, model: { a: 1, b: 0 } },
      thresholds: { strict: 0.9999, balanced: 0.9998, wide: 0.9997 },
    };
    const dir = tinyModel({ band: NOTHING, card: { [what]: card[what as keyof typeof card] } });
    const [verdict] = await judgeWith({ modelDir: dir }).judge([of(RANDOM, 'api_key')]);
    expect(verdict).toMatchObject({ label: 'harmless', decidedBy: 'gate' });
    expect(verdict!.reason).toMatch(/; the gate takes it for none$/);
  });
});

describe('in the band', () => {
  it('the language model decides with the gate', async () => {
    const dir = tinyModel({ band: EVERYTHING });
    const judge = judgeWith({ modelDir: dir });
    const [verdict] = await judge.judge([of(RANDOM, 'api_key')]);
    const { gate, model } = verdict!.scores!;
    expect(verdict!.decidedBy).toBe('model');
    expect(judge.device()).toBe('cpu');
    const logit = (p: number) => Math.log(p / (1 - p));
    expect(logit(verdict!.probability)).toBeCloseTo(0.5 * logit(gate) + logit(model!), 0);
    expect(verdict!.reason).toMatch(/; the language model takes it for a secret$/);
  });

  it('is where the borders are, both included', async () => {
    const gate = (await judgeWith({ modelDir: tinyModel({ band: NOTHING }) }).judge([of('sunflower', 'api_key')]))[0]!;
    const exact = 1 / (1 + Math.exp(1));
    expect(gate.scores!.gate).toBeCloseTo(exact, 3);
    const decidedBy = async (low: number, high: number) =>
      (await judgeWith({ modelDir: tinyModel({ band: { low, high } }) }).judge([of('sunflower', 'api_key')]))[0]!
        .decidedBy;
    expect(await decidedBy(exact, 1)).toBe('model');
    expect(await decidedBy(0, exact)).toBe('model');
    expect(await decidedBy(exact + 1e-9, 1)).toBe('gate');
    expect(await decidedBy(0, exact - 1e-9)).toBe('gate');
  });

  it('the same prompt is read once', async () => {
    const judge = judgeWith({ modelDir: tinyModel({ band: EVERYTHING }) });
    runs.count = 0;
    const lines = Array.from({ length: 5 }, (_, i) =>
      of('sunflower', 'api_key', `${'\n'.repeat(i)}api_key = "sunflower"\n`),
    );
    const verdicts = await judge.judge([...lines, of('sunflower84', 'api_key')]);
    expect(runs.count).toBe(2);
    expect(new Set(verdicts.slice(0, 5).map((verdict) => JSON.stringify(verdict))).size).toBe(1);
    expect(verdicts[5]).not.toEqual(verdicts[0]);
  });

  it('--no-model leaves it to the gate and its own thresholds', async () => {
    const thresholds = { strict: 0.9, balanced: 0.2, wide: 0.1 };
    const modelDir = tinyModel({ band: EVERYTHING, card: { gateThresholds: thresholds } });
    runs.count = 0;
    const judge = judgeWith({ modelDir, useModel: false });
    const [verdict] = await judge.judge([of('sunflower', 'api_key')]);
    expect(verdict).toMatchObject({ label: 'secret', decidedBy: 'gate', probability: 0.269, scores: { gate: 0.269 } });
    expect([runs.count, judge.device()]).toEqual([0, undefined]);
  });

  it('an answer of the model for a value that is no secret tells placeholders from the rest', async () => {
    const judge = judgeWith({ modelDir: tinyModel({ band: EVERYTHING }), preset: 'strict' });
    const labels = await judge.judge([of('sunflower-and-roses', 'api_key'), of('-_.-+-_-.ab1-_-', 'api_key')]);
    expect(labels.map(({ label }) => label)).toEqual(['placeholder', 'placeholder']);
  });
});

describe('a password in an address', () => {
  const unsure = () =>
    tinyModel({ band: NOTHING, card: { calibration: { gate: { a: 1, b: -20 }, model: { a: 1, b: 0 } } } });
  const inUrl = (value: string) => {
    const text = `db = postgres://app:${value}@db.internal:5432/app`;
    return {
      ...of(value),
      chunk: { ...of(value).chunk, text },
      start: 20,
      end: 20 + value.length,
      name: 'app',
      syntax: 'url' as const,
    };
  };

  it.each(['sunflower', 'monkeybars', 'R7#kq'])('%s is reported, but not by strict', async (value) => {
    const modelDir = unsure();
    const said = async (preset: Preset) => (await judgeWith({ modelDir, preset }).judge([inUrl(value)]))[0]!;
    expect(await said('balanced')).toMatchObject({ label: 'secret', decidedBy: 'filter', probability: 0.5 });
    expect((await said('balanced')).reason).toMatch(/; it stands where an address has its password$/);
    expect((await said('strict')).label).not.toBe('secret');
  });

  it.each(['password', 'changeme', 'app', 'xxxxxxxx'])('%s is an example', async (value) => {
    const [verdict] = await judgeWith({ modelDir: unsure(), preset: 'balanced' }).judge([inUrl(value)]);
    expect(verdict!.label).not.toBe('secret');
  });
});

describe('every verdict', () => {
  const modelDir = () => tinyModel({ band: { low: 0.05, high: 0.95 } });

  it('gives a reason in words, without the value', async () => {
    expect(ALL.length).toBeGreaterThan(8);
    const dir = modelDir();
    for (const preset of PRESETS) {
      for (const [i, { reason, probability }] of (await judgeWith({ modelDir: dir, preset }).judge(ALL)).entries()) {
        expect(reason).toMatch(/^[a-z].{10,}[A-Za-z]$/);
        expect(reason).not.toContain(ALL[i]!.value);
        expect(probability).toBe(Math.round(probability * 1000) / 1000);
        expect(probability).toBeGreaterThanOrEqual(0);
        expect(probability).toBeLessThanOrEqual(1);
      }
    }
  });

  it('comes of each part of the model here', async () => {
    const by = (await judgeWith({ modelDir: modelDir() }).judge(ALL)).map(({ decidedBy }) => decidedBy);
    expect(new Set(by)).toEqual(new Set(['filter', 'rule', 'gate', 'model']));
  });

  it('is reported by a wider preset when it is by a narrower one', async () => {
    const dir = modelDir();
    const columns = await Promise.all(PRESETS.map((preset) => judgeWith({ modelDir: dir, preset }).judge(ALL)));
    for (const i of ALL.keys()) {
      const secrets = columns.map((column) => Number(column[i]!.label === 'secret'));
      expect(secrets).toEqual([...secrets].sort());
    }
  });

  it('is the same alone, in any company, in any order, and with others judged at the same time', async () => {
    const dir = modelDir();
    const judge = judgeWith({ modelDir: dir });
    const together = await judge.judge(ALL);
    const backwards = (await judgeWith({ modelDir: dir }).judge([...ALL].reverse())).reverse();
    expect(backwards).toEqual(together);
    const alone: unknown[] = [];
    for (const one of ALL) alone.push(...(await judgeWith({ modelDir: dir }).judge([one])));
    expect(alone).toEqual(together);
    const side = judgeWith({ modelDir: dir });
    const sideBySide = await Promise.all([...ALL, ...ALL].map((one) => side.judge([one])));
    expect(sideBySide.flat()).toEqual([...together, ...together]);
  });

  it('is the same whatever else is in the text', async () => {
    const judge = judgeWith({ modelDir: modelDir() });
    const before = `// something else\nkey = "${fillExample('{{alnum:60}}')}"\n${'x'.repeat(500)}\n\n`;
    const after = `\n\nend of it "quoted" password = "other"\n`;
    for (const text of TEXTS) {
      const alone = found(text);
      const among = found(before + text + after);
      const same = alone.map(({ start }) => among.find((one) => one.start === start + before.length)!);
      expect(same.map(({ value }) => value)).toEqual(alone.map(({ value }) => value));
      expect(await judge.judge(same)).toEqual(await judge.judge(alone));
    }
  });

  it('is not given when the judge is stopped', async () => {
    const judge = judgeWith({ modelDir: modelDir() });
    await expect(judge.judge([of(RANDOM)], AbortSignal.abort())).rejects.toThrow(/abort/i);
  });
});
