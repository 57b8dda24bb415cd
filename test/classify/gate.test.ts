import { describe, expect, it } from 'vitest';
import { evaluateGate, readGate } from '../../src/classify/gate.ts';
import { sigmoid } from '../../src/classify/stack.ts';
import { NGRAM_BUCKETS, NGRAM_VERSION } from '../../src/features/ngrams.ts';
import { FEATURE_NAMES } from '../../src/features/vector.ts';
import { UserError } from '../../src/util/errors.ts';

const COLUMNS = FEATURE_NAMES.length;

/** The weights of one field: those that are given, all others 0. */
function weights(of: Readonly<Record<number, number>>, scale = 0.5, bias = 0) {
  const bytes = new Int8Array(NGRAM_BUCKETS);
  for (const [id, weight] of Object.entries(of)) bytes[Number(id)] = weight;
  return { bias, scale, weights: Buffer.from(bytes.buffer).toString('base64') };
}

/**
 * Two trees over the features 0 and 1 and the two scores, small enough to follow by hand:
 *
 *     x[0] <= 1.5 ? (score of value <= 2 ? -1 : 2) : 4        and        score of all <= 0 ? 0.25 : 0.5
 */
function gateJson() {
  return {
    format: 1,
    ngramVersion: NGRAM_VERSION,
    features: [...FEATURE_NAMES, 'ngrams value', 'ngrams all'],
    scores: [
      { name: 'value', fields: ['value'], parts: [weights({ 0: 10, 7: -4, 65535: 127 }, 0.5, 1)] },
      {
        name: 'all',
        fields: ['value', 'name', 'line'],
        parts: [weights({ 7: 2 }, 1, -0.5), weights({ 3: -128 }, 0.25), weights({ 9: 6 }, 0.5)],
      },
    ],
    secret: {
      bias: 0.125,
      roots: [0, 2],
      feature: [0, COLUMNS, COLUMNS + 1],
      threshold: [1.5, 2, 0],
      left: [1, ~0, ~3],
      right: [~2, ~1, ~4],
      leaf: [-1, 2, 4, 0.25, 0.5],
    },
    // A tree of one leaf.
    placeholder: { bias: -0.5, roots: [~0], feature: [], threshold: [], left: [], right: [], leaf: [1.5] } as Trees,
  };
}

interface Trees {
  bias: unknown;
  roots: unknown[];
  feature: unknown[];
  threshold: unknown[];
  left: unknown[];
  right: unknown[];
  leaf: unknown[];
}

const read = (json: unknown) => readGate(JSON.stringify(json));
const x = (first: number) => FEATURE_NAMES.map((_, i) => (i === 0 ? first : 0));
const ids = (value: number[], name: number[] = [], line: number[] = []) => ({
  value: Uint16Array.from(value),
  name: Uint16Array.from(name),
  line: Uint16Array.from(line),
});

describe('a gate', () => {
  const gate = read(gateJson());

  it.each<[what: string, logit: number, x: number[], ids: ReturnType<typeof ids>]>([
    // score of value: 1 + 0.5 * 10 / √1 = 6; of all: -0.5
    ['the right leaf below the left', 0.125 + 2 + 0.25, x(1), ids([0])],
    // 1 + 0.5 * (10 - 4) / √2 = 3.12; of all: -0.5 + 2 / √2 = 0.91
    ['sums over the root of how many there are', 0.125 + 2 + 0.5, x(1), ids([0, 7])],
    // 1 + 0.5 * -4 / √4 = 0; of all: -0.5 + 2 / √4 + 0.5 * 6 / √1 = 3.5
    ['the left leaf, and n-grams that weigh nothing', 0.125 - 1 + 0.5, x(1), ids([7, 8, 10, 11], [], [9])],
    // 1 without any; of all: -0.5
    ['no n-grams at all', 0.125 - 1 + 0.25, x(1), ids([])],
    // a threshold belongs to the left
    ['a number that is the threshold', 0.125 - 1 + 0.25, x(1.5), ids([])],
    ['a number right above it', 0.125 + 4 + 0.25, x(Math.fround(1.5000002)), ids([])],
    // 1 + 0.5 * 127 = 64.5: the last bucket; of all: -0.5 + 0.25 * -128 = -32.5, then + 0.5 * 6
    ['weights with their signs', 0.125 + 2 + 0.25, x(0), ids([65535], [3], [9])],
  ])('adds up what its trees say: %s', (_, logit, row, grams) => {
    const before = [...row];
    const answer = evaluateGate(gate, row, grams);
    expect(answer.logit).toBeCloseTo(logit, 12);
    expect(answer.probability).toBeCloseTo(1 / (1 + Math.exp(-logit)), 12);
    // One leaf: the same for every row.
    expect(answer.placeholder).toBeCloseTo(1 / (1 + Math.exp(-1)), 12);
    expect(row).toEqual(before);
    expect(evaluateGate(gate, row, grams)).toEqual(answer);
  });

  it('compares scores in single precision, as the trees were grown', () => {
    const json = gateJson();
    // The score, 1 + 0.5 * 10 / √3, is no number of single precision: what it is rounded to lies above it.
    const exact = 1 + 5 / Math.sqrt(3);
    json.secret.threshold[1] = exact;
    expect(Math.fround(exact)).toBeGreaterThan(exact);
    expect(evaluateGate(read(json), x(0), ids([0, 1, 2])).logit).toBeCloseTo(0.125 + 2 + 0.25, 12);
  });

  it('may have no scores, and no trees', () => {
    const none = { bias: 0.75, roots: [], feature: [], threshold: [], left: [], right: [], leaf: [] };
    const empty = read({ ...gateJson(), features: FEATURE_NAMES, scores: [], secret: none, placeholder: none });
    expect(evaluateGate(empty, x(3), ids([1])).logit).toBe(0.75);
  });
});

describe('sigmoid', () => {
  it('stays between 0 and 1 however far out', () => {
    expect([-1e4, -2, 0, 2, 1e4].map(sigmoid)).toEqual([0, 1 / (1 + Math.exp(2)), 0.5, 1 / (1 + Math.exp(-2)), 1]);
  });
});

type Json = ReturnType<typeof gateJson>;
const DAMAGED = /its trees are damaged/;
const NONE = /numbers that are none/;
const OTHER = /made for other features/;

describe('a damaged gate is refused', () => {
  it.each<[what: string, damage: (json: Json) => unknown, message: RegExp]>([
    ['another format', (json) => ({ ...json, format: 2 }), /its format is 2, this version reads format 1/],
    ['no format', ({ format: _, ...json }) => json, /format is undefined/],
    ['other n-grams', (json) => ({ ...json, ngramVersion: NGRAM_VERSION + 1 }), OTHER],
    ['a feature too few', (json) => ({ ...json, features: json.features.slice(1) }), OTHER],
    ['features in another order', (json) => ({ ...json, features: json.features.toReversed() }), OTHER],
    ['a score that the trees do not know', (json) => ({ ...json, scores: json.scores.slice(1) }), OTHER],
    ['no features', ({ features: _, ...json }) => json, /cannot be used/],
    ['no scores', ({ scores: _, ...json }) => json, /cannot be used/],
    ['scores of an unknown field', (json) => change(json, (j) => j.scores[0]!.fields.fill('path')), /field \(path\)/],
    ['weights cut short', (json) => change(json, (j) => cut(j.scores[0]!.parts[0]!)), /weights are damaged/],
    ['weights with odd letters', (json) => change(json, (j) => spoil(j.scores[1]!.parts[1]!)), /weights are damaged/],
    [
      'weights that are no text',
      (json) => change(json, (j) => (j.scores[0]!.parts[0]!.weights = 7 as never)),
      /cannot/,
    ],
    ['a scale that is none', (json) => change(json, (j) => (j.scores[0]!.parts[0]!.scale = null as never)), NONE],
    ['a bias that is text', (json) => change(json, (j) => (j.scores[0]!.parts[0]!.bias = '1' as never)), NONE],
    ['no trees', ({ secret: _, ...json }) => json, /cannot be used/],
    ['no trees for placeholders', ({ placeholder: _, ...json }) => json, /cannot be used/],
    ['trees without leaves', (json) => trees(json, { leaf: undefined as never }), DAMAGED],
    ['no bias', (json) => trees(json, { bias: undefined }), NONE],
    ['a list that is cut short', (json) => trees(json, { threshold: [1.5, 2] }), DAMAGED],
    ['a list that is too long', (json) => trees(json, { left: [1, ~0, ~3, ~0] }), DAMAGED],
    ['a column that is not there', (json) => trees(json, { feature: [0, COLUMNS, COLUMNS + 2] }), DAMAGED],
    ['a column below zero', (json) => trees(json, { feature: [-1, 0, 0] }), DAMAGED],
    ['half a column', (json) => trees(json, { feature: [0.5, 0, 0] }), DAMAGED],
    ['a node that is its own child', (json) => trees(json, { left: [0, ~0, ~3] }), DAMAGED],
    ['a circle of two nodes', (json) => trees(json, { left: [1, 0, ~3] }), DAMAGED],
    ['a child further back', (json) => trees(json, { right: [~2, ~1, 1] }), DAMAGED],
    ['a child that is not there', (json) => trees(json, { right: [3, ~1, ~4] }), DAMAGED],
    ['a leaf that is not there', (json) => trees(json, { right: [~5, ~1, ~4] }), DAMAGED],
    ['a root that is not there', (json) => trees(json, { roots: [0, 3] }), DAMAGED],
    ['a root that is a leaf that is not there', (json) => trees(json, { roots: [~9] }), DAMAGED],
    ['half a child', (json) => trees(json, { left: [0.5, ~0, ~3] }), DAMAGED],
    ['half a root', (json) => trees(json, { roots: [-0.5] }), DAMAGED],
    ['a child that is text', (json) => trees(json, { left: ['1', ~0, ~3] }), DAMAGED],
    ['a root that is none', (json) => trees(json, { roots: [null] }), DAMAGED],
    ['a leaf too far out for 32 bits', (json) => trees(json, { right: [-2147483649, ~1, ~4] }), DAMAGED],
    ['a field without weights', (json) => change(json, (j) => j.scores[1]!.parts.pop()), /weights are damaged/],
    ['a threshold that is none', (json) => trees(json, { threshold: [1.5, null, 0] }), NONE],
    ['a leaf that is none', (json) => trees(json, { leaf: [-1, 2, null, 0, 0] }), NONE],
    ['a leaf that is text', (json) => trees(json, { leaf: [-1, 2, '4', 0, 0] }), NONE],
  ])('%s', (_, damage, message) => {
    refused(JSON.stringify(damage(gateJson())), message);
  });

  it.each([
    ['nothing', ''],
    ['half a file', JSON.stringify(gateJson()).slice(0, 5000)],
    ['no object', 'null'],
    ['a number that is too large', JSON.stringify(gateJson()).replace('"bias":0.125', '"bias":1e999')],
    ['NaN', JSON.stringify(gateJson()).replace('"threshold":[1.5', '"threshold":[NaN')],
  ])('%s', (_, text) => {
    refused(text, /gate\.json of the model cannot be used: ./);
  });
});

function refused(text: string, message: RegExp): void {
  let error: unknown;
  try {
    readGate(text);
  } catch (caught) {
    error = caught;
  }
  expect(error).toBeInstanceOf(UserError);
  expect((error as UserError).message).toMatch(message);
  expect((error as UserError).hint).toMatch(/./);
}

function change(json: Json, damage: (json: Json) => unknown): Json {
  damage(json);
  return json;
}

function trees(json: Json, of: Partial<Trees>): unknown {
  return { ...json, secret: { ...json.secret, ...of } };
}

function cut(part: { weights: string }): void {
  part.weights = part.weights.slice(0, -8);
}

function spoil(part: { weights: string }): void {
  part.weights = `!!!!${part.weights.slice(4)}`;
}
