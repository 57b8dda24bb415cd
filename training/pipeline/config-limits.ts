import { UserError } from '../../src/util/errors.ts';
import { configParts } from './config.ts';
import type { TrainConfig } from './context.ts';

interface Limit {
  readonly min: number;
  readonly max: number;
  readonly integer?: boolean;
}

const whole = (min: number, max: number): Limit => ({ min, max, integer: true });
const share: Limit = { min: 0, max: 1 };

/** Kinds of GGUF files, as llama.cpp calls them; convert_to_gguf.py knows them by number. */
const GGUF_TYPES = [
  ...['F16', 'BF16', 'Q2_K', 'Q3_K_S', 'Q3_K_M', 'Q3_K_L', 'Q4_0', 'Q4_1', 'Q4_K_S', 'Q4_K_M'],
  ...['Q5_0', 'Q5_1', 'Q5_K_S', 'Q5_K_M', 'Q6_K', 'Q8_0'],
];

/** What numbers of the configuration may be. A setting that is null was left open, and is not checked. */
export const LIMITS: Readonly<Record<string, Limit>> = {
  seed: whole(0, 2 ** 31 - 1),
  threads: whole(1, 256),
  'gate.repo_cap': { min: 1, max: 1e9 },
  'gate.human_weight': { min: 0, max: 100 },
  'pretrain.layers': whole(1, 64),
  'pretrain.hidden': whole(8, 8192),
  'pretrain.ffn': whole(8, 32_768),
  'pretrain.heads': whole(1, 128),
  'pretrain.kv_heads': whole(1, 128),
  'pretrain.vocab': whole(300, 300_000),
  'pretrain.context': whole(32, 8192),
  'pretrain.batch': whole(1, 4096),
  'pretrain.steps': whole(1, 10_000_000),
  'pretrain.learning_rate': { min: 1e-7, max: 1 },
  'fine_tune.epochs': whole(1, 1000),
  'fine_tune.batch_size': whole(1, 4096),
  'fine_tune.learning_rate': { min: 1e-7, max: 1 },
  'fine_tune.lora_rank': whole(1, 1024),
  'fine_tune.lora_alpha': { min: 1, max: 4096 },
  'fine_tune.held_fold': whole(0, 4),
  'fine_tune.hard_low': share,
  'fine_tune.hard_high': share,
  'fine_tune.easy_share': share,
  'fine_tune.max_examples': whole(1, 1e9),
  'fine_tune.processes': whole(1, 64),
  'gguf.least_agreement': share,
  'sweep.uuid_weight': share,
  'sweep.strict_precision': share,
  'sweep.wide_recall': share,
};

/**
 * Checks what can be checked without any file: ranges, and what fits together.
 * @returns warnings
 * @throws UserError that names every setting that is wrong
 */
export function checkConfig(config: TrainConfig): string[] {
  const values = configParts(config, Object.keys(LIMITS));
  const problems = Object.entries(LIMITS).flatMap(([key, limit]) => problemOf(key, values[key], limit));
  const number = (key: string): number => values[key] as number;
  if (problems.length === 0) {
    if (number('fine_tune.hard_low') >= number('fine_tune.hard_high')) {
      problems.push('fine_tune.hard_low must be below fine_tune.hard_high');
    }
    if (config.base === null || config.base === undefined) problems.push(...shapeProblems(number));
  }
  problems.push(...quantizeProblems(config.gguf.quantize));
  if (!/^[a-z0-9][a-z0-9._-]{0,63}$/.test(config.promote.name)) {
    problems.push('promote.name must be a plain folder name: a-z, 0-9, dot, dash and underscore');
  }
  if (problems.length > 0) {
    throw new UserError(`the configuration of the training is wrong: ${problems.join('; ')}`, {
      hint: 'training/config/default.yaml says what each setting is',
    });
  }
  return config.base === null || config.base === undefined
    ? kQuantWarnings(number('pretrain.hidden'), number('pretrain.ffn'))
    : [];
}

function problemOf(key: string, value: unknown, limit: Limit): string[] {
  if (value === null) return [];
  const { min, max, integer } = limit;
  const bad = typeof value !== 'number' || !(value >= min && value <= max) || (integer && !Number.isInteger(value));
  return bad ? [`${key} must be a ${integer ? 'whole ' : ''}number from ${min} to ${max}, not ${String(value)}`] : [];
}

function quantizeProblems(kinds: readonly unknown[]): string[] {
  if (kinds.length === 0) return ['gguf.quantize names no kind of file'];
  const unknown = kinds.filter((kind) => !GGUF_TYPES.includes(String(kind)));
  return unknown.map((kind) => `gguf.quantize has ${String(kind)}, and the kinds are ${GGUF_TYPES.join(', ')}`);
}

function shapeProblems(number: (key: string) => number): string[] {
  const [hidden, heads, kvHeads] = ['hidden', 'heads', 'kv_heads'].map((key) => number(`pretrain.${key}`));
  if (hidden! % heads! !== 0) return [`pretrain.hidden (${hidden}) must be a multiple of pretrain.heads (${heads})`];
  if ((hidden! / heads!) % 2 !== 0) return ['pretrain.hidden divided by pretrain.heads must be even'];
  if (heads! % kvHeads! !== 0)
    return [`pretrain.heads (${heads}) must be a multiple of pretrain.kv_heads (${kvHeads})`];
  return [];
}

/** Sizes that are no multiples of 256 keep a model from being stored in k-quants, and from nothing else. */
export function kQuantWarnings(hidden: number, ffn: number): string[] {
  const odd = Object.entries({ hidden, ffn }).filter(([, size]) => size % 256 !== 0);
  return odd.map(([key, size]) => `${key} is ${size}, no multiple of 256: k-quants of GGUF files will not be possible`);
}
