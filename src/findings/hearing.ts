import type { SecondOpinions } from '../llm/second-opinions.ts';
import type { JudgeCounts, Verdict, VerdictLabel } from '../types.ts';
import type { Collector, Pending } from './collect.ts';
import { settledIn, type Unsettled } from './doubtful.ts';

/** Gathers what comes of texts in their order, and asks about what is in doubt meanwhile. */
export interface Hearing {
  add(found: readonly Pending[], unsettled: readonly Unsettled[] | undefined): void;
  /**
   * Waits for what has been asked, and gives everything to the collector.
   * @param input.counts of candidates: those that were judged are counted anew
   */
  end(input: {
    counts: Counts;
    onProgress?: (done: { answered: number; asked: number }) => void;
  }): Promise<JudgeCounts>;
}

interface Counts {
  verdicts: Record<VerdictLabel, number>;
  decidedBy: Partial<Record<Verdict['decidedBy'], number>>;
}

/** Opens what collects findings while a judge is asked about those in doubt. */
export function openHearing(input: {
  judge: SecondOpinions;
  collected: Collector;
  signal: AbortSignal | undefined;
}): Hearing {
  const { judge, collected, signal } = input;
  const texts: { found: readonly Pending[]; unsettled: readonly Unsettled[] }[] = [];
  return {
    add(found, unsettled = []) {
      if (found.length === 0 && unsettled.length === 0) return;
      texts.push({ found, unsettled });
      for (const { question } of unsettled) if (question !== undefined) judge.ask(question, signal);
    },
    async end({ counts, onProgress }) {
      const opinions = await judge.opinions(onProgress);
      const heard = { name: judge.name, inDoubt: 0, judged: 0, raised: 0, dropped: 0 };
      for (const { found, unsettled } of texts) {
        const settled = settledIn({ unsettled, opinions, name: judge.name });
        collected.add(found);
        collected.add(settled.found);
        for (const { before, after } of settled.doubts) {
          heard.inDoubt++;
          if (after.decidedBy !== 'judge') continue;
          heard.judged++;
          if (after.label === 'secret' && before.label !== 'secret') heard.raised++;
          if (after.label !== 'secret' && before.label === 'secret') heard.dropped++;
          recount(counts, { before, after });
        }
      }
      return heard;
    },
  };
}

function recount({ verdicts, decidedBy }: Counts, { before, after }: { before: Verdict; after: Verdict }): void {
  verdicts[before.label]--;
  verdicts[after.label]++;
  decidedBy[before.decidedBy]! -= 1;
  decidedBy[after.decidedBy] = (decidedBy[after.decidedBy] ?? 0) + 1;
}
