import type { TextChunk } from '../types.ts';

/** What a text of any length takes, in the time that is needed for so many UTF-16 code units. */
const EACH = 2000;

/** How long a text keeps a thread busy, in UTF-16 code units of a long text: a history starts with thousands of short messages. */
export function workIn({ text }: Pick<TextChunk, 'text'>): number {
  return text.length + EACH;
}
