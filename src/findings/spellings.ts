import { remembered } from '../util/remembered.ts';

/** A stretch of a text, in UTF-16 code units; `end` is one past the last. */
export interface Range {
  start: number;
  end: number;
}

/** Values shorter than this are masked where they were found, and not looked for elsewhere: they occur by chance. */
export const SHORTEST_SEARCHED = 4;
/** Spans that are longer (encoded texts) are masked where they stand, and not looked for elsewhere: that would take long. */
export const LONGEST_WRITTEN = 8192;

/** What is remembered of lines and values, which are the same in many findings and in hundreds of versions of a file. */
export const REPEATED = { most: 512, longest: 512 };

interface Decoder {
  /** One escape: one match stands for one character. */
  pattern: RegExp;
  decode: (found: string) => string;
}

const NAMED: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00a0' };
const SHORT: Record<string, string> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f', v: '\v', 0: '\0' };

const percent: Decoder = {
  pattern: /%[0-7][\da-f]|%[cd][\da-f]%[89ab][\da-f]|%e[\da-f](?:%[89ab][\da-f]){2}|%f[0-7](?:%[89ab][\da-f]){3}/gi,
  decode: (found) => Buffer.from(found.replaceAll('%', ''), 'hex').toString('utf8'),
};
const DECODERS: readonly Decoder[] = [
  percent,
  {
    pattern: new RegExp(`${percent.pattern.source}|\\+`, 'gi'),
    decode: (found) => (found === '+' ? ' ' : percent.decode(found)),
  },
  {
    pattern: /\\(?:u[\da-fA-F]{4}|u\{[\da-fA-F]{1,6}\}|x[\da-fA-F]{2}|[nrtbfv0"'`\\/])/g,
    decode: (found) =>
      /[ux]/.test(found[1]!) ? fromCode(/[\da-f]+/i.exec(found.slice(2))![0], 16) : (SHORT[found[1]!] ?? found[1]!),
  },
  {
    pattern: /&(?:#\d{1,7}|#x[\da-f]{1,6}|amp|lt|gt|quot|apos|nbsp);/gi,
    decode: (found) => {
      const body = found.slice(1, -1).toLowerCase();
      if (!body.startsWith('#')) return NAMED[body]!;
      return body[1] === 'x' ? fromCode(body.slice(2), 16) : fromCode(body.slice(1), 10);
    },
  },
];

function fromCode(digits: string, radix: number): string {
  const code = Number.parseInt(digits, radix);
  return code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd';
}

/** A text with the escapes of one kind undone; `offsets[i]` is where character `i` stands in the text as written. */
interface View {
  text: string;
  offsets?: readonly number[];
}

/** Without one of these a text has no escapes. */
const ESCAPING = /[%+\\&]/;

function viewsOf(line: string): View[] {
  const views: View[] = [{ text: line }];
  if (!ESCAPING.test(line)) return views;
  for (const { pattern, decode } of DECODERS) {
    let text = '';
    const offsets: number[] = [];
    let at = 0;
    const copy = (end: number) => {
      for (; at < end; at++) {
        text += line[at];
        offsets.push(at);
      }
    };
    for (const match of line.matchAll(pattern)) {
      copy(match.index);
      const decoded = decode(match[0]);
      text += decoded;
      for (let i = 0; i < decoded.length; i++) offsets.push(match.index);
      at = match.index + match[0].length;
    }
    if (at === 0) continue;
    copy(line.length);
    offsets.push(line.length);
    views.push({ text, offsets });
  }
  return views;
}

/**
 * `text` as it is, with its escapes undone, and what runs of base64 and hexadecimal digits in it say. Among these is every
 * value that {@link occurrences} would find in `text`.
 */
export const decodings: (text: string) => readonly string[] = remembered(decodingsOf, REPEATED);

function decodingsOf(text: string): string[] {
  const found = viewsOf(text).map((view) => view.text);
  for (const [run] of text.matchAll(/[\w+/-]{5,}/g)) {
    for (const shift of [0, 1, 2, 3]) found.push(Buffer.from(run.slice(shift), 'base64').toString('utf8'));
  }
  for (const [run] of text.matchAll(/[\da-f]{8,}/gi)) {
    for (const shift of [0, 1]) found.push(Buffer.from(run.slice(shift), 'hex').toString('utf8'));
  }
  return found;
}

/** The value as written, and as it reads once the escapes of each kind are undone; without short ones. */
export function readings(value: string): string[] {
  if (!ESCAPING.test(value)) return value.length >= SHORTEST_SEARCHED ? [value] : [];
  const all = [value, ...DECODERS.map(({ pattern, decode }) => value.replace(pattern, decode))];
  return [...new Set(all)].filter((reading) => reading.length >= SHORTEST_SEARCHED);
}

/** What a value looks like inside base64 (at each of the three alignments) and hexadecimal. */
const encodings: (value: string) => readonly string[] = remembered(encodingsOf, REPEATED);

function encodingsOf(value: string): string[] {
  const bytes = Buffer.from(value, 'utf8');
  const found = [bytes.toString('hex'), bytes.toString('hex').toUpperCase()];
  for (const shift of [0, 1, 2]) {
    const whole = Buffer.concat([Buffer.alloc(shift), bytes]);
    // Characters that also depend on the neighbours of the value are left out.
    const core = whole.toString('base64').slice(Math.ceil((shift * 8) / 6), Math.floor((whole.length * 8) / 6));
    if (core.length >= SHORTEST_SEARCHED) found.push(core, core.replaceAll('+', '-').replaceAll('/', '_'));
  }
  return [...new Set(found)];
}

/**
 * Every place of `line` where one of `values` (of four characters or more) stands: as it is, percent-encoded, escaped
 * as in JSON and program texts or as in HTML, or inside base64 or hexadecimal. Not sorted; places may overlap.
 */
export function occurrences(line: string, values: readonly string[]): Range[] {
  const ranges: Range[] = [];
  const views = viewsOf(line);
  const search = (view: View, needle: string) => {
    for (let at = view.text.indexOf(needle); at >= 0; at = view.text.indexOf(needle, at + 1)) {
      const end = at + needle.length;
      ranges.push(view.offsets ? { start: view.offsets[at]!, end: view.offsets[end]! } : { start: at, end });
    }
  };
  for (const value of new Set(values)) {
    for (const reading of readings(value)) for (const view of views) search(view, reading);
    if (value.length >= SHORTEST_SEARCHED) for (const encoded of encodings(value)) search(views[0]!, encoded);
  }
  return ranges;
}

/** The ranges sorted, with overlapping ones joined. */
export function joined(ranges: readonly Range[]): Range[] {
  const out: Range[] = [];
  for (const range of [...ranges].sort((a, b) => a.start - b.start)) {
    const last = out.at(-1);
    if (last && range.start < last.end) last.end = Math.max(last.end, range.end);
    else out.push({ ...range });
  }
  return out;
}

/** `-----BEGIN RSA PRIVATE KEY-----` and the like: part of a value, and no secret. */
export function isKeyBorder(line: string): boolean {
  return /^\s*-----(?:BEGIN|END) [A-Z0-9 ]+-----\s*$/.test(line);
}
