/** Public API: what the command line is made of. */
export { findCandidates } from './candidates/index.ts';
export { createJudge, type Judge, type JudgeOptions, settle } from './classify/index.ts';
export { loadConfig } from './config/index.ts';
export { type Explanation, explain } from './explain.ts';
export { type Features, features } from './features/index.ts';
export { LlmError, type LlmOptions, openLlm, secondOpinions } from './llm/index.ts';
export { render } from './report/index.ts';
export { loadRules, type RuleSet } from './rules/rule-set.ts';
export { type Progress, type ScanInput, scan } from './scan.ts';
export { historySource, rangeSource, stagedSource, stdinSource, worktreeSource } from './sources/index.ts';
export type * from './types.ts';
export { UserError } from './util/errors.ts';
