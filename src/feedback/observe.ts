import { featuresHash } from '../classify/card.ts';
import { answerOfTrees, type Gate, gateRow } from '../classify/gate.ts';
import { openModel } from '../classify/open-model.ts';
import { PROMPT_VERSION, renderPrompt, withGate } from '../classify/prompt.ts';
import { inBand } from '../classify/stack.ts';
import { features } from '../features/index.ts';
import { ngramIds } from '../features/ngrams.ts';
import { FEATURE_NAMES, featureVector } from '../features/vector.ts';
import type { Candidate, Config, Observation } from '../types.ts';
import { once } from '../util/once.ts';
import { maskedPrompt } from './masked-prompt.ts';

/** Looks at candidates as the model does, for it to learn from what a user says of them. */
export interface Observer {
  /**
   * Holds nothing of the text that the candidate is in. The language model is asked when the observation is wanted.
   * @param others every candidate whose value may not be told
   * @throws UserError when the model is missing or damaged
   */
  observe(candidate: Candidate, others: readonly Candidate[]): Promise<() => Promise<Observation>>;
}

/** @param input.keepPrompts also what the language model reads, all values masked */
export function createObserver(input: {
  config: Pick<Config, 'model' | 'device'>;
  useModel: boolean;
  keepPrompts: boolean;
}): Observer {
  const { config, useModel, keepPrompts } = input;
  const hashOfFeatures = once(featuresHash);
  const opened = once(() =>
    // What there is to say of the device has been said by the scan.
    openModel({
      dir: config.model,
      device: config.device ?? 'auto',
      onNote: () => undefined,
      onDevice: () => undefined,
    }),
  );
  return {
    async observe(found, others) {
      // What is encoded is judged where it can be read.
      const candidate = found.read ?? found;
      const f = features(candidate);
      const { card, gate, ask } = await opened();
      const trees: Gate = await gate();
      const row = gateRow(trees, featureVector({ candidate, features: f }), ngramIds(candidate));
      const { logit, probability } = answerOfTrees(trees, row);
      const isAsked = useModel && card.languageModel !== null && inBand(logit, card.band);
      const question = isAsked ? withGate(renderPrompt(candidate, f), probability) : undefined;
      const observation: Observation = {
        ruleId: candidate.rules[0]!.id,
        syntax: candidate.syntax,
        model: card.version,
        featuresHash: hashOfFeatures(),
        features: [...row.subarray(0, FEATURE_NAMES.length)],
        ngrams: [...row.subarray(FEATURE_NAMES.length)],
        gate: logit,
        promptVersion: PROMPT_VERSION,
        ...(keepPrompts ? { prompt: maskedPrompt({ candidate, others, features: f, probability }) } : {}),
      };
      return async () => {
        const lm = question === undefined ? undefined : await ask(question);
        return lm === undefined ? observation : { ...observation, lm };
      };
    },
  };
}
