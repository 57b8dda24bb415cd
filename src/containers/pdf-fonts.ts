import type { Pdf, PdfObject } from './pdf-objects.ts';
import { pdfTokens } from './pdf-tokens.ts';

/** How the codes of a font are read. */
export interface FontTable {
  decode(codes: string): string;
}

/** The fonts of a file that tell what their codes mean. */
export interface PdfFonts {
  /** Looks up the font that the content in an object calls by a name. */
  of(content: number): (name: string) => FontTable | undefined;
  /** Whether an object is such a table itself. */
  isTable(object: number): boolean;
}

const REFERENCE = /\/([^\s/<>[\]()]{1,127})\s{1,4}(\d{1,9})\s{1,4}\d{1,5}\s{1,4}R\b/g;
/** Codes in one table; there are no more of two bytes. */
const MOST_CODES = 65_536;
/** Codes that ranges may name, those that were named before as well. */
const MOST_STEPS = 4 * MOST_CODES;

/** Reads the tables. Names are those of the page that a content belongs to; where that is not told, of all pages. */
export function fontsOf(pdf: Pdf): PdfFonts {
  const tables = new Set<number>();
  const fonts = new Map<number, FontTable>();
  const read = new Map<number, FontTable | undefined>();
  for (const { number, dictionary } of pdf.objects.values()) {
    const table = Number(/\/ToUnicode\s{1,4}(\d{1,9})\s{1,4}\d{1,5}\s{1,4}R\b/.exec(dictionary)?.[1] ?? 0);
    const stream = pdf.objects.get(table);
    if (!stream?.hasStream) continue;
    tables.add(table);
    if (!read.has(table)) {
      const data = pdf.dataOf(stream);
      read.set(table, data && tableOf(data.toString('latin1')));
    }
    const font = read.get(table);
    if (font) fonts.set(number, font);
  }
  const everywhere = fonts.size === 0 ? new Map<string, FontTable>() : named(pdf.objects.values(), fonts);
  const byContent = new Map<number, readonly ReadonlyMap<string, FontTable>[]>();
  if (fonts.size > 0) {
    // Pages share their resources, so that each source is read once.
    const known = new Map<PdfObject, ReadonlyMap<string, FontTable>>();
    const once = (object: PdfObject) => {
      if (!known.has(object)) known.set(object, named([object], fonts));
      return known.get(object)!;
    };
    for (const page of pdf.objects.values()) {
      if (!/\/Type\s*\/Page\b(?!s)/.test(page.dictionary)) continue;
      const names = sourcesOf(pdf, page).map(once);
      const contents = /\/Contents\s*(\[[^\]]{0,100000}\]|\d{1,9}\s+\d{1,5}\s+R)/.exec(page.dictionary)?.[1] ?? '';
      for (const [, number] of contents.matchAll(/(\d{1,9})\s+\d{1,5}\s+R/g)) byContent.set(Number(number), names);
    }
  }
  return {
    of: (content) => (name) =>
      byContent
        .get(content)
        ?.find((fontsOfPage) => fontsOfPage.has(name))
        ?.get(name) ?? everywhere.get(name),
    isTable: (object) => tables.has(object),
  };
}

/** The fonts that objects name. */
function named(objects: Iterable<PdfObject>, fonts: ReadonlyMap<number, FontTable>): Map<string, FontTable> {
  const found = new Map<string, FontTable>();
  for (const { dictionary } of objects) {
    for (const [, name, number] of dictionary.matchAll(REFERENCE)) {
      const font = fonts.get(Number(number));
      if (font && !found.has(name!)) found.set(name!, font);
    }
  }
  return found;
}

/** Where a page names its fonts: itself, in its resources, or in the list of fonts of those. */
function sourcesOf(pdf: Pdf, page: PdfObject): PdfObject[] {
  const target = (source: PdfObject | undefined, key: string) => {
    const found = new RegExp(`/${key}\\s{1,4}(\\d{1,9})\\s{1,4}\\d{1,5}\\s{1,4}R\\b`).exec(source?.dictionary ?? '');
    return found ? pdf.objects.get(Number(found[1])) : undefined;
  };
  const resources = target(page, 'Resources');
  return [page, resources, target(page, 'Font'), target(resources, 'Font')].filter((one) => one !== undefined);
}

/** Reads a table of codes and what they mean in Unicode. */
function tableOf(source: string): FontTable | undefined {
  const meanings = new Map<number, string>();
  let width = 2;
  let spent = 0;
  let strings: string[] = [];
  let list: string[] | undefined;
  const lists: string[][] = [];
  for (const token of pdfTokens(source)) {
    if (token.kind === 'string') (list ?? strings).push(token.value);
    else if (token.value === '[') list = [];
    else if (token.value === ']') {
      if (list) lists.push(list);
      // Stands for the list, so that ranges are always of three.
      if (list) strings.push('');
      list = undefined;
    } else if (token.kind === 'word') {
      if (token.value === 'endcodespacerange') width = strings[0]?.length === 1 ? 1 : 2;
      else if (token.value === 'endbfchar') {
        for (let i = 0; i + 1 < strings.length; i += 2) put(codeOf(strings[i]!), unicode(strings[i + 1]!));
      } else if (token.value === 'endbfrange') ranges();
      strings = [];
      lists.length = 0;
    }
  }
  return meanings.size === 0 ? undefined : { decode };

  function put(code: number, text: string) {
    if (meanings.size < MOST_CODES) meanings.set(code, text);
  }

  function ranges() {
    for (let i = 0; i + 2 < strings.length; i += 3) {
      const [from, to] = [codeOf(strings[i]!), Math.min(codeOf(strings[i + 1]!), MOST_CODES)];
      const start = unicode(strings[i + 2]!);
      const texts = strings[i + 2] === '' ? (lists.shift() ?? []) : undefined;
      if (start === '' && !texts) continue;
      for (let code = from; code <= to && spent < MOST_STEPS; code++, spent++) {
        if (texts) put(code, unicode(texts[code - from] ?? ''));
        else put(code, start.slice(0, -1) + String.fromCharCode(start.charCodeAt(start.length - 1) + code - from));
      }
    }
  }

  function decode(codes: string): string {
    let text = '';
    for (let at = 0; at + width <= codes.length; at += width)
      text += meanings.get(codeOf(codes.slice(at, at + width))) ?? '';
    return text;
  }
}

function codeOf(bytes: string): number {
  let code = 0;
  for (let i = 0; i < Math.min(bytes.length, 4); i++) code = code * 256 + bytes.charCodeAt(i);
  return code;
}

function unicode(bytes: string): string {
  return Buffer.from(bytes.slice(0, bytes.length & ~1), 'latin1')
    .swap16()
    .toString('utf16le');
}
