import type { Candidate } from '../types.ts';

/** How far round a value its line is read, UTF-16 code units: never the whole line, lines of a megabyte exist. */
const REACH = 160;

/** What stands before and after a value on its own line. */
export function around({ chunk: { text }, start, end }: Candidate): { before: string; after: string } {
  const before = text.slice(Math.max(0, start - REACH), start);
  const after = text.slice(end, end + REACH);
  const stop = after.search(/[\r\n]/);
  return {
    before: before.slice(before.lastIndexOf('\n') + 1),
    after: stop < 0 ? after : after.slice(0, stop),
  };
}

/** How far round a value its neighbours are looked at, UTF-16 code units. */
const NEAR = 600;

/** The text round a value, the value itself left out, over line borders. */
export function near({ chunk: { text }, start, end }: Candidate): string {
  return `${text.slice(Math.max(0, start - NEAR), start)}\n${text.slice(end, end + NEAR)}`;
}
