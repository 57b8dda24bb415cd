import { rarity } from '../util/rarity.ts';

/** What the runs of letters in a value are like. */
interface Pieces {
  /** Rarity of the rarest run of three letters and more; 0 without one. */
  rarest: number;
  /** Rarity of the commonest run of four letters and more; 12 without one. */
  commonest: number;
  /** Share of the value that is runs of four letters and more that read like words. */
  lettersInWords: number;
}

/** Reads a value as words: `dbPassword2` → `db`, `Password`. Only the first 256 code units are read. */
export function pieces(value: string): Pieces {
  let rarest = 0;
  let commonest = 12;
  let letters = 0;
  for (const word of value.slice(0, 256).match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+/g) ?? []) {
    if (word.length < 3) continue;
    const bits = rarity(word);
    rarest = Math.max(rarest, bits);
    if (word.length < 4) continue;
    commonest = Math.min(commonest, bits);
    if (bits < 4.5) letters += word.length;
  }
  return { rarest, commonest, lettersInWords: letters / Math.min(256, Math.max(1, value.length)) };
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
