import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { UserError } from '../../src/util/errors.ts';
import type { Source, Variant } from './record.ts';

/** What the training set is made of, see training/config/fusion.yaml. */
export interface FusionConfig {
  target: { source: 'creddata'; variants: Variant[]; unlabelled_weight: number };
  sources: {
    augmented: { ratio: number; weight: number; human_share: number; per_line: number; copies: number };
    synthetic: {
      ratio: number;
      weight: number;
      secret: number;
      placeholder: number;
      harmless: number;
      provider: number;
    };
    packages: { ratio: number; weight: number; per_file: number };
    extra: { weight: number };
  };
  caps: { secrets_per_repo: number; by: 'weights' | 'sampling' };
  probe: { shared: Record<Source, number>; across_folds: Record<Source, number> };
  validate: { near_duplicates_across_folds: number; contradictory: number; least_of_label: number };
}

type Check = (value: unknown) => string | undefined;
type Shape = { readonly [key: string]: Shape | Check };

const range =
  (least: number, most: number): Check =>
  (value) =>
    typeof value === 'number' && value >= least && value <= most ? undefined : `a number from ${least} to ${most}`;
const oneOf =
  (...words: string[]): Check =>
  (value) =>
    words.includes(value as string) ? undefined : `one of ${words.join(', ')}`;
const share = range(0, 1);
const weight = range(0, 100);
const shares = { creddata: share, augmented: share, synthetic: share, packages: share, extra: share };

const SHAPE: Shape = {
  target: {
    source: oneOf('creddata'),
    variants: (value) =>
      Array.isArray(value) &&
      value.length > 0 &&
      value.every((v, i) => /^(?:random|human)$/.test(v) && value.indexOf(v) === i)
        ? undefined
        : 'a list of random, human or both',
    unlabelled_weight: weight,
  },
  sources: {
    augmented: { ratio: range(0, 10), weight, human_share: share, per_line: range(1, 1000), copies: range(1, 100) },
    synthetic: {
      ratio: range(0, 10),
      weight,
      secret: share,
      placeholder: share,
      harmless: share,
      provider: range(0, 100),
    },
    packages: { ratio: range(0, 10), weight, per_file: range(1, 1000) },
    extra: { weight },
  },
  caps: { secrets_per_repo: range(1, 1e6), by: oneOf('weights', 'sampling') },
  probe: { shared: shares, across_folds: shares },
  validate: { near_duplicates_across_folds: share, contradictory: share, least_of_label: range(0, 1e6) },
};

/** Reads a fusion file. @throws UserError naming what is missing, unknown or out of range. */
export function readFusionConfig(file: string): FusionConfig {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new UserError(`cannot read the fusion file ${file}`, { hint: 'data.fusion names it', cause });
  }
  return parseFusion(text, file);
}

/** `readFusionConfig` of a text; `file` is for messages. */
export function parseFusion(text: string, file: string): FusionConfig {
  let value: unknown;
  try {
    value = parse(text);
  } catch (cause) {
    throw new UserError(`${file}: ${cause instanceof Error ? cause.message.split('\n')[0] : cause}`, { cause });
  }
  const problems = problemsOf(value, SHAPE, '');
  const { synthetic } = (value as FusionConfig)?.sources ?? {};
  if (problems.length === 0 && Math.abs(synthetic.secret + synthetic.placeholder + synthetic.harmless - 1) > 1e-6) {
    problems.push('sources.synthetic: secret, placeholder and harmless do not add up to 1');
  }
  if (problems.length > 0) {
    throw new UserError(`${file}: ${problems.join('; ')}`, {
      hint: 'training/config/fusion.yaml shows every key with what it means',
    });
  }
  return value as FusionConfig;
}

function problemsOf(value: unknown, shape: Shape, at: string): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [`${at || 'the file'} is no section`];
  const section = value as { [key: string]: unknown };
  return [
    ...Object.keys(section)
      .filter((key) => !Object.hasOwn(shape, key))
      .map((key) => `unknown key ${at}${key}`),
    ...Object.entries(shape).flatMap(([key, inner]) => {
      if (!(key in section)) return [`${at}${key} is missing`];
      if (typeof inner !== 'function') return problemsOf(section[key], inner, `${at}${key}.`);
      const problem = inner(section[key]);
      return problem ? [`${at}${key} must be ${problem}`] : [];
    }),
  ];
}
