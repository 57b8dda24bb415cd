export { createJudge, type Judge, type Judgement, type JudgeOptions } from './judge.ts';
export { settle } from './settle.ts';
