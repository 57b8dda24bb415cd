import type { FontTable } from './pdf-fonts.ts';
import { type PdfToken, pdfTokens } from './pdf-tokens.ts';

/** A gap between two letters, in thousandths of their height, that is a blank to the eye. */
const BLANK = -180;
/** Operands are few; a content that has thousands of them in a row is damaged. */
const MOST_OPERANDS = 100;
const MOST_ITEMS = 10_000;

/** The text that the content of a page shows, a line for each line of it, as far as that can be told without its layout. */
export function shownText(content: string, fontOf: (name: string) => FontTable | undefined): string {
  const out: string[] = [];
  let operands: PdfToken[] = [];
  let inList: PdfToken[] | undefined;
  let list: PdfToken[] = [];
  let font: FontTable | undefined;
  let height: string | undefined;
  const number = (fromEnd: number) => Number(operands[operands.length - fromEnd]?.value ?? 0);
  const show = (token: PdfToken | undefined) => {
    if (token?.kind === 'string') out.push(font ? font.decode(token.value) : token.value);
  };
  const showList = (items: readonly PdfToken[]) => {
    for (const item of items) {
      if (item.kind === 'string') show(item);
      else if (item.kind === 'number' && Number(item.value) < BLANK) out.push(' ');
    }
  };
  const act: Readonly<Record<string, () => void>> = {
    Tf: () => {
      const name = operands.findLast((operand) => operand.kind === 'name');
      font = name && fontOf(name.value);
    },
    Tj: () => show(operands.at(-1)),
    TJ: () => showList(list),
    "'"() {
      out.push('\n');
      show(operands.at(-1));
    },
    '"'() {
      out.push('\n');
      show(operands.at(-1));
    },
    'T*': () => void out.push('\n'),
    Td: () => void out.push(number(1) === 0 ? ' ' : '\n'),
    TD: () => void out.push(number(1) === 0 ? ' ' : '\n'),
    Tm() {
      const next = operands.at(-1)?.value;
      out.push(next === height ? ' ' : '\n');
      height = next;
    },
    ET: () => void out.push('\n'),
  };
  for (const token of pdfTokens(content)) {
    if (token.kind === 'mark') {
      if (token.value === '[') inList = [];
      else if (token.value === ']') {
        list = inList ?? [];
        inList = undefined;
      }
    } else if (token.kind === 'word') {
      if (Object.hasOwn(act, token.value)) act[token.value]!();
      operands = [];
      inList = undefined;
    } else if (inList) {
      inList.push(token);
      // A list of this length is text in any case, and need not be held to its end.
      if (inList.length > MOST_ITEMS) showList(inList.splice(0));
    } else if (operands.length < MOST_OPERANDS) operands.push(token);
  }
  return out
    .join('')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join('\n');
}

/** The strings of an object, each with the key that it stands at: `Title: Report`. */
export function textsWithKeys(dictionary: string): string {
  const lines: string[] = [];
  let key = '';
  for (const token of pdfTokens(dictionary)) {
    if (token.kind === 'name') key = token.value;
    else if (token.kind === 'string' && !/^(?:ID|CheckSum|Panose|D|IDTree)$/.test(key)) {
      const text = textString(token.value);
      if (/\S/.test(text)) lines.push(key === '' ? text : `${key}: ${text}`);
    }
  }
  return lines.join('\n');
}

/** Strings outside of pages are UTF-16 or UTF-8 with a mark, or nearly latin1. */
function textString(bytes: string): string {
  if (bytes.startsWith('\xfe\xff')) {
    const even = bytes.length & ~1;
    return Buffer.from(bytes.slice(2, even), 'latin1').swap16().toString('utf16le');
  }
  return bytes.startsWith('\xef\xbb\xbf') ? Buffer.from(bytes.slice(3), 'latin1').toString('utf8') : bytes;
}
