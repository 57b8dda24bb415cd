/** Shorter values are in so much else that they say nothing. */
const SHORTEST = 8;
/** How many values with the same start are kept apart. */
const MOST_ALIKE = 8;

/** Takes out of what is left of a database the values that its rows have: pages keep stale copies of them. */
export interface KnownValues {
  add(value: string): void;
  /** Blanks the known values in `rest`, the longest one at each place. */
  blank(rest: Buffer): void;
}

export function createKnownValues(): KnownValues {
  const byStart = new Map<string, string[]>();
  return {
    add(value) {
      if (value.length < SHORTEST) return;
      const bytes = Buffer.from(value, 'utf8').toString('latin1');
      const start = bytes.slice(0, SHORTEST);
      const alike = byStart.get(start);
      if (!alike) byStart.set(start, [bytes]);
      else if (alike.length < MOST_ALIKE && !alike.includes(bytes)) alike.push(bytes);
    },
    blank(rest) {
      const text = rest.toString('latin1');
      for (const values of byStart.values()) values.sort((a, b) => b.length - a.length);
      for (const run of text.matchAll(/[^\0]{8,}/g)) {
        for (let at = run.index; at + SHORTEST <= run.index + run[0].length; at++) {
          const value = byStart.get(text.slice(at, at + SHORTEST))?.find((one) => text.startsWith(one, at));
          if (value === undefined) continue;
          rest.fill(0, at, at + value.length);
          at += value.length - 1;
        }
      }
    },
  };
}
