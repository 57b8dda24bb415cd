import type { FeedbackRecord } from '../types.ts';

const DECISIONS = ['accept', 'false-alarm', 'placeholder', 'allow-here', 'allow-everywhere', 'undo'];
const LABELS = ['secret', 'placeholder', 'harmless', null];

/**
 * Takes a line of `feedback.jsonl` for what it says. Keys that this version does not know are left alone.
 * @throws Error that says which key is wrong, and never quotes it
 */
export function parseRecord(line: string): FeedbackRecord {
  const record: Record<string, unknown> = tableOf(line);
  if (record.v !== 1) throw new Error('it was written by another version (v is not 1)');
  const checks: [key: string, isRight: boolean][] = [
    ['id', typeof record.id === 'string' && /^[0-9a-f]{32}$/.test(record.id)],
    ['at', typeof record.at === 'string' && !Number.isNaN(Date.parse(record.at))],
    ['label', LABELS.includes(record.label as string | null)],
    ['decision', DECISIONS.includes(record.decision as string)],
    ['label', (record.label === null) === (record.decision === 'undo')],
    ['reason', isTextOrAbsent(record.reason)],
    ['folder', isTextOrAbsent(record.folder)],
    ['ruleId', typeof record.ruleId === 'string'],
    ['syntax', typeof record.syntax === 'string'],
    ['model', typeof record.model === 'string'],
    ['featuresHash', typeof record.featuresHash === 'string'],
    ['features', isNumbers(record.features)],
    ['ngrams', isNumbers(record.ngrams)],
    ['gate', Number.isFinite(record.gate)],
    ['lm', record.lm === undefined || (isNumbers(record.lm) && record.lm.length === 3)],
    ['promptVersion', Number.isInteger(record.promptVersion)],
    ['prompt', isTextOrAbsent(record.prompt)],
  ];
  const wrong = checks.find(([, isRight]) => !isRight);
  if (wrong) throw new Error(`its "${wrong[0]}" is missing or not what it has to be`);
  return record as unknown as FeedbackRecord;
}

function tableOf(line: string): Record<string, unknown> {
  let data: unknown;
  try {
    data = JSON.parse(line);
  } catch {
    throw new Error('it is not JSON');
  }
  if (typeof data !== 'object' || data === null || Array.isArray(data)) throw new Error('it is no JSON object');
  return data as Record<string, unknown>;
}

function isTextOrAbsent(value: unknown): boolean {
  return value === undefined || typeof value === 'string';
}

function isNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((one) => Number.isFinite(one));
}
