import { ownCopy } from './own-copy.ts';
import type { TextHash } from './text-hash.ts';

/** So many answers are kept at most: what a text asks repeats, and the next text asks other things. */
const MOST = 4096;

/** The latest answers: half of `most` at least. When that half is full, what was not asked since it was begun is forgotten. */
function latest<K, T>(most: number): Pick<Map<K, T>, 'get' | 'set'> {
  let recent = new Map<K, T>();
  let older = new Map<K, T>();
  const set = (key: K, answer: T) => {
    if (recent.size >= most / 2) {
      older = recent;
      recent = new Map();
    }
    return recent.set(key, answer);
  };
  return {
    get(key) {
      const known = recent.get(key);
      if (known !== undefined) return known;
      const before = older.get(key);
      if (before !== undefined) set(key, before);
      return before;
    },
    set,
  };
}

/**
 * `answer`, asked once for each text that repeats. What it gives is shared and must not be changed.
 * @param limits.most so many answers are kept at most
 * @param limits.longest what is said of longer texts is not kept, UTF-16 code units
 */
export function remembered<T>(
  answer: (text: string) => T,
  limits: { most?: number; longest?: number } = {},
): (text: string) => T {
  const { most = MOST, longest = Number.POSITIVE_INFINITY } = limits;
  const known = latest<string, { answer: T }>(most);
  return (text) => {
    if (text.length > longest) return answer(text);
    const before = known.get(text);
    if (before) return before.answer;
    const now = answer(text);
    known.set(ownCopy(text), { answer: now });
    return now;
  };
}

/** The latest answers by hashes of all that decides over them: `most` of them, at least half as many. */
export function rememberedByHash<T>(most: number) {
  const known = latest<number, { second: number; answer: T }>(most);
  return {
    get({ first, second }: TextHash): T | undefined {
      const before = known.get(first);
      return before?.second === second ? before.answer : undefined;
    },
    set({ first, second }: TextHash, answer: T): void {
      known.set(first, { second, answer });
    },
  };
}
