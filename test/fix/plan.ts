import { Names } from '../../src/fix/names.ts';
import { broken } from '../../src/fix/parses.ts';
import { edited, editsOf, planLookUps } from '../../src/fix/plan.ts';

/** What stands for a value in the texts of these tests: no scan takes it for one. */
const VALUE = /VALUE\d?/g;

export interface Outcome {
  text: string;
  refused: string[];
  names: string[];
}

/** Fixes every `VALUE` of a text, as `NAME` and `NAME_2`. */
export function fixed(path: string, text: string, names = new Names()): Outcome {
  const wishes = [...text.matchAll(VALUE)].map(({ index, 0: { length } }) => ({
    start: index,
    end: index + length,
    wish: 'NAME',
  }));
  const planned = planLookUps({ path, text, wishes, names });
  const drafts = planned.flatMap((one) => ('draft' in one ? one.draft : []));
  return {
    text: drafts.length === 0 ? text : edited(text, editsOf({ path, text, drafts })),
    refused: planned.flatMap((one) => ('refusal' in one ? one.refusal.refused : [])),
    names: drafts.map(({ name }) => name),
  };
}

/** Whether a fixed text is one that parsers take, where there is one. */
export async function parses(path: string, before: string): Promise<boolean> {
  return !(await broken([{ path, before, after: fixed(path, before).text }]))[0];
}
