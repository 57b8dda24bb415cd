import { place } from '../report/words.ts';
import type { Decision } from '../types.ts';
import { formatCount } from '../util/format.ts';
import { type AllowChoice, allowChoices, allowFindings, type DecideRequest, WORDS } from './decisions.ts';
import type { TriageItem } from './item.ts';
import { isShown, likeOf, type Scope, scopesOf } from './likes.ts';

/** A key: its name for one that has one (`return`, `escape`, `left`, `ctrl-c`), else the character. */
export type Key = string;

/** What the screen shows besides the finding, and what a key is taken for. */
export type Mode =
  | { kind: 'look' }
  | { kind: 'help' }
  | { kind: 'confirm'; request: DecideRequest; question: string }
  | { kind: 'choose'; choices: readonly AllowChoice[] }
  | { kind: 'input'; what: 'filter' | 'reason'; text: string };

/** Where somebody stands who goes through findings. */
export interface TriageState {
  items: readonly TriageItem[];
  /** What was decided since the start. */
  decided: ReadonlyMap<string, Decision>;
  /** What had been decided before. */
  earlier: ReadonlyMap<string, Decision>;
  /** In `items`. */
  at: number;
  filter: string;
  scope: Scope;
  /** To be written down with the next decision. */
  reason: string;
  mode: Mode;
  message?: { text: string; isBad: boolean };
  isOver: boolean;
}

/** What a key asks for besides another state: it is done, and then told by {@link settled}. */
export type Request = DecideRequest | { kind: 'undo' };

/** What a key leads to; a request is for the caller to carry out. */
export interface Step {
  state: TriageState;
  request?: Request;
}

const LONGEST_INPUT = 120;
const DECIDE: Readonly<Record<Key, Exclude<Decision, 'allow-everywhere'>>> = {
  a: 'accept',
  f: 'false-alarm',
  p: 'placeholder',
  h: 'allow-here',
};

/** The first finding that is not decided. */
export function startState(items: readonly TriageItem[], earlier: ReadonlyMap<string, Decision>): TriageState {
  return {
    items,
    decided: new Map(),
    earlier,
    at: 0,
    filter: '',
    scope: 'one',
    reason: '',
    mode: { kind: 'look' },
    isOver: items.length === 0,
  };
}

/** The findings that the filter shows. */
export function shownItems({ items, filter }: TriageState): TriageItem[] {
  return items.filter((item) => isShown(item, filter));
}

/** What a key does. */
export function press(before: TriageState, key: Key): Step {
  const { message: _, ...rest } = before;
  const state: TriageState = rest;
  if (key === 'ctrl-c' || key === 'ctrl-d') return { state: { ...state, isOver: true } };
  switch (state.mode.kind) {
    case 'help':
      return { state: { ...state, mode: { kind: 'look' } } };
    case 'input':
      return { state: typed(state, state.mode, key) };
    case 'confirm':
      if (key === 'y') return { state: { ...state, mode: { kind: 'look' } }, request: state.mode.request };
      return { state: told({ ...state, mode: { kind: 'look' }, scope: 'one' }, 'Nothing was done.') };
    case 'choose':
      return { state: chosen(state, state.mode.choices[Number(key) - 1]) };
    case 'look':
      return looked(state, key);
  }
}

function looked(state: TriageState, key: Key): Step {
  const decision = DECIDE[key];
  if (decision) return decide(state, decision);
  switch (key) {
    case 'e': {
      const { items, reason, decided, earlier } = state;
      const isAccepted = (id: string) => (decided.get(id) ?? earlier.get(id)) === 'accept';
      const isLeft = (id: string) => !decided.has(id);
      const choices = allowChoices({ items, item: current(state), isLeft, isAccepted, reason });
      return { state: { ...state, mode: { kind: 'choose', choices } } };
    }
    case 's':
    case 'space':
    case 'right':
    case 'down':
      return { state: moved(state, 1) };
    case 'b':
    case 'left':
    case 'up':
      return { state: moved(state, -1) };
    case 'g':
      return { state: widened(state) };
    case 'r':
      return { state: { ...state, mode: { kind: 'input', what: 'reason', text: state.reason } } };
    case '/':
      return { state: { ...state, mode: { kind: 'input', what: 'filter', text: state.filter } } };
    case 'u':
      return { state, request: { kind: 'undo' } };
    case '?':
      return { state: { ...state, mode: { kind: 'help' } } };
    case 'q':
      return { state: { ...state, isOver: true } };
    case 'escape':
      return { state: { ...state, scope: 'one', reason: '' } };
    default:
      return { state: told(state, 'That key does nothing here; ? shows those that do.', true) };
  }
}

/** What a group is made of: what is not decided yet, and the finding at hand. */
function undecidedOr(state: TriageState): TriageItem[] {
  const at = current(state);
  return shownItems(state).filter((item) => item === at || !state.decided.has(item.id));
}

/** The findings that the next decision is about. */
export function concerned(state: TriageState): TriageItem[] {
  return likeOf(undecidedOr(state), current(state), state.scope);
}

/** The finding that is shown. */
export function current({ items, at }: TriageState): TriageItem {
  return items[at]!;
}

/** How many a decision would be about, by scope: those that are about more than one. */
export function groups(state: TriageState): { scope: Scope; count: number }[] {
  const items = undecidedOr(state);
  return scopesOf(items, current(state))
    .filter((scope) => scope !== 'one')
    .map((scope) => ({ scope, count: likeOf(items, current(state), scope).length }));
}

function widened(state: TriageState): TriageState {
  const scopes = scopesOf(undecidedOr(state), current(state));
  if (scopes.length === 1) return told(state, 'No other finding here has its value, or its rule and folder.', true);
  return { ...state, scope: scopes[(scopes.indexOf(state.scope) + 1) % scopes.length]! };
}

function decide(state: TriageState, decision: Exclude<Decision, 'allow-everywhere'>): Step {
  const items = concerned(state);
  const { reason } = state;
  if (saysValue(items, reason)) return { state: droppedReason(state) };
  const allow = decision === 'allow-here' ? { allow: allowFindings(items, reason) } : {};
  const request: DecideRequest = { kind: 'decide', decision, ids: items.map(({ id }) => id), reason, ...allow };
  if (items.length === 1) return { state, request };
  const question = `${formatCount(items.length, 'finding')}: ${WORDS[decision]}, all of them?`;
  return { state: { ...state, mode: { kind: 'confirm', request, question } } };
}

function chosen(state: TriageState, choice: AllowChoice | undefined): TriageState {
  if (!choice) return told({ ...state, mode: { kind: 'look' } }, 'Nothing was done.');
  const { ids, allow, covers } = choice;
  const covered = new Set(ids);
  const items = state.items.filter(({ id }) => covered.has(id));
  if (saysValue(items, state.reason)) return droppedReason({ ...state, mode: { kind: 'look' } });
  const request: DecideRequest = { kind: 'decide', decision: 'allow-everywhere', ids, reason: state.reason, allow };
  return { ...state, mode: { kind: 'confirm', request, question: `Let pass ${covers}?` } };
}

function typed(state: TriageState, mode: Mode & { kind: 'input' }, key: Key): TriageState {
  const { what, text } = mode;
  const look: TriageState = { ...state, mode: { kind: 'look' } };
  if (key === 'escape') return look;
  if (key === 'return') return what === 'filter' ? filtered(look, text.trim()) : reasoned(look, text.trim());
  const more = key === 'space' ? ' ' : [...key].length === 1 ? key : '';
  const next = key === 'backspace' ? [...text].slice(0, -1).join('') : text + more;
  return { ...state, mode: { ...mode, text: [...next].slice(0, LONGEST_INPUT).join('') } };
}

function reasoned(state: TriageState, reason: string): TriageState {
  return saysValue([current(state)], reason) ? droppedReason(state) : { ...state, reason };
}

function saysValue(items: readonly TriageItem[], reason: string): boolean {
  return reason !== '' && items.some((item) => item.isToldBy(reason));
}

function droppedReason(state: TriageState): TriageState {
  return told(
    { ...state, reason: '' },
    'The reason says the value itself, which must not be kept: it was dropped.',
    true,
  );
}

function filtered(state: TriageState, filter: string): TriageState {
  const next = { ...state, filter, scope: 'one' as const };
  const shown = shownItems(next);
  if (shown.length === 0) return told(state, 'The filter shows nothing: it was dropped.', true);
  if (shown.includes(current(next))) return next;
  return { ...next, at: next.items.indexOf(shown.find(({ id }) => !next.decided.has(id)) ?? shown[0]!) };
}

/** Forwards to what is not decided yet, from the start again at the end; backwards to whatever stands there. */
function moved(state: TriageState, way: 1 | -1): TriageState {
  const shown = shownItems(state);
  const at = shown.indexOf(current(state));
  const order = Array.from({ length: shown.length - 1 }, (_, i) => shown.at((at + way * (i + 1)) % shown.length)!);
  const next = way < 0 ? order[0] : order.find(({ id }) => !state.decided.has(id));
  if (!next) return told(state, 'There is no other one left.', true);
  return { ...state, at: state.items.indexOf(next), scope: 'one' };
}

function told(state: TriageState, text: string, isBad = false): TriageState {
  return { ...state, message: { text, isBad } };
}

/** The state once a decision is written down. */
export function settled(state: TriageState, { decision, ids }: DecideRequest, note = ''): TriageState {
  const decided = new Map(state.decided);
  for (const id of ids) decided.set(id, decision);
  const text = `${nameOf(state, ids)}: ${WORDS[decision]}.${note === '' ? '' : ` ${note}`} (u takes it back)`;
  const next = moved({ ...state, decided, scope: 'one', reason: '' }, 1);
  if (shownItems(next).some(({ id }) => !decided.has(id))) return told(next, text);
  const isAll = next.items.every(({ id }) => decided.has(id));
  return told(next, `${text} ${isAll ? 'All are decided: q ends.' : 'The filter shows no more: / changes it.'}`);
}

/** The state once a decision was taken back. @param before the state in which it was made */
export function takenBack(state: TriageState, { decision, ids }: DecideRequest, before: TriageState): TriageState {
  const decided = new Map(state.decided);
  for (const id of ids) {
    const again = before.decided.get(id);
    if (again === undefined) decided.delete(id);
    else decided.set(id, again);
  }
  const { at, filter } = before;
  const text = `Taken back: ${nameOf(state, ids)}, ${WORDS[decision]}.`;
  return told({ ...state, decided, at, filter, scope: 'one' }, text);
}

function nameOf({ items }: TriageState, ids: readonly string[]): string {
  const { finding } = items.find(({ id }) => id === ids[0])!;
  return ids.length === 1 ? place(finding) : formatCount(ids.length, 'finding');
}

/** The state after something could not be done. */
export function failed(state: TriageState, problem: string): TriageState {
  return told(state, problem, true);
}
