import { describe, expect, it } from 'vitest';
import { LlmError, type SecondOpinions, secondOpinions } from '../../src/llm/index.ts';
import type { Llm, Opinion, VerdictLabel } from '../../src/types.ts';

const of = (label: VerdictLabel): Opinion => ({
  label,
  probabilities: { secret: 0, placeholder: 0, harmless: 0, [label]: 1 },
});

/** A judge whose model answers as it is told, and how often it was asked and closed. */
function judgeWith(ask: Llm['ask'], more: Partial<Parameters<typeof secondOpinions>[0]> = {}) {
  const counts = { opened: 0, asked: 0, closed: 0 };
  const llm: Llm = {
    ...{ name: 'test:model', digest: '00', isOurs: false },
    async ask(question, signal) {
      counts.asked++;
      return ask(question, signal);
    },
    async close() {
      counts.closed++;
    },
  };
  const judge: SecondOpinions = secondOpinions({
    ...{ name: 'test:model', band: { low: 0.1, high: 0.9 }, parallel: 1 },
    open: async () => {
      counts.opened++;
      return llm;
    },
    ...more,
  });
  return { judge, counts };
}

const ALL = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];

describe('second opinions', () => {
  it('open nothing while nothing is asked', async () => {
    const { judge, counts } = judgeWith(async () => of('secret'));
    expect([...(await judge.opinions())]).toEqual([]);
    expect(judge.notes()).toEqual([]);
    await judge.close();
    expect(counts).toEqual({ opened: 0, asked: 0, closed: 0 });
  });

  it('ask each question once, whoever asks it', async () => {
    const { judge, counts } = judgeWith(async ({ prompt }) => of(prompt === 'a' ? 'secret' : 'harmless'));
    for (const question of ['a', 'b', 'a', 'b', 'a']) judge.ask(question);
    const opinions = await judge.opinions();
    expect([...opinions].map(([question, { label }]) => [question, label])).toEqual([
      ['a', 'secret'],
      ['b', 'harmless'],
    ]);
    await judge.close();
    expect(counts).toEqual({ opened: 1, asked: 2, closed: 1 });
  });

  it('go on after single failures, and tell how many were not judged', async () => {
    const { judge } = judgeWith(async ({ prompt }) => {
      if ('bd'.includes(prompt)) throw new LlmError(`no answer`, { hint: 'think' });
      return of('harmless');
    });
    for (const question of ALL) judge.ask(question);
    expect((await judge.opinions()).size).toBe(6);
    expect(judge.notes()).toEqual([
      "the judge test:model has not judged 2 of 8 strings in doubt, for which the scanner's own verdicts stand: no answer (think)",
    ]);
  });

  it('tell of strings, of which several may be one question', async () => {
    const { judge } = judgeWith(async ({ prompt }) => {
      if (prompt === 'a') throw new LlmError('no answer');
      return of('harmless');
    });
    for (const question of ['a', 'b', 'a', 'a']) judge.ask(question);
    await judge.opinions();
    expect(judge.notes()).toEqual([expect.stringContaining('not judged 3 of 4 strings in doubt')]);
  });

  it('give up after three failures in a row', async () => {
    const { judge, counts } = judgeWith(async ({ prompt }) => {
      if (prompt !== 'a') throw new LlmError('no answer');
      return of('harmless');
    });
    for (const question of ALL) judge.ask(question);
    expect((await judge.opinions()).size).toBe(1);
    expect(counts.asked).toBe(4);
    expect(judge.notes()).toEqual([expect.stringMatching(/not judged 7 of 8 .*: no answer, 3 times in a row$/)]);
  });

  it('try once to open what cannot be opened', async () => {
    let opened = 0;
    const open = async () => {
      opened++;
      throw new LlmError('no server runs');
    };
    const { judge } = judgeWith(async () => of('secret'), { open, parallel: 4 });
    for (const question of ALL) judge.ask(question);
    expect((await judge.opinions()).size).toBe(0);
    expect(judge.notes()).toEqual([
      expect.stringMatching(/not judged the 8 strings in doubt, .* stand: no server runs$/),
    ]);
    await judge.close();
    expect(opened).toBe(1);
  });

  it('end when their time is over', async () => {
    const hang: Llm['ask'] = (_, signal) =>
      new Promise((_resolve, reject) => void signal!.addEventListener('abort', () => reject(signal!.reason)));
    const { judge, counts } = judgeWith(hang, { deadlineMs: 50, parallel: 2 });
    for (const question of ALL) judge.ask(question);
    expect((await judge.opinions()).size).toBe(0);
    expect(counts.asked).toBe(2);
    expect(judge.notes()).toEqual([expect.stringContaining('the 0.05 s for it were over')]);
  });

  it('end when they are told to', async () => {
    const controller = new AbortController();
    const { judge } = judgeWith(async ({ prompt }, signal) => {
      if (prompt === 'c') controller.abort();
      signal!.throwIfAborted();
      return of('secret');
    });
    for (const question of ALL) judge.ask(question, controller.signal);
    expect([...(await judge.opinions()).keys()]).toEqual(['a', 'b']);
    expect(judge.notes()).toEqual([expect.stringMatching(/not judged 6 of 8 .*: it was stopped$/)]);
  });

  it('do not swallow a bug', async () => {
    const { judge } = judgeWith(async () => {
      throw new TypeError('x is not a function');
    });
    judge.ask('a');
    await expect(judge.opinions()).rejects.toThrow(TypeError);
  });

  it('tell how far they are', async () => {
    const { judge } = judgeWith(async () => of('secret'));
    const seen: string[] = [];
    for (const question of ['a', 'b']) judge.ask(question);
    await judge.opinions(({ answered, asked }) => void seen.push(`${answered} of ${asked}`));
    expect(seen).toEqual(['1 of 2', '2 of 2']);
  });
});
