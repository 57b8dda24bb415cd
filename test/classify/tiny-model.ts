import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';
import { featuresHash, type ModelCard } from '../../src/classify/card.ts';
import { answerOf, MAX_TOKENS, PROMPT_VERSION, VERDICT_WORDS } from '../../src/classify/prompt.ts';
import { SCOUT_FEATURES } from '../../src/classify/scout.ts';
import { NGRAM_VERSION } from '../../src/features/ngrams.ts';
import { FEATURE_NAMES } from '../../src/features/vector.ts';
import { meanNetwork } from './onnx.ts';

/** `feature` at most `at`: the points of `low`, else those of `high`. */
type Stump = readonly [feature: string, at: number, low: number, high: number];

function forest(bias: number, stumps: readonly Stump[], features = FEATURE_NAMES) {
  return {
    bias,
    roots: stumps.map((_, i) => i),
    feature: stumps.map(([feature]) => {
      const column = features.indexOf(feature);
      if (column < 0) throw new Error(`no feature is called ${feature}`);
      return column;
    }),
    threshold: stumps.map(([, at]) => at),
    left: stumps.map((_, i) => ~(2 * i)),
    right: stumps.map((_, i) => ~(2 * i + 1)),
    leaf: stumps.flatMap(([, , low, high]) => [low, high]),
  };
}

/** A gate made by hand: credential names and unusual values speak for a secret, words of examples against it. */
function gateText(): string {
  const named = ['password', 'secret', 'private-key', 'api-key', 'token', 'auth'];
  const secret = forest(-3, [
    ...named.map((kind): Stump => [`name is ${kind}`, 0.5, 0, 3]),
    ['name describes', 0.5, 0, -4],
    ['rarity', 5, 0, 2],
    ['digits', 0.5, -1, 1.5],
    ['syntax is url', 0.5, 0, 2],
    ['placeholder word', 0.5, 0, -5],
    ['code words', 0.5, 0, -5],
    ['like name', 0.5, 0, -5],
    ['value is uuid', 0.5, 0, -1.5],
  ]);
  const placeholder = forest(-2, [
    ['placeholder word', 0.5, 0, 4],
    ['code words', 0.5, 0, 4],
    ['like name', 0.5, 0, 4],
  ]);
  return JSON.stringify({
    format: 1,
    ngramVersion: NGRAM_VERSION,
    features: FEATURE_NAMES,
    scores: [],
    secret,
    placeholder,
  });
}

/** A scout made by hand, over the features that it sees: what has fewer than `least` points is dismissed. */
export function scoutText(stumps: readonly Stump[] = [], least = -1): string {
  return JSON.stringify({ format: 1, features: SCOUT_FEATURES, least, forest: forest(0, stumps, SCOUT_FEATURES) });
}

/** The characters that stand for the 256 bytes in byte-level vocabularies, by byte. */
function byteCharacters(): string[] {
  let next = 256;
  return Array.from({ length: 256 }, (_, byte) => {
    const isPlain = (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
    return String.fromCodePoint(isPlain ? byte : next++);
  });
}

/** Ids 0 to 255 are the bytes, then come the three answers. */
export const VERDICT_TOKENS = [256, 257, 258] as const;

/** A byte-level tokenizer without merges. */
export function tokenizerText(answers: readonly string[] = VERDICT_WORDS.map(answerOf)): string {
  const flags = { single_word: false, lstrip: false, rstrip: false, normalized: false, special: false };
  return JSON.stringify({
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: answers.map((content, i) => ({ id: VERDICT_TOKENS[i], content, ...flags })),
    normalizer: null,
    pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: false, use_regex: false },
    post_processor: null,
    decoder: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: false, use_regex: false },
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      fuse_unk: false,
      byte_fallback: false,
      vocab: Object.fromEntries(byteCharacters().map((character, byte) => [character, byte])),
      merges: [],
    },
  });
}

/** Digits and capitals speak for a secret, small letters for a placeholder, all else for something harmless. */
function network(): Uint8Array {
  const rows = Array.from({ length: 259 }, (_, id): [number, number, number] => {
    if ((id >= 48 && id <= 57) || (id >= 65 && id <= 90)) return [9, 0, -3];
    return id >= 97 && id <= 122 ? [0, 1, 0] : [0, 0, 1.5];
  });
  return meanNetwork(rows);
}

const made: string[] = [];
afterAll(() => {
  for (const dir of made) rmSync(dir, { recursive: true, force: true });
});

export interface TinyOptions {
  band?: ModelCard['band'];
  languageModel?: boolean;
  /** Laid over the card as it is written. */
  card?: Record<string, unknown>;
  /** Instead of what would be written; the card lists what is there. */
  files?: Record<string, string | Uint8Array>;
}

/** Writes a model folder into a temporary place, gone after the tests of the file; returns its path. */
export function tinyModel(options: TinyOptions = {}): string {
  const { band = { low: 0.2, high: 0.8 }, languageModel = true } = options;
  const dir = mkdtempSync(join(tmpdir(), 'sss-model-'));
  made.push(dir);
  const parts: Record<string, string | Uint8Array> = languageModel
    ? {
        'onnx/model_quantized.onnx': network(),
        'tokenizer.json': tokenizerText(),
        'tokenizer_config.json': JSON.stringify({ tokenizer_class: 'PreTrainedTokenizerFast' }),
        'config.json': JSON.stringify({ model_type: 'llama' }),
      }
    : {};
  const files = { 'gate.json': gateText(), 'scout.json': scoutText(), ...parts, ...options.files };
  for (const [name, content] of Object.entries(files)) writeFile(join(dir, name), content);
  const card: ModelCard = {
    format: 1,
    name: 'tiny',
    version: 'test',
    files: Object.fromEntries(Object.keys(files).map((name) => [name, listed(join(dir, name))])),
    featuresHash: featuresHash(),
    promptVersion: PROMPT_VERSION,
    languageModel: languageModel ? { maxTokens: MAX_TOKENS, verdictTokens: VERDICT_TOKENS } : null,
    band,
    stack: { bias: 0, gate: 0.5, model: 1 },
    calibration: { model: { a: 1, b: 0 }, gate: { a: 1, b: 0 } },
    thresholds: { strict: 0.8, balanced: 0.5, wide: 0.2 },
    gateThresholds: { strict: 0.85, balanced: 0.55, wide: 0.25 },
    metrics: {},
  };
  writeFile(join(dir, 'card.json'), JSON.stringify({ ...card, ...options.card }));
  return dir;
}

function writeFile(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

function listed(path: string): { sha256: string; bytes: number } {
  const bytes = readFileSync(path);
  return { sha256: createHash('sha256').update(bytes).digest('hex'), bytes: bytes.length };
}
