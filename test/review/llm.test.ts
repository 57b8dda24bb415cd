import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createJudge } from '../../src/classify/index.ts';
import { DEFAULT_CONFIG } from '../../src/config/index.ts';
import { openMission } from '../../src/review/mission.ts';
import { USUAL_CHANCE } from '../../src/review/settings.ts';
import { judgeTickets } from '../../src/review/stage-b.ts';
import { resolveTickets } from '../../src/review/tickets.ts';
import type { Rollout } from '../../src/review/types.ts';
import type { Llm, Opinion, Question } from '../../src/types.ts';
import type { TestRepository } from '../e2e/repository.ts';
import { expectCleanFolder, expectNoValues, linesOf, plantedRepository, VALUES } from './planted.ts';

const opinion = (label: Opinion['label'], secret: number): Opinion => ({
  label,
  probabilities: { secret, placeholder: 0, harmless: 1 - secret },
});

/** A model that answers as `answer` says, and what it was asked. */
function fake(answer: (question: Question, asked: number) => Opinion, more: Partial<Llm> = {}) {
  const questions: Question[] = [];
  const llm: Llm = {
    ...{ name: 'fake:model', digest: 'ab', isOurs: false, ...more },
    async ask(question) {
      questions.push(question);
      return answer(question, questions.length);
    },
    close: async () => {},
  };
  return { llm, questions };
}

/** A repository with two secrets in doubt. */
function doubtful(): TestRepository {
  const { repository } = plantedRepository();
  VALUES.doubt.forEach((value, i) => {
    repository.write(`doubt/${i}.py`, `login_pass = "${value}"\n`);
  });
  return repository;
}

/** Runs stage B on two files with something in doubt, and one with a key. */
async function run(
  root: string,
  llm: Llm,
  options: { signal?: AbortSignal; guidance?: string; samples?: number; keepRunning?: boolean } = {},
) {
  const folder = join(root, '.smart-secrets-scanner', 'reviews', 'llm');
  const mission = await openMission({ name: 'llm', folder, force: false });
  const { preset } = DEFAULT_CONFIG;
  const refs = ['doubt/0.py', 'doubt/1.py', 'deploy/settings.env'];
  try {
    const tickets = await resolveTickets(
      refs.map((ref) => ({ id: ref, kind: 'file' as const, ref })),
      root,
    );
    const done = await judgeTickets({
      ...{ tickets, mission, llm, useModel: false, cwd: root, root, learns: true, key: 'k', force: false, by: 'x' },
      config: DEFAULT_CONFIG,
      judge: createJudge({ preset, useModel: false }),
      chance: { ...USUAL_CHANCE, samples: options.samples ?? 2 },
      guidanceFile: join(root, options.guidance ?? 'guidance.jsonl'),
      signal: options.signal,
    });
    const rollouts = linesOf<Rollout>(mission.file('rollouts.jsonl')).filter(({ votes }) => votes);
    return { ...done, rollouts };
  } finally {
    mission.close();
    expectCleanFolder({ root });
  }
}

const votesBy = (rollouts: readonly Rollout[], by: 'llm' | 'scanner') =>
  rollouts.flatMap(({ votes }) => votes.filter((vote) => vote.by === by));

describe('a large language model in a review', () => {
  it('is asked each prompt several times, by seeds, and not about what a checksum settles', async () => {
    const { root } = doubtful();
    const { llm, questions } = fake(() => opinion('secret', 0.9));
    const { verdicts, rollouts } = await run(root, llm);
    expect(verdicts.map(({ verdict }) => verdict)).toEqual(['fail', 'fail', 'fail']);
    expect(questions).toHaveLength(2 * 3 * 2);
    expect(questions.slice(0, 2).map(({ temperature, seed }) => [temperature, seed])).toEqual([
      [0, 1],
      [0.7, 2],
    ]);
    expect(questions.every(({ prompt }) => prompt.endsWith('verdict:'))).toBe(true);
    expect(votesBy(rollouts, 'llm')).toHaveLength(12);
    expect(
      votesBy(
        rollouts.filter(({ seen }) => seen.proved),
        'llm',
      ),
    ).toEqual([]);
  });

  it('weighs as much as the scanner, and never against a checksum', async () => {
    const { root } = doubtful();
    const { verdicts } = await run(root, fake(() => opinion('harmless', 0.01)).llm);
    expect(verdicts[2]).toMatchObject({ verdict: 'fail', failing: [{ settledBy: 'checksum' }] });
    for (const { failing, doubtful } of verdicts.slice(0, 2)) {
      expect([...failing, ...doubtful][0]!.share).toBeLessThan(0.51);
      expect([...failing, ...doubtful][0]!.votes.all).toBe(13);
    }
  });

  it('is told the guidance, but for one prompt', async () => {
    const repository = doubtful();
    repository.write('guidance.jsonl', '{"treat": "secret", "path": "nowhere/", "because": "we say so"}\n');
    const { llm, questions } = fake(() => opinion('secret', 0.9));
    await run(repository.root, llm, { samples: 1 });
    expect(questions.map(({ guidance }) => guidance?.length)).toEqual([1, 1, 1, 0, 1, 1, 1, 0]);
    expect(questions[0]!.guidance![0]).toBe('Treat values in `nowhere/` as secrets, because we say so');
  });

  it.each<[string, (question: Question) => unknown]>([
    ['is down', () => Promise.reject(new Error('connect ECONNREFUSED 127.0.0.1:11434'))],
    ['answers no label', () => ({ label: 'perhaps', probabilities: { secret: 1, placeholder: 0, harmless: 0 } })],
    [
      'answers no numbers',
      () => ({ label: 'secret', probabilities: { secret: Number.NaN, placeholder: 0, harmless: 1 } }),
    ],
    ['answers too much', () => ({ label: 'secret', probabilities: { secret: 0.9, placeholder: 0.9, harmless: 0.9 } })],
    ['answers nothing', () => undefined],
    ['quotes what it was asked', ({ prompt }) => Promise.reject(new Error(`cannot read: ${prompt}`))],
  ])('that %s leaves the verdict to the scanner, and the report says so', async (_, answer) => {
    const { root } = doubtful();
    const { llm, questions } = fake((question) => answer(question) as Opinion);
    const { verdicts, rollouts } = await run(root, llm);
    expect(verdicts.map(({ verdict }) => verdict)).toEqual(['fail', 'fail', 'fail']);
    expect(questions).toHaveLength(6);
    expect(votesBy(rollouts, 'llm')).toEqual([]);
    expect(verdicts[0]!.notes).toEqual([expect.stringContaining('gave no usable answer')]);
    expect(verdicts[1]!.notes).toEqual([expect.stringContaining('gave no usable answer')]);
    expect(verdicts[2]!.notes).toEqual([]);
    expectNoValues(JSON.stringify(verdicts), 'a verdict');
  });

  it('is asked again where it failed before, and nowhere else', async () => {
    const { root } = doubtful();
    const first = fake((_, asked) => (asked <= 6 ? opinion('secret', 0.9) : (undefined as unknown as Opinion)));
    await run(root, first.llm);
    const second = fake(() => opinion('secret', 0.9));
    const { verdicts } = await run(root, second.llm);
    expect(second.questions).toHaveLength(6);
    expect(verdicts.flatMap(({ notes }) => notes)).toEqual([]);
  });

  it('can be stopped, and is not asked twice', async () => {
    const { root } = doubtful();
    const stop = new AbortController();
    const first = fake((_, asked) => {
      if (asked === 8) stop.abort(new Error('stopped'));
      return opinion('secret', 0.9);
    });
    await expect(run(root, first.llm, { signal: stop.signal })).rejects.toThrow('stopped');
    const second = fake(() => opinion('secret', 0.9));
    const { rollouts } = await run(root, second.llm);
    expect(second.questions).toHaveLength(6);
    expect(votesBy(rollouts, 'llm')).toHaveLength(12);
  });

  it('gives its reasons without the value, also where it quotes only a part, or the neighbour of a value', async () => {
    const repository = doubtful();
    const [own, next] = [VALUES.doubt[0]!, VALUES.password];
    repository.write('doubt/0.py', `login_pass = "${own}"; db_password = "${next}"\n`);
    const reasons = ['looks random', `begins with ${own.slice(0, 9)}`, `it is ${own}`, `it is no ${next}`];
    const { llm } = fake(({ prompt }, asked) => {
      return { ...opinion('secret', 0.9), reason: prompt.includes(own) ? reasons[asked % 4]! : 'looks random' };
    });
    const { verdicts, rollouts } = await run(repository.root, llm, { samples: 3 });
    expectNoValues(JSON.stringify([verdicts, rollouts]), 'a reason');
    expect(JSON.stringify(verdicts)).toContain('looks random');
    expect(JSON.stringify(rollouts)).not.toContain(own.slice(0, 9));
    expect(JSON.stringify(rollouts)).toContain('it is no ********');
  });

  it('of our own is not asked where guidance holds, which it does not read', async () => {
    const repository = doubtful();
    repository.write('guidance.jsonl', '{"treat": "harmless", "path": "/doubt/0.py", "because": "made up"}\n');
    const { llm, questions } = fake(() => opinion('secret', 0.99), { isOurs: true });
    const { verdicts } = await run(repository.root, llm);
    expect(verdicts.map(({ verdict }) => verdict)).toEqual(['pass', 'fail', 'fail']);
    expect(questions.some(({ prompt }) => prompt.includes('doubt/0'))).toBe(false);
  });
});
