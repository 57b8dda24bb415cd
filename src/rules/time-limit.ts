import { type Context, createContext, Script } from 'node:vm';
import type { Rule } from '../types.ts';

/** So long a rule of a user may take for one text, in milliseconds. */
const MOST_TIME = 2000;
/** After so many texts a rule that takes too long is not tried again: else it could hold up a scan for hours. */
const MOST_STRIKES = 5;

const strikes = new WeakMap<Rule, number>();
let guard: { context: Context; script: Script } | undefined;

/**
 * What `work`, the search for `rule` in one text, gives; undefined when it took more than two seconds, or when the rule
 * has done so in five texts already. A regular expression at work can only be stopped from outside: by the watch dog
 * that `node:vm` sets, at a cost of a tenth of a millisecond.
 */
export function withinTime<T>(input: { rule: Rule; work: () => T; timeout?: number }): T | undefined {
  const { rule, work, timeout = MOST_TIME } = input;
  const before = strikes.get(rule) ?? 0;
  if (before >= MOST_STRIKES) return undefined;
  guard ??= { context: createContext({}), script: new Script('work()') };
  guard.context.work = work;
  try {
    return guard.script.runInContext(guard.context, { timeout }) as T;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
    strikes.set(rule, before + 1);
    return undefined;
  } finally {
    guard.context.work = undefined;
  }
}
