import { ownCopy } from './own-copy.ts';

/** So many answers are kept: names and paths of a text repeat, and the next text has others. */
const MOST = 2048;

/** The latest answers by the text that was asked: a few thousand, which keep no other text alive. */
export function remembering<T>(): Pick<Map<string, T>, 'get' | 'set'> {
  const known = new Map<string, T>();
  return {
    get: (text) => known.get(text),
    set(text, answer) {
      if (known.size >= MOST) known.clear();
      return known.set(ownCopy(text), answer);
    },
  };
}

/** `answer`, asked once for each text that repeats. What it gives is shared and must not be changed. */
export function remembered<T>(answer: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined || known.has(text)) return before as T;
    const now = answer(text);
    if (known.size >= MOST) known.clear();
    known.set(ownCopy(text), now);
    return now;
  };
}
