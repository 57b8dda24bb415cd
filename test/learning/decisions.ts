import { createHash } from 'node:crypto';
import { dirname } from 'node:path';
import { featuresHash } from '../../src/classify/card.ts';
import { evaluateGate } from '../../src/classify/gate.ts';
import { createJudge } from '../../src/classify/index.ts';
import { openModel } from '../../src/classify/open-model.ts';
import { PROMPT_VERSION, renderPrompt, withGate } from '../../src/classify/prompt.ts';
import { inBand } from '../../src/classify/stack.ts';
import { features } from '../../src/features/index.ts';
import { ngramIds } from '../../src/features/ngrams.ts';
import { FEATURE_NAMES, featureVector } from '../../src/features/vector.ts';
import { maskedPrompt } from '../../src/feedback/masked-prompt.ts';
import { fingerprint } from '../../src/findings/fingerprint.ts';
import { search } from '../../src/search.ts';
import type { Candidate, FeedbackRecord, Preset, Verdict } from '../../src/types.ts';
import { shippedRules } from '../../training/data/candidates.ts';
import { chunkOf } from '../../training/data/creddata.ts';
import type { MadeFile } from './team.ts';

/** A finding in a made-up file, and what somebody who knows the team would say of it. */
export interface Judged {
  candidate: Candidate;
  verdict: Verdict;
  isSecret: boolean;
}

/** What a model says of every candidate of some files. */
export async function judgeFiles(
  files: readonly MadeFile[],
  model?: string,
  preset: Preset = 'balanced',
): Promise<Judged[]> {
  const judge = createJudge({ preset, modelDir: model, device: 'cpu' });
  const judged: Judged[] = [];
  for (const { path, text, secrets } of files) {
    const { candidates } = search(chunkOf({ path, text }), shippedRules());
    const verdicts = await judge.judge(candidates.map((candidate) => candidate.read ?? candidate));
    for (const [i, candidate] of candidates.entries()) {
      const isSecret = secrets.some(([start, end]) => candidate.start < end && candidate.end > start);
      judged.push({ candidate, verdict: verdicts[i]!, isSecret });
    }
  }
  return judged;
}

/**
 * Writes decisions down as `sss triage` does, with what the shipped model says.
 * @param input.keepPrompts as `sss triage --keep-prompts` does
 */
export async function decisionMaker({
  keepPrompts = false,
} = {}): Promise<(found: Judged, label?: FeedbackRecord['label']) => Promise<FeedbackRecord>> {
  const { card, gate, ask } = await openModel({ dir: undefined, device: 'cpu', onNote: () => {}, onDevice: () => {} });
  return async ({ candidate, isSecret }, label = isSecret ? 'secret' : 'harmless') => {
    const f = features(candidate);
    const x = featureVector({ candidate, features: f });
    const answer = evaluateGate(await gate(), x, ngramIds(candidate));
    const lm = inBand(answer.logit, card.band)
      ? await ask(withGate(renderPrompt(candidate, f), answer.probability))
      : undefined;
    const { logicalPath } = candidate.chunk;
    const ruleId = candidate.rules[0]!.id;
    return {
      v: 1,
      id: fingerprint({ ruleId, logicalPath, value: candidate.value, key: 'test' }),
      at: '2026-11-21T12:00:00Z',
      label,
      decision: label === 'secret' ? 'accept' : label === 'placeholder' ? 'placeholder' : 'false-alarm',
      ruleId,
      syntax: candidate.syntax,
      folder: createHash('sha256')
        .update(`test ${dirname(logicalPath)}`)
        .digest('hex')
        .slice(0, 16),
      model: card.version,
      featuresHash: featuresHash(),
      features: [...x],
      ngrams: [...answer.row.slice(FEATURE_NAMES.length)],
      gate: answer.logit,
      promptVersion: PROMPT_VERSION,
      ...(lm ? { lm } : {}),
      ...(keepPrompts
        ? { prompt: maskedPrompt({ candidate, others: [candidate], features: f, probability: answer.probability }) }
        : {}),
    };
  };
}
