import { describe, expect, it } from 'vitest';
import { DEFAULT_CONFIG } from '../../src/config/index.ts';
import { findingsIn, findingsOf, type Pending } from '../../src/findings/collect.ts';
import { settledIn, unsettledIn } from '../../src/findings/doubtful.ts';
import { judgedBy } from '../../src/llm/verdict.ts';
import { fillExample } from '../../src/rules/examples.ts';
import { search } from '../../src/search.ts';
import type { Candidate, Opinion, ScanSource, Verdict, VerdictLabel } from '../../src/types.ts';
import { everyRule } from '../candidates/found.ts';
import { chunkOf } from '../report/sample.ts';

const LABELS: readonly VerdictLabel[] = ['secret', 'placeholder', 'harmless'];
const password = fillExample('{{alnum:9}}x');
const base64 = (text: string) => Buffer.from(text).toString('base64');

/** Texts in which what is found at one place has to do with what is found at another. */
const TEXTS = [
  `password = "${password}"\ntoken: ${fillExample('{{alnum:24}}')}\n`,
  // The same string as it stands, and decoded.
  `kind: Secret\ndata:\n  password: ${base64('changeme12')}\n  db_password: ${base64(password)}\n`,
  `auth = "${base64(`password = "${password}"`)}"\nsecret: ${base64('your-password-here')}\n`,
  // Companions of each other.
  fillExample(
    'aws_access_key_id = {{[A]:1}}KIA{{base32:16}}\naws_secret_access_key = {{base64:40}}\npassword: {{alnum:12}}\n',
  ),
];

/** From 0 to `most`, the same each time. */
function dice(seed: number): (most: number) => number {
  let state = seed;
  return (most) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * most);
  };
}

const verdictOf = (label: VerdictLabel): Verdict => ({
  label,
  probability: 0.5,
  decidedBy: 'gate',
  reason: 'its name says a password',
  scores: { gate: 0.5 },
});
const opinionOf = (label: VerdictLabel): Opinion => ({
  label,
  probabilities: { secret: 0.1, placeholder: 0.1, harmless: 0.1, [label]: 0.8 },
});

const SOURCE: ScanSource = { description: 'a test', items: async function* () {} };

async function told(found: readonly Pending[]) {
  const collector = findingsOf({ config: DEFAULT_CONFIG, show: false });
  collector.add(found);
  return (await collector.finish(SOURCE)).findings;
}

describe('what was in doubt', () => {
  it.each(TEXTS.map((text, i) => [i, text] as const))(
    'comes out as if it had been judged so from the start (text %i)',
    async (i, text) => {
      const chunk = chunkOf(text, { path: 'app.yml' });
      const { candidates } = search(chunk, everyRule);
      expect(candidates.length).toBeGreaterThan(1);
      const roll = dice(i + 1);
      let differing = 0;
      for (let round = 0; round < 60; round++) {
        const judged = candidates.map((candidate: Candidate, n) => {
          const isOpen = roll(2) === 0;
          const verdict = verdictOf(LABELS[roll(3)]!);
          return { candidate, verdict: isOpen ? { ...verdict, question: `question ${n}` } : verdict };
        });
        const answers = new Map(
          judged.flatMap(
            ({ verdict }) =>
              ('question' in verdict && roll(4) > 0 ? [[verdict.question, opinionOf(LABELS[roll(3)]!)]] : []) as [
                string,
                Opinion,
              ][],
          ),
        );
        // As it comes from another thread.
        const unsettled = structuredClone(unsettledIn({ chunk, judged, show: false, config: DEFAULT_CONFIG }));
        const { found } = settledIn({ unsettled, opinions: answers, name: 'test' });
        const atOnce = judged.map(({ candidate, verdict }) => {
          const { question = '', ...own } = verdict as Verdict & { question?: string };
          const opinion = answers.get(question);
          return { candidate, verdict: opinion ? judgedBy({ verdict: own, opinion, name: 'test' }) : own };
        });
        const wanted = await told(findingsIn({ chunk, judged: atOnce, show: false, config: DEFAULT_CONFIG }));
        expect(await told(found)).toEqual(wanted);
        if (wanted.some(({ decidedBy }) => decidedBy === 'judge')) differing++;
      }
      expect(differing).toBeGreaterThan(5);
    },
  );

  it('is counted, whatever has come of it', () => {
    const chunk = chunkOf(TEXTS[0]!, { path: 'app.yml' });
    const { candidates } = search(chunk, everyRule);
    const judged = candidates.map((candidate) => ({ candidate, verdict: { ...verdictOf('harmless'), question: 'q' } }));
    const unsettled = unsettledIn({ chunk, judged, show: false, config: DEFAULT_CONFIG });
    const none = settledIn({ unsettled, opinions: new Map(), name: 'test' });
    expect([none.found.length, none.doubts.map(({ after }) => after.decidedBy)]).toEqual([
      0,
      candidates.map(() => 'gate'),
    ]);
    const all = settledIn({ unsettled, opinions: new Map([['q', opinionOf('secret')]]), name: 'test' });
    expect([all.found.length, all.doubts.map(({ after }) => after.decidedBy)]).toEqual([
      candidates.length,
      candidates.map(() => 'judge'),
    ]);
    expect(all.found[0]!.finding).toMatchObject({
      ...{ verdict: 'secret', probability: 0.8, decidedBy: 'judge', scores: { gate: 0.5, judge: 0.8 } },
      reason: 'its name says a password, which was in doubt: asked as a judge, test takes it for a secret',
    });
  });

  it('does not show its value in what a judge says', () => {
    const chunk = chunkOf(TEXTS[0]!, { path: 'app.yml' });
    const { candidates } = search(chunk, everyRule);
    const judged = candidates.map((candidate) => ({ candidate, verdict: { ...verdictOf('harmless'), question: 'q' } }));
    const opinion = { ...opinionOf('secret'), reason: `it says ${password}` };
    const { found } = settledIn({
      ...{ unsettled: unsettledIn({ chunk, judged, show: false, config: DEFAULT_CONFIG }), name: 'test' },
      opinions: new Map([['q', opinion]]),
    });
    expect(found[0]!.finding.reason).not.toContain(password);
  });
});
