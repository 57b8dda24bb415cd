import { FEATURE_NAMES } from '../../src/features/vector.ts';
import type { FeedbackRecord } from '../../src/types.ts';
import { hasAdapter } from './base.ts';

/** Decisions that can be learned from, and how many cannot, by reason. */
export interface Usable {
  records: FeedbackRecord[];
  left: { count: number; reason: string }[];
}

const N_GRAM_SCORES = 4;

/** Sorts out what cannot be learned from. */
export function usableDecisions(
  records: readonly FeedbackRecord[],
  of: { isOfModel: (version: string) => boolean; featuresHash: string },
): Usable {
  const reasons: [reason: string, applies: (record: FeedbackRecord) => boolean][] = [
    [
      'settled by a rule: what the shape or the checksum of a provider’s key says is not unlearned',
      ({ syntax }) => syntax === 'provider',
    ],
    ['on what another version of the scanner saw', (record) => record.featuresHash !== of.featuresHash],
    ['on what another model said', ({ model }) => !of.isOfModel(model)],
    [
      'without the numbers that learning needs',
      ({ features, ngrams }) => features.length !== FEATURE_NAMES.length || ngrams.length !== N_GRAM_SCORES,
    ],
  ];
  const left = new Map<string, number>();
  const kept = records.filter((record) => {
    const reason = reasons.find(([, applies]) => applies(record))?.[0];
    if (reason !== undefined) left.set(reason, (left.get(reason) ?? 0) + 1);
    return reason === undefined;
  });
  const consistent = withoutContradictions(kept.map(withoutAdapter));
  if (consistent.length < kept.length)
    left.set('contradict each other: the model sees the same, and they say both', kept.length - consistent.length);
  return { records: consistent, left: [...left].map(([reason, count]) => ({ reason, count })) };
}

/** What a team's own language model has said says nothing of that of the base. */
function withoutAdapter(record: FeedbackRecord): FeedbackRecord {
  if (!hasAdapter(record.model)) return record;
  const { lm: _, ...rest } = record;
  return rest;
}

/** Decisions on what looks the same to the model, of which some say secret and some not, are no use. */
function withoutContradictions(records: readonly FeedbackRecord[]): FeedbackRecord[] {
  const keyOf = ({ features, ngrams }: FeedbackRecord) => [...features, ...ngrams].join();
  const said = new Map<string, Set<boolean>>();
  for (const record of records) {
    const key = keyOf(record);
    said.set(key, (said.get(key) ?? new Set()).add(record.label === 'secret'));
  }
  return records.filter((record) => said.get(keyOf(record))!.size === 1);
}

/** More decisions in one group than this share, and folders are too large to keep apart. */
const LARGEST_GROUP = 0.4;

/**
 * A name for each decision: the same for those that share a value (n-grams of a value score alike only if it is the same) or a
 * folder, so that none of them is learned from while another is measured on.
 */
export function groupsOf(records: readonly FeedbackRecord[]): string[] {
  const byValue = (record: FeedbackRecord) => `value ${record.ngrams[0]}`;
  const both = joined(
    records.map((record) => [byValue(record), ...(record.folder ? [`folder ${record.folder}`] : [])]),
  );
  const sizes = new Map<string, number>();
  for (const group of both) sizes.set(group, (sizes.get(group) ?? 0) + 1);
  const largest = Math.max(0, ...sizes.values());
  return largest <= LARGEST_GROUP * records.length ? both : joined(records.map((record) => [byValue(record)]));
}

/** The same name for lists that are linked by what they have in common. */
function joined(lists: readonly (readonly string[])[]): string[] {
  const parent = new Map<string, string>();
  const rootOf = (key: string): string => {
    const above = parent.get(key) ?? key;
    if (above === key) return key;
    const root = rootOf(above);
    parent.set(key, root);
    return root;
  };
  for (const [first, ...others] of lists) {
    for (const other of others) {
      const [a, b] = [rootOf(first!), rootOf(other)];
      // By name, so that the order of the decisions makes no difference.
      if (a !== b) parent.set(a < b ? b : a, a < b ? a : b);
    }
  }
  return lists.map(([first]) => rootOf(first!));
}
