/** The language model fitted to decisions, for real. Needs what training needs (`SSS_TRAIN_PYTHON`). */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { openModelFolder } from '../../../src/classify/model-folder.ts';
import { gateOf } from '../../../src/classify/open-model.ts';
import { verifyModel } from '../../../src/classify/verify-model.ts';
import { generatedPrompts } from '../../../training/learning/adapter-data.ts';
import { type Adapted, answersOf, fitAdapter, openAdapted } from '../../../training/learning/adapter-fit.ts';
import { type Base, openBase } from '../../../training/learning/base.ts';
import { fitTeam } from '../../../training/learning/fit.ts';
import { writeTeam } from '../../../training/learning/write-team.ts';
import { adapterWorkers } from '../../../training/pipeline/adapter-workers.ts';
import { decisionMaker, judgeFiles } from '../../learning/decisions.ts';
import { madeRepository, TEAMS } from '../../learning/team.ts';
import { temporary } from '../temporary.ts';
import { trainPython } from './python.ts';

const python = trainPython('torch, transformers, peft, accelerate, onnx, onnxruntime');
const ROOT = join(import.meta.dirname, '../../..');

const title = 'missing' in python ? `an adapter (skipped: ${python.missing})` : 'an adapter of the shipped model';
describe.skipIf('missing' in python)(title, { timeout: 600_000 }, () => {
  let base: Base;
  const adaptedOnce = async (): Promise<{ adapted: Adapted; work: string }> => {
    const work = temporary();
    const { fitted } = generatedPrompts(await gateOf(base.folder), base.card);
    const runWorker = adapterWorkers({
      options: { artifactRoot: join(work, 'runs'), python: (python as { path: string }).path },
      ...{ cwd: work, signal: new AbortController().signal },
    });
    return { adapted: await fitAdapter({ folder: base.folder, rows: fitted.slice(0, 64), work, runWorker }), work };
  };
  beforeAll(async () => {
    execFileSync(process.execPath, [join(ROOT, 'scripts/build.mjs')], { cwd: ROOT });
    base = await openBase(undefined);
  }, 120_000);

  it('answers in another way, the same bytes each time, and makes a folder that the scanner takes', async () => {
    const { adapted, work } = await adaptedOnce();
    const again = await adaptedOnce();
    const network = Buffer.from(adapted.files.get('onnx/model_quantized.onnx')!);
    expect(network.equals(again.adapted.files.get('onnx/model_quantized.onnx')!)).toBe(true);
    expect(adapted.languageModel).toEqual(base.card.languageModel);
    const { measured } = generatedPrompts(await gateOf(base.folder), base.card);
    const prompts = measured.slice(0, 20).map(({ prompt }) => prompt);
    const before = await answersOf(base.folder, prompts);
    const after = await answersOf(await openAdapted(adapted, base.card, work), prompts);
    expect(after.flat().every(Number.isFinite)).toBe(true);
    expect(after).not.toEqual(before);
    // Fitted for a moment it says nearly the same: the weights were restored, not drawn.
    const distance = after.flat().map((value, i) => Math.abs(value - before.flat()[i]!));
    expect(distance.reduce((sum, one) => sum + one, 0) / distance.length).toBeLessThan(2);

    const dir = join(work, 'team');
    const scores = (await gateOf(base.folder)).scores.map((_, i) => `score ${i}`);
    const fitted = fitTeam({ decisions: [], replay: [], guard: [] });
    await writeTeam({ dir, name: 'team', base, fitted, adapted, scores, figures: {} });
    const checks = await verifyModel(await openModelFolder({ dir }));
    expect(checks.filter(({ ok }) => !ok)).toEqual([]);
    expect(checks.map(({ what }) => what)).toContain('answers');
  });

  it('is tried by the program, which says what it changes and whether it is taken', async () => {
    const folder = temporary();
    const write = await decisionMaker({ keepPrompts: true });
    const lines: string[] = [];
    const files = [1, 2].flatMap((i) => madeRepository({ team: TEAMS[1]!, seed: `known ${i}` }));
    for (const one of await judgeFiles(files))
      if (one.verdict.label === 'secret') lines.push(`${JSON.stringify(await write(one))}\n`);
    mkdirSync(join(folder, 'models'));
    writeFileSync(join(folder, 'feedback.jsonl'), lines.join(''));
    const flags = ['--feedback', 'feedback.jsonl', '--adapter', '--models-dir', 'models', '--artifact-root', 'runs'];
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [join(ROOT, 'bin/smart-secrets-scanner.js'), 'train', ...flags],
      { cwd: folder, encoding: 'utf8', timeout: 500_000 },
    );
    expect(`${status} ${stderr}`).toMatch(/^0 /);
    expect(stdout).toMatch(/held prompts +\d+ → \d+ of \d+/);
    expect(stdout).toMatch(/generated +\d+ → \d+ of \d+/);
    const isTaken = !/^adapter: not taken, the trees alone are: /m.test(stdout);
    expect(stdout).toMatch(/^adapter: /m);
    expect(existsSync(join(folder, 'models', 'team', 'onnx'))).toBe(isTaken);
    const { card } = await openModelFolder({ dir: join(folder, 'models', 'team') });
    expect(card.version.includes('+adapter.')).toBe(isTaken);
  });
});
