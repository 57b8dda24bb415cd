import { describe, expect, it } from 'vitest';
import { guidanceOf, isActive, parseGuidance } from '../../src/review/guidance.ts';
import { proposalsFor } from '../../src/review/propose.ts';
import { reflect } from '../../src/review/reflect.ts';
import type { TicketCase } from '../../src/review/select.ts';
import { caseOf, seenOf } from './made.ts';

const learn = (cases: readonly TicketCase[], text = '') =>
  reflect({ cases, lines: parseGuidance(text, 'g'), isOurs: false });
const manual = (id: string, file = id) =>
  caseOf(id, [{ logicalPath: `manual/${file}.md`, name: 'sample_key', shape: 'hex' }], 'pass');
const real = (id: string) => caseOf(id, [{ logicalPath: `src/${id}.py` }], 'fail');

describe('reflection', () => {
  it('keeps the narrowest line that helps tickets that it was not made from', () => {
    const { lines, reflections, wrongBefore, wrongAfter } = learn([manual('a'), manual('b'), real('c')]);
    expect(lines).toMatchObject([
      { treat: 'harmless', path: '/manual/', name: 'sample_key', shape: 'hex', rule: 'generic-password' },
    ]);
    expect(lines[0]!.changes).toMatchObject([
      { revision: 1, action: 'added', effect: { held: 3, wrongBefore: 2, wrongAfter: 0 } },
    ]);
    expect([wrongBefore, wrongAfter]).toEqual([['a', 'b'], []]);
    const refused = reflections.filter(({ decision }) => decision === 'refused');
    expect(refused.length).toBeGreaterThan(5);
    for (const one of refused) expect(one.why).not.toBe('');
  });

  it('learns nothing from a single ticket, nor from two that share their secret', () => {
    expect(learn([manual('a'), real('c')]).lines).toEqual([]);
    const twice = manual('b');
    const same = { ...manual('a'), rollouts: twice.rollouts };
    const { lines, reflections } = learn([same, twice, real('c')]);
    expect(lines).toEqual([]);
    expect(reflections.every(({ decision }) => decision === 'refused')).toBe(true);
  });

  it('refuses what would make a right ticket wrong, however much it helps', () => {
    const cases = [
      manual('a'),
      manual('b'),
      caseOf('c', [{ logicalPath: 'manual/c.md', name: 'sample_key', shape: 'hex' }], 'fail'),
    ];
    const { lines, reflections } = learn(cases);
    expect(lines).toEqual([]);
    expect(reflections.some(({ why }) => why === 'it would make 1 ticket worse: c')).toBe(true);
  });

  it('calls no whole folder harmless for two tickets that have nothing else in common', () => {
    const other = caseOf(
      'b',
      [{ logicalPath: 'manual/b.txt', name: 'token', rule: 'generic-token', shape: 'uuid' }],
      'pass',
    );
    const { lines, reflections } = learn([manual('a'), other]);
    expect(lines).toEqual([]);
    expect(
      reflections.find(({ path, name, rule, shape }) => path === '/manual/' && !name && !rule && !shape)?.why,
    ).toMatch(/takes 3 tickets/);
  });

  it('learns only from the candidates that a label is about', () => {
    const mixed = (id: string): TicketCase => {
      const own = [
        { logicalPath: 'manual/x.md', name: 'sample_key' },
        { logicalPath: 'ops/x.ini', name: 'pin' },
      ];
      const one = caseOf(id, own, 'pass');
      return { ...one, ticket: { ...one.ticket, candidates: [one.rollouts[0]!.seen.fingerprint] } };
    };
    const { lines, wrongAfter } = learn([mixed('a'), mixed('b')]);
    expect(lines).toMatchObject([{ path: '/manual/', name: 'sample_key' }]);
    expect(wrongAfter).toEqual([]);
  });

  it('learns to call a secret what was overlooked', () => {
    const missed = (id: string) =>
      caseOf(id, [{ logicalPath: `ops/${id}.ini`, name: 'pin', isSecret: false, label: 'harmless' }], 'fail');
    const { lines, wrongAfter } = learn([missed('a'), missed('b'), caseOf('c', [{ isSecret: false }], 'pass')]);
    expect(lines).toMatchObject([{ treat: 'secret', path: '/ops/', name: 'pin' }]);
    expect(wrongAfter).toEqual([]);
  });

  it('never proposes anything against a checksum', () => {
    const proved = (id: string) => caseOf(id, [{ logicalPath: 'manual/x', proved: true }], 'pass');
    const { lines, reflections, wrongAfter } = learn([proved('a'), proved('b'), proved('c')]);
    expect([lines, reflections, wrongAfter]).toEqual([[], [], ['a', 'b', 'c']]);
  });

  it('takes two lines where one is not enough, and none that adds nothing', () => {
    const both = (id: string) =>
      caseOf(
        id,
        [
          { logicalPath: 'manual/a.md', name: 'first', rule: 'generic-a', shape: 'hex' },
          { logicalPath: 'tour/a.txt', name: 'second', rule: 'generic-b', shape: 'uuid' },
        ],
        'pass',
      );
    const { lines, wrongAfter } = learn([both('a'), both('b')]);
    expect(lines.map(({ path }) => path).sort()).toEqual(['/manual/', '/tour/']);
    expect(wrongAfter).toEqual([]);
  });

  it('retires a line that only does harm, and can take it up again', () => {
    const text = '{"treat": "harmless", "path": "/src/", "because": "somebody thought so"}';
    const { lines, reflections } = learn([real('a'), real('b')], text);
    expect(lines).toHaveLength(1);
    expect(isActive(lines[0]!)).toBe(false);
    expect(lines[0]!.changes.at(-1)).toMatchObject({
      revision: 2,
      action: 'retired',
      effect: { wrongBefore: 2, wrongAfter: 0 },
    });
    expect(reflections).toMatchObject([{ decision: 'retired', path: '/src/' }]);
    expect(learn([real('a'), manual('b')], text.replace('src', 'other')).lines[0]!.changes).toHaveLength(1);
  });

  it('counts unlabelled tickets that a line changes as well', () => {
    const unlabelled = { ...manual('x'), ticket: { ...manual('x').ticket, label: undefined as never } };
    const { lines } = learn([manual('a'), manual('b'), unlabelled]);
    expect(lines[0]!.changes[0]!.effect).toMatchObject({ held: 2, alsoChanges: 1 });
  });

  it('leaves out tickets that could not be read in full', () => {
    const unread = (one: TicketCase): TicketCase => ({
      ...one,
      end: { ...one.end, skipped: [{ path: 'x', reason: 'gone', kind: 'error' }] },
    });
    expect(learn([unread(manual('a')), unread(manual('b'))]).wrongBefore).toEqual([]);
  });

  it('says the same whatever the order of the tickets, and the same again', () => {
    const cases = [manual('a'), manual('b'), real('c'), manual('d')];
    const { lines } = learn(cases);
    expect(learn([...cases].reverse()).lines.map(({ id }) => id)).toEqual(lines.map(({ id }) => id));
    const again = reflect({ cases, lines, isOurs: false });
    expect(again.reflections).toEqual([]);
    expect(again.lines).toEqual(lines);
  });

  it('measures hundreds of tickets', () => {
    const many = Array.from({ length: 300 }, (_, i) => [manual(`m${i}`), real(`r${i}`)]).flat();
    const { lines, wrongAfter } = learn(many);
    expect(wrongAfter).toEqual([]);
    expect(guidanceOf(lines).lines).toHaveLength(1);
  });
});

describe('proposals', () => {
  it('are about places and names, never about a rule or a kind of value alone', () => {
    const all = proposalsFor(seenOf({ logicalPath: 'a/b/c.md', name: 'sampleKey' }), 'harmless');
    for (const { path, name } of all) expect(name !== undefined || path?.startsWith('/')).toBe(true);
    expect(new Set(all.map(({ path }) => path))).toEqual(new Set([undefined, '/a/b/', '/a/', '*.md']));
    expect(new Set(all.map(({ name }) => name))).toEqual(new Set([undefined, 'sampleKey', 'sample*', '*Key']));
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
  });

  it('leave out names and folders that are masked or patterns themselves', () => {
    const all = proposalsFor(seenOf({ logicalPath: 'a*/[b]/********/c', name: 'x********' }), 'harmless');
    expect(all).toEqual([]);
  });
});
