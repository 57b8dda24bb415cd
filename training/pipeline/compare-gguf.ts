import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { loadLanguageModel } from '../../src/classify/language-model.ts';
import { MODEL_FILES, type ModelFolder, openModelFolder } from '../../src/classify/model-folder.ts';
import { gateOf, scoutOf } from '../../src/classify/open-model.ts';
import { fitTokens, MAX_TOKENS, renderPrompt, withGate } from '../../src/classify/prompt.ts';
import { inBand, sigmoid } from '../../src/classify/stack.ts';
import { UserError } from '../../src/util/errors.ts';
import { writeWithFolders } from '../../src/util/write-whole.ts';
import { openSplit } from '../data/creddata.ts';
import { readJsonLines } from '../data/record.ts';
import { findAll, scoreAll } from '../evaluation/corpus.ts';
import {
  type Asked,
  type Column,
  compareColumns,
  parityText,
  softmax,
  type TokenCheck,
  tokenCheck,
} from '../evaluation/gguf-parity.ts';
import { type LlamaModel, openLlamaModel } from '../evaluation/llama-model.ts';
import { writeLines } from '../evaluation/score-files.ts';
import { mayRead } from '../evaluation/settings.ts';
import { ggufFile } from './gguf-steps.ts';
import { llamaModule } from './llama.ts';
import type { PipelineContext } from './step.ts';
import { runWorkerOf } from './worker.ts';

/** What is asked on calib: every prompt for its tokens, those in the band for their verdict. */
interface Questions {
  readonly prompts: readonly string[];
  readonly asked: readonly Asked[];
  /** Which candidates are asked about, in words. */
  readonly of: string;
}

/**
 * Holds the GGUF files against the weights that they were made of, on calib: the same tokens for every prompt, and verdicts
 * beside those of the weights and of the ONNX file.
 * @throws UserError when a token differs, or Q8_0 says something else too often
 */
export async function run(context: PipelineContext): Promise<void> {
  const { paths, config, runDir } = context;
  const folder = await openModelFolder({ dir: paths.finished });
  const questions = await questionsOf(context, folder);
  const { prompts, asked, of } = questions;
  const wanted = [...new Set(asked.map(({ prompt }) => prompt))];
  const { ids, weights } = await byWeights(context, { prompts, wanted });
  const tokenOf = new Map(prompts.map((prompt, i) => [prompt, ids[i]!]));
  const small = await byNetwork({ context, folder, prompts, wanted });
  const tokens = [tokenCheck('@huggingface/tokenizers', ids, small.ids)];
  const columns = [weights, small.column];
  const module = await llamaModule(context);
  for (const kind of ['F32', ...config.gguf.quantize]) {
    const path = join(runDir, ggufFile(kind));
    const model = await openLlamaModel({ module, path });
    try {
      // All files have the same vocabulary.
      if (kind === 'F32') tokens.push(tokenCheck('llama.cpp', ids, tokensBy(model, prompts)));
      columns.push(await byLlama({ context, model, wanted, tokenOf, name: `GGUF ${kind}`, path }));
    } finally {
      await model.close();
    }
  }
  const compared = compareColumns({ asked, columns, card: folder.card });
  const cut = wanted.filter((prompt) => tokenOf.get(prompt)!.length > MAX_TOKENS).length;
  const facts = { candidates: asked.length, of, prompts: wanted.length, cut, tokens, columns: compared };
  const text = parityText({ version: `${folder.card.name}, ${folder.card.version}`, ...facts });
  for (const line of text.trim().split('\n')) context.log(line);
  check({ tokens, columns: compared, least: config.gguf.least_agreement });
  writeWithFolders(join(paths.gguf, 'parity.json'), `${JSON.stringify(facts, null, 2)}\n`);
  writeWithFolders(join(paths.gguf, 'parity.txt'), text);
}

function check(input: {
  tokens: readonly TokenCheck[];
  columns: ReturnType<typeof compareColumns>;
  least: number;
}): void {
  const { tokens, columns, least } = input;
  const wrong = tokens.find(({ different }) => different > 0);
  if (wrong) {
    throw new UserError(`${wrong.name} splits ${wrong.different} of ${wrong.prompts} prompts into other tokens`, {
      hint: 'the GGUF files cannot be used with the prompts of the scanner; this is a mistake of the conversion',
    });
  }
  const bad = columns.find(({ name, agreement }) => /(?:F32|Q8_0)$/.test(name) && agreement < least);
  if (bad) {
    throw new UserError(
      `${bad.name} agrees with the weights on ${(100 * bad.agreement).toFixed(2)} % of the verdicts, and at least ${100 * least} % are wanted`,
      { hint: 'see gguf.least_agreement in training/config/default.yaml' },
    );
  }
}

async function questionsOf(context: PipelineContext, folder: ModelFolder): Promise<Questions> {
  const { paths, signal, progress } = context;
  mayRead(context, 'calib');
  const split = openSplit({ creddata: paths.creddata, split: 'calib', purpose: 'calibrate' });
  progress(0, 1, 'candidates of calib');
  const { found, places } = findAll(split, signal);
  const [gate, scout] = [await gateOf(folder), await scoutOf(folder)];
  const { band } = folder.card;
  const { candidates } = await scoreAll({ found, places, gate, scout, band, ask: undefined, signal });
  const rows = found.map(({ candidate, features }, i) => {
    const { gateLogit } = candidates[i]!;
    const plain = renderPrompt(candidate, features);
    return { gateLogit, prompt: gateLogit === null ? plain : withGate(plain, sigmoid(gateLogit)) };
  });
  const judged = rows.flatMap(({ gateLogit, prompt }) => (gateLogit === null ? [] : [{ gateLogit, prompt }]));
  const asked = judged.filter(({ gateLogit }) => inBand(gateLogit, band));
  if (judged.length === 0) {
    throw new UserError(`the gate judges no candidate of calib in ${paths.creddata}: there is nothing to compare on`, {
      hint: 'name a corpus with more labelled code as data.creddata in a file for --config',
    });
  }
  return {
    prompts: [...new Set(rows.map(({ prompt }) => prompt))],
    asked: asked.length > 0 ? asked : judged,
    of: asked.length > 0 ? 'in the band' : 'that the gate judges (the band is empty)',
  };
}

/** What the weights say, in Python. The file of prompts holds values of calib: it is gone afterwards. */
async function byWeights(
  context: PipelineContext,
  { prompts, wanted }: { prompts: readonly string[]; wanted: readonly string[] },
): Promise<{ ids: number[][]; weights: Column }> {
  const { paths, seed, config } = context;
  const files = { prompts: join(paths.gguf, 'prompts.jsonl'), answers: join(paths.gguf, 'answers.jsonl') };
  const asked = new Set(wanted);
  try {
    await writeLines(
      files.prompts,
      prompts.map((prompt) => ({ prompt, ask: asked.has(prompt) })),
    );
    const settings = { seed, threads: config.threads, model: paths.merged, ...files };
    await runWorkerOf({ context, step: 'compare_gguf', worker: 'answer_prompts', settings });
    const ids: number[][] = [];
    const answers = new Map<string, ReturnType<typeof softmax>>();
    for await (const { value } of readJsonLines(files.answers)) {
      const row = value as { ids: number[]; logits: number[] | null };
      if (row.logits) answers.set(prompts[ids.length]!, softmax(row.logits));
      ids.push(row.ids);
    }
    const bytes = statSync(join(paths.merged, 'model.safetensors'), { throwIfNoEntry: false })?.size;
    const name = config.gguf.source === 'run' ? 'weights, fp32' : 'weights, restored from ONNX';
    return { ids, weights: { name, bytes, answers } };
  } finally {
    for (const path of Object.values(files)) rmSync(path, { force: true });
  }
}

/** What the scanner's own code says. */
async function byNetwork(input: {
  context: PipelineContext;
  folder: ModelFolder;
  prompts: readonly string[];
  wanted: readonly string[];
}): Promise<{ ids: number[][]; column: Column }> {
  const { context, folder, prompts, wanted } = input;
  const model = await loadLanguageModel({ folder, device: 'cpu' });
  const answers = new Map<string, ReturnType<typeof softmax>>();
  for (const [i, prompt] of wanted.entries()) {
    context.signal.throwIfAborted();
    answers.set(prompt, softmax(await model.logits(prompt)));
    context.progress(i + 1, wanted.length, 'ONNX');
  }
  const bytes = folder.card.files[MODEL_FILES.network]?.bytes;
  return { ids: prompts.map((prompt) => model.encode(prompt)), column: { name: 'ONNX int8', bytes, answers } };
}

const tokensBy = (model: LlamaModel, prompts: readonly string[]): number[][] =>
  prompts.map((prompt) => model.tokens(prompt));

async function byLlama(input: {
  context: PipelineContext;
  model: LlamaModel;
  wanted: readonly string[];
  tokenOf: ReadonlyMap<string, readonly number[]>;
  name: string;
  path: string;
}): Promise<Column> {
  const { context, model, wanted, tokenOf, name, path } = input;
  const answers = new Map<string, ReturnType<typeof softmax>>();
  for (const [i, prompt] of wanted.entries()) {
    context.signal.throwIfAborted();
    answers.set(prompt, await model.probabilities(fitTokens(tokenOf.get(prompt)!)));
    context.progress(i + 1, wanted.length, name);
  }
  return { name, bytes: statSync(path).size, answers };
}
