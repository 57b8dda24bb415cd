import { FEATURE_NAMES } from '../../src/features/vector.ts';
import { type DataRecord, foldOf, LABELS, RECORD_KEYS, SOURCES, SPLITS, VARIANTS } from './record.ts';

/** What is wrong with one record by itself: `kind` is for counting, `what` for people and without values. */
export interface Problem {
  kind: string;
  what: string;
}

const text = (value: unknown) => typeof value === 'string';
const filled = (value: unknown) => typeof value === 'string' && value !== '';
const whole = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 1;
const within = (list: readonly unknown[]) => (value: unknown) => list.includes(value);

const SCHEMA: { readonly [key in keyof DataRecord]: readonly [test: (value: unknown) => boolean, must: string] } = {
  id: [(v) => typeof v === 'string' && /^[0-9a-f]{16}$/.test(v), 'be 16 hexadecimal digits'],
  source: [within(SOURCES), `be one of ${SOURCES.join(', ')}`],
  split: [within(SPLITS), `be one of ${SPLITS.join(', ')}`],
  variant: [within(VARIANTS), `be one of ${VARIANTS.join(', ')}`],
  repo: [filled, 'be a text'],
  fold: [within([0, 1, 2, 3, 4]), 'be 0 to 4'],
  path: [filled, 'be a text'],
  language: [filled, 'be a text'],
  category: [text, 'be a text'],
  label: [within(LABELS), `be one of ${LABELS.join(', ')}`],
  weight: [(v) => typeof v === 'number' && Number.isFinite(v) && v >= 0, 'be a number that is not negative'],
  labelled: [(v) => typeof v === 'boolean', 'be true or false'],
  name: [(v) => v === null || typeof v === 'string', 'be a text or null'],
  syntax: [filled, 'be a text'],
  rule: [filled, 'be a text'],
  line: [whole, 'be a line number'],
  endLine: [whole, 'be a line number'],
  value: [filled, 'be a text'],
  span: [(v) => Array.isArray(v) && v.length === 2 && v.every(Number.isInteger), 'be two whole numbers'],
  text: [filled, 'be a text'],
  template: [(v) => v === null || filled(v), 'be a text or null'],
  settled: [
    (v) => v === null || (typeof v === 'object' && 'label' in v! && 'probability' in v && 'decidedBy' in v),
    'be null or a verdict',
  ],
  x: [
    (v) => Array.isArray(v) && v.length === FEATURE_NAMES.length && v.every((n) => Number.isFinite(n)),
    `be ${FEATURE_NAMES.length} finite numbers`,
  ],
  ngrams: [
    (v) => typeof v === 'object' && v !== null && ['value', 'name', 'line'].every((key) => isIds((v as never)[key])),
    'hold base64 of 16-bit numbers for value, name and line',
  ],
  prompt: [(v) => typeof v === 'string' && v.endsWith('verdict:'), 'end with "verdict:"'],
};

function isIds(value: unknown): boolean {
  // Two bytes for each number: whole groups of base64 only.
  return (
    typeof value === 'string' &&
    /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(value) &&
    Buffer.byteLength(value, 'base64') % 2 === 0
  );
}

/** What is wrong with a parsed line by itself: schema, span, fold, encoding. */
export function recordProblems(value: unknown): Problem[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return [{ kind: 'schema', what: 'not an object' }];
  }
  const unknown = Object.keys(value).filter((key) => !(RECORD_KEYS as readonly string[]).includes(key));
  const problems: Problem[] = unknown.map((key) => ({
    kind: 'schema',
    what: `unknown field ${JSON.stringify(key.slice(0, 40))}`,
  }));
  for (const key of RECORD_KEYS) {
    const [test, must] = SCHEMA[key];
    if (!(key in value)) problems.push({ kind: 'schema', what: `${key} is missing` });
    else if (!test((value as DataRecord)[key]))
      problems.push({ kind: key === 'label' ? 'label' : 'schema', what: `${key} must ${must}` });
  }
  if (problems.length > 0) return problems;
  const record = value as DataRecord;
  const [start, end] = record.span;
  if (start < 0 || end <= start || end > record.text.length || record.text.slice(start, end) !== record.value) {
    problems.push({ kind: 'span', what: 'text at span is not the value' });
  }
  if (record.endLine < record.line) problems.push({ kind: 'span', what: 'endLine is before line' });
  if (record.fold !== foldOf(record.repo))
    problems.push({ kind: 'fold', what: `fold is not ${foldOf(record.repo)}, that of its repo` });
  return [...problems, ...encodingProblems(record)];
}

function encodingProblems(record: DataRecord): Problem[] {
  const problems: Problem[] = [];
  for (const key of ['repo', 'path', 'name', 'value', 'text', 'prompt'] as const) {
    const part = record[key] ?? '';
    if (/\p{Cs}/u.test(part)) problems.push({ kind: 'encoding', what: `${key} has half a surrogate pair` });
    if (part.includes('\0')) problems.push({ kind: 'encoding', what: `${key} has a NUL character` });
    if (part.startsWith('\uFEFF')) problems.push({ kind: 'encoding', what: `${key} starts with a byte order mark` });
  }
  return problems;
}
