import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gateOf } from '../../src/classify/open-model.ts';
import { modelLogit, type VerdictLogits } from '../../src/classify/stack.ts';
import type { FeedbackRecord } from '../../src/types.ts';
import {
  askedOf,
  decisionRows,
  type GeneratedPrompt,
  generatedPrompts,
  type PromptedDecision,
  promptedDecisions,
} from './adapter-data.ts';
import type { AdapterFigures } from './adapter-decide.ts';
import { type Adapted, answersOf, fitAdapter, openAdapted, type RunWorker } from './adapter-fit.ts';
import type { Base } from './base.ts';
import type { Fitted } from './fit.ts';
import { decisionRow, type LearnRow, oddsOf, standingOf } from './rows.ts';

/** Parts of the decisions that the adapter is not fitted on. */
const isHeld = (part: number): boolean => part < 2;

/**
 * Fits the language model to the decisions whose prompts were kept, and measures what that changes: on decisions that neither it
 * nor the trees have seen, and on generated prompts of templates that it was not fitted on.
 * @throws UserError when there are too few prompts, or something of Python is missing
 */
export async function learnAdapter(input: {
  base: Base;
  records: readonly FeedbackRecord[];
  fitted: Fitted;
  runWorker: RunWorker;
}): Promise<{ adapted: Adapted; figures: AdapterFigures }> {
  const { base, records, fitted, runWorker } = input;
  const { folder, card } = base;
  if (!card.languageModel) throw folder.problem(`the model in ${folder.dir} has no language model to fit`);
  const prompted = promptedDecisions(records);
  const known = prompted.filter(({ at }) => !isHeld(fitted.parts[at]!));
  const generated = generatedPrompts(await gateOf(folder), card);
  const work = await mkdtemp(join(tmpdir(), 'sss-adapter-'));
  try {
    const rows = [...decisionRows(known), ...generated.fitted];
    const adapted = await fitAdapter({ folder, rows, work, runWorker });
    const after = await openAdapted(adapted, card, work);
    const asked = prompted.filter(({ record }) => askedOf(card, record) !== undefined);
    const answers = await answersOf(
      after,
      [...asked, ...generated.measured].map(({ prompt }) => prompt),
    );
    const figures: AdapterFigures = {
      fitted: { decisions: known.length, generated: generated.fitted.length },
      ...onDecisions({ base, fitted, asked, answers }),
      ...onGenerated({
        base,
        measured: generated.measured,
        before: await answersOf(
          folder,
          generated.measured.map(({ prompt }) => prompt),
        ),
        after: answers.slice(asked.length),
      }),
    };
    return { adapted, figures };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Before: what the language model has said when the finding was decided on, which was not masked. */
function onDecisions(input: {
  base: Base;
  fitted: Fitted;
  asked: readonly PromptedDecision[];
  answers: readonly VerdictLogits[];
}): Pick<AdapterFigures, 'held' | 'lost'> {
  const { base, fitted, asked, answers } = input;
  const pairs = asked.map(({ at, record }, i) => ({
    at,
    before: decisionRow(base.card, record, ''),
    after: decisionRow(base.card, { ...record, lm: answers[i]! }, ''),
  }));
  const held = pairs.filter(({ at }) => isHeld(fitted.parts[at]!));
  const standing = (when: 'before' | 'after') =>
    standingOf(
      held.map((pair) => pair[when]),
      held.map(({ at }) => fitted.shifts.held[at]!),
    );
  const isFound = ({ start, limit }: LearnRow, at: number) => start + fitted.shifts.known[at]! >= limit;
  const lost = pairs.filter(
    ({ at, before, after }) => before.secret && isFound(before, at) && !isFound(after, at),
  ).length;
  return { held: { before: standing('before'), after: standing('after') }, lost };
}

function onGenerated(input: {
  base: Base;
  measured: readonly GeneratedPrompt[];
  before: readonly VerdictLogits[];
  after: readonly VerdictLogits[];
}): Pick<AdapterFigures, 'generated' | 'answers'> {
  const { base, measured, before, after } = input;
  const rows = (answers: readonly VerdictLogits[], odds: (i: number) => Pick<LearnRow, 'start' | 'limit'>) =>
    standingOf(answers.map((_, i) => ({ secret: measured[i]!.label === 'secret', ...odds(i) })));
  const verdicts = (answers: readonly VerdictLogits[]) =>
    rows(answers, (i) => oddsOf(base.card, measured[i]!.gate, answers[i]!));
  const alone = (answers: readonly VerdictLogits[]) =>
    rows(answers, (i) => ({ start: modelLogit(answers[i]!), limit: 0 }));
  return {
    generated: { before: verdicts(before), after: verdicts(after) },
    answers: { before: alone(before), after: alone(after) },
  };
}
