import { NGRAM_BUCKETS, NGRAM_FIELDS, NGRAM_VERSION, type NgramField } from '../features/ngrams.ts';
import { FEATURE_NAMES } from '../features/vector.ts';
import { UserError } from '../util/errors.ts';
import { sigmoid } from './stack.ts';

/** Linear weights over the n-grams of one field: log odds = bias + scale × the sum of the weights of its buckets. */
interface NgramWeights {
  bias: number;
  scale: number;
  weights: Int8Array;
}

/** Boosted trees, flattened: node `i` sends a row left when `x[feature[i]] <= threshold[i]`; a child below zero is leaf `~child`. */
interface Forest {
  bias: number;
  roots: Int32Array;
  feature: Int32Array;
  threshold: Float64Array;
  left: Int32Array;
  right: Int32Array;
  leaf: Float64Array;
}

/**
 * The gate: linear scores over character n-grams, and boosted trees over the feature vector followed by those scores.
 * Made by `training/workers/train_gate.py`.
 */
export interface Gate {
  /** Scores of single fields, then those of all fields together, in the order in which the trees see them. */
  scores: readonly { fields: readonly NgramField[]; parts: readonly NgramWeights[] }[];
  secret: Forest;
  placeholder: Forest;
}

export interface GateAnswer {
  /** Log odds that it is a secret, not yet calibrated. */
  logit: number;
  /** The same as a probability. */
  probability: number;
  /** Probability that it is a placeholder, given that it is no secret. */
  placeholder: number;
}

/** Judges one candidate by its feature vector and n-grams. */
export function evaluateGate(
  gate: Gate,
  x: readonly number[],
  ids: Readonly<Record<NgramField, Uint16Array>>,
): GateAnswer {
  const row = [...x];
  for (const { fields, parts } of gate.scores) {
    let sum = 0;
    for (const [i, field] of fields.entries()) {
      const { bias, scale, weights } = parts[i]!;
      let points = 0;
      for (const id of ids[field]) points += weights[id]!;
      // Long texts have more n-grams: the norm keeps their sums comparable.
      sum += bias + (scale * points) / Math.sqrt(Math.max(1, ids[field].length));
    }
    row.push(Math.fround(sum));
  }
  const logit = sumOf(gate.secret, row);
  return { logit, probability: sigmoid(logit), placeholder: sigmoid(sumOf(gate.placeholder, row)) };
}

function sumOf(forest: Forest, row: readonly number[]): number {
  const { roots, feature, threshold, left, right, leaf } = forest;
  let sum = forest.bias;
  for (const root of roots) {
    let node = root;
    while (node >= 0) node = row[feature[node]!]! <= threshold[node]! ? left[node]! : right[node]!;
    sum += leaf[~node]!;
  }
  return sum;
}

/** Reads `gate.json`. Throws a UserError when it is damaged, or made for other features than these. */
export function readGate(text: string): Gate {
  try {
    const json = JSON.parse(text);
    if (json.format !== 1) throw new Error(`its format is ${json.format}, this version reads format 1`);
    const ours = [...FEATURE_NAMES, ...json.scores.map((score: { name: string }) => `ngrams ${score.name}`)];
    if (json.ngramVersion !== NGRAM_VERSION || json.features.join('\n') !== ours.join('\n'))
      throw new Error('it was made for other features');
    return {
      scores: json.scores.map(
        (score: { fields: NgramField[]; parts: { bias: number; scale: number; weights: string }[] }) => {
          if (score.parts.length !== score.fields.length) throw new Error('its n-gram weights are damaged');
          return { fields: score.fields.map((field) => known(field)), parts: score.parts.map(ngramWeights) };
        },
      ),
      secret: forest(json.secret, ours.length),
      placeholder: forest(json.placeholder, ours.length),
    };
  } catch (error) {
    throw new UserError(`gate.json of the model cannot be used: ${error instanceof Error ? error.message : error}`, {
      hint: 'Install the scanner again, or train a model with `sss train`.',
    });
  }
}

function known(field: NgramField): NgramField {
  if (!NGRAM_FIELDS.includes(field)) throw new Error(`it reads n-grams of an unknown field (${field})`);
  return field;
}

function ngramWeights({ bias, scale, weights }: { bias: number; scale: number; weights: string }): NgramWeights {
  const bytes = Buffer.from(weights, 'base64');
  if (bytes.length !== NGRAM_BUCKETS) throw new Error('its n-gram weights are damaged');
  return {
    bias: finite(bias),
    scale: finite(scale),
    weights: new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length),
  };
}

function forest(json: Record<string, number[]> & { bias: number }, columns: number): Forest {
  const { roots, feature, threshold, left, right, leaf } = json;
  if (!roots || !feature || !threshold || !left || !right || !leaf) throw new Error('its trees are damaged');
  const nodes = feature.length;
  const isChild = (parent: number, child: number) =>
    Number.isInteger(child) && (child < 0 ? child >= -leaf.length : child > parent && child < nodes);
  const sound =
    [threshold, left, right].every((list) => list.length === nodes) &&
    feature.every((column) => Number.isInteger(column) && column >= 0 && column < columns) &&
    left.every((child, i) => isChild(i, child)) &&
    right.every((child, i) => isChild(i, child)) &&
    roots.every((root) => isChild(-1, root));
  if (!sound) throw new Error('its trees are damaged');
  return {
    bias: finite(json.bias),
    roots: Int32Array.from(roots),
    feature: Int32Array.from(feature),
    threshold: Float64Array.from(threshold, finite),
    left: Int32Array.from(left),
    right: Int32Array.from(right),
    leaf: Float64Array.from(leaf, finite),
  };
}

function finite(value: number): number {
  if (!Number.isFinite(value)) throw new Error('it holds numbers that are none');
  return value;
}
