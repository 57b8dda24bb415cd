import type { Config, Llm } from '../../types.ts';
import { namedJudge } from '../judge.ts';

/** The large language model of a review: opened, or why it cannot be asked. */
export interface ReviewJudge {
  llm?: Llm;
  /** In words, without a full stop. */
  problem?: string;
}

/**
 * Opens the large language model that `--judge` or the configuration names; nothing where they name none. A server that is
 * down is a problem to be told: the scanner's own votes stand.
 * @throws UserError for a name that is none, or an address on another machine that the command line has not named
 */
export async function openReviewJudge(config: Pick<Config, 'judge' | 'model'>): Promise<ReviewJudge> {
  const named = await namedJudge(config);
  if (named === undefined) return {};
  const { LlmError, nameOf, openLlm } = await import('../../llm/index.ts');
  try {
    return { llm: await openLlm(named) };
  } catch (error) {
    if (!(error instanceof LlmError)) throw error;
    const hint = error.hint === undefined ? '' : ` (${error.hint})`;
    return { problem: `${nameOf(named.spec)} was not asked, and the scanner gave all votes: ${error.message}${hint}` };
  }
}
