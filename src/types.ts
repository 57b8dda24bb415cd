/**
 * The types that cross folder borders, in the order in which data flows:
 * `ScanSource → TextChunk → Candidate → Features → Verdict → Finding → Report`.
 */

export type * from './types/candidate.ts';
export type * from './types/config.ts';
export type * from './types/feedback.ts';
export type * from './types/finding.ts';
export type * from './types/llm.ts';
export type * from './types/rule.ts';
export type * from './types/source.ts';
