import { describe, expect, it } from 'vitest';
import { guidanceOf, parseGuidance } from '../../src/review/guidance.ts';
import { choose, verdictOf } from '../../src/review/select.ts';
import type { Seen, Vote } from '../../src/review/types.ts';
import { caseOf, rolloutOf, seenOf, vote } from './made.ts';

const [line] = parseGuidance('{"treat": "harmless", "path": "/src/", "because": "x"}', 'g');
const chosen = (
  votes: readonly Vote[],
  more: Partial<Seen> = {},
  options: { guided?: boolean; isOurs?: boolean } = {},
) =>
  choose({
    rollout: rolloutOf(seenOf(more), votes),
    line: options.guided ? line : undefined,
    isOurs: options.isOurs ?? false,
  });

describe('the choice for a candidate', () => {
  it('is that of most votes, by how sure they are', () => {
    expect(chosen([vote('secret', 0.9), vote('secret', 0.9), vote('harmless', 0.2)]).isSecret).toBe(true);
    expect(chosen([vote('secret', 0.6), vote('harmless', 0.2), vote('harmless', 0.2)]).isSecret).toBe(false);
    expect(chosen([vote('secret', 0.99), vote('harmless', 0.45)]).isSecret).toBe(true);
    expect(chosen([vote('secret', 0.51), vote('harmless', 0.01)]).isSecret).toBe(false);
  });

  it('is a secret where votes tie, in whatever order they come', () => {
    const votes = [vote('secret', 0.7), vote('harmless', 0.3), vote('secret', 0.6), vote('harmless', 0.4)];
    for (let i = 0; i < 4; i++) {
      votes.push(votes.shift()!);
      expect(chosen(votes)).toMatchObject({ isSecret: true, share: 0.5 });
    }
  });

  it('gives the scanner as much weight as a model that is asked more often', () => {
    const llm = Array.from({ length: 12 }, () => vote('harmless', 0.1, 'llm'));
    expect(chosen([vote('secret', 0.9), ...llm])).toMatchObject({ isSecret: true, share: 0.5 });
    expect(chosen([vote('secret', 0.9), vote('harmless', 0.4), ...llm]).isSecret).toBe(false);
  });

  it('follows guidance, which a model may contradict if it was told', () => {
    const votes = [vote('secret', 0.9), vote('secret', 0.9)];
    expect(chosen(votes, {}, { guided: true })).toMatchObject({
      isSecret: false,
      settledBy: 'guidance',
      guidance: line!.id,
    });
    const llm = vote('secret', 0.9, 'llm');
    expect(chosen([...votes, llm], {}, { guided: true }).isSecret).toBe(true);
    expect(chosen([...votes, llm], {}, { guided: true, isOurs: true }).isSecret).toBe(false);
  });

  it('is never against a checksum, and always as the configuration allows', () => {
    const none = [vote('harmless', 0), vote('harmless', 0)];
    expect(chosen(none, { proved: true }, { guided: true })).toMatchObject({ isSecret: true, settledBy: 'checksum' });
    const all = [vote('secret', 1), vote('secret', 1)];
    expect(chosen(all, { decidedBy: 'allowlist', label: 'harmless' })).toMatchObject({ isSecret: false });
  });
});

describe('the verdict on a ticket', () => {
  const none = guidanceOf([]);

  it('fails by one secret, or by something that could not be read', () => {
    const one = caseOf('a', [{}, { isSecret: false }]);
    expect(verdictOf(one, none, false)).toMatchObject({ verdict: 'fail', incomplete: false, failing: [{}] });
    const clean = caseOf('b', [{ isSecret: false }]);
    expect(verdictOf(clean, none, false)).toMatchObject({ verdict: 'pass', failing: [] });
    const skipped = [{ path: 'x', reason: 'permission denied', kind: 'error' as const }];
    const unread = { ...clean, end: { ...clean.end, skipped } };
    expect(verdictOf(unread, none, false)).toMatchObject({ verdict: 'fail', incomplete: true, failing: [] });
    const left = { ...clean, end: { ...clean.end, skipped: [{ ...skipped[0]!, kind: 'policy' as const }] } };
    expect(verdictOf(left, none, false).verdict).toBe('pass');
  });

  it('shows what is let pass in doubt', () => {
    expect(verdictOf(caseOf('a', [{ isSecret: false }]), none, false).doubtful).toHaveLength(1);
    const sure = caseOf('b', [{ isSecret: false, label: 'harmless' }]);
    expect(verdictOf(sure, none, false).doubtful).toEqual([]);
  });

  it('does not let guidance judge a ticket that changes it', () => {
    const one = caseOf('a', [{}]);
    expect(verdictOf(one, guidanceOf([line!]), false).verdict).toBe('pass');
    const changing = { ...one, end: { ...one.end, changesGuidance: true } };
    expect(verdictOf(changing, guidanceOf([line!]), false).verdict).toBe('fail');
  });
});
