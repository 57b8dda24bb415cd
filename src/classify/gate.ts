import { NGRAM_BUCKETS, NGRAM_FIELDS, NGRAM_VERSION, type NgramField, type NgramIds } from '../features/ngrams.ts';
import { FEATURE_NAMES } from '../features/vector.ts';
import { UserError } from '../util/errors.ts';
import { type Forest, finite, packForest, sumOfTrees } from './forest.ts';
import { sigmoid } from './stack.ts';

/** Linear weights over the n-grams of one field: log odds = bias + scale × the sum of the weights of its buckets. */
interface NgramWeights {
  bias: number;
  scale: number;
  weights: Int8Array;
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
  /** What the trees have seen: the feature vector, then the n-gram scores. */
  row: Float32Array;
}

/** Judges one candidate by its feature vector and n-grams. */
export function evaluateGate(gate: Gate, x: ArrayLike<number>, ids: Readonly<NgramIds>): GateAnswer {
  return answerOfTrees(gate, gateRow(gate, x, ids));
}

/** What the trees see of a candidate: its feature vector, and behind it the scores of its n-grams. */
export function gateRow(gate: Pick<Gate, 'scores'>, x: ArrayLike<number>, ids: Readonly<NgramIds>): Float32Array {
  const row = new Float32Array(x.length + gate.scores.length);
  row.set(x);
  for (let i = 0; i < gate.scores.length; i++) {
    const { fields, parts } = gate.scores[i]!;
    let sum = 0;
    for (let j = 0; j < fields.length; j++) sum += scoreOf(parts[j]!, ids[fields[j]!]);
    row[x.length + i] = sum;
  }
  return row;
}

/** What the trees say of a row of {@link gateRow}. */
export function answerOfTrees(gate: Gate, row: Float32Array): GateAnswer {
  const logit = sumOfTrees(gate.secret, row);
  return { logit, probability: sigmoid(logit), placeholder: sigmoid(sumOfTrees(gate.placeholder, row)), row };
}

function scoreOf({ bias, scale, weights }: NgramWeights, ids: Uint16Array): number {
  let points = 0;
  for (let i = 0; i < ids.length; i++) points += weights[ids[i]!]!;
  // Long texts have more n-grams: the norm keeps their sums comparable.
  return bias + (scale * points) / Math.sqrt(Math.max(1, ids.length));
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
      secret: packForest(json.secret, ours.length),
      placeholder: packForest(json.placeholder, ours.length),
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
