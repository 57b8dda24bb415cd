import type { Dialect } from './tree.ts';

/** The text, the place in it, and the flags in force there. */
export interface Cursor {
  readonly chars: readonly string[];
  at: number;
  flags: Flags;
  readonly dialect: Dialect;
  readonly groups: (string | undefined)[];
  readonly backrefs: { node: { index: number }; name: string | number }[];
  depth: number;
}

/** The flags of Go: ignore case, many lines, dot matches newline, ungreedy. */
export interface Flags {
  i: boolean;
  m: boolean;
  s: boolean;
  U: boolean;
}

/** Whether `char` comes next. */
export function looking(cursor: Cursor, char: string): boolean {
  return cursor.chars[cursor.at] === char;
}

/** Whether `char` comes next; if so, steps over it. */
export function take(cursor: Cursor, char: string): boolean {
  if (!looking(cursor, char)) return false;
  cursor.at++;
  return true;
}
