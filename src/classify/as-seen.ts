import type { Candidate } from '../types.ts';

/** No question of a classifier reaches further from a value, UTF-16 code units to both sides. */
const REACH = 640;

/** A candidate cut down to what may decide over it, and all of that as one text. */
export interface AsSeen {
  candidate: Candidate;
  key: string;
}

/**
 * `candidate` with no more of its text than a classifier may look at. What is judged in this form depends on nothing but
 * the key: hundreds of versions of a file ask the same question over and over.
 */
export function asSeen(candidate: Candidate): AsSeen {
  const { chunk, start, end, value, name, syntax, rules, match } = candidate;
  const from = Math.max(0, start - REACH);
  const text = chunk.text.slice(from, end + REACH);
  const place = { start: start - from, end: end - from };
  const way = chunk.decoded?.way.join() ?? '';
  const said = [value, name ?? '\x01', match ?? '\x01', syntax, way, chunk.logicalPath, ...rules.map(({ id }) => id)];
  return {
    candidate: { ...candidate, ...place, chunk: { ...chunk, text } },
    key: `${said.map((part) => `${part.length} ${part}`).join('')} ${place.start} ${text}`,
  };
}
