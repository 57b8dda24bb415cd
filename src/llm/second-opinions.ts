import type { Llm, Opinion } from '../types.ts';
import { LlmError } from './errors.ts';
import { turnstile } from './turnstile.ts';

/** Nobody is asked any more after so many failures in a row: each may have taken all the time that there is for one. */
const MOST_FAILURES = 3;
/** So many questions are asked in a run; the verdicts of the others stand. */
const MOST_QUESTIONS = 10_000;

/** Asks a large language model about what is in doubt. It never fails: where it gives no answer, the verdicts stand. */
export interface SecondOpinions {
  /** Who is asked. */
  readonly name: string;
  /** Verdicts with a probability in here are in doubt. */
  readonly band: { low: number; high: number };
  /** Begins to ask; a question that was asked before is not asked again. The model is opened for the first. */
  ask(question: string, signal?: AbortSignal): void;
  /** What has been answered, by question, once everything is. @throws what is a bug */
  opinions(onProgress?: (progress: { answered: number; asked: number }) => void): Promise<ReadonlyMap<string, Opinion>>;
  /** What the user should know: how many were not judged, and why. In words, without a full stop. */
  notes(): string[];
  close(): Promise<void>;
}

/** @param input.deadline stops all that is not answered by then */
export function secondOpinions(input: {
  name: string;
  band: { low: number; high: number };
  parallel: number;
  open(signal: AbortSignal | undefined): Promise<Llm>;
  deadlineMs?: number | undefined;
}): SecondOpinions {
  const { name, band, parallel, open, deadlineMs } = input;
  const answers = new Map<string, Opinion>();
  const asked = new Map<string, Promise<void>>();
  /** How many strings a question is about. */
  const strings = new Map<string, number>();
  const enter = turnstile(parallel);
  let llm: Promise<Llm> | undefined;
  let deadline: AbortSignal | undefined;
  let inARow = 0;
  let reason: string | undefined;
  let isOver = false;
  let bug: { error: unknown } | undefined;
  let tell: (() => void) | undefined;

  function giveUp(why: string): void {
    isOver = true;
    reason = why;
  }

  async function answer(question: string, signal: AbortSignal | undefined): Promise<void> {
    if (isOver) return;
    if (deadlineMs !== undefined) deadline ??= AbortSignal.timeout(deadlineMs);
    const stop = deadline && signal ? AbortSignal.any([deadline, signal]) : (deadline ?? signal);
    try {
      llm ??= open(stop).catch((error: unknown) => {
        // What cannot be opened is not tried again.
        if (error instanceof LlmError) giveUp(inWords(error));
        throw error;
      });
      const opinion = await (await llm).ask({ prompt: question, temperature: 0, seed: 1 }, stop);
      answers.set(question, opinion);
      inARow = 0;
    } catch (error) {
      if (stop?.aborted) giveUp(deadline?.aborted ? `the ${deadlineMs! / 1000} s for it were over` : 'it was stopped');
      else if (!(error instanceof LlmError)) bug ??= { error };
      else if (!isOver) {
        reason ??= inWords(error);
        if (++inARow >= MOST_FAILURES) giveUp(`${inWords(error)}, ${MOST_FAILURES} times in a row`);
      }
    }
  }

  return {
    name,
    band,
    ask(question, signal) {
      strings.set(question, (strings.get(question) ?? 0) + 1);
      if (asked.has(question)) return;
      if (asked.size >= MOST_QUESTIONS) {
        reason ??= `it is asked about ${MOST_QUESTIONS} at most`;
        return;
      }
      const work = enter(() => answer(question, signal)).then(() => tell?.());
      asked.set(question, work);
    },
    async opinions(onProgress) {
      tell = onProgress && (() => onProgress({ answered: answers.size, asked: asked.size }));
      await Promise.all(asked.values());
      if (bug) throw bug.error;
      return answers;
    },
    notes() {
      let all = 0;
      let missing = 0;
      for (const [question, count] of strings) {
        all += count;
        if (!answers.has(question)) missing += count;
      }
      if (missing === 0) return [];
      const whole = `${all} ${all === 1 ? 'string' : 'strings'} in doubt`;
      return [
        `the judge ${name} has not judged ${missing === all ? `the ${whole}` : `${missing} of ${whole}`}, for which the scanner's own verdicts stand: ${reason ?? 'it was stopped'}`,
      ];
    },
    async close() {
      // One that could not be opened needs no closing.
      await llm?.then(
        (opened) => opened.close(),
        () => undefined,
      );
    },
  };
}

function inWords({ message, hint }: LlmError): string {
  return hint === undefined ? message : `${message} (${hint})`;
}
