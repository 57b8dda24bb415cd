import { describe, expect, it } from 'vitest';
import { globToRegExp } from '../../src/config/glob.ts';
import type { DecideRequest } from '../../src/triage/decisions.ts';
import { sortItems } from '../../src/triage/item.ts';
import { current, press, type Request, settled, shownItems, startState, takenBack } from '../../src/triage/state.ts';
import type { Decision } from '../../src/types.ts';
import { item } from './items.ts';

const ITEMS = sortItems([
  item(1, { path: 'src/a.py', value: 'same' }),
  item(2, { path: 'src/b.py' }),
  item(3, { path: 'test/a.py', value: 'same' }),
  item(4, { path: 'test/b.py', finding: { ruleId: 'aws-secret-key' } }),
  item(5, { path: 'test/c.py' }),
]);

/** Presses keys, and has everything done that they ask for. */
function pressed(keys: string, earlier = new Map<string, Decision>(), items = ITEMS) {
  let state = startState(items, earlier);
  const requests: Request[] = [];
  const done: { request: DecideRequest; before: typeof state }[] = [];
  for (const key of keys.split(' ')) {
    const step = press(state, key);
    state = step.state;
    const { request } = step;
    if (!request) continue;
    requests.push(request);
    if (request.kind === 'decide') {
      done.push({ request, before: state });
      state = settled(state, request);
    } else {
      const last = done.pop();
      if (last) state = takenBack(state, last.request, last.before);
    }
  }
  const decisions = [...state.decided].map(([id, decision]) => `${Number.parseInt(id, 16)} ${decision}`);
  return { state, requests, decisions, at: Number.parseInt(current(state).id, 16) };
}

describe('going through findings', () => {
  it('has those of one folder and rule beside each other', () => {
    expect(ITEMS.map(({ id }) => Number.parseInt(id, 16))).toEqual([1, 2, 4, 3, 5]);
  });

  it.each([
    ['a', ['1 accept'], 2],
    ['f', ['1 false-alarm'], 2],
    ['p', ['1 placeholder'], 2],
    ['h', ['1 allow-here'], 2],
    ['s f', ['2 false-alarm'], 4],
    ['space right down a', ['3 accept'], 5],
    ['s s s s a', ['5 accept'], 1],
    ['f b f', ['1 false-alarm'], 2],
    ['f b a', ['1 accept'], 2],
    ['f u', [], 1],
    ['f a u', ['1 false-alarm'], 2],
    ['f b a u', ['1 false-alarm'], 1],
    ['u x z', [], 1],
  ])('decides by keys: %s', (keys, decisions, at) => {
    expect(pressed(keys)).toMatchObject({ decisions, at });
  });

  it('goes to what is left, and says when nothing is', () => {
    const { state, decisions } = pressed('f f f f f');
    expect(decisions).toHaveLength(5);
    expect(state.message?.text).toContain('All are decided');
    expect(pressed('f f f f f s').state.message?.isBad).toBe(true);
    expect(pressed('ctrl-c').state.isOver).toBe(true);
    expect(pressed('q').state.isOver).toBe(true);
    expect(pressed('/ ctrl-c').state.isOver).toBe(true);
  });

  it('decides on groups when asked, and once that is confirmed', () => {
    expect(pressed('g f').decisions).toEqual([]);
    expect(pressed('g f y')).toMatchObject({ decisions: ['1 false-alarm', '3 false-alarm'], at: 2 });
    expect(pressed('g g f y').decisions).toEqual(['1 false-alarm', '2 false-alarm']);
    expect(pressed('g g g f').decisions).toEqual(['1 false-alarm']);
    expect(pressed('g f n f').decisions).toEqual(['1 false-alarm']);
    expect(pressed('g f y u')).toMatchObject({ decisions: [], at: 1 });
    // Back to where the decision was made, whatever its group began with.
    expect(pressed('s s s g f y / a w s return u')).toMatchObject({ decisions: [], at: 3, state: { filter: '' } });
    // What was decided by itself stays what it is: the group that is left is that of rule and folder.
    expect(pressed('s s s a b b b g f y').decisions).toEqual(['3 accept', '1 false-alarm', '2 false-alarm']);
    const [request] = pressed('g h y').requests;
    expect(request).toMatchObject({ allow: { fingerprints: [ITEMS[0]!.id, ITEMS[3]!.id] } });
    expect(JSON.stringify(request)).not.toContain('paths');
  });

  it('filters by words of rule, path and description', () => {
    const filtered = (text: string) => pressed(`/ ${[...text].map((c) => (c === ' ' ? 'space' : c)).join(' ')} return`);
    const shown = (text: string) => shownItems(filtered(text).state).map(({ id }) => Number.parseInt(id, 16));
    expect(shown('TEST/')).toEqual([4, 3, 5]);
    expect(shown('aws-*')).toEqual([4]);
    expect(shown('test generic')).toEqual([3, 5]);
    expect(shown('src/*.py')).toEqual([1, 2]);
    expect(filtered('aws-*').at).toBe(4);
    // One that shows nothing is dropped, and Esc leaves everything as it was.
    expect(shown('nowhere')).toHaveLength(5);
    expect(pressed('/ a w s escape').state.filter).toBe('');
    expect(pressed('/ a w backspace backspace s r c return').state.filter).toBe('src');
    const all = pressed('/ a w s return f');
    expect(all.state.message?.text).toContain('The filter shows no more');
    expect(pressed('/ a w s return f / backspace backspace backspace return').at).toBe(4);
  });

  it('keeps a reason for one decision, and none that says the value', () => {
    const [first, second] = pressed('r o k return f f').requests as DecideRequest[];
    expect([first!.reason, second!.reason]).toEqual(['ok', '']);
    const told = [...'value same'].map((c) => (c === ' ' ? 'space' : c)).join(' ');
    expect(pressed(`r ${told} return`).state).toMatchObject({ reason: '', message: { isBad: true } });
    // Nor that of another one which the decision is about, too.
    expect(pressed(`s r ${told} return b f`).requests).toEqual([]);
    expect(pressed(`r ${[...'x'.repeat(300)].join(' ')} return`).state.reason).toHaveLength(120);
  });

  it('offers to allow a value or the findings of a rule, and says what that covers', () => {
    const { state } = pressed('a b e');
    expect(state.mode).toMatchObject({ kind: 'choose' });
    const choices = state.mode.kind === 'choose' ? state.mode.choices : [];
    expect(choices.map(({ allow }) => allow)).toEqual([
      { reason: expect.any(String), fingerprints: [ITEMS[0]!.id, ITEMS[3]!.id] },
      { reason: expect.any(String), rules: ['generic-password'], paths: ['/src/a.py'] },
      { reason: expect.any(String), rules: ['generic-password'], paths: ['/src/**'] },
    ]);
    expect(choices[0]!.covers).toContain('2 findings');
    expect(choices[2]!.covers).toContain('2 findings now (1 of which you called real)');
    expect(choices[2]!.covers).toContain('all that come later');
    expect(pressed('e 1').decisions).toEqual([]);
    expect(pressed('e 1 y').decisions).toEqual(['1 allow-everywhere', '3 allow-everywhere']);
    expect(pressed('e 3 y').decisions).toEqual(['1 allow-everywhere', '2 allow-everywhere']);
    expect(pressed('e 9 y').decisions).toEqual([]);
    expect(pressed('e 3 n').decisions).toEqual([]);
  });

  it.each(['a b/[x]*?/{c,d}!e\\f.py', '!x/a', 'a\nb/c', '**/x', 'a,b'])(
    'allows the folder of %j, and no other',
    (path) => {
      const { state } = pressed('e', new Map(), [item(1, { path })]);
      const choices = state.mode.kind === 'choose' ? state.mode.choices : [];
      for (const { allow } of choices.slice(1)) {
        const glob = globToRegExp(allow.paths![0]!);
        expect('pattern' in glob && glob.pattern.test(path)).toBe(true);
        expect('pattern' in glob && glob.pattern.test('other/x.py')).toBe(false);
      }
      expect(choices).toHaveLength(path.includes('/') ? 3 : 2);
    },
  );

  it('offers no path that has a value in it', () => {
    const { state } = pressed('e', new Map(), [item(1, { finding: { path: 'keys/********.txt' } })]);
    expect(state.mode.kind === 'choose' && state.mode.choices).toHaveLength(1);
  });
});
