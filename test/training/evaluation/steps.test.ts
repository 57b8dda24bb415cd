import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseCard } from '../../../src/classify/card.ts';
import { openSplit } from '../../../training/data/creddata.ts';
import { run as evaluate } from '../../../training/evaluation/evaluate.ts';
import { run as exportLogits } from '../../../training/evaluation/export-calib-logits.ts';
import { run as modelCard } from '../../../training/evaluation/model-card.ts';
import { checkModel, run as promote } from '../../../training/evaluation/promote.ts';
import type { Report } from '../../../training/evaluation/report.ts';
import { run as sweep } from '../../../training/evaluation/sweep-thresholds.ts';
import { run as sampleReplay } from '../../../training/learning/sample-replay.ts';
import { preparedRun } from './run.ts';

let prepared: Awaited<ReturnType<typeof preparedRun>>;
const rows = (path: string) =>
  readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
const reportOf = (): Report =>
  JSON.parse(readFileSync(join(prepared.context([]).paths.evaluation, 'report.json'), 'utf8'));

describe('the steps behind the training, one after the other', { timeout: 120_000 }, () => {
  beforeAll(async () => {
    prepared = await preparedRun();
  }, 120_000);

  it('refuse what they have not declared', async () => {
    await expect(exportLogits(prepared.context(['test']))).rejects.toThrow('has not declared that it reads calib');
    await expect(evaluate(prepared.context(['train', 'calib']))).rejects.toThrow('has not declared that it reads test');
    const { creddata } = prepared.context([]).paths;
    expect(() => openSplit({ creddata, split: 'test', purpose: 'fit' })).toThrow('may not be opened to fit');
    expect(() => openSplit({ creddata, split: 'test', purpose: 'calibrate' })).toThrow('may not be opened');
  });

  it('export logits of calib alone, in both variants', async () => {
    const context = prepared.context(['calib']);
    await exportLogits(context);
    const labels = rows(context.paths.calibLabels);
    const logits = rows(context.paths.calibLogits);
    expect(new Set(labels.map((row) => row.repo.slice(0, 5)))).toEqual(new Set(['calib']));
    expect(new Set(labels.map((row) => row.variant))).toEqual(new Set(['random', 'human']));
    expect(new Set(labels.filter((row) => row.place !== null).map((row) => `${row.variant} ${row.place}`)).size).toBe(
      8 * 12 * 2,
    );
    expect(labels.filter((row) => row.id !== null).every((row) => logits.some((l) => l.id === row.id))).toBe(true);
    expect(logits.some((row) => row.logits?.length === 3)).toBe(true);
    expect(logits.filter((row) => row.settled !== null).every((row) => row.logits === null)).toBe(true);
  });

  it('draw the replay sample from train', async () => {
    const context = prepared.context(['train']);
    await sampleReplay(context);
    expect(prepared.lines.at(-1)).toMatch(/^\d+ rows, \d+ of them secrets, \d+ bytes$/);
  });

  it('choose thresholds and put the model together', async () => {
    const context = prepared.context(['train', 'calib']);
    await sweep(context);
    const chosen = JSON.parse(readFileSync(context.paths.thresholds, 'utf8'));
    const card = parseCard(readFileSync(join(context.paths.model, 'card.json'), 'utf8'));
    expect(card.thresholds).toEqual(chosen.thresholds);
    expect(card.gateThresholds).toEqual(chosen.gateThresholds);
    expect(Object.keys(card.files)).toContain('replay.json.gz');
    // The tiny model says nothing new: it is not asked.
    expect(chosen.stacking.note).toBeDefined();
    expect(card.band).toEqual({ low: 1, high: 0 });
    expect(card.languageModel?.verdictTokens).toEqual([256, 257, 258]);
    const { strict, balanced, wide } = card.thresholds;
    expect(strict).toBeGreaterThanOrEqual(balanced);
    expect(balanced).toBeGreaterThanOrEqual(wide);
    const csv = readFileSync(context.paths.thresholdsMetrics, 'utf8').trimEnd().split('\n');
    expect(csv.length).toBeGreaterThan(1 + 2 * 99 * 3);
    expect(new Set(csv.map((line) => line.split(',').length))).toEqual(new Set([14]));
    expect(
      csv.some((line) => line.startsWith(`model,${balanced.toFixed(2)},mean,mean`) && line.includes('balanced')),
    ).toBe(true);
  });

  it('measure on test through the judge of the scanner, and show no value', async () => {
    const context = prepared.context(['test']);
    await evaluate(context);
    const report = reportOf();
    expect(report.data).toMatchObject({ places: 96, repositories: 8 });
    // The judge rounds to three digits; nothing else may differ.
    expect(report.parity).toBeLessThanOrEqual(0.0005001);
    expect(Object.keys(report.systems)).toEqual(['model', 'gate', 'baseline', 'rules']);
    expect(report.systems.rules.variants.random!.f1).toBeLessThan(report.systems.gate.variants.random!.f1);
    expect(report.examples).toHaveLength(20);
    const html = readFileSync(join(context.paths.evaluation, 'report.html'), 'utf8');
    expect(html).not.toContain('<script');
    expect(html).toContain('<svg');
    expect(existsSync(join(context.paths.evaluation, 'curves-random.svg'))).toBe(true);
    const values = openSplit({ creddata: context.paths.creddata, split: 'test', purpose: 'report' }).files.flatMap(
      (f) => Object.values(f.excerpt.text).flatMap((line) => /= "([A-Za-z0-9]{12,})"/.exec(line)?.[1] ?? []),
    );
    expect(values.length).toBeGreaterThan(10);
    expect(report.errors.length).toBeGreaterThan(0);
    const written = html + JSON.stringify(report);
    expect(values.filter((value) => written.includes(value))).toEqual([]);
  });

  it('write a card with the numbers that were measured', async () => {
    const context = prepared.context([]);
    await modelCard(context);
    const text = readFileSync(context.paths.modelCard, 'utf8');
    const { systems, calibration, model } = reportOf();
    for (const { variants } of Object.values(systems))
      for (const { precision, f1 } of Object.values(variants)) {
        expect(text).toContain(precision.toFixed(4));
        expect(text).toContain(f1.toFixed(4));
      }
    expect(text).toContain(calibration.human!.calibrationError.toFixed(4));
    expect(text).toContain(`Together ${model.bytes} bytes`);
    expect(text).toMatch(/\| calib \| .* \| 96 \| \d+ \| 8 \|/);
    expect(text).toContain('randomised');
    expect(text).not.toMatch(/NaN|undefined|null/);
  });

  it('promote once, and not again what is no better', async () => {
    const context = prepared.context(['calib']);
    const there = join(context.paths.models, 'tiny');
    await promote(context);
    expect(readFileSync(join(there, 'card.json'), 'utf8')).toBe(
      readFileSync(join(context.paths.model, 'card.json'), 'utf8'),
    );
    expect(existsSync(join(there, 'MODEL_CARD.md'))).toBe(true);
    expect(prepared.lines.at(-1)).toContain('there was no model');
    await promote(context);
    expect(prepared.lines.at(-1)).toContain('as good, no better');
    // A model that is there and broken does not stand in the way.
    writeFileSync(join(there, 'gate.json'), 'x');
    await promote(context);
    expect(prepared.lines.at(-1)).toContain('cannot use the model');
    expect(readFileSync(join(there, 'gate.json'), 'utf8')).toBe(
      readFileSync(join(context.paths.model, 'gate.json'), 'utf8'),
    );
  });

  it('never promote what is broken or too big', async () => {
    const context = prepared.context(['calib']);
    await expect(checkModel(context.paths.model, 5000)).rejects.toThrow('at most 5000 may ship');
    await expect(checkModel(context.paths.model)).resolves.toMatchObject({ name: 'tiny' });
    const file = join(context.paths.model, 'onnx', 'model_quantized.onnx');
    const whole = readFileSync(file);
    writeFileSync(file, whole.subarray(0, whole.length - 1));
    await expect(promote(context)).rejects.toThrow('damaged');
    writeFileSync(file, whole);
    rmSync(context.paths.modelCard);
    await expect(promote(context)).rejects.toThrow('MODEL_CARD.md');
  });
});
