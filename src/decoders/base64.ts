import { seeker } from '../util/seek.ts';
import { SHORTEST_RUN, type TokenRuns } from '../util/token-runs.ts';
import { isTextByte, mayOpenText, textOf } from './bytes.ts';
import { type Edit, type Encoded, inOrder, LONGEST_IN_LINE } from './edit.ts';
import { type Packing, packingOf, type Unpacker } from './packed.ts';
import { eachRun, isRunCharacter, type Run, wrappedRun } from './runs.ts';

/** Fewer hexadecimal digits are a number, a colour or a short hash. */
const SHORTEST_HEX = 24;
/** Fewer padded digits say less than four characters. */
const SHORTEST_PADDED = 8;

const SLASH = 0x2f;

/** First bytes of what is compressed, and the third one of gzip, which only ever is this. */
const GZIP = 0x1f;
const ZLIB = 0x78;
const DEFLATE = 8;
const PACKINGS = [undefined, 'gzip', 'zlib'] as const;

const VALUES = new Uint8Array(128);
[...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'].forEach((c, i) => {
  VALUES[c.charCodeAt(0)] = i;
});
VALUES['-'.charCodeAt(0)] = 62;
VALUES['_'.charCodeAt(0)] = 63;

/** The bytes that the first digits of a run say: most runs are seen for what they are by these, so nothing is made of them. */
const HEAD = new Uint8Array((3 * SHORTEST_RUN) / 4);

/** How what is compressed is read. */
interface Means {
  /** Where runs of digits can be. */
  runs: TokenRuns;
  unpacker: Unpacker;
  /** Whether what stands in a span is worth to be unpacked. */
  isFresh(start: number, end: number): boolean;
}

/** What digits say, and how that was compressed before. */
interface Said {
  text: string;
  packing?: Packing;
}

/** An edit that tells how what it says was compressed. */
type RunEdit = Edit & { packing?: Packing | undefined };

/** Base64 (both alphabets, padded or not, wrapped or not), hexadecimal digits, and the payloads of JSON web tokens. */
export function runsOf(text: string, means: Means): Encoded[] {
  const base64: RunEdit[] = [...shortPadded(text), ...kubernetesData(text)];
  const hex: RunEdit[] = [];
  const jwt: RunEdit[] = [];
  const slash = seeker(text, '/');
  let headEnd = -1;
  eachRun(text, means.runs, (start, end) => {
    const isPayload = headEnd >= 0 && headEnd === start - 1;
    if (!isPayload && text.startsWith('eyJ', start) && text[end] === '.' && isRunCharacter(text, end + 1)) {
      headEnd = end;
      return end;
    }
    const digits = hexDigits(text, start, end);
    if (digits !== undefined) {
      const said = saidBy(Buffer.from(digits, 'hex'), { start, end, means });
      if (said !== undefined) hex.push(editOf({ start, end, ...said, lines: 1 }));
      return end;
    }
    const into = isPayload ? jwt : base64;
    if (mayOpen(text, start)) {
      const run = wrappedRun(text, start, end);
      const edits = decodedRun(text, { run, means });
      // A payload is a text of its own: the name in front of it is that of the token.
      into.push(...(isPayload ? edits.map((edit) => ({ ...edit, alone: true })) : edits));
      if (edits.length > 0 || run.pieces.length > 1) return run.end;
    }
    if (slash(start) < end) for (const edit of segments(text, { from: start, to: end, means })) base64.push(edit);
    return end;
  });
  return [...byPacking('base64', inOrder(base64)), ...byPacking('hex', hex), ...byPacking('JWT', jwt)];
}

/** The edits of an encoding, those apart of what was compressed before. */
function byPacking(way: string, edits: readonly RunEdit[]): Encoded[] {
  return PACKINGS.map((packing) => ({
    way: packing === undefined ? [way] : [way, packing],
    edits: edits.filter((edit) => edit.packing === packing),
  }));
}

/** What a run says: all of it, or else the lines of it that say something for themselves. */
function decodedRun(text: string, { run, means }: { run: Run; means: Means }): RunEdit[] {
  const { start, end, pieces } = run;
  const digits = pieces.map((piece) => text.slice(...piece)).join('');
  const whole = decode(digits, { start, end, means });
  if (whole !== undefined) return [editOf({ start, end, ...whole, lines: pieces.length })];
  if (pieces.length === 1) return [];
  return pieces.flatMap(([start, end]) => {
    if (end - start < SHORTEST_RUN || !mayOpen(text, start)) return [];
    const said = decode(text.slice(start, end), { start, end, means });
    return said === undefined ? [] : [editOf({ start, end, ...said, lines: 1 })];
  });
}

/** The parts of a path or an address that are base64 by themselves. */
function segments(text: string, { from, to, means }: { from: number; to: number; means: Means }): RunEdit[] {
  const edits: RunEdit[] = [];
  let start = from;
  for (let i = from; i <= to; i++) {
    if (i < to && text.charCodeAt(i) !== SLASH) continue;
    if (i - start >= SHORTEST_RUN && i - start < to - from && mayOpen(text, start)) {
      const said = decode(text.slice(start, i), { start, end: i, means });
      if (said !== undefined) edits.push(editOf({ start, end: i, ...said, lines: 1 }));
    }
    start = i + 1;
  }
  return edits;
}

/** Base64 of a text, without its padding. */
function decode(digits: string, place?: { start: number; end: number; means: Means }): Said | undefined {
  const rest = digits.length % 4;
  if (rest === 1 || !isCanonical(digits, rest)) return undefined;
  return saidBy(Buffer.from(digits, 'base64'), place);
}

/** What bytes say, unpacked if they are compressed. */
function saidBy(bytes: Buffer, place?: { start: number; end: number; means: Means }): Said | undefined {
  const packing = place && packingOf(bytes);
  if (packing && place.means.isFresh(place.start, place.end)) {
    const unpacked = place.means.unpacker.textOf(bytes, packing);
    if (unpacked !== undefined) return { text: unpacked, packing };
  }
  const text = textOf(bytes);
  return text === undefined ? undefined : { text };
}

/** The bits of the last digit that belong to no byte are zero in what a program has made. */
function isCanonical(digits: string, rest: number): boolean {
  const last = VALUES[digits.charCodeAt(digits.length - 1)]!;
  return rest === 0 || (last & (rest === 2 ? 15 : 3)) === 0;
}

/** Whether the first sixteen digits from `start` may be those of a text, or of something compressed. */
function mayOpen(text: string, start: number): boolean {
  // The first byte settles most: what goes on with a character of several bytes does not begin one.
  const a = VALUES[text.charCodeAt(start) & 127]!;
  const first = (a << 2) | (VALUES[text.charCodeAt(start + 1) & 127]! >> 4);
  if (first === GZIP || first === ZLIB) {
    const second = (VALUES[text.charCodeAt(start + 1) & 127]! << 4) | (VALUES[text.charCodeAt(start + 2) & 127]! >> 2);
    if (packingOf([first, second & 255, DEFLATE])) return true;
  }
  if ((first !== 0 && !isTextByte(first)) || (first >= 0x80 && first < 0xc2)) return false;
  for (let i = 0; i < SHORTEST_RUN / 4; i++) {
    let bits = 0;
    for (let k = 4 * i; k < 4 * i + 4; k++) bits = (bits << 6) | VALUES[text.charCodeAt(start + k) & 127]!;
    HEAD[3 * i] = bits >> 16;
    HEAD[3 * i + 1] = bits >> 8;
    HEAD[3 * i + 2] = bits;
  }
  return mayOpenText(HEAD);
}

/** The digits of a run that is hexadecimal, `0x` in front left out; undefined where it is not, or says no text. */
function hexDigits(text: string, start: number, end: number): string | undefined {
  if (end - start < SHORTEST_HEX) return undefined;
  const from = text[start] === '0' && (text.charCodeAt(start + 1) | 0x20) === 0x78 ? start + 2 : start;
  if (!isHexDigit(text.charCodeAt(from)) || !isHexDigit(text.charCodeAt(from + 1))) return undefined;
  if (end - from < SHORTEST_HEX || (end - from) % 2 !== 0) return undefined;
  const head = text.slice(from, from + SHORTEST_HEX);
  if (!/^[0-9a-f]+$/i.test(head)) return undefined;
  const bytes = [...Buffer.from(head, 'hex')];
  if (!mayOpenText(bytes) && packingOf(bytes) === undefined) return undefined;
  const digits = text.slice(from, end);
  return /^[0-9a-f]+$/i.test(digits) ? digits : undefined;
}

function isHexDigit(code: number): boolean {
  const lower = code | 0x20;
  return (code >= 0x30 && code <= 0x39) || (lower >= 0x61 && lower <= 0x66);
}

/** Short base64 that its padding gives away, as in `password: …==`. */
function shortPadded(text: string): Edit[] {
  const edits: Edit[] = [];
  for (let at = text.indexOf('='); at >= 0; at = text.indexOf('=', at + 1)) {
    if (!isRunCharacter(text, at - 1) || isRunCharacter(text, at + 1)) continue;
    let start = at;
    while (start > 0 && at - start < SHORTEST_RUN && isRunCharacter(text, start - 1)) start--;
    const end = text[at + 1] === '=' ? at + 2 : at + 1;
    if (at - start >= SHORTEST_RUN || end - start < SHORTEST_PADDED || (end - start) % 4 !== 0) continue;
    if (!/^[\s"'`<,;)\]}\\]?$/.test(text[end] ?? '') || !/^[\s"'`>,:=([]?$/.test(text[start - 1] ?? '')) continue;
    edits.push(...shortEdit({ text, start, digitsEnd: at, end }));
  }
  return edits;
}

const KUBERNETES_SECRET = /\bkind["']?\s{0,8}:\s{0,8}["']?Secret\b/;
const SHORT_VALUE = /^[ \t]*["']?[\w.-]+["']?[ \t]*:[ \t]{0,8}["']?([A-Za-z0-9+/]{4,15})={0,2}["']?[ \t]{0,8},?\r?$/gm;

/** The values of a Kubernetes secret are base64, however short they are. */
function kubernetesData(text: string): Edit[] {
  if (!text.includes('Secret') || !KUBERNETES_SECRET.test(text)) return [];
  return [...text.matchAll(SHORT_VALUE)].flatMap((match) => {
    const digitsEnd = match.index + match[0].replace(/[="',\s]+$/, '').length;
    const start = digitsEnd - match[1]!.length;
    let end = digitsEnd;
    while (text[end] === '=' && end < digitsEnd + 2) end++;
    return (end - start) % 4 === 0 ? shortEdit({ text, start, digitsEnd, end }) : [];
  });
}

function shortEdit(input: { text: string; start: number; digitsEnd: number; end: number }): Edit[] {
  const { text, start, digitsEnd, end } = input;
  const said = decode(text.slice(start, digitsEnd));
  return said && /^[\x20-\x7e]{3,}\s*$/.test(said.text) ? [editOf({ start, end, ...said, lines: 1 })] : [];
}

/** What is read of a run: line ends that an `echo` has left are dropped. */
function editOf(input: Said & { start: number; end: number; lines: number }): RunEdit {
  const { start, end, lines, packing } = input;
  let length = input.text.length;
  while (length > 0 && '\r\n'.includes(input.text[length - 1]!)) length--;
  const text = input.text.slice(0, length);
  const alone = lines > 1 || text.length > LONGEST_IN_LINE || text.includes('\n');
  return { start, end, text, alone, telling: true, packing };
}
