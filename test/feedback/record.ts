import type { FeedbackRecord } from '../../src/types.ts';

/** A decision on the finding of that number. */
export function record(number: number, more: Partial<FeedbackRecord> = {}): FeedbackRecord {
  return {
    v: 1,
    id: number.toString(16).padStart(32, '0'),
    at: '2026-01-02T03:04:05Z',
    label: 'harmless',
    decision: 'false-alarm',
    ruleId: 'generic-password',
    syntax: 'assignment',
    model: 'run-1',
    featuresHash: 'ab'.repeat(32),
    features: [0, 1, Math.fround(0.1), Math.fround(1 / 3)],
    ngrams: [Math.fround(-2.7), 0.5],
    gate: -1.25,
    promptVersion: 2,
    ...more,
  };
}
