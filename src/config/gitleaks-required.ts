import type { Companion } from '../types.ts';
import { optionalNumber, optionalText, tableAt, tables, type Warn } from './gitleaks-values.ts';
import { ConfigProblem, type KeyPath } from './validate.ts';

const KEYS = ['id', 'withinlines', 'withincolumns'];
/** Anywhere in the text. */
const ANYWHERE = 1_000_000;

/** Reads the `required` of a rule: the rules that have to match near it. Columns are not counted. */
export function readRequired(input: { value: unknown; at: KeyPath; warn: Warn }): Companion[] {
  const { value, at, warn } = input;
  return tables(value, at).map((one, i) => {
    const path = [...at, i];
    const table = tableAt({ value: one, at: path, known: KEYS, warn });
    const id = optionalText(table.id, [...path, 'id'])?.trim();
    if (!id) throw new ConfigProblem(path, 'needs the key "id"');
    if (table.withincolumns !== undefined) warn(`withinColumns of the required rule "${id}" is not used`);
    const lines = optionalNumber(table.withinlines, [...path, 'withinLines']) ?? ANYWHERE;
    return { role: id, rules: [id], lines: Math.max(0, Math.floor(lines)), required: true };
  });
}
