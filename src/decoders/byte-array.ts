import { isTextByte, mayOpenText, textOf } from './bytes.ts';
import { type Edit, type Encoded, LONGEST_IN_LINE } from './edit.ts';
import type { OnSign } from './signs.ts';

/** Shorter lists are colours, versions and places. */
const FEWEST = 6;
/** So many numbers settle whether it is worth to read on. */
const HEAD = 16;
/** How far in front of a list what makes bytes of it is looked for, in UTF-16 code units. */
const REACH = 80;

/** Where a list may begin: a bracket with a small number behind it, and another one behind that. */
const OPENING =
  /(?:[[({]\|?|<<)\s{0,200}(?=(?:\((?:byte|char|sbyte|uint8_t)\)\s?)?-?(?:0x[\da-f]{1,2}|\d{1,3})(?:_?u8|uy|u)?\s{0,200}[,;])/iy;
/** One number with what stands in front of the next one: a comma, or nothing at the end. */
const NUMBER =
  /(?:\((?:byte|char|sbyte|uint8_t)\)\s?)?(-?)(?:0x([\da-f]{1,2})|(\d{1,3}))(?:_?u8|uy|u)?(?![\w.])\s{0,200}([,;]?)\s{0,200}/iy;
const CLOSING = /\|?[\])}]|>>/y;
/**
 * What makes bytes or a text of a list, up to its bracket: `new byte[] `, `[]byte`, `String.fromCharCode`, `bytes(`,
 * `Buffer.from(`, `{"type": "Buffer", "data": `, `vec!`, `&`. Every repeat is bounded.
 */
const MAKER =
  /(?:(\{)\s{0,40}"type"\s{0,4}:\s{0,4}"Buffer"\s{0,4},\s{0,40}"data"\s{0,4}:\s{0,4}|\[\s?\d{0,6}\s?\]\s?(?:byte|uint8|u8|char)\s?|(?<![\w.])(?:new\s{1,4})?[a-z_][\w.:]{0,40}!?\s?(?:\[\s?\d{0,6}\s?\]\s?|(\()\s{0,40}(?:\.\.\.|null,\s?)?)?|&)$/i;
/** Words in front of a bracket that make nothing of what is in it. */
const NO_MAKER = /^(?:in|is|of|or|and|not|return|yield|else|await|case|const|let|var)$/i;

/** Texts that are written as lists of the numbers of their bytes: `[103, 104, 112]`, `{0x67, 0x68}`, `fromCharCode(103, …)`. */
export function byteArrayReader(text: string): { onBracket: OnSign; byteArrays(): Encoded } {
  const edits: Edit[] = [];
  return {
    onBracket(bracket) {
      OPENING.lastIndex = bracket;
      if (!OPENING.test(text)) return bracket + 1;
      const opened = OPENING.lastIndex;
      const list = listFrom(text, opened);
      const said = list.bytes && textOf(Buffer.from(list.bytes));
      // Nothing of what was read can begin a list: there are no brackets in it.
      if (said === undefined || !isTelling(said)) return Math.max(opened, list.end);
      const { start, end } = whole(text, { bracket, end: list.end });
      edits.push(editOf({ start: Math.max(start, edits.at(-1)?.end ?? 0), end, text: said }));
      return end;
    },
    byteArrays: () => ({ way: ['byte array'], edits }),
  };
}

/** The bytes of the list whose first number stands at `at`, if they are those of a text, and where it ends. */
function listFrom(text: string, at: number): { bytes?: number[]; end: number } {
  const bytes: number[] = [];
  let more = true;
  NUMBER.lastIndex = at;
  while (more) {
    const match = NUMBER.exec(text);
    if (!match) break;
    at = NUMBER.lastIndex;
    const [, minus, hex, decimal, comma] = match;
    const value = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    // Java writes the upper half of all bytes with a sign.
    const byte = minus === '' ? value : 256 - value;
    if (byte > 255 || byte < 0 || (minus === '-' && value > 128)) return { end: at };
    if (byte !== 0 && !isTextByte(byte)) return { end: at };
    bytes.push(byte);
    if (bytes.length === HEAD && !(mayOpenText(bytes) && bytes.some((one) => one > 0))) return { end: at };
    more = comma !== '';
  }
  CLOSING.lastIndex = at;
  if (bytes.length < FEWEST || !CLOSING.test(text)) return { end: at };
  return { bytes, end: CLOSING.lastIndex };
}

/** The list with what makes a text of it. */
function whole(text: string, { bracket, end }: { bracket: number; end: number }): { start: number; end: number } {
  const before = text.slice(Math.max(0, bracket - REACH), bracket);
  const maker = MAKER.exec(before);
  if (!maker || NO_MAKER.test(maker[0].trim())) return { start: bracket, end };
  const start = bracket - maker[0].length;
  const open = maker[1] ?? maker[2];
  if (open === undefined) return { start, end };
  const close = open === '{' ? /\s{0,40}\}/y : /\s{0,40}\)/y;
  close.lastIndex = end;
  return close.test(text) ? { start, end: close.lastIndex } : { start: bracket, end };
}

/** Numbers between 32 and 126 are also ages and percentages: half of a text are letters and digits. */
function isTelling(text: string): boolean {
  return (text.match(/[\p{L}\p{N}]/gu)?.length ?? 0) * 2 >= text.length;
}

/** A text that fits into its line stands there as the string that it is. */
function editOf({ start, end, text }: { start: number; end: number; text: string }): Edit {
  const said = text.replace(/[\0\r\n]+$/, '');
  const alone = said.length > LONGEST_IN_LINE || said.includes('\n');
  const quote = ['"', "'", '`'].find((one) => !said.includes(one)) ?? '"';
  return { start, end, text: alone ? said : quote + said + quote, alone, telling: true };
}
