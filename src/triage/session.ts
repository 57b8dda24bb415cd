import { painter } from '../report/excerpt.ts';
import type { Decision, FeedbackRecord } from '../types.ts';
import { UserError } from '../util/errors.ts';
import { formatCount } from '../util/format.ts';
import type { DecideRequest } from './decisions.ts';
import type { TriageItem } from './item.ts';
import type { Performer } from './performer.ts';
import { type ScreenSize, screen } from './screen.ts';
import { failed, type Key, press, settled, startState, type TriageState, takenBack } from './state.ts';

/** What takes a moment to be written is told before. */
const MANY = 20;

/** Where a session shows itself, and where its keys come from. */
export interface Terminal {
  size(): ScreenSize;
  color: boolean;
  draw(lines: readonly string[]): void;
  /** Ends when the terminal is gone or the process is told to stop. `resize` comes when it has got another size. */
  keys(): AsyncIterable<Key | 'resize'>;
}

/** Goes through findings with somebody who sits at a terminal. @returns what was decided */
export async function runSession(input: {
  items: readonly TriageItem[];
  inForce: readonly FeedbackRecord[];
  performer: Performer;
  terminal: Terminal;
}): Promise<ReadonlyMap<string, Decision>> {
  const { items, inForce, performer, terminal } = input;
  const earlier = new Map(inForce.map(({ id, decision }) => [id, decision as Decision]));
  const paint = painter(terminal.color);
  const before: TriageState[] = [];
  let state = startState(items, earlier);

  const perform = async (request: DecideRequest | { kind: 'undo' }): Promise<void> => {
    try {
      if (request.kind === 'decide') {
        const note = await performer.decide(request);
        before.push(state);
        state = settled(state, request, note);
        return;
      }
      const undone = await performer.undo();
      state = undone ? takenBack(state, undone, before.pop()!) : failed(state, 'There is nothing to take back.');
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      state = failed(state, `${error.message}${error.hint === undefined ? '' : ` (${error.hint})`}`);
    }
  };

  const draw = () => terminal.draw(screen(state, terminal.size(), paint));
  if (state.isOver) return state.decided;
  draw();
  for await (const key of terminal.keys()) {
    if (key !== 'resize') {
      const step = press(state, key);
      state = step.state;
      if (step.request?.kind === 'decide' && step.request.ids.length > MANY) {
        state = {
          ...state,
          message: { text: `Writing ${formatCount(step.request.ids.length, 'decision')} …`, isBad: false },
        };
        draw();
      }
      if (step.request) await perform(step.request);
    }
    if (state.isOver) break;
    draw();
  }
  return state.decided;
}
