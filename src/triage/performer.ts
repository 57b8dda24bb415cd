import { addAllow, doEdit, type Edit, type EditTarget, PasteNeeded, undoEdit } from '../config/edit/index.ts';
import { alone, appendFeedback } from '../feedback/write.ts';
import type { FeedbackDecision, FeedbackRecord } from '../types.ts';
import { type DecideRequest, recordOf } from './decisions.ts';
import type { TriageItem } from './item.ts';

/** Writes decisions down: first into the configuration, where they belong there, then into the feedback. */
export interface Performer {
  /**
   * @returns what the user should know of it
   * @throws UserError when it cannot be written; then nothing is
   */
  decide(request: DecideRequest): Promise<string | undefined>;
  /** Takes the last decision back; undefined when there is none. @throws UserError when that cannot be written */
  undo(): Promise<DecideRequest | undefined>;
  /** What has to be pasted into the configuration, as it could not be added to. */
  readonly toPaste: readonly string[];
}

interface Done {
  request: DecideRequest;
  edit: Edit | undefined;
  paste: string | undefined;
  /** What was in force before, by id. */
  before: ReadonlyMap<string, FeedbackRecord>;
}

/**
 * @param input.inForce decisions that were made before
 * @param input.target finds the configuration, when something is to be added to it
 */
export function createPerformer(input: {
  items: readonly TriageItem[];
  file: string;
  inForce: readonly FeedbackRecord[];
  target: () => Promise<EditTarget>;
  now?: () => Date;
}): Performer {
  const { items, file, target, now = () => new Date() } = input;
  const byId = new Map(items.map((item) => [item.id, item]));
  const inForce = new Map(input.inForce.map((record) => [record.id, record]));
  const done: Done[] = [];
  const toPaste: string[] = [];
  const at = () =>
    now()
      .toISOString()
      .replace(/\.\d+Z$/, 'Z');

  /** One of several triages at a time changes the configuration. */
  const inTurn = <T>(work: () => T | Promise<T>) => alone(`${file}.configuration`, work);

  const recordsOf = async (ids: readonly string[], decision: FeedbackDecision, reason: string) => {
    const records: FeedbackRecord[] = [];
    for (const id of ids) records.push(await recordOf(byId.get(id)!, { decision, reason, at: at() }));
    return records;
  };

  return {
    toPaste,
    async decide(request) {
      const { ids, decision, reason, allow } = request;
      const records = await recordsOf(ids, decision, reason);
      const written = allow ? await inTurn(async () => addOrPaste(await target(), allow)) : undefined;
      const edit = written && 'edit' in written ? written.edit : undefined;
      try {
        await appendFeedback(file, records);
      } catch (error) {
        if (edit) await inTurn(() => undoEdit(edit));
        throw error;
      }
      const before = new Map(ids.flatMap((id) => (inForce.has(id) ? [[id, inForce.get(id)!] as const] : [])));
      for (const record of records) inForce.set(record.id, record);
      const paste = written && 'paste' in written ? written.paste : undefined;
      done.push({ request, edit, paste, before });
      if (paste !== undefined) toPaste.push(paste);
      if (paste !== undefined) return 'The configuration could not be added to: what to paste comes at the end.';
      return edit && `Written to ${edit.shown}.`;
    },
    async undo() {
      const last = done.at(-1);
      if (!last) return undefined;
      const { request, edit, paste, before } = last;
      if (edit) await inTurn(() => undoEdit(edit));
      const records = (await recordsOf(request.ids, 'undo', '')).map((undone) => {
        const again = before.get(undone.id);
        return again ? { ...again, at: undone.at } : undone;
      });
      try {
        await appendFeedback(file, records);
      } catch (error) {
        if (edit) await inTurn(() => doEdit(edit));
        throw error;
      }
      done.pop();
      for (const { id, label } of records) {
        if (label === null) inForce.delete(id);
        else inForce.set(id, before.get(id)!);
      }
      if (paste !== undefined) toPaste.splice(toPaste.lastIndexOf(paste), 1);
      return request;
    },
  };
}

async function addOrPaste(
  target: EditTarget,
  allow: NonNullable<DecideRequest['allow']>,
): Promise<{ edit: Edit } | { paste: string }> {
  try {
    return { edit: await addAllow(target, allow) };
  } catch (error) {
    if (!(error instanceof PasteNeeded)) throw error;
    return { paste: `${target.shown}:\n${error.entry}` };
  }
}
