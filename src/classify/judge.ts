import { type Features, features } from '../features/index.ts';
import { ngramIds } from '../features/ngrams.ts';
import { featureVector } from '../features/vector.ts';
import type { Candidate, Device, Preset, Verdict } from '../types.ts';
import { once } from '../util/once.ts';
import type { ModelCard } from './card.ts';
import { evaluateGate, type Gate, type GateAnswer, readGate } from './gate.ts';
import type { LanguageModel } from './language-model.ts';
import type { ModelFolder } from './model-folder.ts';
import { leastProbability } from './policies.ts';
import { renderPrompt, withGate } from './prompt.ts';
import { decided, describe } from './reasons.ts';
import { settle } from './settle.ts';
import { calibrated, inBand, modelLogit, sigmoid, stackedLogit, type VerdictLogits } from './stack.ts';

export interface JudgeOptions {
  preset: Preset;
  /** Model folder; absent: the one that ships with the scanner. */
  modelDir?: string | undefined;
  /** `auto` unless told. */
  device?: Device | undefined;
  /** False: the gate decides alone, and no runtime is loaded. */
  useModel?: boolean | undefined;
}

/** Judges candidates. Loads what it needs when a candidate needs it: nothing for what filters and rules settle. */
export interface Judge {
  /**
   * The verdicts, in the order of the candidates. The same candidate always gets the same one: whatever is judged with it
   * or before it.
   * @throws UserError when the model is missing or damaged; the reason of `signal` when that stops it
   */
  judge(candidates: readonly Candidate[], signal?: AbortSignal): Promise<Verdict[]>;
  /** What the user should know: a device that is not there, a machine without the runtime. In words, without a full stop. */
  notes(): string[];
  /** Where the language model runs, once it has been asked. */
  device(): 'cpu' | 'cuda' | undefined;
}

/** Most answers of the language model that are kept: the same line in a thousand files is read once. */
const MOST_ANSWERS = 4096;

export function createJudge(options: JudgeOptions): Judge {
  const { preset, device = 'auto', useModel = true } = options;
  const notes: string[] = [];
  let taken: 'cpu' | 'cuda' | undefined;
  const gate = once(async () => {
    const { MODEL_FILES, openModelFolder } = await import('./model-folder.ts');
    const folder = await openModelFolder({ dir: options.modelDir });
    return { folder, gate: gateOf(folder, await folder.read(MODEL_FILES.gate)) };
  });
  const model = once(async (): Promise<LanguageModel | undefined> => {
    const { loadLanguageModel, NoRuntime } = await import('./language-model.ts');
    const { folder } = await gate();
    try {
      const loaded = await loadLanguageModel({ folder, device });
      if (loaded.warning !== undefined) notes.push(loaded.warning);
      taken = loaded.device;
      return loaded;
    } catch (error) {
      if (!(error instanceof NoRuntime)) throw error;
      notes.push(`the language model cannot run on this machine (${error.message}): the gate judged alone`);
      return undefined;
    }
  });
  const answers = new Map<string, Promise<VerdictLogits>>();

  async function ask(prompt: string): Promise<VerdictLogits | undefined> {
    const loaded = await model();
    if (!loaded) return undefined;
    const known = answers.get(prompt);
    if (known) return known;
    const answer = loaded.logits(prompt);
    answers.set(prompt, answer);
    if (answers.size > MOST_ANSWERS) answers.delete(answers.keys().next().value!);
    return answer;
  }

  async function judgeOne(candidate: Candidate): Promise<Verdict> {
    const f = features(candidate);
    const settled = settle({ candidate, features: f, preset });
    if (settled) return settled;
    const { folder, gate: trees } = await gate();
    const answer = evaluateGate(trees, featureVector({ candidate, features: f }), ngramIds(candidate));
    const { card } = folder;
    const alone = !useModel || card.languageModel === null;
    const inDoubt = !alone && inBand(answer.logit, card.band);
    const logits = inDoubt ? await ask(withGate(renderPrompt(candidate, f), answer.probability)) : undefined;
    const thresholds = alone || (inDoubt && !logits) ? card.gateThresholds : card.thresholds;
    return verdictOf({ candidate, features: f, card, answer, logits, thresholds, preset });
  }

  return {
    async judge(candidates, signal) {
      const verdicts: Verdict[] = [];
      for (const candidate of candidates) {
        signal?.throwIfAborted();
        verdicts.push(await judgeOne(candidate));
      }
      return verdicts;
    },
    notes: () => [...notes],
    device: () => taken,
  };
}

function gateOf(folder: ModelFolder, bytes: Uint8Array): Gate {
  try {
    return readGate(Buffer.from(bytes).toString('utf8'));
  } catch (error) {
    throw folder.problem(`the model in ${folder.dir} cannot be used: ${(error as Error).message}`, error);
  }
}

/** Brings the answers of gate and language model together. `logits`: absent where the gate decides. */
function verdictOf(input: {
  candidate: Candidate;
  features: Features;
  card: ModelCard;
  answer: GateAnswer;
  logits: VerdictLogits | undefined;
  thresholds: Readonly<Record<Preset, number>>;
  preset: Preset;
}): Verdict {
  const { candidate, features: f, card, answer, logits, thresholds, preset } = input;
  const { stack, calibration } = card;
  const model = logits && modelLogit(logits);
  const judged =
    model === undefined
      ? calibrated(answer.logit, calibration.gate)
      : calibrated(stackedLogit({ stack, gateLogit: answer.logit, modelLogit: model }), calibration.model);
  const floor = leastProbability({ syntax: candidate.syntax, features: f });
  const probability = Math.max(judged, floor);
  const isSecret = probability >= thresholds[preset];
  const isPlaceholder = logits ? logits[1] > logits[2] : answer.placeholder > 0.5;
  const by = logits ? 'model' : 'gate';
  const how = floor > judged ? 'it stands where an address has its password' : decided({ by, isSecret });
  return {
    label: isSecret ? 'secret' : isPlaceholder ? 'placeholder' : 'harmless',
    probability: round(probability),
    decidedBy: floor > judged ? 'filter' : by,
    reason: `${describe(candidate, f)}; ${how}`,
    scores: {
      gate: round(answer.probability),
      ...(model === undefined ? {} : { model: round(sigmoid(model)) }),
    },
  };
}

function round(p: number): number {
  return Math.round(p * 1000) / 1000;
}
