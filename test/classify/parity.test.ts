/**
 * The numbers of a dozen made-up candidates, pinned in fixtures/parity.json: features, n-grams, prompts, and what the
 * shipped model says of them. A model is bound to these numbers; whoever changes them trains a new one. The model's part
 * was computed in Python (tokenizers, onnxruntime, the gate's trees) and is computed here by the scanner.
 *
 * To write the file again: `UPDATE_PARITY=1 npx vitest run test/classify/parity.test.ts`; with a shipped model, also
 * `SSS_TRAIN_PYTHON` must name a Python that has what training/requirements.txt lists.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { evaluateGate, readGate } from '../../src/classify/gate.ts';
import { loadLanguageModel } from '../../src/classify/language-model.ts';
import { MODEL_FILES, type ModelFolder, openModelFolder, shippedModel } from '../../src/classify/model-folder.ts';
import { fitTokens, PROMPT_VERSION, renderPrompt } from '../../src/classify/prompt.ts';
import type { VerdictLogits } from '../../src/classify/stack.ts';
import { features } from '../../src/features/index.ts';
import { NGRAM_FIELDS, NGRAM_VERSION, ngramIds } from '../../src/features/ngrams.ts';
import { FEATURE_NAMES, featureVector } from '../../src/features/vector.ts';
import { fillExample } from '../../src/rules/examples.ts';
import type { Candidate } from '../../src/types.ts';
import { candidates, everyRule } from '../candidates/found.ts';
import { runPython, SCRIPTS, trainPython } from '../training/workers/python.ts';
import { PARITY_CASES, type ParityCase } from './parity-cases.ts';

/** Of a feature, relative: single precision, and logarithms that differ in their last digit. */
const OF_FEATURE = 1e-6;
/** Of a logit of the gate and of a probability of a placeholder: sums in another order. */
const OF_GATE = 1e-5;
/** Of a logit of the network: eight-bit steps that another processor rounds the other way. */
const OF_NETWORK = 0.05;

const FILE = join(import.meta.dirname, '../../fixtures/parity.json');
const UPDATE = process.env.UPDATE_PARITY === '1';

interface Answer {
  id: string;
  /** Null for a model that is a gate alone. */
  tokens: number[] | null;
  logits: VerdictLogits | null;
  gate: number;
  placeholder: number;
}

interface Fixture {
  promptVersion: number;
  ngramVersion: number;
  featureCount: number;
  cases: {
    id: string;
    /** Those that are not 0, by name. */
    features: Record<string, number>;
    /** By field: how many, and the CRC-32 of the little-endian bytes of their numbers. */
    ngrams: Record<string, readonly [count: number, crc32: number]>;
    /** Its lines, the value as {{value}}: nothing that looks like a live token is stored. */
    prompt: readonly string[];
  }[];
  /** Null until there is a shipped model. */
  model: { name: string; version: string; answers: Answer[] } | null;
}

function candidateOf({ path, text, id }: ParityCase): Candidate {
  const filled = fillExample(text);
  const start = filled.indexOf('«');
  const found = candidates(filled.replace(/[«»]/g, ''), { path, rules: everyRule });
  const candidate = found.find((one) => one.start === start && one.end === filled.indexOf('»') - 1);
  if (!candidate) throw new Error(`the value of ${id} is no candidate, but ${found.map(({ value }) => value)}`);
  return candidate;
}

function bytesOf(ids: Uint16Array): Buffer {
  const bytes = Buffer.alloc(ids.length * 2);
  ids.forEach((id, i) => {
    bytes.writeUInt16LE(id, 2 * i);
  });
  return bytes;
}

const CASES = PARITY_CASES.map((one) => {
  const candidate = candidateOf(one);
  const f = features(candidate);
  const x = featureVector({ candidate, features: f });
  return { id: one.id, value: candidate.value, x, ngrams: ngramIds(candidate), prompt: renderPrompt(candidate, f) };
});

/** What of the value a prompt shows. */
const shown = (value: string) => (value.length <= 48 ? value : `${value.slice(0, 40)}…${value.slice(-8)}`);

function pinned({ id, value, x, ngrams, prompt }: (typeof CASES)[number]): Fixture['cases'][number] {
  return {
    id,
    features: Object.fromEntries(FEATURE_NAMES.flatMap((name, i) => (x[i] === 0 ? [] : [[name, x[i]!]]))),
    ngrams: Object.fromEntries(
      NGRAM_FIELDS.map((field) => [field, [ngrams[field].length, crc32(bytesOf(ngrams[field]))]] as const),
    ),
    prompt: prompt.replace(shown(value), () => '{{value}}').split('\n'),
  };
}

/** What the shipped model says of the cases, computed in Python. */
function answersOfPython(dir: string): Answer[] {
  const python = trainPython('numpy, scipy, torch, tokenizers, onnxruntime');
  if ('missing' in python) throw new Error(`the model's part is made by Python: ${python.missing}`);
  const folder = mkdtempSync(join(tmpdir(), 'sss-parity-'));
  try {
    const rows = CASES.map(({ id, prompt, x, ngrams }) => {
      const packed = Object.fromEntries(
        NGRAM_FIELDS.map((field) => [field, bytesOf(ngrams[field]).toString('base64')]),
      );
      return JSON.stringify({ id, prompt, x, ngrams: packed });
    });
    writeFileSync(join(folder, 'cases.jsonl'), `${rows.join('\n')}\n`, { mode: 0o600 });
    const out = runPython(python.path, [SCRIPTS.modelAnswers, dir, join(folder, 'cases.jsonl')]);
    return out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** One case a line and its parts: what changed is seen in a diff. */
function written({ cases, model, ...fixture }: Fixture): string {
  const list = (rows: readonly unknown[]) => `[\n    ${rows.map((row) => JSON.stringify(row)).join(',\n    ')}\n  ]`;
  const head = JSON.stringify(fixture, null, 2).slice(0, -2);
  const { answers, ...of } = model ?? { answers: [] };
  const told = model ? `${JSON.stringify(of).slice(0, -1)},"answers":${list(answers)}}` : 'null';
  return `${head},\n  "cases": ${list(cases)},\n  "model": ${told}\n}\n`;
}

const dir = shippedModel();
const hasModel = existsSync(dir);

if (UPDATE) {
  const { name, version } = hasModel ? (await openModelFolder({ dir })).card : { name: '', version: '' };
  const fixture: Fixture = {
    promptVersion: PROMPT_VERSION,
    ngramVersion: NGRAM_VERSION,
    featureCount: FEATURE_NAMES.length,
    cases: CASES.map(pinned),
    model: hasModel ? { name, version, answers: answersOfPython(dir) } : null,
  };
  writeFileSync(FILE, written(fixture));
}
const fixture = JSON.parse(readFileSync(FILE, 'utf8')) as Fixture;
const AGAIN = 'fixtures/parity.json is of another version: write it again (see the top of this file)';

describe('fixtures/parity.json', () => {
  it('is of this version, and has every case', () => {
    const { promptVersion, ngramVersion, featureCount } = fixture;
    expect({ promptVersion, ngramVersion, featureCount }, AGAIN).toEqual({
      promptVersion: PROMPT_VERSION,
      ngramVersion: NGRAM_VERSION,
      featureCount: FEATURE_NAMES.length,
    });
    expect(fixture.cases.map(({ id }) => id)).toEqual(PARITY_CASES.map(({ id }) => id));
  });

  it('holds no value that looks like a secret', () => {
    const text = readFileSync(FILE, 'utf8');
    for (const { value } of CASES) expect(text).not.toContain(value);
  });

  it.each(CASES.map((one, i) => [one.id, one, i] as const))('is what the scanner computes of %s', (_, one, i) => {
    const was = fixture.cases[i]!;
    const is = pinned(one);
    expect(is.prompt).toEqual(was.prompt);
    expect(is.ngrams).toEqual(was.ngrams);
    expect(Object.keys(is.features)).toEqual(Object.keys(was.features));
    const apart = Object.entries(is.features).filter(
      ([name, number]) => Math.abs(number - was.features[name]!) > OF_FEATURE * Math.max(1, Math.abs(number)),
    );
    expect(apart).toEqual([]);
  });
});

if (!hasModel) console.info(`skipped: what the model says is not compared, there is no ${dir}`);
describe.skipIf(!hasModel)('the shipped model', () => {
  let folder: ModelFolder;
  let answers: Answer[];
  beforeAll(async () => {
    folder = await openModelFolder({ dir });
    const { name, version } = folder.card;
    expect({ name: fixture.model?.name, version: fixture.model?.version }, AGAIN).toEqual({ name, version });
    answers = fixture.model!.answers;
    expect(answers.map(({ id }) => id)).toEqual(PARITY_CASES.map(({ id }) => id));
  });

  it('has a gate that says in the scanner what it says in Python', async () => {
    const gate = readGate(Buffer.from(await folder.read(MODEL_FILES.gate)).toString('utf8'));
    for (const [i, { x, ngrams }] of CASES.entries()) {
      const { logit, placeholder } = evaluateGate(gate, x, ngrams);
      expect(Math.abs(logit - answers[i]!.gate), `gate of ${answers[i]!.id}`).toBeLessThan(OF_GATE);
      expect(Math.abs(placeholder - answers[i]!.placeholder), `placeholder of ${answers[i]!.id}`).toBeLessThan(OF_GATE);
    }
  });

  it('reads the tokens in the scanner that it reads in Python, and answers alike', async () => {
    if (folder.card.languageModel === null) {
      expect(answers.every(({ tokens, logits }) => tokens === null && logits === null)).toBe(true);
      return;
    }
    const model = await loadLanguageModel({ folder, device: 'cpu' });
    for (const [i, { prompt }] of CASES.entries()) {
      const { id, tokens, logits } = answers[i]!;
      expect(fitTokens(model.encode(prompt), folder.card.languageModel.maxTokens), `tokens of ${id}`).toEqual(tokens);
      const ours = await model.logits(prompt);
      const gaps = ours.map((logit, j) => Math.abs(logit - logits![j]!));
      expect(Math.max(...gaps), `logits of ${id}`).toBeLessThan(OF_NETWORK);
    }
  });
});
