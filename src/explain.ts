import { createJudge, type Judge, type Judgement } from './classify/index.ts';
import { buildFinding } from './findings/build.ts';
import { judgedAsRead } from './findings/decoded.ts';
import { openKnownOf } from './findings/known.ts';
import { whatLetsPass } from './findings/let-pass.ts';
import { searchInForce } from './inspect/in-force.ts';
import type { SecondOpinions } from './llm/second-opinions.ts';
import { judgedBy } from './llm/verdict.ts';
import type { Config, Finding, TextChunk, Verdict } from './types.ts';

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
  /** False: the language model is not asked, where a folder has a preset of its own. */
  useModel?: boolean;
  /** Is asked about what is in doubt to `judge`. */
  second?: SecondOpinions | undefined;
}): Promise<Explanation> {
  const { chunk, line, show, second } = input;
  const { config, candidates: all } = await searchInForce(input.config)(chunk);
  const { preset, model: modelDir, device } = config;
  const judge =
    input.judge && preset === input.config.preset
      ? input.judge
      : createJudge({ preset, modelDir, device, useModel: input.useModel, explain: true, doubtful: second?.band });
  const wanted = line === undefined ? all : all.filter((c) => c.line <= line && c.endLine >= line);
  const own = await judge.judge(wanted.map((candidate) => candidate.read ?? candidate));
  const verdicts = second ? await heard(own, second) : own;
  const judged = wanted.map((candidate, i) => ({ candidate, verdict: verdicts[i]! }));
  const read = judgedAsRead(judged).map(({ candidate, verdict }) => ({
    candidate,
    finding: buildFinding({ candidate, verdict, rule: candidate.rules[0]!, others: all, show }),
  }));
  const secrets = read.filter(({ finding }) => finding.verdict === 'secret');
  const passes = await whatLetsPass({ chunk, secrets, config, known: () => openKnownOf(config) });
  return {
    candidates: read.map(({ candidate, finding }) => {
      const what = passes.get(candidate);
      return what === undefined ? finding : letPass(finding, what);
    }),
  };
}

/** The verdicts, those in doubt replaced by what somebody else has answered. */
async function heard(own: readonly Judgement[], second: SecondOpinions): Promise<Verdict[]> {
  for (const { question } of own) if (question !== undefined) second.ask(question);
  const opinions = await second.opinions();
  return own.map(({ question, ...verdict }) => {
    const opinion = question === undefined ? undefined : opinions.get(question);
    return opinion ? judgedBy({ verdict, opinion, name: second.name }) : verdict;
  });
}

/** A secret that is not reported. */
function letPass(finding: Finding, what: string): Finding {
  const reason = `${what} lets it pass; otherwise: ${finding.reason}`;
  return { ...finding, verdict: 'harmless', decidedBy: 'allowlist', reason };
}
