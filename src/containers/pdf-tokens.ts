/** A token of the language that PDF files and the contents of their pages are written in. */
export type PdfToken =
  | { kind: 'string'; value: string }
  | { kind: 'name' | 'number' | 'word'; value: string }
  | { kind: 'mark'; value: '[' | ']' | '<<' | '>>' };

const PLAIN = /[^\s()<>[\]{}/%]+/y;
const SPACE = /\s+|%[^\r\n]*/y;
const BACKSLASH = 0x5c;
const OPEN = 0x28;
const CLOSE = 0x29;
const NEWLINE = 10;
const RETURN = 13;
const ZERO = 0x30;
const ESCAPED: Readonly<Record<string, number>> = { n: NEWLINE, r: RETURN, t: 9, b: 8, f: 12 };

/** Reads tokens one after the other; what cannot be read is passed over. Strings come as bytes (latin1). */
export function* pdfTokens(source: string): Generator<PdfToken, void> {
  for (let at = 0; at < source.length; ) {
    SPACE.lastIndex = at;
    if (SPACE.test(source)) {
      at = SPACE.lastIndex;
      continue;
    }
    const character = source[at]!;
    if (character === '(') {
      const { value, end } = literalString(source, at + 1);
      yield { kind: 'string', value };
      at = end;
    } else if (source.startsWith('<<', at) || source.startsWith('>>', at)) {
      yield { kind: 'mark', value: source.slice(at, at + 2) as '<<' };
      at += 2;
    } else if (character === '<') {
      const end = source.indexOf('>', at);
      const digits = source.slice(at + 1, end < 0 ? source.length : end).replace(/[^\da-f]/gi, '');
      yield { kind: 'string', value: Buffer.from(digits.length % 2 ? `${digits}0` : digits, 'hex').toString('latin1') };
      at = end < 0 ? source.length : end + 1;
    } else if (character === '[' || character === ']') {
      yield { kind: 'mark', value: character };
      at++;
    } else {
      const isName = character === '/';
      PLAIN.lastIndex = isName ? at + 1 : at;
      const value = PLAIN.exec(source)?.[0];
      if (isName) yield { kind: 'name', value: value ?? '' };
      else if (value !== undefined) yield { kind: /^[+-]?[\d.]+$/.test(value) ? 'number' : 'word', value };
      at += (value?.length ?? 0) + (isName || value === undefined ? 1 : 0);
    }
  }
}

/** A string in brackets; brackets in it are in pairs, or escaped. */
function literalString(source: string, start: number): { value: string; end: number } {
  let depth = 1;
  let at = start;
  for (; at < source.length; at++) {
    const code = source.charCodeAt(at);
    if (code === BACKSLASH) at++;
    else if (code === OPEN) depth++;
    else if (code === CLOSE && --depth === 0) break;
  }
  const raw = source.slice(start, at);
  return { value: raw.includes('\\') ? unescaped(raw) : raw, end: at + 1 };
}

/** Written into a buffer: a string may be all of a file, and all of it escaped. */
function unescaped(raw: string): string {
  const out = Buffer.allocUnsafe(raw.length);
  let filled = 0;
  for (let at = 0; at < raw.length; at++) {
    let code = raw.charCodeAt(at);
    if (code === BACKSLASH) {
      code = raw.charCodeAt(++at);
      if (Number.isNaN(code)) break;
      if (code === RETURN || code === NEWLINE) {
        // A line end that is escaped does not count.
        if (code === RETURN && raw.charCodeAt(at + 1) === NEWLINE) at++;
        continue;
      }
      if (isOctal(code)) {
        code -= ZERO;
        for (let i = 0; i < 2 && isOctal(raw.charCodeAt(at + 1)); i++) code = code * 8 + raw.charCodeAt(++at) - ZERO;
      } else code = ESCAPED[raw[at]!] ?? code;
    }
    out[filled++] = code & 0xff;
  }
  return out.toString('latin1', 0, filled);
}

function isOctal(code: number): boolean {
  return code >= ZERO && code < ZERO + 8;
}
