import type { KeptAnswers } from '../cache/answers.ts';
import type { LlmOptions, SecondOpinions } from '../llm/index.ts';
import type { Config, Llm } from '../types.ts';
import { warn } from './stdio.ts';

/** Between these, on labelled code, a verdict is wrong so often that somebody else may know better. */
const USUAL_BAND = { low: 0.1, high: 0.9 } as const;

/** A large language model that a command may ask. */
export interface JudgeForCommand {
  judge: SecondOpinions;
  /** Lets go of the model, and keeps what it has answered. */
  end(): Promise<void>;
  /** What the user should know of what is kept. In words, without a full stop. */
  notes(): string[];
}

/**
 * What the settings say about a judge; undefined where they name none. It is opened when something is in doubt.
 * @param input.isCached what it answers is kept, and what it has answered is not asked again
 * @param input.withReason ask for reasons, too
 * @param input.deadlineMs for all questions together
 * @throws UserError for a judge that there is not, or one on another machine that the command line has not named
 */
export async function judgeFor(input: {
  config: Pick<Config, 'judge' | 'model'>;
  isCached: boolean;
  withReason?: boolean;
  deadlineMs?: number;
}): Promise<JudgeForCommand | undefined> {
  const { config, isCached, withReason, deadlineMs } = input;
  const named = await namedJudge(config);
  if (named === undefined) return undefined;
  const { nameOf, openLlm, secondOpinions, USUAL_PARALLEL } = await import('../llm/index.ts');
  const { band = USUAL_BAND, parallel = USUAL_PARALLEL } = config.judge ?? {};
  let kept: KeptAnswers | undefined;
  const open = async (signal: AbortSignal | undefined): Promise<Llm> => {
    if (isCached) kept = (await import('../cache/answers.ts')).openAnswers();
    return openLlm({ ...named, withReason, signal, answers: kept?.answers });
  };
  const judge = secondOpinions({ name: nameOf(named.spec), band, parallel, open, deadlineMs });
  return {
    judge,
    async end() {
      await judge.close();
      kept?.save();
    },
    notes: () => kept?.notes() ?? [],
  };
}

/**
 * How the large language model is opened that the command line or the configuration names; undefined where they name none.
 * Where code would leave this machine, a warning says so.
 * @throws UserError for a name that is none, or an address on another machine that the command line has not named
 */
export async function namedJudge({
  judge = {},
  model,
}: Pick<Config, 'judge' | 'model'>): Promise<LlmOptions | undefined> {
  const { use: spec, folder, url, mayLeave, timeoutMs, parallel } = judge;
  if (spec === undefined) return undefined;
  const { checkLlm } = await import('../llm/index.ts');
  const { host } = checkLlm({ spec, url, mayLeave });
  if (host !== undefined) {
    await warn([`what is in doubt is sent to ${host}, with the lines that it stands on: code leaves this machine`]);
  }
  // Who names a judge on the command line trusts the folder that it is called in; a configuration says nothing of that.
  const packageFolder = folder === undefined ? process.cwd() : undefined;
  return { spec, folder, packageFolder, modelFolder: model, url, mayLeave, timeoutMs, parallel };
}
