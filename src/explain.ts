import { findCandidates } from './candidates/index.ts';
import { classify } from './classify/index.ts';
import { buildFinding } from './findings/build.ts';
import { loadRules } from './rules/rule-set.ts';
import type { Config, Finding, TextChunk } from './types.ts';

/** What the scanner thinks of every candidate of a text, harmless ones included. */
export interface Explanation {
  /** One for each candidate, in order of place; `verdict` tells whether it would be reported. */
  candidates: readonly Finding[];
}

/** Judges every candidate of `chunk`, or only those that touch `line` (1-based). */
export function explain(input: { chunk: TextChunk; line?: number; config: Config; show: boolean }): Explanation {
  const { chunk, line, config, show } = input;
  const all = findCandidates(chunk, loadRules(config));
  const wanted = line === undefined ? all : all.filter((c) => c.line <= line && c.endLine >= line);
  return {
    candidates: wanted.map((candidate) =>
      buildFinding({
        candidate,
        verdict: classify(candidate, config.preset),
        rule: candidate.rules[0]!,
        others: all,
        show,
      }),
    ),
  };
}
