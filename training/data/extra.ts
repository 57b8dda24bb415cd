import type { VerdictLabel } from '../../src/types.ts';
import { UserError } from '../../src/util/errors.ts';
import { labelledCandidates, recordOf } from './candidates.ts';
import { type DataRecord, LABELS, readJsonLines, recordId, type Split } from './record.ts';
import { chunkOfText } from './synthetic/records.ts';

/**
 * One line of a user's own JSONL file: a text with one labelled value.
 *
 *     {"text": "db_password = '…'", "value": "…", "label": "secret", "path": "conf/db.py", "repo": "shop"}
 */
export interface SimpleRecord {
  /** One or several lines of code or text. */
  text: string;
  /** The value itself, or where it stands in `text` (UTF-16 code units, end exclusive). One of the two is needed. */
  value?: string;
  span?: readonly [start: number, end: number];
  label: VerdictLabel;
  /** What the file was called; `extra.txt` unless told. Much is read from it: tell it. */
  path?: string;
  /** What the value is bound to, where the text does not show it. */
  name?: string;
  /** Records of one repository are kept together; all of a file are one unless told. */
  repo?: string;
}

const FIELDS = ['text', 'value', 'span', 'label', 'path', 'name', 'repo'];

/** What is wrong with a simple record, in words without values; undefined when nothing is. */
function simpleProblem(record: unknown): string | undefined {
  if (typeof record !== 'object' || record === null || Array.isArray(record)) return 'not an object';
  const r = record as { [key: string]: unknown };
  const unknown = Object.keys(r).find((key) => !FIELDS.includes(key));
  if (unknown !== undefined)
    return `unknown field ${JSON.stringify(unknown.slice(0, 40))}: ${FIELDS.join(', ')} are known`;
  if (typeof r.text !== 'string' || r.text === '') return 'text is missing';
  if (!LABELS.includes(r.label as VerdictLabel)) return `label must be one of ${LABELS.join(', ')}`;
  for (const key of ['path', 'name', 'repo', 'value']) {
    if (r[key] !== undefined && (typeof r[key] !== 'string' || r[key] === '')) return `${key} must be a text`;
  }
  if (r.span !== undefined) {
    const span = r.span as number[];
    const fits = Array.isArray(span) && span.length === 2 && span.every(Number.isInteger);
    if (!fits || span[0]! < 0 || span[1]! <= span[0]! || span[1]! > r.text.length) return 'span does not lie in text';
    if (r.value !== undefined && r.text.slice(span[0], span[1]) !== r.value) return 'value is not what span says';
    return undefined;
  }
  if (r.value === undefined) return 'value or span is needed';
  const at = r.text.indexOf(r.value as string);
  if (at < 0) return 'value does not stand in text';
  if (r.text.indexOf(r.value as string, at + 1) >= 0) return 'value stands in text more than once: give its span';
  return undefined;
}

/**
 * The records of a user's own file, in order. `onMissed` is told of lines in whose value the scanner sees no candidate:
 * nothing can be learnt from those.
 *
 * @throws UserError naming file and line where a line is not a simple record.
 */
export async function* extraRecords(input: {
  file: string;
  weight: number;
  split: Split;
  onMissed: (line: number) => void;
}): AsyncGenerator<DataRecord> {
  const { file, weight, split, onMissed } = input;
  for await (const { line, value } of readJsonLines(file)) {
    const problem = simpleProblem(value);
    if (problem)
      throw new UserError(`${file}:${line}: ${problem}`, { hint: 'see SimpleRecord in training/data/extra.ts' });
    const simple = value as SimpleRecord;
    const start = simple.span?.[0] ?? simple.text.indexOf(simple.value!);
    const end = simple.span?.[1] ?? start + simple.value!.length;
    const path = simple.path ?? 'extra.txt';
    const found = labelledCandidates({ chunk: chunkOfText(path, simple.text), places: [] }).find(
      ({ candidate }) => candidate.start < end && candidate.end > start,
    );
    if (!found) {
      onMissed(line);
      continue;
    }
    const candidate =
      simple.name !== undefined && found.candidate.name === undefined
        ? { ...found.candidate, name: simple.name }
        : found.candidate;
    const origin = { repo: `extra/${simple.repo ?? 'all'}`, variant: 'plain', source: 'extra', split } as const;
    const record = recordOf({ candidate, label: simple.label, labelled: true, category: 'extra' }, origin);
    // The line number tells records of the same path apart.
    const id = recordId({ ...origin, path: `${path}\0${line}`, start, end });
    yield { ...record, id, weight };
  }
}

/**
 * Checks a user's own file before anything is made of it: all of its problems at once.
 *
 * @throws UserError with the first problems, each with its line number.
 */
export async function checkSimpleFile(file: string): Promise<void> {
  const problems: string[] = [];
  for await (const { line, value } of readJsonLines(file)) {
    const problem = simpleProblem(value);
    if (problem) problems.push(`line ${line}: ${problem}`);
  }
  if (problems.length === 0) return;
  const more = problems.length > 10 ? `\nand ${problems.length - 10} more` : '';
  throw new UserError(`${file} has ${problems.length} bad records\n${problems.slice(0, 10).join('\n')}${more}`, {
    hint: 'every line is {"text", "value" or "span", "label", and maybe "path", "name", "repo"}',
  });
}
