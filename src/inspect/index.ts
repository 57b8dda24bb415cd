import type { Judge, JudgeOptions } from '../classify/index.ts';
import { findingsIn, type Pending } from '../findings/collect.ts';
import type { Unsettled } from '../findings/doubtful.ts';
import { isNew } from '../search.ts';
import type { Config, Preset, Skipped, TextChunk, Verdict, VerdictLabel } from '../types.ts';
import { searchInForce } from './in-force.ts';

export interface InspectOptions {
  config: Config;
  /** Show values in the clear. */
  show: boolean;
  /** False: the language model is not asked. */
  useModel: JudgeOptions['useModel'];
  /** Verdicts with a probability in here are left open: somebody else is asked. */
  doubtful?: JudgeOptions['doubtful'];
}

/** What came of one text. Plain data: it may come from another thread. */
export interface Inspected {
  found: Pending[];
  /** All that may be found, where verdicts are left open; then `found` is empty. */
  unsettled?: Unsettled[];
  skipped: Skipped[];
  /** Candidates by verdict label. */
  verdicts: Record<VerdictLabel, number>;
  /** Candidates by what settled them. */
  decidedBy: Partial<Record<Verdict['decidedBy'], number>>;
  /** The language model was asked: on another device it may answer otherwise. */
  usedModel: boolean;
}

/** Searches texts and judges what it finds there. What comes of a text depends on nothing but that text. */
export interface Inspector {
  /** @throws UserError when the model cannot be used; the reason of `signal` when that stops it */
  inspect(chunk: TextChunk, signal?: AbortSignal): Promise<Inspected>;
  /** What the user should know of how it was judged. */
  notes(): string[];
  /** Where the language model runs, once it has been asked. */
  device(): 'cpu' | 'cuda' | undefined;
}

export function createInspector({ config, show, useModel, doubtful }: InspectOptions): Inspector {
  const searched = searchInForce(config);
  const judges = new Map<Preset, Judge>();
  // What judges is loaded with the first candidate: most commits have none.
  const judgeFor = async (preset: Preset): Promise<Judge> => {
    const { createJudge } = await import('../classify/index.ts');
    const judge =
      judges.get(preset) ?? createJudge({ preset, modelDir: config.model, device: config.device, useModel, doubtful });
    judges.set(preset, judge);
    return judge;
  };
  return {
    async inspect(chunk, signal) {
      const { config: inForce, candidates: all, skipped } = await searched(chunk);
      const candidates = all.filter(isNew);
      if (candidates.length === 0) return nothing(skipped);
      const { preset, allow } = inForce;
      const verdicts = await (await judgeFor(preset)).judge(
        candidates.map((candidate) => candidate.read ?? candidate),
        signal,
      );
      const judged = candidates.map((candidate, i) => ({ candidate, verdict: verdicts[i]! }));
      const allowHere = allow === config.allow ? undefined : allow.filter(({ below }) => below !== undefined);
      const text = { chunk, judged, show, config: inForce, allowHere };
      const usedModel = verdicts.some(({ scores }) => scores?.model !== undefined);
      const counts = { verdicts: countLabels(verdicts), decidedBy: countDeciders(verdicts), usedModel };
      if (!verdicts.some(({ question }) => question !== undefined)) {
        return { found: findingsIn(text), skipped, ...counts };
      }
      const { unsettledIn } = await import('../findings/doubtful.ts');
      return { found: [], unsettled: unsettledIn(text), skipped, ...counts };
    },
    notes: () => [...new Set([...judges.values()].flatMap((judge) => judge.notes()))],
    device: () => [...judges.values()].map((judge) => judge.device()).find((device) => device !== undefined),
  };
}

function nothing(skipped: Skipped[]): Inspected {
  return { found: [], skipped, verdicts: countLabels([]), decidedBy: {}, usedModel: false };
}

function countLabels(verdicts: readonly Verdict[]): Inspected['verdicts'] {
  const counts = { secret: 0, placeholder: 0, harmless: 0 };
  for (const { label } of verdicts) counts[label]++;
  return counts;
}

function countDeciders(verdicts: readonly Verdict[]): Inspected['decidedBy'] {
  const counts: Inspected['decidedBy'] = {};
  for (const { decidedBy } of verdicts) counts[decidedBy] = (counts[decidedBy] ?? 0) + 1;
  return counts;
}
