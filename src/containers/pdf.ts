import type { Budget, Part } from './limits.ts';
import { Refusal } from './limits.ts';
import { fontsOf } from './pdf-fonts.ts';
import { openPdf, type PdfObject } from './pdf-objects.ts';
import { shownText, textsWithKeys } from './pdf-text.ts';

/** Streams that are pictures, fonts, colour tables and the file's own bookkeeping. */
const NO_TEXT =
  /\/Subtype\s*\/(?:Image|Type1C|CIDFontType0C|OpenType)\b|\/(?:Length1|FunctionType|ShadingType|CMapName)\b|\/Type\s*\/(?:XRef|ObjStm|CMap)\b|\/Alternate\b|\/N\s+[134]\b/;

/**
 * The text in a PDF file: what its pages show, in the order of the file (`object 12`), files that are attached, and what
 * its other objects say as strings (`metadata`: title, author, links, notes, values of forms). Streams that are packed
 * like pictures are left out, and those that are packed in unknown ways named.
 *
 * @throws Refusal when the file is encrypted
 */
export function* readPdf(bytes: Buffer, budget: Budget): Generator<Part, void> {
  const pdf = openPdf(bytes, budget);
  if (pdf.encrypted) throw new Refusal('encrypted: cannot be looked into');
  const fonts = fontsOf(pdf);
  const said: string[] = [];
  for (const object of pdf.objects.values()) {
    if (!object.hasStream) said.push(textsWithKeys(object.dictionary));
    else if (!NO_TEXT.test(object.dictionary) && !fonts.isTable(object.number)) yield* streamText(object);
  }
  const metadata = [...said, ...pdf.trailers.map(textsWithKeys)].filter((text) => text !== '').join('\n');
  if (metadata !== '') yield { name: 'metadata', text: metadata };
  if (pdf.problem) throw new Refusal(pdf.problem);

  function* streamText(object: PdfObject): Generator<Part, void> {
    const name = `object ${object.number}`;
    const data = pdf.dataOf(object);
    if (data === undefined) return;
    const content = data.toString('latin1');
    if (!/\bT[jJ*]|['"]\s/.test(content) || /\/Type\s*\/EmbeddedFile\b/.test(object.dictionary)) {
      yield { name, bytes: data };
      return;
    }
    const text = shownText(content, fonts.of(object.number));
    if (/\S/.test(text)) yield { name, text };
  }
}
