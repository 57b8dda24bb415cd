import type { Llm } from '../types.ts';
import { UserError } from '../util/errors.ts';

/**
 * Opens the large language model that `--judge` names; undefined without it.
 * @throws UserError when it cannot be used
 */
export async function openReviewJudge(spec: string | undefined): Promise<Llm | undefined> {
  if (spec === undefined) return undefined;
  // The one place that has to open `src/llm/` once it is there.
  throw new UserError(`--judge ${spec}: this version asks no large language model`, {
    hint: 'leave --judge out: the scanner gives all votes itself',
  });
}
