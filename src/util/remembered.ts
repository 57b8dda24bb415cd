import { ownCopy } from './own-copy.ts';

/** So many answers are kept: what a text asks repeats, and the next text asks other things. */
const MOST = 2048;

/** The latest answers by the text that was asked: a few thousand, which keep no other text alive. */
export function remembering<T>(): Pick<Map<string, T>, 'get' | 'has' | 'set'> {
  const known = new Map<string, T>();
  return {
    get: (text) => known.get(text),
    has: (text) => known.has(text),
    set(text, answer) {
      if (known.size >= MOST) known.clear();
      return known.set(ownCopy(text), answer);
    },
  };
}

/** `answer`, asked once for each text that repeats. What it gives is shared and must not be changed. */
export function remembered<T>(answer: (text: string) => T): (text: string) => T {
  const known = remembering<T>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined || known.has(text)) return before as T;
    const now = answer(text);
    known.set(text, now);
    return now;
  };
}
