import { renderPrompt, withGate } from '../classify/prompt.ts';
import type { Features } from '../features/index.ts';
import { valuesOf } from '../findings/neighbours.ts';
import { hide, MASK } from '../findings/redact.ts';
import { joined, type Range } from '../findings/spellings.ts';
import type { Candidate } from '../types.ts';

/** So much of the text before and after a value is looked at: a prompt shows less. */
const REACH = 4096;

/**
 * What the language model reads of a candidate, with what the gate says of it, the value and those of all others masked.
 * Shape and words of the name stay: they are what there is to learn from.
 */
export function maskedPrompt(input: {
  candidate: Candidate;
  others: readonly Candidate[];
  features: Features;
  probability: number;
}): string {
  const { candidate, others, features, probability } = input;
  const { chunk, start, end, name } = candidate;
  const near = { start: Math.max(0, start - REACH), end: Math.min(chunk.text.length, end + REACH) };
  const here = others.map((other) => other.read ?? other).filter((other) => other.chunk === chunk);
  const inSight = here.filter((other) => other.start < near.end && other.end > near.start);
  const values = [candidate, ...inSight].flatMap(valuesOf);
  const masked = (from: number, to: number) =>
    hide({ text: withoutSpans({ text: chunk.text, from, to, spans: inSight }), values });
  const before = masked(near.start, start);
  const after = masked(end, near.end);
  const shown: Candidate = {
    ...candidate,
    ...(name === undefined ? {} : { name: hide({ text: name, values }) }),
    value: MASK,
    start: before.length,
    end: before.length + MASK.length,
    chunk: {
      ...chunk,
      text: before + MASK + after,
      logicalPath: hide({ text: chunk.logicalPath, values, unlessWord: true }),
    },
  };
  return withGate(renderPrompt(shown, features), probability);
}

/** A stretch of `text`, a mask in the place of each of `spans`. */
function withoutSpans(input: { text: string; from: number; to: number; spans: readonly Range[] }): string {
  const { text, from, to, spans } = input;
  let out = '';
  let at = from;
  for (const span of joined(spans.map(({ start, end }) => ({ start, end })))) {
    if (span.end <= at || span.start >= to) continue;
    out += text.slice(at, Math.max(at, span.start)) + MASK;
    at = Math.min(to, span.end);
  }
  return out + text.slice(at, to);
}
