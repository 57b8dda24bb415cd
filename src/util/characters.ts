/**
 * The UTF-16 code unit at a place, 0 where the text has none. V8 makes no fast code of `charCodeAt` where that has once been
 * asked about a place outside of a text.
 */
export function codeAt(text: string, at: number): number {
  return at >= 0 && at < text.length ? text.charCodeAt(at) : 0;
}

/** Whether a UTF-16 code unit is white space, as `\s` has it. */
export function isSpace(code: number): boolean {
  if (code < 128) return code === 0x20 || (code >= 0x09 && code <= 0x0d);
  if (code < 0x2000) return code === 0xa0 || code === 0x1680;
  if (code <= 0x3000)
    return (
      code <= 0x200a || code === 0x2028 || code === 0x2029 || code === 0x202f || code === 0x205f || code === 0x3000
    );
  return code === 0xfeff;
}

/** Whether there is white space in a part of `text`. */
export function hasSpace(text: string, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (isSpace(text.charCodeAt(i))) return true;
  return false;
}

/** Whether a code unit is one of the quotes that strings stand in: `"`, `'` and the backtick. */
export function isQuote(code: number): boolean {
  return code === 0x22 || code === 0x27 || code === 0x60;
}

export const SYMBOL = 1;
export const DIGIT = 2;
export const UPPER = 3;
export const LOWER = 4;
export const SPACE = 5;

/** Of what kind each ASCII character is. */
export const CHAR_KINDS = Uint8Array.from({ length: 128 }, (_, code) => {
  if (code >= 48 && code <= 57) return DIGIT;
  if (code >= 65 && code <= 90) return UPPER;
  if (code >= 97 && code <= 122) return LOWER;
  return isSpace(code) ? SPACE : SYMBOL;
});

/** A table that has 1 for each ASCII character in `characters`. */
export function asciiSet(characters: string): Uint8Array {
  const table = new Uint8Array(128);
  for (const c of characters) table[c.charCodeAt(0)] = 1;
  return table;
}

/** Whether a code unit is in a set of ASCII characters. */
export function isIn(set: Uint8Array, code: number): boolean {
  return code < 128 && set[code] === 1;
}

export const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
export const DIGITS = '0123456789';
