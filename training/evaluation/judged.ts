import type { Judge } from '../../src/classify/index.ts';
import type { Candidate, Verdict } from '../../src/types.ts';
import type { Found } from './corpus.ts';

/** The verdicts of a judge by id of the candidate, and what they cost. */
export interface Judged {
  verdicts: ReadonlyMap<string, Verdict>;
  /** CPU of this process in milliseconds for the first variant: loading, features, gate and language model. */
  cpuMs: number;
  /** Candidates that it was spent on. */
  timed: number;
}

/** Asks the scanner's own judge about every candidate, text by text, as a scan does. */
export async function judgeAll(input: {
  found: readonly Found[];
  judge: Judge;
  signal?: AbortSignal;
  progress?: (done: number, total: number, text?: string) => void;
}): Promise<Judged> {
  const { found, judge, signal, progress } = input;
  const texts = new Map<readonly Candidate[], Found[]>();
  for (const one of found) texts.set(one.others, [...(texts.get(one.others) ?? []), one]);
  const verdicts = new Map<string, Verdict>();
  let cpuMs = 0;
  let timed = 0;
  for (const texted of texts.values()) {
    const before = process.cpuUsage();
    const answers = await judge.judge(
      texted.map((one) => one.candidate),
      signal,
    );
    const { user, system } = process.cpuUsage(before);
    // The second variant has mostly the same prompts, which are answered from memory.
    if (texted[0]!.scored.variant === found[0]!.scored.variant) {
      cpuMs += (user + system) / 1000;
      timed += texted.length;
    }
    for (const [i, { scored }] of texted.entries()) verdicts.set(scored.id, answers[i]!);
    progress?.(verdicts.size, found.length, 'verdicts');
  }
  return { verdicts, cpuMs, timed };
}
