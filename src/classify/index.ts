export { createJudge, type Judge, type JudgeOptions } from './judge.ts';
export { settle } from './settle.ts';
