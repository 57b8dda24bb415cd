import { ownCopy } from './own-copy.ts';

/** So many answers are kept: names and paths of a text repeat, and the next text has others. */
const MOST = 2048;

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
