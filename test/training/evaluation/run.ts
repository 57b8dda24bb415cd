import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { evaluateGate, readGate } from '../../../src/classify/gate.ts';
import { recordsOf, unpackIds } from '../../../training/data/candidates.ts';
import { chunkOf, labelledFiles, openSplit } from '../../../training/data/creddata.ts';
import { type DataRecord, writeRecords } from '../../../training/data/record.ts';
import { BOTH } from '../../../training/evaluation/corpus.ts';
import { askFolder } from '../../../training/evaluation/language-models.ts';
import { writeLines } from '../../../training/evaluation/score-files.ts';
import type { Split, StepContext, TrainConfig } from '../../../training/pipeline/context.ts';
import { runPaths } from '../../../training/pipeline/paths.ts';
import { tinyModel } from '../../classify/tiny-model.ts';
import { temporary } from '../temporary.ts';
import { writeCorpus } from './corpus.ts';

/** A run as it is before the evaluation: corpus, records, a gate and a language model made by hand, their scores. */
export async function preparedRun(): Promise<{ context: (reads: Split[]) => StepContext; lines: string[] }> {
  const dir = temporary();
  const corpus = join(dir, 'creddata');
  writeCorpus(corpus);
  const config = {
    name: 'tiny',
    seed: 1,
    threads: 1,
    data: { creddata: corpus, packages: 'none', fusion: 'default', extra: null },
    ...{ gate: {}, scout: {}, pretrain: {}, baseline: {}, fine_tune: { held_fold: 0 }, export: {} },
    sweep: { band: { low: 0.05, high: 0.95 } },
    promote: { name: 'tiny', models_dir: join(dir, 'models') },
    gguf: { always: false, source: 'run', quantize: ['Q8_0'], llama_cpp: null, least_agreement: 0.99 },
  } satisfies TrainConfig;
  const runDir = join(dir, 'run');
  const packageRoot = join(import.meta.dirname, '..', '..', '..');
  const paths = runPaths({ runDir, artifactRoot: dir, packageRoot, cwd: dir, config });
  const model = tinyModel();
  const copies: [string, string][] = [
    ['gate.json', paths.gate],
    ['scout.json', paths.scout],
    ['onnx/model_quantized.onnx', paths.onnx],
    ['onnx/model_quantized.onnx', paths.baseline],
    ...['config.json', 'tokenizer.json', 'tokenizer_config.json'].map((name): [string, string] => [
      name,
      join(paths.merged, name),
    ]),
  ];
  for (const [from, to] of copies) {
    mkdirSync(join(to, '..'), { recursive: true });
    copyFileSync(join(model, from), to);
  }
  await writeScores({ corpus, model, paths });
  const lines: string[] = [];
  const context = (allowedSplits: Split[]): StepContext => ({
    ...{ runDir, runId: 'run-1', config, paths, python: undefined, seed: 1, allowedSplits },
    progress: () => {},
    log: (text) => lines.push(text),
    signal: new AbortController().signal,
  });
  return { context, lines };
}

async function writeScores(input: { corpus: string; model: string; paths: StepContext['paths'] }): Promise<void> {
  const { corpus, model, paths } = input;
  const split = openSplit({ creddata: corpus, split: 'train', purpose: 'fit' });
  const records: DataRecord[] = BOTH.flatMap((variant) =>
    [...labelledFiles(split, variant)].flatMap((file) =>
      recordsOf({
        ...{ chunk: chunkOf(file), places: file.places, repo: file.repo, variant },
        ...{ source: 'creddata', split: 'train' },
      }),
    ),
  );
  await writeRecords(paths.trainRecords, records);
  const gate = readGate(readFileSync(paths.gate, 'utf8'));
  const ask = (await askFolder(model))!;
  const open = records.filter((r) => r.settled === null);
  await writeLines(
    paths.oof,
    open.map(({ id, x, ngrams }) => {
      const ids = { value: unpackIds(ngrams.value), name: unpackIds(ngrams.name), line: unpackIds(ngrams.line) };
      const { logit, probability } = evaluateGate(gate, x, ids);
      return { id, logit, probability, ngrams: [0, 0, 0, 0] };
    }),
  );
  const held = open.filter((r) => r.fold === 0);
  const rows: unknown[] = [];
  for (const { id, prompt } of held) rows.push({ id, logits: await ask(prompt) });
  await writeLines(paths.held, rows);
}
