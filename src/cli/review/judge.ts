import type { Config, Llm } from '../../types.ts';
import { note, printable } from '../stdio.ts';

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
export async function openReviewJudge({ judge = {}, model }: Pick<Config, 'judge' | 'model'>): Promise<ReviewJudge> {
  const { use: spec, folder, url, mayLeave, timeoutMs, parallel } = judge;
  if (spec === undefined) return {};
  const { checkLlm, LlmError, nameOf, openLlm } = await import('../../llm/index.ts');
  const { host } = checkLlm({ spec, url, mayLeave });
  if (host !== undefined) {
    await note(printable(`warning: what is in doubt is sent to ${host}, with the lines that it stands on\n`));
  }
  // Who names a judge on the command line trusts the folder that it is called in; a configuration says nothing of that.
  const packageFolder = folder === undefined ? process.cwd() : undefined;
  try {
    const options = { spec, folder, packageFolder, modelFolder: model, url, mayLeave, timeoutMs, parallel };
    return { llm: await openLlm(options) };
  } catch (error) {
    if (!(error instanceof LlmError)) throw error;
    const hint = error.hint === undefined ? '' : ` (${error.hint})`;
    return { problem: `${nameOf(spec)} was not asked, and the scanner gave all votes: ${error.message}${hint}` };
  }
}
