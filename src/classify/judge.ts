import { type Features, features } from '../features/index.ts';
import { ngramsOf } from '../features/ngrams.ts';
import { featureVector } from '../features/vector.ts';
import type { Candidate, Device, Preset, Verdict } from '../types.ts';
import { once } from '../util/once.ts';
import { remembered, rememberedByHash } from '../util/remembered.ts';
import type { TextHash } from '../util/text-hash.ts';
import { asSeen, hashAsSeen, hashAtFirstSight } from './as-seen.ts';
import type { ModelCard } from './card.ts';
import { evaluateGate, type GateAnswer } from './gate.ts';
import { type OpenModel, openModel } from './open-model.ts';
import { leastProbability } from './policies.ts';
import { renderPrompt, withGate } from './prompt.ts';
import { decided, describe } from './reasons.ts';
import { dismissed, mayDismiss, type Scout } from './scout.ts';
import { settle } from './settle.ts';
import {
  type Band,
  calibrated,
  inBand,
  modelLogit,
  mostProbable,
  sigmoid,
  stackedLogit,
  type VerdictLogits,
} from './stack.ts';
import { teamShift } from './team.ts';

/** So many answers of each kind are kept: those of all versions of the files of a large repository. */
const MOST_ANSWERS = 32_768;

export interface JudgeOptions {
  preset: Preset;
  /** Model folder; absent: the one that ships with the scanner. */
  modelDir?: string | undefined;
  /** `auto` unless told. */
  device?: Device | undefined;
  /** False: the gate decides alone, and no runtime is loaded. */
  useModel?: boolean | undefined;
  /** Give every candidate its full reason, also those that are dismissed at first sight. The verdicts are the same. */
  explain?: boolean | undefined;
  /** Verdicts of gate and language model with a probability in here come with a question for somebody who knows more. */
  doubtful?: Band | undefined;
}

/** A verdict. `question`: the prompt to ask a large language model, as this one is in doubt. It holds the value. */
export type Judgement = Verdict & { question?: string };

/** Judges candidates. Loads what it needs when a candidate needs it: nothing of the model for what rules settle. */
export interface Judge {
  /**
   * The verdicts, in the order of the candidates. The same candidate always gets the same one: whatever is judged with it
   * or before it.
   * @throws UserError when the model is missing or damaged; the reason of `signal` when that stops it
   */
  judge(candidates: readonly Candidate[], signal?: AbortSignal): Promise<Judgement[]>;
  /** What the user should know: a device that is not there, a machine without the runtime. In words, without a full stop. */
  notes(): string[];
  /** Where the language model runs, once it has been asked. */
  device(): 'cpu' | 'cuda' | undefined;
}

export function createJudge(options: JudgeOptions): Judge {
  const { preset, useModel = true, explain = false, doubtful } = options;
  const notes: string[] = [];
  let device: 'cpu' | 'cuda' | undefined;
  const opened = once(() =>
    openModel({
      ...{ dir: options.modelDir, device: options.device ?? 'auto' },
      onNote: (note) => void notes.push(note),
      onDevice: (taken) => {
        device = taken;
      },
    }),
  );

  async function inFull(candidate: Candidate, f: Features): Promise<Judgement> {
    const settled = settle({ candidate, features: f, preset });
    if (settled) return settled;
    const { card, gate, team, ask } = await opened();
    const answer = evaluateGate(await gate(), featureVector({ candidate, features: f }), ngramsOf(candidate));
    const shift = team ? teamShift(team, answer.row, answer.logit) : 0;
    const alone = !useModel || card.languageModel === null;
    const inDoubt = !alone && inBand(answer.logit, card.band);
    const most = inDoubt
      ? mostProbable({ stack: card.stack, calibration: card.calibration.model, gateLogit: answer.logit, shift })
      : 1;
    // Four of five questions of code: the gate gives so little that no answer makes a secret of it.
    const isRuledOut = most < card.thresholds[preset];
    const prompt = () => withGate(renderPrompt(candidate, f), answer.probability);
    const logits = inDoubt && (explain || !isRuledOut) ? await ask(prompt()) : undefined;
    const thresholds = alone || (inDoubt && !logits && !isRuledOut) ? card.gateThresholds : card.thresholds;
    const verdict = verdictOf({ candidate, features: f, card, answer, logits, shift, most, thresholds, preset });
    return doubtful && isDoubtful(verdict, doubtful) ? { ...verdict, question: prompt() } : verdict;
  }

  const looks = rememberedByHash<Verdict | null>(MOST_ANSWERS);
  function atFirstSight(scout: Scout, candidate: Candidate, f: Features): Verdict | null {
    const hash = hashAtFirstSight(candidate);
    const known = looks.get(hash);
    if (known !== undefined) return known;
    const verdict = dismissed(scout, candidate, f) ?? null;
    looks.set(hash, verdict);
    return verdict;
  }

  const answers = rememberedByHash<Judgement>(MOST_ANSWERS);
  // Of ten answers nine say the same as others do, and are kept once.
  const shared = remembered((verdict) => JSON.parse(verdict) as Judgement, { most: 8192, longest: 1024 });
  async function answer(hash: TextHash, given: Candidate, f: Features): Promise<Judgement> {
    const candidate = asSeen(given);
    const verdict = shared(JSON.stringify(await inFull(candidate, features(candidate, f))));
    answers.set(hash, verdict);
    return verdict;
  }

  return {
    async judge(candidates, signal) {
      const verdicts: Judgement[] = [];
      // Awaited as seldom as can be: nine of ten candidates are done in less time than a promise takes.
      let model: OpenModel | undefined;
      for (const candidate of candidates) {
        signal?.throwIfAborted();
        const f = features(candidate);
        const isOpen = mayDismiss(candidate);
        if (!model && isOpen) model = await opened();
        const first = isOpen && model?.scout && atFirstSight(model.scout, candidate, f);
        if (first && !explain) verdicts.push(first);
        else {
          const hash = hashAsSeen(candidate);
          const full = answers.get(hash) ?? (await answer(hash, candidate, f));
          verdicts.push(first ? withoutDoubt(first, full) : full);
        }
      }
      return verdicts;
    },
    notes: () => [...notes],
    device: () => device,
  };
}

/** What is dismissed is a secret to nobody and in no doubt, whatever is said of it in full. */
function withoutDoubt(first: Verdict, { question: _, ...full }: Judgement): Verdict {
  return full.label === 'secret' ? first : full;
}

function isDoubtful({ decidedBy, probability }: Verdict, { low, high }: Band): boolean {
  return (decidedBy === 'gate' || decidedBy === 'model') && probability >= low && probability <= high;
}

/** Brings the answers of gate and language model together. `logits`: absent where the gate decides. */
function verdictOf(input: {
  candidate: Candidate;
  features: Features;
  card: ModelCard;
  answer: GateAnswer;
  logits: VerdictLogits | undefined;
  /** What a team's decisions add to the calibrated log odds. */
  shift: number;
  /** The probability is not above this. */
  most: number;
  thresholds: Readonly<Record<Preset, number>>;
  preset: Preset;
}): Verdict {
  const { candidate, features: f, card, answer, logits, shift, most, thresholds, preset } = input;
  const { stack, calibration } = card;
  const model = logits && modelLogit(logits);
  const judgedWith = (added: number) =>
    model === undefined
      ? Math.min(most, calibrated(answer.logit, calibration.gate, added))
      : calibrated(stackedLogit({ stack, gateLogit: answer.logit, modelLogit: model }), calibration.model, added);
  const judged = judgedWith(shift);
  const floor = leastProbability({ syntax: candidate.syntax, features: f });
  const probability = Math.max(judged, floor);
  const isSecret = probability >= thresholds[preset];
  const isPlaceholder = logits ? logits[1] > logits[2] : answer.placeholder > 0.5;
  const by = logits ? 'model' : 'gate';
  const byTeam = shift !== 0 && judgedWith(0) >= thresholds[preset] !== judged >= thresholds[preset];
  const how = floor > judged ? 'it stands where an address has its password' : decided({ by, isSecret, byTeam });
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
