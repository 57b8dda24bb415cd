import { join, resolve } from 'node:path';
import { DEFAULT_MODEL } from '../../src/classify/model-folder.ts';
import type { RunPaths, TrainConfig } from './context.ts';

/** Fusion files of the package, by what the configuration calls them. */
const FUSIONS: Readonly<Record<string, string>> = { default: 'fusion.yaml', synthetic: 'fusion-synthetic.yaml' };

/**
 * Where everything of a run is. Paths in the configuration are relative to the folder that the command runs in.
 * `creddata: synthetic` is a corpus generated into the run, `packages: auto` the downloaded ones, `fusion: default` a
 * file of the package, `models_dir: run` a folder of the run.
 */
export function runPaths(input: {
  runDir: string;
  artifactRoot: string;
  packageRoot: string;
  cwd: string;
  config: TrainConfig;
}): RunPaths {
  const { runDir, artifactRoot, packageRoot, cwd, config } = input;
  const { data, promote } = config;
  const inRun = (...names: string[]): string => join(runDir, ...names);
  return {
    packageRoot,
    creddata: data.creddata === 'synthetic' ? inRun('corpus') : resolve(cwd, data.creddata),
    packages: packagesFolder({ wanted: data.packages, cwd, artifactRoot }),
    fusion: Object.hasOwn(FUSIONS, data.fusion)
      ? join(packageRoot, 'training', 'config', FUSIONS[data.fusion]!)
      : resolve(cwd, data.fusion),
    extra: data.extra === null ? undefined : resolve(cwd, data.extra),
    models: promote.models_dir === 'run' ? inRun('models') : resolve(cwd, promote.models_dir),
    trainRecords: inRun('data', 'train.jsonl'),
    probe: inRun('data', 'probe.json'),
    validation: inRun('data', 'validation.json'),
    validationText: inRun('data', 'validation.txt'),
    gate: inRun('gate', 'gate.json'),
    scout: inRun('scout', 'scout.json'),
    oof: inRun('gate', 'oof.jsonl'),
    replay: inRun('replay', 'replay.json.gz'),
    base: inRun('base'),
    baseline: inRun('baseline', 'onnx', 'model_quantized.onnx'),
    baselineHead: inRun('baseline', 'head.json'),
    held: inRun('phase1', 'held.jsonl'),
    merged: inRun('merged'),
    onnx: inRun('onnx', 'model_quantized.onnx'),
    parity: inRun('onnx', 'parity.jsonl'),
    calibLogits: inRun('phase1', 'val_calib_logits.jsonl'),
    calibLabels: inRun('phase1', 'val_calib_labels.jsonl'),
    thresholds: inRun('phase2', 'thresholds.json'),
    thresholdsMetrics: inRun('phase2', 'thresholds_metrics.csv'),
    model: inRun('model'),
    modelCard: inRun('model', 'MODEL_CARD.md'),
    evaluation: inRun('evaluation'),
    gguf: inRun('gguf'),
    finished: finishedModel({ source: config.gguf.source, packageRoot, cwd }) ?? inRun('model'),
  };
}

function packagesFolder(input: { wanted: string; cwd: string; artifactRoot: string }): string | undefined {
  if (input.wanted === 'none') return undefined;
  return input.wanted === 'auto' ? join(input.artifactRoot, 'corpora') : resolve(input.cwd, input.wanted);
}

/** The folder of the model that GGUF files are made of; undefined: they are made of the merged weights of the run. */
export function finishedModel(input: { source: string; packageRoot: string; cwd: string }): string | undefined {
  const { source, packageRoot, cwd } = input;
  if (source === 'run') return undefined;
  return source === 'shipped' ? join(packageRoot, 'models', DEFAULT_MODEL) : resolve(cwd, source);
}

/** The path of a step's input or output; undefined: this run has no such thing. */
export function placePath(input: {
  place: string;
  runDir: string;
  cwd: string;
  paths: RunPaths;
  config: TrainConfig;
}): string | undefined {
  const { place, runDir, cwd, paths, config } = input;
  if (!place.startsWith('@')) return join(runDir, place);
  switch (place) {
    case '@creddata':
      return paths.creddata;
    case '@packages':
      return paths.packages;
    case '@fusion':
      return paths.fusion;
    case '@extra':
      return paths.extra;
    case '@base':
      return typeof config.base === 'string' ? resolve(cwd, config.base) : undefined;
    case '@twenty':
      return join(paths.packageRoot, 'fixtures', 'twenty.json');
    case '@model':
      return paths.finished;
    case '@promoted':
      return join(paths.models, config.promote.name);
    default:
      throw new Error(`there is no place ${place}`);
  }
}
