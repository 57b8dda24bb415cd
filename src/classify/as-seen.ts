import type { Candidate, Rule } from '../types.ts';
import { TextHash } from '../util/text-hash.ts';

/** No question of a classifier reaches further from a value, UTF-16 code units to both sides. */
const REACH = 640;

/**
 * `candidate` with no more of its text than a classifier may look at. What is judged in this form depends on nothing but
 * what {@link hashAsSeen} reads.
 */
export function asSeen(candidate: Candidate): Candidate {
  const { chunk, start, end } = candidate;
  const from = Math.max(0, start - REACH);
  const text = chunk.text.slice(from, end + REACH);
  return { ...candidate, start: start - from, end: end - from, chunk: { ...chunk, text } };
}

/** A hash of all that may decide over a candidate: hundreds of versions of a file ask the same question over and over. */
export function hashAsSeen(candidate: Candidate): TextHash {
  const { chunk, start, end, rules, match } = candidate;
  const { text, decoded } = chunk;
  const hash = hashAtFirstSight(candidate).optional(match).optional(decoded?.way.join());
  for (const rule of rules) hash.number(numberOf(rule));
  const from = Math.max(0, start - REACH);
  return hash
    .number(rules.length)
    .number(start - from)
    .number(end - start)
    .text(text, from, Math.min(text.length, end + REACH));
}

/** A hash of what the scout looks at: value, name, syntax and path. */
export function hashAtFirstSight({ chunk, value, name, syntax }: Candidate): TextHash {
  return new TextHash().text(value).optional(name).text(syntax).text(chunk.logicalPath);
}

const numbers = new WeakMap<Rule, number>();
let last = 0;

/** Rules of different folders may have the same id. */
function numberOf(rule: Rule): number {
  const known = numbers.get(rule);
  if (known !== undefined) return known;
  numbers.set(rule, ++last);
  return last;
}
