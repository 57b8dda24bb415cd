import { createHash } from 'node:crypto';
import { NGRAM_BUCKETS, NGRAM_FIELDS, NGRAM_VERSION } from '../features/ngrams.ts';
import { FEATURE_NAMES } from '../features/vector.ts';
import type { Preset } from '../types.ts';
import type { Band, Calibration, Stack } from './stack.ts';

/** `card.json` of a model folder: what belongs to the model, and how its numbers become verdicts. */
export interface ModelCard {
  format: 1;
  name: string;
  /** Of the run that made it. */
  version: string;
  /** The files of the folder by their path in there; SHA-256 in lower-case hexadecimal digits. */
  files: Readonly<Record<string, { sha256: string; bytes: number }>>;
  /** See {@link featuresHash}. */
  featuresHash: string;
  promptVersion: number;
  /** Null: the gate judges alone. `verdictTokens` in the order of `VERDICT_WORDS`. */
  languageModel: { maxTokens: number; verdictTokens: readonly [number, number, number] } | null;
  band: Band;
  stack: Stack;
  /** `model` for stacked logits, `gate` outside the band and without the language model. */
  calibration: { model: Calibration; gate: Calibration };
  /** Least calibrated probability at which a candidate is called a secret. */
  thresholds: Readonly<Record<Preset, number>>;
  /** The same where the gate judges alone. */
  gateThresholds: Readonly<Record<Preset, number>>;
  /** Measured when it was made; of no use to the scanner. */
  metrics: Readonly<Record<string, unknown>>;
  /** The model that a team's decisions were added to: what its folder lacks are the files of that one. */
  parent?: { name: string; version: string };
}

/** What a gate is bound to: the names of the features in their order, and how n-grams are hashed. SHA-256, hexadecimal. */
export function featuresHash(): string {
  const ngrams = { version: NGRAM_VERSION, buckets: NGRAM_BUCKETS, fields: NGRAM_FIELDS };
  return createHash('sha256')
    .update(`${FEATURE_NAMES.join('\n')}\n${JSON.stringify(ngrams)}`)
    .digest('hex');
}

/**
 * Reads `card.json`. Keys that this version does not know are left alone.
 * @throws Error that says which key is wrong, for the caller to name the file
 */
export function parseCard(text: string): ModelCard {
  const card = table(JSON.parse(text), 'it');
  if (card.format !== 1)
    throw new Error(`its format is ${JSON.stringify(card.format)}, and this version reads format 1`);
  const calibration = table(card.calibration, 'calibration');
  return {
    format: 1,
    name: string(card.name, 'name'),
    version: string(card.version, 'version'),
    files: filesOf(table(card.files, 'files')),
    featuresHash: digest(card.featuresHash, 'featuresHash'),
    promptVersion: number(card.promptVersion, 'promptVersion'),
    languageModel: languageModelOf(card.languageModel),
    band: numbers(card.band, 'band', ['low', 'high']),
    stack: numbers(card.stack, 'stack', ['bias', 'gate', 'model']),
    calibration: {
      model: numbers(calibration.model, 'calibration.model', ['a', 'b']),
      gate: numbers(calibration.gate, 'calibration.gate', ['a', 'b']),
    },
    thresholds: thresholdsOf(card.thresholds, 'thresholds'),
    gateThresholds: thresholdsOf(card.gateThresholds, 'gateThresholds'),
    metrics: card.metrics === undefined ? {} : table(card.metrics, 'metrics'),
    ...(card.parent === undefined ? {} : { parent: parentOf(table(card.parent, 'parent')) }),
  };
}

function table(value: unknown, key: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new Error(`${key} must be an object`);
}

function string(value: unknown, key: string): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new Error(`${key} must be a text`);
}

function number(value: unknown, key: string): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw new Error(`${key} must be a number`);
}

function count(value: unknown, key: string): number {
  if (Number.isSafeInteger(value) && (value as number) >= 0) return value as number;
  throw new Error(`${key} must be a whole number`);
}

function digest(value: unknown, key: string): string {
  if (typeof value === 'string' && /^[0-9a-f]{64}$/.test(value)) return value;
  throw new Error(`${key} must be a SHA-256 digest`);
}

function numbers<const K extends string>(value: unknown, key: string, names: readonly K[]): Record<K, number> {
  const given = table(value, key);
  return Object.fromEntries(names.map((name) => [name, number(given[name], `${key}.${name}`)])) as Record<K, number>;
}

function filesOf(files: Record<string, unknown>): ModelCard['files'] {
  return Object.fromEntries(
    Object.entries(files).map(([name, value]) => {
      const steps = name.split('/');
      if (!steps.every((step) => /^[\w-][\w.-]*$/.test(step))) throw new Error('files names a file outside the folder');
      const { sha256, bytes } = table(value, `files["${name}"]`);
      return [
        name,
        { sha256: digest(sha256, `files["${name}"].sha256`), bytes: count(bytes, `files["${name}"].bytes`) },
      ];
    }),
  );
}

function parentOf(given: Record<string, unknown>): { name: string; version: string } {
  return { name: string(given.name, 'parent.name'), version: string(given.version, 'parent.version') };
}

function languageModelOf(value: unknown): ModelCard['languageModel'] {
  if (value === null) return null;
  const given = table(value, 'languageModel');
  const maxTokens = count(given.maxTokens, 'languageModel.maxTokens');
  if (maxTokens < 32) throw new Error('languageModel.maxTokens must be 32 or more');
  const tokens = given.verdictTokens;
  if (!Array.isArray(tokens) || tokens.length !== 3)
    throw new Error('languageModel.verdictTokens must be three numbers');
  const [secret, placeholder, harmless] = tokens.map((id) => count(id, 'languageModel.verdictTokens'));
  return { maxTokens, verdictTokens: [secret!, placeholder!, harmless!] };
}

/** A wider preset must report what a narrower one does. */
function thresholdsOf(value: unknown, key: string): Record<Preset, number> {
  const given = numbers(value, key, ['strict', 'balanced', 'wide']);
  const { strict, balanced, wide } = given;
  if (strict <= 1 && strict >= balanced && balanced >= wide && wide > 0) return given;
  throw new Error(`${key} must fall from strict over balanced to wide, between 1 and 0`);
}
