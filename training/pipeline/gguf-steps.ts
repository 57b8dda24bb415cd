import type { TrainConfig } from './context.ts';
import type { TrainOptions } from './options.ts';
import { finishedModel } from './paths.ts';
import type { Step } from './step.ts';

const WORKERS = 'training/workers/';
const PROMPT = 'src/classify/prompt.ts';
/** What everything that is done with GGUF files depends on. */
const CODE = ['training/pipeline/llama.ts', 'training/evaluation/gguf-metadata.ts', PROMPT];
const FILES = 'gguf/files.json';

/** The GGUF file of a kind, in a run. */
export const ggufFile = (kind: string): string => `gguf/smart-secrets-scanner.${kind}.gguf`;

/**
 * The steps that make GGUF files of the merged weights, and compare them.
 * @param input.finished they are made of a finished model instead, which lies outside of the run
 * @param input.model files of the finished model, as places
 * @param input.code code that the answers of a model depend on
 */
export function ggufSteps(input: {
  finished: boolean;
  quantize: readonly string[];
  model: readonly string[];
  code: readonly string[];
}): Step[] {
  const { finished, quantize, model, code } = input;
  const files = [FILES, ...['F32', ...quantize].map(ggufFile)];
  const restore: Step = {
    name: 'restore_weights',
    title: 'weights of a finished model',
    needs: ['setup_env'],
    inputs: ['@model'],
    outputs: ['merged'],
    config: ['gguf.source'],
    code: ['common', 'restore_weights'].map((name) => `${WORKERS}${name}.py`),
    reads: [],
    run: { kind: 'task', load: () => import('./restore-weights.ts') },
  };
  return [
    ...(finished ? [restore] : []),
    {
      name: 'convert_to_gguf',
      title: 'GGUF files',
      needs: finished ? ['restore_weights'] : ['setup_env', 'merge_adapter'],
      inputs: ['merged', ...(finished ? ['@model'] : [])],
      outputs: files,
      config: ['base', 'gguf'],
      code: [
        ...CODE,
        'training/pipeline/convert-to-gguf.ts',
        'training/evaluation/llama-model.ts',
        ...['common', 'gguf_file', 'convert_to_gguf'].map((name) => `${WORKERS}${name}.py`),
      ],
      reads: [],
      run: { kind: 'task', load: () => import('./convert-to-gguf.ts') },
    },
    {
      name: 'create_modelfile',
      title: 'Modelfile for Ollama',
      needs: ['convert_to_gguf'],
      inputs: ['merged', ...files],
      outputs: ['gguf/Modelfile', 'gguf/prompt.txt'],
      config: ['base', 'gguf'],
      code: [
        ...code,
        ...CODE,
        'training/evaluation/modelfile.ts',
        'training/evaluation/create-modelfile.ts',
        'LICENSE',
      ],
      reads: [],
      run: { kind: 'task', load: () => import('../evaluation/create-modelfile.ts') },
    },
    {
      name: 'compare_gguf',
      title: 'GGUF beside weights and ONNX, on calib',
      needs: ['convert_to_gguf', ...(finished ? [] : ['sweep_thresholds'])],
      inputs: ['@creddata', 'merged', ...files, ...(finished ? ['@model'] : model)],
      outputs: ['gguf/parity.json', 'gguf/parity.txt'],
      scratch: ['gguf/prompts.jsonl', 'gguf/answers.jsonl'],
      config: ['gguf'],
      code: [
        ...code,
        ...CODE,
        'training/pipeline/compare-gguf.ts',
        `${WORKERS}answer_prompts.py`,
        'training/evaluation/',
      ],
      reads: ['calib'],
      run: { kind: 'task', load: () => import('./compare-gguf.ts') },
    },
  ];
}

/**
 * The steps of a run as it is wanted: those of GGUF files for the kinds that are wanted, of the weights that are wanted, and
 * only when they are wanted.
 * @param input.make {@link ggufSteps} for this pipeline
 */
export function wantedSteps(input: {
  steps: readonly Step[];
  config: TrainConfig;
  options: TrainOptions;
  make: (wanted: { finished: boolean; quantize: readonly string[] }) => Step[];
}): readonly Step[] {
  const { steps, config, options, make } = input;
  const { source, quantize, always } = config.gguf;
  const finished = source !== 'run';
  const made = make({ finished, quantize });
  const isMade = ({ name }: Pick<Step, 'name'>): boolean => made.some((step) => step.name === name);
  const named = [options.targetStep, options.from];
  if (finished) {
    const setup = steps.filter(({ name }) => name === 'setup_env');
    // The labelled code that it reads is not part of the package, and it runs the weights themselves.
    if (named.includes('compare_gguf')) return [...setup, ...made];
    return [...setup.map(withoutTorch), ...made.filter(({ name }) => name !== 'compare_gguf')];
  }
  const asked = always || options.quantize !== undefined || made.some(({ name }) => named.includes(name));
  const others = steps.filter((step) => !isMade(step));
  return asked && others.length < steps.length ? [...others, ...made] : others;
}

/** The Python environment without what only training needs. */
function withoutTorch(setup: Step): Step {
  const code = ['training/requirements-gguf.txt'];
  return { ...setup, code, run: { kind: 'task', load: () => import('./setup-gguf-env.ts') } };
}

/** The name of a run that makes GGUF files of a finished model; undefined: it has a training in it. */
export function finishedRunId(input: { config: TrainConfig; packageRoot: string; cwd: string }): string | undefined {
  const { config, packageRoot, cwd } = input;
  const folder = finishedModel({ source: config.gguf.source, packageRoot, cwd });
  return folder === undefined ? undefined : `gguf-${folder.split(/[\\/]/).at(-1)}`;
}
