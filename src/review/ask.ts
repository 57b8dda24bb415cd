import { renderPrompt, VERDICT_WORDS, withGate } from '../classify/prompt.ts';
import { features } from '../features/index.ts';
import { hide, plain } from '../findings/redact.ts';
import type { Candidate, Llm, Opinion, Verdict } from '../types.ts';
import type { Chance, Vote } from './types.ts';
import { withoutFolder } from './variants.ts';

/** Lines of guidance that a model is told at most. */
export const MOST_TOLD = 20;
/** Failures in a row after which no more candidates are put to it. */
const MOST_FAILURES = 3;
const LONGEST_REASON = 200;
/** So much of what a model says is read, in UTF-16 code units. */
const LONGEST_READ = 4000;

/** What a large language model answered, and how often it did not. */
export interface Asked {
  votes: Vote[];
  failures: string[];
}

export interface Asker {
  ask(input: {
    candidate: Candidate;
    verdict: Verdict;
    guidance: readonly string[];
    /** Values that stand in the same text: none of them may be in a reason. */
    others: readonly string[];
    signal?: AbortSignal | undefined;
  }): Promise<Asked>;
}

/**
 * Puts candidates to a large language model: in several prompts, and each of them several times. What it fails at is told,
 * and counts for nothing; once it has failed three times in a row no more candidates are put to it.
 */
export function createAsker(llm: Llm, { seed, samples, temperature }: Chance): Asker {
  let inRow = 0;
  let last = '';
  return {
    async ask({ candidate, verdict, guidance, others, signal }) {
      if (inRow >= MOST_FAILURES) return { votes: [], failures: [last] };
      const mask = masker(candidate, others);
      const questions = promptsOf(candidate, verdict, guidance).flatMap(({ prompt, text, told }) =>
        Array.from({ length: samples }, (_, sample) => ({ prompt, text, told, sample })),
      );
      // All at once: the model has its own limit.
      const answers = await Promise.allSettled(
        questions.map(async ({ prompt, text, told, sample }) => {
          const chance = { temperature: sample === 0 ? 0 : temperature, seed: seed + sample };
          const opinion = await llm.ask({ prompt: text, guidance: told, ...chance }, signal);
          return voteOf({ opinion, prompt, sample, mask });
        }),
      );
      signal?.throwIfAborted();
      const asked: Asked = { votes: [], failures: [] };
      for (const answer of answers) {
        inRow = answer.status === 'fulfilled' ? 0 : inRow + 1;
        if (answer.status === 'fulfilled') asked.votes.push(answer.value);
        else {
          last = mask(answer.reason instanceof Error ? answer.reason.message : '') || 'it failed';
          asked.failures.push(last);
        }
      }
      return asked;
    },
  };
}

/** The prompts for a candidate: as the scanner's own model reads them, with less, and without guidance where there is some. */
export function promptsOf(candidate: Candidate, verdict: Verdict, guidance: readonly string[]) {
  const read = candidate.read ?? candidate;
  const gate = verdict.scores?.gate ?? verdict.probability;
  const render = (one: Candidate) => renderPrompt(one, features(one));
  const whole = withGate(render(read), gate);
  return [
    { prompt: 'gate', text: whole, told: guidance },
    { prompt: 'plain', text: render(read), told: guidance },
    { prompt: 'no-folder', text: withGate(render(withoutFolder(read)), gate), told: guidance },
    ...(guidance.length === 0 ? [] : [{ prompt: 'no-guidance', text: whole, told: [] }]),
  ];
}

/**
 * Reads an answer.
 * @throws Error when it is none, without quoting it
 */
export function checkOpinion(opinion: Opinion): Opinion {
  const { label, probabilities } = (opinion ?? {}) as Partial<Opinion>;
  if (!VERDICT_WORDS.some((word) => word === label)) throw new Error('its answer is no verdict');
  const numbers = VERDICT_WORDS.map((word) => probabilities?.[word]);
  const isNumber = (p: unknown): p is number => typeof p === 'number' && p >= 0 && p <= 1;
  if (!numbers.every(isNumber)) throw new Error('its answer has no probabilities');
  const sum = numbers.reduce((total, p) => total + p, 0);
  if (Math.abs(sum - 1) > 0.05) throw new Error('the probabilities of its answer are not 1 together');
  return opinion;
}

function voteOf(input: { opinion: Opinion; prompt: string; sample: number; mask: Masker }): Vote {
  const { prompt, sample, mask } = input;
  const { label, probabilities, reason } = checkOpinion(input.opinion);
  const told = typeof reason === 'string' ? mask(reason) : '';
  return {
    by: 'llm',
    prompt,
    sample,
    label,
    probability: Math.round(probabilities.secret * 1000) / 1000,
    ...(told === '' ? {} : { reason: told }),
  };
}

/** So much of a value in a row is a quotation of it. */
const QUOTED = 5;

type Masker = (words: string) => string;

/** What somebody else says about a candidate, without values; nothing when a part of its value is quoted there. */
function masker({ value, read }: Candidate, others: readonly string[]): Masker {
  const own = read ? [value, read.value] : [value];
  return (words) => {
    const shown: string = plain(
      hide({ text: hide({ text: words.slice(0, LONGEST_READ), values: own }), values: others, unlessWord: true }),
    );
    const text = shown.length > LONGEST_REASON ? `${shown.slice(0, LONGEST_REASON - 1)}…` : shown;
    return own.some((one) => quotes(text, one)) ? '' : text;
  };
}

function quotes(text: string, value: string): boolean {
  for (let at = 0; at + QUOTED <= value.length; at++) if (text.includes(value.slice(at, at + QUOTED))) return true;
  return false;
}
