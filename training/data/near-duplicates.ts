import { normal, shortHash } from './masked.ts';

/** Shorter texts are alike by chance. */
const SHORTEST = 24;
const GRAM = 5;
/** So many of the smallest hashes must be equal: two texts that share nine of ten 5-grams mostly pass, of two only few. */
const KEPT = 4;

/**
 * A key that near-duplicates share: the smallest hashes of the 5-grams of the normalised text (a bottom-k sketch).
 * Undefined for texts that are too short to say.
 */
export function sketch(text: string): string | undefined {
  const plain = normal(text);
  if (plain.length < SHORTEST) return undefined;
  const least: number[] = [];
  for (let i = 0; i + GRAM <= plain.length; i++) {
    let h = 2166136261;
    for (let j = i; j < i + GRAM; j++) h = Math.imul(h ^ plain.charCodeAt(j), 16777619);
    h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d) >>> 0;
    if (least.length === KEPT && h >= least[KEPT - 1]!) continue;
    if (least.includes(h)) continue;
    least.push(h);
    least.sort((a, b) => a - b);
    if (least.length > KEPT) least.pop();
  }
  return least.join('.');
}

/** Where the records of one key are. */
export interface Group {
  lines: number[];
  folds: Set<number>;
  splits: Set<string>;
  sources: Map<string, number>;
  /** Whether some are secrets and some are not. */
  secret: boolean;
  other: boolean;
}

const MOST_LINES = 6;

/** Groups records by a key, with as much as is told of them. */
export function createGroups() {
  const groups = new Map<string, Group>();
  return {
    add(text: string, record: { line: number; fold: number; split: string; source: string; label: string }): void {
      const key = shortHash(text);
      const group = groups.get(key) ?? {
        lines: [],
        folds: new Set<number>(),
        splits: new Set<string>(),
        sources: new Map<string, number>(),
        secret: false,
        other: false,
      };
      groups.set(key, group);
      if (group.lines.length < MOST_LINES) group.lines.push(record.line);
      group.folds.add(record.fold);
      group.splits.add(record.split);
      group.sources.set(record.source, (group.sources.get(record.source) ?? 0) + 1);
      if (record.label === 'secret') group.secret = true;
      else group.other = true;
    },
    all: (): Iterable<Group> => groups.values(),
  };
}

export function sizeOf(group: Group): number {
  return [...group.sources.values()].reduce((sum, n) => sum + n, 0);
}
