import type { Judge, JudgeOptions } from '../classify/index.ts';
import { findingsIn, type Pending } from '../findings/collect.ts';
import { loadRules } from '../rules/rule-set.ts';
import { search } from '../search.ts';
import type { Candidate, Config, Skipped, TextChunk, Verdict, VerdictLabel } from '../types.ts';
import { touches } from '../util/ranges.ts';

export interface InspectOptions {
  config: Config;
  /** Show values in the clear. */
  show: boolean;
  /** False: the language model is not asked. */
  useModel: JudgeOptions['useModel'];
}

/** What came of one text. Plain data: it may come from another thread. */
export interface Inspected {
  found: Pending[];
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

export function createInspector({ config, show, useModel }: InspectOptions): Inspector {
  const rules = loadRules(config);
  let judge: Judge | undefined;
  // What judges is loaded with the first candidate: most commits have none.
  const judgeAll: Judge['judge'] = async (candidates, signal) => {
    if (candidates.length === 0) return [];
    const { createJudge } = await import('../classify/index.ts');
    judge ??= createJudge({ preset: config.preset, modelDir: config.model, device: config.device, useModel });
    return judge.judge(candidates, signal);
  };
  return {
    async inspect(chunk, signal) {
      const { candidates: all, skipped } = search(chunk, rules, config.maxDepth);
      const candidates = all.filter((c) => isNew(c));
      const verdicts = await judgeAll(
        candidates.map((candidate) => candidate.read ?? candidate),
        signal,
      );
      const judged = candidates.map((candidate, i) => ({ candidate, verdict: verdicts[i]! }));
      const found = findingsIn({ chunk, judged, show, config });
      const usedModel = verdicts.some(({ scores }) => scores?.model !== undefined);
      return { found, skipped, verdicts: countLabels(verdicts), decidedBy: countDeciders(verdicts), usedModel };
    },
    notes: () => judge?.notes() ?? [],
    device: () => judge?.device(),
  };
}

/** Only what was added counts, in sources that know; the rest of the text is context. */
function isNew({ chunk, line, endLine }: Candidate): boolean {
  return !chunk.added || touches(chunk.added, line, endLine);
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
