import { createJudge, type Judge } from './classify/index.ts';
import { allowedBy, allowSubject } from './findings/allowed.ts';
import { buildFinding } from './findings/build.ts';
import { judgedAsRead } from './findings/decoded.ts';
import { loadRules } from './rules/rule-set.ts';
import { search } from './search.ts';
import type { Allow, Config, Finding, TextChunk } from './types.ts';

/** What the scanner thinks of every candidate of a text, harmless ones included. */
export interface Explanation {
  /** One for each candidate, in order of place; `verdict` tells whether it would be reported. */
  candidates: readonly Finding[];
}

/** Judges every candidate of `chunk`, or only those that touch `line` (1-based). */
export async function explain(input: {
  chunk: TextChunk;
  line?: number;
  config: Config;
  show: boolean;
  /** Made of `config` unless given: pass one on where several chunks are explained. */
  judge?: Judge;
}): Promise<Explanation> {
  const { chunk, line, config, show } = input;
  const { preset, model: modelDir, device } = config;
  const judge = input.judge ?? createJudge({ preset, modelDir, device, explain: true });
  const all = search(chunk, loadRules(config), config.maxDepth).candidates;
  const wanted = line === undefined ? all : all.filter((c) => c.line <= line && c.endLine >= line);
  const verdicts = await judge.judge(wanted.map((candidate) => candidate.read ?? candidate));
  const judged = wanted.map((candidate, i) => ({ candidate, verdict: verdicts[i]! }));
  return {
    candidates: judgedAsRead(judged).map(({ candidate, verdict }) => {
      const finding = buildFinding({ candidate, verdict, rule: candidate.rules[0]!, others: all, show });
      const entry = allowedBy({ allow: config.allow, subject: allowSubject(candidate), finding });
      return entry && verdict.label === 'secret' ? allowed(finding, entry) : finding;
    }),
  };
}

/** A secret that is not reported, because the configuration says so. */
function allowed(finding: Finding, { description }: Allow): Finding {
  const why = description === undefined ? '' : ` (${description})`;
  return {
    ...finding,
    verdict: 'harmless',
    decidedBy: 'allowlist',
    reason: `an allowlist of the configuration lets it pass${why}; otherwise: ${finding.reason}`,
  };
}
