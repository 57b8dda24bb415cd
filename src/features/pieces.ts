import { rarity } from '../util/rarity.ts';

/** Letter runs of a value, as words: `dbPassword2` → `db`, `Password`. Only the first 256 code units are read. */
function words(value: string): string[] {
  return value.slice(0, 256).match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+/g) ?? [];
}

/** Rarity of the rarest run of three letters and more; 0 without one. */
export function rarestPiece(value: string): number {
  return words(value).reduce((most, word) => (word.length < 3 ? most : Math.max(most, rarity(word))), 0);
}

/** Rarity of the commonest run of four letters and more; 12 without one. */
export function commonestPiece(value: string): number {
  return words(value).reduce((least, word) => (word.length < 4 ? least : Math.min(least, rarity(word))), 12);
}

/** Share of a value that is runs of four letters and more that read like words. */
export function lettersInWords(value: string): number {
  const letters = words(value).reduce(
    (sum, word) => sum + (word.length >= 4 && rarity(word) < 4.5 ? word.length : 0),
    0,
  );
  return letters / Math.min(256, Math.max(1, value.length));
}

/** Share of printable ASCII in what a value decodes to from base64; 0 where it is no base64. */
export function decodesToText(value: string): number {
  if (value.length < 8 || !/^[\w+/-]+={0,2}$/.test(value)) return 0;
  const bytes = Buffer.from(value.slice(0, 256), 'base64');
  let printable = 0;
  for (const byte of bytes) if (byte >= 32 && byte < 127) printable++;
  return bytes.length === 0 ? 0 : printable / bytes.length;
}

export function count(text: string, char: string): number {
  let n = 0;
  for (let i = text.indexOf(char); i >= 0; i = text.indexOf(char, i + 1)) n++;
  return n;
}

const MARKS = [
  '"',
  "'",
  '`',
  '=',
  ':',
  ' ',
  '/',
  '@',
  '>',
  '(',
  ',',
  '<',
  '&',
  ';',
  ')',
  '\\',
  '.',
  '$',
  '{',
  '}',
  '-',
  '_',
  '+',
  '#',
  '%',
];

/** 0 for nothing, 1 for a letter or digit, else the place of the mark in a fixed list, 2 and more. */
export function charClass(char: string | undefined): number {
  if (char === undefined) return 0;
  if (/[A-Za-z\d]/.test(char)) return 1;
  return MARKS.indexOf(char) + 3;
}
